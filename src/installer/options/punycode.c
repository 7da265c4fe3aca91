/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/punycode.h"

#include <stdint.h>
#include <string.h>

#include "common/limits.h"
#include "common/utf8.h"

/* RFC 3492 section 5. */
#define BASE	     36
#define T_MIN	     1
#define T_MAX	     26
#define SKEW	     38
#define DAMP	     700
#define BIAS_FIRST   72
#define LETTER_FIRST 0x80

struct output {
	char *text;
	size_t size;
	size_t len;
	bool overflow;
};

static void put(struct output *o, char c)
{
	if (o->len + 1 >= o->size)
		o->overflow = true;
	else
		o->text[o->len++] = c;
}

static void put_digit(struct output *o, uint32_t digit)
{
	put(o, (char)(digit < 26 ? 'a' + digit : '0' + (digit - 26)));
}

/* RFC 3492 section 6.1. */
static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_delta(struct output *o, uint32_t delta, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias		 ? T_MIN
			     : k >= bias + T_MAX ? T_MAX
						 : k - bias;

		if (delta < t)
			break;
		put_digit(o, t + (delta - t) % (BASE - t));
		delta = (delta - t) / (BASE - t);
	}
	put_digit(o, delta);
}

/* RFC 3492 section 6.3. COUNT is at most HOST_CHARS_MAX, so nothing overflows
 * 32 bits: 0x110000 * 254. */
static void put_letters(struct output *o, const uint32_t *letters,
			uint32_t count, uint32_t basic)
{
	uint32_t delta = 0, bias = BIAS_FIRST, n = LETTER_FIRST, done = basic;

	while (done < count) {
		uint32_t next = UINT32_MAX;

		for (uint32_t i = 0; i < count; i++)
			if (letters[i] >= n && letters[i] < next)
				next = letters[i];
		delta += (next - n) * (done + 1);
		n = next;
		for (uint32_t i = 0; i < count; i++) {
			if (letters[i] < n)
				delta++;
			if (letters[i] != n)
				continue;
			put_delta(o, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
}

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool put_label(struct output *o, const char *label, size_t len)
{
	uint32_t letters[HOST_CHARS_MAX];
	uint32_t count = 0, basic = 0;
	size_t start = o->len;

	for (struct bytes rest = {(const uint8_t *)label, len}; rest.len;) {
		size_t n = count < HOST_CHARS_MAX
				   ? utf8_decode(rest, &letters[count])
				   : 0;

		if (n == 0)
			return false;
		basic += letters[count] < LETTER_FIRST;
		count++;
		rest = bytes_from(rest, n);
	}
	for (size_t i = 0; basic < count && i < 4; i++)
		put(o, "xn--"[i]);
	for (uint32_t i = 0; i < count; i++)
		if (letters[i] < LETTER_FIRST)
			put(o, (char)(basic < count ? lower(letters[i])
						    : letters[i]));
	if (basic < count) {
		if (basic)
			put(o, '-');
		put_letters(o, letters, count, basic);
	}
	return !o->overflow && o->len - start <= LABEL_CHARS_MAX;
}

/* see punycode.h */
bool punycode_host(const char *host, size_t len, char *out, size_t size)
{
	struct output o = {.text = out, .size = size};

	while (size) {
		const char *dot = memchr(host, '.', len);
		size_t label = dot ? (size_t)(dot - host) : len;

		if (!put_label(&o, host, label))
			return false;
		out[o.len] = '\0';
		if (!dot)
			return true;
		put(&o, '.');
		host = dot + 1;
		len -= label + 1;
	}
	return false;
}

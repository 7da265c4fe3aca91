/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM encoder and the comparison of PEM text with DER; see encoding.h.
 */
#include "installer/encoding.h"

#include <stdio.h>
#include <string.h>

#include "common/fingerprint.h"

#define PEM_BEGIN   "-----BEGIN CERTIFICATE-----"
#define PEM_END	    "-----END CERTIFICATE-----"
#define PEM_COLUMNS 64
#define NOTE	    "# token service: "

/* Base64 of a DER, one character at a time, so that a file of any size can be
 * compared without a copy. */
static char base64_at(struct bytes der, size_t index)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t first = index / 4 * 3;
	uint32_t group = 0;

	for (size_t i = 0; i < 3; i++)
		group = group << 8 |
			(first + i < der.len ? der.data[first + i] : 0U);
	if (first + index % 4 > der.len)
		return '=';
	return alphabet[group >> (18 - 6 * (index % 4)) & 63];
}

static size_t base64_len(struct bytes der)
{
	return (der.len + 2) / 3 * 4;
}

static void append(struct encoding *e, const char *text, size_t len)
{
	if (e->overflow || len > e->size - e->len) {
		e->overflow = true;
		return;
	}
	if (len)
		memcpy(e->text + e->len, text, len);
	e->len += len;
}

static void append_string(struct encoding *e, const char *text)
{
	append(e, text, strlen(text));
}

/* see encoding.h */
void encoding_begin(struct encoding *e, char *text, size_t size)
{
	*e = (struct encoding){text, size, 0, false};
	append_string(e, ENCODING_MARK);
}

/* GnuTLS looks for `-----BEGIN` anywhere in a line. */
static void append_comment(struct encoding *e, const char *label,
			   struct bytes text)
{
	append_string(e, label);
	for (size_t i = 0; i < text.len; i++)
		if (i == 0 || text.data[i] != '-' || text.data[i - 1] != '-')
			append(e, (const char *)&text.data[i], 1);
	append_string(e, "\n");
}

/* see encoding.h */
void encoding_append(struct encoding *e, const struct wire_certificate *c)
{
	size_t len = base64_len(c->der);
	char text[FINGERPRINT_TEXT_BYTES];
	char time[ENCODING_TIME_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	if (!(c->flags & WIRE_CERT_UNPARSED))
		append_comment(e, "# subject: ", c->subject);
	append_string(e, "# fingerprint: ");
	append_string(e, text);
	if (!(c->flags & WIRE_CERT_UNPARSED)) {
		append_string(e, "\n# valid: ");
		encoding_time(c->not_before, time);
		append_string(e, time);
		append_string(e, " to ");
		encoding_time(c->not_after, time);
		append_string(e, time);
	}
	append_string(e, "\n" PEM_BEGIN "\n");
	for (size_t i = 0; i < len; i++) {
		char digit = base64_at(c->der, i);

		append(e, &digit, 1);
		if (i % PEM_COLUMNS == PEM_COLUMNS - 1 || i + 1 == len)
			append_string(e, "\n");
	}
	append_string(e, PEM_END "\n");
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* TEXT begins after a BEGIN boundary: is what follows DER and the END? */
static bool block_is(struct bytes text, struct bytes der)
{
	size_t len = base64_len(der);
	size_t at = 0;
	size_t i = 0;

	while (i < text.len && at < len) {
		if (is_space(text.data[i])) {
			i++;
			continue;
		}
		if ((char)text.data[i++] != base64_at(der, at++))
			return false;
	}
	while (i < text.len && is_space(text.data[i]))
		i++;
	return at == len && text.len - i >= sizeof(PEM_END) - 1 &&
	       !memcmp(text.data + i, PEM_END, sizeof(PEM_END) - 1);
}

/* see encoding.h */
bool encoding_file_names(struct bytes file, struct bytes der)
{
	struct bytes rest = file;

	if (bytes_equal(file, der))
		return true;
	while (rest.len) {
		const uint8_t *begin = memmem(rest.data, rest.len, PEM_BEGIN,
					      sizeof(PEM_BEGIN) - 1);

		if (!begin)
			return false;
		begin += sizeof(PEM_BEGIN) - 1;
		rest.len -= (size_t)(begin - rest.data);
		rest.data = begin;
		if (block_is(rest, der))
			return true;
	}
	return false;
}

/* see encoding.h */
bool encoding_is_marked(struct bytes file)
{
	return file.len >= sizeof(ENCODING_MARK) - 1 &&
	       !memcmp(file.data, ENCODING_MARK, sizeof(ENCODING_MARK) - 1);
}

/* Cut the next line, with its end, off REST, until it begins with NOTE. No
 * subject can make such a line: it is one line behind a label of its own. */
static struct bytes next_note(struct bytes *rest)
{
	while (rest->len) {
		const uint8_t *end = memchr(rest->data, '\n', rest->len);
		size_t len = end ? (size_t)(end - rest->data) + 1 : rest->len;
		struct bytes line = {rest->data, len};

		rest->data += len;
		rest->len -= len;
		if (end && len >= sizeof(NOTE) &&
		    !memcmp(line.data, NOTE, sizeof(NOTE) - 1))
			return line;
	}
	return (struct bytes){NULL, 0};
}

/* see encoding.h */
void encoding_note_service(struct encoding *e, const char *reference)
{
	append_string(e, NOTE);
	append_string(e, reference);
	append_string(e, "\n");
}

/* see encoding.h */
bool encoding_notes_service(struct bytes file, const char *reference)
{
	size_t len = strlen(reference);
	struct bytes rest = file;
	struct bytes line;

	if (!encoding_is_marked(file))
		return false;
	while ((line = next_note(&rest)).len)
		if (line.len == sizeof(NOTE) + len &&
		    !memcmp(line.data + sizeof(NOTE) - 1, reference, len))
			return true;
	return false;
}

/* see encoding.h */
void encoding_keep_notes(struct encoding *e, struct bytes file)
{
	struct bytes rest = file;
	struct bytes line;

	if (!encoding_is_marked(file))
		return;
	while ((line = next_note(&rest)).len)
		append(e, (const char *)line.data, line.len);
}

/* Year, month and day of a day since 1970: H. Hinnant's civil_from_days, with
 * years that begin in March so that the leap day comes last. libc's strftime
 * would bring the time zone reader along. */
static void split_day(int64_t day, int64_t *year, int *month, int *of_month)
{
	const int64_t era_days = 146097; /* of 400 years */
	int64_t shifted = day + 719468;	 /* since 0000-03-01 */
	int64_t era =
		(shifted >= 0 ? shifted : shifted - era_days + 1) / era_days;
	int of_era = (int)(shifted - era * era_days);
	int in_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int of_year = of_era - (365 * in_era + in_era / 4 - in_era / 100);
	int shifted_month = (5 * of_year + 2) / 153;

	*of_month = of_year - (153 * shifted_month + 2) / 5 + 1;
	*month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	*year = in_era + era * 400 + (*month <= 2);
}

/* see encoding.h */
void encoding_time(int64_t seconds, char out[static ENCODING_TIME_BYTES])
{
	const int64_t day_seconds = 86400;
	int64_t day = seconds / day_seconds - (seconds % day_seconds < 0);
	/* Not by what day * day_seconds leaves, which can overflow. */
	int of_day = (int)((seconds % day_seconds + day_seconds) % day_seconds);
	int64_t year = 0;
	int month = 0;
	int of_month = 0;

	/* Certificates name years 0 to 9999; anything else is a lie. */
	if (day < -719528 || day > 2932896) {
		memcpy(out, "?", 2);
		return;
	}
	split_day(day, &year, &month, &of_month);
	snprintf(out, ENCODING_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02dZ",
		 (int)year, month, of_month, of_day / 3600, of_day / 60 % 60,
		 of_day % 60);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/missed.h"

#include <string.h>

#include "common/fingerprint.h"
#include "common/limits.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/report/detail.h"

/* Is PIN the hash of C as a PEM file of 64 columns, with or without its last
 * line end? */
static bool is_pem_hash(const struct fingerprint *pin,
			const struct wire_certificate *c)
{
	char text[PEM_HINT_BYTES];
	struct fingerprint whole, cut;
	struct ca_crt e;
	const char *begin;
	size_t len;

	ca_crt_open(&e, text, sizeof(text));
	ca_crt_append(&e, c);
	begin = e.overflow ? NULL
			   : memmem(text, e.len, CA_CRT_BEGIN,
				    strlen(CA_CRT_BEGIN));
	if (!begin)
		return false;
	len = e.len - (size_t)(begin - text);
	fingerprint_of((struct bytes){(const uint8_t *)begin, len}, &whole);
	fingerprint_of((struct bytes){(const uint8_t *)begin, len - 1}, &cut);
	return fingerprint_equal(pin, &whole) || fingerprint_equal(pin, &cut);
}

/* The highest CA that was sent, where no root was; cert_count if none. */
static size_t find_top(const struct outcome *o)
{
	size_t top = o->cert_count;

	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];

		if (!(c->flags & WIRE_CERT_SENT))
			continue;
		if (c->flags & WIRE_CERT_SELF_SIGNED)
			return o->cert_count;
		if (i && c->flags & WIRE_CERT_CA)
			top = i;
	}
	return top;
}

/* see missed.h */
enum missed missed_find(const struct fingerprint *pin, const struct outcome *o,
			size_t *index)
{
	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];
		struct fingerprint fp;

		if (!(c->flags & WIRE_CERT_SENT))
			continue;
		*index = i;
		fingerprint_of(c->der, &fp);
		if (fingerprint_equal(pin, &fp))
			return MISSED_OFF_PATH;
		if (!(c->flags & WIRE_CERT_UNPARSED) &&
		    fingerprint_equal(pin, &c->key_pin))
			return MISSED_KEY;
		if (is_pem_hash(pin, c))
			return MISSED_PEM;
	}
	*index = find_top(o);
	return *index < o->cert_count ? MISSED_ROOT : MISSED_UNKNOWN;
}

static void print_hint(FILE *to, enum missed kind,
		       const struct wire_certificate *c)
{
	static const char *const words[] = {
		[MISSED_UNKNOWN] = "no certificate that was sent has it",
		[MISSED_OFF_PATH] = "sent, but the server's own certificate "
				    "does not chain to it",
		[MISSED_KEY] = "the hash of a public key, not of a "
			       "certificate; pin the certificate:",
		[MISSED_PEM] = "the hash of a PEM file, not of the "
			       "certificate in it; pin that:",
		[MISSED_ROOT] = "perhaps the root's, which is not sent: give "
				"it as --ca-file, or pin its CA:",
	};
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	detail_print(to, "it is", words[kind]);
	if (kind == MISSED_UNKNOWN || kind == MISSED_OFF_PATH)
		return;
	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	/* At the edge, as in a command: the line is as wide as a terminal. */
	fprintf(to, "  --pin %s\n", text);
}

/* see missed.h */
void missed_print(FILE *to, const struct report *r)
{
	const struct outcome *o = r->outcome;

	for (size_t i = 0; r->job && i < r->job->pin_count; i++) {
		const struct fingerprint *pin = &r->job->pins[i];
		char text[FINGERPRINT_TEXT_BYTES];
		size_t index;
		enum missed kind = missed_find(pin, o, &index);

		fingerprint_encode(pin, text);
		detail_print(to, "pin asked", "by this run:");
		fprintf(to, "    %s\n", text);
		print_hint(to, kind, &o->certs[index]);
	}
}

/* see missed.h */
bool missed_is_sent(const struct report *r)
{
	const struct outcome *o = r->outcome;

	for (size_t i = 0; r->job && i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_SENT &&
		    fingerprint_is_among(o->certs[i].der, r->job->pins,
					 r->job->pin_count))
			return true;
	return false;
}

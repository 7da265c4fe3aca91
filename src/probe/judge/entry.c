/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of certificates for the report; see entry.h.
 */
#include "probe/judge/entry.h"

#include <string.h>

#include "probe/verdict/x509/describe.h"

/* see entry.h */
struct bytes entry_keep(struct judge_room *room, const char *text)
{
	size_t len = strlen(text);
	char *copy = room->text + room->text_used;

	if (len > sizeof(room->text) - room->text_used)
		return (struct bytes){NULL, 0};
	memcpy(copy, text, len);
	room->text_used += len;
	return (struct bytes){(const uint8_t *)copy, len};
}

/* What certificates say may be left out: Docker's words come behind it. */
static struct bytes keep_name(struct judge_room *room, const char *text)
{
	bool is_full = room->text_used > sizeof(room->text) - PROBE_WORDS_BYTES;

	return is_full ? (struct bytes){NULL, 0} : entry_keep(room, text);
}

/* A root is what signed itself; to name oneself as issuer costs nothing. Go's
 * rules for CAs and hashes do not matter here. MD5 is not compiled in. */
static bool is_self_signed(const struct certificate *c)
{
	const struct signature_algorithm *a = c->algorithm;

	if (!certificate_is_self_issued(c) || c->key.kind != a->key ||
	    a->key == KEY_DSA)
		return false;
	return a->hash == HASH_MD5 ||
	       signature_verify(a, &c->key, c->tbs, c->signature.octets);
}

/* see entry.h */
struct wire_certificate entry_describe(struct judge_room *room,
				       const struct certificate *c,
				       bool is_believed)
{
	struct wire_certificate w = {.der = c->der};
	struct description d;

	describe_certificate(c, &d);
	w.subject = keep_name(room, d.subject);
	w.issuer = keep_name(room, d.issuer);
	w.sans = keep_name(room, d.names);
	w.key = keep_name(room, d.key);
	w.not_before = d.not_before;
	w.not_after = d.not_after;
	fingerprint_of(c->spki, &w.key_pin);
	if (d.is_ca)
		w.flags |= WIRE_CERT_CA;
	if (c->is_logged)
		w.flags |= WIRE_CERT_LOGGED;
	if (is_believed ? certificate_is_self_issued(c) : is_self_signed(c))
		w.flags |= WIRE_CERT_SELF_SIGNED;
	return w;
}

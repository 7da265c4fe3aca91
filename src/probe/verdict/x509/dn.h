/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinguished names, as strict as Go reads them. Probe process. Pure.
 */
#ifndef VERDICT_DN_H
#define VERDICT_DN_H

#include "probe/verdict/x509/der.h"
#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/text.h"

/* One attribute, for the two files of this; VALUE without its header. */
struct dn_attribute {
	struct bytes type, value;
	uint8_t tag;
};

/* A BMPString without the two zero octets that may end it. */
static inline struct bytes dn_bmp_text(struct bytes b)
{
	if (b.len >= 2 && b.data[b.len - 1] == 0 && b.data[b.len - 2] == 0)
		b.len -= 2;
	return b;
}

/*
 * Would Go's parseName take NAME (a SEQUENCE with its header)? False: WHY says
 * what Go says. Trailing octets inside an attribute are not looked at, as Go.
 */
bool dn_check(struct bytes name, struct go_release release, struct text *why);

/*
 * Append the text (UTF-8) of an attribute of NAME, which dn_check took. Both
 * as Go's pkix.Name: the last commonName, the first organizationName; nothing
 * if there is none or it is not a string. Returns whether the common name is
 * not empty, whether there is an organization.
 */
bool dn_common_name(struct bytes name, struct go_release release,
		    struct text *out);
bool dn_organization(struct bytes name, struct go_release release,
		     struct text *out);

/*
 * Append NAME for people, "CN=Registry CA, O=Example", most specific first;
 * raw octets where a value is no text. "(empty)" for an empty name.
 */
void dn_print(struct bytes name, struct go_release release, struct text *out);

#endif

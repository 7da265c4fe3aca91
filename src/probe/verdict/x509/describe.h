/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate in words, for reports. Probe process. No heap.
 */
#ifndef VERDICT_DESCRIBE_H
#define VERDICT_DESCRIBE_H

#include "common/limits.h"
#include "probe/verdict/x509/certificate.h"

/*
 * All of it is printable ASCII (other octets as \xNN) and one line each; longer
 * texts are cut and end with "...".
 */
struct description {
	char subject[DESCRIBE_CHARS_MAX]; /* "CN=x, O=y"; "(empty)" */
	char issuer[DESCRIBE_CHARS_MAX];
	char names[DESCRIBE_CHARS_MAX]; /* "a.example, 10.0.0.5"; "" if none */
	char key[64];			/* "RSA 2048" */
	int64_t not_before, not_after;	/* seconds since 1970 UTC */
	bool is_ca; /* basicConstraints CA:TRUE, or version 1 */
};

/*
 * Describe C. Names are the subject alternative names, in their order: DNS
 * names, addresses, URIs and e-mail addresses as they are.
 */
void describe_certificate(const struct certificate *c, struct description *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one list of cipher suites: what we can speak, what there is to know of
 * each, and which of them Docker offers. Docker has two paths: the classic one
 * (docker login always; pull and push with a graphdriver store) has a list of
 * its own (docker/go-connections, tlsconfig); containerd's takes Go's. Probe
 * process. Pure.
 */
#ifndef PROBE_SUITES_H
#define PROBE_SUITES_H

#include <mbedtls/md.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/verdict/x509/go_release.h"

enum suite_kind {
	SUITE_TLS13,
	SUITE_ECDSA, /* TLS 1.2: ECDHE; signed by ECDSA or EdDSA */
	SUITE_RSA,   /* ... by RSA */
};

enum suite_seal {
	SEAL_GCM,
	SEAL_CHACHA,
	SEAL_CBC, /* TLS 1.2: HMAC-SHA1, then AES-CBC */
};

struct suite {
	uint16_t id; /* of the IANA registry */
	enum suite_kind kind;
	enum suite_seal seal;
	mbedtls_md_type_t hash; /* of the transcript and the key schedule */
	unsigned key_bits;	/* of the cipher */
};

/* The suite at INDEX of the list, in the order in which they are offered; NULL
 * past its end. */
const struct suite *suites_at(size_t index);

/* The suite with number ID, or NULL. */
const struct suite *suites_find(uint16_t id);

/*
 * Does the classic path of the release DOCKER ("29.7"; NULL: the newest) offer
 * SUITE, a number of the IANA registry? TLS 1.3 suites always; of TLS 1.2
 * ECDHE with AES-GCM always, with AES-CBC-SHA before 29.0, with ChaCha20 from
 * 29.5 on.
 */
bool suites_offers(const char *docker, uint16_t suite);

/* Is SUITE one that some releases of Docker, and of containers/image, whose
 * list is the same, do not offer? */
bool suites_is_rare(uint16_t suite);

/* The Go release in the release DOCKER, as above; the newest where DOCKER is
 * none that is known. */
struct go_release suites_go(const char *docker);

#endif

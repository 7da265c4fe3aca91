/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates of a PEM file, found exactly as Go's AppendCertsFromPEM
 * finds them. Probe process. No heap.
 */
#ifndef VERDICT_PEM_H
#define VERDICT_PEM_H

#include "probe/verdict/x509/go_release.h"

/* A search under way over a file's octets. Start with {.file = FILE}. */
struct pem_search {
	struct bytes file;
	size_t at;	 /* private: where to look next */
	size_t end_at;	 /* private: an END line that is known, 0 if none */
	size_t begin_at; /* private: the last BEGIN before it, if any */
	bool has_begin;
};

/*
 * Find the next block labelled CERTIFICATE, without headers and with valid
 * base64, as Go RELEASE does (see GO_PEM_LAST_BEGIN), and decode it to OUT of
 * SIZE bytes. Every other block is passed over, and so is one that does not
 * fit: what is left of the file after `at` always suffices, and so does
 * file.len for all blocks together. Returns false at the end. Not checked: that
 * the octets are a certificate (Go drops what does not parse). Linear in the
 * file.
 */
bool pem_next(struct pem_search *s, struct go_release release, uint8_t *out,
	      size_t size, struct bytes *der);

#endif

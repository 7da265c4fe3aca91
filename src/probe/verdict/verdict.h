/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker will say of a chain: the rules of the Go release that it was
 * built with, its words, and what it means. Probe process. Knows no files, no
 * sockets, no clock; no heap but what mbedTLS takes and gives back.
 */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include "common/error.h"
#include "common/limits.h"
#include "common/verdict.h"
#include "probe/verdict/path/parsed.h"
#include "probe/verdict/path/signature.h"
#include "probe/verdict/x509/go_release.h"

struct verdict_query {
	/* The pool in the order in which Go's gets it: what pem_next finds in
	 * the system's roots, then in each *.crt by name. What Go cannot parse
	 * is left out, as Go does. */
	const struct bytes *pool;
	size_t pool_len;
	const struct bytes *sent; /* as presented, leaf first */
	size_t sent_len;
	struct bytes host; /* without port; IPv6 with or without brackets */
	int64_t now;	   /* seconds since 1970 UTC */
	struct go_release release;
	bool verify_only; /* x509.Verify alone: no TLS limits, no frame */
	struct signature_cache *cache; /* or NULL */
	struct parsed *parsed;	       /* or NULL */
	struct arena *arena;	       /* of limits_judge.h; given back */
};

struct verdict {
	enum verdict_code code;
	size_t pool_usable; /* certificates of the pool that Go takes */
	/* Go's error, as Docker prints it after its own prefix; printable
	 * ASCII, cut with "..."; empty if accepted. Of VERDICT_UNCHECKED: ours.
	 */
	char text[FAILURE_CHARS_MAX];
};

/*
 * Judge. Docker prints current times in the host's time zone, this in UTC.
 * Everything else differs only where VERDICT_UNCHECKED says so.
 */
void verdict_reach(const struct verdict_query *q, struct verdict *out);

#endif

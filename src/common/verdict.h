/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker will say of a chain, as codes: the probe finds them, the
 * installer has the sentences. Both processes. No code.
 */
#ifndef COMMON_VERDICT_H
#define COMMON_VERDICT_H

/* The first rule that fails, in the order in which Docker meets them. */
enum verdict_code {
	VERDICT_ACCEPTED,
	VERDICT_NOTHING_SENT,
	VERDICT_UNREADABLE,	    /* a certificate that Go cannot parse */
	VERDICT_HUGE_KEY,	    /* RSA over 8192 bits */
	VERDICT_CRITICAL_EXTENSION, /* unknown to Go */
	VERDICT_NOT_YET_VALID,	    /* the leaf */
	VERDICT_EXPIRED,	    /* the leaf */
	VERDICT_ONLY_CN,	    /* the host stands in the CN only */
	VERDICT_NO_NAME,	    /* no name of the host's kind at all */
	VERDICT_WRONG_NAME,	    /* names, but others */
	VERDICT_UNKNOWN_AUTHORITY,  /* no path to the pool */
	VERDICT_WRONG_SIGNATURE,    /* ... same name, another key */
	VERDICT_ISSUER_NOT_CA,	    /* ... an issuer must not sign */
	VERDICT_INSECURE_ALGORITHM, /* ... SHA-1, MD5 */
	VERDICT_UNKNOWN_ALGORITHM,  /* ... that Go does not have */
	VERDICT_SMALL_KEY,	    /* ... RSA under 1024 bits */
	VERDICT_ISSUER_NOT_YET_VALID,
	VERDICT_ISSUER_EXPIRED,
	VERDICT_ISSUER_CRITICAL,
	VERDICT_PATH_LENGTH,
	VERDICT_CONSTRAINT,
	VERDICT_KEY_USAGE,
	VERDICT_POLICIES,
	VERDICT_TOO_MANY_CHECKS,
	VERDICT_LEAF_KEY,  /* a key that TLS cannot use */
	VERDICT_HANDSHAKE, /* not of the chain: Docker breaks TLS off */
	VERDICT_CLIENT_CERTIFICATE, /* ... the server does, without one */
	VERDICT_UNCHECKED, /* cannot be told here; never read it as accepted */
	VERDICT_CODES_COUNT_
};

/* Cases of a refusal that its code alone does not tell apart. */
enum verdict_remark {
	REMARK_NONE,	     /* the verdict's own sentence */
	REMARK_BLANK_DOMAIN, /* a registry whose domain name was never set */
	/* the leaf's issuer is not sent, and no CA that is trusted has its
	 * name */
	REMARK_NO_INTERMEDIATE,
	REMARK_DEFAULT_CERTIFICATE, /* for other names: of what answers first */
	REMARK_WRONG_ORDER, /* the host's certificate is sent, not first */
	REMARK_COUNT_
};

#endif

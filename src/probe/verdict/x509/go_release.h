/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which Go release judges (every Docker release is built with one), and in
 * which rules the releases differ. Probe process. Pure tables.
 */
#ifndef VERDICT_GO_RELEASE_H
#define VERDICT_GO_RELEASE_H

#include "common/bytes.h"

/*
 * VERSION is minor * 100 + patch of "go1.minor.patch"; LINE is the minor of
 * the go line in the program's go.mod, which selects GODEBUG defaults (0: as
 * the version).
 */
struct go_release {
	uint16_t version;
	uint16_t line;
};

#define GO_VERSION(minor, patch) ((uint16_t)((minor)*100 + (patch)))

/* What some releases do and others do not. */
enum go_rule {
	GO_NO_CN_FALLBACK,     /* host names are looked up in SANs only */
	GO_CN_OVERRIDE_GONE,   /* the text no longer offers x509ignoreCN */
	GO_REFUSE_SHA1,	       /* SHA-1 signatures are insecure */
	GO_SHA1_OVERRIDE_GONE, /* the text no longer offers x509sha1 */
	GO_DSA_GONE,	       /* DSA signatures are never checked */
	GO_NEW_PARSER,	       /* parser.go on cryptobyte */
	GO_REFUSE_DUPLICATES,  /* an extension appears once */
	GO_SGC_GONE,	       /* server gated crypto is no serverAuth */
	GO_PARENT_BY_NAME,     /* key identifiers only order candidates */
	GO_REFUSE_LOOPS,       /* alreadyInChain by subject, key and SAN */
	GO_FRAME_VERIFY,       /* "tls: failed to verify certificate: " */
	GO_STRICT_ARCS,	       /* leading 0x80 in OID arcs refused */
	GO_HINT_VALIDITY,      /* isValid errors become hints */
	GO_SKIP_UNKNOWN_KEY,   /* parents with unknown keys are no candidates */
	GO_PLAIN_BASIC,	       /* one text for bad basicConstraints */
	GO_CONSTRAIN_ALL,      /* name constraints bind every SAN below */
	GO_RSA_RESIDUE,	       /* signatures below a modulus that is odd */
	GO_BOUND_RSA,	       /* no RSA key over 8192 bits in a handshake */
	GO_POLICIES_ANY_ARC,   /* policy OIDs with arcs of any size */
	GO_NAME_DUPLICATE,     /* the duplicate's OID is in the text */
	GO_REFUSE_MISCRITICAL, /* SKI, AKI, AIA must not be critical */
	GO_REFUSE_NEGATIVE,    /* serial numbers are not negative */
	GO_BOUND_ZONE,	       /* time zone offsets up to 24 hours */
	GO_REFUSE_BARE_STAR,   /* "*" is no host name pattern */
	GO_REFUSE_LEADING_DOT, /* ".example.com" has an empty label */
	GO_POLICIES,	       /* RFC 9618 policy tree, parsed extensions */
	GO_REFUSE_SMALL_RSA,   /* below 1024 bits */
	GO_FIPS_RSA,	       /* key checks of the FIPS module, their texts */
	GO_DOMAIN_VALID,       /* domainNameValid; at first strict, on SANs */
	GO_DOMAIN_LENIENT,     /* ... a patch later no longer */
	GO_BOUND_NAME_TEXT,    /* 100 names and more are only counted */
	GO_EXCLUDE_WILDCARD,   /* *.x meets the excluded subtree a.x */
	GO_STRICT_STRINGS,     /* T61 as Latin-1, BMP without surrogates */
	GO_SPKI_IDENTITY,      /* alreadyInChain compares raw keys */
	GO_COUNT_EVERY_PARENT, /* the limit of 100 counts loops, and stops */
	GO_URI_OMIT_HOST,      /* "a:/b" is printed without "//" */
	GO_URI_ESCAPE_SLASH,   /* ... "a://b" of a path as "a:%2F/b" */
	GO_URI_LITERALS,       /* only IPv6 addresses in brackets */
	GO_URI_COLONS,	       /* one colon in the host of http: */
	GO_PEM_LAST_BEGIN,     /* an END belongs to the last BEGIN */
	GO_PATH_LENGTH_UNSIGNED, /* a negative path length is refused */
	GO_CONSTRAIN_LAST,	 /* name constraints after EKU, sorted sets */
	GO_CONSTRAIN_FOLDED,	 /* ... with wildcards and e-mail folded */
	GO_CONSTRAIN_MASKED,	 /* ... with host bits masked away */
	GO_ECDSA_TEXT,		 /* "ecdsa: invalid uncompressed public key" */
	GO_REFUSE_MAPPED,	 /* IPv4-mapped addresses in certificates */
	GO_ANY_ATTRIBUTE,	 /* attribute values of any ASN.1 type */
	GO_ZONED_HOST,		 /* hosts are read by netip.ParseAddr */
	GO_STRICT_MAILBOX,	 /* no second @, domain by domainNameValid */
	GO_MLDSA,		 /* ML-DSA keys are known */
	GO_RULES_COUNT_
};

/* Does RELEASE follow RULE? */
bool go_follows(struct go_release release, enum go_rule rule);

/* All rules that RELEASE follows, rule r as bit r. */
uint64_t go_rules(struct go_release release);

/*
 * Has the verdict of RELEASE been compared with a run of Go? 0: its minor has.
 * Else nobody could run it, and AROUND gets the one or two measured releases
 * next to it: it is sure of nothing on which they differ.
 */
size_t go_measured_around(struct go_release release,
			  struct go_release around[static 2]);

/* The newest release whose rules are known here. */
struct go_release go_newest(void);

/*
 * The Go release of a Docker release such as "20.10.7", "28.4" or "29" (no
 * patch or no minor: the newest of them that is known). False if it is older
 * than 20.10, no version, or a late patch of an old minor, which is built with
 * a Go that is not known here (25.0.16); a release newer than every known one
 * gets the newest.
 */
bool go_of_docker(struct bytes docker, struct go_release *release);

/* The newest Docker release that is known, where DOCKER may be newer than that
 * ("29" is, once 29.7.2 is known: any of them) and is judged as it; NULL else.
 */
const char *go_docker_before(struct bytes docker);

/*
 * The rows of the Docker table, oldest first, to say "20.10.24 to 28.4 accept
 * it": Docker releases FIRST to LAST were built with RELEASE (the newest of
 * those in use among them). False past the end.
 */
bool go_docker_row(size_t row, const char **first, const char **last,
		   struct go_release *release);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a probe reports to the installer, and its form on the pipe: records of
 * one byte type, four bytes length (big-endian), content; phase records
 * first, the end record last. Pure bytes: no descriptors, no heap.
 *
 * The decoder is where the installer meets bytes from a process that may have
 * been taken over. It checks every length before use, knows every record, and
 * lets only printable ASCII without runs of blanks through as text, so that
 * none can push its end to the start of a terminal's next line.
 */
#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/fingerprint.h"
#include "common/limits.h"
#include "common/settings.h"
#include "common/verdict.h"

/* How far a probe had come; told as it goes, so that a probe which is killed
 * at its deadline still says what it was waiting for. */
enum wire_phase {
	WIRE_PHASE_START,   /* never told: of all that reads files only, too */
	WIRE_PHASE_RESOLVE, /* and connecting, which ends by itself in time */
	WIRE_PHASE_HANDSHAKE,
	WIRE_PHASE_JUDGE,
	WIRE_PHASE_COUNT_
};

enum wire_certificate_flag {
	WIRE_CERT_SENT = 1 << 0,      /* the server presented it */
	WIRE_CERT_INSTALLED = 1 << 1, /* a .crt of the directory holds it */
	WIRE_CERT_ANCHOR = 1 << 2,    /* the one to install */
	WIRE_CERT_CHAINS = 1 << 3,    /* an anchor that the server chains to */
	WIRE_CERT_CA = 1 << 4,	      /* may sign certificates */
	WIRE_CERT_SELF_SIGNED = 1 << 5, /* issuer is subject, signature fits */
	WIRE_CERT_UNPARSED = 1 << 6,	/* no field below is known */
	WIRE_CERT_LOGGED = 1 << 7, /* timestamps of public logs are in it */
	WIRE_CERT_FLAGS_ = (1 << 8) - 1
};

struct wire_certificate {
	struct bytes der;
	struct bytes subject;
	struct bytes issuer;
	struct bytes sans;
	struct bytes key;
	int64_t not_before; /* seconds since 1970, UTC */
	int64_t not_after;
	/* SHA-256 of its SubjectPublicKeyInfo, which other tools pin: for a
	 * hint, nothing rests on it */
	struct fingerprint key_pin;
	unsigned flags;
};

enum outcome_flag {
	OUTCOME_POSSESSION = 1 << 0,  /* the server proved it holds the key, and
				       * nothing was wrong with its handshake */
	OUTCOME_CLIENT_CERT = 1 << 1, /* it asks for a client certificate */
	OUTCOME_CHAINS = 1 << 2,      /* chain verifies under the installed */
	OUTCOME_NO_LANDLOCK = 1 << 3, /* the kernel lacks part of the sandbox */
	OUTCOME_PROXIED = 1 << 4,     /* reached through the HTTP proxy */
	OUTCOME_HOST_TRUSTS = 1 << 5, /* chain verifies under the host's pool */
	OUTCOME_REGISTRY = 1 << 6,    /* /v2/ names the API's version */
	OUTCOME_HOST_POOL = 1 << 7,   /* the host's own CA store was seen */
	/* The handshake was not completed; with a failure, a wider offer may
	 * do */
	OUTCOME_UNCOMPLETED = 1 << 8,
	OUTCOME_NO_CLASSIC_SUITE = 1 << 9, /* see probe/tls/suites.h */
	OUTCOME_TOKEN = 1 << 10,       /* /v2/ sends its clients for a token */
	OUTCOME_TOKEN_PLAIN = 1 << 11, /* ... by plain http: */
	/* An address of its name is 127.0.0.0/8 or ::1 */
	OUTCOME_LOOPBACK = 1 << 12,
	OUTCOME_RARE_SUITE = 1 << 13, /* not ECDHE with AES-GCM, in TLS 1.2 */
	/* Docker's releases, and so those of Go, differ in a verdict */
	OUTCOME_BY_RELEASE = 1 << 14,
	/* 401 names Basic before a token service: containers/image takes it */
	OUTCOME_BASIC_FIRST = 1 << 15,
	OUTCOME_FLAGS_ = (1 << 16) - 1
};

/* What GET /v2/ brought, as Docker takes it: see probe/judge/answer.h. */
enum wire_reply {
	WIRE_REPLY_NONE,     /* no whole answer in HTTP */
	WIRE_REPLY_REGISTRY, /* 200 or 401 of a registry */
	WIRE_REPLY_STATUS,   /* another status */
	WIRE_REPLY_PAGE,     /* 200, but a page for people */
	WIRE_REPLY_AWAY,     /* a redirection to /v2/ of another host or port */
	WIRE_REPLY_ELSEWHERE, /* ... to another path there */
	WIRE_REPLY_PLAIN,     /* ... to http: */
	/* ... to another path of the same, or to what is no name of a registry
	 */
	WIRE_REPLY_HERE,
	WIRE_REPLY_LOOP,   /* ... to itself */
	WIRE_REPLY_BROKEN, /* what Docker's client ends with, not at a status */
	WIRE_REPLY_NO_REALM, /* 401 that names no address to ask for a token */
	WIRE_REPLY_COUNT_
};

/* From this status on a server tells of a fault of its own, or is down. */
#define WIRE_STATUS_FAULT 500

/* Is it a redirection to a host that can be asked? */
static inline bool wire_leads_away(enum wire_reply reply)
{
	return reply == WIRE_REPLY_AWAY || reply == WIRE_REPLY_ELSEWHERE;
}

/* What may become of a directory, and Docker's verdict differ with. */
enum wire_act {
	WIRE_KEEP,   /* it stays as it is */
	WIRE_BESIDE, /* the new anchors join what is there */
	WIRE_ALONE,  /* they take the place of ours; other hands' stay */
	WIRE_ACTS_
};

/* What Docker will say of the chain after one of them. */
struct wire_verdict {
	bool reached; /* false: nothing below is known */
	enum verdict_code code;
	enum verdict_remark remark;
	/* The installer's word, never a probe's: the server wants a client
	 * certificate, and Docker has one of which nobody can tell whether it
	 * will do. Then the code, VERDICT_CLIENT_CERTIFICATE, is without it. */
	bool has_pair;
	struct bytes text;   /* Docker's own words; empty when accepted */
	struct bytes others; /* what other releases do instead; or empty */
};

/* Is it known that Docker accepts? */
static inline bool wire_accepts(const struct wire_verdict *v)
{
	return v->reached && v->code == VERDICT_ACCEPTED;
}

/* Is it a refusal that one more trusted certificate may mend? */
static inline bool wire_lacks_anchor(const struct wire_verdict *v)
{
	return v->reached && v->code >= VERDICT_UNKNOWN_AUTHORITY &&
	       v->code <= VERDICT_TOO_MANY_CHECKS;
}

/* Is it a refusal for want of a CA, and for nothing else that is known? */
static inline bool wire_lacks_authority(const struct wire_verdict *v)
{
	return v->reached && (v->code == VERDICT_UNKNOWN_AUTHORITY ||
			      v->code == VERDICT_WRONG_SIGNATURE);
}

/* Is it known that Docker refuses, or not known what it does with the chain? */
static inline bool wire_refuses(const struct wire_verdict *v)
{
	return v->reached && v->code != VERDICT_ACCEPTED && !v->has_pair;
}

/*
 * The classes of failure that are a probe's to report, as bits 1 << enum err:
 * of one that asks over the network, and of one that only reads files. All
 * others are the installer's own findings, whose words an operator obeys.
 */
#define WIRE_FAILURES_CAPTURE                                                  \
	(1U << ERR_OK | 1U << ERR_RESOLVE | 1U << ERR_CONNECT |                \
	 1U << ERR_PROXY | 1U << ERR_TLS | 1U << ERR_CHAIN | 1U << ERR_LIMIT | \
	 1U << ERR_TIMEOUT | 1U << ERR_SANDBOX | 1U << ERR_REFUSED |           \
	 1U << ERR_MEMORY)
#define WIRE_FAILURES_READ                                                     \
	(1U << ERR_OK | 1U << ERR_USAGE | 1U << ERR_LIMIT |                    \
	 1U << ERR_SANDBOX | 1U << ERR_MEMORY)

/*
 * One probe's report. Views point into memory of whoever filled it: the
 * probe's own on the way out, the frame on the way in. failure.code is ERR_OK
 * when the chain was captured; certs may be filled even when it is not.
 */
struct outcome {
	struct failure failure;
	char address[ADDRESS_CHARS_MAX];
	uint16_t tls_version; /* 0x0303, 0x0304, or 0 */
	unsigned flags;
	enum wire_reply reply;
	uint16_t status; /* of the answer to GET /v2/, 0 without one */
	/* The token service that /v2/ names, or where it leads (see
	 * wire_leads_away), a registry reference; empty where it names none, or
	 * the registry's own host and port */
	struct bytes service;
	struct wire_verdict verdict[WIRE_ACTS_];
	/* From a probe of JOB_SETTINGS; of no other is it looked at */
	struct settings settings;
	size_t cert_count;
	struct wire_certificate certs[REPORT_CERTS_MAX];
};

/* Does O list a certificate that has all of FLAGS (enum wire_certificate_flag)?
 */
static inline bool wire_lists(const struct outcome *o, unsigned flags)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if ((o->certs[i].flags & flags) == flags)
			return true;
	return false;
}

/* Make O one that reports nothing. What its views and its lists hold beyond
 * their counts stays: it is large. */
void wire_clear(struct outcome *o);

#define WIRE_PHASE_BYTES 6

/* Encode a phase record into OUT. */
void wire_encode_phase(uint8_t out[WIRE_PHASE_BYTES], enum wire_phase phase);

/*
 * Encode O into OUT of SIZE bytes and store the length in *LEN. Runs of blanks
 * in texts become one, and texts end at TEXT_CHARS_MAX; the service and the
 * names of the settings go as they are. ERR_LIMIT when it does not fit; *LEN is
 * then 0.
 */
MUST_CHECK enum err wire_encode(const struct outcome *o, uint8_t *out,
				size_t size, size_t *len);

/*
 * Decode a whole frame. OUT's views point into FRAME. ERR_PROBE, with a detail
 * in F, when the frame is not exactly what wire_encode makes: unknown or
 * repeated record, length beyond the frame or a limit, text that is not
 * printable ASCII or has a blank at an end or two in a row, a name in the
 * settings that is empty or has any, a moment outside the years 0 to 9999, a
 * failure that is none of FAILURES (one of the sets above), a missing end,
 * bytes after the end.
 *
 * Not checked: that anything in it is true.
 */
MUST_CHECK enum err wire_decode(struct bytes frame, unsigned failures,
				struct outcome *out, struct failure *f);

/* The last phase told at the start of FRAME, which may be cut anywhere. */
enum wire_phase wire_last_phase(struct bytes frame);

#endif

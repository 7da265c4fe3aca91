/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error convention. Classes are what the operator would do next, not
 * where it happened; the detail says what happened. Low layers fill a failure
 * and return its class; only installer/report prints.
 */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#include <stdbool.h>

#include "common/limits.h"

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
	ERR_OK,
	ERR_USAGE,   /* the command line or a variable: correct it */
	ERR_RESOLVE, /* the name has no address: mend the name or DNS */
	ERR_CONNECT, /* nobody answers at the address: mend port or route */
	ERR_PROXY,   /* the HTTP proxy would not let us through */
	ERR_TLS,     /* somebody answers, but not with TLS that Docker uses */
	ERR_CHAIN,   /* TLS works, the certificates are unusable */
	ERR_LIMIT,   /* the peer sent more than limits.h allows */
	ERR_TIMEOUT, /* the deadline passed */
	ERR_PROBE,   /* the probe process broke or lied: report a bug */
	ERR_SANDBOX, /* the kernel refused to confine the probe */
	ERR_REFUSED, /* the servers of one name show different chains */
	ERR_STORE,   /* certs.d could not be read or written */
	ERR_CLOCK,   /* this machine does not know what day it is */
	ERR_STOPPED, /* a signal ended the run */
	ERR_MEMORY,  /* the installer's own memory is short */
	ERR_COUNT_
};

/*
 * One failure, ready for the operator. DETAIL is one line of printable ASCII
 * without a final newline or full stop; text that came from outside is quoted
 * and escaped in it. Empty detail: the class says it all.
 */
struct failure {
	enum err code;
	char detail[FAILURE_CHARS_MAX];
	unsigned cause; /* of ERR_STORE: installer/certs_d/cause.h; or 0 */
	bool is_late;	/* of ERR_STORE: something was changed before it */
	char next[FAILURE_CHARS_MAX]; /* what to do now; empty: see the class */
};

/*
 * Fill F, without a cause and without advice, and return CODE, so that a caller
 * can `return failure_set(...)`. FORMAT is printf's. Whatever the arguments
 * hold, the result is printable ASCII (bytes outside 0x20..0x7e become \xNN),
 * without the user information of a URL, and is cut, never overrun.
 */
enum err failure_set(struct failure *f, enum err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Say what to do about F, which failure_set has filled: a command where there
 * is one, under the same rules. Only the installer's word: no wire carries it.
 */
enum err failure_advise(struct failure *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

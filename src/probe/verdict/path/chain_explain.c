/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Go's words for a path that failed. Probe process. No heap of ours.
 */
#include <mbedtls/bignum.h>

#include "probe/verdict/path/chain.h"
#include "probe/verdict/x509/dn.h"

static void add_decimal(struct text *t, struct bytes serial)
{
	char digits[SERIAL_BYTES_MAX * 3 + 3];
	mbedtls_mpi n, wrap;
	size_t len;

	if (serial.len > SERIAL_BYTES_MAX) {
		t->cut = true;
		return;
	}
	mbedtls_mpi_init(&n);
	mbedtls_mpi_init(&wrap);
	if (!mbedtls_mpi_read_binary(&n, serial.data, serial.len) &&
	    !mbedtls_mpi_lset(&wrap, serial.data[0] >= 0x80) &&
	    !mbedtls_mpi_shift_l(&wrap, serial.len * 8) &&
	    !mbedtls_mpi_sub_mpi(&n, &n, &wrap) &&
	    !mbedtls_mpi_write_string(&n, 10, digits, sizeof(digits), &len))
		text_add(t, digits);
	mbedtls_mpi_free(&wrap);
	mbedtls_mpi_free(&n);
}

static void add_name(struct text *t, const struct certificate *c,
		     struct go_release release)
{
	char buffer[FAILURE_CHARS_MAX];
	struct text name;

	text_open(&name, buffer, sizeof(buffer));
	if (!dn_common_name(c->subject, release, &name) &&
	    !dn_organization(c->subject, release, &name)) {
		text_add(&name, "serial:");
		add_decimal(&name, c->serial);
	}
	text_add_quoted(t, text_bytes(&name));
}

static void add_dates(struct text *t, const struct chain_reason *r, int64_t now)
{
	bool early = r->result == CHAIN_NOT_YET_VALID;

	text_add(t, "x509: certificate has expired or is not yet valid: "
		    "current time ");
	moment_print(t, (struct moment){now, 0});
	text_add(t, early ? " is before " : " is after ");
	moment_print(t, early ? r->at->not_before : r->at->not_after);
}

static void add_reason(struct text *t, const struct chain_reason *r,
		       const struct chain_query *q)
{
	switch (r->result) {
	case CHAIN_CRITICAL_EXTENSION:
		text_add(t, "x509: unhandled critical extension");
		return;
	case CHAIN_NOT_YET_VALID:
	case CHAIN_EXPIRED:
		add_dates(t, r, q->now);
		return;
	case CHAIN_WRONG_ISSUER:
		text_add(t, "x509: issuer name does not match subject from "
			    "issuing certificate");
		return;
	case CHAIN_NOT_A_CA:
		text_add(t, "x509: certificate is not authorized to sign other "
			    "certificates");
		return;
	case CHAIN_PATH_LENGTH:
		text_add(t, "x509: too many intermediates for path length "
			    "constraint");
		return;
	case CHAIN_CONSTRAINT:
		constraints_explain(t, &r->constraint, q->release);
		return;
	case CHAIN_SIGNATURE:
		signature_explain(t, r->signature, r->child, r->at, q->release);
		return;
	case CHAIN_TOO_MANY_CHECKS:
		text_add(t, "x509: signature check attempts limit reached "
			    "while verifying certificate chain");
		return;
	case CHAIN_VALID:
	case CHAIN_UNKNOWN_AUTHORITY:
	case CHAIN_KEY_USAGE:
	case CHAIN_POLICIES:
	case CHAIN_UNCHECKED:
		return;
	}
}

static void add_unknown_authority(struct text *t, const struct chain_fault *f,
				  const struct chain_query *q)
{
	char buffer[FAILURE_CHARS_MAX];
	struct text why;

	text_add(t, "x509: certificate signed by unknown authority");
	if (!f->has_hint)
		return;
	text_open(&why, buffer, sizeof(buffer));
	add_reason(&why, &f->hint, q);
	text_add(t, " (possibly because of ");
	text_add_quoted(t, text_bytes(&why));
	text_add(t, " while trying to verify candidate authority certificate ");
	add_name(t, f->hint.at, q->release);
	text_add(t, ")");
}

static void add_no_chains(struct text *t, const struct chain_fault *f,
			  const struct chain_query *q)
{
	bool last = go_follows(q->release, GO_CONSTRAIN_LAST);
	const char *kind = last ? " candidate chains with " : " chains with ";

	text_add(t, "x509: no valid chains built: ");
	if (!f->bad_usage && !last) {
		text_add(t, "all candidate chains have invalid policies");
		return;
	}
	if (f->bad_usage) {
		text_add_number(t, f->bad_usage);
		text_add(t, kind);
		text_add(t, "incompatible key usage, ");
	}
	text_add_number(t, f->bad_policies);
	text_add(t, kind);
	text_add(t, "invalid policies");
}

/* see chain.h */
void chain_explain(struct text *t, const struct chain_fault *f,
		   const struct chain_query *q)
{
	switch (f->reason.result) {
	case CHAIN_UNKNOWN_AUTHORITY:
		add_unknown_authority(t, f, q);
		return;
	case CHAIN_KEY_USAGE:
		text_add(t, "x509: certificate specifies an incompatible key "
			    "usage");
		return;
	case CHAIN_POLICIES:
		add_no_chains(t, f, q);
		return;
	case CHAIN_UNCHECKED:
		text_add(t, "this chain cannot be judged here");
		return;
	case CHAIN_VALID:
	case CHAIN_CRITICAL_EXTENSION:
	case CHAIN_NOT_YET_VALID:
	case CHAIN_EXPIRED:
	case CHAIN_WRONG_ISSUER:
	case CHAIN_NOT_A_CA:
	case CHAIN_PATH_LENGTH:
	case CHAIN_CONSTRAINT:
	case CHAIN_SIGNATURE:
	case CHAIN_TOO_MANY_CHECKS:
		add_reason(t, &f->reason, q);
		return;
	}
}

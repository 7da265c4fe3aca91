/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crypto/tls around x509's Verify, and what each failure is called.
 */
#include "probe/verdict/verify.h"

#include "common/limits.h"
#include "probe/verdict/names.h"
#include "probe/verdict/path/chain.h"

static enum verdict_code code_of_signature(enum signature_result result)
{
	switch (result) {
	case SIGNATURE_NOT_CA:
		return VERDICT_ISSUER_NOT_CA;
	case SIGNATURE_UNSUPPORTED:
	case SIGNATURE_MISMATCH:
	case SIGNATURE_BAD_KEY:
		return VERDICT_UNKNOWN_ALGORITHM;
	case SIGNATURE_INSECURE:
		return VERDICT_INSECURE_ALGORITHM;
	case SIGNATURE_SMALL_KEY:
		return VERDICT_SMALL_KEY;
	case SIGNATURE_WRONG:
		return VERDICT_WRONG_SIGNATURE;
	case SIGNATURE_VALID:
	case SIGNATURE_UNCHECKED:
		break;
	}
	return VERDICT_UNCHECKED;
}

static enum verdict_code code_of(const struct chain_fault *fault);

static enum verdict_code code_of_hint(const struct chain_fault *fault)
{
	struct chain_fault hint = {.reason = fault->hint};

	return fault->has_hint ? code_of(&hint) : VERDICT_UNKNOWN_AUTHORITY;
}

static enum verdict_code code_of(const struct chain_fault *fault)
{
	switch (fault->reason.result) {
	case CHAIN_VALID:
		return VERDICT_ACCEPTED;
	case CHAIN_CRITICAL_EXTENSION:
		return VERDICT_ISSUER_CRITICAL;
	case CHAIN_NOT_YET_VALID:
		return VERDICT_ISSUER_NOT_YET_VALID;
	case CHAIN_EXPIRED:
		return VERDICT_ISSUER_EXPIRED;
	case CHAIN_NOT_A_CA:
		return VERDICT_ISSUER_NOT_CA;
	case CHAIN_PATH_LENGTH:
		return VERDICT_PATH_LENGTH;
	case CHAIN_CONSTRAINT:
		return VERDICT_CONSTRAINT;
	case CHAIN_SIGNATURE:
		return code_of_signature(fault->reason.signature);
	case CHAIN_WRONG_ISSUER:
		return VERDICT_UNKNOWN_AUTHORITY;
	case CHAIN_UNKNOWN_AUTHORITY:
		return code_of_hint(fault);
	case CHAIN_TOO_MANY_CHECKS:
		return VERDICT_TOO_MANY_CHECKS;
	case CHAIN_KEY_USAGE:
		return VERDICT_KEY_USAGE;
	case CHAIN_POLICIES:
		return VERDICT_POLICIES;
	case CHAIN_UNCHECKED:
		break;
	}
	return VERDICT_UNCHECKED;
}

static enum verdict_code code_of_leaf(enum chain_result result)
{
	return result == CHAIN_CRITICAL_EXTENSION ? VERDICT_CRITICAL_EXTENSION
	       : result == CHAIN_EXPIRED	  ? VERDICT_EXPIRED
						  : VERDICT_NOT_YET_VALID;
}

static enum verdict_code code_of_names(enum names_result result)
{
	return result == NAMES_ONLY_CN ? VERDICT_ONLY_CN
	       : result == NAMES_NONE  ? VERDICT_NO_NAME
				       : VERDICT_WRONG_NAME;
}

/* x509.Certificate.Verify. */
static enum verdict_code verify(const struct verdict_query *q,
				const struct pool *pool,
				const struct pool *sent, struct text *t)
{
	struct chain_query query = {
		.release = q->release,
		.now = q->now,
		.roots = pool->certificate,
		.roots_len = pool->len,
		.intermediates = sent->certificate + 1,
		.intermediates_len = sent->len - 1,
		.cache = q->cache,
		.arena = q->arena,
	};
	const struct certificate *leaf = &sent->certificate[0];
	struct chain_fault fault;
	enum names_result names;
	enum chain_result result = chain_check_leaf(leaf, &query, &fault);

	if (result != CHAIN_VALID) {
		chain_explain(t, &fault, &query);
		return code_of_leaf(result);
	}
	names = q->host.len ? names_check(leaf, q->host, q->release, t)
			    : NAMES_MATCH;
	if (names != NAMES_MATCH)
		return code_of_names(names);
	if (chain_check(leaf, &query, &fault) != CHAIN_VALID)
		chain_explain(t, &fault, &query);
	return code_of(&fault);
}

/* see verify.h */
enum verdict_code verify_parse(const struct verdict_query *q, struct pool *sent,
			       struct text *t)
{
	bool bounded = !q->verify_only && go_follows(q->release, GO_BOUND_RSA);
	struct certificate c;
	struct failure why;

	for (size_t i = 0; i < q->sent_len; i++) {
		enum err err = parsed_read(q->parsed, q->sent[i], q->release,
					   &c, &why);

		if (err != ERR_OK) {
			text_add(t, "tls: failed to parse certificate from "
				    "server: ");
			text_add(t, why.detail);
			return err == ERR_LIMIT ? VERDICT_UNCHECKED
						: VERDICT_UNREADABLE;
		}
		if (bounded && c.key.kind == KEY_RSA &&
		    c.key.bits > RSA_BITS_MAX) {
			text_add(t, "tls: server sent certificate containing "
				    "RSA key larger than 8192 bits");
			return VERDICT_HUGE_KEY;
		}
		/* The leaf stays first, whether or not it comes again. */
		pool_add(sent, &c, 1);
	}
	return VERDICT_ACCEPTED;
}

/* After Verify, crypto/tls looks at the kind of the leaf's key. */
static enum verdict_code check_leaf_key(const struct certificate *leaf,
					struct text *t)
{
	if (leaf->key.kind != KEY_UNKNOWN && leaf->key.kind != KEY_DSA)
		return VERDICT_ACCEPTED;
	text_add(t, "tls: server's certificate contains an unsupported type of "
		    "public key: ");
	text_add(t, key_go_type(leaf->key.kind));
	return VERDICT_LEAF_KEY;
}

/* see verify.h */
enum verdict_code verify_pool(const struct verdict_query *q,
			      const struct pool *pool, const struct pool *sent,
			      struct text *t)
{
	size_t frame = t->len;
	enum verdict_code code;

	if (!q->verify_only && go_follows(q->release, GO_FRAME_VERIFY))
		text_add(t, "tls: failed to verify certificate: ");
	code = verify(q, pool, sent, t);
	if (code != VERDICT_ACCEPTED || q->verify_only)
		return code;
	t->len = frame;
	return check_leaf_key(&sent->certificate[0], t);
}

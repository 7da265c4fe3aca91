/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of each reader of certs.d, one function for each thing that it
 * meets. A rule that an engine's release changes is one trait here and one row
 * in tests/unit/test_consumers.c.
 */
#include "installer/policy/consumer_rules.h"

#include "installer/policy/consumer_traits.h"

/* moby's isSecureIndex looks a name up, and takes it for insecure where one of
 * its addresses is loopback: for the classic paths in every release, for the
 * containerd store and BuildKit from 25.0 to 27.x. */
static bool looks_names_up(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	return has(q, TRAIT_SKIPS_HUB) ||
	       (has(q, TRAIT_DOCKER) && f->before_containerd_loader &&
		!f->before_fresh_build);
}

/* Measured: BuildKit of 20.10 and containerd 1.6 ask in plain http alone, 26.1
 * and 1.7 in TLS too, which they do not verify. What is between has the rules
 * of one or the other (source). */
static enum consumer_reason look_at_loopback(const struct consumer_question *q)
{
	if (has(q, TRAIT_CONTAINERD))
		return CONSUMER_LOOPBACK_OLD;
	return !has(q, TRAIT_SKIPS_HUB) && q->facts->before_fresh_build
		       ? CONSUMER_LOOPBACK_PLAIN
		       : CONSUMER_LOOPBACK;
}

/* docker login takes any host; of containerd's release nothing is known. */
static bool takes_new_reference(const struct consumer_question *q)
{
	return has(q, TRAIT_READS_NO_BODY | TRAIT_CONTAINERD) ||
	       (has(q, TRAIT_DOCKER) && !q->facts->before_fresh_build);
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_name(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->name == CONSUMER_NAME_HUB_PATH ||
	    (f->is_new_reference && !takes_new_reference(q)))
		return CONSUMER_NO_REGISTRY;
	if (f->name == CONSUMER_NAME_LOOPBACK && has(q, TRAIT_SKIPS_LOOPBACK))
		return look_at_loopback(q);
	if (f->name == CONSUMER_NAME_AT_LOOPBACK && looks_names_up(q))
		return CONSUMER_LOOPBACK;
	if (f->name == CONSUMER_NAME_HUB && has(q, TRAIT_SKIPS_HUB))
		return f->goes_apart ? CONSUMER_PROXY : CONSUMER_HUB;
	if (f->place == CONSUMER_PLACE_CONTAINERS && !has(q, TRAIT_CONTAINERS))
		return CONSUMER_OTHER_PLACE;
	if (f->place == CONSUMER_PLACE_CONTAINERD && !has(q, TRAIT_CONTAINERD))
		return CONSUMER_OTHER_PLACE;
	if (f->place == CONSUMER_PLACE_DOCKER &&
	    finds(q, TRAIT_CONTAINERS, CONSUMER_HAS_CONTAINERS))
		return CONSUMER_OTHER_FIRST;
	return CONSUMER_FINE;
}

/* see consumer_rules.h */
bool consumer_verifies_nothing(const struct consumer_question *q)
{
	return q->facts->is_insecure && has(q, TRAIT_DOCKER) &&
	       (q->facts->name == CONSUMER_NAME_ORDINARY ||
		q->facts->name == CONSUMER_NAME_AT_LOOPBACK) &&
	       q->facts->place == CONSUMER_PLACE_DOCKER;
}

/* see consumer_rules.h */
struct consumer_facts
consumer_without_verifying(const struct consumer_question *q, bool is_old)
{
	struct consumer_facts bare = *q->facts;
	bool asks_apart = has(q, TRAIT_TOKEN_CLIENT) ||
			  (has(q, TRAIT_TOKEN_STORE) && is_old);

	bare.certificate = CONSUMER_CERTIFICATE_ACCEPTED;
	if (bare.name == CONSUMER_NAME_LOOPBACK)
		bare.host = CONSUMER_HOST_COVERS; /* no directory is missing */
	if (has(q, TRAIT_SKIPS_HUB))
		bare.directory = 0;
	if (bare.token == CONSUMER_TOKEN_REFUSED &&
	    !(asks_apart && bare.token_at_fault))
		bare.token = CONSUMER_TOKEN_DIRECTORY;
	if (bare.token == CONSUMER_TOKEN_DIRECTORY && !asks_apart)
		bare.token = CONSUMER_TOKEN_NONE;
	return bare;
}

/* see consumer_rules.h */
enum consumer_reason
consumer_look_at_directory(const struct consumer_question *q)
{
	if (finds(q, TRAIT_FILES, CONSUMER_HAS_NO_DIRECTORY))
		return CONSUMER_NO_DIRECTORY;
	/* A client certificate in a directory that is not read at all stops
	 * nobody: containerd's loader looks for the others first. */
	if (finds(q, TRAIT_TOML, CONSUMER_HAS_PORT_ALIAS))
		return CONSUMER_ALIAS;
	if (finds(q, TRAIT_TOML, CONSUMER_HAS_HOSTS_TOML))
		return CONSUMER_TOML;
	if (finds(q, TRAIT_TOML, CONSUMER_HAS_DEFAULT))
		return CONSUMER_DEFAULT;
	if (finds(q, TRAIT_KEYS, CONSUMER_HAS_LONE_KEY))
		return CONSUMER_PAIR;
	if (finds(q, TRAIT_FILES, CONSUMER_HAS_LONE_CERT))
		return has(q, TRAIT_TOML) ? CONSUMER_ONE_FILE : CONSUMER_PAIR;
	/* containers/image passes over what is gone when it opens it. */
	if (finds(q, TRAIT_FILES, CONSUMER_HAS_UNREADABLE) ||
	    (finds(q, TRAIT_FILES, CONSUMER_HAS_FOLDER) &&
	     !has(q, TRAIT_TOML)) ||
	    finds(q, TRAIT_OPENS_ALL, CONSUMER_HAS_DANGLING))
		return CONSUMER_CRT;
	if (finds(q, TRAIT_STRICT, CONSUMER_HAS_VOID))
		return CONSUMER_VOID_CRT;
	return CONSUMER_FINE;
}

/* see consumer_rules.h; Docker asks the token service first, and sends name and
 * password beside its token. */
bool consumer_takes_basic(const struct consumer_question *q)
{
	return q->facts->basic_first && has(q, TRAIT_CONTAINERS);
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_token(const struct consumer_question *q,
					    bool is_old)
{
	const struct consumer_facts *f = q->facts;

	if (consumer_takes_basic(q))
		return CONSUMER_FINE;
	/* Its handshake comes before its certificate, verified or not. */
	if (f->token_lacks_suite && has(q, TRAIT_SUITES))
		return CONSUMER_TOKEN_FAULT;
	if (f->token_has_rare && has(q, TRAIT_CONTAINERS))
		return CONSUMER_RARE_SUITE;
	switch (f->token) {
	case CONSUMER_TOKEN_REFUSED:
		return f->token_at_fault ? CONSUMER_TOKEN_FAULT
					 : CONSUMER_TOKEN;
	case CONSUMER_TOKEN_DIRECTORY:
		if (has(q, TRAIT_TOKEN_CLIENT))
			return CONSUMER_TOKEN_CLIENT;
		if (has(q, TRAIT_TOKEN_STORE) && is_old)
			return CONSUMER_TOKEN_STORE;
		break;
	case CONSUMER_TOKEN_NONE:
	case CONSUMER_TOKEN_UNSEEN:
	case CONSUMER_TOKEN_PLAIN:
	case CONSUMER_TOKEN_HOST:
		break;
	}
	return f->token_down ? CONSUMER_TOKEN_DOWN : CONSUMER_FINE;
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_start(const struct consumer_question *q)
{
	if (q->facts->host == CONSUMER_HOST_COVERS)
		return CONSUMER_FINE;
	if (has(q, TRAIT_LISTS_AT_START) && q->facts->before_fresh_build)
		return CONSUMER_BUILD_START;
	return has(q, TRAIT_CONTAINERD) ? CONSUMER_CONFIG_PATH : CONSUMER_FINE;
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_pair(const struct consumer_question *q)
{
	return finds(q, TRAIT_FILES, CONSUMER_HAS_PAIR) ? CONSUMER_CLIENT_PAIR
							: CONSUMER_FINE;
}

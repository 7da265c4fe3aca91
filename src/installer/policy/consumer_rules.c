/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of each reader of certs.d, one function for each thing that it
 * meets. A rule that an engine's release changes is one trait here and one row
 * in tests/unit/test_consumers.c.
 */
#include "installer/policy/consumer_rules.h"

/* In which ways a consumer is like others. */
enum trait {
	TRAIT_DOCKER = 1 << 0,	   /* reads /etc/docker/certs.d */
	TRAIT_CONTAINERS = 1 << 1, /* ... after /etc/containers/certs.d */
	TRAIT_CONTAINERD = 1 << 2, /* ... where its config_path says so */
	TRAIT_SKIPS_HUB = 1 << 3,
	TRAIT_SKIPS_LOOPBACK = 1 << 4, /* does not verify there */
	TRAIT_PAIRS = 1 << 5,	       /* stops at a .cert or .key alone */
	TRAIT_OPENS_ALL = 1 << 6,      /* stops at a .crt it cannot open */
	TRAIT_TOML = 1 << 7, /* containerd's loader: hosts.toml, host_port_/ */
	TRAIT_STRICT = 1 << 8,	     /* ... and no .crt without a certificate */
	TRAIT_SUITES = 1 << 9,	     /* has Docker's own, shorter list */
	TRAIT_TOKEN_STORE = 1 << 10, /* may ask with the host's store alone */
	TRAIT_TOKEN_CLIENT = 1 << 11,
	TRAIT_READS_NO_BODY = 1 << 12,	/* 200 is enough, whatever the page */
	TRAIT_LISTS_AT_START = 1 << 13, /* a directory, until Docker 25 */
	TRAIT_ASKS_V2 = 1 << 14 /* ... first; containerd asks for images only */
};

#define TRAITS_CLASSIC                                                         \
	(TRAIT_DOCKER | TRAIT_SKIPS_HUB | TRAIT_SKIPS_LOOPBACK | TRAIT_PAIRS | \
	 TRAIT_OPENS_ALL | TRAIT_SUITES | TRAIT_ASKS_V2)
#define TRAITS_LOADER                                                          \
	(TRAIT_PAIRS | TRAIT_OPENS_ALL | TRAIT_TOML | TRAIT_STRICT)

static const unsigned traits_of_consumer[CONSUMER_COUNT_] = {
	[CONSUMER_LOGIN] = TRAITS_CLASSIC | TRAIT_READS_NO_BODY,
	[CONSUMER_PULL_CLASSIC] = TRAITS_CLASSIC,
	[CONSUMER_PULL_CONTAINERD] = TRAIT_DOCKER | TRAIT_SKIPS_LOOPBACK |
				     TRAITS_LOADER | TRAIT_TOKEN_STORE,
	[CONSUMER_BUILD] = TRAIT_DOCKER | TRAIT_SKIPS_LOOPBACK | TRAITS_LOADER |
			   TRAIT_TOKEN_CLIENT | TRAIT_LISTS_AT_START,
	[CONSUMER_CONTAINERD] =
		TRAIT_CONTAINERD | TRAIT_SKIPS_LOOPBACK | TRAITS_LOADER,
	[CONSUMER_PODMAN] = TRAIT_CONTAINERS | TRAIT_PAIRS | TRAIT_ASKS_V2,
};

static bool has(const struct consumer_question *q, unsigned traits)
{
	return q->traits & traits;
}

static bool finds(const struct consumer_question *q, unsigned traits,
		  unsigned files)
{
	return has(q, traits) && q->facts->directory & files;
}

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

/* Whose name, and whose certs.d: does it read a directory for it at all? */
enum consumer_reason consumer_look_at_name(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->name == CONSUMER_NAME_HUB_PATH)
		return CONSUMER_NO_REGISTRY;
	if (f->name == CONSUMER_NAME_LOOPBACK && has(q, TRAIT_SKIPS_LOOPBACK))
		return CONSUMER_LOOPBACK;
	if (f->name == CONSUMER_NAME_AT_LOOPBACK && looks_names_up(q))
		return CONSUMER_LOOPBACK;
	if (f->name == CONSUMER_NAME_HUB && has(q, TRAIT_SKIPS_HUB))
		return CONSUMER_HUB;
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
	if (has(q, TRAIT_SKIPS_HUB))
		bare.directory = 0;
	if (bare.token == CONSUMER_TOKEN_REFUSED)
		bare.token = CONSUMER_TOKEN_DIRECTORY;
	if (bare.token == CONSUMER_TOKEN_DIRECTORY && !asks_apart)
		bare.token = CONSUMER_TOKEN_NONE;
	return bare;
}

enum consumer_reason
consumer_look_at_directory(const struct consumer_question *q)
{
	/* A client certificate in a directory that is not read at all stops
	 * nobody: containerd's loader looks for the others first. */
	if (finds(q, TRAIT_TOML, CONSUMER_HAS_PORT_ALIAS))
		return CONSUMER_ALIAS;
	if (finds(q, TRAIT_TOML, CONSUMER_HAS_HOSTS_TOML))
		return CONSUMER_TOML;
	if (finds(q, TRAIT_PAIRS,
		  CONSUMER_HAS_LONE_CERT | CONSUMER_HAS_LONE_KEY))
		return CONSUMER_PAIR;
	if (finds(q, TRAIT_OPENS_ALL,
		  CONSUMER_HAS_UNREADABLE | CONSUMER_HAS_DANGLING))
		return CONSUMER_CRT;
	if (finds(q, TRAIT_STRICT, CONSUMER_HAS_VOID))
		return CONSUMER_VOID_CRT;
	return CONSUMER_FINE;
}

/* Where /v2/ leads. Who does not ask for it asks for paths of which nobody
 * knows whether they lead there too. */
static enum consumer_reason look_at_redirect(const struct consumer_question *q)
{
	if (!has(q, TRAIT_ASKS_V2))
		return CONSUMER_PATHS;
	switch (q->facts->reply) {
	case CONSUMER_REPLY_REDIRECT:
		return CONSUMER_REDIRECTED;
	case CONSUMER_REPLY_LOOP:
		return CONSUMER_LOOP;
	case CONSUMER_REPLY_PLAIN:
		return CONSUMER_PLAIN;
	case CONSUMER_REPLY_MOVED:
		return has(q, TRAIT_READS_NO_BODY) ? CONSUMER_FINE
						   : CONSUMER_PATHS;
	case CONSUMER_REPLY_AWAY:
	case CONSUMER_REPLY_ASTRAY:
		return CONSUMER_ASTRAY;
	case CONSUMER_REPLY_NONE:
	case CONSUMER_REPLY_REGISTRY:
	case CONSUMER_REPLY_STATUS:
	case CONSUMER_REPLY_FOREIGN:
		break;
	}
	return CONSUMER_FINE;
}

enum consumer_reason consumer_look_at_server(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->lacks_classic_suite && has(q, TRAIT_SUITES))
		return CONSUMER_SUITE;
	if (f->handshake_refused)
		return CONSUMER_HANDSHAKE;
	if (f->certificate == CONSUMER_CERTIFICATE_REFUSED)
		return CONSUMER_CERTIFICATE;
	switch (f->reply) {
	case CONSUMER_REPLY_STATUS:
		return CONSUMER_REPLIED;
	case CONSUMER_REPLY_FOREIGN:
		return has(q, TRAIT_READS_NO_BODY) ? CONSUMER_FINE
						   : CONSUMER_REPLIED;
	case CONSUMER_REPLY_NONE:
	case CONSUMER_REPLY_REGISTRY:
		return CONSUMER_FINE;
	case CONSUMER_REPLY_REDIRECT:
	case CONSUMER_REPLY_PLAIN:
	case CONSUMER_REPLY_AWAY:
	case CONSUMER_REPLY_ASTRAY:
	case CONSUMER_REPLY_LOOP:
	case CONSUMER_REPLY_MOVED:
		break;
	}
	return look_at_redirect(q);
}

/* The token service, with the pool that this consumer has for it. */
enum consumer_reason consumer_look_at_token(const struct consumer_question *q,
					    bool is_old)
{
	const struct consumer_facts *f = q->facts;

	switch (f->token) {
	case CONSUMER_TOKEN_REFUSED:
		return CONSUMER_TOKEN;
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
	return CONSUMER_FINE;
}

enum consumer_reason consumer_look_at_start(const struct consumer_question *q)
{
	if (q->facts->host == CONSUMER_HOST_COVERS)
		return CONSUMER_FINE;
	if (has(q, TRAIT_LISTS_AT_START) && q->facts->before_fresh_build)
		return CONSUMER_BUILD_START;
	return has(q, TRAIT_CONTAINERD) ? CONSUMER_CONFIG_PATH : CONSUMER_FINE;
}

/* Before 28.0 the containerd store and BuildKit had the classic directories. */
unsigned consumer_traits(enum consumer consumer,
			 const struct consumer_facts *facts)
{
	unsigned traits = traits_of_consumer[consumer];
	bool is_docker = traits & TRAIT_DOCKER;

	if (is_docker && facts->before_containerd_loader)
		traits &= ~(unsigned)(TRAIT_TOML | TRAIT_STRICT);
	return traits;
}

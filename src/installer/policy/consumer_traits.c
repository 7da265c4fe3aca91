/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which reader has which trait.
 */
#include "installer/policy/consumer_traits.h"

#define TRAITS_CLASSIC                                                         \
	(TRAIT_DOCKER | TRAIT_SKIPS_HUB | TRAIT_SKIPS_LOOPBACK | TRAIT_FILES | \
	 TRAIT_KEYS | TRAIT_OPENS_ALL | TRAIT_SUITES | TRAIT_ASKS_V2)
#define TRAITS_LOADER                                                          \
	(TRAIT_FILES | TRAIT_OPENS_ALL | TRAIT_TOML | TRAIT_STRICT)

static const unsigned traits_of_consumer[CONSUMER_COUNT_] = {
	[CONSUMER_LOGIN] = TRAITS_CLASSIC | TRAIT_READS_NO_BODY,
	[CONSUMER_PULL_CLASSIC] = TRAITS_CLASSIC,
	[CONSUMER_PULL_CONTAINERD] = TRAIT_DOCKER | TRAIT_SKIPS_LOOPBACK |
				     TRAITS_LOADER | TRAIT_TOKEN_STORE,
	[CONSUMER_BUILD] = TRAIT_DOCKER | TRAIT_SKIPS_LOOPBACK | TRAITS_LOADER |
			   TRAIT_TOKEN_CLIENT | TRAIT_LISTS_AT_START,
	[CONSUMER_CONTAINERD] =
		TRAIT_CONTAINERD | TRAIT_SKIPS_LOOPBACK | TRAITS_LOADER,
	[CONSUMER_PODMAN] =
		TRAIT_CONTAINERS | TRAIT_FILES | TRAIT_KEYS | TRAIT_ASKS_V2,
};

/* see consumer_rules.h; before 28.0 the containerd store and BuildKit had the
 * classic directories. */
unsigned consumer_traits(enum consumer consumer,
			 const struct consumer_facts *facts)
{
	unsigned traits = traits_of_consumer[consumer];
	bool is_docker = traits & TRAIT_DOCKER;

	if (is_docker && facts->before_containerd_loader)
		traits &= ~(unsigned)(TRAIT_TOML | TRAIT_STRICT);
	return traits;
}

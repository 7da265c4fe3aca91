/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which ways the readers of certs.d are alike: for the rules, and for nobody
 * else. Installer only. Pure.
 */
#ifndef INSTALLER_POLICY_CONSUMER_TRAITS_H
#define INSTALLER_POLICY_CONSUMER_TRAITS_H

#include "installer/policy/consumer_rules.h"

enum trait {
	TRAIT_DOCKER = 1 << 0,	   /* reads /etc/docker/certs.d */
	TRAIT_CONTAINERS = 1 << 1, /* ... after /etc/containers/certs.d */
	TRAIT_CONTAINERD = 1 << 2, /* ... where its config_path says so */
	TRAIT_SKIPS_HUB = 1 << 3,
	TRAIT_SKIPS_LOOPBACK = 1 << 4, /* does not verify there */
	TRAIT_FILES = 1 << 5,	       /* stops at a .cert alone, and so on */
	TRAIT_OPENS_ALL = 1 << 6,      /* stops at a .crt it cannot open */
	/* containerd's loader: hosts.toml, host_port_/, _default; it passes
	 * over directories and takes a .cert for its key too */
	TRAIT_TOML = 1 << 7,
	TRAIT_STRICT = 1 << 8,	     /* ... and no .crt without a certificate */
	TRAIT_SUITES = 1 << 9,	     /* has Docker's own, shorter list */
	TRAIT_TOKEN_STORE = 1 << 10, /* may ask with the host's store alone */
	TRAIT_TOKEN_CLIENT = 1 << 11,
	TRAIT_READS_NO_BODY = 1 << 12,	/* 200 is enough, whatever the page */
	TRAIT_LISTS_AT_START = 1 << 13, /* a directory, until Docker 25 */
	TRAIT_ASKS_V2 =
		1 << 14,     /* ... first; containerd asks for images only */
	TRAIT_KEYS = 1 << 15 /* stops at a .key alone */
};

static inline bool has(const struct consumer_question *q, unsigned traits)
{
	return q->traits & traits;
}

static inline bool finds(const struct consumer_question *q, unsigned traits,
			 unsigned files)
{
	return has(q, traits) && q->facts->directory & files;
}

#endif

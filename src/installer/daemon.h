/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of this host's Docker daemon: from its daemon.json, by the word
 * of a probe that has met no server. Installer only. Pure.
 */
#ifndef INSTALLER_DAEMON_H
#define INSTALLER_DAEMON_H

#include <stdbool.h>
#include <stddef.h>

#include "common/registry.h"
#include "common/wire.h"
#include "installer/inputs/daemon_file.h"
#include "installer/policy/consumers.h"

struct daemon {
	enum daemon_file file;
	bool is_read;	/* it was read, and is what Docker can read */
	bool has_proxy; /* Docker reaches what is on https through one */
	enum consumer_store store;
	size_t name_count;
	struct {
		enum settings_list list;
		char text[REGISTRY_CHARS_MAX + 1];
	} names[SETTINGS_NAMES_MAX];
};

/* Fill OUT from SETTINGS, the report on a FILE that was read; NULL where there
 * is none. */
void daemon_learn(enum daemon_file file, const struct settings *settings,
		  struct daemon *out);

/* What is known of daemon.json, as a fact for consumers. */
enum consumer_daemon daemon_sight(const struct daemon *d);

/*
 * Does Docker verify nothing of REGISTRY? As in moby (loadInsecureRegistries,
 * isSecureIndex): an entry is the whole reference letter for letter, or a
 * network in which an address of the host lies; never for Docker Hub. ADDRESS
 * is the one that answered, host:port; empty where it is not the registry's
 * own. Not looked at: other addresses of the name, which Docker looks at too.
 */
bool daemon_is_insecure(const struct daemon *d, const struct registry *registry,
			const char *address);

/* Is REGISTRY one from which Docker Hub's images are to come? */
bool daemon_is_mirror(const struct daemon *d, const struct registry *registry);

#endif

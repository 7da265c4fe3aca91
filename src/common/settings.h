/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What daemon.json says of registries, on its way from the probe that reads it
 * to the installer. Both processes. No code.
 */
#ifndef COMMON_SETTINGS_H
#define COMMON_SETTINGS_H

#include <stddef.h>

#include "common/bytes.h"
#include "common/limits.h"

enum settings_flag {
	SETTINGS_READ = 1 << 0,	      /* else nothing here is known */
	SETTINGS_CONTAINERD = 1 << 1, /* the image store that it chooses ... */
	SETTINGS_CLASSIC = 1 << 2,    /* ... neither: it leaves it open */
	SETTINGS_PROXY = 1 << 3, /* Docker goes through one, but for no-proxy */
	SETTINGS_FLAGS_ = (1 << 4) - 1
};

/* Its lists of registries. */
enum settings_list {
	SETTINGS_INSECURE, /* host[:port], or a network: 198.51.100.0/24 */
	SETTINGS_MIRRORS,  /* of Docker Hub: host[:port], those with https */
	SETTINGS_LISTS_COUNT_
};

struct settings_name {
	enum settings_list list;
	struct bytes text; /* printable ASCII without blanks */
};

struct settings {
	unsigned flags; /* of enum settings_flag */
	size_t name_count;
	struct settings_name names[SETTINGS_NAMES_MAX];
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of a survey tell each other: survey.c takes it, entries.c
 * reads the directory, neighbours.c looks at what stands beside it. written.c
 * names its failures as they do.
 */
#ifndef INSTALLER_CERTS_D_SURVEY_PARTS_H
#define INSTALLER_CERTS_D_SURVEY_PARTS_H

#include "installer/certs_d/survey.h"

/* Is there something called NAME in DIR, whatever it is? */
bool survey_has_entry(int dir, const char *name);

/* Is NAME in DIR, through links, a file without a byte, or /dev/null, which
 * reads as one? containerd's loader takes such a hosts.toml for none. */
bool survey_is_empty(int dir, const char *name);

/* Note SHADOW, of NAME. */
void survey_add_shadow(struct survey *out, enum survey_shadow shadow,
		       const char *name);

/* Fill F: NAME in the directory of REGISTRY, or the directory where it is
 * empty, and WHY. Returns ERR_STORE. */
enum err survey_refuse(struct failure *f, const struct registry *registry,
		       const char *name, enum cause cause, const char *why);

/* Read what is in FD, the open directory of REGISTRY, and close it. */
MUST_CHECK enum err survey_take_entries(int fd, const struct registry *registry,
					struct survey *out, struct failure *f);

/* Note what in ROOT, certs.d, and outside makes a consumer read another
 * directory, or us another. */
void survey_check_neighbours(int root, const struct registry *registry,
			     struct survey *out);

#endif

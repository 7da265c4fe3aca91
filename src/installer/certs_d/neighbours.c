/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands beside one registry's directory; see survey_parts.h.
 */
#include "installer/certs_d/survey_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Are ROOT and the directory PATH one? */
static bool is_itself(int root, const char *path)
{
	struct stat own, other;

	return !fstat(root, &own) && !stat(path, &other) &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

/* see survey_parts.h; containerd's loader asks for host_port_ before host:port,
 * and for _default only when neither exists. */
void survey_check_neighbours(int root, const struct registry *registry,
			     struct survey *out)
{
	const char *colon = strrchr(registry->reference, ':');
	bool has_port = colon && !strchr(colon, ']');
	char alias[REGISTRY_CHARS_MAX + 2];
	char podman[REGISTRY_CHARS_MAX + 32];
	char spelling[REGISTRY_CHARS_MAX + 8];

	if (has_port) {
		snprintf(alias, sizeof(alias), "%.*s_%s_",
			 (int)(colon - registry->reference),
			 registry->reference, colon + 1);
		if (survey_has_entry(root, alias))
			survey_add_shadow(out, SURVEY_PORT_ALIAS, alias);
	}
	if (registry_other_reference(registry, spelling) &&
	    survey_has_entry(root, spelling))
		survey_add_shadow(out, SURVEY_OTHER_SPELLING, spelling);
	if (survey_has_entry(root, "_default"))
		survey_add_shadow(out, SURVEY_DEFAULT, "_default");
	/* containers/image takes the first directory that exists. */
	snprintf(podman, sizeof(podman), SURVEY_CONTAINERS_DIR "/%s",
		 registry->reference);
	if (survey_has_entry(AT_FDCWD, podman) &&
	    !is_itself(root, SURVEY_CONTAINERS_DIR))
		survey_add_shadow(out, SURVEY_CONTAINERS, podman);
}

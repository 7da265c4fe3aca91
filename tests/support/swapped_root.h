/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certs.d that somebody replaces, for a test that has the line
 * "wrap: directory_check_root". Its path is "certs.d", its descriptor 7.
 */
#ifndef SUPPORT_SWAPPED_ROOT_H
#define SUPPORT_SWAPPED_ROOT_H

#include "support/unit.h"

#include "installer/certs_d/cause.h"
#include "installer/certs_d/directory.h"

/* Has somebody put another certs.d in the place of this one? */
static bool is_swapped;

enum err __wrap_directory_check_root(const char *path, int root,
				     struct failure *f);

enum err __wrap_directory_check_root(const char *path, int root,
				     struct failure *f)
{
	assert_string_equal(path, "certs.d");
	assert_int_equal(root, 7);
	if (!is_swapped)
		return ERR_OK;
	failure_set(f, ERR_STORE, "another directory");
	f->cause = CAUSE_CHANGED;
	return ERR_STORE;
}

#endif

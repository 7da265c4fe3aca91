/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators write in a registry's place: the grammar of common/registry.h,
 * and for all that is none of it the registry that was probably meant.
 * Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_REFERENCE_H
#define INSTALLER_OPTIONS_REFERENCE_H

#include "common/error.h"
#include "common/registry.h"
#include "installer/options/items.h"

/*
 * Read ITEM into OUT as registry_parse does. ERR_USAGE otherwise; the detail
 * names the registry of an image (`reg.example.com/app:1`), of a docker:// or
 * oci:// reference, of a name with a final dot, with letters beyond ASCII (its
 * xn-- form), or with containerd's underscores. What may be a password is not
 * shown.
 *
 * Not accepted in its place: a mistake in a list of names is better seen once
 * than carried along, and `team/app` is an image of Docker Hub.
 */
MUST_CHECK enum err reference_read(struct item item, struct registry *out,
				   struct failure *f);

#endif

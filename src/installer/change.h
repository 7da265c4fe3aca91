/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a decision makes of a registry's ca.crt. Installer only.
 */
#ifndef INSTALLER_CHANGE_H
#define INSTALLER_CHANGE_H

#include "common/wire.h"
#include "installer/certs_d/edit.h"
#include "installer/certs_d/store.h"
#include "installer/job.h"
#include "installer/policy/policy.h"

/* The edit of TURN's ca.crt for DECISION on O. IS_VOID: what is there is moved
 * aside whole. Views TURN and O. */
struct edit change_edit(const struct turn *turn, const struct outcome *o,
			enum policy_decision decision, bool is_void);

/*
 * Compose EDIT in ROOM and write it below ROOT. Nothing is written where it
 * changes nothing. Fails as edit_compose and store_write do.
 */
MUST_CHECK enum err change_write(int root, const struct turn *turn,
				 const struct edit *edit,
				 struct store_room *room,
				 struct store_result *out, struct failure *f);

#endif

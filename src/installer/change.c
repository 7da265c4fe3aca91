/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/change.h"

#include "installer/service.h"

/* see change.h */
struct edit change_edit(const struct turn *turn, const struct outcome *o,
			enum policy_decision decision, bool is_void)
{
	struct edit edit = {
		.certs = o->certs,
		.cert_count = o->cert_count,
		.act = EDIT_KEEP,
		.service = service_is_asked(turn) ? turn->job.target->reference
						  : NULL,
		.now = turn->job.now,
	};

	if (!is_void)
		edit.old = job_ca_file(turn);
	if (decision == POLICY_INSTALL)
		edit.act = EDIT_REPLACE;
	else if (decision == POLICY_INSTALL_BESIDE)
		edit.act = EDIT_ADD;
	return edit;
}

/* see change.h */
enum err change_write(int root, const struct turn *turn,
		      const struct edit *edit, struct store_room *room,
		      struct store_result *out, struct failure *f)
{
	struct store_change change = {.seen = &turn->survey};
	struct edit_result made;
	enum err err =
		edit_compose(edit, room->text, sizeof(room->text), &made, f);

	if (err != ERR_OK || !made.changed)
		return err;
	change.content = made.content;
	change.sets_aside = job_ca_file(turn).len && !edit->old.len;
	return store_write(root, turn->registry, &change, room, out, f);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/prune.h"

#include "installer/certs_d/written.h"
#include "installer/remove.h"

/* --check of a registry that is not in the list. */
static void tell_unlisted(struct round *round, const struct task *task)
{
	struct report report = round_report(round, task);

	report.state = REPORT_UNLISTED;
	round_tell(round, 0, &report);
	teller_release(round->teller, SIZE_MAX);
}

static enum err prune_one(struct round *round, const struct certs_dir *at,
			  struct failure *f)
{
	const struct options *o = round->options;
	const struct written_query query = {o->registries, o->registry_count,
					    round->room.text};
	struct written found;
	enum err err = written_find(at->root, &query, &found, f);

	for (size_t i = 0; i < found.count && err == ERR_OK; i++) {
		struct task task = {.registry = &found.list[i],
				    .certs_dir = at};

		if (o->mode == OPTIONS_CHECK)
			tell_unlisted(round, &task);
		else
			err = round_take_back(round, &task, remove_unlisted, f);
	}
	written_free(&found);
	return err;
}

/* see prune.h */
enum err prune_unlisted(struct round *round, struct failure *f)
{
	enum err err = ERR_OK;

	/* What the last probe said is of no registry here. */
	wire_clear(&round->outcome);
	for (size_t i = 0; i < round->certs_dir_count && err == ERR_OK; i++) {
		const struct certs_dir *at = &round->certs_dirs[i];

		if (at->root >= 0)
			err = prune_one(round, at, f);
		if (err != ERR_STORE)
			continue;
		round->worst = round_worse(
			round->worst,
			report_failure_late(f, round->options, at->path));
		err = ERR_OK;
	}
	return err;
}

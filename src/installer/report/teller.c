/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/teller.h"

#include "installer/report/terminal.h"

/* Trusted as it was before, and nothing to warn of. */
static bool is_quiet(const struct report *r)
{
	return report_exit_of(r) == REPORT_EXIT_TRUSTED &&
	       !report_warnings_of(r) &&
	       (r->state == REPORT_UNCHANGED || r->state == REPORT_RENEWED ||
		r->state == REPORT_NOT_NEEDED || r->state == REPORT_TRUSTED ||
		r->state == REPORT_PRESENT || r->state == REPORT_ABSENT);
}

/* see teller.h */
void teller_tell(struct teller *t, const struct report *r)
{
	bool news = !t->memory || memory_is_news(t->memory, r);

	tally_add(&t->tally, r);
	if ((t->is_repeat && !news && !t->options->json) ||
	    (t->options->quiet && is_quiet(r))) {
		terminal_progress(t->options, t->tally.total,
				  t->registry_count);
		return;
	}
	t->said++;
	if (t->options->json)
		report_json(r);
	else
		report_text(r);
	terminal_progress(t->options, t->tally.total, t->registry_count);
}

/* see teller.h */
void teller_end(struct teller *t)
{
	terminal_clear(t->options);
	if (!t->options->json && (t->said || !t->is_repeat) &&
	    (t->said || !t->options->quiet))
		tally_print(&t->tally, t->options->certs_dir_count);
}

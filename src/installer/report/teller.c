/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/teller.h"

#include <stdlib.h>

#include "installer/report/output.h"

/* Trusted as it was before, and nothing to warn of. */
static bool is_quiet(const struct report *r)
{
	return report_exit_of(r) == REPORT_EXIT_TRUSTED &&
	       !report_warnings_of(r) &&
	       (r->state == REPORT_UNCHANGED || r->state == REPORT_RENEWED ||
		r->state == REPORT_NOT_NEEDED || r->state == REPORT_TRUSTED ||
		r->state == REPORT_PRESENT || r->state == REPORT_ABSENT);
}

/* A report as it is to be printed. */
struct teller_held {
	struct teller_held *next;
	size_t order;
	bool is_error; /* it goes to standard error */
	size_t len;
	char *text;
};

static void print(FILE *to, const struct report *r)
{
	if (r->options->json)
		report_json(to, r);
	else
		report_text(to, r);
}

/* R as text, or NULL where memory is short. */
static struct teller_held *render(const struct report *r)
{
	struct teller_held *held = calloc(1, sizeof(*held));
	FILE *to = held ? open_memstream(&held->text, &held->len) : NULL;
	bool failed;

	if (!to) {
		free(held);
		return NULL;
	}
	print(to, r);
	failed = ferror(to);
	if (!fclose(to) && !failed)
		return held;
	free(held->text);
	free(held);
	return NULL;
}

/* JSON is one stream, whatever it says. */
static bool is_for_error(const struct report *r)
{
	return !r->options->json && report_exit_of(r) != REPORT_EXIT_TRUSTED;
}

static void hold(struct teller *t, size_t order, struct teller_held *held)
{
	struct teller_held **at = &t->held;

	while (*at && (*at)->order <= order)
		at = &(*at)->next;
	held->next = *at;
	*at = held;
	t->held_bytes += held->len;
}

static void clear(struct teller *t)
{
	terminal_clear(t->options);
	t->shown = (struct terminal_progress){.done = 0};
}

/* see teller.h */
void teller_show(struct teller *t, struct terminal_progress p)
{
	p.done = t->tally.total;
	p.total = t->registry_count;
	if (p.total == t->shown.total && p.done == t->shown.done &&
	    p.name == t->shown.name && p.pause_ms == t->shown.pause_ms &&
	    p.ms / 1000 == t->shown.ms / 1000)
		return;
	terminal_show(t->options, &p);
	t->shown = p;
}

/* see teller.h */
void teller_release(struct teller *t, size_t order)
{
	while (t->held && t->held->order < order) {
		struct teller_held *held = t->held;

		clear(t);
		output_text(held->is_error, held->text, held->len);
		t->held = held->next;
		t->held_bytes -= held->len;
		free(held->text);
		free(held);
	}
}

/* see teller.h */
void teller_tell(struct teller *t, size_t order, const struct report *r)
{
	bool news = !t->memory || memory_is_news(t->memory, r);
	struct teller_held *held;

	tally_add(&t->tally, r);
	if ((t->is_repeat && !news && !t->options->json) ||
	    (t->options->quiet && is_quiet(r)))
		return;
	t->said++;
	held = render(r);
	if (held) {
		held->order = order;
		held->is_error = is_for_error(r);
		hold(t, order, held);
	}
	if (!held || t->held_bytes > HELD_BYTES_MAX)
		teller_release(t, SIZE_MAX);
	if (held)
		return;
	clear(t);
	print(is_for_error(r) ? stderr : stdout, r);
	fflush(stdout);
}

/* see teller.h */
void teller_end(struct teller *t, bool is_stopped)
{
	teller_release(t, SIZE_MAX);
	clear(t);
	if (!t->options->json && (t->said || !t->is_repeat) &&
	    (t->said || !t->options->quiet))
		tally_print(&t->tally, t->options,
			    is_stopped && (t->options->prune ||
					   t->tally.total < t->registry_count));
}

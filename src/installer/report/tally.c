/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/tally.h"

#include <stdio.h>

#include "installer/report/output.h"

/* How registries end, in the order in which they are summed up. */
static const char *const words[TALLY_COUNT_] = {
	[TALLY_TRUSTED] = "trusted",
	[TALLY_PRESENT] = "installed",
	[TALLY_SHOWN] = "shown",
	[TALLY_REMOVED] = "removed",
	[TALLY_ABSENT] = "with nothing to remove",
	[TALLY_UNREACHED] = "not reached",
	[TALLY_USAGE] = "not understood",
	[TALLY_UNLISTED] = "not in the list",
	[TALLY_REFUSED] = "refused",
	[TALLY_UNWRITTEN] = "not written",
	[TALLY_DOCKER] = "refused by Docker",
	[TALLY_UNFIT] = "not fit for use",
};

/* Nobody was asked: no word says what Docker does. */
static bool is_offline(const struct report *r)
{
	return options_looks_only(r->options);
}

static enum tally_kind kind_of_success(const struct report *r)
{
	switch ((int)r->state) {
	case REPORT_PRESENT:
		return TALLY_PRESENT;
	case REPORT_SHOWN:
		return TALLY_SHOWN;
	case REPORT_REMOVED:
	case REPORT_PRUNED:
		return TALLY_REMOVED;
	case REPORT_ABSENT:
		return TALLY_ABSENT;
	default:
		return r->options->offline ? TALLY_PRESENT : TALLY_TRUSTED;
	}
}

static enum tally_kind kind_of(const struct report *r)
{
	switch (report_exit_of(r)) {
	case REPORT_EXIT_TRUSTED:
		return kind_of_success(r);
	case REPORT_EXIT_UNREACHED:
		return TALLY_UNREACHED;
	case REPORT_EXIT_USAGE:
		return TALLY_USAGE;
	case REPORT_EXIT_REFUSED:
		return r->state == REPORT_UNLISTED ? TALLY_UNLISTED
						   : TALLY_REFUSED;
	case REPORT_EXIT_STORE:
		return TALLY_UNWRITTEN;
	case REPORT_EXIT_DOCKER:
		break;
	}
	return is_offline(r) ? TALLY_UNFIT : TALLY_DOCKER;
}

/* see tally.h */
void tally_add(struct tally *t, const struct report *r)
{
	if (!r->service) {
		t->ended[kind_of(r)]++;
		t->total++;
	} else if (report_exit_of(r) != REPORT_EXIT_TRUSTED) {
		t->services[kind_of(r)]++;
		t->leads_away = t->leads_away || r->is_redirect;
	}
}

static size_t count(const size_t ended[static TALLY_COUNT_])
{
	size_t total = 0;

	for (size_t i = 0; i < TALLY_COUNT_; i++)
		total += ended[i];
	return total;
}

static void print_kinds(FILE *to, const size_t ended[static TALLY_COUNT_])
{
	const char *comma = ": ";

	for (size_t i = 0; i < TALLY_COUNT_; i++) {
		if (!ended[i])
			continue;
		fprintf(to, "%s%zu %s", comma, ended[i], words[i]);
		comma = ", ";
	}
}

/* see tally.h */
void tally_print(const struct tally *t, const struct options *o, bool is_cut)
{
	struct output out;
	FILE *to;
	size_t services = count(t->services);

	if (t->total < 2 && !(is_cut && t->total))
		return;
	to = output_begin(&out, false);
	fprintf(to, "%zu %s", t->total,
		o->certs_dir_count > 1 && o->mode != OPTIONS_SHOW
			? "directories of registries"
			: "registries");
	print_kinds(to, t->ended);
	if (services) {
		fprintf(to, "; %zu %s%s", services,
			t->leads_away ? "other host" : "token service",
			services == 1 ? "" : "s");
		print_kinds(to, t->services);
	}
	if (is_cut)
		fprintf(to, "; stopped by a signal, nothing was changed for "
			    "the others");
	fprintf(to, "\n");
	output_end(&out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/tally.h"

#include <stdio.h>

/* see tally.h */
void tally_add(struct tally *t, const struct report *r)
{
	enum report_exit code = report_exit_of(r);

	t->ended[code]++;
	t->total++;
	if (code > t->worst)
		t->worst = code;
}

/* see tally.h */
void tally_print(const struct tally *t, bool is_offline)
{
	static const char *const words[] = {
		[REPORT_EXIT_TRUSTED] = "trusted",
		[REPORT_EXIT_UNREACHED] = "not reached",
		[REPORT_EXIT_USAGE] = "not understood",
		[REPORT_EXIT_REFUSED] = "refused",
		[REPORT_EXIT_STORE] = "not written",
		[REPORT_EXIT_DOCKER] = "refused by Docker",
	};
	static const char *const offline_words[] = {
		[REPORT_EXIT_TRUSTED] = "installed",
		[REPORT_EXIT_DOCKER] = "not fit for use",
	};
	const char *comma = ": ";

	if (t->total < 2)
		return;
	printf("%zu registries", t->total);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!t->ended[i])
			continue;
		printf("%s%zu %s", comma, t->ended[i],
		       is_offline && offline_words[i] ? offline_words[i]
						      : words[i]);
		comma = ", ";
	}
	printf("\n");
	fflush(stdout);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our side of the comparison: prints what oracle.go prints, by our verdict.
 *
 *	verdicts CASES MINOR
 */
#include "support/case_verdict.h"

static struct case_line line;
static struct case_room room;

static void print(const struct verdict *v)
{
	/* The oracle marks a pool of which Go took nothing. */
	bool empty = v->code != VERDICT_ACCEPTED &&
		     v->code != VERDICT_UNREADABLE && !v->pool_usable;

	printf("%s\t%s%s%s\n", line.id,
	       v->code == VERDICT_ACCEPTED    ? "ACCEPT"
	       : v->code == VERDICT_UNCHECKED ? "UNCHECKED "
					      : "REJECT ",
	       empty ? "[pool-empty] " : "", v->text);
}

/* The release of MINOR that was measured; with another, the program ends. */
static struct go_release release_of(long minor)
{
	size_t count = sizeof(MEASURED_RELEASES) / sizeof(*MEASURED_RELEASES);

	for (size_t i = 0; i < count; i++)
		if (MEASURED_RELEASES[i] / 100 == minor)
			return (struct go_release){MEASURED_RELEASES[i], 0};
	exit(2);
}

int main(int argc, char **argv)
{
	struct go_release release;
	struct case_file file;
	struct verdict v;

	if (argc != 3)
		return 2;
	release = release_of(strtol(argv[2], NULL, 10));
	cases_open(&file, argv[1]);
	while (cases_next(&file, &line)) {
		case_judge(&line, release, &room, &v);
		print(&v);
	}
	cases_close(&file);
	return 0;
}

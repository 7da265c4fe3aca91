/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The differential test: every chain in tests/data/go-verdicts, under every Go
 * release that was measured, must get Go's verdict and Go's words. Before Go
 * 1.17 broken DER has other words, so there only the verdict is compared.
 */
#include "support/case_verdict.h"
#include "support/unit.h"

#define DATA "tests/data/go-verdicts/"

#define RELEASES_COUNT (COUNT(MEASURED_RELEASES))

static struct case_line line;
static struct case_room room;
static unsigned unchecked; /* verdicts that are not claimed, Go 1.15 only */

static void judge(struct go_release release, struct verdict *out)
{
	assert_int_equal(case_judge(&line, release, &room, out), 0);
}

/* Is MINOR in a list such as "15,19,21-27"? */
static bool is_listed(const char *list, long minor)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (minor >= first && minor <= last)
			return true;
		if (*end != ',')
			return false;
		list = end + 1;
	}
	return false;
}

/* The measured verdict; NULL if there is none. */
static const char *find_verdict(const char *table, const char *id, long minor,
				char *out, size_t size)
{
	size_t id_len = strlen(id);

	for (const char *row = table; row; row = strchr(row, '\n')) {
		const char *list, *text;

		row += *row == '\n';
		if (strncmp(row, id, id_len) || row[id_len] != '\t')
			continue;
		list = row + id_len + 1;
		text = strchr(list, '\t') + 1;
		if (!is_listed(list, minor))
			continue;
		snprintf(out, size, "%.*s", (int)strcspn(text, "\n"), text);
		return out;
	}
	return NULL;
}

static bool is_same(const char *ours, const char *go)
{
	size_t n = strlen(ours);

	if (n > 3 && !strcmp(ours + n - 3, "...") && strlen(go) > n)
		return !strncmp(ours, go, n - 3);
	return !strcmp(ours, go);
}

/* Compare one chain under one release. */
static bool agrees(const char *table, struct go_release release)
{
	static char measured[1 << 16];
	const char *text = measured;
	struct verdict v;
	bool accepted;

	judge(release, &v);
	if (!find_verdict(table, line.id, release.version / 100, measured,
			  sizeof(measured)))
		fail_msg("%s was not measured", line.id);
	/* Where Go panics nothing is claimed. */
	if (!strncmp(measured, "PANIC", 5) && v.code == VERDICT_UNCHECKED)
		return true;
	accepted = !strncmp(measured, "ACCEPT", 6);
	text += strlen(accepted ? "ACCEPT" : "REJECT ");
	if (!strncmp(text, "[pool-empty] ", 13)) {
		assert_int_equal(v.pool_usable, 0);
		text += 13;
	}
	/* Its parser is known for plain forms alone. */
	if (v.code == VERDICT_UNCHECKED && release.version / 100 == 15) {
		unchecked++;
		return true;
	}
	if (accepted == (v.code == VERDICT_ACCEPTED) &&
	    (release.version / 100 == 15 || is_same(v.text, text)))
		return true;
	print_message("# %s, Go 1.%u\n#   ours %s\n#   Go   %s\n", line.id,
		      release.version / 100, v.text, measured);
	return false;
}

/* Compare all chains of a file under the releases from FIRST on. */
static unsigned compare(const char *cases, const char *verdicts, size_t first)
{
	char *table = cases_read_file(verdicts);
	unsigned compared = 0, different = 0;
	struct case_file file;

	cases_open(&file, cases);
	while (cases_next(&file, &line)) {
		for (size_t i = first; i < RELEASES_COUNT; i++) {
			different += !agrees(
				table,
				(struct go_release){MEASURED_RELEASES[i], 0});
			compared++;
		}
	}
	print_message("# %u verdicts compared\n", compared);
	assert_int_equal(different, 0);
	cases_close(&file);
	free(table);
	return compared;
}

static void every_chain_gets_the_verdict_of_go(void **state)
{
	(void)state;
	unchecked = 0;
	assert_int_equal(compare(DATA "cases.txt", DATA "verdicts.txt", 0),
			 284 * RELEASES_COUNT);
	assert_int_equal(unchecked, 113);
}

/* A few of each class of the generator, and what it found. */
static void generated_chains_do_too(void **state)
{
	(void)state;
	assert_int_equal(
		compare(DATA "generated.txt", DATA "generated-verdicts.txt", 1),
		153 * (RELEASES_COUNT - 1));
}

/* What others have found us wrong in, or nearly. */
static void chains_that_found_a_fault_do_too(void **state)
{
	(void)state;
	assert_int_equal(
		compare(DATA "found.txt", DATA "found-verdicts.txt", 0),
		45 * RELEASES_COUNT);
}

/*
 * What nobody could run is accepted only where the measured releases around it
 * accept as well, and refused where they refuse.
 */
static void try_releases_never_run(const char *cases, const char *verdicts,
				   unsigned *claims, unsigned *accepts)
{
	static const struct go_release never[] = {{GO_VERSION(13, 15), 13},
						  {GO_VERSION(16, 15), 16},
						  {GO_VERSION(17, 11), 17},
						  {GO_VERSION(18, 10), 18},
						  {GO_VERSION(20, 13), 18}};
	char *table = cases_read_file(verdicts);
	struct case_file file;

	cases_open(&file, cases);
	while (cases_next(&file, &line)) {
		for (size_t i = 0; i < COUNT(never); i++) {
			bool late = never[i].version / 100 == 20;
			char measured[4096];
			struct verdict v;

			judge(never[i], &v);
			if (v.code == VERDICT_UNCHECKED)
				continue;
			(*claims)++;
			*accepts += v.code == VERDICT_ACCEPTED;
			for (int end = 0; end < 2; end++) {
				long minor = late  ? end ? 21 : 19
					     : end ? 19
						   : 15;

				find_verdict(table, line.id, minor, measured,
					     sizeof(measured));
				if (end && never[i].version / 100 == 13)
					continue;
				assert_int_equal(
					v.code == VERDICT_ACCEPTED,
					!strncmp(measured, "ACCEPT", 6));
			}
		}
	}
	cases_close(&file);
	free(table);
}

static void a_release_that_was_never_run_claims_nothing(void **state)
{
	unsigned claims = 0, accepts = 0;

	(void)state;
	try_releases_never_run(DATA "cases.txt", DATA "verdicts.txt", &claims,
			       &accepts);
	assert_true(claims > 700 && accepts > 300);
	/* What the old parser and path builder do otherwise is among these. */
	try_releases_never_run(DATA "found.txt", DATA "found-verdicts.txt",
			       &claims, &accepts);
}

/* The comparison itself can fail. */
static void another_release_gives_other_words(void **state)
{
	char *table = cases_read_file(DATA "verdicts.txt");
	unsigned different = 0;
	struct case_file file;

	(void)state;
	cases_open(&file, DATA "cases.txt");
	while (cases_next(&file, &line)) {
		struct verdict v;
		char measured[4096];
		bool accepted;

		judge((struct go_release){GO_VERSION(27, 3), 0}, &v);
		find_verdict(table, line.id, 19, measured, sizeof(measured));
		accepted = !strncmp(measured, "ACCEPT", 6);
		different += accepted != (v.code == VERDICT_ACCEPTED);
	}
	assert_int_equal(different, 17);
	cases_close(&file);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chain_gets_the_verdict_of_go),
		cmocka_unit_test(generated_chains_do_too),
		cmocka_unit_test(chains_that_found_a_fault_do_too),
		cmocka_unit_test(a_release_that_was_never_run_claims_nothing),
		cmocka_unit_test(another_release_gives_other_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

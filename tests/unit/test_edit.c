/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing is lost: what an edit of ca.crt does and what it leaves, case by case
 * and over files and edits by chance.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/limits.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/edit.h"
#include "installer/certs_d/section.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
#define NOW   1782907200 /* 2026-07-01 */
#define PAST  1767225600 /* 2026-01-01 */
#define LATER 1798761600 /* 2027-01-01 */
#define ROOM  (64 * 1024)

static char text[ROOM], other[ROOM];
static struct edit_result made;

static struct wire_certificate anchor(const char *der, int64_t end)
{
	return (struct wire_certificate){.der = bytes_of(der),
					 .subject = bytes_of(der),
					 .not_before = 0,
					 .not_after = end,
					 .flags = WIRE_CERT_ANCHOR};
}

/* A block as the program writes it, in memory that lasts as long as the test
 * program does not call this 64 times more. */
static const char *block(const char *der, int64_t end)
{
	static char blocks[64][1024];
	static size_t next;
	char *out = blocks[next++ % COUNT(blocks)];
	const struct wire_certificate c = anchor(der, end);
	struct ca_crt e;

	ca_crt_open(&e, out, sizeof(blocks[0]) - 1);
	ca_crt_append(&e, &c);
	assert_false(e.overflow);
	out[e.len] = '\0';
	return out;
}

static const char *join(const char *a, const char *b, const char *c)
{
	static char joined[64][8192];
	static size_t next;
	char *out = joined[next++ % COUNT(joined)];

	snprintf(out, sizeof(joined[0]), "%s%s%s", a, b, c);
	return out;
}

/* What ACT makes of OLD with the anchors of CERTS. */
static const char *edit(const char *old, enum edit_act act,
			const struct wire_certificate *certs, size_t count)
{
	const struct edit e = {.old = bytes_of(old),
			       .certs = certs,
			       .cert_count = count,
			       .act = act,
			       .now = NOW};
	struct failure f = {0};

	check(edit_compose(&e, text, sizeof(text) - 1, &made, &f) == ERR_OK,
	      "%s", f.detail);
	text[made.content.len] = '\0';
	assert_int_equal(made.changed, strcmp(old, text) != 0);
	return text;
}

static const char *add(const char *old, const char *der)
{
	const struct wire_certificate c = anchor(der, LATER);

	return edit(old, EDIT_ADD, &c, 1);
}

static const char *removed(const char *old)
{
	struct failure f = {0};

	check(edit_remove(bytes_of(old), other, sizeof(other) - 1, &made, &f) ==
		      ERR_OK,
	      "%s", f.detail);
	other[made.content.len] = '\0';
	assert_int_equal(made.changed, strcmp(old, other) != 0);
	return other;
}

/* Text of another hand, in every form that an operator's editor leaves. */
static const char *const foreign[] = {
	"# corporate root, ticket 4711\n" BEGIN "cm9vdA==\n" END,
	BEGIN "cm9v\ndA==\n" END "between\n" BEGIN "cm9vdDI=\n" END "after\n",
	"-----BEGIN CERTIFICATE-----\r\ncm9vdA==\r\n"
	"-----END CERTIFICATE-----\r\n",
	BEGIN "cm9vdA==\n-----END CERTIFICATE-----",
	"no certificate",
	"no certificate\r",
	"\n\n\n",
	"\n",
	"# written by dtr-trust",
	CA_CRT_MARK,
	CA_CRT_MARK "somebody copied this\n" BEGIN "cm9vdA==\n" END,
	"text\n" CA_CRT_MARK BEGIN "cm9vdA==\n-----END CERTIFICATE-----",
	"# above: 3 bytes without a line end\n",
	"# above: 3 bytes without a line end",
	CA_CRT_SERVICE "auth\n",
	"# valid: 2000-01-01T00:00:00Z to 2001-01-01T00:00:00Z\n" BEGIN
	"cm9vdA==\n" END,
	BEGIN "cut off",
	"\xef\xbb\xbf" BEGIN "cm9vdA==\n" END,
};

static void text_of_another_hand_stays_above_and_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(foreign); i++) {
		const char *old = foreign[i];
		const size_t len = strlen(old);
		char first[4096];

		strcpy(first, add(old, "new"));
		check(!strncmp(first, old, len), "row %zu", i);
		check_contains(first + len, block("new", LATER));
		/* And what follows changes nothing about that. */
		strcpy(first, add(first, "second"));
		check(!strcmp(removed(first), old), "row %zu: %s", i, other);
		strcpy(first, join(add(old, "new"), "# mine\n", ""));
		strcpy(first, add(first, "second"));
		check(!strncmp(removed(first), old, len) &&
			      strstr(other + len, "\n# mine\n"),
		      "row %zu: %s", i, other);
	}
}

static void the_section_begins_on_a_line_of_its_own(void **state)
{
	(void)state;
	assert_string_equal(add("text", "new"),
			    join("text\n" CA_CRT_MARK
				 "# above: 4 bytes without a line end\n",
				 block("new", LATER), ""));
	assert_string_equal(
		add("text\n", "new"),
		join("text\n" CA_CRT_MARK, block("new", LATER), ""));
	assert_string_equal(add("", "new"),
			    join(CA_CRT_MARK, block("new", LATER), ""));
}

static void what_a_report_does_not_list_stays(void **state)
{
	const char *old =
		join(CA_CRT_MARK, block("a", LATER), block("b", LATER));

	(void)state;
	assert_string_equal(add(old, "new"),
			    join(join(CA_CRT_MARK, block("new", LATER), ""),
				 block("a", LATER), block("b", LATER)));
	assert_int_equal(made.added, 1);
	assert_int_equal(made.kept, 2);
	assert_int_equal(made.ended, 0);
}

static void what_is_there_is_not_written_again(void **state)
{
	const struct wire_certificate twice[] = {anchor("new", LATER),
						 anchor("new", LATER)};
	const char *ours = join(CA_CRT_MARK, block("a", LATER), "");
	const char *theirs = BEGIN "YQ==\n" END; /* "a" */

	(void)state;
	assert_string_equal(add(ours, "a"), ours);
	assert_string_equal(add(theirs, "a"), theirs);
	assert_string_equal(edit("", EDIT_ADD, twice, 2),
			    join(CA_CRT_MARK, block("new", LATER), ""));
	assert_int_equal(made.added, 1);
	/* Of copies that an older version wrote, one stays. */
	assert_string_equal(
		add(join(ours, block("a", LATER), block("a", LATER)), "b"),
		join(CA_CRT_MARK, block("b", LATER), block("a", LATER)));
	assert_int_equal(made.repeated, 2);
	/* Where a reader may not find it, it is written. */
	check_contains(add(" " BEGIN "YQ==\n" END, "a"), block("a", LATER));
	check_contains(add(BEGIN "\n" BEGIN "YQ==\n" END, "a"),
		       block("a", LATER));
	/* Once. */
	strcpy(other, text);
	assert_string_equal(add(other, "a"), other);
}

static void what_has_ended_leaves_when_another_holds(void **state)
{
	const char *gone = block("gone", PAST);
	const char *undated =
		join("# fingerprint: sha256:00000000000000000000000000000000",
		     "00000000000000000000000000000000\n", BEGIN "eA==\n" END);
	const struct wire_certificate none = {0};
	struct wire_certificate late = anchor("late", PAST);

	(void)state;
	assert_string_equal(add(join(CA_CRT_MARK, gone, ""), "new"),
			    join(CA_CRT_MARK, block("new", LATER), ""));
	assert_int_equal(made.ended, 1);
	assert_string_equal(edit(join(CA_CRT_MARK, gone, block("a", LATER)),
				 EDIT_KEEP, &none, 1),
			    join(CA_CRT_MARK, block("a", LATER), ""));
	/* Nothing else holds, or it is not known to. */
	edit(join(CA_CRT_MARK, gone, ""), EDIT_KEEP, &none, 1);
	assert_false(made.changed);
	edit(join(CA_CRT_MARK, gone, undated), EDIT_KEEP, &none, 1);
	assert_false(made.changed);
	check_contains(edit(join(CA_CRT_MARK, gone, ""), EDIT_ADD, &late, 1),
		       gone);
	late.not_after = LATER;
	late.flags |= WIRE_CERT_UNPARSED;
	check_contains(edit(join(CA_CRT_MARK, gone, ""), EDIT_ADD, &late, 1),
		       gone);
	/* What the server still shows would come again. */
	late = anchor("gone", PAST);
	edit(join(CA_CRT_MARK, gone, block("a", LATER)), EDIT_KEEP, &late, 1);
	assert_false(made.changed);
	/* Dates of another hand are not judged. */
	strcpy(other, gone);
	strcat(other, CA_CRT_MARK);
	strcat(other, block("a", LATER));
	edit(other, EDIT_KEEP, &none, 1);
	assert_false(made.changed);
}

static void an_edit_that_would_end_something_is_stale(void **state)
{
	struct edit e = {.act = EDIT_KEEP, .now = NOW};

	(void)state;
	e.old = bytes_of(
		join(CA_CRT_MARK, block("gone", PAST), block("a", LATER)));
	assert_true(edit_is_stale(&e));
	e.old = bytes_of(join(CA_CRT_MARK, block("gone", PAST), ""));
	assert_false(edit_is_stale(&e));
	e.old = bytes_of(join(CA_CRT_MARK, block("a", LATER), ""));
	assert_false(edit_is_stale(&e));
	e.old = bytes_of(block("gone", PAST));
	assert_false(edit_is_stale(&e));
}

static void replacing_leaves_what_is_named_and_other_hands(void **state)
{
	const struct wire_certificate c = anchor("new", LATER);
	const char *old = join("theirs\n" CA_CRT_MARK CA_CRT_SERVICE "auth\n",
			       block("a", LATER), "# mine\n");

	(void)state;
	assert_string_equal(edit(old, EDIT_REPLACE, &c, 1),
			    join("theirs\n" CA_CRT_MARK CA_CRT_SERVICE "auth\n",
				 block("new", LATER), "\n# mine\n"));
	/* Its own anchor is written anew. */
	strcpy(other, text);
	assert_string_equal(edit(other, EDIT_REPLACE, &c, 1),
			    join("theirs\n" CA_CRT_MARK CA_CRT_SERVICE "auth\n",
				 block("new", LATER), "\n# mine\n"));
	/* There is nothing of ours where another hand has it. */
	assert_string_equal(
		edit(join(BEGIN "bmV3\n" END, CA_CRT_MARK, block("a", LATER)),
		     EDIT_REPLACE, &c, 1),
		BEGIN "bmV3\n" END);
}

static void what_somebody_wrote_into_our_section_stays(void **state)
{
	static const char *const edits[] = {
		"# mine\n", BEGIN "dGhlaXJz\n" END, "cut off\n" BEGIN "MIIB\n",
		"# written by dtr-trust\r\n", "no line end"};
	const char *ours = join(CA_CRT_MARK, block("a", LATER), "");

	(void)state;
	for (size_t i = 0; i < COUNT(edits); i++) {
		const char *old = join(ours, edits[i], "");

		assert_string_equal(add(old, "new"),
				    join(join(CA_CRT_MARK, block("new", LATER),
					      block("a", LATER)),
					 "\n", edits[i]));
		strcpy(other, text);
		assert_string_equal(add(other, "new"), other);
		assert_string_equal(removed(text), edits[i]);
		assert_string_equal(removed(old), edits[i]);
	}
	/* Blank lines are nobody's. */
	assert_string_equal(removed(join(ours, "\n \t\r\n", "")), "");
}

static void two_of_our_sections_become_one(void **state)
{
	const char *old =
		join(join(CA_CRT_MARK, block("a", LATER), CA_CRT_MARK),
		     block("b", LATER), "");

	(void)state;
	assert_string_equal(add(old, "new"),
			    join(join(CA_CRT_MARK, block("new", LATER), ""),
				 block("a", LATER), block("b", LATER)));
	assert_string_equal(removed(old), "");
}

static void a_service_is_noted_once_and_stays(void **state)
{
	const struct wire_certificate c = anchor("new", LATER);
	struct edit e = {.certs = &c,
			 .cert_count = 1,
			 .act = EDIT_ADD,
			 .service = "auth:5001",
			 .now = NOW};
	struct failure f;

	(void)state;
	assert_int_equal(edit_compose(&e, text, ROOM - 1, &made, &f), ERR_OK);
	text[made.content.len] = '\0';
	assert_string_equal(text, join(CA_CRT_MARK CA_CRT_SERVICE "auth:5001\n",
				       block("new", LATER), ""));
	strcpy(other, text);
	e.old = bytes_of(other);
	assert_int_equal(edit_compose(&e, text, ROOM - 1, &made, &f), ERR_OK);
	assert_false(made.changed);
	e.act = EDIT_KEEP;
	e.service = "second";
	assert_int_equal(edit_compose(&e, text, ROOM - 1, &made, &f), ERR_OK);
	text[made.content.len] = '\0';
	assert_true(section_notes_service(bytes_of(text), "auth:5001"));
	assert_true(section_notes_service(bytes_of(text), "second"));
	strcpy(other, text);
	check_contains(add(other, "more"), "second\n");
}

static void a_file_of_the_first_version_is_one_section(void **state)
{
	/* As 0.1.0 wrote it, byte for byte. */
	static const char old[] =
		"# written by dtr-trust\n"
		"# token service: auth.example.com\n"
		"# subject: CN=Old Root\n"
		"# fingerprint: sha256:edc195d32116c51f33d3354c7910d66b51989658"
		"e948e547a2170bee50246685\n"
		"# valid: 1970-01-01T00:00:00Z to 2036-11-23T13:11:20Z\n" BEGIN
		"MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6QUJDREVGR0hJ"
		"SktM\nTU4=\n" END;

	(void)state;
	assert_string_equal(removed(old), "");
	add(old, "new");
	assert_non_null(strstr(text, strchr(old, '\n') + 1 + 34));
	assert_true(section_notes_service(bytes_of(text), "auth.example.com"));
}

static void what_does_not_fit_is_an_error_with_both_numbers(void **state)
{
	const struct wire_certificate c = anchor("new", LATER);
	const char *old = join("theirs\n" CA_CRT_MARK, block("a", LATER), "");
	const struct edit e = {.old = bytes_of(old),
			       .certs = &c,
			       .cert_count = 1,
			       .act = EDIT_ADD,
			       .now = NOW};
	size_t len = strlen(add(old, "new"));
	char numbers[128];

	(void)state;
	for (size_t size = 0; size <= len; size++) {
		char *out = malloc(size ? size : 1);
		struct failure f = {0};
		enum err err = edit_compose(&e, out, size, &made, &f);

		assert_int_equal(err, size < len ? ERR_STORE : ERR_OK);
		snprintf(numbers, sizeof(numbers),
			 "%zu bytes, more than the %zu", len, size);
		if (err != ERR_OK)
			check_contains(f.detail, numbers);
		free(out);
	}
}

static void nothing_of_ours_without_an_anchor(void **state)
{
	const struct wire_certificate sent = {.der = bytes_of("x")};
	static const char *const files[] = {"", "theirs\n",
					    CA_CRT_MARK "# mine\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		const struct edit e = {.old = bytes_of(files[i]),
				       .certs = &sent,
				       .cert_count = 1,
				       .act = EDIT_ADD};
		struct failure f;

		assert_int_equal(edit_compose(&e, text, ROOM, &made, &f),
				 ERR_PROBE);
	}
}

/* A bundle of SEVERAL, all of another hand or all of ours. */
static void a_large_bundle_is_kept_whole(void **state)
{
	const size_t several = 700;
	static char old[CRT_BYTES_MAX], new[CRT_BYTES_MAX];
	static uint8_t ders[700][500];
	const struct wire_certificate c = anchor("new", LATER);
	struct failure f;

	(void)state;
	for (int is_ours = 0; is_ours < 2; is_ours++) {
		struct edit e = {.certs = &c, .cert_count = 1, .now = NOW};
		struct ca_crt file;

		ca_crt_open(&file, old, sizeof(old));
		for (size_t i = 0; i < several; i++) {
			struct wire_certificate one = anchor("x", LATER);

			memset(ders[i], 'x', sizeof(ders[i]));
			memcpy(ders[i], &i, sizeof(i));
			one.flags |= is_ours ? 0 : WIRE_CERT_UNPARSED;
			one.der = (struct bytes){ders[i], 350};
			if (i == 0 && is_ours) {
				ca_crt_open(&file, old, sizeof(old));
				ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
			}
			ca_crt_append(&file, &one);
		}
		assert_false(file.overflow);
		e.old = (struct bytes){(uint8_t *)old, file.len};
		e.act = EDIT_ADD;
		assert_int_equal(edit_compose(&e, new, sizeof(new), &made, &f),
				 ERR_OK);
		assert_int_equal(made.added, 1);
		assert_int_equal(made.kept, is_ours ? several : 0);
		for (size_t i = 0; i < several; i++)
			assert_true(ca_crt_holds(made.content,
						 (struct bytes){ders[i], 350}));
		assert_true(ca_crt_holds(made.content, c.der));
	}
}

/* xorshift32: the same files in every run. */
static uint32_t seed;

static uint32_t chance(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static const char *const ders[] = {"a", "ab", "abc", "abcd", "root", "root2"};

static const char *fragment(void)
{
	static char cut[1024];
	const char *der = ders[chance(COUNT(ders))];

	switch (chance(8)) {
	case 0:
	case 1:
		return foreign[chance(COUNT(foreign))];
	case 2:
		return CA_CRT_MARK;
	case 3:
		return chance(2) ? CA_CRT_SERVICE "auth\n" : "\n";
	case 4:
		strcpy(cut, block(der, chance(2) ? PAST : LATER));
		cut[chance((uint32_t)strlen(cut))] = (char)('#' + chance(60));
		return cut;
	case 5:
		strcpy(cut, block(der, chance(2) ? PAST : LATER));
		cut[chance((uint32_t)strlen(cut))] = '\0';
		return cut;
	default:
		return block(der, chance(2) ? PAST : LATER);
	}
}

static void invent_file(char *out)
{
	*out = '\0';
	if (chance(3))
		strcat(out, foreign[chance(COUNT(foreign))]);
	if (chance(3))
		strcat(out, CA_CRT_MARK);
	for (uint32_t n = chance(8); n; n--)
		strcat(out, fragment());
}

/* Does NEW hold every text of another hand that OLD does, in its order? */
static void check_foreign(struct bytes old, struct bytes new)
{
	struct section before = section_split(old);
	struct section after = section_split(new);
	struct section_piece piece;

	if (!after.ours.len)
		after.above.len = before.above.len;
	assert_true(bytes_equal(before.above, after.above));
	new.data += before.above.len;
	new.len -= before.above.len;
	while (section_next(&before.ours, &piece)) {
		const uint8_t *found;

		while (piece.text.len && strchr(" \t\r\n", *piece.text.data)) {
			piece.text.data++;
			piece.text.len--;
		}
		if (piece.kind != SECTION_TEXT || !piece.text.len)
			continue;
		found = memmem(new.data, new.len, piece.text.data,
			       piece.text.len);
		assert_non_null(found);
		new.len -= (size_t)(found - new.data) + piece.text.len;
		new.data = found + piece.text.len;
	}
}

/* Is it in our section of FILE, and how often? */
static size_t count_ours(struct bytes file, struct bytes pem)
{
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;
	size_t n = 0;

	while (section_next(&rest, &piece))
		n += piece.kind == SECTION_BLOCK &&
		     !strncmp((const char *)piece.block.pem.data,
			      (const char *)pem.data,
			      pem.len - (pem.data[pem.len - 1] == '\n'));
	return n;
}

static void check_ours(const struct edit *e, struct bytes new)
{
	struct bytes rest = section_split(e->old).ours;
	struct section_piece piece;
	size_t ended = 0;

	while (e->act != EDIT_REPLACE && section_next(&rest, &piece)) {
		size_t n;

		if (piece.kind != SECTION_BLOCK)
			continue;
		n = count_ours(new, piece.block.pem);
		if (made.changed && (made.added || made.ended))
			assert_in_range(n, 0, 1);
		if (n)
			continue;
		assert_int_equal(block_end_of(&piece.block, NOW),
				 BLOCK_END_PASSED);
		ended++;
	}
	assert_in_range(ended, 0, made.ended);
	rest = section_split(new).ours;
	while (ended && section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    block_end_of(&piece.block, NOW) == BLOCK_END_AHEAD)
			ended = 0;
	assert_int_equal(ended, 0);
}

/* Each anchor that was to be written stands in a place where it is found. */
static void check_anchors(const struct edit *e, struct bytes new)
{
	for (size_t i = 0; e->act != EDIT_KEEP && i < e->cert_count; i++) {
		struct bytes rest = section_split(new).ours;
		struct section_piece piece;
		bool found =
			ca_crt_holds(section_split(new).above, e->certs[i].der);

		if (!(e->certs[i].flags & WIRE_CERT_ANCHOR))
			continue;
		while (!found && section_next(&rest, &piece))
			found = ca_crt_holds(piece.text, e->certs[i].der);
		assert_true(found);
	}
}

static void check_one(const struct edit *first)
{
	static char new[ROOM], again[ROOM], left[ROOM], back[ROOM];
	struct edit_result result, second;
	struct edit e = *first;
	struct failure f;

	if (edit_compose(&e, new, ROOM - 1, &made, &f) != ERR_OK)
		return;
	new[made.content.len] = '\0';
	check_foreign(e.old, made.content);
	check_ours(&e, made.content);
	check_anchors(&e, made.content);
	/* The same again is nothing new. */
	e.old = made.content;
	assert_int_equal(edit_compose(&e, again, ROOM, &second, &f), ERR_OK);
	assert_false(second.changed);
	/* And without us it is what it was without us. */
	assert_int_equal(
		edit_remove(first->old, left, first->old.len, &result, &f),
		ERR_OK);
	assert_int_equal(edit_remove(made.content, back, ROOM, &second, &f),
			 ERR_OK);
	assert_true(bytes_equal(result.content, second.content));
	if (!section_exists(first->old))
		assert_true(bytes_equal(second.content, first->old));
}

static void any_edit_of_any_file_loses_nothing(void **state)
{
	static char old[ROOM];

	(void)state;
	for (uint32_t n = 1; n <= 20000; n++) {
		struct wire_certificate certs[3];
		struct edit e = {.certs = certs, .now = NOW};

		seed = n * 2654435761U;
		invent_file(old);
		e.old = bytes_of(old);
		e.act = (enum edit_act)chance(3);
		e.service = chance(4) ? NULL : "auth";
		e.cert_count = chance(4);
		for (size_t i = 0; i < e.cert_count; i++) {
			certs[i] = anchor(ders[chance(COUNT(ders))],
					  chance(2) ? PAST : LATER);
			if (!chance(4))
				certs[i].flags = WIRE_CERT_SENT;
		}
		check_one(&e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			text_of_another_hand_stays_above_and_comes_back),
		cmocka_unit_test(the_section_begins_on_a_line_of_its_own),
		cmocka_unit_test(what_a_report_does_not_list_stays),
		cmocka_unit_test(what_is_there_is_not_written_again),
		cmocka_unit_test(what_has_ended_leaves_when_another_holds),
		cmocka_unit_test(an_edit_that_would_end_something_is_stale),
		cmocka_unit_test(
			replacing_leaves_what_is_named_and_other_hands),
		cmocka_unit_test(what_somebody_wrote_into_our_section_stays),
		cmocka_unit_test(two_of_our_sections_become_one),
		cmocka_unit_test(a_service_is_noted_once_and_stays),
		cmocka_unit_test(a_file_of_the_first_version_is_one_section),
		cmocka_unit_test(
			what_does_not_fit_is_an_error_with_both_numbers),
		cmocka_unit_test(nothing_of_ours_without_an_anchor),
		cmocka_unit_test(a_large_bundle_is_kept_whole),
		cmocka_unit_test(any_edit_of_any_file_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose each byte of a ca.crt is: where our section begins, what in it is ours,
 * and that nothing but our own form counts as ours.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
#define ZEROS "00000000000000000000000000000000"
#define PRINT "# fingerprint: sha256:" ZEROS ZEROS "\n"
#define VALID "# valid: 2026-01-02T03:04:05Z to 2027-01-02T03:04:05Z\n"
#define PEM   BEGIN "cmVn\n" END
#define BLOCK "# subject: CN=reg\n" PRINT VALID PEM
#define MARK  CA_CRT_MARK
#define NOTE  CA_CRT_SERVICE "auth:5001\n"

static bool is_text(struct bytes bytes, const char *text)
{
	return bytes_equal(bytes, bytes_of(text));
}

static void our_section_begins_where_our_form_follows_the_mark(void **state)
{
	static const struct {
		const char *above;
		const char *ours;
	} rows[] = {
		{"", ""},
		{"", MARK BLOCK},
		{"", MARK PRINT PEM},
		{"", MARK NOTE},
		{"", MARK CA_CRT_SERVICE "auth"},
		{"", MARK NOTE BLOCK "text\n"},
		{"text\n", MARK BLOCK},
		{PEM, MARK BLOCK MARK BLOCK},
		/* A mark alone is somebody's text. */
		{MARK, ""},
		{"# written by dtr-trust", ""},
		{MARK PEM, ""},
		{MARK "\n" BLOCK, ""},
		{"text\n" MARK "text\n", ""},
		{MARK, MARK BLOCK},
		{MARK "text\n" MARK, MARK BLOCK},
		/* So is what only looks like one. */
		{" " MARK BLOCK, ""},
		{"x" MARK BLOCK, ""},
		{"# written by dtr-trust\r\n" BLOCK, ""},
		{"# written by dtr-trusty\n" BLOCK, ""},
		{"# Written by dtr-trust\n" BLOCK, ""},
		{"\xef\xbb\xbf" MARK BLOCK, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char file[2048];
		struct section found;

		snprintf(file, sizeof(file), "%s%s", rows[i].above,
			 rows[i].ours);
		found = section_split(bytes_of(file));
		check(is_text(found.above, rows[i].above) &&
			      is_text(found.ours, rows[i].ours),
		      "row %zu: %zu and %zu bytes", i, found.above.len,
		      found.ours.len);
		assert_int_equal(section_exists(bytes_of(file)),
				 rows[i].ours[0] != 0);
	}
}

static void the_end_of_the_text_above_is_what_the_note_says(void **state)
{
	static const struct {
		const char *file;
		const char *above;
	} rows[] = {
		{"text\n" MARK "# above: 4 bytes without a line end\n" BLOCK,
		 "text"},
		{"text\r\n" MARK "# above: 5 bytes without a line end\n" BLOCK,
		 "text\r"},
		/* Not of this text, or no such note: nothing is cut. */
		{"text\n" MARK BLOCK, "text\n"},
		{"text\n" MARK "# above: 5 bytes without a line end\n" BLOCK,
		 "text\n"},
		{"texts\n" MARK "# above: 4 bytes without a line end\n" BLOCK,
		 "texts\n"},
		{"text\n" MARK BLOCK "# above: 4 bytes without a line end\n",
		 "text\n"},
		{"text\n" MARK "# above: 99999999999999999999999999 bytes "
		 "without a line end\n" BLOCK,
		 "text\n" MARK "# above: 99999999999999999999999999 bytes "
		 "without a line end\n" BLOCK},
		{MARK "# above: 0 bytes without a line end\n" BLOCK, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(is_text(section_split(bytes_of(rows[i].file)).above,
			      rows[i].above),
		      "row %zu", i);
}

/* Every byte of a section is in one piece. */
static void check_pieces(const char *section, const char *kinds)
{
	struct bytes rest = bytes_of(section);
	const uint8_t *end = rest.data;
	struct section_piece piece;
	char found[32] = "";

	while (section_next(&rest, &piece)) {
		static const char letters[] = "MASBT";

		assert_ptr_equal(piece.text.data, end);
		assert_true(piece.text.len);
		end += piece.text.len;
		assert_in_range(strlen(found), 0, sizeof(found) - 2);
		found[strlen(found)] = letters[piece.kind];
	}
	check(!strcmp(found, kinds), "%s is %s, not %s", section, found, kinds);
	assert_ptr_equal(end, section + strlen(section));
}

static void a_section_is_cut_into_pieces(void **state)
{
	static const struct {
		const char *section;
		const char *kinds;
	} rows[] = {
		{MARK BLOCK, "MB"},
		{MARK NOTE BLOCK BLOCK, "MSBB"},
		{MARK "# above: 1 bytes without a line end\n" NOTE BLOCK,
		 "MASB"},
		{MARK BLOCK "# mine\n" BLOCK, "MBTB"},
		{MARK BLOCK "# mine\n\nmore\n", "MBT"},
		{MARK BLOCK "# mine", "MBT"},
		{MARK BLOCK PEM, "MBT"},
		{MARK BLOCK MARK BLOCK, "MBMB"},
		{MARK BLOCK MARK, "MBT"},
		{MARK BLOCK "\n" NOTE, "MBTS"},
		/* The subject is ours only as part of a block. */
		{MARK BLOCK "# subject: CN=x\n" NOTE, "MBTS"},
		{MARK BLOCK "# subject: CN=x\n# mine\n" PRINT PEM, "MBTB"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_pieces(rows[i].section, rows[i].kinds);
}

/* What differs by one thing from what we write. */
static void only_our_own_form_is_a_block(void **state)
{
	static const struct {
		const char *text;
		bool ours;
	} rows[] = {
		{BLOCK, true},
		{PRINT PEM, true},
		{PRINT VALID PEM, true},
		{"# subject: \n" PRINT PEM, true},
		{PRINT "# valid: ? to ?\n" PEM, true},
		{PRINT BEGIN "cmVn\ncmVn\n" END, true},
		{PRINT BEGIN "cmVn\n-----END CERTIFICATE-----", true},
		{PEM, false},
		{"# subject: CN=reg\n" PEM, false},
		{PRINT VALID VALID PEM, false},
		{PRINT "\n" PEM, false},
		{PRINT "# mine\n" PEM, false},
		{"# fingerprint: sha256:" ZEROS "\n" PEM, false},
		{"# fingerprint: sha256:" ZEROS ZEROS "0\n" PEM, false},
		{"# fingerprint: sha256:" ZEROS "A0000000000000000000000000000"
		 "000\n" PEM,
		 false},
		{PRINT BEGIN END, false},
		{PRINT BEGIN "\n" END, false},
		{PRINT BEGIN " cmVn\n" END, false},
		{PRINT BEGIN "cmVn\n\n" END, false},
		{PRINT BEGIN "cmVn\r\n" END, false},
		{PRINT BEGIN "cm-n\n" END, false},
		{PRINT BEGIN "cmVn" END, false},
		{PRINT BEGIN "cmVn\n", false},
		{PRINT BEGIN "cmVn", false},
		{PRINT BEGIN, false},
		{PRINT, false},
		{PRINT BEGIN "cmVn\n-----END CERTIFICATE------\n", false},
		{PRINT BEGIN "cmVn\n-----END CERTIFICATE----- \n", false},
		{PRINT BEGIN ZEROS ZEROS "\n" END, true},
		{PRINT BEGIN ZEROS ZEROS "0\n" END, false},
		{PRINT "-----BEGIN TRUSTED CERTIFICATE-----\ncmVn\n" END,
		 false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].text);
		uint8_t *exact = malloc(len);
		struct block block;

		memcpy(exact, rows[i].text, len);
		check(block_parse((struct bytes){exact, len}, &block) ==
			      rows[i].ours,
		      "row %zu", i);
		if (rows[i].ours) {
			assert_int_equal(block.text.len, len);
			assert_ptr_equal(block.pem.data + block.pem.len,
					 exact + len);
			assert_memory_equal(block.pem.data, BEGIN,
					    strlen(BEGIN));
		}
		free(exact);
	}
}

static void a_block_ends_where_the_next_text_begins(void **state)
{
	struct block block;

	(void)state;
	assert_true(block_parse(bytes_of(BLOCK PEM), &block));
	assert_true(is_text(block.text, BLOCK));
	assert_true(is_text(block.pem, PEM));
	assert_true(is_text(block.valid,
			    "2026-01-02T03:04:05Z to 2027-01-02T03:04:05Z"));
}

static void a_block_has_ended_only_by_its_own_word(void **state)
{
	const int64_t noon = 1782907200; /* 2026-07-01T12:00:00Z */
	static const struct {
		const char *valid;
		enum block_end end;
	} rows[] = {
		{"# valid: 2026-01-01T00:00:00Z to 2026-07-01T12:00:00Z\n",
		 BLOCK_END_AHEAD},
		{"# valid: 2026-01-01T00:00:00Z to 2026-07-01T11:59:59Z\n",
		 BLOCK_END_PASSED},
		{"# valid: 0000-01-01T00:00:00Z to 0001-01-01T00:00:00Z\n",
		 BLOCK_END_PASSED},
		{"# valid: 2026-01-01T00:00:00Z to 9999-12-31T23:59:59Z\n",
		 BLOCK_END_AHEAD},
		{"", BLOCK_END_UNKNOWN},
		{"# valid: \n", BLOCK_END_UNKNOWN},
		{"# valid: ? to ?\n", BLOCK_END_UNKNOWN},
		{"# valid: 2026-01-01T00:00:00Z to ?\n", BLOCK_END_UNKNOWN},
		{"# valid: ? to 2020-01-01T00:00:00Z\n", BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-13-01T00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-00-01T00:00:00Z to 2020-01-01T00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-01-32T00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-01-01T24:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-01-01T00:00:00+\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-01-01 00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z -- 2020-01-01T00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 2020-01-01T00:00:00Z \n",
		 BLOCK_END_UNKNOWN},
		{"# valid: 2020-01-01T00:00:00Z to 202O-01-01T00:00:00Z\n",
		 BLOCK_END_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct block block;
		char text[512];

		snprintf(text, sizeof(text), "%s%s%s", PRINT, rows[i].valid,
			 PEM);
		assert_true(block_parse(bytes_of(text), &block));
		check(block_end_of(&block, noon) == rows[i].end, "row %zu", i);
		/* A clock that names no year ends nothing. */
		assert_int_equal(block_end_of(&block, INT64_MAX),
				 BLOCK_END_UNKNOWN);
	}
}

static void services_are_noted_word_for_word(void **state)
{
	static const char *const others[] = {
		"", "auth", "auth:500", "auth:50011", "Auth:5001", "other"};
	const struct bytes file = bytes_of(MARK NOTE CA_CRT_SERVICE "second");
	const struct bytes above = bytes_of(NOTE MARK BLOCK);
	const struct bytes subject = bytes_of(MARK "# subject: " CA_CRT_SERVICE
						   "auth:5001\n" PRINT PEM);

	(void)state;
	assert_true(section_notes_service(file, "auth:5001"));
	assert_true(section_notes_service(file, "second"));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(section_notes_service(file, others[i]));
	/* Not in our section, and not a line of its own. */
	assert_false(section_notes_service(above, "auth:5001"));
	assert_false(section_notes_service(subject, "auth:5001"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			our_section_begins_where_our_form_follows_the_mark),
		cmocka_unit_test(
			the_end_of_the_text_above_is_what_the_note_says),
		cmocka_unit_test(a_section_is_cut_into_pieces),
		cmocka_unit_test(only_our_own_form_is_a_block),
		cmocka_unit_test(a_block_ends_where_the_next_text_begins),
		cmocka_unit_test(a_block_has_ended_only_by_its_own_word),
		cmocka_unit_test(services_are_noted_word_for_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

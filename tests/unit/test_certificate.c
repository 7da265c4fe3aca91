/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates: fields, descriptions and signatures of the measured chains.
 * What Go refuses to read, and its words, is in test_go_verdicts.
 */
#include "probe/verdict/path/signature.h"
#include "probe/verdict/x509/describe.h"
#include "support/cases.h"
#include "support/unit.h"

static struct case_line line;

/* Find a case by the start of its id; the file stays open in FILE. */
static void find_case(struct case_file *file, const char *id)
{
	cases_open(file, CASES_MEASURED);
	cases_find(file, id, &line);
}

static void parse(struct bytes der, struct certificate *out)
{
	struct failure why = {.code = ERR_OK};

	if (certificate_parse(der, go_newest(), out, &why))
		fail_msg("%s", why.detail);
}

static void the_fields_of_a_leaf_are_read(void **state)
{
	struct case_file file;
	struct certificate leaf;
	struct bytes names, name;
	uint8_t tag;

	(void)state;
	find_case(&file, "000");
	parse(line.sent[0], &leaf);
	assert_int_equal(leaf.version, 3);
	assert_int_equal(leaf.key.kind, KEY_ECDSA);
	assert_int_equal(leaf.not_before.seconds, 1704067200);
	assert_int_equal(leaf.not_after.seconds, 2019686400);
	assert_false(leaf.is_ca);
	assert_false(certificate_is_self_issued(&leaf));
	names = certificate_names(&leaf);
	assert_true(certificate_next_name(&names, &tag, &name));
	assert_int_equal(tag, GENERAL_NAME_DNS);
	assert_memory_equal(name.data, "reg.example.com", name.len);
	assert_false(certificate_next_name(&names, &tag, &name));
	cases_close(&file);
}

static void a_certificate_is_described(void **state)
{
	struct case_file file;
	struct certificate c;
	struct description d;

	(void)state;
	find_case(&file, "000");
	parse(line.sent[0], &c);
	describe_certificate(&c, &d);
	assert_string_equal(d.subject, "CN=reg.example.com");
	assert_string_equal(d.issuer, "CN=Test Intermediate");
	assert_string_equal(d.names, "reg.example.com");
	assert_string_equal(d.key, "ECDSA P-256");
	assert_false(d.is_ca);
	parse(line.pool[0], &c);
	describe_certificate(&c, &d);
	assert_string_equal(d.names, "");
	assert_true(d.is_ca);
	cases_close(&file);
}

static void a_description_is_printable_ascii(void **state)
{
	struct case_file file;
	struct description d;

	(void)state;
	cases_open(&file, CASES_MEASURED);
	while (cases_next(&file, &line)) {
		struct certificate c;
		struct failure why;

		if (certificate_parse(line.sent[0], go_newest(), &c, &why))
			continue;
		describe_certificate(&c, &d);
		for (const char *p = d.subject; *p; p++)
			assert_in_range(*p, ' ', '~');
		for (const char *p = d.names; *p; p++)
			assert_in_range(*p, ' ', '~');
	}
	cases_close(&file);
}

static void every_truncation_is_refused(void **state)
{
	struct case_file file;
	struct certificate c;
	struct failure why;

	(void)state;
	find_case(&file, "000");
	for (size_t len = 0; len < line.sent[0].len; len++)
		assert_int_equal(certificate_parse(
					 (struct bytes){line.sent[0].data, len},
					 go_newest(), &c, &why),
				 ERR_CHAIN);
	cases_close(&file);
}

static void a_parent_is_told_by_its_signature(void **state)
{
	struct case_file file;
	struct certificate leaf, issuer, root;
	struct signature_cache cache = {.used = 0};

	(void)state;
	find_case(&file, "000");
	parse(line.sent[0], &leaf);
	parse(line.sent[1], &issuer);
	parse(line.pool[0], &root);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(
			signature_check(&leaf, &issuer, go_newest(), &cache),
			SIGNATURE_VALID);
		assert_int_equal(
			signature_check(&leaf, &root, go_newest(), &cache),
			SIGNATURE_WRONG);
		assert_int_equal(
			signature_check(&issuer, &leaf, go_newest(), &cache),
			SIGNATURE_NOT_CA);
	}
	assert_int_equal(cache.used, 2);
	cases_close(&file);
}

/* Go shifts a BIT STRING of unused bits: the same octets, another signature. */
static void unused_bits_make_another_signature(void **state)
{
	static const char *const ids[] = {"000", "106 leaf signed ec-sha512",
					  "114 CA on P-384", "114 CA on P-521",
					  "100 leaf signed rsa-sha256"};
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct signature_cache cache = {.used = 0};
		struct certificate leaf, issuer, twin;
		struct case_file file;

		find_case(&file, ids[i]);
		parse(line.sent[0], &leaf);
		parse(line.sent_len > 1 ? line.sent[1] : line.pool[0], &issuer);
		twin = leaf;
		twin.signature.unused = 1;
		/* They have to be zero. */
		tried += !(leaf.signature.octets
				   .data[leaf.signature.octets.len - 1] &
			   1);
		assert_int_equal(
			signature_check(&twin, &issuer, go_newest(), &cache),
			SIGNATURE_WRONG);
		assert_int_equal(
			signature_check(&leaf, &issuer, go_newest(), &cache),
			SIGNATURE_VALID);
		assert_int_equal(
			signature_check(&twin, &issuer, go_newest(), &cache),
			SIGNATURE_WRONG);
		cases_close(&file);
	}
	assert_in_range(tried, 1, COUNT(ids));
}

static void every_kind_of_signature_is_checked(void **state)
{
	static const char *const ids[] = {"100 leaf signed pss-sha256-32",
					  "100 leaf signed pss-sha384-48",
					  "100 leaf signed pss-sha512-64",
					  "100 leaf signed rsa-sha256",
					  "100 leaf signed rsa-sha384",
					  "100 leaf signed rsa-sha512",
					  "106 leaf signed ec-sha256",
					  "106 leaf signed ec-sha512",
					  "110 Ed25519 CA, EC leaf",
					  "114 CA on P-384",
					  "114 CA on P-521"};

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct case_file file;
		struct certificate leaf, root, broken;
		uint8_t tbs[2048];

		find_case(&file, ids[i]);
		parse(line.sent[0], &leaf);
		parse(line.pool[0], &root);
		assert_int_equal(
			signature_check(&leaf, &root, go_newest(), NULL),
			SIGNATURE_VALID);
		broken = leaf;
		assert_true(leaf.tbs.len < sizeof(tbs));
		memcpy(tbs, leaf.tbs.data, leaf.tbs.len);
		tbs[leaf.tbs.len - 1] ^= 1;
		broken.tbs.data = tbs;
		assert_int_equal(
			signature_check(&broken, &root, go_newest(), NULL),
			SIGNATURE_WRONG);
		cases_close(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fields_of_a_leaf_are_read),
		cmocka_unit_test(a_certificate_is_described),
		cmocka_unit_test(a_description_is_printable_ascii),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_parent_is_told_by_its_signature),
		cmocka_unit_test(unused_bits_make_another_signature),
		cmocka_unit_test(every_kind_of_signature_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

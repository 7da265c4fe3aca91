/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a .crt is that holds no certificate for Docker, and what only looks like
 * such a thing. The certificates are as openssl(1) writes them, cut.
 */
#include "support/unit.h"

#include <stdlib.h>

#include "installer/certs_d/kind.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
/* 30 82 01 0a 30 81 ..: a SEQUENCE in a SEQUENCE */
#define X509 "MIIBCjCBsaADAgECAgE=\n"
#define PEM  BEGIN X509 END
/* 30 82 01 0a 06 09 2a ..: an OID in a SEQUENCE */
#define PKCS7 "MIIBCgYJKoZIhvcNAQcC\n"

struct row {
	const char *text;
	size_t len; /* 0: strlen(text) */
	enum kind kind;
	size_t blocks;
};

/* clang-format off */
static const struct row rows[] = {
	{PEM, 0, KIND_CERTIFICATES, 1},
	{"# mine\n" PEM "between\n" PEM, 0, KIND_CERTIFICATES, 2},
	{"-----BEGIN CERTIFICATE-----\r\n" X509 END, 0, KIND_CERTIFICATES, 1},
	{BEGIN "MI\nIBCj\nCBsaADAgECAgE=\n" END, 0, KIND_CERTIFICATES, 1},
	{BEGIN PKCS7 END PEM, 0, KIND_CERTIFICATES, 1},
	{"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n" PEM, 0,
	 KIND_CERTIFICATES, 1},
	/* The mark hides what follows it at once, and nothing else. */
	{"\xef\xbb\xbf" PEM, 0, KIND_BOM, 0},
	{"\xef\xbb\xbf" PEM PEM, 0, KIND_CERTIFICATES, 1},
	{"\xef\xbb\xbf# mine\n" PEM, 0, KIND_CERTIFICATES, 1},
	{"", 0, KIND_EMPTY, 0},
	{"\n \t\r\n", 0, KIND_EMPTY, 0},
	/* A whole header, and what begins in it. */
	{"\x30\x82\x01\x0a\x30\x81\xb1", 7, KIND_DER, 0},
	{"\x30\x81\x9a\x30\x81\xb1", 6, KIND_DER, 0},
	{"\x30\x82\x01\x0a\x06\x09\x2a", 7, KIND_PKCS7, 0},
	{"\x30\x82\x01\x0a\x02\x01\x03", 7, KIND_PKCS12, 0},
	{"\x30\x82\x01\x0a\x02\x01\x00", 7, KIND_KEY, 0},
	{"\x30\x77\x02\x01\x01\x04\x20", 7, KIND_BINARY, 0},
	{"\x30\x82\x01", 3, KIND_BINARY, 0},
	{"\x30", 1, KIND_TEXT, 0},
	{"0x0000", 0, KIND_TEXT, 0},
	{"\xff\xfe-\0-\0", 6, KIND_UTF16, 0},
	{"\xfe\xff\0-\0-", 6, KIND_UTF16, 0},
	{"-\0-\0-\0", 6, KIND_UTF16, 0},
	{"\0-\0-\0-", 6, KIND_UTF16, 0},
	{"-----BEGIN PKCS7-----\n" PKCS7 "-----END PKCS7-----\n", 0,
	 KIND_PKCS7, 0},
	{"-----BEGIN CMS-----\n" PKCS7 "-----END CMS-----\n", 0, KIND_PKCS7, 0},
	{BEGIN PKCS7 END, 0, KIND_PKCS7, 0},
	{"-----BEGIN TRUSTED CERTIFICATE-----\n" X509
	 "-----END TRUSTED CERTIFICATE-----\n", 0, KIND_TRUSTED, 0},
	{"-----BEGIN X509 CERTIFICATE-----\n" X509
	 "-----END X509 CERTIFICATE-----\n", 0, KIND_TRUSTED, 0},
	{"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", 0,
	 KIND_KEY, 0},
	{"-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n", 0,
	 KIND_KEY, 0},
	{"-----BEGIN CERTIFICATE REQUEST-----\nx\n"
	 "-----END CERTIFICATE REQUEST-----\n", 0, KIND_REQUEST, 0},
	{"-----BEGIN X509 CRL-----\nx\n-----END X509 CRL-----\n", 0,
	 KIND_OTHER_PEM, 0},
	{" " PEM, 0, KIND_DAMAGED, 0},
	{"x" PEM, 0, KIND_DAMAGED, 0},
	{BEGIN X509, 0, KIND_DAMAGED, 0},
	{BEGIN END, 0, KIND_DAMAGED, 0},
	{BEGIN "not base64!\n" END, 0, KIND_DAMAGED, 0},
	{BEGIN "Proc-Type: 4,ENCRYPTED\n\n" X509 END, 0, KIND_DAMAGED, 0},
	{BEGIN "cmVn\n" END, 0, KIND_DAMAGED, 0},
	{"-----BEGIN CERTIFICATE-----\\n" X509 "\\n" END, 0, KIND_DAMAGED, 0},
	{X509, 0, KIND_BARE, 0},
	{"<!DOCTYPE html><title>404</title>", 0, KIND_HTML, 0},
	{"\n\n<html><body>Not Found</body></html>", 0, KIND_HTML, 0},
	{"\xef\xbb\xbf<HTML>", 0, KIND_HTML, 0},
	{"<?xml version=\"1.0\"?><html/>", 0, KIND_HTML, 0},
	{"<not html", 0, KIND_TEXT, 0},
	{"see <html>", 0, KIND_TEXT, 0},
	{"404: Not Found", 0, KIND_TEXT, 0},
	{"{\"errors\":[]}", 0, KIND_TEXT, 0},
	{"MII", 0, KIND_TEXT, 0},
	{"\x7f" "ELF\x02\x01\x01", 0, KIND_BINARY, 0},
	{"text\0text", 9, KIND_BINARY, 0},
};
/* clang-format on */

static void each_file_is_called_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = rows[i].len ? rows[i].len : strlen(rows[i].text);
		uint8_t *exact = malloc(len ? len : 1);
		size_t blocks = 99;
		enum kind kind;

		memcpy(exact, rows[i].text, len);
		kind = kind_of((struct bytes){exact, len}, &blocks);
		check(kind == rows[i].kind && blocks == rows[i].blocks,
		      "row %zu: %s, %zu blocks", i, kind_words(kind), blocks);
		free(exact);
	}
}

static void each_kind_has_words_and_a_row(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND_COUNT_; kind++) {
		bool found = false;

		assert_non_null(kind_words((enum kind)kind));
		for (const char *c = kind_word((enum kind)kind); *c; c++)
			assert_true((*c >= 'a' && *c <= 'z') || *c == '-' ||
				    (*c >= '0' && *c <= '9'));
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(kind_word((enum kind)kind),
						kind_word((enum kind)other));
		for (size_t i = 0; i < COUNT(rows); i++)
			found = found || (int)rows[i].kind == kind;
		check(found, "%s", kind_words((enum kind)kind));
	}
}

/* A file may be cut anywhere. */
static void any_beginning_of_a_file_is_something(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = rows[i].len ? rows[i].len : strlen(rows[i].text);

		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *exact = malloc(cut ? cut : 1);
			size_t blocks;
			enum kind kind;

			memcpy(exact, rows[i].text, cut);
			kind = kind_of((struct bytes){exact, cut}, &blocks);
			assert_int_equal(blocks > 0, kind == KIND_CERTIFICATES);
			free(exact);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_called_what_it_is),
		cmocka_unit_test(each_kind_has_words_and_a_row),
		cmocka_unit_test(any_beginning_of_a_file_is_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

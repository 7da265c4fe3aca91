/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands to paste, as a person reads them: the program for the way in which
 * it runs, what changes the result, and no line wider than a terminal.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "installer/report/command.h"
#include "installer/report/detail.h"

#define ABC                                                                    \
	"sha256:"                                                              \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABD                                                                    \
	"sha256:"                                                              \
	"a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9"

static struct options options;
static const struct bytes pins[] = {{(const uint8_t *)"abc", 3},
				    {(const uint8_t *)"abd", 3}};

static char *printed(const struct command *c)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	command_print(file, c);
	fclose(file);
	return text;
}

static void check_printed(const struct command *c, const char *expected)
{
	char *text = printed(c);

	assert_string_equal(text, expected);
	free(text);
}

static void work_in(const char *certs_dir)
{
	options.certs_dirs[0] = (char *)(uintptr_t)certs_dir;
	options.certs_dir_count = 1;
}

static int reset(void **state)
{
	(void)state;
	memset(&options, 0, sizeof(options));
	options.certs_dir_count = 0;
	return 0;
}

static void outside_the_image_it_is_the_program(void **state)
{
	const struct command c = {.options = &options,
				  .reference = "reg.test:5000"};

	(void)state;
	check_printed(&c, "  dtr-trust reg.test:5000\n");
	work_in("/srv/certs.d");
	options.trust_token_host = true;
	options.docker = (char *)(uintptr_t) "20.10";
	check_printed(&c, "  dtr-trust --certs-dir /srv/certs.d "
			  "--trust-token-host --docker 20.10 \\\n"
			  "  reg.test:5000\n");
	work_in("/srv/my certs");
	options.trust_token_host = false;
	options.docker = NULL;
	check_printed(&c, "  dtr-trust --certs-dir '/srv/my certs' "
			  "reg.test:5000\n");
	work_in("/srv/$(id)'");
	check_printed(&c, "  dtr-trust --certs-dir '/srv/$(id)'\\''' "
			  "reg.test:5000\n");
}

static void in_the_image_it_is_docker_run_with_what_is_mounted(void **state)
{
	struct command c = {.options = &options, .reference = "reg.test"};

	(void)state;
	options.in_image = true;
	check_printed(&c, "  docker run --rm "
			  "-v /etc/docker/certs.d:/etc/docker/certs.d "
			  "dtr-trust \\\n"
			  "  reg.test\n");
	work_in("/etc/my certs");
	c.certs_dir = options.certs_dirs[0];
	check_printed(&c, "  docker run --rm "
			  "-v '/etc/my certs:/etc/my certs' dtr-trust \\\n"
			  "  --certs-dir '/etc/my certs' reg.test\n");
	c.certs_dir = NULL;
	options.certs_dir_count = 0;
	options.https_proxy = "http://user:secret@proxy:3128";
	options.no_proxy = "localhost";
	options.ca_file = (char *)(uintptr_t) "-";
	c.sees_host_pool = true;
	check_printed(&c, "  docker run --rm -i "
			  "-v /etc/docker/certs.d:/etc/docker/certs.d \\\n"
			  "  -v /etc/ssl/certs:/etc/ssl/certs:ro "
			  "-e HTTPS_PROXY -e NO_PROXY "
			  "dtr-trust \\\n"
			  "  reg.test\n");
}

static void
several_directories_are_all_named_or_the_one_that_is_meant(void **state)
{
	struct command c = {.options = &options, .reference = "reg.test"};

	(void)state;
	work_in("/etc/docker/certs.d");
	options.certs_dirs[1] = (char *)(uintptr_t) "/etc/containers/certs.d";
	options.certs_dir_count = 2;
	check_printed(&c, "  dtr-trust --certs-dir /etc/docker/certs.d \\\n"
			  "  --certs-dir /etc/containers/certs.d reg.test\n");
	options.in_image = true;
	c.certs_dir = options.certs_dirs[1];
	check_printed(&c,
		      "  docker run --rm "
		      "-v /etc/containers/certs.d:/etc/containers/certs.d \\\n"
		      "  dtr-trust --certs-dir /etc/containers/certs.d "
		      "reg.test\n");
	/* What is mounted at a place of the container's own is Docker's. */
	c.certs_dir = "/certs";
	check_printed(&c, "  docker run --rm -v /etc/docker/certs.d:/certs "
			  "dtr-trust --certs-dir /certs \\\n"
			  "  reg.test\n");
	c.certs_dir = options.certs_dirs[0];
	check_printed(&c, "  docker run --rm "
			  "-v /etc/docker/certs.d:/etc/docker/certs.d "
			  "dtr-trust \\\n"
			  "  reg.test\n");
}

static void a_fingerprint_is_never_broken(void **state)
{
	struct command c = {.options = &options,
			    .reference = "reg.test",
			    .pin_option = "--pin ",
			    .pin_count = 1,
			    .pins = pins};

	(void)state;
	check_printed(&c, "  dtr-trust reg.test \\\n  --pin " ABC "\n");
	c.pin_count = 2;
	c.option = "--on-change replace";
	check_printed(&c, "  dtr-trust --on-change replace reg.test \\\n"
			  "  --pin " ABC " \\\n  --pin " ABD "\n");
	c.reference = NULL;
	c.pin_count = 0;
	c.option = NULL;
	check_printed(&c, "  dtr-trust REGISTRY\n");
}

static void a_pin_may_be_of_the_service_alone(void **state)
{
	struct command c = {.options = &options,
			    .reference = "reg.test",
			    .pin_option = "--pin auth.test=",
			    .pin_count = 1,
			    .pins = pins};

	(void)state;
	options.trust_token_host = true;
	check_printed(&c, "  dtr-trust reg.test \\\n"
			  "  --pin auth.test=" ABC "\n");
	c = (struct command){.options = &options, .reference = "reg.test"};
	check_printed(&c, "  dtr-trust --trust-token-host reg.test\n");
}

static void sentences_fit_a_terminal(void **state)
{
	static const char text[] =
		"a sentence of more than sixty-two characters is broken at a "
		"blank, and what is longer than a line stays whole: "
		"/a/path/of/more/than/sixty-two/characters/that/is/to/be/"
		"copied/as/it/is";
	char *out = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&out, &len);

	(void)state;
	assert_non_null(file);
	detail_print(file, "next", text);
	detail_print(file, "", "short");
	detail_fingerprint(file, pins[0]);
	fclose(file);
	assert_string_equal(
		out,
		"    next         a sentence of more than sixty-two characters "
		"is broken at a\n"
		"                 blank, and what is longer than a line stays "
		"whole:\n"
		"                 /a/path/of/more/than/sixty-two/characters/"
		"that/is/to/be/copied/as/it/is\n"
		"                 short\n"
		"    " ABC "\n");
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(outside_the_image_it_is_the_program,
				       reset),
		cmocka_unit_test_setup(
			in_the_image_it_is_docker_run_with_what_is_mounted,
			reset),
		cmocka_unit_test_setup(
			several_directories_are_all_named_or_the_one_that_is_meant,
			reset),
		cmocka_unit_test_setup(a_fingerprint_is_never_broken, reset),
		cmocka_unit_test_setup(a_pin_may_be_of_the_service_alone,
				       reset),
		cmocka_unit_test(sentences_fit_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is news to a run that stays: whatever an operator would act on, once.
 */
#include "support/turn.h"

#include "installer/report/memory.h"

static struct memory memory;

static int setup(void **state)
{
	(void)state;
	turn_start();
	report.certs_dir = "certs.d";
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	memory_free(&memory);
	return 0;
}

static void check_news_once(void)
{
	assert_true(memory_is_news(&memory, &report));
	assert_false(memory_is_news(&memory, &report));
}

static void another_cause_is_news(void **state)
{
	(void)state;
	report.state = REPORT_UNTRUSTED;
	report.verdict =
		(struct wire_verdict){.reached = true, .code = VERDICT_EXPIRED};
	check_news_once();
	report.verdict.code = VERDICT_WRONG_NAME;
	check_news_once();
	report.verdict.remark = REMARK_BLANK_DOMAIN;
	check_news_once();
	report.state = REPORT_FAILED;
	failure_set(&report.failure, ERR_CONNECT, "no route");
	check_news_once();
	failure_set(&report.failure, ERR_CONNECT, "refused");
	check_news_once();
	failure_set(&report.failure, ERR_TLS, "refused");
	check_news_once();
	report.state = REPORT_TRUSTED;
	check_news_once();
}

static void what_was_written_is_news_and_what_follows_is_not(void **state)
{
	const struct consumer_facts refused = {
		.certificate = CONSUMER_CERTIFICATE_REFUSED};

	(void)state;
	report.state = REPORT_INSTALLED;
	report.consumers = &refused;
	assert_int_equal(report_exit_of(&report), REPORT_EXIT_DOCKER);
	assert_true(memory_is_news(&memory, &report));
	assert_true(memory_is_news(&memory, &report));
	report.state = REPORT_UNCHANGED;
	assert_false(memory_is_news(&memory, &report));
}

static void each_registry_service_and_directory_is_one_of_its_own(void **state)
{
	(void)state;
	report.state = REPORT_TRUSTED;
	check_news_once();
	report.service = &auth;
	check_news_once();
	report.certs_dir = "other";
	check_news_once();
	report.registry = &auth;
	check_news_once();
}

/* A server may name another one each time: what is remembered is bounded by the
 * operator's list, not by what servers say. */
static void new_names_of_a_service_take_no_more_room(void **state)
{
	struct registry service = auth;
	size_t room;

	(void)state;
	report.state = REPORT_SERVICE_FINE;
	report.service = &service;
	check_news_once();
	room = memory.count;
	for (int i = 0; i < 1000; i++) {
		snprintf(service.reference, sizeof(service.reference),
			 "auth-%d.example.com", i);
		check_news_once();
	}
	assert_int_equal(memory.count, room);
	report.is_redirect = true;
	check_news_once();
	report.is_redirect = false;
	assert_false(memory_is_news(&memory, &report));
}

#define memory_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		memory_test(another_cause_is_news),
		memory_test(what_was_written_is_news_and_what_follows_is_not),
		memory_test(
			each_registry_service_and_directory_is_one_of_its_own),
		memory_test(new_names_of_a_service_take_no_more_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

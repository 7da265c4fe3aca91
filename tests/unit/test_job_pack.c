/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job survives being written and read at another place; a cut one is refused.
 */
#include "support/unit.h"

#include <stdlib.h>

#include "common/job_pack.h"

static const struct registry target = {"reg.test:5000", "reg.test", 5000,
				       REGISTRY_NAME};

static struct job full_job(void)
{
	struct job job = {
		.kind = JOB_CAPTURE_WIDER,
		.target = &target,
		.timeout_ms = 20000,
		.now = 1795439480,
		.all_addresses = true,
		.docker = "29.7",
		.https_proxy = "http://user:secret@proxy.test:3128",
		.installed_count = 3,
		.installed = {bytes_of("one"), {NULL, 0}, bytes_of("three")},
		.host_pool = bytes_of("pool"),
		.pin_count = 2,
		.operator_file = bytes_of("file"),
		.daemon_json = bytes_of("{}"),
		.block_count = 1,
	};

	memset(&job.pins[1], 0xcd, sizeof(job.pins[1]));
	return job;
}

/* As the file in memory has it; the caller frees it. */
static uint8_t *written(const struct job *job, size_t *len)
{
	struct job_packed packed;
	uint8_t *memory;

	job_pack(job, &packed);
	*len = 0;
	for (size_t i = 0; i < packed.count; i++)
		*len += packed.pieces[i].len;
	memory = malloc(*len);
	*len = 0;
	for (size_t i = 0; i < packed.count; i++) {
		memcpy(memory + *len, packed.pieces[i].data,
		       packed.pieces[i].len);
		*len += packed.pieces[i].len;
	}
	return memory;
}

static void check_bytes(struct bytes got, const char *text)
{
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
}

static void all_of_it_comes_back(void **state)
{
	const struct job job = full_job();
	size_t len;
	uint8_t *memory = written(&job, &len);
	const struct job *got = job_unpack(memory, len);

	(void)state;
	assert_non_null(got);
	assert_int_equal(got->kind, job.kind);
	assert_memory_equal(got->target, &target, sizeof(target));
	assert_ptr_not_equal(got->target, &target);
	assert_int_equal(got->timeout_ms, job.timeout_ms);
	assert_int_equal(got->now, job.now);
	assert_true(got->all_addresses);
	assert_string_equal(got->docker, job.docker);
	assert_string_equal(got->https_proxy, job.https_proxy);
	assert_null(got->no_proxy);
	assert_int_equal(got->installed_count, 3);
	check_bytes(got->installed[0], "one");
	check_bytes(got->installed[1], "");
	check_bytes(got->installed[2], "three");
	check_bytes(got->host_pool, "pool");
	check_bytes(got->operator_file, "file");
	check_bytes(got->daemon_json, "{}");
	assert_memory_equal(got->pins, job.pins, sizeof(job.pins));
	free(memory);
}

static void nothing_at_all_comes_back_too(void **state)
{
	const struct job job = {.kind = JOB_READ};
	size_t len;
	uint8_t *memory = written(&job, &len);
	const struct job *got = job_unpack(memory, len);

	(void)state;
	assert_non_null(got);
	assert_int_equal(got->kind, JOB_READ);
	assert_null(got->target);
	assert_null(got->docker);
	assert_int_equal(got->host_pool.len, 0);
	free(memory);
}

static void what_is_cut_is_refused(void **state)
{
	const struct job job = full_job();
	size_t len;
	uint8_t *whole = written(&job, &len);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *memory = malloc(cut ? cut : 1);

		memcpy(memory, whole, cut);
		check(!job_unpack(memory, cut), "%zu of %zu bytes", cut, len);
		free(memory);
	}
	free(whole);
}

static void counts_that_cannot_be_are_refused(void **state)
{
	struct job job = full_job();
	size_t len;
	uint8_t *memory = written(&job, &len);

	(void)state;
	((struct job *)(void *)memory)->installed_count = CRT_FILES_MAX + 1;
	assert_null(job_unpack(memory, len));
	free(memory);
	memory = written(&job, &len);
	((struct job *)(void *)memory)->pin_count = PINS_MAX + 1;
	assert_null(job_unpack(memory, len));
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_comes_back),
		cmocka_unit_test(nothing_at_all_comes_back_too),
		cmocka_unit_test(what_is_cut_is_refused),
		cmocka_unit_test(counts_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

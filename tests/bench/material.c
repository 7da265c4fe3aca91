/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host's CA store costs: one measured chain beside a bundle, read as
 * the probe reads it. Count its instructions:
 *
 *	valgrind --tool=callgrind --toggle-collect=material_read \
 *		build/obj/tests/bench/material
 * /etc/ssl/certs/ca-certificates.crt
 */
#include "probe/judge/material.h"
#include "support/cases.h"

static struct case_line line;
static struct presented presented;
static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];

int main(int argc, char **argv)
{
	struct arena arena = {room, sizeof(room), 0};
	struct material material = {0};
	struct job job = {.now = 1767225600};
	struct case_file file;
	struct failure f;
	char *bundle;

	if (argc != 2)
		return 2;
	cases_open(&file, CASES_MEASURED);
	if (!cases_next(&file, &line))
		return 1;
	for (size_t i = 0; i < line.sent_len; i++)
		presented.certs[presented.count++] = line.sent[i];
	bundle = cases_read_file(argv[1]);
	job.host_pool = (struct bytes){(const uint8_t *)bundle, strlen(bundle)};
	if (material_read(&job, &presented, go_newest(), &arena, &material,
			  &f) != ERR_OK)
		return 1;
	printf("%zu of the host's certificates may matter\n",
	       material.host_count);
	free(bundle);
	cases_close(&file);
	return 0;
}

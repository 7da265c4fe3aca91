/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolv.conf and hosts of any content. Every step makes the rest shorter,
 * and what it gives is a word of the input.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/connect/etc_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const char *text, struct bytes all, size_t before,
		  size_t after)
{
	size_t len = strlen(text);

	if (after >= before || !len || len >= ADDRESS_CHARS_MAX ||
	    strpbrk(text, " \t\n\v\f\r"))
		abort();
	if (!memmem(all.data, all.len, text, len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct bytes all = {data, len};
	struct bytes rest = all;
	char text[ADDRESS_CHARS_MAX];
	size_t before = len;

	for (; etc_files_nameserver(&rest, text); before = rest.len)
		if (!memchr(data, 0, len))
			check(text, all, before, rest.len);
	rest = all;
	before = len;
	for (; etc_files_host(&rest, "reg.example", text); before = rest.len)
		if (!memchr(data, 0, len))
			check(text, all, before, rest.len);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proxy's reply, as proxy_open judges it while it arrives: what is refused
 * at its half must be refused as a whole.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/connect/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void assert_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			abort();
}

static enum err judge(const uint8_t *data, size_t len, bool *done,
		      struct failure *f)
{
	static const struct route route = {
		.proxied = true, .host = "proxy", .port = 3128};
	static const struct proxy_target target = {"2001:db8::1", 443};
	uint8_t *copy = malloc(len ? len : 1);
	enum err err;

	/* A copy of exactly LEN bytes: one byte too far is a crash. */
	if (!copy)
		abort();
	memcpy(copy, data, len);
	err = proxy_judge((struct bytes){copy, len}, &route, target, done, f);
	free(copy);
	if (err)
		assert_printable(f->detail);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct failure f;
	bool done;
	enum err early;
	bool early_done;

	if (len > PROXY_REPLY_MAX)
		len = PROXY_REPLY_MAX;
	early = judge(data, len / 2, &early_done, &f);
	if (early && !early_done)
		abort();
	if (judge(data, len, &done, &f) != early && early)
		abort();
	return 0;
}

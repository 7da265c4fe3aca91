/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's daemon.json: whatever it holds, it is read to its end or not at
 * all, and its names go through the wire as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "common/wire.h"
#include "probe/judge/daemon_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct outcome sent;
static struct outcome received;
static uint8_t frame[64 * 1024];

static void check_names(const struct settings *a, const struct settings *b)
{
	if (a->flags != b->flags || a->name_count != b->name_count)
		abort();
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].list != b->names[i].list ||
		    !bytes_equal(a->names[i].text, b->names[i].text))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[DAEMON_JSON_ROOM_BYTES];
	const unsigned both = SETTINGS_CONTAINERD | SETTINGS_CLASSIC;
	const struct settings *got = &sent.settings;
	uint8_t *copy = malloc(size ? size : 1);
	struct failure f;
	size_t len;

	if (!copy)
		abort();
	memcpy(copy, data, size);
	daemon_json_read((struct bytes){copy, size}, room, &sent.settings);
	free(copy);
	if ((got->flags & both) == both ||
	    (!(got->flags & SETTINGS_READ) && (got->flags || got->name_count)))
		abort();
	if (wire_encode(&sent, frame, sizeof(frame), &len) != ERR_OK ||
	    wire_decode((struct bytes){frame, len}, WIRE_FAILURES_READ,
			&received, &f) != ERR_OK)
		abort();
	check_names(got, &received.settings);
	return 0;
}

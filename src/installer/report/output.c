/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/limits.h"
#include "common/stop.h"

/* see output.h */
void output_text(bool is_error, const char *text, size_t len)
{
	struct pollfd to = {is_error ? STDERR_FILENO : STDOUT_FILENO, POLLOUT,
			    0};

	while (len) {
		/* Where there is room at all there is room for so much. */
		size_t part = len < OUTPUT_PART_BYTES ? len : OUTPUT_PART_BYTES;
		bool stops = stop_is_pending();
		int ready = poll(&to, 1, stops ? 0 : OUTPUT_WAIT_MS);
		ssize_t n;

		if (ready <= 0 && stops)
			return;
		/* Under a limit of no descriptor at all it is EINVAL, always;
		 * then a write may wait. */
		if (ready == 0 || (ready < 0 && errno != EINVAL))
			continue;
		n = write(to.fd, text, part);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

/* see output.h */
FILE *output_begin(struct output *out, bool is_error)
{
	*out = (struct output){.is_error = is_error};
	out->to = open_memstream(&out->text, &out->len);
	if (out->to)
		return out->to;
	return is_error ? stderr : stdout;
}

/* see output.h */
void output_end(struct output *out)
{
	if (!out->to) {
		fflush(stdout);
		return;
	}
	if (!fclose(out->to))
		output_text(out->is_error, out->text, out->len);
	free(out->text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/escape.h"

/* see input.h */
bool input_is_stdin(const struct input *in)
{
	return !strcmp(in->path, "-");
}

/* see input.h */
enum err input_fail(const struct input *in, const char *why, struct failure *f)
{
	return failure_set(f, ERR_USAGE, "%s %s: %s", in->option,
			   input_is_stdin(in) ? "(standard input)" : in->path,
			   why);
}

/* In a container a path is another than outside, and `docker -v` makes an empty
 * directory of a file that the host has not. */
static enum err fail_to_open(const struct input *in, int cause,
			     struct failure *f)
{
	char path[FAILURE_CHARS_MAX];

	escape_shell(path, sizeof(path), in->path);
	input_fail(in, strerror(cause), f);
	if (cause == EISDIR && in->in_image)
		return failure_advise(f, "name a file; where docker run -v "
					 "made this directory, the host has "
					 "no file at the path before the "
					 "colon");
	if (cause == EISDIR)
		return failure_advise(f, "name a file in it");
	if (cause == ENOENT && in->in_image)
		return failure_advise(
			f,
			"it must be in the container: docker run "
			"-v /path/on/the/host:%s%s:ro ..., or as standard "
			"input: docker run -i ... %s - < FILE",
			*in->path == '/' ? "" : "/", path, in->option);
	if (cause == EACCES)
		return failure_advise(f,
				      "make it readable for the user that runs "
				      "dtr-trust, or give it as standard "
				      "input: %s - < FILE",
				      in->option);
	return failure_advise(f, "check the path: ls -l %s", path);
}

static enum err fail_as_empty(const struct input *in, struct failure *f)
{
	char path[FAILURE_CHARS_MAX];

	input_fail(in, "it is empty", f);
	if (input_is_stdin(in) && in->in_image)
		return failure_advise(f,
				      "docker run needs -i to pass it on: "
				      "docker run -i ... %s - < FILE",
				      in->option);
	if (input_is_stdin(in))
		return failure_advise(f, "dtr-trust ... %s - < FILE",
				      in->option);
	escape_shell(path, sizeof(path), in->path);
	return failure_advise(f, "look where it came from: ls -l %s", path);
}

/* Nobody may be writing: a signal is heard all the same. */
static enum err wait_for(int fd, const struct input *in, struct failure *f)
{
	struct pollfd fds[] = {
		{fd, POLLIN, 0},
		{in->stop_fd ? in->stop_fd : -1, POLLIN, 0},
	};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	return fds[1].revents
		       ? failure_set(f, ERR_STOPPED, "stopped by a signal")
		       : ERR_OK;
}

static enum err fill(int fd, const struct input *in, char *buffer, size_t size,
		     size_t *len, struct failure *f)
{
	while (*len < size) {
		ssize_t n;

		if (wait_for(fd, in, f) != ERR_OK)
			return ERR_STOPPED;
		n = read(fd, buffer + *len, size - *len);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return fail_to_open(in, errno, f);
		if (n == 0)
			return *len ? ERR_OK : fail_as_empty(in, f);
		*len += (size_t)n;
	}
	input_fail(in, "it is too large", f);
	return failure_advise(f, "%zu KiB are the most; is it the right file?",
			      size / 1024);
}

/* see input.h */
void input_complete(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			fd = open("/", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* see input.h */
enum err input_read(const struct input *in, void *buffer, size_t size,
		    size_t *len, struct failure *f)
{
	int fd = input_is_stdin(in)
			 ? STDIN_FILENO
			 : open(in->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum err err;

	*len = 0;
	err = fd < 0 ? fail_to_open(in, errno, f)
		     : fill(fd, in, buffer, size, len, f);
	if (!input_is_stdin(in) && fd >= 0)
		close(fd);
	return err;
}

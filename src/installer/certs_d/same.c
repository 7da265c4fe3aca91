/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/certs_d/same.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "installer/certs_d/directory.h"

/* Does FD, a file, hold exactly CONTENT? */
static bool holds(int fd, struct bytes content)
{
	uint8_t piece[4096];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    st.st_size != (off_t)content.len)
		return false;
	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		struct bytes seen = {piece, (size_t)n};
		struct bytes due = {content.data, (size_t)n};

		if (seen.len > content.len || !bytes_equal(seen, due))
			return false;
		content = bytes_from(content, (size_t)n);
	}
	return n == 0 && content.len == 0;
}

/* see same.h */
enum same same_find(int dir, const char *name, struct bytes content)
{
	int fd = directory_open_beneath(dir, name,
					O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	enum same same;

	if (fd < 0)
		return errno == ENOENT ? SAME_ABSENT : SAME_NOT;
	same = holds(fd, content) ? SAME_BYTES : SAME_NOT;
	close(fd);
	return same;
}

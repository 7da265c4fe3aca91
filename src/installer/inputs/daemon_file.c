/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/daemon_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "installer/certs_d/directory.h"
#include "installer/certs_d/mount.h"

/* Is PATH .../docker/certs.d? Then its parent goes to PARENT. */
static bool split(const char *path, char parent[static PATH_BYTES_MAX])
{
	static const char name[] = "/certs.d", docker[] = "/docker";
	size_t len = strlen(path);

	if (len >= PATH_BYTES_MAX || len < sizeof(name) + sizeof(docker) - 2)
		return false;
	len -= sizeof(name) - 1;
	if (strcmp(path + len, name) != 0 ||
	    memcmp(path + len - (sizeof(docker) - 1), docker,
		   sizeof(docker) - 1) != 0)
		return false;
	memcpy(parent, path, len);
	parent[len] = '\0';
	return true;
}

static enum daemon_file read_open(int fd, uint8_t *buffer, struct bytes *out)
{
	size_t len;

	if (!io_read_all(fd, buffer, DAEMON_FILE_BYTES, &len))
		return errno == EFBIG ? DAEMON_FILE_LARGE : DAEMON_FILE_CLOSED;
	*out = (struct bytes){buffer, len};
	return DAEMON_FILE_READ;
}

static enum daemon_file read_beside(int parent, bool in_image, uint8_t *buffer,
				    struct bytes *out)
{
	enum daemon_file result = DAEMON_FILE_CLOSED;
	bool is_link;
	int fd;

	switch (directory_open_file(parent, "daemon.json", &fd, &is_link)) {
	case DIRECTORY_FILE:
		result = read_open(fd, buffer, out);
		close(fd);
		break;
	case DIRECTORY_ABSENT:
		result = in_image && (is_link || mount_is_root(parent))
				 ? DAEMON_FILE_UNSEEN
				 : DAEMON_FILE_ABSENT;
		break;
	case DIRECTORY_FOLDER:
	case DIRECTORY_SPECIAL:
	case DIRECTORY_CLOSED:
		break;
	}
	return result;
}

/* see daemon_file.h */
enum daemon_file daemon_file_read(const char *certs_dir, bool in_image,
				  uint8_t buffer[static DAEMON_FILE_BYTES],
				  struct bytes *out)
{
	char path[PATH_BYTES_MAX];
	enum daemon_file result;
	int parent;

	*out = (struct bytes){NULL, 0};
	if (!split(certs_dir, path))
		return DAEMON_FILE_ELSEWHERE;
	parent = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0 && errno != ENOENT)
		return DAEMON_FILE_CLOSED;
	if (parent < 0)
		return in_image ? DAEMON_FILE_UNSEEN : DAEMON_FILE_ABSENT;
	result = read_beside(parent, in_image, buffer, out);
	close(parent);
	return result;
}

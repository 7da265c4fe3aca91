/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/certs_d/mount.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number of the mount that FD is on, or -1 where /proc is missing. */
static long mount_id(int fd)
{
	static const char field[] = "mnt_id:";
	char path[64];
	char text[512];
	const char *found;
	ssize_t n;
	int info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = open(path, O_RDONLY | O_CLOEXEC);
	if (info < 0)
		return -1;
	n = read(info, text, sizeof(text) - 1);
	close(info);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	found = strstr(text, field);
	return found ? strtol(found + sizeof(field) - 1, NULL, 10) : -1;
}

/* see mount.h */
bool mount_is_root(int fd)
{
	long here = mount_id(fd);
	long root_mount;
	int root = open("/", O_PATH | O_CLOEXEC);

	if (root < 0)
		return false;
	root_mount = mount_id(root);
	close(root);
	return here >= 0 && here == root_mount;
}

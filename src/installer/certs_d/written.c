/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/certs_d/written.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "installer/certs_d/directory.h"
#include "installer/certs_d/section.h"
#include "installer/certs_d/survey_parts.h"

/* Does what FD begins with have a section of ours? False with errno where it
 * cannot be read. A file that is too large to be ours is the remover's to
 * name. */
static bool holds_section(int fd, char *room)
{
	size_t len;

	if (!io_read_all(fd, room, CRT_BYTES_MAX, &len) && errno != EFBIG)
		return false;
	errno = 0;
	return section_exists((struct bytes){(const uint8_t *)room, len});
}

/* The same of the ca.crt in DIR. */
static bool has_ours(int dir, char *room)
{
	bool is_link, has;
	int fd;
	enum directory_entry entry =
		directory_open_file(dir, SURVEY_CA_FILE, &fd, &is_link);
	int error;

	if (entry == DIRECTORY_CLOSED && !is_link)
		return false;
	errno = 0;
	if (entry != DIRECTORY_FILE)
		return false;
	has = !is_link && holds_section(fd, room);
	error = errno;
	close(fd);
	errno = error;
	return has;
}

static bool is_listed(const struct written_query *query,
		      const struct registry *registry)
{
	for (size_t i = 0; i < query->listed_count; i++)
		if (registry_is_same(&query->listed[i], registry))
			return true;
	return false;
}

static enum err keep(struct written *out, const struct registry *registry,
		     struct failure *f)
{
	struct registry *list =
		realloc(out->list, (out->count + 1) * sizeof(*list));

	if (!list)
		return failure_set(f, ERR_MEMORY, "out of memory");
	list[out->count++] = *registry;
	out->list = list;
	return ERR_OK;
}

/* NAME is an entry of ROOT. */
static enum err look_at(int root, const char *name,
			const struct written_query *query, struct written *out,
			struct failure *f)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
	struct registry registry;
	struct failure ignored;
	bool ours;
	int error;
	int dir;

	if (registry_parse(name, strlen(name), &registry, &ignored) != ERR_OK ||
	    strcmp(registry.reference, name) != 0 ||
	    is_listed(query, &registry))
		return ERR_OK;
	dir = directory_open_beneath(root, name, flags, 0);
	if (dir < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENOENT ||
			errno == EXDEV))
		return ERR_OK;
	ours = dir >= 0 && has_ours(dir, query->room);
	error = errno;
	if (dir >= 0)
		close(dir);
	if (error && !ours)
		return survey_refuse(
			f, &registry, dir < 0 ? "" : SURVEY_CA_FILE,
			cause_of(error, root, name), strerror(error));
	return ours ? keep(out, &registry, f) : ERR_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct registry *)a)->reference,
		      ((const struct registry *)b)->reference);
}

static enum err fail_to_list(struct failure *f)
{
	int error = errno;

	failure_set(f, ERR_STORE, "cannot list certs.d: %s", strerror(error));
	f->cause = cause_of(error, -1, "");
	return ERR_STORE;
}

static enum err look_at_all(DIR *stream, int root,
			    const struct written_query *query,
			    struct written *out, struct failure *f)
{
	const struct dirent *entry;
	enum err err = ERR_OK;

	errno = 0;
	while (err == ERR_OK && (entry = readdir(stream))) {
		err = look_at(root, entry->d_name, query, out, f);
		errno = 0;
	}
	return err == ERR_OK && errno ? fail_to_list(f) : err;
}

/* see written.h */
enum err written_find(int root, const struct written_query *query,
		      struct written *out, struct failure *f)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	enum err err;

	*out = (struct written){NULL, 0};
	if (!stream) {
		err = fail_to_list(f);
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = look_at_all(stream, root, query, out, f);
	closedir(stream);
	if (err != ERR_OK)
		written_free(out);
	else if (out->count)
		qsort(out->list, out->count, sizeof(*out->list), by_name);
	return err;
}

/* see written.h */
void written_free(struct written *out)
{
	free(out->list);
	*out = (struct written){NULL, 0};
}

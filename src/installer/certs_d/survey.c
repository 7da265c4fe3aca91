/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one registry's directory in certs.d. Installer only. Treats every
 * file as opaque bytes; see survey.h.
 */
#include "installer/certs_d/survey.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/escape.h"
#include "installer/certs_d/directory.h"
#include "installer/certs_d/lock.h"

static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t m = strlen(suffix);

	return n >= m && !strcmp(name + n - m, suffix);
}

static enum err refuse(struct failure *f, const struct registry *registry,
		       const char *name, const char *why)
{
	char shown[SURVEY_NAME_BYTES];

	escape_text(shown, sizeof(shown), name, strlen(name));
	return failure_set(f, ERR_STORE, "%s/%s: %s", registry->reference,
			   shown, why);
}

/* Fill OUT with the file behind FD; the reason in words when it cannot be. */
static const char *read_file(int fd, struct survey *out, struct bytes *content)
{
	size_t room = sizeof(out->storage) - out->used;
	size_t len = 0;
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	if (room > CRT_BYTES_MAX + 1)
		room = CRT_BYTES_MAX + 1;
	content->data = out->storage + out->used;
	while (len < room) {
		ssize_t n =
			read(fd, out->storage + out->used + len, room - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return strerror(errno);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len == room)
		return "too large for a certificate file";
	content->len = len;
	out->used += len;
	return NULL;
}

/* In the order of names, as Docker reads them. */
static void insert_file(struct survey *out, const char *name,
			struct bytes content)
{
	size_t at = out->file_count++;

	while (at > 0 && strcmp(out->files[at - 1].name, name) > 0) {
		out->files[at] = out->files[at - 1];
		at--;
	}
	snprintf(out->files[at].name, sizeof(out->files[at].name), "%s", name);
	out->files[at].content = content;
}

/* A .crt that cannot be read stops Docker for this registry; only ours stops
 * us, because we are about to replace it. */
static enum err take_crt(int dir, const struct registry *registry,
			 const char *name, struct survey *out,
			 struct failure *f)
{
	struct bytes content = {NULL, 0};
	const char *why = NULL;
	int fd;

	if (out->file_count == CRT_FILES_MAX)
		return refuse(f, registry, name, "too many .crt files");
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	fd = directory_open_beneath(dir, name, O_RDONLY | O_NONBLOCK, 0);
	if (fd < 0)
		why = errno == ELOOP ? "a symbolic link is in the way"
				     : strerror(errno);
	else
		why = read_file(fd, out, &content);
	if (fd >= 0)
		close(fd);
	if (why && !strcmp(name, SURVEY_CA_FILE))
		return refuse(f, registry, name, why);
	if (why) {
		out->shadows |= SURVEY_UNREAD_CRT;
		return ERR_OK;
	}
	insert_file(out, name, content);
	return ERR_OK;
}

static bool has_entry(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* Docker pairs x.cert with x.key and fails the registry when one is alone. */
static void check_pair(int dir, const char *name, struct survey *out)
{
	bool is_cert = has_suffix(name, ".cert");
	size_t stem = strlen(name) - (is_cert ? 5 : 4);
	char partner[SURVEY_NAME_BYTES + 8];

	snprintf(partner, sizeof(partner), "%.*s%s", (int)stem, name,
		 is_cert ? ".key" : ".cert");
	if (!has_entry(dir, partner))
		out->shadows |= is_cert ? SURVEY_LONE_CERT : SURVEY_LONE_KEY;
}

static enum err take_entry(int dir, const struct registry *registry,
			   const char *name, struct survey *out,
			   struct failure *f)
{
	if (strcmp(name, SURVEY_CA_FILE) != 0 && strcmp(name, ".") != 0 &&
	    strcmp(name, "..") != 0)
		out->shared = true;
	if (has_suffix(name, ".crt"))
		return take_crt(dir, registry, name, out, f);
	if (has_suffix(name, ".cert") || has_suffix(name, ".key"))
		check_pair(dir, name, out);
	else if (!strcmp(name, "hosts.toml"))
		out->shadows |= SURVEY_HOSTS_TOML;
	else if (!strcmp(name, SURVEY_NEW_FILE))
		out->litter = true;
	return ERR_OK;
}

static enum err take_entries(int fd, const struct registry *registry,
			     struct survey *out, struct failure *f)
{
	DIR *stream = fdopendir(fd);
	enum err err = ERR_OK;
	struct dirent *entry;

	if (!stream) {
		close(fd);
		return refuse(f, registry, "", strerror(errno));
	}
	errno = 0;
	while (err == ERR_OK && (entry = readdir(stream))) {
		err = take_entry(dirfd(stream), registry, entry->d_name, out,
				 f);
		errno = 0;
	}
	if (err == ERR_OK && errno)
		err = refuse(f, registry, "", strerror(errno));
	closedir(stream);
	return err;
}

/* containerd's loader asks for host_port_ before host:port, and for _default
 * only when neither exists. */
static void check_neighbours(int root, const struct registry *registry,
			     struct survey *out)
{
	const char *colon = strrchr(registry->reference, ':');
	bool has_port = colon && !strchr(colon, ']');
	char alias[REGISTRY_CHARS_MAX + 2];
	char podman[REGISTRY_CHARS_MAX + 32];

	if (has_port) {
		snprintf(alias, sizeof(alias), "%.*s_%s_",
			 (int)(colon - registry->reference),
			 registry->reference, colon + 1);
		if (has_entry(root, alias))
			out->shadows |= SURVEY_PORT_ALIAS;
	}
	if (has_entry(root, "_default"))
		out->shadows |= SURVEY_DEFAULT;
	/* containers/image takes the first directory that exists. */
	snprintf(podman, sizeof(podman), "/etc/containers/certs.d/%s",
		 registry->reference);
	if (has_entry(AT_FDCWD, podman))
		out->shadows |= SURVEY_CONTAINERS;
}

/* see survey.h */
enum err survey_take(int root, const struct registry *registry,
		     struct survey *out, struct failure *f)
{
	int fd;

	out->exists = false;
	out->litter = false;
	out->shared = false;
	out->shadows = 0;
	out->file_count = 0;
	out->used = 0;
	/* --show looks at no directory. */
	if (root < 0)
		return ERR_OK;
	out->litter = has_entry(root, SURVEY_NEW_DIRECTORY) ||
		      has_entry(root, LOCK_FILE);
	check_neighbours(root, registry, out);
	fd = directory_open_beneath(root, registry->reference,
				    O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && errno == ENOENT)
		return ERR_OK;
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return refuse(f, registry, "",
			      "a symbolic link or a file is in the way");
	if (fd < 0)
		return refuse(f, registry, "", strerror(errno));
	out->exists = true;
	return take_entries(fd, registry, out, f);
}

/* see survey.h */
struct bytes survey_find(const struct survey *s, const char *name)
{
	for (size_t i = 0; i < s->file_count; i++)
		if (!strcmp(s->files[i].name, name))
			return s->files[i].content;
	return (struct bytes){NULL, 0};
}

/* see survey.h */
bool survey_equal(const struct survey *a, const struct survey *b)
{
	if (a->file_count != b->file_count)
		return false;
	for (size_t i = 0; i < a->file_count; i++)
		if (strcmp(a->files[i].name, b->files[i].name) != 0 ||
		    !bytes_equal(a->files[i].content, b->files[i].content))
			return false;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is in one registry's directory; see survey_parts.h. Every file is opaque
 * bytes.
 */
#include "installer/certs_d/survey_parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "installer/certs_d/directory.h"

/* Fill CONTENT with the file behind FD. False with errno where it cannot be
 * read, EFBIG where it is too large. */
static bool read_file(int fd, struct survey *out, struct bytes *content)
{
	size_t room = sizeof(out->storage) - out->used;

	if (room > CRT_BYTES_MAX + 1)
		room = CRT_BYTES_MAX + 1;
	content->data = out->storage + out->used;
	if (!io_read_all(fd, out->storage + out->used, room, &content->len))
		return false;
	out->used += content->len;
	return true;
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

/* Docker pairs x.cert with x.key and fails the registry when one is alone. */
static void check_pair(int dir, const char *name, struct survey *out)
{
	bool is_cert = bytes_end_with(bytes_of(name), ".cert");
	size_t stem = strlen(name) - (is_cert ? 5 : 4);
	char partner[SURVEY_NAME_BYTES + 8];

	snprintf(partner, sizeof(partner), "%.*s%s", (int)stem, name,
		 is_cert ? ".key" : ".cert");
	if (survey_has_entry(dir, partner))
		out->has_pair = true;
	else
		survey_add_shadow(out,
				  is_cert ? SURVEY_LONE_CERT : SURVEY_LONE_KEY,
				  name);
}

/* Why ca.crt cannot be written over, by what stands there. */
static enum cause cause_of_entry(enum directory_entry entry, bool is_link)
{
	if (is_link)
		return CAUSE_LINK;
	if (entry == DIRECTORY_FOLDER)
		return CAUSE_FILE_IS_DIRECTORY;
	return entry == DIRECTORY_SPECIAL ? CAUSE_NO_FILE : CAUSE_OTHER;
}

/* What it means that a .crt cannot be read, for ERROR. */
static enum survey_shadow shadow_of(int error)
{
	if (error == EFBIG)
		return SURVEY_LARGE_CRT;
	return error == EACCES || error == EPERM ? SURVEY_DENIED_CRT
						 : SURVEY_UNREAD_CRT;
}

/* FD is the .crt NAME, or -1 where it could not be opened, with errno. */
static enum err take_content(int fd, const struct registry *registry,
			     const char *name, struct survey *out,
			     struct failure *f)
{
	bool is_ours = !strcmp(name, SURVEY_CA_FILE);
	struct bytes content;
	char why[128];
	int error;

	if (fd >= 0 && read_file(fd, out, &content)) {
		insert_file(out, name, content);
		return ERR_OK;
	}
	error = errno;
	/* A link in circles can be read by nobody: it is in the way. */
	if (is_ours && error != EFBIG && error != ELOOP && error != ENOTDIR)
		return survey_refuse(f, registry, name,
				     cause_of(error, -1, registry->reference),
				     strerror(error));
	snprintf(why, sizeof(why),
		 "too large for a certificate file: %d bytes are read of one, "
		 "%d of all",
		 CRT_BYTES_MAX, CRT_TOTAL_BYTES);
	if (is_ours && error == EFBIG)
		return survey_refuse(f, registry, name, CAUSE_LIMIT, why);
	survey_add_shadow(out, shadow_of(error), name);
	return ERR_OK;
}

static enum err take_crt(int dir, const struct registry *registry,
			 const char *name, struct survey *out,
			 struct failure *f)
{
	bool is_ours = !strcmp(name, SURVEY_CA_FILE);
	enum err err = ERR_OK;
	bool is_link;
	int fd;
	enum directory_entry entry =
		directory_open_file(dir, name, &fd, &is_link);
	int error = errno;

	if (is_link)
		survey_add_shadow(out, SURVEY_LINK, name);
	if (is_ours && out->blocked == CAUSE_OTHER) {
		out->blocked = cause_of_entry(entry, is_link);
		out->blocked_name = SURVEY_CA_FILE;
	}
	switch (entry) {
	case DIRECTORY_FILE:
	case DIRECTORY_CLOSED:
		errno = error;
		err = take_content(fd, registry, name, out, f);
		break;
	case DIRECTORY_ABSENT: /* without a link it has just gone */
		if (is_link)
			survey_add_shadow(out, SURVEY_DANGLING_CRT, name);
		break;
	case DIRECTORY_FOLDER:
		/* A link to one is none to containerd's loader. */
		survey_add_shadow(
			out, is_link ? SURVEY_UNREAD_CRT : SURVEY_FOLDER_CRT,
			name);
		break;
	case DIRECTORY_SPECIAL:
		if (survey_is_empty(dir, name))
			insert_file(out, name, (struct bytes){out->storage, 0});
		else
			survey_add_shadow(out, SURVEY_UNREAD_CRT, name);
		break;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

static bool is_old_tools(const struct registry *registry, const char *name)
{
	size_t stem = strlen(name) - strlen(".crt");

	return (stem == strlen(registry->host) &&
		!strncmp(name, registry->host, stem)) ||
	       (stem == strlen(registry->reference) &&
		!strncmp(name, registry->reference, stem));
}

static enum err take_entry(int dir, const struct registry *registry,
			   const char *name, struct survey *out,
			   size_t *crt_count, struct failure *f)
{
	const struct bytes entry = bytes_of(name);

	if (strcmp(name, SURVEY_CA_FILE) != 0 && strcmp(name, ".") != 0 &&
	    strcmp(name, "..") != 0)
		out->shared = true;
	if (bytes_end_with(entry, ".crt")) {
		if (is_old_tools(registry, name))
			survey_add_shadow(out, SURVEY_OLD_TOOL, name);
		/* All of them are counted, to say how many there are. */
		if (++*crt_count <= CRT_FILES_MAX)
			return take_crt(dir, registry, name, out, f);
	} else if (bytes_end_with(entry, ".cert") ||
		   bytes_end_with(entry, ".key")) {
		check_pair(dir, name, out);
	} else if (bytes_end_with(entry, ".pem") ||
		   bytes_end_with(entry, ".cer")) {
		survey_add_shadow(out, SURVEY_UNREAD_ENDING, name);
	} else if (!strcmp(name, "hosts.toml") && !survey_is_empty(dir, name)) {
		survey_add_shadow(out, SURVEY_HOSTS_TOML, name);
	} else if (!strcmp(name, SURVEY_NEW_FILE)) {
		out->litter = true;
	}
	return ERR_OK;
}

/* see survey_parts.h */
enum err survey_take_entries(int fd, const struct registry *registry,
			     struct survey *out, struct failure *f)
{
	DIR *stream = fdopendir(fd);
	enum err err = ERR_OK;
	size_t crt_count = 0;
	struct dirent *entry;
	char why[128];

	if (!stream) {
		close(fd);
		return survey_refuse(f, registry, "", CAUSE_OTHER,
				     strerror(errno));
	}
	errno = 0;
	while (err == ERR_OK && (entry = readdir(stream))) {
		err = take_entry(dirfd(stream), registry, entry->d_name, out,
				 &crt_count, f);
		errno = 0;
	}
	if (err == ERR_OK && errno)
		err = survey_refuse(f, registry, "", CAUSE_OTHER,
				    strerror(errno));
	closedir(stream);
	if (err != ERR_OK || crt_count <= CRT_FILES_MAX)
		return err;
	snprintf(why, sizeof(why),
		 "%zu .crt files, more than the %d that are read", crt_count,
		 CRT_FILES_MAX);
	return survey_refuse(f, registry, "", CAUSE_LIMIT, why);
}

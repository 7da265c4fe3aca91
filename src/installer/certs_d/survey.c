/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes one registry's survey; see survey.h.
 */
#include "installer/certs_d/survey_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "common/escape.h"
#include "installer/certs_d/lock.h"

/* see survey_parts.h */
bool survey_has_entry(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* see survey_parts.h */
bool survey_is_empty(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0))
		return false;
	return S_ISREG(st.st_mode)
		       ? !st.st_size
		       : S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* see survey_parts.h */
enum err survey_refuse(struct failure *f, const struct registry *registry,
		       const char *name, enum cause cause, const char *why)
{
	char shown[SURVEY_NAME_BYTES];

	escape_text(shown, sizeof(shown), name, strlen(name));
	failure_set(f, ERR_STORE, "%s/%s: %s", registry->reference, shown, why);
	f->cause = cause;
	return ERR_STORE;
}

/* see survey_parts.h; the first name in alphabetical order, as readdir's own
 * differs from one file system to the next. */
void survey_add_shadow(struct survey *out, enum survey_shadow shadow,
		       const char *name)
{
	char shown[SURVEY_NAME_BYTES];
	char *kept = out->shadow_names[__builtin_ctz(shadow)];

	escape_text(shown, sizeof(shown), name, strlen(name));
	if (!(out->shadows & shadow) || strcmp(shown, kept) < 0)
		memcpy(kept, shown, sizeof(shown));
	out->shadows |= shadow;
}

/* The directory, through links; -1 with what that means, which may be nothing
 * worse than that there is none. */
static int open_directory(int root, const struct registry *registry,
			  struct survey *out, enum err *err, struct failure *f)
{
	const char *name = registry->reference;
	struct stat st;
	int fd;

	*err = ERR_OK;
	if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW))
		st.st_mode = 0;
	if (S_ISLNK(st.st_mode)) {
		survey_add_shadow(out, SURVEY_LINK, name);
		out->blocked = CAUSE_LINK;
	}
	fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 || errno == ENOENT)
		return fd;
	if (errno == ENOTDIR || errno == ELOOP) {
		survey_add_shadow(out, SURVEY_NO_DIRECTORY, name);
		if (out->blocked == CAUSE_OTHER)
			out->blocked = CAUSE_DIRECTORY_IS_FILE;
		return -1;
	}
	*err = survey_refuse(f, registry, "", cause_of(errno, root, name),
			     strerror(errno));
	return -1;
}

static void clear(struct survey *out)
{
	out->exists = false;
	out->litter = false;
	out->shared = false;
	out->has_pair = false;
	out->shadows = 0;
	memset(out->shadow_names, 0, sizeof(out->shadow_names));
	out->blocked = CAUSE_OTHER;
	out->blocked_name = "";
	out->file_count = 0;
	out->used = 0;
}

/* see survey.h */
enum err survey_take(int root, const struct registry *registry,
		     struct survey *out, struct failure *f)
{
	enum err err;
	int fd;

	clear(out);
	/* --show looks at no directory, and certs.d may be missing. */
	if (root < 0)
		return ERR_OK;
	out->litter = survey_has_entry(root, SURVEY_NEW_DIRECTORY) ||
		      survey_has_entry(root, LOCK_FILE);
	survey_check_neighbours(root, registry, out);
	fd = open_directory(root, registry, out, &err, f);
	if (fd < 0)
		return err;
	out->exists = true;
	return survey_take_entries(fd, registry, out, f);
}

/* see survey.h */
enum err survey_check_writable(const struct survey *s,
			       const struct registry *registry,
			       struct failure *f)
{
	static const char *const why[CAUSE_COUNT_] = {
		[CAUSE_LINK] = "a symbolic link is in the way",
		[CAUSE_FILE_IS_DIRECTORY] = "a directory is in the way",
		[CAUSE_NO_FILE] = "not a regular file",
		[CAUSE_DIRECTORY_IS_FILE] = "a file is in the way",
	};

	if (s->blocked == CAUSE_OTHER)
		return ERR_OK;
	return survey_refuse(f, registry, s->blocked_name, s->blocked,
			     why[s->blocked]);
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
	if (a->file_count != b->file_count || a->blocked != b->blocked)
		return false;
	for (size_t i = 0; i < a->file_count; i++)
		if (strcmp(a->files[i].name, b->files[i].name) != 0 ||
		    !bytes_equal(a->files[i].content, b->files[i].content))
			return false;
	return true;
}

/* see survey.h */
const char *survey_shadow_name(const struct survey *s,
			       enum survey_shadow shadow)
{
	return s->shadow_names[__builtin_ctz(shadow)];
}

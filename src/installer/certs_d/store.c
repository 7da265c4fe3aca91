/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atomic, durable, locked writing below certs.d. Installer only. The order of
 * the calls is the whole point: data, fsync, rename, fsync of the directory.
 */
#include "installer/certs_d/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"
#include "installer/certs_d/directory.h"
#include "installer/certs_d/edit.h"

#define LOCK_RETRY_MS 20

static enum err fail(struct failure *f, const struct registry *registry,
		     const char *doing)
{
	int cause = errno;
	const char *hint = "";

	if (cause == EROFS)
		hint = " (mounted read-only? remove `:ro`)";
	else if (cause == EBUSY)
		hint = " (a mount is in the way: mount the directory certs.d, "
		       "not a file in it)";
	return failure_set(f, ERR_STORE, "cannot %s %s: %s%s", doing,
			   registry->reference, strerror(cause), hint);
}

/* Wait in small steps: flock alone would wait for a stuck holder for ever. */
static enum err lock(int root, const struct registry *registry,
		     struct failure *f)
{
	const struct timespec pause = {0, LOCK_RETRY_MS * 1000000L};
	int64_t deadline = clock_ms() + LOCK_WAIT_MS;

	while (flock(root, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail(f, registry, "lock certs.d for");
		if (clock_ms() >= deadline)
			return failure_set(f, ERR_STORE,
					   "another dtr-trust has been writing "
					   "for %d s; run again",
					   LOCK_WAIT_MS / 1000);
		nanosleep(&pause, NULL);
	}
	return ERR_OK;
}

/* Remove SURVEY_NEW_FILE and SURVEY_NEW_DIRECTORY of an earlier, killed run, or
 * of this one after a failure. What is not there is no error; false when the
 * directory holds something else. */
static bool clear_litter(int root, const struct registry *registry)
{
	int dir = directory_open_beneath(root, registry->reference,
					 O_RDONLY | O_DIRECTORY, 0);

	if (dir >= 0) {
		unlinkat(dir, SURVEY_NEW_FILE, 0);
		close(dir);
	}
	dir = directory_open_beneath(root, SURVEY_NEW_DIRECTORY,
				     O_RDONLY | O_DIRECTORY, 0);
	if (dir >= 0) {
		unlinkat(dir, SURVEY_CA_FILE, 0);
		close(dir);
		if (unlinkat(root, SURVEY_NEW_DIRECTORY, AT_REMOVEDIR))
			return errno != ENOTEMPTY;
	}
	return true;
}

static bool write_new(int dir, const char *name, struct bytes content)
{
	int fd = directory_open_beneath(dir, name, O_WRONLY | O_CREAT | O_EXCL,
					0600);
	bool done;

	if (fd < 0)
		return false;
	done = io_write_full(fd, content.data, content.len) &&
	       !fchmod(fd, 0644) && !fsync(fd);
	if (!done) {
		int cause = errno;

		close(fd);
		errno = cause;
		return false;
	}
	return !close(fd);
}

/* The directory exists: a sibling becomes ca.crt. */
static enum err replace_file(int root, const struct registry *registry,
			     struct bytes content, struct failure *f)
{
	enum err err = ERR_OK;
	int dir = directory_open_beneath(root, registry->reference,
					 O_RDONLY | O_DIRECTORY, 0);

	if (dir < 0)
		return fail(f, registry, "open the directory of");
	if (!write_new(dir, SURVEY_NEW_FILE, content))
		err = fail(f, registry, "write the new ca.crt of");
	else if (renameat(dir, SURVEY_NEW_FILE, dir, SURVEY_CA_FILE))
		err = fail(f, registry, "put in place the new ca.crt of");
	else if (fsync(dir))
		err = fail(f, registry,
			   "sync the directory, although the new ca.crt is in "
			   "place, of");
	close(dir);
	return err;
}

/* No directory yet: it is made under another name, filled, and renamed, so
 * that it never stands empty. */
static enum err add_directory(int root, const struct registry *registry,
			      struct bytes content, struct failure *f)
{
	enum err err = ERR_OK;
	int dir;

	if (mkdirat(root, SURVEY_NEW_DIRECTORY, 0755))
		return fail(f, registry, "create a directory for");
	dir = directory_open_beneath(root, SURVEY_NEW_DIRECTORY,
				     O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return fail(f, registry, "open the new directory of");
	if (fchmod(dir, 0755) || !write_new(dir, SURVEY_CA_FILE, content))
		err = fail(f, registry, "write the new ca.crt of");
	else if (fsync(dir))
		err = fail(f, registry, "sync the new directory of");
	else if (renameat(root, SURVEY_NEW_DIRECTORY, root,
			  registry->reference))
		err = fail(f, registry, "put in place the new directory of");
	else if (fsync(root))
		err = fail(f, registry,
			   "sync certs.d, although the new ca.crt is in place, "
			   "for");
	close(dir);
	return err;
}

static enum err write_locked(int root, const struct registry *registry,
			     const struct survey *seen, struct survey *scratch,
			     struct bytes content, struct failure *f)
{
	enum err err = survey_take(root, registry, scratch, f);

	if (err != ERR_OK)
		return err;
	/* Two nodes of one mind: the other was faster. */
	if (bytes_equal(survey_find(scratch, SURVEY_CA_FILE), content))
		return ERR_OK;
	if (scratch->exists != seen->exists || !survey_equal(scratch, seen))
		return failure_set(f, ERR_STORE,
				   "another process changed %s meanwhile; run "
				   "again",
				   registry->reference);
	clear_litter(root, registry);
	err = seen->exists ? replace_file(root, registry, content, f)
			   : add_directory(root, registry, content, f);
	if (err != ERR_OK) {
		clear_litter(root, registry);
		return err;
	}
	/* Read back what a reader will find. */
	err = survey_take(root, registry, scratch, f);
	if (err == ERR_OK &&
	    !bytes_equal(survey_find(scratch, SURVEY_CA_FILE), content))
		err = failure_set(f, ERR_STORE,
				  "ca.crt of %s does not hold what was written",
				  registry->reference);
	return err;
}

/* Somebody else's files keep the directory. */
static enum err remove_file(int root, const struct registry *registry,
			    struct failure *f)
{
	enum err err = ERR_OK;
	int dir = directory_open_beneath(root, registry->reference,
					 O_RDONLY | O_DIRECTORY, 0);

	if (dir < 0)
		return fail(f, registry, "open the directory of");
	if (unlinkat(dir, SURVEY_CA_FILE, 0) || fsync(dir))
		err = fail(f, registry, "remove ca.crt of");
	close(dir);
	return err;
}

/* As it came: under another name first, so that it never stands empty. */
static enum err remove_directory(int root, const struct registry *registry,
				 struct failure *f)
{
	if (renameat(root, registry->reference, root, SURVEY_NEW_DIRECTORY))
		return fail(f, registry, "remove the directory of");
	if (fsync(root))
		return fail(f, registry,
			    "sync certs.d, although ca.crt is gone, for");
	/* A file of other hands that came meanwhile goes back. */
	if (!clear_litter(root, registry) &&
	    !renameat(root, SURVEY_NEW_DIRECTORY, root, registry->reference))
		return failure_set(f, ERR_STORE,
				   "%s could not be emptied; run again",
				   registry->reference);
	return ERR_OK;
}

static enum err remove_locked(int root, const struct registry *registry,
			      struct survey *scratch,
			      char text[static CRT_BYTES_MAX], bool *removed,
			      struct failure *f)
{
	struct edit_result left = {.changed = false};
	enum err err = survey_take(root, registry, scratch, f);

	if (err == ERR_OK)
		err = edit_remove(survey_find(scratch, SURVEY_CA_FILE), text,
				  CRT_BYTES_MAX, &left, f);
	if (err != ERR_OK || !left.changed)
		return err;
	if (left.content.len)
		err = replace_file(root, registry, left.content, f);
	else if (scratch->shared)
		err = remove_file(root, registry, f);
	else
		err = remove_directory(root, registry, f);
	*removed = err == ERR_OK;
	return err;
}

/* see store.h */
enum err store_remove(int root, const struct registry *registry,
		      struct survey *scratch, char text[static CRT_BYTES_MAX],
		      bool *removed, struct failure *f)
{
	enum err err = lock(root, registry, f);

	*removed = false;
	if (err != ERR_OK)
		return err;
	clear_litter(root, registry);
	err = remove_locked(root, registry, scratch, text, removed, f);
	flock(root, LOCK_UN);
	return err;
}

/* see store.h */
enum err store_clear(int root, const struct registry *registry,
		     struct failure *f)
{
	enum err err = lock(root, registry, f);

	if (err != ERR_OK)
		return err;
	clear_litter(root, registry);
	flock(root, LOCK_UN);
	return ERR_OK;
}

/* see store.h */
enum err store_write(int root, const struct registry *registry,
		     const struct survey *seen, struct survey *scratch,
		     struct bytes content, struct failure *f)
{
	enum err err = lock(root, registry, f);

	if (err != ERR_OK)
		return err;
	err = write_locked(root, registry, seen, scratch, content, f);
	flock(root, LOCK_UN);
	return err;
}

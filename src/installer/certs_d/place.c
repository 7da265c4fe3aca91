/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atomic and durable changes of one registry's directory; see place.h.
 */
#include "installer/certs_d/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "installer/certs_d/cause.h"
#include "installer/certs_d/directory.h"
#include "installer/certs_d/same.h"

static enum err fail(struct place *p, int dir, const char *doing)
{
	return cause_fail(p->f, dir, p->registry, doing);
}

/* The change itself is made. */
static enum err fail_late(struct place *p, int dir, const char *doing)
{
	enum err err = fail(p, dir, doing);

	p->f->is_late = true;
	return err;
}

static int open_directory(const struct place *p, const char *name)
{
	return directory_open_beneath(p->root, name, O_RDONLY | O_DIRECTORY, 0);
}

/* see place.h */
bool place_clear(const struct place *p)
{
	int dir = open_directory(p, p->registry->reference);
	int error;

	if (dir >= 0) {
		unlinkat(dir, SURVEY_NEW_FILE, 0);
		close(dir);
	}
	dir = open_directory(p, SURVEY_NEW_DIRECTORY);
	if (dir < 0)
		return true;
	error = unlinkat(dir, SURVEY_CA_FILE, 0) ? errno : ENOENT;
	close(dir);
	if (!unlinkat(p->root, SURVEY_NEW_DIRECTORY, AT_REMOVEDIR) ||
	    errno != ENOTEMPTY)
		return true;
	errno = error == ENOENT ? ENOTEMPTY : error;
	return false;
}

static bool write_new(struct place *p, int dir, const char *name,
		      struct bytes content)
{
	int fd = directory_open_beneath(dir, name, O_WRONLY | O_CREAT | O_EXCL,
					0600);
	bool done;

	if (fd < 0)
		return false;
	done = io_write_full(fd, content.data, content.len) &&
	       !fchmod(fd, 0644) && directory_sync(fd, &p->is_unsynced);
	if (!done) {
		int cause = errno;

		close(fd);
		errno = cause;
		return false;
	}
	return !close(fd);
}

static bool holds(int dir, struct bytes old)
{
	enum same same = same_find(dir, SURVEY_CA_FILE, old);

	return same == SAME_BYTES || (same == SAME_ABSENT && !old.len);
}

/* see place.h */
enum err place_replace(struct place *p, struct bytes old, struct bytes content)
{
	enum err err = ERR_OK;
	int dir = open_directory(p, p->registry->reference);

	if (dir < 0)
		return fail(p, p->root, "open the directory of");
	if (!write_new(p, dir, SURVEY_NEW_FILE, content))
		err = fail(p, dir, "write the new ca.crt of");
	else if (!holds(dir, old))
		/* Who writes without our lock, while a slow disk synced. */
		err = cause_refuse_changed(p->f, p->registry);
	else if (renameat(dir, SURVEY_NEW_FILE, dir, SURVEY_CA_FILE))
		err = fail(p, dir, "put in place the new ca.crt of");
	else if (!directory_sync(dir, &p->is_unsynced))
		err = fail_late(p, dir,
				"sync the directory, although the new ca.crt "
				"is in place, of");
	if (err != ERR_OK)
		unlinkat(dir, SURVEY_NEW_FILE, 0);
	close(dir);
	return err;
}

/* see place.h */
enum err place_add(struct place *p, struct bytes content)
{
	enum err err = ERR_OK;
	int dir;

	if (mkdirat(p->root, SURVEY_NEW_DIRECTORY, 0755))
		return fail(p, p->root, "create " SURVEY_NEW_DIRECTORY " for");
	dir = open_directory(p, SURVEY_NEW_DIRECTORY);
	if (dir < 0)
		return fail(p, p->root, "open the new directory of");
	if (fchmod(dir, 0755) || !write_new(p, dir, SURVEY_CA_FILE, content))
		err = fail(p, dir, "write the new ca.crt of");
	else if (!directory_sync(dir, &p->is_unsynced))
		err = fail(p, dir, "sync the new directory of");
	else if (renameat(p->root, SURVEY_NEW_DIRECTORY, p->root,
			  p->registry->reference))
		err = fail(p, p->root, "put in place the new directory of");
	else if (!directory_sync(p->root, &p->is_unsynced))
		err = fail_late(p, p->root,
				"sync certs.d, although the new ca.crt is in "
				"place, for");
	close(dir);
	return err;
}

/* A link is the file itself, with its owner and times. */
static bool set_aside(struct place *p, int dir, const char *name,
		      struct bytes old)
{
	if (!linkat(dir, SURVEY_CA_FILE, dir, name, 0))
		return true;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS &&
	    errno != EMLINK && errno != EINVAL && errno != EXDEV)
		return false;
	return write_new(p, dir, SURVEY_NEW_FILE, old) &&
	       !renameat(dir, SURVEY_NEW_FILE, dir, name);
}

/* see place.h */
enum err place_aside(struct place *p, struct bytes old,
		     char name[static SURVEY_NAME_BYTES])
{
	enum same same = SAME_NOT;
	enum err err = ERR_OK;
	int dir = open_directory(p, p->registry->reference);

	if (dir < 0)
		return fail(p, p->root, "open the directory of");
	for (int i = 1; i <= ASIDES_MAX && same == SAME_NOT; i++) {
		snprintf(name, SURVEY_NAME_BYTES, SURVEY_ASIDE_FORMAT, i);
		same = same_find(dir, name, old);
	}
	if (same == SAME_NOT) {
		failure_set(p->f, ERR_STORE,
			    "%s: %d files were moved aside before; remove "
			    "those that are not needed",
			    p->registry->reference, ASIDES_MAX);
		p->f->cause = CAUSE_LIMIT;
		err = ERR_STORE;
	} else if (same == SAME_ABSENT &&
		   (!set_aside(p, dir, name, old) ||
		    !directory_sync(dir, &p->is_unsynced))) {
		err = fail(p, dir, "move aside the ca.crt of");
	}
	if (err != ERR_OK) {
		unlinkat(dir, SURVEY_NEW_FILE, 0);
		name[0] = '\0';
	}
	close(dir);
	return err;
}

/* Somebody else's files keep the directory. */
static enum err remove_file(struct place *p, int dir, struct bytes old)
{
	if (!holds(dir, old))
		return cause_refuse_changed(p->f, p->registry);
	if (unlinkat(dir, SURVEY_CA_FILE, 0))
		return fail(p, dir, "remove ca.crt of");
	if (directory_sync(dir, &p->is_unsynced))
		return ERR_OK;
	return fail_late(p, dir,
			 "sync the directory, although ca.crt is gone, of");
}

static enum err remove_directory(struct place *p, int dir, struct bytes old)
{
	const char *name = p->registry->reference;
	bool is_same, is_back;
	int error;

	if (renameat(p->root, name, p->root, SURVEY_NEW_DIRECTORY))
		return fail(p, p->root,
			    "move to " SURVEY_NEW_DIRECTORY
			    " the directory of");
	if (!directory_sync(p->root, &p->is_unsynced))
		return fail_late(p, p->root,
				 "sync certs.d, although ca.crt is gone, for");
	/* Under its other name nobody else finds it: what it holds now stays.
	 */
	is_same = holds(dir, old);
	if (is_same && place_clear(p))
		return ERR_OK;
	/* A file of other hands that came meanwhile goes back. */
	error = errno;
	is_back = !renameat(p->root, SURVEY_NEW_DIRECTORY, p->root, name);
	if (is_back && !is_same)
		return cause_refuse_changed(p->f, p->registry);
	errno = error;
	if (is_back && error != ENOTEMPTY)
		return fail(p, p->root, "remove ca.crt of");
	failure_set(p->f, ERR_STORE, "%s%s", name,
		    is_back ? " could not be emptied; run again"
			    : ": somebody has made its directory again; what "
			      "else was in it is in " SURVEY_NEW_DIRECTORY
			      ": move that back");
	p->f->cause = CAUSE_CHANGED;
	p->f->is_late = true;
	return ERR_STORE;
}

/* see place.h */
enum err place_remove(struct place *p, struct bytes old, bool is_shared)
{
	int dir = open_directory(p, p->registry->reference);
	enum err err;

	if (dir < 0)
		return fail(p, p->root, "open the directory of");
	err = is_shared ? remove_file(p, dir, old)
			: remove_directory(p, dir, old);
	close(dir);
	return err;
}

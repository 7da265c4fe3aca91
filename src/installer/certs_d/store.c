/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locked writing below certs.d; see store.h.
 */
#include "installer/certs_d/store.h"

#include "installer/certs_d/cause.h"
#include "installer/certs_d/edit.h"
#include "installer/certs_d/lock.h"
#include "installer/certs_d/place.h"
#include "installer/certs_d/section.h"

/* Without waiting: who waits here hears no signal and serves nobody else. */
static enum err lock(int root, const struct registry *registry, int *fd,
		     struct store_result *out, struct failure *f)
{
	enum lock_state state = lock_try(root, fd);

	switch (state) {
	case LOCK_TAKEN:
		return ERR_OK;
	case LOCK_MISSING:
		out->is_unlocked = true;
		return ERR_OK;
	case LOCK_BUSY:
		return cause_refuse(f, CAUSE_BUSY, registry,
				    "another dtr-trust is writing");
	case LOCK_FAILED:
		break;
	}
	return cause_fail(f, root, registry, "lock certs.d for");
}

static enum err put(struct place *p, const struct store_change *change,
		    struct store_result *out)
{
	struct bytes old = survey_find(change->seen, SURVEY_CA_FILE);
	enum err err = ERR_OK;

	if (change->sets_aside && old.len)
		err = place_aside(p, old, out->aside);
	if (err == ERR_OK)
		err = change->seen->exists
			      ? place_replace(p, old, change->content)
			      : place_add(p, change->content);
	return err;
}

static enum err write_locked(struct place *p, const struct store_change *change,
			     struct survey *now, struct store_result *out)
{
	enum err err = survey_take(p->root, p->registry, now, p->f);

	if (err != ERR_OK)
		return err;
	/* Two nodes of one mind: the other was faster. */
	if (bytes_equal(survey_find(now, SURVEY_CA_FILE), change->content)) {
		out->is_others = true;
		return ERR_OK;
	}
	if (now->exists != change->seen->exists ||
	    !survey_equal(now, change->seen))
		return cause_refuse_changed(p->f, p->registry);
	err = survey_check_writable(now, p->registry, p->f);
	if (err != ERR_OK)
		return err;
	place_clear(p);
	err = put(p, change, out);
	if (err != ERR_OK) {
		place_clear(p);
		return err;
	}
	out->changed = true;
	/* Read back what a reader will find. */
	err = survey_take(p->root, p->registry, now, p->f);
	if (err == ERR_OK &&
	    !bytes_equal(survey_find(now, SURVEY_CA_FILE), change->content))
		err = cause_refuse(p->f, CAUSE_OTHER, p->registry,
				   "ca.crt does not hold what was written");
	p->f->is_late = err != ERR_OK;
	return err;
}

/* see store.h */
enum err store_write(int root, const struct registry *registry,
		     const struct store_change *change, struct store_room *room,
		     struct store_result *out, struct failure *f)
{
	struct place place = {.root = root, .registry = registry, .f = f};
	enum err err = survey_check_writable(change->seen, registry, f);
	int fd;

	*out = (struct store_result){.changed = false};
	if (err == ERR_OK)
		err = lock(root, registry, &fd, out, f);
	if (err != ERR_OK)
		return err;
	err = write_locked(&place, change, &room->survey, out);
	out->is_unsynced = place.is_unsynced;
	lock_release(root, fd);
	return err;
}

static enum err remove_locked(struct place *p, struct store_room *room,
			      struct store_result *out)
{
	struct edit_result left = {.changed = false};
	struct bytes old;
	enum err err = survey_take(p->root, p->registry, &room->survey, p->f);

	if (err != ERR_OK)
		return err;
	old = survey_find(&room->survey, SURVEY_CA_FILE);
	err = edit_remove(old, room->text, sizeof(room->text), &left, p->f);
	if (err != ERR_OK || !left.changed)
		return err;
	err = survey_check_writable(&room->survey, p->registry, p->f);
	if (err != ERR_OK)
		return err;
	if (left.is_stray)
		err = place_aside(p, old, out->aside);
	if (err == ERR_OK && left.content.len && !left.is_stray)
		err = place_replace(p, old, left.content);
	else if (err == ERR_OK)
		err = place_remove(p, old,
				   room->survey.shared || left.is_stray);
	out->changed = err == ERR_OK;
	return err;
}

/* see store.h */
enum err store_remove(int root, const struct registry *registry,
		      struct store_room *room, struct store_result *out,
		      struct failure *f)
{
	struct place place = {.root = root, .registry = registry, .f = f};
	enum err err = survey_take(root, registry, &room->survey, f);
	int fd;

	*out = (struct store_result){.changed = false};
	/* Where there is nothing to do the lock would be all that changes. */
	if (err != ERR_OK ||
	    (!room->survey.litter &&
	     !section_exists(survey_find(&room->survey, SURVEY_CA_FILE))))
		return err;
	err = survey_check_writable(&room->survey, registry, f);
	if (err == ERR_OK)
		err = lock(root, registry, &fd, out, f);
	if (err != ERR_OK)
		return err;
	place_clear(&place);
	err = remove_locked(&place, room, out);
	out->is_unsynced = place.is_unsynced;
	lock_release(root, fd);
	return err;
}

/* see store.h */
void store_clear(int root, const struct registry *registry)
{
	const struct place place = {.root = root, .registry = registry};
	int fd;
	enum lock_state state = lock_try(root, &fd);

	if (state == LOCK_TAKEN || state == LOCK_MISSING)
		place_clear(&place);
	lock_release(root, fd);
}

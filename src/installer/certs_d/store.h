/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only writer. Puts a finished ca.crt into a registry's directory, or takes
 * ours out of it, under a lock, so that at every moment, kill and power cut
 * included, a reader finds the old file or the new one. Installer only; what is
 * in the bytes is edit.h's.
 */
#ifndef INSTALLER_CERTS_D_STORE_H
#define INSTALLER_CERTS_D_STORE_H

#include "common/bytes.h"
#include "common/error.h"
#include "common/registry.h"
#include "installer/certs_d/survey.h"

/* Room to work in; nothing in it outlives a call. */
struct store_room {
	struct survey survey;
	struct registry alias;
	char text[CRT_BYTES_MAX];
};

struct store_change {
	/* The survey that the decision rests on. Where another process has
	 * changed the directory since, nothing is written. */
	const struct survey *seen;
	/* The new ca.crt, mode 0644 in a directory of mode 0755; a new
	 * directory appears together with it: an empty one would hide
	 * `_default`. */
	struct bytes content;
	/* The ca.crt that is there keeps its bytes under a name that no
	 * consumer reads, in the same directory. */
	bool sets_aside;
};

struct store_result {
	bool changed;	  /* something was written or removed */
	bool is_others;	  /* another writer had just written the same */
	bool is_unlocked; /* certs.d cannot be locked, see lock.h */
	bool is_unsynced; /* it cannot be synced, see place.h */
	/* What was set aside, or nothing: a name in the directory. */
	char aside[SURVEY_NAME_BYTES];
};

/*
 * Make CHANGE for REGISTRY below ROOT, an open certs.d. Writes nothing where
 * the file holds CONTENT already. CONTENT must not be empty.
 *
 * ERR_STORE when it cannot be done, with the reason and failure.cause
 * (cause.h); the old file, if any, is then in place and no temporary file is
 * left. One failure is later than that: where the directory cannot be synced
 * for another reason than that the file system has no sync, the new file is in
 * place, and F says so. Another writer is not waited for: ERR_STORE and
 * CAUSE_BUSY, come back later. Litter of a killed run is cleared by the next
 * write, and by store_clear.
 */
MUST_CHECK enum err store_write(int root, const struct registry *registry,
				const struct store_change *change,
				struct store_room *room,
				struct store_result *out, struct failure *f);

/*
 * Remove our section from the ca.crt of REGISTRY, the file where nothing else
 * is in it, and the directory if it is then empty. Text of another hand and
 * other files stay, see edit_remove; but for text that somebody wrote into our
 * section and that is no certificate: without ours, that file would stop
 * containerd, so it is set aside as it is. OUT->changed says whether there was
 * a section. Fails as store_write does; where certs.d cannot be synced, what
 * was taken away may be there as litter.
 */
MUST_CHECK enum err store_remove(int root, const struct registry *registry,
				 struct store_room *room,
				 struct store_result *out, struct failure *f);

/* Clear what a killed run left for REGISTRY (survey.litter), unless another
 * writer is there, who clears it himself. What cannot be removed stays. */
void store_clear(int root, const struct registry *registry);

#endif

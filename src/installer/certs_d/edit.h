/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a ca.crt: anchors are added to our section or replace it,
 * and it is taken out again. Nothing is lost: text of another hand stays to the
 * byte, and a certificate of ours leaves only by the operator's word or when
 * its own line says that it has ended and another holds. What a report does not
 * list stays. Installer only. Pure: the same input gives the same bytes.
 */
#ifndef INSTALLER_CERTS_D_EDIT_H
#define INSTALLER_CERTS_D_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/wire.h"

enum edit_act {
	EDIT_KEEP, /* write no anchor; what has ended leaves */
	EDIT_ADD,
	/* Our section holds no other certificates then: the operator's word.
	 * Text of another hand stays, and what is noted of token services: they
	 * are no newer to the registry for it. */
	EDIT_REPLACE
};

struct edit {
	/* The ca.crt that is there; empty when there is none, or when it is
	 * moved aside whole. */
	struct bytes old;
	/* Anchors are those of CERTS with WIRE_CERT_ANCHOR. A block that is one
	 * of them stays, whatever its end. */
	const struct wire_certificate *certs;
	size_t cert_count;
	enum edit_act act;
	/* The token service to note, once (see section_notes_service); NULL. */
	const char *service;
	int64_t now; /* seconds since 1970 */
};

struct edit_result {
	struct bytes content; /* the new ca.crt; a view of the caller's text */
	bool changed;	      /* CONTENT is not OLD */
	/* Of edit_remove: CONTENT is only what somebody wrote into our section,
	 * and no certificate. containerd fails on a .crt without one. */
	bool is_stray;
	/* Certificates of our section: */
	size_t added;
	size_t kept;
	size_t ended;	 /* left out, because another holds */
	size_t repeated; /* left out, because one that is kept is the same */
};

/*
 * Write what EDIT makes of a ca.crt to the SIZE bytes of TEXT, which must not
 * overlap it, and fill OUT.
 *
 * Our section is last: mark, notes, new anchors, then the blocks that stay, to
 * the byte and in their order, then what another hand wrote into the section.
 * An anchor that the rest of the file holds (ca_crt_holds), or that CERTS lists
 * twice, is not written again. An edit that changes nothing gives OLD back.
 *
 * ERR_STORE and CAUSE_LIMIT, with both numbers, when it does not fit; ERR_PROBE
 * when there is no certificate of ours and no anchor to write. Not looked at:
 * other .crt files.
 */
MUST_CHECK enum err edit_compose(const struct edit *edit, char *text,
				 size_t size, struct edit_result *out,
				 struct failure *f);

/* Would EDIT leave out a certificate because it has ended? */
bool edit_is_stale(const struct edit *edit);

/*
 * Write what other hands have in FILE, a ca.crt, to the SIZE bytes of TEXT and
 * fill OUT: FILE without our section. What stood above it comes back exactly;
 * what somebody else wrote into it follows behind a line end, blank lines
 * excepted. Nothing changes where FILE has no section of ours.
 *
 * ERR_STORE and CAUSE_LIMIT when it does not fit; in as many bytes as FILE has
 * it does.
 */
MUST_CHECK enum err edit_remove(struct bytes file, char *text, size_t size,
				struct edit_result *out, struct failure *f);

#endif

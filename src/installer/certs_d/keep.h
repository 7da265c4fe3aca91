/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which certificates a ca.crt keeps through an edit: the rules that nothing is
 * lost and nothing stands twice. Installer only. Pure; for edit.c.
 */
#ifndef INSTALLER_CERTS_D_KEEP_H
#define INSTALLER_CERTS_D_KEEP_H

#include "installer/certs_d/edit.h"
#include "installer/certs_d/section.h"

enum keep {
	KEEP_STAYS,
	KEEP_REPLACED, /* by the operator's word */
	KEEP_ENDED,    /* its own line says so, and another holds */
	KEEP_REPEATED  /* a block before it is the same certificate */
};

/* Is C one to be installed? */
bool keep_is_anchor(const struct wire_certificate *c);

/* Will a certificate of ours be there whose end is known to be ahead: a block
 * of our section in OLD, or an anchor of EDIT that is to be written? */
bool keep_has_holder(const struct edit *edit, const struct section *old);

/* What becomes of BLOCK, a part of OURS; IS_HELD is from keep_has_holder. */
enum keep keep_block(const struct edit *edit, struct bytes ours, bool is_held,
		     const struct block *block);

/* Does what stays of OLD, or an earlier anchor of EDIT, hold its INDEXth
 * certificate? */
bool keep_holds(const struct edit *edit, const struct section *old,
		size_t index);

#endif

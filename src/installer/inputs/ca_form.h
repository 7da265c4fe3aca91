/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file is that was given as the CA's and holds no certificate in a form
 * that Docker reads: by its first bytes and its boundaries, as file(1) does.
 * Installer only; pure. Decodes nothing.
 */
#ifndef INSTALLER_INPUTS_CA_FORM_H
#define INSTALLER_INPUTS_CA_FORM_H

#include "common/bytes.h"

struct ca_form {
	const char *what; /* "it is a PKCS#12 store" */
	/* A command that makes a CA file of it, with %s for the path; or what
	 * to ask for, without. */
	const char *next;
};

/* The form of the DER that CONTENT begins with, or NULL where it may be a
 * certificate. Not checked: that it is one. */
const struct ca_form *ca_form_of_der(struct bytes content);

/* The form of CONTENT, text or anything else, in which no certificate is. Never
 * NULL. */
const struct ca_form *ca_form_of_text(struct bytes content);

/* The form of a CERTIFICATE block from its BEGIN to behind its END, or NULL
 * where it has lines, as Docker wants it. */
const struct ca_form *ca_form_of_block(struct bytes block);

#endif

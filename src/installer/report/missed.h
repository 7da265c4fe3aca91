/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pin that no certificate on the server's path has: which were asked, and
 * what each may be instead. Installer only.
 */
#ifndef INSTALLER_REPORT_MISSED_H
#define INSTALLER_REPORT_MISSED_H

#include <stdio.h>

#include "installer/report/report.h"

/* What a pin is that names no certificate to install. */
enum missed {
	MISSED_UNKNOWN,	 /* nothing can be said */
	MISSED_OFF_PATH, /* a certificate that is sent and is not on the path */
	MISSED_KEY,	 /* the hash of a public key: kubeadm, curl */
	MISSED_PEM,	 /* the hash of the PEM file, not of the DER */
	MISSED_ROOT	 /* perhaps the root's, which is not sent */
};

/*
 * What PIN may be, by what O says that the server sent. *INDEX is the
 * certificate meant: of MISSED_ROOT the highest CA that was sent. The hash of a
 * public key is the probe's word and only a hint.
 */
enum missed missed_find(const struct fingerprint *pin, const struct outcome *o,
			size_t *index);

/* Does a pin of R's job name a certificate that was sent? Then it is none to
 * which the server's own chains. */
bool missed_is_sent(const struct report *r);

/* Print the pins of R's job, each with its hint. */
void missed_print(FILE *to, const struct report *r);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why certs.d cannot be read or written: one cause for each thing that an
 * operator does about it. Goes into failure.cause; the command that mends it
 * depends on how the program runs and is the report's. Installer only.
 */
#ifndef INSTALLER_CERTS_D_CAUSE_H
#define INSTALLER_CERTS_D_CAUSE_H

#include "common/error.h"
#include "common/registry.h"

enum cause {
	CAUSE_OTHER,	   /* errno says it all */
	CAUSE_NOT_MOUNTED, /* nothing is there: mount it */
	CAUSE_ROOT_IN_WAY, /* certs.d is a file or a link: mount the real one */
	CAUSE_READ_ONLY,   /* mounted so: remove `:ro` */
	/* docker -v makes one of a file that is missing: remove it */
	CAUSE_FILE_IS_DIRECTORY,
	CAUSE_DIRECTORY_IS_FILE, /* cp without the directory: move it into one
				  */
	CAUSE_LINK,	   /* it leads elsewhere: write there, or remove it */
	CAUSE_NO_FILE,	   /* ca.crt is a FIFO, socket or device: remove it */
	CAUSE_MOUNT,	   /* a file is mounted over ca.crt: mount certs.d */
	CAUSE_DENIED,	   /* to root: SELinux, --security-opt label=disable */
	CAUSE_NOT_ROOT,	   /* to a user: run as the owner of certs.d */
	CAUSE_NOT_OWNER,   /* to root without CAP_DAC_OVERRIDE: be the owner */
	CAUSE_USERNS,	   /* root here is nobody there: --userns=host */
	CAUSE_COLON,	   /* a share that takes no `:` in a name */
	CAUSE_QUOTA,	   /* EDQUOT */
	CAUSE_FULL,	   /* ENOSPC */
	CAUSE_IMMUTABLE,   /* certs.d, the directory or ca.crt: chattr -ia */
	CAUSE_DESCRIPTORS, /* EMFILE: ulimit -n */
	CAUSE_LIMIT,	   /* more or larger files than limits.h allows */
	CAUSE_BUSY,	   /* another dtr-trust is writing: see which */
	CAUSE_CHANGED,	   /* somebody changed it meanwhile: run again */
	CAUSE_COUNT_
};

/*
 * What ERROR, of errno, means for a change below the directory DIR (-1: not
 * known) that names the directory of REFERENCE. Asks who owns DIR, who we are,
 * for its label and for the attributes of DIR and what is in it: what denies a
 * change, where nothing of that tells, is CAUSE_DENIED to root and
 * CAUSE_NOT_ROOT to others. An ERROR that is not known here is CAUSE_OTHER.
 */
enum cause cause_of(int error, int dir, const char *reference);

/*
 * Fill F with ERR_STORE, cause_of(errno) and "cannot DOING REFERENCE: ...", and
 * return it. DIR is as for cause_of.
 */
enum err cause_fail(struct failure *f, int dir, const struct registry *registry,
		    const char *doing);

/* Fill F with ERR_STORE, CAUSE and "REFERENCE: WHY", and return it. */
enum err cause_refuse(struct failure *f, enum cause cause,
		      const struct registry *registry, const char *why);

/* The same with CAUSE_CHANGED: what REGISTRY has in certs.d is not as it was
 * when it was judged. */
enum err cause_refuse_changed(struct failure *f,
			      const struct registry *registry);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From errno to what an operator does about it; see cause.h.
 */
#include "installer/certs_d/cause.h"

#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a user namespace shows of an owner that it has no number for. */
#define OVERFLOW_ID 65534

/* The request is an int to musl, and an unsigned long to glibc. */
#define GET_FLAGS                                                              \
	_Generic(&ioctl, int (*)(int, int, ...)                                \
		 : (int)FS_IOC_GETFLAGS, default                               \
		 : FS_IOC_GETFLAGS)

static bool is_immutable(int dir)
{
	int flags = 0;

	return !ioctl(dir, GET_FLAGS, &flags) &&
	       flags & (FS_IMMUTABLE_FL | FS_APPEND_FL);
}

/* The kernel has denied it to us as who we are. */
static enum cause cause_of_denial(int dir)
{
	struct stat st;

	if (dir >= 0 && is_immutable(dir))
		return CAUSE_IMMUTABLE;
	if (geteuid())
		return CAUSE_NOT_ROOT;
	if (dir >= 0 && !fstat(dir, &st) && st.st_uid == OVERFLOW_ID)
		return CAUSE_USERNS;
	return CAUSE_DENIED;
}

/* see cause.h */
enum cause cause_of(int error, int dir, const char *reference)
{
	switch (error) {
	case EROFS:
		return CAUSE_READ_ONLY;
	case EBUSY:
		return CAUSE_MOUNT;
	case ENOSPC:
		return CAUSE_FULL;
	case EDQUOT:
		return CAUSE_QUOTA;
	case EOVERFLOW:
		return CAUSE_USERNS;
	case EACCES:
	case EPERM:
		return cause_of_denial(dir);
	case EINVAL:
		return strchr(reference, ':') ? CAUSE_COLON : CAUSE_OTHER;
	case ELOOP:
		return CAUSE_LINK;
	default:
		return CAUSE_OTHER;
	}
}

/* see cause.h */
enum err cause_fail(struct failure *f, int dir, const struct registry *registry,
		    const char *doing)
{
	static const char *const words[CAUSE_COUNT_] = {
		[CAUSE_READ_ONLY] = " (mounted read-only)",
		[CAUSE_MOUNT] = " (a file is mounted over it)",
		[CAUSE_DENIED] = " (denied to root, as SELinux does)",
		[CAUSE_USERNS] = " (root is nobody outside its user namespace)",
		[CAUSE_COLON] = " (this file system takes no `:` in a name)",
		[CAUSE_IMMUTABLE] = " (the directory is immutable)",
	};
	int error = errno;
	enum cause cause = cause_of(error, dir, registry->reference);

	failure_set(f, ERR_STORE, "cannot %s %s: %s%s", doing,
		    registry->reference, strerror(error),
		    words[cause] ? words[cause] : "");
	f->cause = cause;
	return ERR_STORE;
}

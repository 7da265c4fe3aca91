/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From errno to what an operator does about it; see cause.h.
 */
#include "installer/certs_d/cause.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "installer/certs_d/survey.h"

/* What a user namespace shows of an owner that it has no number for. */
#define OVERFLOW_ID 65534

/* The request is an int to musl, and an unsigned long to glibc. */
#define GET_FLAGS                                                              \
	_Generic(&ioctl, int (*)(int, int, ...)                                \
		 : (int)FS_IOC_GETFLAGS, default                               \
		 : FS_IOC_GETFLAGS)

static bool is_immutable(int fd)
{
	int flags = 0;

	return !ioctl(fd, GET_FLAGS, &flags) &&
	       flags & (FS_IMMUTABLE_FL | FS_APPEND_FL);
}

static bool has_immutable(int dir, const char *name)
{
	int fd = openat(dir, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				O_CLOEXEC);
	bool is = fd >= 0 && is_immutable(fd);

	if (fd >= 0)
		close(fd);
	return is;
}

/* DIR is certs.d, or the directory of REFERENCE. */
static bool holds_immutable(int dir, const char *reference)
{
	char path[REGISTRY_CHARS_MAX + sizeof("/" SURVEY_CA_FILE)];

	snprintf(path, sizeof(path), "%s/%s", reference, SURVEY_CA_FILE);
	return is_immutable(dir) || has_immutable(dir, SURVEY_CA_FILE) ||
	       (*reference &&
		(has_immutable(dir, reference) || has_immutable(dir, path)));
}

/* The kernel has denied it to us as who we are. */
static enum cause cause_of_denial(int dir, const char *reference)
{
	struct stat st = {.st_uid = 0};

	if (dir >= 0 && holds_immutable(dir, reference))
		return CAUSE_IMMUTABLE;
	if (geteuid())
		return CAUSE_NOT_ROOT;
	if (dir < 0 || fstat(dir, &st))
		return CAUSE_DENIED;
	if (st.st_uid == OVERFLOW_ID)
		return CAUSE_USERNS;
	/* Root with all that root has would not be asked who it is; whether it
	 * was SELinux, the label tells. */
	if (st.st_uid && fgetxattr(dir, "security.selinux", NULL, 0) <= 0)
		return CAUSE_NOT_OWNER;
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
	case EEXIST: /* what a run before could not take away */
		return dir >= 0 && holds_immutable(dir, reference)
			       ? CAUSE_IMMUTABLE
			       : CAUSE_OTHER;
	case EMFILE:
		return CAUSE_DESCRIPTORS;
	case EACCES:
	case EPERM:
		return cause_of_denial(dir, reference);
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
		[CAUSE_NOT_OWNER] = (" (it is another user's, and root has not "
				     "all its capabilities)"),
		[CAUSE_USERNS] = " (root is nobody outside its user namespace)",
		[CAUSE_COLON] = " (this file system takes no `:` in a name)",
		[CAUSE_IMMUTABLE] =
			(" (the directory or ca.crt is immutable or "
			 "append-only)"),
	};
	int error = errno;
	enum cause cause = cause_of(error, dir, registry->reference);

	failure_set(f, ERR_STORE, "cannot %s %s: %s%s", doing,
		    registry->reference, strerror(error),
		    words[cause] ? words[cause] : "");
	f->cause = cause;
	return ERR_STORE;
}

/* see cause.h */
enum err cause_refuse(struct failure *f, enum cause cause,
		      const struct registry *registry, const char *why)
{
	failure_set(f, ERR_STORE, "%s: %s", registry->reference, why);
	f->cause = cause;
	return ERR_STORE;
}

/* see cause.h */
enum err cause_refuse_changed(struct failure *f,
			      const struct registry *registry)
{
	return cause_refuse(f, CAUSE_CHANGED, registry,
			    "another process changed it meanwhile; run again");
}

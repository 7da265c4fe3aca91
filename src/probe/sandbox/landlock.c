/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file system and TCP, closed by Landlock; see parts.h.
 */
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/sandbox/parts.h"
#include "probe/sandbox/sandbox.h"

/* What this kernel's Landlock can forbid, by ABI version; 0 when it has none.
 * Docker before 20.10.18 answers EPERM. */
static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

/* The access bits are numbered in the order in which the kernel got them; the
 * headers of Debian 12 end at ABI 3, so later ones are given as numbers. */
static uint64_t landlock_file_access(int abi)
{
	const uint64_t abi1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	const uint64_t refer = 1ULL << 13;
	const uint64_t truncate = 1ULL << 14;
	const uint64_t ioctl_dev = 1ULL << 15;

	return abi1 | (abi >= 2 ? refer : 0) | (abi >= 3 ? truncate : 0) |
	       (abi >= 5 ? ioctl_dev : 0);
}

struct landlock_request {
	uint64_t files;
	uint64_t net;	 /* ABI 4: TCP bind 1, connect 2 */
	uint64_t scoped; /* ABI 6: abstract sockets 1, signals 2 */
};

/* The kernel takes a shorter struct from a program that is older than it. */
static size_t landlock_request_bytes(int abi)
{
	if (abi >= 6)
		return sizeof(struct landlock_request);
	return abi >= 4 ? offsetof(struct landlock_request, scoped)
			: offsetof(struct landlock_request, net);
}

/* Each by itself, because it may be a link out of /etc: on many machines
 * resolv.conf is one. glibc reads more there, to find its modules. */
static const char *const readable[] = {
	"/etc/hosts",
	"/etc/resolv.conf",
#if SANITIZED
	"/etc",
#endif
};

static bool allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	bool done;

	/* What cannot be opened cannot be read either way. */
	if (rule.parent_fd < 0)
		return true;
	done = !syscall(SYS_landlock_add_rule, ruleset,
			LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return done;
}

/* see parts.h */
enum err sandbox_landlock(bool is_sealed, unsigned *missing, struct failure *f)
{
	int abi = landlock_abi();
	const struct landlock_request request = {
		.files = landlock_file_access(abi),
		.net = is_sealed ? 3 : 1,
		.scoped = 3,
	};
	bool done = true;
	int ruleset;

	if (abi == 0) {
		*missing |= SANDBOX_NO_LANDLOCK;
		return ERR_OK;
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &request,
			       landlock_request_bytes(abi), 0);
	if (ruleset < 0)
		return sandbox_fail(f, "landlock_create_ruleset");
	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++)
		done = done &&
		       (is_sealed || allow_reading(ruleset, readable[i]));
	done = done && !syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
	return done ? ERR_OK : sandbox_fail(f, "landlock_restrict_self");
}

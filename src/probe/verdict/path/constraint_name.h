/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One name against one constraint, and the texts about it; shared by the two
 * ways in which Go releases check constraints. Probe process. Pure.
 */
#ifndef VERDICT_CONSTRAINT_NAME_H
#define VERDICT_CONSTRAINT_NAME_H

#include "common/limits.h"
#include "probe/verdict/path/constraints.h"

/*
 * A name made ready for comparison. DOMAIN is the DNS name, the host of the
 * URI or the domain of the mailbox; views, or into the buffers below.
 */
struct constrained_name {
	uint8_t tag;
	struct bytes value, domain, local;
	char host_buffer[NAME_PART_CHARS_MAX];
	char local_buffer[NAME_PART_CHARS_MAX];
};

/*
 * Make the name TAG, VALUE ready. Anything but CONSTRAINT_MET: it cannot be
 * compared, for Go either (or it is longer than our buffers, which reads as
 * broken).
 */
enum constraint_result constraint_name_open(uint8_t tag, struct bytes value,
					    struct go_release release,
					    struct constrained_name *out);

/* Is the address of 4 or 16 octets inside VALUE (address, then mask)? */
bool constraint_has_ip(struct bytes value, struct bytes ip);

/* Is the mailbox of NAME exactly the mailbox VALUE? */
bool constraint_is_mailbox(struct bytes value,
			   const struct constrained_name *name,
			   struct go_release release);

#endif

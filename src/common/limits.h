/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number that bounds work, memory or input, with its unit and reason.
 * No code. Change a limit here and nowhere else.
 */
#ifndef COMMON_LIMITS_H
#define COMMON_LIMITS_H

/* One line for an operator: a host (255) twice, an address, a cause. */
#define FAILURE_CHARS_MAX 1024

/* RFC 1035 2.3.4: a name has at most 253 characters as text; the reference
 * grammar adds `:65535` and, for IPv6, brackets. */
#define HOST_CHARS_MAX     253
#define REGISTRY_CHARS_MAX (HOST_CHARS_MAX + 8)

#endif

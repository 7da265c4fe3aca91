/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a table of system calls to a seccomp program. Pure; makes no system
 * call. Probe process.
 */
#ifndef PROBE_FILTER_H
#define PROBE_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one argument must be. It is compared with all its 64 bits, of which a
 * 32-bit kernel fills the lower half. */
enum filter_test {
	FILTER_NONE, /* no condition; ends the list */
	FILTER_IS,   /* the value */
	FILTER_MOST, /* the value or less, as an unsigned number */
	FILTER_ONLY  /* no bit that the value has not */
};

/* Small: there is a table of these for each step. */
struct filter_condition {
	uint8_t test; /* enum filter_test */
	uint8_t arg;  /* 0 .. 5 */
	uint32_t value;
};

#define FILTER_CONDITIONS_MAX 3

/* CALL gets ACTION (SECCOMP_RET_...) where all conditions hold; otherwise the
 * rows behind it are looked at. */
struct filter_rule {
	uint32_t call;
	uint32_t action;
	struct filter_condition when[FILTER_CONDITIONS_MAX];
};

struct filter_table {
	const struct filter_rule *rules;
	size_t count;
};

/* Whose calls they are: AUDIT_ARCH_..., and the order of its bytes, in which
 * the kernel lays out the arguments. */
struct filter_machine {
	uint32_t arch;
	bool is_big_endian;
};

/* Instructions: 5 at the ends, 2 for a row, 1 for its conditions and 4 for each
 * of them. */
#define FILTER_CODE_MAX 1024

/*
 * Write the program for the COUNT tables at TABLES, one behind the other, to
 * CODE and return its length: the first row that holds decides, REST where none
 * does, and a call of another architecture, whose numbers mean other calls,
 * kills. 0 when CODE is too short.
 */
size_t filter_compile(const struct filter_table *tables, size_t count,
		      uint32_t rest, struct filter_machine machine,
		      struct sock_filter code[static FILTER_CODE_MAX]);

#endif

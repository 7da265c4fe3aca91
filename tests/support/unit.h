/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every test program in C begins with: cmocka after the headers that it
 * wants, and words for the failing row of a table.
 */
#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A deadline for what does come, on a machine however busy. */
#define PATIENCE_MS 60000

/* Fail with printf's words unless CONDITION holds. */
#define check(condition, ...)                                                  \
	do {                                                                   \
		if (!(condition))                                              \
			fail_msg(__VA_ARGS__);                                 \
	} while (0)

/* Fail, showing both, unless TEXT contains PART. */
#define check_contains(text, part)                                             \
	check(strstr(text, part), "\"%s\" does not contain \"%s\"", text, part)

#endif

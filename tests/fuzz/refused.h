/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_REFUSED_H
#define TESTS_REFUSED_H

#include <stdlib.h>

#include "common/error.h"

/* A refusal of what an operator gave: it has words, and they are printable. */
static inline void check_refused(const struct failure *f)
{
	if (f->code != ERR_USAGE || !*f->detail)
		abort();
	for (const char *c = f->detail; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			abort();
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the shell or the container that started it lets this process have
 * (ulimit). Installer only.
 */
#ifndef INSTALLER_INPUTS_PROCESS_LIMIT_H
#define INSTALLER_INPUTS_PROCESS_LIMIT_H

#include <stdint.h>

#include "common/error.h"

/*
 * Let the stack of this process, and of all that it starts, have
 * STACK_BYTES_MIN. ERR_MEMORY where a limit (ulimit -s) holds it to less and
 * cannot be raised: a call too deep would be a signal, which says nothing.
 */
MUST_CHECK enum err process_limit_stack(struct failure *f);

/* How many descriptors may be open; UINT64_MAX where that is not limited. */
uint64_t process_limit_descriptors(void);

#endif

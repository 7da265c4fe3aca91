/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large the stack may get. Installer only.
 */
#ifndef INSTALLER_STACK_LIMIT_H
#define INSTALLER_STACK_LIMIT_H

#include "common/error.h"

/*
 * Let the stack of this process, and of all that it starts, have
 * STACK_BYTES_MIN. ERR_MEMORY where a limit (ulimit -s) holds it to less and
 * cannot be raised: a call too deep would be a signal, which says nothing.
 */
MUST_CHECK enum err stack_limit_settle(struct failure *f);

#endif

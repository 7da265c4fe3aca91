/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's own CA bundle, which Docker trusts besides certs.d. Installer
 * only; reads one file, as opaque bytes.
 */
#ifndef INSTALLER_INPUTS_HOST_POOL_H
#define INSTALLER_INPUTS_HOST_POOL_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"

/*
 * Read the first bundle that is there, in the places and the order of Go's
 * crypto/x509 on Linux, into BUFFER; the result is a view of it. Empty when
 * there is none (a container sees none unless /etc/ssl/certs is mounted) or
 * when it is not smaller than the buffer. Directories of single certificates,
 * which Go reads too, hold the same ones on all distributions and are not read.
 */
struct bytes host_pool_read(uint8_t buffer[static HOST_POOL_BYTES_MAX]);

#endif

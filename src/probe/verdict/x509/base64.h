/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 as Go's encoding/pem decodes it. Probe process. Pure.
 */
#ifndef VERDICT_BASE64_H
#define VERDICT_BASE64_H

#include "common/bytes.h"

/*
 * Decode IN to OUT as Go's base64.StdEncoding: blanks and line ends are passed
 * over, padding is needed, unused bits may be set. False: it is not base64, or
 * it has not SIZE bytes of room.
 */
bool base64_decode(struct bytes in, uint8_t *out, size_t size, size_t *len);

#endif

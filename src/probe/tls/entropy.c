/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/tls/entropy.h"

#include <errno.h>
#include <mbedtls/ecp.h>
#include <sys/random.h>

/* see entropy.h */
int entropy_fill(void *context, unsigned char *out, size_t len)
{
	size_t done = 0;

	(void)context;
	while (done < len) {
		ssize_t n = getrandom(out + done, len - done, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return MBEDTLS_ERR_ECP_RANDOM_FAILED;
		done += (size_t)n;
	}
	return 0;
}

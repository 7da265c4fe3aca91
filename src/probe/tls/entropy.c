/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getrandom(2) for mbedTLS; see entropy.h. Probe process, sealed or not.
 */
#include "probe/tls/entropy.h"

#include <errno.h>
#include <mbedtls/entropy.h>
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
			return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
		done += (size_t)n;
	}
	return 0;
}

/* The name that MBEDTLS_ENTROPY_HARDWARE_ALT calls; mbedTLS's own DRBG is
 * seeded by it for what TLS 1.3 does through PSA. */
int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
			  size_t *olen);

int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len,
			  size_t *olen)
{
	int ret = entropy_fill(data, output, len);

	*olen = ret ? 0 : len;
	return ret;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's own list of cipher suites by release; see suites.h.
 */
#include "probe/tls/suites.h"

#include <limits.h>
#include <stddef.h>

/* major * 100 + minor; the patch never mattered. */
static int release_number(const char *docker)
{
	int part[2] = {0, 0};

	if (!docker)
		return INT_MAX;
	for (int i = 0; i < 2; i++) {
		while (*docker >= '0' && *docker <= '9' && part[i] < 100)
			part[i] = part[i] * 10 + (*docker++ - '0');
		/* "29" means the newest of 29. */
		if (*docker != '.')
			return part[0] * 100 + (i ? part[1] : 99);
		docker++;
	}
	return part[0] * 100 + part[1];
}

/* see suites.h */
bool suites_offers(const char *docker, uint16_t suite)
{
	int release = release_number(docker);

	switch (suite) {
	case 0xc009: /* ECDHE with AES-CBC-SHA: ECDSA, RSA; 128, 256 bits */
	case 0xc00a:
	case 0xc013:
	case 0xc014:
		return release < 2900;
	case 0xcca8: /* ECDHE with ChaCha20-Poly1305: RSA, ECDSA */
	case 0xcca9:
		return release >= 2905;
	default:
		return true;
	}
}

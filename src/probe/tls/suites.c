/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list, and Docker's own by release; see suites.h.
 */
#include "probe/tls/suites.h"

#include <limits.h>

/* As the newest Docker orders them; AES-CBC, of older ones, is last. */
static const struct suite SUITES[] = {
	{0x1301, SUITE_TLS13, SEAL_GCM, MBEDTLS_MD_SHA256, 128},
	{0x1302, SUITE_TLS13, SEAL_GCM, MBEDTLS_MD_SHA384, 256},
	{0x1303, SUITE_TLS13, SEAL_CHACHA, MBEDTLS_MD_SHA256, 256},
	{0xc02b, SUITE_ECDSA, SEAL_GCM, MBEDTLS_MD_SHA256, 128},
	{0xc02f, SUITE_RSA, SEAL_GCM, MBEDTLS_MD_SHA256, 128},
	{0xc02c, SUITE_ECDSA, SEAL_GCM, MBEDTLS_MD_SHA384, 256},
	{0xc030, SUITE_RSA, SEAL_GCM, MBEDTLS_MD_SHA384, 256},
	{0xcca9, SUITE_ECDSA, SEAL_CHACHA, MBEDTLS_MD_SHA256, 256},
	{0xcca8, SUITE_RSA, SEAL_CHACHA, MBEDTLS_MD_SHA256, 256},
	{0xc009, SUITE_ECDSA, SEAL_CBC, MBEDTLS_MD_SHA256, 128},
	{0xc013, SUITE_RSA, SEAL_CBC, MBEDTLS_MD_SHA256, 128},
	{0xc00a, SUITE_ECDSA, SEAL_CBC, MBEDTLS_MD_SHA256, 256},
	{0xc014, SUITE_RSA, SEAL_CBC, MBEDTLS_MD_SHA256, 256},
};

/* see suites.h */
const struct suite *suites_at(size_t index)
{
	return index < sizeof(SUITES) / sizeof(*SUITES) ? &SUITES[index] : NULL;
}

/* see suites.h */
const struct suite *suites_find(uint16_t id)
{
	const struct suite *s;

	for (size_t i = 0; (s = suites_at(i)); i++)
		if (s->id == id)
			break;
	return s;
}

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

static bool is_rare(const struct suite *s)
{
	return s && s->kind != SUITE_TLS13 && s->seal != SEAL_GCM;
}

/* see suites.h */
bool suites_is_rare(uint16_t suite)
{
	return is_rare(suites_find(suite));
}

/* see suites.h */
bool suites_offers(const char *docker, uint16_t suite)
{
	const struct suite *s = suites_find(suite);
	int release = release_number(docker);

	if (!is_rare(s))
		return true;
	return s->seal == SEAL_CBC ? release < 2900 : release >= 2905;
}

/* see suites.h */
struct go_release suites_go(const char *docker)
{
	struct go_release go = go_newest();

	if (docker)
		(void)go_of_docker(bytes_of(docker), &go);
	return go;
}

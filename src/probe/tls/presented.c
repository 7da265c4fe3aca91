/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The eight functions of mbedTLS's X.509 module that its TLS client calls,
 * with the same names, so that the linker never takes the module itself. All
 * that a handshake needs of a certificate is the leaf's public key; our own
 * parser finds it. See presented.h.
 */
#include "probe/tls/presented.h"

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <string.h>

#include "probe/verdict/x509/certificate.h"

/* mbedTLS hands its parser nothing of ours, so this one pointer is static; the
 * probe has one thread and one handshake. */
static struct presented *collecting;

/* see presented.h */
void presented_collect(struct presented *out)
{
	collecting = out;
	if (!out)
		return;
	out->count = 0;
	out->cut = false;
	out->used = 0;
}

static bool keep(struct presented *p, struct bytes der)
{
	uint8_t *copy = p->storage + p->used;

	if (p->count == CHAIN_CERTS_MAX ||
	    der.len > sizeof(p->storage) - p->used) {
		p->cut = true;
		return false;
	}
	memcpy(copy, der.data, der.len);
	p->certs[p->count++] = (struct bytes){copy, der.len};
	p->used += der.len;
	return true;
}

/* A key that cannot be used leaves mbedTLS without one: the handshake then
 * ends at the server's signature, and possession stays unproven. */
static void give_key(mbedtls_x509_crt *chain, struct bytes der)
{
	struct certificate leaf;
	struct failure ignored;
	unsigned char *at;

	if (certificate_parse(der, go_newest(), &leaf, &ignored) != ERR_OK)
		return;
	at = (unsigned char *)(uintptr_t)leaf.spki.data;
	(void)mbedtls_pk_parse_subpubkey(&at, at + leaf.spki.len, &chain->pk);
}

void mbedtls_x509_crt_init(mbedtls_x509_crt *crt)
{
	memset(crt, 0, sizeof(*crt));
	mbedtls_pk_init(&crt->pk);
}

void mbedtls_x509_crt_free(mbedtls_x509_crt *crt)
{
	if (crt)
		mbedtls_pk_free(&crt->pk);
}

/* Called once for each certificate of the message, in its order. */
int mbedtls_x509_crt_parse_der(mbedtls_x509_crt *chain,
			       const unsigned char *buf, size_t buflen)
{
	if (!collecting || !keep(collecting, (struct bytes){buf, buflen}))
		return MBEDTLS_ERR_X509_ALLOC_FAILED;
	if (collecting->count == 1)
		give_key(chain, collecting->certs[0]);
	return 0;
}

/* The rest is linked but not reached: VERIFY_NONE, and no key of our own. */
const mbedtls_x509_crt_profile mbedtls_x509_crt_profile_default = {0};
const mbedtls_x509_crt_profile mbedtls_x509_crt_profile_suiteb = {0};

int mbedtls_x509_crt_verify_restartable(
	mbedtls_x509_crt *crt, mbedtls_x509_crt *trust_ca,
	mbedtls_x509_crl *ca_crl, const mbedtls_x509_crt_profile *profile,
	const char *cn, uint32_t *flags,
	int (*f_vrfy)(void *, mbedtls_x509_crt *, int, uint32_t *),
	void *p_vrfy, mbedtls_x509_crt_restart_ctx *rs_ctx)
{
	(void)crt;
	(void)trust_ca;
	(void)ca_crl;
	(void)profile;
	(void)cn;
	(void)f_vrfy;
	(void)p_vrfy;
	(void)rs_ctx;
	*flags = UINT32_MAX;
	return MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
}

int mbedtls_x509_crt_check_key_usage(const mbedtls_x509_crt *crt,
				     unsigned int usage)
{
	(void)crt;
	(void)usage;
	return MBEDTLS_ERR_X509_BAD_INPUT_DATA;
}

int mbedtls_x509_crt_check_extended_key_usage(const mbedtls_x509_crt *crt,
					      const char *usage_oid,
					      size_t usage_len)
{
	(void)crt;
	(void)usage_oid;
	(void)usage_len;
	return MBEDTLS_ERR_X509_BAD_INPUT_DATA;
}

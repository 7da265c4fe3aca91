/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handshake and the presented chain; see capture.h. The only file that
 * includes mbedtls/ssl.h for more than error numbers.
 */
#include "probe/tls/capture.h"

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <psa/crypto.h>
#include <stdio.h>
#include <string.h>

#include "probe/tls/entropy.h"
#include "probe/tls/explain.h"
#include "probe/tls/stream.h"
#include "probe/tls/suites.h"

#define SUITES_MAX 9

struct session {
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config config;
	struct stream stream;
	int suites[SUITES_MAX + 1];
};

/* What the newest Docker offers on both its paths. A server that wants AES-CBC
 * is for the fallback client, which then also tells that it does. */
static const int suites[SUITES_MAX + 1] = {
	MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
	MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
	MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	0,
};

static const uint16_t groups[] = {
	MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
	MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
	MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
	MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1,
	MBEDTLS_SSL_IANA_TLS_GROUP_NONE,
};

static const uint16_t signatures[] = {
	MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
	MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
	MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
	MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
	MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
	MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
	MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
	MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
	MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512,
	MBEDTLS_TLS1_3_SIG_NONE,
};

/* The verifier stays out of it (VERIFY_NONE): it would judge, and not as
 * Docker does. */
/* The suites that the release DOCKER has, in our order. */
static void choose_suites(struct session *s, const char *docker)
{
	size_t count = 0;

	for (size_t i = 0; suites[i]; i++)
		if (suites_offers(docker, (uint16_t)suites[i]))
			s->suites[count++] = suites[i];
	s->suites[count] = 0;
	mbedtls_ssl_conf_ciphersuites(&s->config, s->suites);
}

static int configure(struct session *s, const struct registry *registry,
		     const char *docker)
{
	bool named = registry->kind == REGISTRY_NAME;
	int ret = mbedtls_ssl_config_defaults(&s->config, MBEDTLS_SSL_IS_CLIENT,
					      MBEDTLS_SSL_TRANSPORT_STREAM,
					      MBEDTLS_SSL_PRESET_DEFAULT);

	if (ret)
		return ret;
	mbedtls_ssl_conf_authmode(&s->config, MBEDTLS_SSL_VERIFY_NONE);
	mbedtls_ssl_conf_rng(&s->config, entropy_fill, NULL);
	choose_suites(s, docker);
	mbedtls_ssl_conf_groups(&s->config, groups);
	mbedtls_ssl_conf_sig_algs(&s->config, signatures);
	ret = mbedtls_ssl_setup(&s->ssl, &s->config);
	if (!ret)
		ret = mbedtls_ssl_set_hostname(&s->ssl,
					       named ? registry->host : NULL);
	mbedtls_ssl_set_bio(&s->ssl, &s->stream, stream_send, stream_receive,
			    NULL);
	return ret;
}

/* The step that checks the server's signature over the handshake. */
static int proving_step(bool is13)
{
	return is13 ? MBEDTLS_SSL_CERTIFICATE_VERIFY
		    : MBEDTLS_SSL_SERVER_KEY_EXCHANGE;
}

static int shake_hands(struct session *s, struct capture *out)
{
	bool is13 = false;
	int ret = 0;

	while (!ret && !mbedtls_ssl_is_handshake_over(&s->ssl)) {
		int state = s->ssl.MBEDTLS_PRIVATE(state);

		ret = mbedtls_ssl_handshake_step(&s->ssl);
		is13 = mbedtls_ssl_get_version_number(&s->ssl) ==
		       MBEDTLS_SSL_VERSION_TLS1_3;
		if (!ret && state == proving_step(is13))
			out->possession = true;
		if (ret == MBEDTLS_ERR_SSL_WANT_READ ||
		    ret == MBEDTLS_ERR_SSL_WANT_WRITE)
			ret = 0;
	}
	out->tls_version = (uint16_t)mbedtls_ssl_get_version_number(&s->ssl);
	out->suite = (uint16_t)mbedtls_ssl_get_ciphersuite_id_from_ssl(&s->ssl);
	out->client_cert = stream_was_asked(&s->stream, is13);
	return ret;
}

static bool has_header_end(const struct capture *out)
{
	return memmem(out->reply, out->reply_len, "\r\n\r\n", 4) != NULL;
}

/* What fails here costs the answer, not the chain. */
static void exchange(struct session *s, const char *request,
		     struct capture *out)
{
	size_t len = strlen(request);
	int ret =
		mbedtls_ssl_write(&s->ssl, (const unsigned char *)request, len);

	if (ret != (int)len)
		return;
	while (out->reply_len < sizeof(out->reply) && !has_header_end(out)) {
		ret = mbedtls_ssl_read(
			&s->ssl, (unsigned char *)out->reply + out->reply_len,
			sizeof(out->reply) - out->reply_len);
		if (ret == MBEDTLS_ERR_SSL_WANT_READ)
			continue;
		if (ret <= 0)
			return;
		out->reply_len += (size_t)ret;
	}
}

/* Nothing of the kind came: say why, and whether the other rung may do it. */
static enum err explain(const struct session *s, int ret, struct capture *out,
			struct failure *f)
{
	char otherwise[32];
	enum err err;

	snprintf(otherwise, sizeof(otherwise), "mbedTLS -0x%04x",
		 (unsigned)-ret);
	/* The alert's description is the second byte of its message. */
	err = explain_handshake(&s->stream,
				ret == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
					? s->ssl.MBEDTLS_PRIVATE(in_msg)[1]
					: EXPLAIN_NO_ALERT,
				otherwise, f);
	out->needs_fallback = err == ERR_TLS && explain_spoke_tls(&s->stream);
	return err;
}

static int run(struct session *s, const struct registry *registry,
	       const char *docker, const char *request, struct capture *out)
{
	int ret = psa_crypto_init() == PSA_SUCCESS
			  ? configure(s, registry, docker)
			  : MBEDTLS_ERR_SSL_INTERNAL_ERROR;

	if (!ret)
		ret = shake_hands(s, out);
	if (!ret && request)
		exchange(s, request, out);
	return ret;
}

/* see capture.h */
enum err capture_chain(int fd, const struct registry *registry,
		       const char *docker, const char *request,
		       int64_t deadline_ms, struct capture *out,
		       struct failure *f)
{
	struct session s;
	enum err err = ERR_OK;
	int ret;

	out->reply_len = 0;
	out->tls_version = 0;
	out->suite = 0;
	out->possession = false;
	out->client_cert = false;
	out->needs_fallback = false;
	mbedtls_ssl_init(&s.ssl);
	mbedtls_ssl_config_init(&s.config);
	stream_begin(&s.stream, fd, deadline_ms, HANDSHAKE_BYTES_MAX);
	presented_collect(&out->presented);
	ret = run(&s, registry, docker, request, out);
	presented_collect(NULL);
	if (out->presented.cut)
		err = failure_set(f, ERR_LIMIT,
				  "the server sent more than %d certificates",
				  CHAIN_CERTS_MAX);
	else if (out->presented.count == 0)
		err = explain(&s, ret, out, f);
	mbedtls_ssl_free(&s.ssl);
	mbedtls_ssl_config_free(&s.config);
	mbedtls_psa_crypto_free();
	return err;
}

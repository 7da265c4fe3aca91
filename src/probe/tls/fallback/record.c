/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records and their protection; see fallback_record.h. Probe process, sealed.
 */
#include "probe/tls/fallback/record.h"

#include "common/limits.h"
#include "probe/tls/explain.h"

enum record_type {
	RECORD_CCS = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_SEALED = 23,
};

#define ALERT_WARNING	   1
#define ALERT_CLOSE_NOTIFY 0
#define ALERT_BYTES	   2

static bool fault(struct fallback_records *r, const char *what)
{
	r->fault = what;
	return false;
}

/* see fallback_record.h */
void fallback_records_open(struct fallback_records *r, struct stream *stream)
{
	r->stream = stream;
	r->sealed = false;
	r->useless = 0;
	r->alert = EXPLAIN_NO_ALERT;
	r->fault = NULL;
	r->at = 0;
	r->len = 0;
	mbedtls_cipher_init(&r->reading.cipher);
	mbedtls_cipher_init(&r->writing.cipher);
}

/* see fallback_record.h */
void fallback_records_close(struct fallback_records *r)
{
	mbedtls_cipher_free(&r->reading.cipher);
	mbedtls_cipher_free(&r->writing.cipher);
}

static bool read_full(struct fallback_records *r, uint8_t *out, size_t len)
{
	while (len > 0) {
		int n = stream_receive(r->stream, out, len);

		if (n <= 0)
			return fault(r, "the server went away");
		out += n;
		len -= (size_t)n;
	}
	return true;
}

/* RFC 8446 5.3: the sequence number, over the end of the IV. */
static void next_nonce(struct fallback_direction *d,
		       uint8_t nonce[RECORD_IV_BYTES])
{
	memcpy(nonce, d->iv, RECORD_IV_BYTES);
	for (size_t i = 0; i < 8; i++)
		nonce[RECORD_IV_BYTES - 1 - i] ^=
			(uint8_t)(d->sequence >> (8 * i));
	d->sequence++;
}

/* Open the LEN bytes of R's body in place; the type is their last octet that
 * is not zero. */
static bool unseal(struct fallback_records *r,
		   const uint8_t header[RECORD_HEADER_BYTES], size_t *len,
		   uint8_t *type)
{
	uint8_t nonce[RECORD_IV_BYTES];

	if (*type != RECORD_SEALED)
		return fault(r, "a record in clear among sealed ones");
	next_nonce(&r->reading, nonce);
	if (mbedtls_cipher_auth_decrypt_ext(
		    &r->reading.cipher, nonce, sizeof(nonce), header,
		    RECORD_HEADER_BYTES, r->body, *len, r->body,
		    sizeof(r->body), len, RECORD_TAG_BYTES))
		return fault(r, "a record that cannot be decrypted");
	while (*len > 0 && r->body[*len - 1] == 0)
		(*len)--;
	if (*len == 0)
		return fault(r, "a sealed record of no type");
	*type = r->body[--*len];
	return true;
}

static bool read_record(struct fallback_records *r, uint8_t *type, size_t *len)
{
	uint8_t header[RECORD_HEADER_BYTES];

	if (!read_full(r, header, sizeof(header)))
		return false;
	*type = header[0];
	*len = (size_t)header[3] << 8 | header[4];
	if (*type < RECORD_CCS || *type > RECORD_SEALED)
		return fault(r, "a record of unknown type");
	if (*len > RECORD_SEALED_MAX)
		return fault(r, "a record that is too long");
	if (!read_full(r, r->body, *len))
		return false;
	if (r->sealed && *type != RECORD_CCS && !unseal(r, header, len, type))
		return false;
	return *len <= RECORD_PLAIN_MAX ||
	       fault(r, "a record that is too long");
}

static bool pass_over(struct fallback_records *r)
{
	return ++r->useless <= USELESS_RECORDS_MAX ||
	       fault(r, "too many records that lead nowhere");
}

static bool heed_alert(struct fallback_records *r, size_t len)
{
	if (len != ALERT_BYTES)
		return fault(r, "a malformed alert");
	if (r->body[1] == ALERT_CLOSE_NOTIFY)
		return fault(r, "the server closed it");
	if (r->body[0] == ALERT_WARNING)
		return pass_over(r);
	r->alert = r->body[1];
	return false;
}

/* Read one record; true when it was of use or may be passed over. */
static bool advance(struct fallback_records *r)
{
	uint8_t type;
	size_t len;

	if (!read_record(r, &type, &len))
		return false;
	if (type == RECORD_ALERT)
		return heed_alert(r, len);
	if (type == RECORD_CCS)
		return pass_over(r);
	if (type != RECORD_HANDSHAKE || len == 0)
		return fault(r, "a record out of place");
	r->useless = 0;
	r->at = 0;
	r->len = len;
	return true;
}

/* see fallback_record.h */
bool fallback_records_take(struct fallback_records *r, size_t most,
			   struct bytes *taken)
{
	while (r->at == r->len)
		if (!advance(r))
			return false;
	taken->data = r->body + r->at;
	taken->len = most < r->len - r->at ? most : r->len - r->at;
	r->at += taken->len;
	return true;
}

/* see fallback_record.h */
bool fallback_records_seal(struct fallback_records *r)
{
	if (r->at != r->len)
		return fault(r, "a record across a change of keys");
	r->sealed = true;
	return true;
}

/* BODY, of LEN plain bytes, gets its type and is sealed in place. */
static bool seal(struct fallback_records *r, uint8_t type,
		 const uint8_t header[RECORD_HEADER_BYTES], uint8_t *body,
		 size_t len, size_t size)
{
	uint8_t nonce[RECORD_IV_BYTES];

	body[len] = type;
	next_nonce(&r->writing, nonce);
	return !mbedtls_cipher_auth_encrypt_ext(
		&r->writing.cipher, nonce, sizeof(nonce), header,
		RECORD_HEADER_BYTES, body, len + 1, body, size, &len,
		RECORD_TAG_BYTES);
}

/* see fallback_record.h */
bool fallback_records_send(struct fallback_records *r, uint8_t type,
			   const uint8_t *data, size_t len)
{
	uint8_t record[RECORD_HEADER_BYTES + RECORD_SENT_MAX + 1 +
		       RECORD_TAG_BYTES];
	uint8_t *body = record + RECORD_HEADER_BYTES;
	size_t body_len = len + (r->sealed ? 1 + RECORD_TAG_BYTES : 0);
	size_t sent = 0;

	record[0] = r->sealed ? RECORD_SEALED : type;
	record[1] = 3;
	record[2] = 3;
	record[3] = (uint8_t)(body_len >> 8);
	record[4] = (uint8_t)body_len;
	memcpy(body, data, len);
	if (r->sealed && !seal(r, type, record, body, len,
			       sizeof(record) - RECORD_HEADER_BYTES))
		return fault(r, "an internal error");
	while (sent < RECORD_HEADER_BYTES + body_len) {
		int n = stream_send(r->stream, record + sent,
				    RECORD_HEADER_BYTES + body_len - sent);

		if (n < 0)
			return fault(r, "the server went away");
		sent += (size_t)n;
	}
	return true;
}

/* see fallback_record.h */
void fallback_records_end(struct fallback_records *r)
{
	static const uint8_t alert[] = {ALERT_WARNING, ALERT_CLOSE_NOTIFY};

	(void)fallback_records_send(r, RECORD_ALERT, alert, sizeof(alert));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates without private keys, for tests that replace signature_verify:
 * a signature is the first octets of the signer's key. ECDSA P-256, names of
 * one letter. A test has the line "wrap: signature_verify" and calls
 * forge_verify in its place.
 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "probe/verdict/path/signature.h"

#define FORGE_KEYS	4
#define FORGE_BYTES_MAX 512
#define FORGE_HOST	"reg.example.com"
#define FORGE_SIGNED	8 /* octets of a signature */

static const uint8_t FORGE_KEY[FORGE_KEYS][65] = {
	{0x04, 0xb8, 0x9e, 0x1f, 0xaf, 0x03, 0x72, 0x09, 0xf3, 0x1f, 0x37,
	 0x58, 0xa0, 0xe0, 0x50, 0x14, 0xaa, 0xad, 0xf5, 0xe6, 0x1f, 0xbc,
	 0x78, 0x33, 0x86, 0x8e, 0xee, 0xba, 0x22, 0x50, 0x60, 0x35, 0xc0,
	 0xb3, 0xba, 0x92, 0x6c, 0x6b, 0xd3, 0xdc, 0x25, 0xed, 0x44, 0xc8,
	 0xd7, 0x07, 0x53, 0xc6, 0xff, 0x36, 0x98, 0x76, 0x77, 0x2f, 0xe3,
	 0x1b, 0x24, 0x49, 0x10, 0x90, 0xb4, 0x1a, 0x1d, 0x96, 0x17},
	{0x04, 0xf2, 0x84, 0xbd, 0xd8, 0x7f, 0x90, 0x29, 0x09, 0x41, 0x73,
	 0x68, 0x68, 0x31, 0x69, 0xce, 0x82, 0x71, 0xfd, 0xff, 0xfb, 0x44,
	 0xc5, 0x34, 0xb6, 0x3a, 0xfa, 0x76, 0x09, 0x57, 0x7c, 0x8b, 0x9b,
	 0xb8, 0xf2, 0x4c, 0xd9, 0xc9, 0xba, 0x01, 0x10, 0x93, 0xc3, 0xba,
	 0x29, 0xff, 0x88, 0x58, 0x6f, 0x83, 0xb2, 0xec, 0x76, 0x43, 0x06,
	 0x2c, 0x81, 0x1a, 0x26, 0xef, 0x26, 0x91, 0x93, 0x8d, 0xee},
	{0x04, 0x07, 0x1d, 0x31, 0xa1, 0x00, 0x4a, 0x79, 0x40, 0xc9, 0x02,
	 0xa7, 0x8b, 0xbf, 0x5c, 0x57, 0xdd, 0x34, 0xce, 0xe1, 0x54, 0xb8,
	 0x08, 0x77, 0x72, 0x50, 0xf1, 0x07, 0x69, 0x7b, 0x56, 0xa6, 0xf7,
	 0xdd, 0x71, 0xfe, 0xd8, 0x27, 0x05, 0xd1, 0xc7, 0xca, 0xe3, 0x6b,
	 0x02, 0x44, 0x77, 0x60, 0x84, 0x10, 0xa2, 0xeb, 0xf2, 0x5e, 0xa4,
	 0x95, 0x80, 0xa1, 0xa4, 0x6a, 0x9e, 0xe2, 0xae, 0xed, 0x35},
	{0x04, 0x47, 0xeb, 0xd3, 0x6c, 0x6d, 0xed, 0x7a, 0xc8, 0x48, 0xdb,
	 0xde, 0x32, 0xb8, 0x87, 0x6e, 0xf9, 0xc9, 0x43, 0x13, 0xa3, 0x1a,
	 0x3e, 0x6d, 0xba, 0x58, 0x55, 0xb1, 0xc6, 0x7d, 0xdb, 0xbf, 0xe6,
	 0x71, 0xd1, 0x20, 0x00, 0xe0, 0x99, 0x22, 0xe5, 0xc0, 0x22, 0x51,
	 0x65, 0xe1, 0xe3, 0xfb, 0xf4, 0xa6, 0xba, 0x88, 0xbb, 0xd1, 0x82,
	 0x5a, 0xe9, 0x4f, 0xb4, 0x52, 0x27, 0xd0, 0xb4, 0xf8, 0xd1},
};

enum forge_ca { FORGE_NO_CONSTRAINTS, FORGE_CA, FORGE_NOT_CA };

struct forge {
	char subject, issuer;
	unsigned key, signer; /* below FORGE_KEYS */
	enum forge_ca ca;
	int path_length; /* below 0: none */
	bool has_san, has_key_id;
	uint8_t key_usage; /* first octet of the BIT STRING; 0: none */
	bool is_expired, is_for_mail;
	uint8_t serial; /* tells twins apart */
};

/* DER is written from its end: contents before their header. */
struct forge_buffer {
	uint8_t *start, *at;
};

static inline void forge_put(struct forge_buffer *b, const void *data,
			     size_t len)
{
	b->at -= len;
	memcpy(b->at, data, len);
}

/* The header of what was written since END. */
static inline void forge_wrap(struct forge_buffer *b, uint8_t tag,
			      const uint8_t *end)
{
	size_t len = (size_t)(end - b->at);
	const uint8_t wide[] = {tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len};
	const uint8_t middle[] = {tag, 0x81, (uint8_t)len};
	const uint8_t narrow[] = {tag, (uint8_t)len};

	if (len > 255)
		forge_put(b, wide, sizeof(wide));
	else if (len > 127)
		forge_put(b, middle, sizeof(middle));
	else
		forge_put(b, narrow, sizeof(narrow));
}

static inline void forge_extension(struct forge_buffer *b, uint8_t arc,
				   const void *value, size_t len)
{
	const uint8_t *end = b->at;
	const uint8_t oid[] = {0x06, 3, 0x55, 0x1d, arc};

	forge_put(b, value, len);
	forge_wrap(b, 0x04, end);
	forge_put(b, oid, sizeof(oid));
	forge_wrap(b, 0x30, end);
}

static inline void forge_extensions(struct forge_buffer *b,
				    const struct forge *f)
{
	static const uint8_t san[] = "\x30\x11\x82\x0f" FORGE_HOST;
	static const uint8_t mail[] = {0x30, 10, 0x06, 8, 0x2b, 6,
				       1,    5,	 5,    7, 3,	4};
	const uint8_t ca[] = {0x30, 3, 1, 1, 0xff};
	const uint8_t bounded[] = {0x30, 6, 1, 1,
				   0xff, 2, 1, (uint8_t)f->path_length};
	const uint8_t usage[] = {3, 2, 0, f->key_usage};
	const uint8_t subject_id[] = {4, 1, (uint8_t)f->key};
	const uint8_t authority_id[] = {0x30, 3, 0x80, 1, (uint8_t)f->signer};
	const uint8_t *end = b->at;

	if (f->has_san)
		forge_extension(b, 17, san, sizeof(san) - 1);
	if (f->is_for_mail)
		forge_extension(b, 37, mail, sizeof(mail));
	if (f->key_usage)
		forge_extension(b, 15, usage, sizeof(usage));
	if (f->has_key_id) {
		forge_extension(b, 14, subject_id, sizeof(subject_id));
		forge_extension(b, 35, authority_id, sizeof(authority_id));
	}
	if (f->ca == FORGE_NOT_CA)
		forge_extension(b, 19, "\x30\x00", 2);
	else if (f->ca == FORGE_CA && f->path_length >= 0)
		forge_extension(b, 19, bounded, sizeof(bounded));
	else if (f->ca == FORGE_CA)
		forge_extension(b, 19, ca, sizeof(ca));
	if (b->at == end)
		return;
	forge_wrap(b, 0x30, end);
	forge_wrap(b, 0xa3, end);
}

static inline void forge_name(struct forge_buffer *b, char letter)
{
	const uint8_t name[] = {0x30, 12,   0x31, 10, 0x30, 8, 0x06,
				3,    0x55, 4,	  3,  0x0c, 1, (uint8_t)letter};

	forge_put(b, name, sizeof(name));
}

static inline void forge_key(struct forge_buffer *b, unsigned key)
{
	static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 7,	   0x2a,
				       0x86, 0x48, 0xce, 0x3d, 2,    1,	   0x06,
				       8,    0x2a, 0x86, 0x48, 0xce, 0x3d, 3,
				       1,    7,	   3,	 0x42, 0};

	forge_put(b, FORGE_KEY[key], sizeof(FORGE_KEY[key]));
	forge_put(b, head, sizeof(head));
}

/* Write the certificate of F to OUT; the view of it. Valid 2020 to 2040, or to
 * 2021. */
static inline struct bytes forge(const struct forge *f,
				 uint8_t out[static FORGE_BYTES_MAX])
{
	static const uint8_t algorithm[] = {0x30, 10,	0x06, 8, 0x2a, 0x86,
					    0x48, 0xce, 0x3d, 4, 3,    2};
	static const char always[] = "\x30\x1e\x17\x0d"
				     "200101000000Z"
				     "\x17\x0d"
				     "400101000000Z";
	static const char before[] = "\x30\x1e\x17\x0d"
				     "200101000000Z"
				     "\x17\x0d"
				     "210101000000Z";
	struct forge_buffer b = {out, out + FORGE_BYTES_MAX};
	const uint8_t *end = b.at, *body;
	const uint8_t head[] = {0xa0, 3, 2, 1, 2, 2, 1, f->serial};

	forge_put(&b, FORGE_KEY[f->signer] + 1, FORGE_SIGNED);
	forge_put(&b, "", 1);
	forge_wrap(&b, 0x03, end);
	forge_put(&b, algorithm, sizeof(algorithm));
	body = b.at;
	forge_extensions(&b, f);
	forge_key(&b, f->key);
	forge_name(&b, f->subject);
	forge_put(&b, f->is_expired ? before : always, sizeof(always) - 1);
	forge_name(&b, f->issuer);
	forge_put(&b, algorithm, sizeof(algorithm));
	forge_put(&b, head, sizeof(head));
	forge_wrap(&b, 0x30, body);
	forge_wrap(&b, 0x30, end);
	return (struct bytes){b.at, (size_t)(end - b.at)};
}

/* In the place of signature_verify. */
static inline bool forge_verify(const struct key *key, struct bytes signature)
{
	return key->value.len > FORGE_SIGNED &&
	       bytes_equal(signature,
			   (struct bytes){key->value.data + 1, FORGE_SIGNED});
}

#endif

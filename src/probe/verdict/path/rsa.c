/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification only: every input is public.
 */
#include "probe/verdict/path/rsa.h"

/* DigestInfo up to the digest, without the two lengths that depend on it. */
static const struct {
	mbedtls_md_type_t md;
	uint8_t oid_len;
	uint8_t oid[9];
} DIGEST_INFOS[] = {
	{MBEDTLS_MD_SHA1, 5, {0x2b, 0x0e, 0x03, 0x02, 0x1a}},
	{MBEDTLS_MD_SHA256,
	 9,
	 {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}},
	{MBEDTLS_MD_SHA384,
	 9,
	 {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}},
	{MBEDTLS_MD_SHA512,
	 9,
	 {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}},
};

/* see rsa.h */
const char *rsa_key_fault(const struct key *key, struct go_release release)
{
	if (!go_follows(release, GO_FIPS_RSA))
		return NULL;
	if (!(key->value.data[key->value.len - 1] >> key->shift & 1))
		return "crypto/rsa: public modulus is even";
	if (key->exponent < 2)
		return "crypto/rsa: public exponent too small or negative";
	if (!(key->exponent & 1))
		return "crypto/rsa: public exponent is even";
	if (key->exponent > INT32_MAX)
		return "crypto/rsa: public exponent too large";
	return NULL;
}

/* out = base ^ e mod n, with an even N too, which mbedTLS does not raise by. */
static bool power(mbedtls_mpi *out, const mbedtls_mpi *base,
		  const mbedtls_mpi *e, const mbedtls_mpi *n)
{
	if (mbedtls_mpi_get_bit(n, 0))
		return !mbedtls_mpi_exp_mod(out, base, e, n, NULL);
	if (mbedtls_mpi_lset(out, 1))
		return false;
	for (size_t i = mbedtls_mpi_bitlen(e); i-- > 0;)
		if (mbedtls_mpi_mul_mpi(out, out, out) ||
		    mbedtls_mpi_mod_mpi(out, out, n) ||
		    (mbedtls_mpi_get_bit(e, i) &&
		     (mbedtls_mpi_mul_mpi(out, out, base) ||
		      mbedtls_mpi_mod_mpi(out, out, n))))
			return false;
	return true;
}

/* em = signature ^ e mod n, as many octets as the modulus. */
static bool raise(const struct key *key, struct bytes signature, uint8_t *em)
{
	mbedtls_mpi n, e, s, m;
	uint8_t exponent[8];
	bool done;

	for (int i = 0; i < 8; i++)
		exponent[i] = (uint8_t)(key->exponent >> (56 - 8 * i));
	mbedtls_mpi_init(&n);
	mbedtls_mpi_init(&e);
	mbedtls_mpi_init(&s);
	mbedtls_mpi_init(&m);
	done = !mbedtls_mpi_read_binary(&n, key->value.data, key->value.len) &&
	       !mbedtls_mpi_read_binary(&e, exponent, sizeof(exponent)) &&
	       !mbedtls_mpi_read_binary(&s, signature.data, signature.len) &&
	       (key->any_residue || (mbedtls_mpi_get_bit(&n, 0) &&
				     mbedtls_mpi_cmp_mpi(&s, &n) < 0)) &&
	       power(&m, &s, &e, &n) &&
	       !mbedtls_mpi_write_binary(&m, em, key->value.len);
	mbedtls_mpi_free(&m);
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&e);
	mbedtls_mpi_free(&n);
	return done;
}

/* 00 01 FF..FF 00 DigestInfo; at least eight FF. */
static bool is_pkcs1(const uint8_t *em, size_t size, mbedtls_md_type_t md,
		     struct bytes digest)
{
	uint8_t info[19 + 64];
	size_t n = 0, i, info_len, oid_len;

	while (DIGEST_INFOS[n].md != md)
		if (++n == sizeof(DIGEST_INFOS) / sizeof(*DIGEST_INFOS))
			return false;
	oid_len = DIGEST_INFOS[n].oid_len;
	info_len = 10 + oid_len + digest.len;
	memcpy(info,
	       (uint8_t[]){0x30, (uint8_t)(info_len - 2), 0x30,
			   (uint8_t)(oid_len + 4), 0x06, (uint8_t)oid_len},
	       6);
	memcpy(info + 6, DIGEST_INFOS[n].oid, oid_len);
	memcpy(info + 6 + oid_len,
	       (uint8_t[]){0x05, 0x00, 0x04, (uint8_t)digest.len}, 4);
	memcpy(info + 10 + oid_len, digest.data, digest.len);
	if (size < info_len + 11 || em[0] != 0 || em[1] != 1)
		return false;
	for (i = 2; i < size - info_len - 1; i++)
		if (em[i] != 0xff)
			return false;
	return em[i] == 0 && !memcmp(em + size - info_len, info, info_len);
}

/* XOR the mask that MGF1 makes of SEED over DB. */
static bool unmask(const mbedtls_md_info_t *info, struct bytes seed,
		   uint8_t *db, size_t len)
{
	uint8_t block[64 + 4], mask[64];
	size_t step = mbedtls_md_get_size(info);

	memcpy(block, seed.data, seed.len);
	for (uint32_t i = 0; i * step < len; i++) {
		block[seed.len] = (uint8_t)(i >> 24);
		block[seed.len + 1] = (uint8_t)(i >> 16);
		block[seed.len + 2] = (uint8_t)(i >> 8);
		block[seed.len + 3] = (uint8_t)i;
		if (mbedtls_md(info, block, seed.len + 4, mask))
			return false;
		for (size_t j = 0; j < step && i * step + j < len; j++)
			db[i * step + j] ^= mask[j];
	}
	return true;
}

/* EMSA-PSS-VERIFY of RFC 8017 9.1.2 with salt length = digest length. */
static bool is_pss(uint8_t *em, size_t len, uint32_t bits, mbedtls_md_type_t md,
		   struct bytes digest)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(md);
	uint8_t top = (uint8_t)(0xff >> (8 * len - bits));
	uint8_t message[8 + 64 + 64] = {0}, again[64];
	size_t db_len, h = digest.len;

	if (!info || len < 2 * h + 2 || em[len - 1] != 0xbc || em[0] & ~top)
		return false;
	db_len = len - h - 1;
	if (!unmask(info, (struct bytes){em + db_len, h}, em, db_len))
		return false;
	em[0] &= top;
	for (size_t i = 0; i < db_len - h - 1; i++)
		if (em[i] != 0)
			return false;
	if (em[db_len - h - 1] != 1)
		return false;
	memcpy(message + 8, digest.data, h);
	memcpy(message + 8 + h, em + db_len - h, h);
	return !mbedtls_md(info, message, 8 + 2 * h, again) &&
	       !memcmp(again, em + db_len, h);
}

/* see rsa.h */
bool rsa_verify(const struct key *key, mbedtls_md_type_t md, bool pss,
		struct bytes digest, struct bytes signature)
{
	uint8_t em[RSA_BYTES_MAX];
	size_t size = key->value.len;
	uint32_t em_bits = key->bits - 1;
	size_t skip = size - (em_bits + 7) / 8;

	if (size > sizeof(em) || signature.len != size ||
	    !raise(key, signature, em))
		return false;
	if (!pss)
		return is_pkcs1(em, size, md, digest);
	/* One octet more than EM when the bit length is 1 modulo 8. */
	return (!skip || em[0] == 0) &&
	       is_pss(em + skip, size - skip, em_bits, md, digest);
}

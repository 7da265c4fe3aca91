/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/curve.h"

static const struct {
	uint32_t bits;
	mbedtls_ecp_group_id group;
	const char *name, *encoding_fault, *element_fault, *equation_fault;
} CURVES[] = {
	[CURVE_P224] = {224, MBEDTLS_ECP_DP_SECP224R1, "P-224",
			"invalid P224 point encoding",
			"invalid P224Element encoding",
			"P224 point not on curve"},
	[CURVE_P256] = {256, MBEDTLS_ECP_DP_SECP256R1, "P-256",
			"invalid P256 point encoding",
			"invalid P256 element encoding",
			"P256 point not on curve"},
	[CURVE_P384] = {384, MBEDTLS_ECP_DP_SECP384R1, "P-384",
			"invalid P384 point encoding",
			"invalid P384Element encoding",
			"P384 point not on curve"},
	[CURVE_P521] = {521, MBEDTLS_ECP_DP_SECP521R1, "P-521",
			"invalid P521 point encoding",
			"invalid P521Element encoding",
			"P521 point not on curve"},
};

/* see curve.h */
uint32_t curve_bits(enum key_curve curve)
{
	return CURVES[curve].bits;
}

/* see curve.h */
mbedtls_ecp_group_id curve_group(enum key_curve curve)
{
	return CURVES[curve].group;
}

/* see curve.h */
const char *curve_name(enum key_curve curve)
{
	return curve == CURVE_NONE ? "unknown" : CURVES[curve].name;
}

/* Is the coordinate of LEN octets below the field's prime? */
static bool is_element(const mbedtls_ecp_group *group, const uint8_t *data,
		       size_t len)
{
	mbedtls_mpi coordinate;
	bool below;

	mbedtls_mpi_init(&coordinate);
	below = !mbedtls_mpi_read_binary(&coordinate, data, len) &&
		mbedtls_mpi_cmp_mpi(&coordinate, &group->P) < 0;
	mbedtls_mpi_free(&coordinate);
	return below;
}

static bool is_on_curve(const mbedtls_ecp_group *group, struct bytes value)
{
	mbedtls_ecp_point point;
	bool on;

	mbedtls_ecp_point_init(&point);
	on = !mbedtls_ecp_point_read_binary(group, &point, value.data,
					    value.len) &&
	     !mbedtls_ecp_check_pubkey(group, &point);
	mbedtls_ecp_point_free(&point);
	return on;
}

/* see curve.h */
const char *curve_point_fault(enum key_curve curve, struct bytes value)
{
	size_t field = (CURVES[curve].bits + 7) / 8;
	const char *fault = NULL;
	mbedtls_ecp_group group;

	if (!value.len || value.data[0] != 4)
		return "ecdsa: invalid uncompressed public key";
	if (value.len != 2 * field + 1)
		return CURVES[curve].encoding_fault;
	mbedtls_ecp_group_init(&group);
	if (mbedtls_ecp_group_load(&group, CURVES[curve].group))
		fault = CURVES[curve].equation_fault;
	else if (!is_element(&group, value.data + 1, field) ||
		 !is_element(&group, value.data + 1 + field, field))
		fault = CURVES[curve].element_fault;
	else if (!is_on_curve(&group, value))
		fault = CURVES[curve].equation_fault;
	mbedtls_ecp_group_free(&group);
	return fault;
}

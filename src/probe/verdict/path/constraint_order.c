/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains are compared from their end, networks by address and mask.
 */
#include "probe/verdict/path/constraint_order.h"

#include "probe/verdict/x509/domain.h"

/* The order of Go's dnsCompare: from the end, dots first, case folded. */
static int rank(uint8_t c)
{
	return c == '.' ? 0 : c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static int compare_dns(struct bytes a, struct bytes b)
{
	size_t i = a.len, j = b.len;

	while (i > 0 && j > 0) {
		int left = rank(a.data[--i]), right = rank(b.data[--j]);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return i > 0 ? 1 : j > 0 ? -1 : 0;
}

/* The octet at I of the address of a constraint, host bits as compared. */
static uint8_t ip_octet(struct bytes value, size_t i, struct go_release release)
{
	uint8_t octet = value.data[i];

	if (go_follows(release, GO_CONSTRAIN_MASKED))
		octet &= value.data[value.len / 2 + i];
	return octet;
}

static int compare_ip(struct bytes a, struct bytes b, struct go_release release)
{
	size_t n = a.len / 2;

	for (size_t i = 0; i < n; i++) {
		int d = ip_octet(a, i, release) - ip_octet(b, i, release);

		if (d)
			return d;
	}
	return memcmp(a.data + n, b.data + n, n);
}

/* see constraint_order.h */
int constraint_order(uint8_t tag, struct bytes a, struct bytes b,
		     struct go_release release)
{
	return tag == GENERAL_NAME_IP ? compare_ip(a, b, release)
				      : compare_dns(a, b);
}

/* see constraint_order.h */
int constraint_order_name(uint8_t tag, struct bytes constraint,
			  struct bytes name, struct go_release release)
{
	if (tag != GENERAL_NAME_IP)
		return compare_dns(constraint, name);
	for (size_t i = 0; i < name.len; i++) {
		int d = ip_octet(constraint, i, release) - name.data[i];

		if (d)
			return d;
	}
	return 0;
}

/* Go's dnsHasSuffix: CONSTRAINT is a suffix of whole labels of NAME. */
static bool has_suffix(struct bytes constraint, struct bytes name)
{
	struct bytes end;

	if (constraint.len > name.len)
		return false;
	end = (struct bytes){name.data + (name.len - constraint.len),
			     constraint.len};
	if (!domain_equal(constraint, end))
		return false;
	return constraint.data[0] == '.' || name.len == constraint.len ||
	       end.data[-1] == '.';
}

/* Does network A hold all of network B? */
static bool has_network(struct bytes a, struct bytes b)
{
	size_t n = b.len / 2;
	uint8_t last[16];

	for (size_t i = 0; i < n; i++)
		last[i] = (uint8_t)(b.data[i] | (uint8_t)~b.data[n + i]);
	return constraint_has_ip(a, (struct bytes){b.data, n}) &&
	       constraint_has_ip(a, (struct bytes){last, n});
}

/* see constraint_order.h */
bool constraint_holds(uint8_t tag, struct bytes a, struct bytes b)
{
	return tag == GENERAL_NAME_IP ? has_network(a, b) : has_suffix(a, b);
}

/* see constraint_order.h */
bool constraint_is_met(uint8_t tag, struct bytes constraint, struct bytes name)
{
	return tag == GENERAL_NAME_IP ? constraint_has_ip(constraint, name)
				      : has_suffix(constraint, name);
}

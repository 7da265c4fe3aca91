/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The DER cursor over any octets: it only moves forward, and what it gives
 * lies inside of what it got.
 */
#include <stdlib.h>

#include "probe/verdict/x509/der.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_inside(struct bytes all, struct bytes part)
{
	if (part.data < all.data || part.len > all.len ||
	    part.data + part.len > all.data + all.len)
		abort();
}

static void read_typed(struct bytes in)
{
	struct bytes copy = in, content;
	struct der_bits bits;
	int64_t number;
	bool flag;

	if (der_read_oid(&copy, true, &content))
		check_inside(in, content);
	copy = in;
	if (der_read_bits(&copy, &bits))
		check_inside(in, bits.octets);
	copy = in;
	if (der_read_integer(&copy, &content))
		der_int64(content, &number);
	copy = in;
	der_read_boolean(&copy, &flag);
	der_oid_is_minimal(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = {data, len}, element, content;
	size_t before = len;
	uint8_t tag;

	while (in.len) {
		read_typed(in);
		if (!der_read_any(&in, &tag, &element, &content))
			break;
		if (in.len >= before)
			abort();
		before = in.len;
		check_inside((struct bytes){data, len}, element);
		check_inside(element, content);
		/* Step in where it is constructed, else on. */
		if (tag & 0x20 && content.len) {
			in = content;
			before = in.len + 1;
		}
	}
	return 0;
}

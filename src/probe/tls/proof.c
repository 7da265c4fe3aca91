/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading certificates and proofs of possession; see proof.h.
 */
#include "probe/tls/proof.h"

#include "common/octets.h"
#include "probe/tls/client_hello.h"
#include "probe/tls/forms.h"

#define CURVE_TYPE_NAMED 3

/* see proof.h */
const char *proof_read_chain(struct bytes body, bool is13,
			     struct presented *out)
{
	static const char empty[] = "tls: failed to parse certificate from "
				    "server: x509: malformed certificate";
	struct octets_in in = {body, false};
	struct octets_in list;
	bool has_empty = false;

	out->count = 0;
	out->cut = false;
	/* The request that it answers: none. */
	if (is13 && octets_take_vector(&in, 1).len)
		return "";
	list = (struct octets_in){octets_take_vector(&in, 3), false};
	while (list.left.len && out->count < CHAIN_CERTS_MAX) {
		struct bytes der = octets_take_vector(&list, 3);

		if (is13 &&
		    !form_of_entry_is_right(octets_take_vector(&list, 2),
					    out->count == 0))
			return "";
		if (list.bad)
			return "";
		has_empty |= !der.len;
		out->certs[out->count++] = der;
	}
	out->cut = list.left.len > 0;
	if (!octets_done(&list) || !octets_done(&in))
		return "";
	return has_empty ? empty : NULL;
}

/* see proof.h */
bool proof_read_13(struct bytes body, struct proof *out)
{
	struct octets_in in = {body, false};

	*out = (struct proof){0};
	out->scheme = (uint16_t)octets_take_number(&in, 2);
	out->signature = octets_take_vector(&in, 2);
	return octets_done(&in);
}

/* see proof.h */
const char *proof_read_12(struct bytes body, struct go_release go,
			  struct proof *out)
{
	struct octets_in in = {body, false};
	bool measured;

	*out = (struct proof){0};
	if (body.len < 4)
		return PROOF_INVALID;
	if (octets_take_number(&in, 1) != CURVE_TYPE_NAMED)
		return "tls: server selected unsupported curve";
	out->group = (uint16_t)octets_take_number(&in, 2);
	out->point = octets_take_vector(&in, 1);
	if (in.bad)
		return PROOF_INVALID;
	out->signed_parameters =
		(struct bytes){body.data, body.len - in.left.len};
	out->scheme = (uint16_t)octets_take_number(&in, 2);
	if (in.bad)
		return PROOF_INVALID;
	measured = in.left.len >= 2;
	out->signature = octets_take_vector(&in, 2);
	out->misfit = !octets_done(&in);
	/* Go 1.26 reads the signature first, the others its scheme alone. */
	if (out->misfit && go.version >= GO_VERSION(26, 0))
		return PROOF_INVALID;
	if (keys_knows(out->group))
		return measured ? NULL : PROOF_INVALID;
	return go.version < GO_VERSION(25, 0) ||
			       client_hello_names(out->group, go)
		       ? "tls: server selected unsupported curve"
		       : "tls: server selected unoffered curve";
}

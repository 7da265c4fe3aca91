/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Go's unmarshal takes; see forms.h.
 */
#include "probe/tls/forms.h"

#include "common/octets.h"
#include "probe/tls/protocol.h"

/* Extensions of these messages, RFC 8446 4.2. */
enum extension {
	EXTENSION_STATUS_REQUEST = 5,
	EXTENSION_SIGNATURES = 13,
	EXTENSION_TIMESTAMPS = 18,
	EXTENSION_EARLY_DATA = 42,
	EXTENSION_AUTHORITIES = 47,
	EXTENSION_SIGNATURES_CERT = 50,
};

/* Vectors with a length of two octets, up to the end of LIST. */
static bool are_vectors(struct bytes list, bool may_be_empty)
{
	struct octets_in in = {list, false};

	while (in.left.len && !in.bad)
		if (!octets_take_vector(&in, 2).len && !may_be_empty)
			return false;
	return octets_done(&in);
}

static bool is_content(unsigned type, struct octets_in *in)
{
	struct bytes list;

	switch (type) {
	case EXTENSION_STATUS_REQUEST:
	case EXTENSION_TIMESTAMPS:
		return true;
	case EXTENSION_SIGNATURES:
	case EXTENSION_SIGNATURES_CERT:
		list = octets_take_vector(in, 2);
		return list.len && list.len % 2 == 0;
	case EXTENSION_AUTHORITIES:
		list = octets_take_vector(in, 2);
		return list.len && are_vectors(list, false);
	default:
		octets_take(in, in->left.len);
		return true;
	}
}

static bool is_ticket_content(unsigned type, struct octets_in *in)
{
	octets_take(in, type == EXTENSION_EARLY_DATA ? 4 : in->left.len);
	return true;
}

static bool are_extensions(struct bytes list,
			   bool (*is_right)(unsigned type,
					    struct octets_in *in))
{
	struct octets_in in = {list, false};

	while (in.left.len) {
		unsigned type = (unsigned)octets_take_number(&in, 2);
		struct octets_in content = {octets_take_vector(&in, 2), false};

		if (in.bad || !is_right(type, &content) ||
		    !octets_done(&content))
			return false;
	}
	return octets_done(&in);
}

static bool is_status(struct octets_in *in)
{
	return octets_take_number(in, 1) == 1 && octets_take_vector(in, 3).len;
}

static bool is_leaf_content(unsigned type, struct octets_in *in)
{
	struct bytes list;

	if (type == EXTENSION_STATUS_REQUEST)
		return is_status(in);
	if (type != EXTENSION_TIMESTAMPS) {
		octets_take(in, in->left.len);
		return true;
	}
	list = octets_take_vector(in, 2);
	return list.len && are_vectors(list, false);
}

static bool is_any_content(unsigned type, struct octets_in *in)
{
	(void)type;
	octets_take(in, in->left.len);
	return true;
}

/* see forms.h */
bool form_of_entry_is_right(struct bytes extensions, bool is_leaf)
{
	return are_extensions(extensions,
			      is_leaf ? is_leaf_content : is_any_content);
}

static bool is_request_13(struct octets_in *in)
{
	return !octets_take_vector(in, 1).len &&
	       are_extensions(octets_take_vector(in, 2), is_content);
}

/* RFC 5246 7.4.4; Go wants a scheme since 1.25. */
static bool is_request_12(struct octets_in *in, struct go_release go)
{
	struct bytes types = octets_take_vector(in, 1);
	struct bytes schemes = octets_take_vector(in, 2);

	return types.len && schemes.len % 2 == 0 &&
	       (schemes.len || go.version < GO_VERSION(25, 0)) &&
	       are_vectors(octets_take_vector(in, 2), true);
}

static bool is_ticket(struct octets_in *in, bool is13)
{
	octets_take(in, 4); /* lifetime */
	if (!is13) {
		octets_take_vector(in, 2);
		return true;
	}
	octets_take(in, 4); /* age_add */
	octets_take_vector(in, 1);
	octets_take_vector(in, 2);
	return are_extensions(octets_take_vector(in, 2), is_ticket_content);
}

/* see forms.h */
bool form_is_right(uint8_t type, struct bytes body, bool is13,
		   struct go_release go)
{
	struct octets_in in = {body, false};
	bool right = true;

	switch (type) {
	case HANDSHAKE_HELLO_REQUEST:
	case HANDSHAKE_SERVER_HELLO_DONE:
	case HANDSHAKE_END_OF_EARLY_DATA:
		break;
	case HANDSHAKE_KEY_UPDATE:
		right = octets_take_number(&in, 1) <= 1;
		break;
	case HANDSHAKE_NEW_SESSION_TICKET:
		right = is_ticket(&in, is13);
		break;
	case HANDSHAKE_CERTIFICATE_REQUEST:
		right = is13 ? is_request_13(&in) : is_request_12(&in, go);
		break;
	case HANDSHAKE_CERTIFICATE_STATUS:
		right = is_status(&in);
		break;
	default:
		return true;
	}
	return right && octets_done(&in);
}

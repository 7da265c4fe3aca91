/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Go's unmarshal takes; see forms.h.
 */
#include "probe/tls/forms.h"

#include "common/octets.h"
#include "probe/tls/protocol.h"
#include "probe/tls/server_hello.h"

/* Vectors with a length of two octets, up to the end of LIST. */
static bool are_vectors(struct bytes list)
{
	struct octets_in in = {list, false};

	while (in.left.len && !in.bad)
		octets_take_vector(&in, 2);
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
		return server_hello_is_list(octets_take_vector(in, 2));
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
	if (type == EXTENSION_STATUS_REQUEST)
		return is_status(in);
	if (type == EXTENSION_TIMESTAMPS)
		return server_hello_is_list(octets_take_vector(in, 2));
	octets_take(in, in->left.len);
	return true;
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

/* RFC 5246 7.4.4; Go wants a scheme since 1.25, and none before the version. */
static bool is_request_12(struct octets_in *in, bool has_schemes,
			  struct go_release go)
{
	struct bytes types = octets_take_vector(in, 1);
	struct bytes schemes = {NULL, 0};

	if (has_schemes) {
		schemes = octets_take_vector(in, 2);
		if (!schemes.len && go.version >= GO_VERSION(25, 0))
			return false;
	}
	return types.len && schemes.len % 2 == 0 &&
	       are_vectors(octets_take_vector(in, 2));
}

static bool is_proof(struct octets_in *in, bool has_scheme)
{
	if (has_scheme)
		octets_take_number(in, 2);
	octets_take_vector(in, 2);
	return true;
}

static bool is_client_hello(struct octets_in *in)
{
	struct octets_in list;

	octets_take(in, 2 + HELLO_RANDOM_BYTES);
	octets_take_vector(in, 1);
	if (octets_take_vector(in, 2).len % 2 != 0)
		return false;
	octets_take_vector(in, 1);
	if (!in->left.len)
		return true;
	list = (struct octets_in){octets_take_vector(in, 2), false};
	while (list.left.len && !list.bad) {
		octets_take_number(&list, 2);
		octets_take_vector(&list, 2);
	}
	return octets_done(&list);
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

/* RFC 5246 7.4.2, RFC 8446 4.4.2. Go wants four octets where it looks for one
 * more certificate of TLS 1.2. */
static bool is_chain(struct octets_in *in, bool is13)
{
	struct octets_in list;
	bool is_leaf = true;

	if (is13 && octets_take_vector(in, 1).len)
		return false;
	list = (struct octets_in){octets_take_vector(in, 3), false};
	while (list.left.len) {
		if (!is13 && list.left.len < 4)
			return false;
		octets_take_vector(&list, 3);
		if (is13 && !form_of_entry_is_right(
				    octets_take_vector(&list, 2), is_leaf))
			return false;
		if (list.bad)
			return false;
		is_leaf = false;
	}
	return octets_done(&list);
}

/* Messages that have a reader of their own, where they are waited for. */
static bool is_read(uint8_t type, struct bytes body, struct go_release go)
{
	struct server_hello hello;
	struct server_extensions extensions;

	switch (type) {
	case HANDSHAKE_SERVER_HELLO:
		return server_hello_read(body, go, &hello);
	case HANDSHAKE_ENCRYPTED_EXTENSIONS:
		return server_extensions_read(body, go, &extensions);
	default:
		return true;
	}
}

/* see forms.h */
bool form_is_right(uint8_t type, struct bytes body, uint16_t version,
		   struct go_release go)
{
	bool is13 = version == TLS13;
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
		right = is13 ? is_request_13(&in)
			     : is_request_12(&in, version != 0, go);
		break;
	case HANDSHAKE_CERTIFICATE_STATUS:
		right = is_status(&in);
		break;
	case HANDSHAKE_CLIENT_HELLO:
		right = is_client_hello(&in);
		break;
	case HANDSHAKE_CERTIFICATE_VERIFY:
		right = is_proof(&in, version != 0);
		break;
	case HANDSHAKE_CERTIFICATE:
		right = is_chain(&in, is13);
		break;
	default:
		return is_read(type, body, go);
	}
	return right && octets_done(&in);
}

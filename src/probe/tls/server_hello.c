/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server says of itself; see server_hello.h.
 */
#include "probe/tls/server_hello.h"

static bool read_protocol(struct octets_in *in, struct bytes *out)
{
	struct octets_in list = {octets_take_vector(in, 2), false};

	*out = octets_take_vector(&list, 1);
	return octets_done(&list) && out->len > 0;
}

/* see server_hello.h */
bool server_hello_is_list(struct bytes list)
{
	struct octets_in in = {list, false};

	while (in.left.len)
		if (!octets_take_vector(&in, 2).len)
			return false;
	return list.len && octets_done(&in);
}

static void read_share(struct octets_in *in, struct server_hello *out)
{
	if (in->left.len == 2) {
		out->retry_group = (uint16_t)octets_take_number(in, 2);
		return;
	}
	out->group = (uint16_t)octets_take_number(in, 2);
	out->share = octets_take_vector(in, 2);
}

/* False: malformed, but for what is left in IN. */
static bool read_content(unsigned type, struct octets_in *in,
			 struct go_release go, struct server_hello *out)
{
	switch (type) {
	case EXTENSION_STATUS_REQUEST:
		out->staple = true;
		return true;
	case EXTENSION_SESSION_TICKET:
		out->ticket = true;
		return true;
	case EXTENSION_EXTENDED_MASTER:
		/* Go did not know it before 1.21. */
		out->extended_master = go.version >= GO_VERSION(21, 0);
		if (!out->extended_master)
			octets_take(in, in->left.len);
		return true;
	case EXTENSION_RENEGOTIATION:
		out->renegotiable = true;
		out->renegotiation = octets_take_vector(in, 1);
		return true;
	case EXTENSION_ALPN:
		return read_protocol(in, &out->protocol);
	case EXTENSION_TIMESTAMPS:
		out->timestamps = true;
		return server_hello_is_list(octets_take_vector(in, 2));
	case EXTENSION_SUPPORTED_VERSIONS:
		out->version = (uint16_t)octets_take_number(in, 2);
		return true;
	case EXTENSION_COOKIE:
		out->cookie = octets_take_vector(in, 2);
		return out->cookie.len > 0;
	case EXTENSION_KEY_SHARE:
		read_share(in, out);
		return true;
	case EXTENSION_PRE_SHARED_KEY:
		out->psk = true;
		octets_take_number(in, 2);
		return true;
	case EXTENSION_POINT_FORMATS:
		out->points = octets_take_vector(in, 1);
		return out->points.len > 0;
	case EXTENSION_ECH:
		out->has_ech = go.version >= GO_VERSION(23, 0);
		octets_take(in, in->left.len);
		return true;
	default:
		/* Go reads it from 1.23 on; others it never knew. */
		if (type != EXTENSION_SERVER_NAME ||
		    go.version < GO_VERSION(23, 0))
			octets_take(in, in->left.len);
		return true;
	}
}

/* Was TYPE the type of an extension in the part of ALL that was read? */
static bool came_before(struct bytes all, const uint8_t *end, unsigned type)
{
	struct octets_in in = {all, false};

	while (in.left.data < end) {
		uint64_t other = octets_take_number(&in, 2);

		octets_take_vector(&in, 2);
		if (other == type)
			return true;
	}
	return false;
}

/* The next extension of ALL, of which IN is left. False at the end, or, with
 * ONCE, when it came before: IN is bad then. */
static bool next_extension(struct bytes all, bool once, struct octets_in *in,
			   unsigned *type, struct octets_in *content)
{
	const uint8_t *start = in->left.data;

	if (!in->left.len || in->bad)
		return false;
	*type = (unsigned)octets_take_number(in, 2);
	*content = (struct octets_in){octets_take_vector(in, 2), false};
	if (once && !in->bad && came_before(all, start, *type))
		in->bad = true;
	return !in->bad;
}

static bool read_extensions(struct bytes all, struct go_release go,
			    struct server_hello *out)
{
	struct octets_in in = {all, false}, content;
	unsigned type;

	while (next_extension(all, true, &in, &type, &content))
		if (!read_content(type, &content, go, out) ||
		    !octets_done(&content))
			return false;
	return octets_done(&in);
}

/* see server_hello.h */
bool server_extensions_read(struct bytes body, struct go_release go,
			    struct server_extensions *out)
{
	struct octets_in in = {body, false}, content, list;
	struct bytes all = octets_take_vector(&in, 2), protocol;
	bool strict = go.version >= GO_VERSION(25, 0);
	unsigned type;

	*out = (struct server_extensions){0};
	if (!octets_done(&in))
		return false;
	list = (struct octets_in){all, false};
	while (next_extension(all, strict, &list, &type, &content)) {
		bool is_known = true;

		if (type == EXTENSION_ALPN) {
			if (!read_protocol(&content, &protocol))
				return false;
			out->protocol = true;
		} else if (type == EXTENSION_EARLY_DATA &&
			   go.version >= GO_VERSION(21, 0))
			out->early_data = true;
		else if (type == EXTENSION_QUIC)
			out->quic = true;
		else
			is_known = type == EXTENSION_SERVER_NAME && strict;
		if (is_known && type != EXTENSION_QUIC &&
		    !octets_done(&content))
			return false;
	}
	return octets_done(&list);
}

/* see server_hello.h */
bool server_hello_read(struct bytes body, struct go_release go,
		       struct server_hello *out)
{
	struct octets_in in = {body, false};
	struct bytes extensions;

	*out = (struct server_hello){0};
	out->legacy_version = (uint16_t)octets_take_number(&in, 2);
	out->random = octets_take(&in, HELLO_RANDOM_BYTES).data;
	out->session = octets_take_vector(&in, 1);
	out->suite = (uint16_t)octets_take_number(&in, 2);
	out->compression = (uint8_t)octets_take_number(&in, 1);
	if (octets_done(&in))
		return true;
	extensions = octets_take_vector(&in, 2);
	return octets_done(&in) && read_extensions(extensions, go, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through one JSON document; see daemon_json.h. Nothing is built: the
 * walk carries the path of names that led to a value, and looks at four.
 */
#include "probe/judge/daemon_json.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "common/limits.h"

/* Strings are compared as they are written: one with an escape in it is none
 * that is looked for. */
struct walk {
	struct bytes left;
	const struct registry *registry;
	const char *address;
	struct daemon_json *out;
	bool remaps;
};

static void skip_blanks(struct walk *w)
{
	while (w->left.len && memchr(" \t\r\n", w->left.data[0], 4)) {
		w->left.data++;
		w->left.len--;
	}
}

static bool take(struct walk *w, char c)
{
	skip_blanks(w);
	if (!w->left.len || w->left.data[0] != (uint8_t)c)
		return false;
	w->left.data++;
	w->left.len--;
	return true;
}

static bool is_text(struct bytes b, const char *text)
{
	return b.len == strlen(text) && !memcmp(b.data, text, b.len);
}

static bool take_word(struct walk *w, const char *word)
{
	size_t len = strlen(word);

	if (w->left.len < len || memcmp(w->left.data, word, len) != 0)
		return false;
	w->left.data += len;
	w->left.len -= len;
	return true;
}

/* From behind its opening quote to behind the closing one. */
static bool take_string(struct walk *w, struct bytes *out)
{
	size_t i = 0;

	while (i < w->left.len && w->left.data[i] != '"') {
		if (w->left.data[i] < 0x20)
			return false;
		i += w->left.data[i] == '\\' ? 2 : 1;
	}
	if (i >= w->left.len)
		return false;
	*out = (struct bytes){w->left.data, i};
	w->left.data += i + 1;
	w->left.len -= i + 1;
	return true;
}

static bool take_number(struct walk *w)
{
	size_t i = 0;

	while (i < w->left.len &&
	       memchr("+-.0123456789Ee", w->left.data[i], 15))
		i++;
	w->left.data += i;
	w->left.len -= i;
	return i > 0;
}

/* ENTRY is "198.51.100.0/24": does the address lie in it? */
static bool is_in_cidr(struct bytes entry, const char *address)
{
	const uint8_t *slash =
		entry.len ? memchr(entry.data, '/', entry.len) : NULL;
	char net[ADDRESS_CHARS_MAX];
	uint8_t a[16], b[16];
	size_t len = slash ? (size_t)(slash - entry.data) : sizeof(net);
	int family = strchr(address, ':') ? AF_INET6 : AF_INET;
	unsigned bits = 0;

	if (len >= sizeof(net))
		return false;
	memcpy(net, entry.data, len);
	net[len] = '\0';
	for (size_t i = len + 1; i < entry.len; i++) {
		if (entry.data[i] < '0' || entry.data[i] > '9' || bits > 128)
			return false;
		bits = bits * 10 + (unsigned)(entry.data[i] - '0');
	}
	if (entry.len == len + 1 || bits > (family == AF_INET ? 32 : 128) ||
	    inet_pton(family, net, a) != 1 ||
	    inet_pton(family, address, b) != 1)
		return false;
	for (unsigned i = 0; i < bits; i++)
		if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

/* Docker warns of a scheme, and drops it. */
static struct bytes without_scheme(struct bytes text)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);

		if (text.len >= len && !memcmp(text.data, schemes[i], len))
			return bytes_from(text, len);
	}
	return text;
}

static void look_at_string(struct walk *w, struct bytes path, struct bytes text)
{
	if (is_text(path, "insecure-registries") &&
	    (is_text(without_scheme(text), w->registry->reference) ||
	     is_in_cidr(text, w->address)))
		w->out->is_insecure = true;
	if (is_text(path, "registry-mirrors") && text.len)
		w->out->has_mirrors = true;
	if (is_text(path, "userns-remap") && text.len)
		w->remaps = true;
}

static bool take_value(struct walk *w, struct bytes path, int depth);

/* PATH becomes the name of the member, but below "features" only one counts. */
static bool take_object(struct walk *w, struct bytes path, int depth)
{
	static const char store[] = "containerd-snapshotter";
	bool is_features = depth == 1 && is_text(path, "features");
	struct bytes name;

	if (take(w, '}'))
		return true;
	do {
		if (!take(w, '"') || !take_string(w, &name) || !take(w, ':'))
			return false;
		if (depth > 0 && !(is_features && is_text(name, store)))
			name.len = 0;
		if (!take_value(w, name, depth + 1))
			return false;
	} while (take(w, ','));
	return take(w, '}');
}

static bool take_array(struct walk *w, struct bytes path, int depth)
{
	if (take(w, ']'))
		return true;
	do {
		if (!take_value(w, path, depth + 1))
			return false;
	} while (take(w, ','));
	return take(w, ']');
}

static void look_at_bool(struct walk *w, struct bytes path, bool value)
{
	if (!is_text(path, "containerd-snapshotter"))
		return;
	w->out->is_containerd = value;
	w->out->is_classic = !value;
}

static bool take_value(struct walk *w, struct bytes path, int depth)
{
	struct bytes text;

	if (depth > JSON_DEPTH_MAX)
		return false;
	if (take(w, '{'))
		return take_object(w, path, depth);
	if (take(w, '['))
		return take_array(w, path, depth);
	if (take(w, '"')) {
		if (!take_string(w, &text))
			return false;
		look_at_string(w, path, text);
		return true;
	}
	if (take_word(w, "true")) {
		look_at_bool(w, path, true);
		return true;
	}
	if (take_word(w, "false")) {
		look_at_bool(w, path, false);
		return true;
	}
	return take_word(w, "null") || take_number(w);
}

/* see daemon_json.h */
void daemon_json_read(struct bytes text, const struct registry *registry,
		      const char *address, struct daemon_json *out)
{
	struct walk w = {text, registry, address, out, false};

	memset(out, 0, sizeof(*out));
	if (take(&w, '{') && take_object(&w, (struct bytes){NULL, 0}, 0)) {
		skip_blanks(&w);
		out->is_readable = !w.left.len;
	}
	if (!out->is_readable)
		memset(out, 0, sizeof(*out));
	if (w.remaps && out->is_readable) {
		out->is_classic = true;
		out->is_containerd = false;
	}
}

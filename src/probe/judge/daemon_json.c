/* SPDX-License-Identifier: Apache-2.0 */
/* What the members of daemon.json mean; see daemon_json.h. */
#include "probe/judge/daemon_json.h"

#include <string.h>

#include "probe/judge/json.h"

struct reading {
	struct json_walk walk;
	struct settings *out;
	char *room;
	size_t used;
	unsigned seen; /* a bit for each place */
	bool is_driver_classic, remaps;
};

/* What a value is, by the names that lead to it. */
enum place {
	PLACE_OTHER,
	PLACE_TOP,
	PLACE_INSECURE,
	PLACE_MIRRORS,
	PLACE_FEATURES,
	PLACE_STORE,
	PLACE_DRIVER,
	PLACE_REMAP,
	PLACE_PROXIES,
	PLACE_PROXY
};

static enum place place_of(enum place parent, const struct json_text *name)
{
	static const struct {
		const char *name;
		enum place parent, place;
	} members[] = {
		{"insecure-registries", PLACE_TOP, PLACE_INSECURE},
		{"registry-mirrors", PLACE_TOP, PLACE_MIRRORS},
		{"features", PLACE_TOP, PLACE_FEATURES},
		{"containerd-snapshotter", PLACE_FEATURES, PLACE_STORE},
		{"storage-driver", PLACE_TOP, PLACE_DRIVER},
		{"userns-remap", PLACE_TOP, PLACE_REMAP},
		{"proxies", PLACE_TOP, PLACE_PROXIES},
		{"https-proxy", PLACE_PROXIES, PLACE_PROXY},
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (members[i].parent == parent &&
		    json_text_is(name, members[i].name))
			return members[i].place;
	return PLACE_OTHER;
}

/* Where Docker's configuration has that place, it wants a value of this kind,
 * or null. */
static bool is_wanted(enum place place, enum json_kind kind)
{
	static const enum json_kind wanted[] = {
		[PLACE_TOP] = JSON_OBJECT,    [PLACE_INSECURE] = JSON_ARRAY,
		[PLACE_MIRRORS] = JSON_ARRAY, [PLACE_FEATURES] = JSON_OBJECT,
		[PLACE_STORE] = JSON_BOOLEAN, [PLACE_DRIVER] = JSON_STRING,
		[PLACE_REMAP] = JSON_STRING,  [PLACE_PROXIES] = JSON_OBJECT,
		[PLACE_PROXY] = JSON_STRING,
	};

	return place == PLACE_OTHER || kind == JSON_NULL ||
	       wanted[place] == kind;
}

static struct bytes without(struct bytes text, const char *prefix)
{
	return bytes_begin_alike(text, prefix)
		       ? bytes_from(text, strlen(prefix))
		       : text;
}

static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return text.len > 0 && text.len <= REGISTRY_CHARS_MAX;
}

/* Keep NAME. What cannot be a registry is none. */
static bool keep(struct reading *r, enum settings_list list, struct bytes name)
{
	if (!is_plain(name))
		return true;
	if (r->out->name_count == SETTINGS_NAMES_MAX)
		return false;
	memcpy(r->room + r->used, name.data, name.len);
	name.data = (const uint8_t *)r->room + r->used;
	r->used += name.len;
	r->out->names[r->out->name_count++] =
		(struct settings_name){list, name};
	return true;
}

/* https://host[:port]/path: a mirror without TLS has no CA. */
static struct bytes host_of(struct bytes url)
{
	struct bytes rest = without(url, "https://");
	size_t len = 0;

	if (rest.len == url.len)
		return (struct bytes){NULL, 0};
	while (len < rest.len && !memchr("/?#", rest.data[len], 3))
		len++;
	return (struct bytes){rest.data, len};
}

/* A string in one of the lists; false where there is no room for it. */
static bool heed_entry(struct reading *r, enum place list,
		       const struct json_text *text)
{
	struct bytes entry = {(const uint8_t *)text->data, text->len};

	if (text->is_cut)
		return true;
	if (list == PLACE_MIRRORS)
		return keep(r, SETTINGS_MIRRORS, host_of(entry));
	return keep(r, SETTINGS_INSECURE,
		    without(without(entry, "http://"), "https://"));
}

/* The graphdrivers of moby, those that are gone included: 29 reads any other
 * name as a snapshotter's. */
static bool is_graphdriver(const struct json_text *text)
{
	static const char *const names[] = {
		"overlay2", "overlay", "fuse-overlayfs", "btrfs",
		"zfs",	    "vfs",     "devicemapper",	 "aufs"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_text_is(text, names[i]))
			return true;
	return false;
}

static void choose(struct reading *r, unsigned store)
{
	r->out->flags &= ~(unsigned)(SETTINGS_CONTAINERD | SETTINGS_CLASSIC);
	r->out->flags |= store;
}

static void heed(struct reading *r, enum place place,
		 const struct json_value *value)
{
	if (value->kind == JSON_NULL)
		return;
	if (place == PLACE_STORE)
		choose(r,
		       value->is_true ? SETTINGS_CONTAINERD : SETTINGS_CLASSIC);
	if (place == PLACE_DRIVER)
		r->is_driver_classic = is_graphdriver(&r->walk.text);
	if (place == PLACE_REMAP)
		r->remaps = r->walk.text.len > 0;
	if (place == PLACE_PROXY && (r->walk.text.len || r->walk.text.is_cut))
		r->out->flags |= SETTINGS_PROXY;
}

/* Which of two that have the same name counts, nobody should have to know. */
static bool is_first(struct reading *r, enum place place)
{
	unsigned bit = 1U << place;
	bool is_again = place != PLACE_OTHER && r->seen & bit;

	r->seen |= bit;
	return !is_again;
}

static bool take(struct reading *r, enum place place, int depth);

static bool take_members(struct reading *r, enum place place, int depth)
{
	if (json_take(&r->walk, '}'))
		return true;
	do {
		enum place member;

		if (!json_take_name(&r->walk))
			return false;
		member = place_of(place, &r->walk.text);
		if (!is_first(r, member) || !take(r, member, depth + 1))
			return false;
	} while (json_take(&r->walk, ','));
	return json_take(&r->walk, '}');
}

static bool take_elements(struct reading *r, enum place place, int depth)
{
	bool is_list = place == PLACE_INSECURE || place == PLACE_MIRRORS;

	if (json_take(&r->walk, ']'))
		return true;
	do {
		struct json_value value;

		if (!is_list) {
			if (!take(r, PLACE_OTHER, depth + 1))
				return false;
			continue;
		}
		if (!json_next(&r->walk, &value) || value.kind != JSON_STRING ||
		    !heed_entry(r, place, &r->walk.text))
			return false;
	} while (json_take(&r->walk, ','));
	return json_take(&r->walk, ']');
}

static bool take(struct reading *r, enum place place, int depth)
{
	struct json_value value;

	if (depth > JSON_DEPTH_MAX || !json_next(&r->walk, &value) ||
	    !is_wanted(place, value.kind))
		return false;
	if (value.kind == JSON_OBJECT)
		return take_members(r, place, depth);
	if (value.kind == JSON_ARRAY)
		return take_elements(r, place, depth);
	heed(r, place, &value);
	return true;
}

/* see daemon_json.h */
void daemon_json_read(struct bytes text, char room[DAEMON_JSON_ROOM_BYTES],
		      struct settings *out)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct reading r = {.out = out, .room = room};
	bool is_read;

	r.walk.left = without(text, mark);
	out->flags = 0;
	out->name_count = 0;
	is_read = json_at_end(&r.walk) ||
		  (take(&r, PLACE_TOP, 0) && json_at_end(&r.walk));
	if (!is_read) {
		out->flags = 0;
		out->name_count = 0;
		return;
	}
	if (!(out->flags & (SETTINGS_CONTAINERD | SETTINGS_CLASSIC)) &&
	    (r.is_driver_classic || r.remaps))
		choose(&r, SETTINGS_CLASSIC);
	out->flags |= SETTINGS_READ;
}

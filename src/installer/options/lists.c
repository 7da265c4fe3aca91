/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/lists.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/escape.h"
#include "installer/options/reference.h"

/* Without its tail: behind a comma or a space in it, a password goes on. */
static enum err refuse_cut(struct failure *f)
{
	return failure_set(f, ERR_USAGE,
			   "a registry with a user name or a password (not "
			   "shown); dtr-trust needs none: give host[:port]");
}

/* see lists.h */
enum err list_add_registry(struct item item, struct options *o,
			   const struct registry **added, struct failure *f)
{
	struct registry new;
	enum err err = reference_read(item, &new, f);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < o->registry_count; i++) {
		*added = &o->registries[i];
		if (!strcmp((*added)->reference, new.reference))
			return ERR_OK;
	}
	if (o->registry_count == REGISTRIES_MAX)
		return failure_set(f, ERR_USAGE, "more than %d registries",
				   REGISTRIES_MAX);
	*added = &o->registries[o->registry_count];
	o->registries[o->registry_count++] = new;
	return ERR_OK;
}

/* see lists.h */
enum err list_registries(struct item value, struct options *o,
			 struct failure *f)
{
	const struct registry *added;
	struct item item;
	enum err err = ERR_OK;
	bool any = false;

	while (err == ERR_OK && item_next(&value, &item)) {
		any = true;
		err = list_add_registry(item, o, &added, f);
		if (err != ERR_OK && memchr(item.text, ':', item.len) &&
		    !memchr(item.text, '@', item.len) &&
		    escape_secret_end(value.text, value.len) < value.len)
			return refuse_cut(f);
	}
	if (!any)
		return failure_set(f, ERR_USAGE,
				   "no registry named; set DTR_DOMAIN_NAME or "
				   "give host[:port]");
	return err;
}

/* `sha256 Fingerprint=` has a space and an equals sign of its own; so has the
 * wrong digest, of which the refusal is to speak. Its length, or 0. */
static size_t openssl_prefix(struct item item)
{
	static const char mark[] = " fingerprint=";
	size_t digest = 0;

	while (digest < item.len && !strchr("= ,\t\r\n", item.text[digest]))
		digest++;
	if (digest + sizeof(mark) - 1 > item.len ||
	    strncasecmp(item.text + digest, mark, sizeof(mark) - 1) != 0)
		return 0;
	return digest + sizeof(mark) - 1;
}

/* Where the `=` of a leading `REGISTRY=` is, or ITEM's length. */
static size_t scope_end(struct item item)
{
	const char *equals = memchr(item.text, '=', item.len);

	/* Base64 ends in them. */
	if (!equals || equals + 1 == item.text + item.len ||
	    openssl_prefix(item) ||
	    (item.len >= 7 && !strncasecmp(item.text, "sha256=", 7)) ||
	    (item.len >= 15 && !strncasecmp(item.text, "sha256//", 8)))
		return item.len;
	return (size_t)(equals - item.text);
}

/* Is there room in O for one more pin for REFERENCE, or for all if empty? */
static enum err check_room(const struct options *o, const char *reference,
			   struct failure *f)
{
	size_t count = 0;

	for (size_t i = 0; i < o->pin_count; i++)
		count += !strcmp(o->pins[i].reference, reference);
	if (!*reference && count >= PINS_ALL_MAX)
		return failure_set(f, ERR_USAGE, "more than %d pins",
				   PINS_ALL_MAX);
	if (*reference && count >= PINS_ONE_MAX)
		return failure_set(f, ERR_USAGE, "more than %d pins for %s",
				   PINS_ONE_MAX, reference);
	if (o->pin_count == PINS_LISTED_MAX)
		return failure_set(f, ERR_USAGE, "more than %d pins",
				   PINS_LISTED_MAX);
	return ERR_OK;
}

/* Room for one more; most runs have a handful, the longest list 2 MiB. */
static enum err grow(struct options *o, struct failure *f)
{
	size_t room = o->pin_room ? 2 * o->pin_room : 16;
	struct pin *pins;

	if (o->pin_count < o->pin_room)
		return ERR_OK;
	pins = realloc(o->pins, room * sizeof(*pins));
	if (!pins)
		return failure_set(f, ERR_MEMORY, "out of memory");
	o->pins = pins;
	o->pin_room = room;
	return ERR_OK;
}

static enum err add_pin(struct item item, const struct registry *registry,
			struct options *o, struct failure *f)
{
	size_t scope = scope_end(item);
	struct pin pin = {.reference = ""};
	struct registry named;
	enum err err = ERR_OK;

	if (scope < item.len) {
		err = reference_read((struct item){item.text, scope}, &named,
				     f);
		if (err != ERR_OK)
			return err;
		registry = &named;
		item = item_clean((struct item){item.text + scope + 1,
						item.len - scope - 1});
	}
	if (registry)
		memcpy(pin.reference, registry->reference,
		       sizeof(pin.reference));
	err = fingerprint_parse(item.text, item.len, &pin.fingerprint, f);
	if (err == ERR_OK)
		err = check_room(o, pin.reference, f);
	if (err == ERR_OK)
		err = grow(o, f);
	if (err == ERR_OK)
		o->pins[o->pin_count++] = pin;
	return err;
}

/* ITEM ends before the space of `sha256 Fingerprint=...`, which goes on in
 * REST: take that as well. */
static void join_openssl(struct item *item, struct item *rest)
{
	struct item whole = {item->text, item->len + rest->len};
	struct item digest = whole, more;
	const char *equals = memchr(item->text, '=', item->len);

	if (item->text + item->len != rest->text)
		return;
	if (equals) {
		digest.text = equals + 1;
		digest.len = whole.len - (size_t)(equals + 1 - whole.text);
	}
	if (openssl_prefix(digest) && item_next(rest, &more))
		item->len = (size_t)(more.text + more.len - item->text);
}

/* see lists.h */
enum err list_pins(struct item value, const struct registry *registry,
		   struct options *o, struct failure *f)
{
	struct item item;
	enum err err = ERR_OK;
	bool any = false;

	while (err == ERR_OK && item_next(&value, &item)) {
		any = true;
		join_openssl(&item, &value);
		err = add_pin(item, registry, o, f);
	}
	return any ? err
		   : fingerprint_parse(value.text, 0, &(struct fingerprint){0},
				       f);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/lists.h"

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

static enum err add_registry(struct item item, struct registry *registries,
			     size_t *count, struct failure *f)
{
	struct registry new;
	enum err err = reference_read(item, &new, f);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(registries[i].reference, new.reference))
			return ERR_OK;
	if (*count == REGISTRIES_MAX)
		return failure_set(f, ERR_USAGE, "more than %d registries",
				   REGISTRIES_MAX);
	registries[(*count)++] = new;
	return ERR_OK;
}

/* see lists.h */
enum err list_registries(struct item value, struct registry *registries,
			 size_t *count, struct failure *f)
{
	struct item item;
	enum err err = ERR_OK;
	bool any = false;

	while (err == ERR_OK && item_next(&value, &item)) {
		any = true;
		err = add_registry(item, registries, count, f);
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

	if (!equals || openssl_prefix(item) ||
	    (item.len >= 7 && !strncasecmp(item.text, "sha256=", 7)) ||
	    (item.len >= 15 && !strncasecmp(item.text, "sha256//", 8)))
		return item.len;
	return (size_t)(equals - item.text);
}

static enum err add_pin(struct item item, struct pin pins[PINS_MAX],
			size_t *count, struct failure *f)
{
	struct pin *pin = &pins[*count];
	size_t scope = scope_end(item);
	struct registry registry;
	enum err err = ERR_OK;

	if (*count == PINS_MAX)
		return failure_set(f, ERR_USAGE, "more than %d pins", PINS_MAX);
	memset(pin, 0, sizeof(*pin));
	if (scope < item.len) {
		err = reference_read((struct item){item.text, scope}, &registry,
				     f);
		if (err != ERR_OK)
			return err;
		memcpy(pin->reference, registry.reference,
		       sizeof(pin->reference));
		item = item_clean((struct item){item.text + scope + 1,
						item.len - scope - 1});
	}
	err = fingerprint_parse(item.text, item.len, &pin->fingerprint, f);
	if (err == ERR_OK)
		++*count;
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
enum err list_pins(struct item value, struct pin pins[PINS_MAX], size_t *count,
		   struct failure *f)
{
	struct item item;
	enum err err = ERR_OK;
	bool any = false;

	while (err == ERR_OK && item_next(&value, &item)) {
		any = true;
		join_openssl(&item, &value);
		err = add_pin(item, pins, count, f);
	}
	return any ? err
		   : fingerprint_parse(value.text, 0, &(struct fingerprint){0},
				       f);
}

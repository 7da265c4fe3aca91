/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/reference.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/escape.h"
#include "common/limits.h"
#include "installer/options/punycode.h"

static void skip(struct item *item, size_t len)
{
	item->text += len;
	item->len -= len;
}

static void cut_at(struct item *item, const char *ends)
{
	for (size_t i = 0; i < item->len; i++)
		if (item->text[i] && strchr(ends, item->text[i]))
			item->len = i;
}

static bool skip_word(struct item *item, const char *word)
{
	size_t len = strlen(word);

	if (item->len < len || strncasecmp(item->text, word, len) != 0)
		return false;
	skip(item, len);
	return true;
}

static bool is_registry(struct item item, struct registry *out)
{
	struct failure ignored;

	return registry_parse(item.text, item.len, out, &ignored) == ERR_OK;
}

static enum err say(struct failure *f, struct item item, const char *what,
		    const char *registry)
{
	char shown[SHOWN_BYTES];

	escape_masked(shown, sizeof(shown), item.text, item.len);
	return failure_set(f, ERR_USAGE, "\"%s\" %s; give %s", shown, what,
			   registry);
}

/* The first part of an image's name is a registry where it has a dot or a port
 * (splitDockerDomain in distribution/reference). */
static enum err refuse_image(struct item item, struct item image,
			     struct failure *f)
{
	struct item first = image;
	struct registry r;
	char shown[SHOWN_BYTES];

	cut_at(&first, "/");
	if (is_registry(first, &r) && first.len + 1 >= image.len)
		return say(f, item, "has a path, which a registry has not",
			   r.reference);
	if (is_registry(first, &r) && !registry_is_docker_hub_path(&r)) {
		escape_masked(shown, sizeof(shown), item.text, item.len);
		return failure_set(f, ERR_USAGE,
				   "\"%s\" is an image; its registry is %s: "
				   "give that",
				   shown, r.reference);
	}
	return say(f, item, "is an image of Docker Hub",
		   "the registry, host[:port]");
}

/* `user:password@host`, with or without a scheme and a path. */
static bool refuse_user(struct item item, struct failure *f)
{
	size_t at = escape_secret_end(item.text, item.len);
	struct item host = item;
	struct registry r;

	if (at == item.len)
		return false;
	skip(&host, at + 1);
	cut_at(&host, "/?#");
	say(f, item,
	    "holds a user name or a password, which dtr-trust does not need",
	    is_registry(host, &r) ? r.reference : "host[:port]");
	return true;
}

/* Of skopeo, Podman and Helm: docker://reg/app, oci://reg/charts. */
static bool refuse_transport(struct item item, struct failure *f)
{
	static const char *const remote[] = {"docker://", "oci://"};
	static const char *const local[] = {"docker-daemon:",
					    "docker-archive:",
					    "containers-storage:",
					    "oci-archive:",
					    "oci:",
					    "dir:"};
	struct registry r;

	for (size_t i = 0; i < sizeof(remote) / sizeof(*remote); i++) {
		struct item rest = item;

		if (!skip_word(&rest, remote[i]))
			continue;
		if (is_registry(rest, &r))
			say(f, item,
			    "has a transport, which a registry has not",
			    r.reference);
		else
			refuse_image(item, rest, f);
		return true;
	}
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++) {
		struct item rest = item;

		if (!skip_word(&rest, local[i]) || is_registry(item, &r))
			continue;
		say(f, item, "is an image on this machine, in no registry",
		    "the registry, host[:port]");
		return true;
	}
	return false;
}

static bool is_ascii(struct item item)
{
	for (size_t i = 0; i < item.len; i++)
		if ((unsigned char)item.text[i] >= 0x80)
			return false;
	return true;
}

/* IDN: neither a certificate nor Docker's grammar has it in this form. */
static bool refuse_letters(struct item item, struct failure *f)
{
	char ascii[REGISTRY_CHARS_MAX + 1];
	struct item host = item;
	struct registry r;

	if (is_ascii(item))
		return false;
	skip_word(&host, "https://");
	cut_at(&host, "/?#");
	if (!punycode_host(host.text, host.len, ascii, sizeof(ascii)) ||
	    !is_registry(item_of(ascii), &r))
		return false;
	say(f, item, "has letters that no reference can have", r.reference);
	return true;
}

static bool refuse_final_dot(struct item item, struct failure *f)
{
	char text[REGISTRY_CHARS_MAX + 1];
	struct item host = item, port;
	struct registry r;

	skip_word(&host, "https://");
	cut_at(&host, "/?#");
	port = host;
	cut_at(&host, ":");
	skip(&port, host.len);
	if (!host.len || host.text[host.len - 1] != '.' ||
	    host.len + port.len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s%.*s", (int)host.len - 1, host.text,
		 (int)port.len, port.text);
	if (!is_registry(item_of(text), &r))
		return false;
	say(f, item, "ends in a dot, which references have not", r.reference);
	return true;
}

/* containerd's name of a directory: host_5000_. */
static bool refuse_directory(struct item item, struct failure *f)
{
	char text[REGISTRY_CHARS_MAX + 1];
	struct item host = item;
	struct registry r;

	cut_at(&host, "_");
	if (host.len + 2 >= item.len || item.len > REGISTRY_CHARS_MAX ||
	    item.text[item.len - 1] != '_')
		return false;
	snprintf(text, sizeof(text), "%.*s:%.*s", (int)host.len, host.text,
		 (int)(item.len - host.len - 2), item.text + host.len + 1);
	if (!is_registry(item_of(text), &r))
		return false;
	say(f, item, "is a directory's name for containerd", r.reference);
	return true;
}

/* see reference.h */
enum err reference_read(struct item item, struct registry *out,
			struct failure *f)
{
	enum err err = registry_parse(item.text, item.len, out, f);
	struct item rest = item;

	if (err == ERR_OK || refuse_user(item, f) ||
	    refuse_transport(item, f) || refuse_letters(item, f) ||
	    refuse_final_dot(item, f) || refuse_directory(item, f))
		return err;
	if (item.len && *item.text == '*')
		return say(f, item, "names no host: Docker knows no wildcard",
			   "each registry by its name");
	cut_at(&rest, "/");
	if (rest.len && rest.len < item.len &&
	    !memmem(item.text, item.len, "://", 3) && is_registry(rest, out))
		return refuse_image(item, item, f);
	return err;
}

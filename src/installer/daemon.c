/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/daemon.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

/* Of an IPv4 address in an IPv6 one (RFC 4291 2.5.5.2). */
#define MAPPED_BITS 96

static enum consumer_store store_of(unsigned flags)
{
	if (flags & SETTINGS_CONTAINERD)
		return CONSUMER_STORE_CONTAINERD;
	return flags & SETTINGS_CLASSIC ? CONSUMER_STORE_CLASSIC
					: CONSUMER_STORE_UNKNOWN;
}

/* see daemon.h */
void daemon_learn(enum daemon_file file, const struct settings *settings,
		  struct daemon *out)
{
	memset(out, 0, sizeof(*out));
	out->file = file;
	if (!settings || !(settings->flags & SETTINGS_READ))
		return;
	out->is_read = true;
	out->store = store_of(settings->flags);
	out->has_proxy = settings->flags & SETTINGS_PROXY;
	for (size_t i = 0; i < settings->name_count; i++) {
		struct bytes text = settings->names[i].text;

		out->names[i].list = settings->names[i].list;
		memcpy(out->names[i].text, text.data, text.len);
	}
	out->name_count = settings->name_count;
}

/* see daemon.h */
enum consumer_daemon daemon_sight(const struct daemon *d)
{
	switch (d->file) {
	case DAEMON_FILE_ELSEWHERE:
		break;
	case DAEMON_FILE_UNSEEN:
		return CONSUMER_DAEMON_UNSEEN;
	case DAEMON_FILE_ABSENT:
		return CONSUMER_DAEMON_ABSENT;
	case DAEMON_FILE_READ:
		return d->is_read ? CONSUMER_DAEMON_READ
				  : CONSUMER_DAEMON_UNREADABLE;
	case DAEMON_FILE_CLOSED:
		return CONSUMER_DAEMON_UNREADABLE;
	case DAEMON_FILE_LARGE:
		return CONSUMER_DAEMON_LARGE;
	}
	return CONSUMER_DAEMON_NONE;
}

static bool is_listed(const struct daemon *d, enum settings_list list,
		      const char *text)
{
	for (size_t i = 0; i < d->name_count; i++)
		if (d->names[i].list == list && !strcmp(d->names[i].text, text))
			return true;
	return false;
}

/* An address in binary; FAMILY is AF_INET or AF_INET6. */
struct address {
	int family;
	uint8_t octets[16];
};

/* LEN characters at TEXT. */
static bool parse_address(const char *text, size_t len, struct address *out)
{
	char copy[ADDRESS_CHARS_MAX];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	out->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	return inet_pton(out->family, copy, out->octets) == 1;
}

/* ::ffff:198.51.100.0/120 is 198.51.100.0/24 to Go. */
static void unmap(struct address *base, unsigned *bits)
{
	static const uint8_t prefix[MAPPED_BITS / 8] = {
		[10] = 0xff, [11] = 0xff};

	if (base->family != AF_INET6 || *bits < MAPPED_BITS ||
	    memcmp(base->octets, prefix, sizeof(prefix)) != 0)
		return;
	base->family = AF_INET;
	memmove(base->octets, base->octets + sizeof(prefix), 4);
	*bits -= MAPPED_BITS;
}

/* HOST:PORT, or [HOST]:PORT. */
static bool parse_endpoint(const char *text, struct address *out)
{
	const char *end = strrchr(text, ':');

	if (!end)
		return false;
	if (*text == '[' && end[-1] == ']')
		return parse_address(text + 1, (size_t)(end - text) - 2, out);
	return parse_address(text, (size_t)(end - text), out);
}

static bool parse_bits(const char *text, unsigned *bits)
{
	*bits = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || *bits > 128)
			return false;
		*bits = *bits * 10 + (unsigned)(*text - '0');
	}
	return true;
}

/* NETWORK is "198.51.100.0/24": does A lie in it? */
static bool holds(const char *network, const struct address *a)
{
	const char *slash = strchr(network, '/');
	struct address base;
	unsigned bits;

	if (!slash ||
	    !parse_address(network, (size_t)(slash - network), &base) ||
	    !parse_bits(slash + 1, &bits))
		return false;
	unmap(&base, &bits);
	if (base.family != a->family ||
	    bits > (a->family == AF_INET ? 32 : 128))
		return false;
	for (unsigned i = 0; i < bits; i++)
		if ((base.octets[i / 8] ^ a->octets[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

/* see daemon.h */
bool daemon_is_insecure(const struct daemon *d, const struct registry *registry,
			const char *address)
{
	struct address at;
	bool known = registry->kind == REGISTRY_NAME
			     ? parse_endpoint(address, &at)
			     : parse_address(registry->host,
					     strlen(registry->host), &at);

	if (registry_is_docker_hub(registry))
		return false;
	if (is_listed(d, SETTINGS_INSECURE, registry->reference))
		return true;
	for (size_t i = 0; i < d->name_count && known; i++)
		if (d->names[i].list == SETTINGS_INSECURE &&
		    holds(d->names[i].text, &at))
			return true;
	return false;
}

/* see daemon.h */
bool daemon_is_mirror(const struct daemon *d, const struct registry *registry)
{
	return is_listed(d, SETTINGS_MIRRORS, registry->reference);
}

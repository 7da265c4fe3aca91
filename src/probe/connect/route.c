/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/route.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/connect/proxy_url.h"

#define ENTRY_CHARS_MAX (HOST_CHARS_MAX + sizeof("*.[]:65535"))

/* IPv4 as ::ffff:a.b.c.d: Go takes the two forms for one address. */
struct ip {
	uint8_t octet[16];
};

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const struct ip *ip)
{
	return !memcmp(ip->octet, mapped, sizeof(mapped));
}

static bool is_loopback(const struct ip *ip)
{
	static const struct ip one = {{[15] = 1}};

	return is_v4(ip) ? ip->octet[12] == 127
			 : !memcmp(ip, &one, sizeof(one));
}

static bool ip_parse(const char *text, struct ip *out)
{
	memcpy(out->octet, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out->octet + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, text, out->octet) == 1;
}

static bool bits_equal(const struct ip *a, const struct ip *b,
		       unsigned long bits)
{
	uint8_t rest = (uint8_t)(0xff00 >> bits % 8);

	return !memcmp(a, b, bits / 8) &&
	       !(bits % 8 && (a->octet[bits / 8] ^ b->octet[bits / 8]) & rest);
}

/* Whether TEXT is a network, "10.0.0.0/8"; MATCH: whether it holds IP. */
static bool is_network(const char *text, const struct ip *ip, bool *match)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : sizeof(address);
	struct ip net;
	unsigned long bits;
	unsigned short_by;

	if (len >= sizeof(address) || !slash[1] ||
	    slash[1 + strspn(slash + 1, "0123456789")])
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!ip_parse(address, &net))
		return false;
	bits = strtoul(slash + 1, NULL, 10);
	short_by = strchr(address, ':') ? 0 : 96;
	if (bits > 128 - short_by)
		return false;
	bits += short_by;
	/* An IPv6 prefix that is shorter than the mapping holds no IPv4. */
	*match = ip && !(is_v4(ip) && bits < 96) && bits_equal(&net, ip, bits);
	return true;
}

/* Cut "host:port" or "[v6]:port" in two like net.SplitHostPort; text that it
 * refuses stays whole, with an empty port. */
static const char *split_port(char *text, char **host)
{
	char *colon = strrchr(text, ':');
	char *close = *text == '[' ? strchr(text, ']') : NULL;

	*host = text;
	if (!colon)
		return "";
	if (*text == '[') {
		if (!close || close + 1 != colon)
			return "";
		*close = '\0';
		*host = text + 1;
		return colon + 1;
	}
	if (strchr(text, ':') != colon)
		return "";
	*colon = '\0';
	return colon + 1;
}

/* "foo.com" is foo.com and all below it; ".foo.com" and "*.foo.com" are only
 * what is below. */
static bool is_below(const char *host, const char *domain)
{
	size_t n = strlen(host);
	size_t d;

	if (!strncmp(domain, "*.", 2))
		domain++;
	d = strlen(domain);
	if (n < d || strcasecmp(host + n - d, domain))
		return false;
	return *domain == '.' || n == d || host[n - d - 1] == '.';
}

static bool entry_matches(char *entry, const char *host, const char *port,
			  const struct ip *ip)
{
	struct ip other;
	const char *entry_port;
	char *name;
	bool match;

	if (is_network(entry, ip, &match))
		return match;
	entry_port = split_port(entry, &name);
	if (!*name || (*entry_port && strcmp(entry_port, port)))
		return false;
	if (ip_parse(name, &other))
		return ip && !memcmp(ip, &other, sizeof(other));
	return !ip && is_below(host, name);
}

/* Copy the entry at TEXT, without the space around it, and return the next. */
static const char *next_entry(const char *text,
			      char entry[static ENTRY_CHARS_MAX + 1])
{
	static const char space[] = " \t\n\v\f\r";
	size_t len = strcspn(text, ",");
	const char *next = text[len] ? text + len + 1 : NULL;
	size_t skip = strspn(text, space);

	if (skip >= len)
		skip = len;
	text += skip;
	len -= skip;
	while (len && strchr(space, text[len - 1]))
		len--;
	/* What is longer than any host can match none. */
	if (len > ENTRY_CHARS_MAX)
		len = 0;
	memcpy(entry, text, len);
	entry[len] = '\0';
	return next;
}

static bool is_exempt(const char *no_proxy, const char *host, uint16_t port)
{
	char entry[ENTRY_CHARS_MAX + 1];
	char port_text[8];
	struct ip parsed;
	const struct ip *ip = ip_parse(host, &parsed) ? &parsed : NULL;

	if (!strcmp(host, "localhost") || (ip && is_loopback(ip)))
		return true;
	snprintf(port_text, sizeof(port_text), "%u", port);
	while (no_proxy) {
		no_proxy = next_entry(no_proxy, entry);
		if (!strcmp(entry, "*") ||
		    entry_matches(entry, host, port_text, ip))
			return true;
	}
	return false;
}

/* see route.h */
enum err route_choose(const char *https_proxy, const char *no_proxy,
		      const char *host, uint16_t port, struct route *out,
		      struct failure *f)
{
	*out = (struct route){0};
	if (!https_proxy || !*https_proxy || is_exempt(no_proxy, host, port))
		return ERR_OK;
	out->proxied = true;
	return proxy_url_parse(https_proxy, out, f);
}

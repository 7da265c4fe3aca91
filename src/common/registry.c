/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parser of registry references. Both processes: options in the installer,
 * a token service's host in the probe. Holds no state and calls only string
 * functions of the C locale's meaning.
 */
#include "common/registry.h"
#include "common/escape.h"
#include "common/hex.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define PORT_DIGITS 5

/* ctype depends on the locale and is undefined for negative char. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static enum err refuse(struct failure *f, const char *text, size_t len,
		       const char *why)
{
	char shown[SHOWN_BYTES];

	escape_masked(shown, sizeof(shown), text, len);
	return failure_set(f, ERR_USAGE, "\"%s\" is not a registry: %s", shown,
			   why);
}

/* Leave only the authority of a pasted URL. */
static const char *strip_url(const char **text, size_t *len)
{
	static const char scheme[] = "https://";
	size_t skip = sizeof(scheme) - 1;

	if (*len >= 7 && !strncasecmp(*text, "http://", 7))
		return "plain http has no certificate to trust; "
		       "give host:port or https://";
	if (*len < skip || strncasecmp(*text, scheme, skip))
		return NULL;
	*text += skip;
	*len -= skip;
	for (size_t i = 0; i < *len; i++)
		if (memchr("/?#", (*text)[i], 3))
			*len = i;
	return NULL;
}

static const char *check_label(const char *label, size_t len)
{
	if (len == 0)
		return "a part between two dots is empty";
	if (len > LABEL_CHARS_MAX)
		return "a part between two dots is longer than 63 characters";
	if (label[0] == '-' || label[len - 1] == '-')
		return "a part begins or ends with a hyphen";
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(label[i]) && label[i] != '-')
			return "only letters, digits, hyphens and dots may "
			       "stand in a host";
	return NULL;
}

/* As inet_aton reads one, in decimal or in hexadecimal. */
static bool is_number(const char *label, size_t len)
{
	bool hex = len > 1 && label[0] == '0' &&
		   (label[1] == 'x' || label[1] == 'X');

	for (size_t i = hex ? 2 : 0; i < len; i++)
		if (!is_digit(label[i]) &&
		    !(hex && hex_value((unsigned char)label[i]) >= 0))
			return false;
	return true;
}

static const char *check_name(const char *host, size_t len, bool *numeric)
{
	size_t start = 0;

	if (len == 0)
		return "the host is empty";
	if (len > HOST_CHARS_MAX)
		return "the host is longer than 253 characters";
	for (size_t i = 0; i <= len; i++) {
		if (i < len && host[i] != '.')
			continue;
		const char *why = check_label(host + start, i - start);

		if (why)
			return why;
		*numeric = is_number(host + start, i - start);
		start = i + 1;
	}
	return NULL;
}

/* A host that ends in a number is an address or nothing: resolvers would
 * read 1.2.3 as 1.2.0.3, and no such top-level domain exists. */
static const char *read_host(const char *host, size_t len, struct registry *out)
{
	struct in_addr v4;
	bool numeric = false;
	const char *why = check_name(host, len, &numeric);

	if (why)
		return why;
	memcpy(out->host, host, len);
	out->host[len] = '\0';
	out->kind = numeric ? REGISTRY_IPV4 : REGISTRY_NAME;
	if (numeric && inet_pton(AF_INET, out->host, &v4) != 1)
		return "it ends in a number but is no IPv4 address";
	return NULL;
}

static const char *read_ipv6(const char *host, size_t len, struct registry *out)
{
	struct in6_addr v6;

	if (len >= INET6_ADDRSTRLEN)
		return "the brackets hold no IPv6 address";
	for (size_t i = 0; i < len; i++) {
		if (host[i] == '%')
			return "an IPv6 zone cannot stand in a reference";
		if (host[i] == '.')
			return "write the IPv6 address in hexadecimal, "
			       "as image references do";
	}
	memcpy(out->host, host, len);
	out->host[len] = '\0';
	out->kind = REGISTRY_IPV6;
	/* A NUL inside would end it for inet_pton. */
	if (memchr(host, '\0', len) || inet_pton(AF_INET6, out->host, &v6) != 1)
		return "the brackets hold no IPv6 address";
	return NULL;
}

static const char *read_port(const char *digits, size_t len, uint16_t *port)
{
	bool good = len && len <= PORT_DIGITS && digits[0] != '0';
	unsigned value = 0;

	for (size_t i = 0; i < len && good; i++) {
		good = is_digit(digits[i]);
		value = value * 10 + (unsigned)(digits[i] - '0');
	}
	*port = (uint16_t)value;
	return good && value <= UINT16_MAX
		       ? NULL
		       : "the port must be a number from 1 to 65535";
}

/* Split at the colon of the port; the brackets of IPv6 hide theirs. */
static const char *read_authority(const char *text, size_t len,
				  struct registry *out)
{
	const char *why;
	size_t end;

	if (len && text[0] == '[') {
		const char *close = memchr(text, ']', len);

		if (!close)
			return "the closing bracket is missing";
		end = (size_t)(close - text) + 1;
		why = read_ipv6(text + 1, end - 2, out);
	} else {
		const char *colon = memchr(text, ':', len);

		end = colon ? (size_t)(colon - text) : len;
		if (colon && memchr(colon + 1, ':', len - end - 1))
			return "an IPv6 address needs brackets: [2001:db8::1]";
		why = read_host(text, end, out);
	}
	if (why || end == len)
		return why;
	if (text[end] != ':')
		return "only :port may follow the closing bracket";
	return read_port(text + end + 1, len - end - 1, &out->port);
}

/* see registry.h */
enum err registry_parse(const char *text, size_t len, struct registry *out,
			struct failure *f)
{
	const char *authority = text;
	size_t n = len;
	const char *why;

	memset(out, 0, sizeof(*out));
	out->port = REGISTRY_PORT_DEFAULT;
	why = strip_url(&authority, &n);
	if (!why && n > REGISTRY_CHARS_MAX)
		why = "it is too long for the name of a directory";
	if (!why && memchr(authority, '/', n))
		why = "give only host[:port], without the path";
	if (!why && memchr(authority, '@', n))
		why = "a registry has no user name or digest";
	if (!why)
		why = read_authority(authority, n, out);
	if (why)
		return refuse(f, text, len, why);
	memcpy(out->reference, authority, n);
	out->reference[n] = '\0';
	return ERR_OK;
}

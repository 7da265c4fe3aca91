/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/proxy_url.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "common/base64.h"
#include "common/hex.h"

static enum err bad_url(struct failure *f, const char *why)
{
	return failure_set(f, ERR_PROXY,
			   "HTTPS_PROXY is no proxy URL: %s; write "
			   "http://host:port or "
			   "http://<user>:<password>@host:port",
			   why);
}

/* RFC 3986 userinfo, and "@" as Go allows it. */
static bool is_userinfo(char c)
{
	return c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz"
			   "0123456789-._:~!$&'()*+,;=@",
			   c);
}

static enum err read_user(const char *text, size_t len, struct route *out,
			  struct failure *f)
{
	uint8_t plain[PROXY_CREDENTIALS_MAX];
	char *encoded = out->authorization;
	size_t n = 0;

	for (size_t i = 0; i < len && n < sizeof(plain); n++) {
		bool coded = text[i] == '%';
		int high = coded && len - i > 2
				   ? hex_value((unsigned char)text[i + 1])
				   : -1;
		int low =
			high >= 0 ? hex_value((unsigned char)text[i + 2]) : -1;

		if (coded ? low < 0 : !is_userinfo(text[i]))
			return bad_url(f, "a byte of the user name or password "
					  "has to be written as %XX");
		plain[n] = (uint8_t)(coded ? high << 4 | low : text[i]);
		i += coded ? 3 : 1;
	}
	/* The separator is there even where there is no password. */
	if (!memchr(text, ':', len) && n < sizeof(plain))
		plain[n++] = ':';
	if (n == sizeof(plain))
		return bad_url(f, "the user name and password are too long");
	for (size_t at = 0; at < n; at += BASE64_GROUP_OCTETS) {
		base64_group((struct bytes){plain, n}, at, (uint8_t *)encoded);
		encoded += BASE64_GROUP_CHARS;
	}
	*encoded = '\0';
	return ERR_OK;
}

static enum err read_port(const char *text, struct route *out,
			  struct failure *f)
{
	unsigned value = *text ? 0 : 80;

	for (; *text && value <= UINT16_MAX; text++) {
		if (*text < '0' || *text > '9')
			return bad_url(f, "the port is no number");
		value = value * 10 + (unsigned)(*text - '0');
	}
	if (value < 1 || value > UINT16_MAX)
		return bad_url(f, "the port is not one of 1 to 65535");
	out->port = (uint16_t)value;
	return ERR_OK;
}

static bool is_host(const char *text, bool brackets)
{
	struct in6_addr v6;

	if (strlen(text) > HOST_CHARS_MAX)
		return false;
	if (brackets)
		return inet_pton(AF_INET6, text, &v6) == 1;
	return *text && !text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "abcdefghijklmnopqrstuvwxyz"
					   "0123456789-._")];
}

static enum err read_host(const char *text, size_t len, struct route *out,
			  struct failure *f)
{
	static const char why[] = "the host is no name and no address";
	char host[HOST_CHARS_MAX + sizeof("[]:65535")] = "";
	bool brackets = len && *text == '[';
	char *port;

	if (len >= sizeof(host))
		return bad_url(f, why);
	memcpy(host, text, len);
	port = host + strcspn(host, brackets ? "]" : ":");
	if (brackets) {
		if (!*port)
			return bad_url(f, why);
		*port++ = '\0';
	}
	if (*port && *port != ':')
		return bad_url(f, why);
	if (*port)
		*port++ = '\0';
	if (!is_host(host + brackets, brackets))
		return bad_url(f, why);
	memcpy(out->host, host + brackets, strlen(host + brackets) + 1);
	return read_port(port, out, f);
}

/* Skip "http://", or nothing where there is no scheme. */
static enum err skip_scheme(const char **url, struct failure *f)
{
	size_t len = strspn(*url, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (strncmp(*url + len, ":/", 2))
		return ERR_OK;
	if (len != 4 || strncasecmp(*url, "http://", 7))
		return bad_url(f, "only http:// proxies are supported, not "
				  "https:// or socks5://");
	*url += len + 3;
	return ERR_OK;
}

/* see proxy_url.h */
enum err proxy_url_parse(const char *url, struct route *out, struct failure *f)
{
	enum err err = skip_scheme(&url, f);
	size_t len = strcspn(url, "/?#");
	size_t host = len;

	if (err)
		return err;
	/* Where Go would take part of the password for the host. */
	if (strchr(url + len, '@'))
		return bad_url(f, "a /, ? or # of the user name or password "
				  "has to be written as %2F, %3F or %23");
	while (host && url[host - 1] != '@')
		host--;
	if (host)
		err = read_user(url, host - 1, out, f);
	return err ? err : read_host(url + host, len - host, out, f);
}

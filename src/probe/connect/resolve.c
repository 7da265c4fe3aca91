/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "common/registry.h"
#include "probe/connect/dns_cause.h"
#include "probe/connect/etc_files.h"

#define DNS_PORT 53

/* The probe has become nobody by then, as most programs that ask DNS are. */
#define FOR_NOBODY                                                             \
	"; it is read as the user nobody: chmod a+r the file, and a+x the "    \
	"directories that lead to it"

/* see resolve.h */
void resolve_address_text(const union address *address,
			  char text[static ADDRESS_CHARS_MAX])
{
	char ip[INET6_ADDRSTRLEN] = "?";

	if (address->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &address->v6.sin6_addr, ip, sizeof(ip));
		snprintf(text, ADDRESS_CHARS_MAX, "[%s]:%u", ip,
			 ntohs(address->v6.sin6_port));
	} else {
		inet_ntop(AF_INET, &address->v4.sin_addr, ip, sizeof(ip));
		snprintf(text, ADDRESS_CHARS_MAX, "%s:%u", ip,
			 ntohs(address->v4.sin_port));
	}
}

static const struct addrinfo *next_of(const struct addrinfo *at, int family)
{
	while (at && at->ai_family != family)
		at = at->ai_next;
	return at;
}

static void keep(struct addresses *out, const struct addrinfo *from,
		 uint16_t port)
{
	union address *to = &out->list[out->count++];

	memcpy(to, from->ai_addr, from->ai_addrlen);
	if (from->ai_family == AF_INET6)
		to->v6.sin6_port = htons(port);
	else
		to->v4.sin_port = htons(port);
}

/* The families take turns; the resolver's first address stays first. */
static void interleave(const struct addrinfo *list, uint16_t port,
		       struct addresses *out)
{
	const struct addrinfo *v6 = next_of(list, AF_INET6);
	const struct addrinfo *v4 = next_of(list, AF_INET);
	bool turn_v6 = list && list->ai_family == AF_INET6;

	for (; v4 || v6; turn_v6 = !turn_v6) {
		const struct addrinfo **at = turn_v6 ? &v6 : &v4;

		if (!*at)
			continue;
		out->total++;
		if (out->count < ADDRESSES_MAX)
			keep(out, *at, port);
		*at = next_of((*at)->ai_next, turn_v6 ? AF_INET6 : AF_INET);
	}
}

static int look_up(const char *host, int flags, int family, uint16_t port,
		   struct addresses *out)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				       .ai_family = family,
				       .ai_flags = flags};
	struct addrinfo *list = NULL;
	int error = getaddrinfo(host, NULL, &hints, &list);

	if (error)
		return error;
	interleave(list, port, out);
	freeaddrinfo(list);
	return 0;
}

/* The dot says that it is no name below another. */
static int look_up_whole(const char *host, const char *domain, int family,
			 uint16_t port, struct addresses *out)
{
	char name[2 * (HOST_CHARS_MAX + 1) + 1];
	int len = snprintf(name, sizeof(name), "%s%s%s.", host,
			   *domain ? "." : "", domain);

	return len > HOST_CHARS_MAX + 1 ? EAI_NONAME
					: look_up(name, 0, family, port, out);
}

static unsigned dots_of(const char *host)
{
	unsigned dots = 0;

	for (; *host; host++)
		dots += *host == '.';
	return dots;
}

/* Is there time for a look-up more that is as long as the one since BEGUN? */
static bool is_time_left(int64_t begun_ms, int64_t deadline_ms)
{
	return 2 * clock_ms() - begun_ms + DNS_CAUSE_MS < deadline_ms;
}

/* Ask DNS for HOST, and below each of the domains that CONF names: in Go's
 * order (nameList in its net), which is Docker's. The error is that of HOST
 * itself, if it was asked for. */
static int ask_dns(const char *host, uint16_t port, struct bytes conf,
		   int64_t deadline_ms, struct addresses *out)
{
	char domain[HOST_CHARS_MAX + 1];
	struct etc_search search;
	int error = EAI_NONAME;
	int64_t begun_ms = clock_ms();
	bool is_first;

	etc_files_search(conf, &search);
	is_first = dots_of(host) >= search.dots;
	if (is_first)
		error = look_up_whole(host, "", AF_UNSPEC, port, out);
	while (!out->count && error != EAI_SYSTEM && error != EAI_MEMORY &&
	       is_time_left(begun_ms, deadline_ms) &&
	       etc_files_domain(&search.domains, domain)) {
		begun_ms = clock_ms();
		(void)look_up_whole(host, domain, AF_UNSPEC, port, out);
	}
	if (!out->count && !is_first)
		error = look_up_whole(host, "", AF_UNSPEC, port, out);
	return out->count ? 0 : error;
}

/* The servers that libc will ask, at most as many as it takes. */
static size_t nameservers(struct bytes conf, union address *list)
{
	char text[ADDRESS_CHARS_MAX];
	struct addresses one;
	size_t n = 0;

	while (n < NAMESERVERS_MAX && etc_files_nameserver(&conf, text)) {
		one = (struct addresses){0};
		if (!look_up(text, AI_NUMERICHOST, AF_UNSPEC, DNS_PORT, &one))
			list[n++] = one.list[0];
	}
	return n;
}

/* Before DNS, and whatever the case of the name, as in Docker: to musl's own
 * reader it counts. A missing /etc/hosts is one that does not know the name. */
static bool find_in_hosts(const char *host, uint16_t port, uint8_t *buffer,
			  struct addresses *out)
{
	char text[ADDRESS_CHARS_MAX];
	struct bytes hosts;

	(void)etc_files_read("/etc/hosts", buffer, &hosts);
	while (etc_files_host(&hosts, host, text))
		(void)look_up(text, AI_NUMERICHOST, AF_UNSPEC, port, out);
	return out->count > 0;
}

/* libc is not asked without a DNS server: it would ask 127.0.0.1. */
static enum err lack_servers(const char *host, int error, struct failure *f)
{
	return failure_set(f, ERR_RESOLVE,
			   "%s: not in /etc/hosts, and no DNS server to ask: "
			   "/etc/resolv.conf: %s%s",
			   host,
			   error ? strerror(error) : "no nameserver in it",
			   error == EACCES ? FOR_NOBODY : "");
}

static enum err resolve_with(uint8_t *buffer, const char *host, uint16_t port,
			     int64_t deadline_ms, struct addresses *out,
			     struct failure *f)
{
	union address server[NAMESERVERS_MAX];
	struct bytes conf;
	size_t servers;
	int error;

	if (find_in_hosts(host, port, buffer, out))
		return ERR_OK;
	error = etc_files_read("/etc/resolv.conf", buffer, &conf);
	servers = nameservers(conf, server);
	if (!servers)
		return lack_servers(host, error, f);
	error = ask_dns(host, port, conf, deadline_ms, out);
	if (!error)
		return ERR_OK;
	if (error == EAI_SYSTEM || error == EAI_MEMORY)
		return failure_set(f, ERR_RESOLVE, "%s: cannot ask DNS: %s",
				   host, strerror(errno));
	/* libc wants both families' answers, Go one (goLookupIPCNAMEOrder). */
	if (dns_cause_explain(host, server, servers, deadline_ms, f) ||
	    look_up_whole(host, "", AF_INET, port, out))
		return ERR_RESOLVE;
	*f = (struct failure){.code = ERR_OK};
	return ERR_OK;
}

/* see resolve.h; a file is too large for a stack of 128 KiB. */
enum err resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
		      struct addresses *out, struct failure *f)
{
	uint8_t *buffer;
	enum err err;

	*out = (struct addresses){0};
	if (!look_up(host, AI_NUMERICHOST, AF_UNSPEC, port, out))
		return ERR_OK;
	buffer = malloc(NETFILE_BYTES_MAX);
	if (!buffer)
		return failure_set(f, ERR_MEMORY, "out of memory");
	err = resolve_with(buffer, host, port, deadline_ms, out, f);
	free(buffer);
	return err;
}

/* see resolve.h */
bool resolve_finds_loopback(const struct addresses *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const union address *a = &from->list[i];

		if (a->any.sa_family == AF_INET
			    ? ntohl(a->v4.sin_addr.s_addr) >> 24 == 127
			    : registry_is_loopback_v6(&a->v6.sin6_addr))
			return true;
	}
	return false;
}

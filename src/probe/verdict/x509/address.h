/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP addresses as text, as Go's net and net/netip read and print them. Probe
 * process. Pure.
 */
#ifndef VERDICT_ADDRESS_H
#define VERDICT_ADDRESS_H

#include "probe/verdict/x509/text.h"

struct ip_address {
	uint8_t octets[16];
	uint8_t len; /* 4 or 16 */
	bool zoned;  /* it had a %zone, which is not kept */
};

/*
 * Read TEXT as netip.ParseAddr does. False: if WHY is not NULL, what Go says
 * is appended: `ParseAddr("x"): unable to parse IP`.
 */
bool address_parse(struct bytes text, struct ip_address *out, struct text *why);

/*
 * Read TEXT as net.ParseIP of Go before 1.17 does: IPv4 octets may have leading
 * zeros. No zones.
 */
bool address_parse_loosely(struct bytes text, struct ip_address *out);

/*
 * Append 4 or 16 octets as net.IP.String does: IPv4-mapped as IPv4, the
 * longest run of zeros as "::".
 */
void address_print(struct text *t, struct bytes octets);

/* Are the 16 octets an IPv4-mapped address (::ffff:a.b.c.d)? */
bool address_is_mapped(struct bytes octets);

/* Same address, IPv4-mapped equal to IPv4, as net.IP.Equal? */
bool address_equal(struct bytes a, struct bytes b);

#endif

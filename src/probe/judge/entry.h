/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates in the form of the probe's report. Probe process, sealed.
 */
#ifndef PROBE_ENTRY_H
#define PROBE_ENTRY_H

#include "common/wire.h"
#include "probe/judge/judge.h"
#include "probe/verdict/x509/certificate.h"

/* Keep a copy of TEXT in ROOM; empty when there is no more space. */
struct bytes entry_keep(struct judge_room *room, const char *text);

/* C as the report shows it, its DER where it was, its texts in ROOM: empty
 * where less than PROBE_WORDS_BYTES are left. Flags are what C itself says: CA,
 * self-signed; the signature is checked for that, unless C IS_BELIEVED that it
 * signed itself when it names itself as its issuer, or has done so by MD5. */
struct wire_certificate entry_describe(struct judge_room *room,
				       const struct certificate *c,
				       bool is_believed);

#endif

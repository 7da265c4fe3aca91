/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domain names and mailboxes inside certificates, as strict as Go reads them.
 * Host names that are wanted are in names.h. Probe process. Pure.
 */
#ifndef VERDICT_DOMAIN_H
#define VERDICT_DOMAIN_H

#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/text.h"

/* Is every octet ASCII (Go's isIA5String)? */
bool domain_is_ascii(struct bytes b);

/*
 * Would Go take NAME as a domain (domainNameValid, domainToReverseLabels)?
 * A CONSTRAINT may begin with a dot. Hardly more than non-empty labels of
 * visible characters.
 */
bool domain_is_valid(struct bytes name, bool constraint,
		     struct go_release release);

/*
 * Split a mailbox "local@domain" as Go's parseRFC2821Mailbox. LOCAL (an open
 * text) gets the local part with its quoting resolved, DOMAIN is a view.
 * False: not a mailbox for Go, or a local part that does not fit.
 */
bool domain_of_mailbox(struct bytes mailbox, struct go_release release,
		       struct text *local, struct bytes *domain);

/* Equal but for the case of ASCII letters? */
bool domain_equal(struct bytes a, struct bytes b);

#endif

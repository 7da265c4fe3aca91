/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extensions of a certificate, read as Go's processExtensions. Called by
 * certificate.c only. Probe process. Pure.
 */
#ifndef VERDICT_EXTENSIONS_H
#define VERDICT_EXTENSIONS_H

#include "probe/verdict/x509/certificate.h"

/*
 * Read EXTENSIONS (the content of the SEQUENCE) into OUT. First every one for
 * its form and for duplicates, then their meaning, as Go. False: WHY says what
 * Go says; LIMITED is set if it was CERTIFICATE_ITEMS_MAX instead.
 */
bool extensions_parse(struct bytes extensions, struct go_release release,
		      struct certificate *out, bool *limited, struct text *why);

/* What one reader of an extension works on. */
struct extension_reading {
	struct go_release release;
	struct certificate *out;
	bool critical, unhandled, limited;
	struct text *why;
};

/*
 * Read VALUE, the extnValue of the extension ID, into R's certificate
 * (extension_read.c). Of one that Go does not know it sets UNHANDLED. False:
 * WHY says what Go says.
 */
bool extension_read(struct extension_reading *r, struct bytes id,
		    struct bytes value);

/* The policy extensions (policy_parse.c): extnValue in, what it says to R. */
bool certificate_policies_read_list(struct extension_reading *r,
				    struct bytes value);
bool certificate_policies_read_mappings(struct extension_reading *r,
					struct bytes value);
bool certificate_policies_read_constraints(struct extension_reading *r,
					   struct bytes value);
bool certificate_policies_read_inhibit_any(struct extension_reading *r,
					   struct bytes value);

/* extnValue of nameConstraints (constraint_parse.c); as above. */
bool constraints_parse(struct bytes value, struct go_release release,
		       struct certificate *out, bool *unhandled,
		       struct text *why);

/* extnValue of subjectAltName (san_parse.c); as above. */
bool san_parse(struct bytes value, struct go_release release,
	       struct certificate *out, struct text *why);

#endif

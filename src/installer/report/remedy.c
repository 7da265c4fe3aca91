/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentences about verdicts, as tables; see remedy.h.
 */
#include "installer/report/remedy.h"

#include <stdio.h>
#include <string.h>

#define REGISTRY REMEDY_REGISTRY_ADMIN
#define CA	 REMEDY_CA_ADMIN
#define HOST	 REMEDY_HOST_ADMIN

static const struct remedy PLAIN[VERDICT_CODES_COUNT_] = {
	[VERDICT_ACCEPTED] = {"", REMEDY_NOBODY, "", ""},
	[VERDICT_NOTHING_SENT] = {"nothing-sent", REGISTRY,
				  "The server presented no certificate.",
				  "Give the registry a certificate and its "
				  "key, and restart it."},
	[VERDICT_UNREADABLE] =
		{"unreadable-certificate", CA,
		 "Docker cannot parse a certificate that the server presents, "
		 "and refuses all of them for it.",
		 "Reissue that certificate with standard encoding, or take it "
		 "out of the registry's chain if nothing needs it."},
	[VERDICT_HUGE_KEY] =
		{"huge-key", CA,
		 "A certificate that the server presents has an RSA key of "
		 "more than 8192 bits.",
		 "Reissue it with an RSA key of 2048 to 4096 bits, or with an "
		 "ECDSA key."},
	[VERDICT_CRITICAL_EXTENSION] =
		{"critical-extension", CA,
		 "The registry's certificate has an extension marked critical "
		 "that Docker does not know.",
		 "Reissue it without that extension, or with the extension "
		 "not critical."},
	[VERDICT_NOT_YET_VALID] =
		{"not-yet-valid", HOST,
		 "The registry's certificate is valid only from a later time.",
		 "Check this host's clock first; if it is right, wait, or "
		 "have the certificate reissued."},
	[VERDICT_EXPIRED] =
		{"expired", REGISTRY, "The registry's certificate has expired.",
		 "Renew it and restart the registry; if it looks valid, check "
		 "this host's clock."},
	[VERDICT_ONLY_CN] =
		{"only-common-name", CA,
		 "The certificate names the registry only in its common name, "
		 "which Docker no longer reads.",
		 "Reissue it with the registry's name as a subject "
		 "alternative name (DNS, or IP for an address)."},
	[VERDICT_NO_NAME] =
		{"no-name", CA,
		 "The certificate has no subject alternative name of the kind "
		 "that this registry is addressed by.",
		 "Reissue it with the name or the IP address that people "
		 "write before the image's name."},
	[VERDICT_WRONG_NAME] =
		{"wrong-name", REGISTRY, "The certificate is for other names.",
		 "Address the registry by a name in its certificate, or have "
		 "the certificate reissued with this one."},
	[VERDICT_UNKNOWN_AUTHORITY] =
		{"unknown-authority", HOST,
		 "No trusted CA that is seen from here leads to the registry's "
		 "certificate.",
		 "Install the CA that signed it."},
	[VERDICT_WRONG_SIGNATURE] =
		{"wrong-signature", HOST,
		 "A trusted CA has the issuer's name, but another key: the CA "
		 "was renewed, or this is another one.",
		 "Get the CA certificate that signed the chain from its owner "
		 "and compare its fingerprint before it is trusted."},
	[VERDICT_ISSUER_NOT_CA] =
		{"issuer-not-ca", CA,
		 "A certificate in the chain signs others but is not marked "
		 "as a CA.",
		 "Reissue it with basicConstraints CA:TRUE and, if it has "
		 "keyUsage, with keyCertSign."},
	[VERDICT_INSECURE_ALGORITHM] =
		{"insecure-algorithm", CA,
		 "A certificate in the chain is signed with SHA-1 or MD5, "
		 "which Docker refuses.",
		 "Reissue the chain with SHA-256."},
	[VERDICT_UNKNOWN_ALGORITHM] =
		{"unknown-algorithm", CA,
		 "A certificate in the chain is signed with an algorithm or "
		 "a key that Docker does not support.",
		 "Reissue it with RSA or ECDSA and SHA-256."},
	[VERDICT_SMALL_KEY] =
		{"small-key", CA,
		 "A CA in the chain has an RSA key under 1024 bits.",
		 "Make a new CA with a key of at least 2048 bits and reissue "
		 "what it signed."},
	[VERDICT_ISSUER_NOT_YET_VALID] =
		{"issuer-not-yet-valid", HOST,
		 "A CA in the chain is valid only from a later time.",
		 "Check this host's clock first; if it is right, wait, or "
		 "have the CA certificate reissued."},
	[VERDICT_ISSUER_EXPIRED] =
		{"issuer-expired", CA, "A CA in the chain has expired.",
		 "Renew the CA certificate, give the registry the new one, "
		 "and install it here."},
	[VERDICT_ISSUER_CRITICAL] =
		{"issuer-critical-extension", CA,
		 "A CA in the chain has an extension marked critical that "
		 "Docker does not know.",
		 "Reissue it without that extension, or with the extension "
		 "not critical."},
	[VERDICT_PATH_LENGTH] =
		{"path-length", CA,
		 "There are more intermediates below a CA than its path "
		 "length allows.",
		 "Issue the registry's certificate from a CA nearer to the "
		 "root, or raise the path length."},
	[VERDICT_CONSTRAINT] =
		{"name-constraint", CA,
		 "A CA in the chain may not sign for a name in the "
		 "certificate.",
		 "Reissue the certificate with names that the CA's name "
		 "constraints allow, or from another CA."},
	[VERDICT_KEY_USAGE] =
		{"key-usage", CA,
		 "A certificate in the chain is not for servers: its extended "
		 "key usage leaves out serverAuth.",
		 "Reissue it with serverAuth, or without extended key usage."},
	[VERDICT_POLICIES] =
		{"policies", CA,
		 "The certificate policies of the chain allow no path.",
		 "Reissue the certificates with matching policies, or without "
		 "requireExplicitPolicy."},
	[VERDICT_TOO_MANY_CHECKS] =
		{"too-many-checks", REGISTRY,
		 "The chain has so many certificates of the same name that "
		 "Docker gives up.",
		 "Give the registry only its certificate and the "
		 "intermediates that it needs."},
	[VERDICT_LEAF_KEY] =
		{"leaf-key", CA,
		 "The registry's certificate has a kind of key that Docker "
		 "cannot use.",
		 "Reissue it with an ECDSA or RSA key."},
	[VERDICT_HANDSHAKE] =
		{"handshake", REGISTRY,
		 "The certificates may be right, but the server's TLS is not: "
		 "Docker breaks the handshake off.",
		 "Mend or update the TLS of the registry, or of the load "
		 "balancer before it. If it was right yesterday, somebody "
		 "else may be answering."},
	[VERDICT_CLIENT_CERTIFICATE] =
		{"client-certificate", HOST,
		 "The server insists on a client certificate.",
		 "Put the pair that it accepts beside ca.crt, as client.cert "
		 "and client.key."},
	[VERDICT_UNCHECKED] =
		{"unchecked", HOST,
		 "This tool cannot tell what Docker will say of this chain.",
		 "Try docker login."},
};

static const struct remedy CASES[REMARK_COUNT_] = {
	[REMARK_BLANK_DOMAIN] =
		{"blank-domain", REGISTRY,
		 "The certificate is for a blank domain name: a Docker "
		 "Trusted Registry makes itself such a one until its domain "
		 "name is set.",
		 "Set the domain name in the registry's settings, save, and "
		 "restart it: it then makes a certificate for that name."},
	[REMARK_NO_INTERMEDIATE] =
		{"intermediate-missing", REGISTRY,
		 "The server sends its certificate without that of the issuer, "
		 "and no CA that is seen here has the issuer's name: an "
		 "intermediate is "
		 "missing from its chain, or its CA is another now.",
		 "Give the registry its certificate and the intermediates as "
		 "one PEM text, in that order, and restart it. If its CA is "
		 "another, install that by --ca-file or by its fingerprint."},
	[REMARK_DEFAULT_CERTIFICATE] =
		{"default-certificate", REGISTRY,
		 "What answers has a certificate for other names, as a load "
		 "balancer or an ingress has while the registry behind it is "
		 "down or has none yet.",
		 "Have it present the registry's own certificate, then run "
		 "this again; with --wait or --every it does so itself."},
	[REMARK_WRONG_ORDER] =
		{"wrong-order", REGISTRY,
		 "The chain was pasted in the wrong order: the certificate "
		 "for this host is there, but not first.",
		 "Upload the server certificate first, then the intermediate "
		 "that signed it, then the one above."},
};

/* see remedy.h */
const struct remedy *remedy_find(enum verdict_code code,
				 enum verdict_remark found)
{
	return found == REMARK_NONE ? &PLAIN[code] : &CASES[found];
}

/* see remedy.h */
const char *remedy_actor_name(enum remedy_actor actor)
{
	switch (actor) {
	case REMEDY_REGISTRY_ADMIN:
		return "the registry's administrator";
	case REMEDY_CA_ADMIN:
		return "the administrator of the CA";
	case REMEDY_HOST_ADMIN:
		return "the administrator of this host";
	case REMEDY_NOBODY:
		break;
	}
	return "";
}

/* see remedy.h */
void remedy_write(const char *text, const char *whom,
		  char out[static SENTENCE_CHARS_MAX])
{
	static const char registry[] = "registry";
	size_t used = 0;
	const char *at;

	while ((at = strstr(text, registry)) && used < SENTENCE_CHARS_MAX) {
		used += (size_t)snprintf(out + used, SENTENCE_CHARS_MAX - used,
					 "%.*s%s", (int)(at - text), text,
					 whom);
		text = at + sizeof(registry) - 1;
	}
	if (used < SENTENCE_CHARS_MAX)
		snprintf(out + used, SENTENCE_CHARS_MAX - used, "%s", text);
}

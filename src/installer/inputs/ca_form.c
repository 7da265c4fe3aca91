/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/ca_form.h"

#include <string.h>

#include "common/base64.h"

#define INTEGER	   0x02
#define OBJECT_ID  0x06
#define SEQUENCE   0x30
#define INDEFINITE 0x80

static const struct ca_form pkcs7_pem = {
	"it is PKCS#7, a bag of certificates",
	"openssl pkcs7 -print_certs -in %s -out ca.pem"};
static const struct ca_form pkcs7_der = {
	"it is PKCS#7 (DER), a bag of certificates",
	"openssl pkcs7 -inform DER -print_certs -in %s -out ca.pem"};
static const struct ca_form pkcs12 = {
	"it is PKCS#12, a store of keys and certificates",
	"openssl pkcs12 -nokeys -in %s -out ca.pem"};
static const struct ca_form java = {
	"it is a Java key store",
	"keytool -exportcert -rfc -alias ALIAS -keystore %s > ca.pem"};
static const struct ca_form utf16 = {
	"it is UTF-16 text, which nothing here reads",
	"iconv -f UTF-16 -t UTF-8 %s > ca.pem"};
static const struct ca_form key = {
	"it is a private key, and a CA file holds none",
	"ask for the CA's certificate; keep the key where it was"};
static const struct ca_form key_in_text = {
	"it holds a private key and no certificate",
	"ask for the CA's certificate; keep the key where it was"};
static const struct ca_form encoded_pem = {
	"it is a PEM file in base64, as a Secret has it",
	"base64 -d %s > ca.pem"};
static const struct ca_form encoded_der = {
	"it is base64 without BEGIN and END lines", "base64 -d %s > ca.der"};
static const struct ca_form escaped = {
	"its line ends are written out as \\n, as in JSON or YAML",
	"sed 's/\\\\n/\\n/g' %s > ca.pem"};
static const struct ca_form one_line = {
	"a certificate in it is all on one line",
	"sed 's/-----[A-Z ]*-----/\\n&\\n/g' %s | sed '/^-/!s/ //g' > ca.pem"};
#define OF_A_SECRET                                                            \
	"of a Secret: kubectl get secret NAME -o jsonpath='{.data.ca\\.crt}' " \
	"| "                                                                   \
	"base64 -d > ca.pem"
static const struct ca_form json = {"it is JSON, without a certificate in PEM",
				    OF_A_SECRET};
static const struct ca_form yaml = {
	"it is a Kubernetes object, without a certificate in PEM", OF_A_SECRET};
static const struct ca_form html = {
	"it is a page (HTML or XML), as a login or an error answers",
	"fetch the CA's file again, and look at what came: head %s"};
static const struct ca_form ssh = {
	"it is a key of SSH, which has no certificate of a CA for TLS",
	"ask for the CA's certificate in PEM"};
static const struct ca_form nothing = {
	"it holds no certificate",
	"give a file with a -----BEGIN CERTIFICATE----- line, or DER"};

/* By the end of a boundary: Base64 has no hyphen, and may spell the rest. The
 * first that matches counts. */
static const struct {
	const char *label;
	struct ca_form form;
} labels[] = {
	{"CERTIFICATE REQUEST-----",
	 {"it is a request for a certificate (CSR), not the certificate",
	  "ask for the certificate of the CA that signs it"}},
	{"TRUSTED CERTIFICATE-----",
	 {"its certificates are in OpenSSL's form (TRUSTED CERTIFICATE), "
	  "not labelled CERTIFICATE",
	  "openssl x509 -in %s -out ca.pem"}},
	{"X509 CERTIFICATE-----",
	 {"its blocks are labelled X509 CERTIFICATE, not CERTIFICATE",
	  "sed 's/ X509 CERTIFICATE/ CERTIFICATE/' %s > ca.pem"}},
	{"X509 CRL-----",
	 {"it is a list of revoked certificates (CRL)",
	  "ask for the CA's certificate"}},
	{"PUBLIC KEY-----",
	 {"it is a public key, which names no CA",
	  "ask for the CA's certificate"}},
};

static struct bytes skip_space(struct bytes b)
{
	if (bytes_begin_with(b, "\xef\xbb\xbf"))
		b = bytes_from(b, 3);
	return bytes_skip_blanks(b);
}

/* What is in the SEQUENCE that B begins with. */
static struct bytes inside(struct bytes b)
{
	size_t header = 2;

	if (b.len < 2)
		return (struct bytes){b.data, 0};
	if (b.data[1] > INDEFINITE)
		header += b.data[1] & 0x7fU;
	if (header > b.len)
		header = b.len;
	return bytes_from(b, header);
}

/* see ca_form.h; PKCS#1, PKCS#8 and SEC 1 keys are a SEQUENCE that begins with
 * the INTEGER 0 or 1, PKCS#12 with 3, PKCS#7 with an OBJECT IDENTIFIER.
 * Certificates begin with a SEQUENCE; so does an encrypted key, whose first is
 * an OBJECT IDENTIFIER. */
const struct ca_form *ca_form_of_der(struct bytes content)
{
	struct bytes first = inside(content);

	if (first.len < 3)
		return NULL;
	if (first.data[0] == OBJECT_ID)
		return &pkcs7_der;
	if (first.data[0] == INTEGER)
		return first.data[1] == 1 && first.data[2] == 3 ? &pkcs12
								: &key;
	if (first.data[0] != SEQUENCE)
		return &nothing;
	first = inside(first);
	return first.len && first.data[0] == OBJECT_ID ? &key : NULL;
}

/* Nothing but base64 in B, of which the most is text. */
static bool is_base64(struct bytes b)
{
	size_t digits = 0;

	for (size_t i = 0; i < b.len; i++) {
		if (base64_value(b.data[i]) >= 0)
			digits++;
		else if (!memchr("= \t\r\n", b.data[i], 5))
			return false;
	}
	return digits >= 64;
}

static const struct ca_form *form_of_label(struct bytes content)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (bytes_hold(content, labels[i].label))
			return &labels[i].form;
	if (bytes_hold(content, "PKCS7-----") ||
	    bytes_hold(content, "CMS-----"))
		return &pkcs7_pem;
	if (bytes_hold(content, "PRIVATE KEY-----"))
		return &key_in_text;
	return &nothing;
}

/* see ca_form.h */
const struct ca_form *ca_form_of_text(struct bytes content)
{
	struct bytes text = skip_space(content);

	if (bytes_are_utf16(content))
		return &utf16;
	if (bytes_begin_alike(text, "\xfe\xed\xfe\xed"))
		return &java;
	if (bytes_begin_alike(text, "<"))
		return &html;
	if (bytes_begin_alike(text, "{"))
		return &json;
	if (bytes_begin_alike(text, "apiVersion:"))
		return &yaml;
	if (bytes_begin_alike(text, "ssh-") ||
	    bytes_begin_alike(text, "ecdsa-sha2-") ||
	    bytes_hold(text, "OPENSSH PRIVATE KEY"))
		return &ssh;
	if (is_base64(text))
		return bytes_begin_alike(text, "LS0tLS1CRUdJTi") ? &encoded_pem
								 : &encoded_der;
	return bytes_hold(text, "-----BEGIN ") ? form_of_label(text) : &nothing;
}

/* see ca_form.h */
const struct ca_form *ca_form_of_block(struct bytes block)
{
	static const size_t marks = sizeof("-----BEGIN CERTIFICATE-----"
					   "-----END CERTIFICATE-----") -
				    1;

	if (block.len <= marks || memchr(block.data, '\n', block.len))
		return NULL;
	return bytes_hold(block, "\\n") ? &escaped : &one_line;
}

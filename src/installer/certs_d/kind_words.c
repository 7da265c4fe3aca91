/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kinds of files are called; see kind.h.
 */
#include "installer/certs_d/kind.h"

static const struct {
	const char *word;
	const char *words;
} kinds[KIND_COUNT_] = {
	[KIND_CERTIFICATES] = {"unparsed",
			       "PEM, but Docker can parse no certificate in "
			       "it"},
	[KIND_EMPTY] = {"empty", "empty"},
	[KIND_DER] = {"der", "a certificate in DER; Docker reads PEM only"},
	[KIND_BOM] = {"bom", "PEM behind a byte order mark, which hides it"},
	[KIND_UTF16] = {"utf-16", "text in UTF-16; Docker reads ASCII only"},
	[KIND_PKCS7] = {"pkcs7", "PKCS#7, not a certificate in PEM"},
	[KIND_PKCS12] = {"pkcs12", "PKCS#12, not a certificate in PEM"},
	[KIND_TRUSTED] = {"other-label", "PEM, but not labelled CERTIFICATE"},
	[KIND_KEY] = {"private-key",
		      "a private key, which does not belong there"},
	[KIND_REQUEST] = {"request",
			  "a certificate request, not a certificate"},
	[KIND_OTHER_PEM] = {"other-pem",
			    "PEM of something else than a certificate"},
	[KIND_DAMAGED] = {"damaged", "PEM that is damaged: no block is whole"},
	[KIND_BARE] = {"base64", "Base64 without its BEGIN and END lines"},
	[KIND_HTML] = {"html", "an HTML page"},
	[KIND_TEXT] = {"text", "text without a certificate"},
	[KIND_BINARY] = {"binary", "binary data, no certificate"},
};

/* see kind.h */
const char *kind_word(enum kind kind)
{
	return kinds[kind].word;
}

/* see kind.h */
const char *kind_words(enum kind kind)
{
	return kinds[kind].words;
}

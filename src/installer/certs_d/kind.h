/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a .crt is by its first bytes and its lines, for words to an operator:
 * "it is a certificate in DER; Docker reads PEM only". Nothing is parsed, and
 * whether a block is a certificate that a consumer accepts is the probe's to
 * say. Installer only. Pure.
 */
#ifndef INSTALLER_CERTS_D_KIND_H
#define INSTALLER_CERTS_D_KIND_H

#include <stddef.h>

#include "common/bytes.h"

enum kind {
	KIND_CERTIFICATES, /* PEM, at least one block that may be one */
	KIND_EMPTY,	   /* nothing, or blanks */
	KIND_DER,
	KIND_BOM, /* a mark that hides the only block there is */
	KIND_UTF16,
	KIND_PKCS7, /* in DER, its own armour or a certificate's */
	KIND_PKCS12,
	KIND_TRUSTED, /* OpenSSL's TRUSTED CERTIFICATE, or X509 CERTIFICATE */
	KIND_KEY,     /* and no certificate */
	KIND_REQUEST, /* a CSR */
	KIND_OTHER_PEM,
	KIND_DAMAGED, /* a BEGIN line that opens no readable block */
	KIND_BARE,    /* Base64 without boundaries */
	KIND_HTML,
	KIND_TEXT,
	KIND_BINARY,
	KIND_COUNT_
};

/* What FILE is. *BLOCKS is the number of CERTIFICATE blocks that a reader of
 * PEM finds and that begin as a certificate does; not 0 for KIND_CERTIFICATES
 * alone. */
enum kind kind_of(struct bytes file, size_t *blocks);

/* Of a file in which no certificate can be read, for programs: a stable word;
 * and what follows "it is", for an operator: ASCII, without a full stop. */
const char *kind_word(enum kind kind);
const char *kind_words(enum kind kind);

#endif

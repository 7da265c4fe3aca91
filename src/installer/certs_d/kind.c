/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling files apart by how they begin; see kind.h.
 */
#include "installer/certs_d/kind.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base64.h"
#include "installer/certs_d/ca_crt.h"

/* As much of a DER as tells what it is: a header, and what begins inside. */
#define HEAD_BYTES 12

/* X.509 is a SEQUENCE that begins with one, PKCS#7 one that begins with an OID;
 * PKCS#12 and keys begin with a version, 3 and less. No ASCII and no UTF-8 has
 * such a second octet. */
static enum kind kind_of_der(struct bytes der)
{
	size_t at;

	if (der.len < 3 || der.data[0] != 0x30 || der.data[1] < 0x80 ||
	    der.data[1] > 0x84)
		return KIND_BINARY;
	at = 2U + (der.data[1] & 0x7f);
	if (at + 2 >= der.len)
		return KIND_BINARY;
	if (der.data[at] == 0x30)
		return KIND_DER;
	if (der.data[at] == 0x06)
		return KIND_PKCS7;
	if (der.data[at] != 0x02 || der.data[at + 1] != 1)
		return KIND_BINARY;
	return der.data[at + 2] == 3 ? KIND_PKCS12 : KIND_KEY;
}

/* What the Base64 that TEXT begins with is the beginning of. */
static enum kind kind_of_base64(struct bytes text)
{
	uint8_t head[HEAD_BYTES];
	struct bytes der = {head, 0};
	unsigned group = 0;
	size_t count = 0;

	for (size_t i = 0; i < text.len && der.len < sizeof(head); i++) {
		int digit = base64_value(text.data[i]);

		if (bytes_is_blank(text.data[i]))
			continue;
		if (digit < 0)
			break;
		group = (group << 6 | (unsigned)digit) & 0xffff;
		if (count++ % 4)
			head[der.len++] =
				(uint8_t)(group >> (6 - 2 * ((count - 1) % 4)));
	}
	return kind_of_der(der);
}

/* TEXT begins behind a CERTIFICATE boundary: is there a block, and of what? */
static enum kind kind_of_block(struct bytes text)
{
	struct bytes rest = text;

	while (rest.len) {
		struct bytes line = bytes_line(rest);

		/* Headers make it another thing to Go. */
		if (bytes_begin_with(line, CA_CRT_END))
			return kind_of_base64(text);
		if (bytes_begin_with(line, "-----") ||
		    memchr(line.data, ':', line.len))
			return KIND_DAMAGED;
		rest = bytes_from(rest, line.len);
	}
	return KIND_DAMAGED;
}

/* The CERTIFICATE blocks of FILE; *OTHER is what one is that is none. */
static size_t count_blocks(struct bytes file, enum kind *other)
{
	struct bytes rest = file;
	size_t count = 0;

	while (rest.len) {
		struct bytes line = bytes_line(rest);
		enum kind kind;

		rest = bytes_from(rest, line.len);
		if (!bytes_begin_with(line, CA_CRT_BEGIN))
			continue;
		kind = kind_of_block(rest);
		if (kind == KIND_DER)
			count++;
		else
			*other = kind == KIND_PKCS7 ? KIND_PKCS7 : KIND_DAMAGED;
	}
	return count;
}

/* A file with a boundary, but without a block of a certificate. */
static enum kind kind_of_armour(struct bytes file, enum kind other)
{
	if (other != KIND_TEXT)
		return other;
	if (bytes_begin_with(file, "\xef\xbb\xbf" CA_CRT_BEGIN))
		return KIND_BOM;
	if (bytes_hold(file, CA_CRT_BEGIN))
		return KIND_DAMAGED;
	if (bytes_hold(file, "-----BEGIN TRUSTED CERTIFICATE-----") ||
	    bytes_hold(file, "-----BEGIN X509 CERTIFICATE-----"))
		return KIND_TRUSTED;
	if (bytes_hold(file, "-----BEGIN PKCS7-----") ||
	    bytes_hold(file, "-----BEGIN CMS-----"))
		return KIND_PKCS7;
	if (bytes_hold(file, "PRIVATE KEY-----"))
		return KIND_KEY;
	if (bytes_hold(file, "CERTIFICATE REQUEST-----"))
		return KIND_REQUEST;
	return KIND_OTHER_PEM;
}

static bool is_html(struct bytes text)
{
	static const char *const starts[] = {"<!doctype", "<html", "<head",
					     "<body",	  "<!--",  "<?xml"};

	if (bytes_begin_with(text, "\xef\xbb\xbf"))
		text = bytes_from(text, 3);
	text = bytes_skip_blanks(text);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (bytes_begin_alike(text, starts[i]))
			return true;
	return false;
}

static enum kind kind_of_rest(struct bytes file)
{
	if (is_html(file))
		return KIND_HTML;
	/* Of certificates, PKCS#7 and keys alike: DER of some size. */
	if (kind_of_base64(file) != KIND_BINARY)
		return KIND_BARE;
	for (size_t i = 0; i < file.len; i++)
		if (file.data[i] < 0x20 && !bytes_is_blank(file.data[i]))
			return KIND_BINARY;
	return KIND_TEXT;
}

/* see kind.h */
enum kind kind_of(struct bytes file, size_t *blocks)
{
	enum kind other = KIND_TEXT;
	enum kind der;

	*blocks = count_blocks(file, &other);
	if (*blocks)
		return KIND_CERTIFICATES;
	if (!bytes_skip_blanks(file).len)
		return KIND_EMPTY;
	if (bytes_hold(file, "-----BEGIN "))
		return kind_of_armour(file, other);
	if (bytes_are_utf16(file))
		return KIND_UTF16;
	der = kind_of_der(file);
	return der == KIND_BINARY ? kind_of_rest(file) : der;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we write into ca.crt, whatever a certificate and its subject are: both
 * of our readers find that certificate in it, and nothing else. The input is
 * flags, the length of a subject, two times (eight octets each), the subject,
 * and what is both the certificate and, by itself, somebody's file.
 */
#include <stdlib.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "probe/verdict/x509/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define HEAD_BYTES 18
#define DER_MAX	   (64 * 1024)
#define SERVICE	   "auth.example.com:5001"

static char text[2 * DER_MAX];
static uint8_t room[2 * DER_MAX];

static int64_t number(const uint8_t *at)
{
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value = value << 8 | at[i];
	return (int64_t)value;
}

/* The one certificate that a reader of PEM finds. */
static void check_found(struct bytes file, struct bytes der,
			struct go_release release)
{
	struct pem_search search = {.file = file};
	struct bytes found;

	if (!pem_next(&search, release, room, sizeof(room), &found) ||
	    !bytes_equal(found, der) ||
	    pem_next(&search, release, room, sizeof(room), &found))
		abort();
}

static void check_written(const struct wire_certificate *c)
{
	static const uint8_t other[] = "another certificate";
	struct ca_crt e;
	struct bytes file;

	ca_crt_begin(&e, text, sizeof(text));
	ca_crt_note_service(&e, SERVICE);
	ca_crt_append(&e, c);
	if (e.overflow)
		abort();
	file = (struct bytes){(const uint8_t *)text, e.len};
	for (size_t i = 0; i < file.len; i++)
		if (text[i] != '\n' && (text[i] < 0x20 || text[i] > 0x7e))
			abort();
	if (!ca_crt_is_marked(file) || !ca_crt_notes_service(file, SERVICE) ||
	    ca_crt_notes_service(file, "auth.example.com") ||
	    !ca_crt_file_names(file, c->der) ||
	    ca_crt_file_names(file, (struct bytes){other, sizeof(other)}))
		abort();
	check_found(file, c->der, (struct go_release){GO_VERSION(24, 4), 24});
	check_found(file, c->der, go_newest());
}

/* The notes of any FILE are kept whole, and once more all of them. */
static void check_notes(struct bytes file)
{
	static char first[DER_MAX + 64], second[DER_MAX + 64];
	struct ca_crt a, b;

	ca_crt_begin(&a, first, sizeof(first));
	ca_crt_keep_notes(&a, file);
	ca_crt_begin(&b, second, sizeof(second));
	ca_crt_keep_notes(&b, (struct bytes){(uint8_t *)first, a.len});
	if (a.overflow || a.len != b.len || memcmp(first, second, a.len) != 0)
		abort();
	if (ca_crt_notes_service(file, SERVICE) !=
	    ca_crt_notes_service((struct bytes){(uint8_t *)first, a.len},
				 SERVICE))
		abort();
	if (!ca_crt_file_names(file, file))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct wire_certificate c = {0};
	uint8_t subject[UINT8_MAX];
	size_t subject_len;

	if (len <= HEAD_BYTES || len > DER_MAX)
		return 0;
	subject_len = data[1] < len - HEAD_BYTES ? data[1] : 0;
	for (size_t i = 0; i < subject_len; i++)
		subject[i] = 0x20 + data[HEAD_BYTES + i] % 95;
	c.flags = data[0] & WIRE_CERT_FLAGS_;
	c.not_before = number(data + 2);
	c.not_after = number(data + 10);
	c.subject = (struct bytes){subject, subject_len};
	c.der = (struct bytes){data + HEAD_BYTES + subject_len,
			       len - HEAD_BYTES - subject_len};
	check_written(&c);
	check_notes(c.der);
	return 0;
}

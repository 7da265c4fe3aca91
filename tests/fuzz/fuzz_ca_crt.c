/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we write into ca.crt, whatever a certificate and its subject are: both
 * of our readers find that certificate in it, and nothing else. The input is
 * flags, the length of a subject, two times (eight octets each), the subject,
 * and what is both the certificate and, by itself, the file that is there:
 * whatever that is, an edit loses nothing of it.
 */
#include <stdlib.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/edit.h"
#include "installer/certs_d/section.h"
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

	ca_crt_open(&e, text, sizeof(text));
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	ca_crt_note_service(&e, SERVICE);
	ca_crt_append(&e, c);
	if (e.overflow)
		abort();
	file = (struct bytes){(const uint8_t *)text, e.len};
	for (size_t i = 0; i < file.len; i++)
		if (text[i] != '\n' && (text[i] < 0x20 || text[i] > 0x7e))
			abort();
	if (section_split(file).ours.len != file.len ||
	    !section_notes_service(file, SERVICE) ||
	    section_notes_service(file, "auth.example.com") ||
	    !ca_crt_file_names(file, c->der) || !ca_crt_holds(file, c->der) ||
	    ca_crt_file_names(file, (struct bytes){other, sizeof(other)}))
		abort();
	check_found(file, c->der, (struct go_release){GO_VERSION(24, 4), 24});
	check_found(file, c->der, go_newest());
}

static struct bytes compose(const struct edit *edit, char *out)
{
	struct edit_result made;
	struct failure f;

	if (edit_compose(edit, out, 4 * DER_MAX, &made, &f) != ERR_OK)
		abort();
	return made.content;
}

static struct bytes leave(struct bytes file, char *out)
{
	struct edit_result made;
	struct failure f;

	if (edit_remove(file, out, 4 * DER_MAX, &made, &f) != ERR_OK)
		abort();
	return made.content;
}

/* Are the blocks of OURS still there, but for those that have ended? */
static void check_blocks(struct bytes ours, struct bytes file, int64_t now)
{
	struct section_piece piece;

	while (section_next(&ours, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    block_end_of(&piece.block, now) != BLOCK_END_PASSED &&
		    !memmem(file.data, file.len, piece.block.pem.data,
			    piece.block.pem.len))
			abort();
}

static void check_edit(struct bytes old, enum edit_act act, int64_t now)
{
	static const uint8_t der[] = "a certificate";
	static char first[4 * DER_MAX], second[4 * DER_MAX];
	static char before[4 * DER_MAX], after[4 * DER_MAX];
	const struct wire_certificate c = {.der = {der, sizeof(der)},
					   .not_after = now,
					   .flags = WIRE_CERT_ANCHOR};
	struct edit edit = {.old = old,
			    .certs = &c,
			    .cert_count = 1,
			    .act = act,
			    .service = SERVICE,
			    .now = now};
	struct bytes file = compose(&edit, first);

	if (act != EDIT_REPLACE)
		check_blocks(section_split(old).ours, file, now);
	if (act != EDIT_KEEP && !ca_crt_file_names(file, c.der))
		abort();
	edit.old = file;
	if (!bytes_equal(compose(&edit, second), file))
		abort();
	old = leave(old, before);
	if (!bytes_equal(leave(file, after), old))
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
	if (!ca_crt_file_names(c.der, c.der))
		abort();
	check_edit(c.der, data[0] >> 7 ? EDIT_REPLACE : EDIT_ADD, c.not_after);
	if (section_exists(c.der))
		check_edit(c.der, EDIT_KEEP, c.not_after);
	return 0;
}

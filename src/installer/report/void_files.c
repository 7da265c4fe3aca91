/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/void_files.h"

#include <string.h>

#include "common/escape.h"
#include "installer/certs_d/kind.h"
#include "installer/report/detail.h"
#include "installer/report/json_value.h"

static bool is_void(const struct report *r, size_t i)
{
	return r->void_files >> i & 1;
}

/* The name as printable ASCII: anybody may have given it. */
static void write_name(const struct report *r, size_t i,
		       char out[static SURVEY_NAME_BYTES])
{
	const char *raw = r->survey->files[i].name;

	escape_text(out, SURVEY_NAME_BYTES, raw, strlen(raw));
}

static enum kind kind_at(const struct report *r, size_t i)
{
	size_t ignored;

	return kind_of(r->survey->files[i].content, &ignored);
}

/* see report.h */
unsigned report_void_left(const struct report *r)
{
	unsigned left = r->void_files;

	if (r->state != REPORT_INSTALLED && r->state != REPORT_ADDED)
		return left;
	/* ca.crt is another now. */
	for (size_t i = 0; left && i < r->survey->file_count; i++)
		if (!strcmp(r->survey->files[i].name, SURVEY_CA_FILE))
			left &= ~(1U << i);
	return left;
}

/* see void_files.h */
void void_files_print(FILE *to, const struct report *r)
{
	char name[SURVEY_NAME_BYTES];
	char text[SURVEY_NAME_BYTES + 128];

	if (!r->void_files)
		return;
	for (size_t i = 0; i < r->survey->file_count; i++) {
		if (!is_void(r, i))
			continue;
		write_name(r, i, name);
		snprintf(text, sizeof(text), "%s: %s", name,
			 kind_words(kind_at(r, i)));
		detail_print(to, "not read", text);
	}
	if (r->state == REPORT_UNREADABLE && !r->options->offline &&
	    !report_cannot_write(r) &&
	    r->verdict.code == VERDICT_UNKNOWN_AUTHORITY)
		detail_print(to, "next",
			     "a run without --check installs the anchor");
}

/* see void_files.h */
void void_files_print_json(FILE *to, const struct report *r)
{
	char name[SURVEY_NAME_BYTES];
	const char *comma = "";

	json_key(to, "void_files");
	fprintf(to, "[");
	for (size_t i = 0; r->void_files && i < r->survey->file_count; i++) {
		if (!is_void(r, i))
			continue;
		write_name(r, i, name);
		fprintf(to, "%s{\"file\":", comma);
		json_string(to, bytes_of(name));
		json_text(to, "kind", kind_word(kind_at(r, i)));
		json_text(to, "what", kind_words(kind_at(r, i)));
		fprintf(to, "}");
		comma = ",";
	}
	fprintf(to, "]");
}

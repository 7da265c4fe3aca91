/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/detail.h"

#include <string.h>

#include "common/fingerprint.h"
#include "installer/report/quote.h"

/* How much of TEXT the next line takes: up to the last blank that fits, or to
 * the first one where none does. */
static size_t line_of(const char *text)
{
	size_t end = QUOTE_TEXT_COLUMNS;

	if (strlen(text) <= QUOTE_TEXT_COLUMNS)
		return strlen(text);
	while (end && text[end] != ' ')
		end--;
	return end ? end : strcspn(text, " ");
}

/* see detail.h */
void detail_print(FILE *to, const char *label, const char *text)
{
	do {
		size_t len = line_of(text);

		fprintf(to, QUOTE_LABEL "%.*s\n", label, (int)len, text);
		text += len;
		text += strspn(text, " ");
		label = "";
	} while (*text);
}

/* see detail.h */
void detail_fingerprint(FILE *to, struct bytes der)
{
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	fingerprint_encode(&fp, text);
	fprintf(to, "    %s\n", text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/quote.h"

#include <string.h>

/* How much of the LEN characters of TEXT the next line takes, if it has ROOM:
 * up to its last blank, or all of the room where there is none. */
static size_t line_of(const char *text, size_t len, size_t room)
{
	size_t end = room;

	if (len <= room)
		return len;
	while (end && text[end] != ' ')
		end--;
	return end ? end : room;
}

/* see quote.h */
void quote_print(FILE *to, const char *label, struct bytes text,
		 const char *after)
{
	const char *left = (const char *)text.data;
	size_t len = text.len;
	const char *open = "\"";
	bool is_full = false;

	while (len) {
		/* Both quotes have their column on each line. */
		size_t n = line_of(left, len, QUOTE_TEXT_COLUMNS - 2);

		fprintf(to, QUOTE_LABEL "%s%.*s", label, open, (int)n, left);
		left += n;
		len -= n;
		while (len && *left == ' ') {
			left++;
			len--;
		}
		fprintf(to, len ? "\n" : "\"");
		is_full = n + 2 + strlen(after) > QUOTE_TEXT_COLUMNS;
		label = "";
		open = " ";
	}
	if (is_full)
		fprintf(to, "\n" QUOTE_LABEL, "");
	if (text.len)
		fprintf(to, "%s\n", after);
}

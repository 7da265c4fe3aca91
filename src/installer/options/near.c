/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/near.h"

#include <stdbool.h>
#include <string.h>

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the table at a time: of the prefixes of TEXT that end before,
 * at and behind the last letter, against all prefixes of WORD. */
struct rows {
	size_t last[NEAR_CHARS_MAX + 1];
	size_t here[NEAR_CHARS_MAX + 1];
	size_t next[NEAR_CHARS_MAX + 1];
};

static void fill_next(struct rows *r, const char *text, size_t i,
		      const char *word, size_t count)
{
	r->next[0] = i + 1;
	for (size_t k = 0; k < count; k++) {
		bool same = lower(text[i]) == lower(word[k]);

		r->next[k + 1] = least(r->here[k] + !same,
				       least(r->here[k + 1], r->next[k]) + 1);
		if (i && k && lower(text[i]) == lower(word[k - 1]) &&
		    lower(text[i - 1]) == lower(word[k]))
			r->next[k + 1] =
				least(r->next[k + 1], r->last[k - 1] + 1);
	}
}

/* see near.h */
size_t near_distance(const char *text, size_t len, const char *word)
{
	size_t count = strlen(word);
	struct rows r;

	if (len > NEAR_CHARS_MAX || count > NEAR_CHARS_MAX)
		return NEAR_FAR;
	memset(&r, 0, sizeof(r));
	for (size_t k = 0; k <= count; k++)
		r.here[k] = k;
	for (size_t i = 0; i < len; i++) {
		fill_next(&r, text, i, word, count);
		memcpy(r.last, r.here, sizeof(r.last));
		memcpy(r.here, r.next, sizeof(r.here));
	}
	return least(r.here[count], NEAR_FAR);
}

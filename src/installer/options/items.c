/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/items.h"

#include <string.h>
#include <strings.h>

/* Unicode's white space beyond ASCII, and the marks of no width that come with
 * a paste, as UTF-8. */
static const char *const wide_spaces[] = {
	"\xc2\x85",	"\xc2\xa0",	"\xe1\x9a\x80", "\xe2\x80\x80",
	"\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84",
	"\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
	"\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\x8b", "\xe2\x80\xa8",
	"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe2\x81\xa0",
	"\xe3\x80\x80", "\xef\xbb\xbf"};

/* The length of the space that the LEN bytes at TEXT begin with, or 0. */
static size_t space_len(const char *text, size_t len)
{
	if (len && memchr(" \t\n\v\f\r", *text, 6))
		return 1;
	for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(*wide_spaces);
	     i++) {
		size_t n = strlen(wide_spaces[i]);

		if (len >= n && !memcmp(text, wide_spaces[i], n))
			return n;
	}
	return 0;
}

static size_t trailing_space_len(struct item item)
{
	for (size_t n = 1; n <= 3 && n <= item.len; n++)
		if (space_len(item.text + item.len - n, n) == n)
			return n;
	return 0;
}

static struct item trim(struct item item)
{
	size_t n;

	while ((n = space_len(item.text, item.len))) {
		item.text += n;
		item.len -= n;
	}
	while ((n = trailing_space_len(item)))
		item.len -= n;
	return item;
}

/* see items.h */
struct item item_of(const char *text)
{
	return (struct item){text, strlen(text)};
}

/* see items.h */
struct item item_clean(struct item item)
{
	item = trim(item);
	if (item.len < 2 || item.text[0] != item.text[item.len - 1] ||
	    (item.text[0] != '"' && item.text[0] != '\''))
		return item;
	return trim((struct item){item.text + 1, item.len - 2});
}

/* see items.h */
bool item_is(struct item item, const char *word)
{
	return item.len == strlen(word) &&
	       !strncasecmp(item.text, word, item.len);
}

/* see items.h */
bool item_equals(struct item item, const char *word)
{
	return item.len == strlen(word) && !memcmp(item.text, word, item.len);
}

/* How many bytes of white space and commas ITEM begins with. */
static size_t gap_len(struct item item)
{
	size_t gap = 0;

	while (gap < item.len) {
		size_t n = space_len(item.text + gap, item.len - gap);

		if (!n && item.text[gap] != ',')
			break;
		gap += n ? n : 1;
	}
	return gap;
}

static void skip(struct item *rest, size_t len)
{
	rest->text += len;
	rest->len -= len;
}

/* see items.h */
bool item_next(struct item *rest, struct item *item)
{
	do {
		size_t len = 0;

		skip(rest, gap_len(*rest));
		if (!rest->len)
			return false;
		while (len < rest->len &&
		       !gap_len((struct item){rest->text + len,
					      rest->len - len}))
			len++;
		*item = item_clean((struct item){rest->text, len});
		skip(rest, len);
	} while (!item->len || item_is(*item, "-"));
	return true;
}

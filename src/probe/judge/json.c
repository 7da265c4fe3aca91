/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/judge/json.h"

#include <string.h>

#include "common/hex.h"

static void skip(struct json_walk *w, size_t len)
{
	w->left = bytes_from(w->left, len);
}

static void skip_blanks(struct json_walk *w)
{
	w->left = bytes_skip_blanks(w->left);
}

/* see json.h */
bool json_take(struct json_walk *w, char c)
{
	skip_blanks(w);
	if (!w->left.len || w->left.data[0] != (uint8_t)c)
		return false;
	skip(w, 1);
	return true;
}

/* see json.h */
bool json_at_end(struct json_walk *w)
{
	skip_blanks(w);
	return !w->left.len;
}

static void append(struct json_text *text, unsigned c)
{
	if (c > 0x7e || text->len == sizeof(text->data))
		text->is_cut = true;
	else
		text->data[text->len++] = (char)c;
}

/* Four digits behind \u. Halves of a pair are no ASCII, so nothing is lost. */
static bool take_unit(struct json_walk *w)
{
	unsigned unit = 0;

	if (w->left.len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_value(w->left.data[i]);

		if (digit < 0)
			return false;
		unit = unit << 4 | (unsigned)digit;
	}
	skip(w, 4);
	append(&w->text, unit);
	return true;
}

/* Behind a backslash. */
static bool take_escape(struct json_walk *w)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *at;
	uint8_t c;

	if (!w->left.len)
		return false;
	c = w->left.data[0];
	skip(w, 1);
	if (c == 'u')
		return take_unit(w);
	at = memchr(letters, c, sizeof(letters) - 1);
	if (!at)
		return false;
	append(&w->text, (unsigned char)meant[at - letters]);
	return true;
}

/* From behind its opening quote to behind the closing one. */
static bool take_string(struct json_walk *w)
{
	w->text.len = 0;
	w->text.is_cut = false;
	while (w->left.len) {
		uint8_t c = w->left.data[0];

		skip(w, 1);
		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !take_escape(w)))
			return false;
		if (c != '\\')
			append(&w->text, c);
	}
	return false;
}

/* see json.h */
bool json_take_name(struct json_walk *w)
{
	return json_take(w, '"') && take_string(w) && json_take(w, ':');
}

static bool take_word(struct json_walk *w, const char *word)
{
	size_t len = strlen(word);

	if (!bytes_begin_with(w->left, word))
		return false;
	skip(w, len);
	return true;
}

static bool take_number(struct json_walk *w)
{
	size_t len = 0;

	while (len < w->left.len &&
	       memchr("+-.0123456789Ee", w->left.data[len], 15))
		len++;
	skip(w, len);
	return len > 0;
}

/* see json.h */
bool json_next(struct json_walk *w, struct json_value *out)
{
	bool is_false = false;

	out->is_true = false;
	out->kind = JSON_OBJECT;
	if (json_take(w, '{'))
		return true;
	out->kind = JSON_ARRAY;
	if (json_take(w, '['))
		return true;
	out->kind = JSON_STRING;
	if (json_take(w, '"'))
		return take_string(w);
	out->kind = JSON_BOOLEAN;
	out->is_true = take_word(w, "true");
	is_false = !out->is_true && take_word(w, "false");
	if (out->is_true || is_false)
		return true;
	out->kind = JSON_NULL;
	if (take_word(w, "null"))
		return true;
	out->kind = JSON_NUMBER;
	return take_number(w);
}

/* see json.h */
bool json_text_is(const struct json_text *text, const char *word)
{
	return !text->is_cut && text->len == strlen(word) &&
	       !memcmp(text->data, word, text->len);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/json_value.h"

#include <string.h>

#include "common/date.h"

/* The length of the UTF-8 character that TEXT begins with; 0 where it is none
 * (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
static size_t character_len(struct bytes text)
{
	static const struct {
		uint8_t first, last; /* the first byte */
		uint8_t second_min, second_max;
		size_t len;
	} rows[] = {{0x00, 0x7f, 0, 0, 1},	 {0xc2, 0xdf, 0x80, 0xbf, 2},
		    {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
		    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
		    {0xf4, 0xf4, 0x80, 0x8f, 4}};
	uint8_t first = text.data[0];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = rows[i].len;

		if (first < rows[i].first || first > rows[i].last)
			continue;
		if (len > text.len ||
		    (len > 1 && (text.data[1] < rows[i].second_min ||
				 text.data[1] > rows[i].second_max)))
			return 0;
		for (size_t k = 2; k < len; k++)
			if ((text.data[k] & 0xc0) != 0x80)
				return 0;
		return len;
	}
	return 0;
}

/* see json_value.h */
void json_string(FILE *to, struct bytes text)
{
	putc('"', to);
	while (text.len) {
		size_t len = character_len(text);

		if (len == 0)
			fprintf(to, "\\ufffd");
		else if (text.data[0] < 0x20)
			fprintf(to, "\\u%04x", text.data[0]);
		else
			fprintf(to, "%s%.*s",
				strchr("\"\\", text.data[0]) ? "\\" : "",
				(int)len, (const char *)text.data);
		text = bytes_from(text, len ? len : 1);
	}
	putc('"', to);
}

/* see json_value.h */
void json_key(FILE *to, const char *key)
{
	fprintf(to, ",\"%s\":", key);
}

/* see json_value.h */
void json_bytes(FILE *to, const char *key, struct bytes text)
{
	json_key(to, key);
	if (text.len)
		json_string(to, text);
	else
		fprintf(to, "null");
}

/* see json_value.h */
void json_text(FILE *to, const char *key, const char *text)
{
	json_bytes(to, key, bytes_of(text ? text : ""));
}

/* see json_value.h */
void json_bool(FILE *to, const char *key, bool value)
{
	json_key(to, key);
	fprintf(to, value ? "true" : "false");
}

/* see json_value.h */
void json_time(FILE *to, const char *key, int64_t seconds)
{
	char text[DATE_BYTES];

	date_encode(seconds, text);
	json_text(to, key, text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/json_value.h"

#include <string.h>

#include "common/date.h"
#include "common/utf8.h"

/* see json_value.h */
void json_string(FILE *to, struct bytes text)
{
	putc('"', to);
	while (text.len) {
		uint32_t ignored;
		size_t len = utf8_decode(text, &ignored);

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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /v2/ and the header of its answer; see answer.h.
 */
#include "probe/judge/answer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* see answer.h */
void answer_request(const struct registry *registry,
		    char out[static ANSWER_REQUEST_BYTES])
{
	snprintf(out, ANSWER_REQUEST_BYTES,
		 "GET /v2/ HTTP/1.1\r\nHost: %s\r\nUser-Agent: dtr-trust\r\n"
		 "Connection: close\r\n\r\n",
		 registry->reference);
}

/* Cut the next line, without its end, off TEXT. False when none is left. */
static bool next_line(struct bytes *text, struct bytes *line)
{
	const uint8_t *end =
		text->len ? memchr(text->data, '\n', text->len) : NULL;
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end - text->data);
	*line = (struct bytes){text->data, len};
	if (len && line->data[len - 1] == '\r')
		line->len--;
	text->data += len + 1;
	text->len -= len + 1;
	return true;
}

/* If LINE is the field NAME, leave its value in LINE. */
static bool take_field(struct bytes *line, const char *name)
{
	size_t len = strlen(name);

	if (line->len <= len || line->data[len] != ':' ||
	    strncasecmp((const char *)line->data, name, len))
		return false;
	line->data += len + 1;
	line->len -= len + 1;
	while (line->len && (*line->data == ' ' || *line->data == '\t')) {
		line->data++;
		line->len--;
	}
	return true;
}

static int read_status(struct bytes line)
{
	const uint8_t *d = line.data;

	if (line.len < 12 || memcmp(d, "HTTP/1.", 7) != 0 || d[8] != ' ')
		return 0;
	for (size_t i = 9; i < 12; i++)
		if (d[i] < '0' || d[i] > '9')
			return 0;
	return (d[9] - '0') * 100 + (d[10] - '0') * 10 + (d[11] - '0');
}

/* VALUE is that of WWW-Authenticate. */
static void read_challenge(struct bytes value, struct answer *out)
{
	static const char scheme[] = "Bearer ";
	static const char realm[] = "realm=\"";
	const size_t realm_len = sizeof(realm) - 1;
	struct failure ignored;
	const uint8_t *start;
	const uint8_t *end;
	size_t left;

	if (value.len < sizeof(scheme) - 1 ||
	    strncasecmp((const char *)value.data, scheme, sizeof(scheme) - 1))
		return;
	start = value.data;
	left = value.len;
	while (left >= realm_len &&
	       strncasecmp((const char *)start, realm, realm_len)) {
		start++;
		left--;
	}
	if (left < realm_len)
		return;
	start += realm_len;
	left -= realm_len;
	end = memchr(start, '"', left);
	if (!end || left < 8 || strncasecmp((const char *)start, "https://", 8))
		return;
	out->has_token_service =
		registry_parse((const char *)start, (size_t)(end - start),
			       &out->token_service, &ignored) == ERR_OK;
}

/* see answer.h */
void answer_read(struct bytes header, struct answer *out)
{
	struct bytes rest = header;
	struct bytes line;

	memset(out, 0, sizeof(*out));
	if (!next_line(&rest, &line))
		return;
	out->status = read_status(line);
	while (out->status && next_line(&rest, &line) && line.len) {
		if (take_field(&line, "Docker-Distribution-Api-Version"))
			out->is_registry = true;
		else if (!out->has_token_service &&
			 take_field(&line, "WWW-Authenticate"))
			read_challenge(line, out);
	}
}

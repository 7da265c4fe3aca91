/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/etc_files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/io.h"

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A name or an address that is cut is another one. */
static struct bytes without_cut_word(struct bytes text)
{
	while (text.len && !is_space(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* see etc_files.h */
int etc_files_read(const char *path, uint8_t buffer[static NETFILE_BYTES_MAX],
		   struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error = 0;

	*out = (struct bytes){buffer, 0};
	if (fd < 0)
		return errno;
	if (!io_read_all(fd, buffer, NETFILE_BYTES_MAX, &out->len)) {
		error = errno == EFBIG ? 0 : errno;
		out->len = error ? 0 : out->len;
		*out = without_cut_word(*out);
	}
	close(fd);
	return error;
}

/* The next line of REST without its LF; false at the end. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
	if (!rest->len)
		return false;
	*line = bytes_line(*rest);
	*rest = bytes_from(*rest, line->len);
	line->len -= bytes_end_with(*line, "\n");
	return true;
}

/* The next run of non-space of LINE; empty at its end. */
static struct bytes next_word(struct bytes *line)
{
	struct bytes word;

	while (line->len && is_space(*line->data))
		*line = bytes_from(*line, 1);
	word = (struct bytes){line->data, 0};
	while (word.len < line->len && !is_space(word.data[word.len]))
		word.len++;
	*line = bytes_from(*line, word.len);
	return word;
}

static bool copy(struct bytes word, char text[static ADDRESS_CHARS_MAX])
{
	if (!word.len || word.len >= ADDRESS_CHARS_MAX)
		return false;
	memcpy(text, word.data, word.len);
	text[word.len] = '\0';
	return true;
}

/* see etc_files.h */
bool etc_files_nameserver(struct bytes *rest,
			  char text[static ADDRESS_CHARS_MAX])
{
	static const char keyword[] = "nameserver";
	static const size_t len = sizeof(keyword) - 1;
	struct bytes line;

	while (next_line(rest, &line)) {
		if (line.len <= len || line.len > RESOLV_LINE_MAX ||
		    memcmp(line.data, keyword, len) ||
		    !is_space(line.data[len]))
			continue;
		line = bytes_from(line, len);
		if (copy(next_word(&line), text))
			return true;
	}
	return false;
}

/* Behind "ndots:"; what is no number is 0, as in Go. */
static unsigned read_dots(struct bytes digits)
{
	unsigned dots = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9')
			break;
		dots = dots * 10 + digits.data[i] - '0';
		if (dots > NDOTS_MAX)
			return NDOTS_MAX;
	}
	return dots;
}

static void read_options(struct bytes line, struct etc_search *out)
{
	static const char ndots[] = "ndots:";
	struct bytes word;

	while ((word = next_word(&line)).len)
		if (bytes_begin_with(word, ndots))
			out->dots =
				read_dots(bytes_from(word, sizeof(ndots) - 1));
}

/* see etc_files.h */
void etc_files_search(struct bytes conf, struct etc_search *out)
{
	struct bytes line, keyword;

	*out = (struct etc_search){.dots = 1};
	while (next_line(&conf, &line)) {
		keyword = next_word(&line);
		if (bytes_equal(keyword, bytes_of("search")))
			out->domains = line;
		else if (bytes_equal(keyword, bytes_of("options")))
			read_options(line, out);
		else if (bytes_equal(keyword, bytes_of("domain"))) {
			keyword = next_word(&line);
			if (keyword.len)
				out->domains = keyword;
		}
	}
}

/* see etc_files.h */
bool etc_files_domain(struct bytes *domains,
		      char text[static HOST_CHARS_MAX + 1])
{
	struct bytes word;

	while ((word = next_word(domains)).len) {
		if (word.data[word.len - 1] == '.')
			word.len--;
		if (!word.len || word.len > HOST_CHARS_MAX)
			continue;
		memcpy(text, word.data, word.len);
		text[word.len] = '\0';
		return true;
	}
	return false;
}

static bool names(struct bytes line, const char *name)
{
	struct bytes word;

	do
		word = next_word(&line);
	while (word.len && !bytes_are_alike(word, name));
	return word.len > 0;
}

/* see etc_files.h */
bool etc_files_host(struct bytes *rest, const char *name,
		    char text[static ADDRESS_CHARS_MAX])
{
	struct bytes line;
	struct bytes address;

	while (next_line(rest, &line)) {
		const uint8_t *hash =
			line.len ? memchr(line.data, '#', line.len) : NULL;

		if (hash)
			line.len = (size_t)(hash - line.data);
		address = next_word(&line);
		if (names(line, name) && copy(address, text))
			return true;
	}
	return false;
}

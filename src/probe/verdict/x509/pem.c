/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/pem.h"

#include "probe/verdict/x509/base64.h"

static const char BEGIN[] = "\n-----BEGIN ";
static const char END[] = "\n-----END ";
static const char DASHES[] = "-----";
static const char LABEL[] = "CERTIFICATE";

#define BEGIN_LEN  (sizeof(BEGIN) - 1)
#define END_LEN	   (sizeof(END) - 1)
#define DASHES_LEN (sizeof(DASHES) - 1)

/* A block whose lines were found; offsets into the file. */
struct block {
	struct bytes label;
	size_t body, end; /* base64 between them; end is at "\n-----END " */
	size_t trailer;	  /* after "-----END " */
	bool has_headers;
};

static bool is_at(struct bytes b, size_t at, const char *s, size_t len)
{
	return at <= b.len && b.len - at >= len && !memcmp(b.data + at, s, len);
}

/* The first S at or after FROM; b.len if there is none. */
static size_t find(struct bytes b, size_t from, const char *s, size_t len)
{
	while (from < b.len) {
		const uint8_t *p = memchr(b.data + from, s[0], b.len - from);

		if (!p)
			break;
		from = (size_t)(p - b.data);
		if (is_at(b, from, s, len))
			return from;
		from++;
	}
	return b.len;
}

/* The line at AT, without its end and trailing blanks; NEXT is the next. */
static struct bytes get_line(struct bytes b, size_t at, size_t *next)
{
	size_t end = find(b, at, "\n", 1);

	*next = end < b.len ? end + 1 : end;
	if (end < b.len && end > at && b.data[end - 1] == '\r')
		end--;
	while (end > at && (b.data[end - 1] == ' ' || b.data[end - 1] == '\t'))
		end--;
	return (struct bytes){b.data + at, end - at};
}

/*
 * The END line at or after AT; remembered, so that all searches are linear. On
 * the way to it the last BEGIN is remembered, wherever it stands. Nothing but
 * dashes is looked at: base64 has none.
 */
static size_t find_end(struct pem_search *s, size_t at)
{
	size_t from = at;

	if (s->end_at && s->end_at >= at)
		return s->end_at;
	s->has_begin = false;
	for (s->end_at = s->file.len; at < s->file.len; at++) {
		const uint8_t *dash =
			memchr(s->file.data + at, '-', s->file.len - at);

		if (!dash)
			break;
		at = (size_t)(dash - s->file.data);
		if (is_at(s->file, at, BEGIN + 1, BEGIN_LEN - 1)) {
			s->has_begin = true;
			s->begin_at = at;
		} else if (at > from && dash[-1] == '\n' &&
			   is_at(s->file, at, END + 1, END_LEN - 1)) {
			s->end_at = at - 1;
			break;
		}
	}
	return s->end_at;
}

/* Read the label and pass over headers. False: nothing can follow. */
static bool read_head(struct pem_search *s, size_t at, struct block *block,
		      bool *is_begin)
{
	struct bytes line = get_line(s->file, at, &block->body);
	size_t next;

	*is_begin = line.len >= DASHES_LEN &&
		    is_at(line, line.len - DASHES_LEN, DASHES, DASHES_LEN);
	if (!*is_begin)
		return true;
	block->label = (struct bytes){line.data, line.len - DASHES_LEN};
	block->has_headers = false;
	for (;; block->body = next) {
		if (block->body == s->file.len)
			return false;
		line = get_line(s->file, block->body, &next);
		if (!line.len || !memchr(line.data, ':', line.len))
			return true;
		block->has_headers = true;
	}
}

/* Does the END line name the same label, and nothing after it? */
static bool is_ended(const struct pem_search *s, const struct block *block)
{
	size_t after = block->trailer + block->label.len;
	size_t next;

	return block->trailer <= s->file.len &&
	       is_at(s->file, block->trailer, (const char *)block->label.data,
		     block->label.len) &&
	       is_at(s->file, after, DASHES, DASHES_LEN) &&
	       !get_line(s->file, after + DASHES_LEN, &next).len;
}

/* GO_PEM_LAST_BEGIN: from an END back to the last BEGIN before it. */
static bool find_block(struct pem_search *s, struct block *block)
{
	while (s->at <= s->file.len) {
		size_t start = s->at, end = find_end(s, start);
		size_t begin = s->begin_at;
		bool is_begin;

		if (end == s->file.len)
			return false;
		s->at = block->trailer = end + END_LEN;
		if (!s->has_begin || begin < start ||
		    (begin > start && s->file.data[begin - 1] != '\n'))
			continue;
		if (!read_head(s, begin + BEGIN_LEN - 1, block, &is_begin))
			return false;
		block->end = end;
		if (!is_begin)
			continue;
		if (block->has_headers && end < block->body) {
			if (block->trailer < block->body)
				return false;
			continue;
		}
		if (is_ended(s, block))
			return true;
	}
	return false;
}

/* Older releases: from a BEGIN on to the first END after it. */
static bool find_block_forward(struct pem_search *s, struct block *block)
{
	for (;;) {
		size_t begin =
			is_at(s->file, s->at, BEGIN + 1, BEGIN_LEN - 1)
				? s->at + BEGIN_LEN - 1
				: find(s->file, s->at, BEGIN, BEGIN_LEN) +
					  BEGIN_LEN;
		bool is_begin;

		if (begin > s->file.len ||
		    !read_head(s, begin, block, &is_begin))
			return false;
		s->at = block->body;
		if (!is_begin)
			continue;
		if (!block->has_headers &&
		    is_at(s->file, block->body, END + 1, END_LEN - 1)) {
			block->end = block->body;
			block->trailer = block->body + END_LEN - 1;
		} else {
			block->end = find_end(s, block->body);
			block->trailer = block->end + END_LEN;
			if (block->end == s->file.len)
				continue;
		}
		if (is_ended(s, block))
			return true;
	}
}

/* see pem.h */
bool pem_next(struct pem_search *s, struct go_release release, uint8_t *out,
	      size_t size, struct bytes *der)
{
	bool backward = go_follows(release, GO_PEM_LAST_BEGIN);
	struct block b;

	while (backward ? find_block(s, &b) : find_block_forward(s, &b)) {
		size_t len = b.end > b.body ? b.end - b.body : 0;
		struct bytes text = {s->file.data + b.body, len};

		if (!base64_decode(text, out, size, &len))
			continue;
		/* Not before the end of the END line: Go starts there. */
		get_line(s->file, b.end + END_LEN - 1, &s->at);
		if (b.has_headers || b.label.len != sizeof(LABEL) - 1 ||
		    memcmp(b.label.data, LABEL, b.label.len))
			continue;
		*der = (struct bytes){out, len};
		return true;
	}
	return false;
}

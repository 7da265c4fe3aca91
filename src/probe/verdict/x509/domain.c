/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/domain.h"

#include "common/limits.h"

/* see domain.h */
bool domain_is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] >= 0x80)
			return false;
	return true;
}

/* No empty label, only visible characters; an empty name is fine. STRICT are
 * only two patches of Go: the lengths of RFC 1035. */
static bool has_labels(struct bytes b, bool strict)
{
	size_t start = 0;

	if (!b.len)
		return true;
	for (size_t i = 0; i <= b.len; i++) {
		if (i < b.len && b.data[i] != '.') {
			if (b.data[i] < 33 || b.data[i] > 126)
				return false;
			continue;
		}
		if (i == start || (strict && i - start > LABEL_CHARS_MAX))
			return false;
		start = i + 1;
	}
	return true;
}

/* see domain.h */
bool domain_is_valid(struct bytes b, bool constraint, struct go_release release)
{
	bool modern = go_follows(release, GO_DOMAIN_VALID);
	bool strict = modern && !go_follows(release, GO_DOMAIN_LENIENT);
	bool dotted = b.len && b.data[0] == '.';

	if (strict &&
	    (!b.len || (dotted && !constraint) || b.len > HOST_CHARS_MAX))
		return false;
	if (modern && b.len && b.data[b.len - 1] == '.')
		return false;
	if (constraint && dotted)
		b = bytes_from(b, 1);
	if (!go_follows(release, GO_REFUSE_LEADING_DOT) && b.len > 1 &&
	    b.data[0] == '.')
		b = bytes_from(b, 1);
	return has_labels(b, strict);
}

static bool is_atom_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_quotable(uint8_t c)
{
	return (c >= 1 && c <= 9) || c == 11 || c == 12 ||
	       (c >= 14 && c <= 127);
}

static bool is_quoted_char(uint8_t c)
{
	return c == 11 || c == 12 || c == 32 || c == 33 || c == 127 ||
	       (c >= 1 && c <= 8) || (c >= 14 && c <= 31) ||
	       (c >= 35 && c <= 91) || (c >= 93 && c <= 126);
}

/* Read a quoted string, after its first quote and up to its last. */
static bool read_quoted(struct bytes *in, struct text *local)
{
	while (in->len) {
		uint8_t c = in->data[0];

		*in = bytes_from(*in, 1);
		if (c == '"')
			return true;
		if (c == '\\') {
			if (!in->len || !is_quotable(in->data[0]))
				return false;
			c = in->data[0];
			*in = bytes_from(*in, 1);
		} else if (!is_quoted_char(c)) {
			return false;
		}
		text_add_char(local, (char)c);
	}
	return false;
}

/* Read atoms and dots; a backslash quotes any character. */
static bool read_atoms(struct bytes *in, struct text *local)
{
	struct bytes b;

	while (in->len) {
		uint8_t c = in->data[0];

		if (c == '\\') {
			*in = bytes_from(*in, 1);
			if (!in->len)
				return false;
			c = in->data[0];
		} else if (!is_atom_char(c)) {
			break;
		}
		text_add_char(local, (char)c);
		*in = bytes_from(*in, 1);
	}
	b = text_bytes(local);
	if (!b.len || b.data[0] == '.' || b.data[b.len - 1] == '.')
		return false;
	for (size_t i = 1; i < b.len; i++)
		if (b.data[i] == '.' && b.data[i - 1] == '.')
			return false;
	return true;
}

/* see domain.h */
bool domain_of_mailbox(struct bytes in, struct go_release release,
		       struct text *local, struct bytes *domain)
{
	bool strict = go_follows(release, GO_STRICT_MAILBOX), valid;

	if (!in.len)
		return false;
	if (in.data[0] == '"') {
		in = bytes_from(in, 1);
		valid = read_quoted(&in, local);
	} else {
		valid = read_atoms(&in, local);
	}
	if (!valid || local->cut || !in.len || in.data[0] != '@')
		return false;
	*domain = bytes_from(in, 1);
	if (strict && domain->len && memchr(domain->data, '@', domain->len))
		return false;
	return domain_is_valid(*domain, false, release);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* see domain.h */
bool domain_equal(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

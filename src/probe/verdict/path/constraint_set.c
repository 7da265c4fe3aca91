/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of constraints: merge sort, pruning and binary search, as in Go.
 */
#include "probe/verdict/path/constraint_set.h"

#include "probe/verdict/path/constraint_order.h"
#include "probe/verdict/x509/domain.h"

/* The set that is worked on. */
struct work {
	struct constraint_budget *budget;
	struct go_release release;
	uint8_t tag;
};

static int compare(const struct work *w, struct bytes a, struct bytes b)
{
	constraint_step(w->budget);
	return constraint_order(w->tag, a, b, w->release);
}

/* Merge sort, stable; SCRATCH has room for the set. */
static void sort(const struct work *w, struct constraint_set *s,
		 struct bytes *scratch)
{
	for (size_t width = 1; width < s->len && !w->budget->spent;
	     width *= 2) {
		for (size_t start = 0; start < s->len; start += 2 * width) {
			size_t middle = start + width, end = middle + width;
			size_t i = start, j = middle, n = start;

			if (middle >= s->len)
				break;
			end = end < s->len ? end : s->len;
			while (i < middle && j < end)
				scratch[n++] =
					compare(w, s->item[j], s->item[i]) < 0
						? s->item[j++]
						: s->item[i++];
			while (i < middle)
				scratch[n++] = s->item[i++];
			while (j < end)
				scratch[n++] = s->item[j++];
			memcpy(s->item + start, scratch + start,
			       (end - start) * sizeof(*scratch));
		}
	}
}

/* Drop what lies inside its predecessor. */
static void prune(const struct work *w, struct constraint_set *s)
{
	size_t kept = 1;

	for (size_t i = 1; i < s->len && !w->budget->spent; i++) {
		constraint_step(w->budget);
		if (!constraint_holds(w->tag, s->item[kept - 1], s->item[i]))
			s->item[kept++] = s->item[i];
	}
	if (s->len)
		s->len = kept;
}

/* Is this constraint for the set? ADDRESS_LEN: of the addresses, or 0. */
static bool belongs(const struct constraint_set *s, uint8_t tag,
		    struct bytes value, size_t address_len)
{
	bool mailbox = tag == GENERAL_NAME_EMAIL && value.len &&
		       memchr(value.data, '@', value.len);

	return tag == s->tag && !mailbox &&
	       (!address_len || value.len == 2 * address_len);
}

/* see constraint_set.h */
void constraint_set_open(struct constraint_set *s, struct bytes subtrees,
			 size_t address_len, struct go_release release,
			 struct constraint_budget *b)
{
	struct work w = {b, release, s->tag};
	struct bytes in = subtrees, value, *scratch;
	size_t n = 0;
	uint8_t tag;

	while (certificate_next_subtree(&in, &tag, &value)) {
		constraint_step(b);
		s->present = s->present || tag == s->tag;
		if (!belongs(s, tag, value, address_len))
			continue;
		s->all = s->all || (!value.len && tag != GENERAL_NAME_IP);
		n++;
	}
	if (s->all || !n)
		return;
	s->item = arena_take(b->arena, n, sizeof(*s->item));
	scratch = arena_take(b->arena, n, sizeof(*scratch));
	if (!s->item || !scratch) {
		b->spent = true;
		return;
	}
	while (certificate_next_subtree(&subtrees, &tag, &value))
		if (belongs(s, tag, value, address_len))
			s->item[s->len++] = value;
	sort(&w, s, scratch);
	prune(&w, s);
}

/* The first of the set that is not below the name; EQUAL if it is the name. */
static size_t lower_bound(const struct work *w, const struct constraint_set *s,
			  struct bytes name, bool *equal)
{
	size_t low = 0, high = s->len;

	*equal = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct bytes item = s->item[middle];
		int order =
			constraint_order_name(w->tag, item, name, w->release);

		constraint_step(w->budget);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
		*equal = *equal || order == 0;
	}
	return low;
}

static bool search(const struct work *w, const struct constraint_set *s,
		   struct bytes name, struct bytes *found)
{
	bool equal;
	size_t i;

	if (!s->len)
		return false;
	i = lower_bound(w, s, name, &equal);
	if (!equal && i > 0)
		i--;
	*found = s->item[i];
	return equal || constraint_is_met(w->tag, *found, name);
}

static struct bytes from_first_dot(struct bytes b)
{
	const uint8_t *dot = b.len ? memchr(b.data, '.', b.len) : NULL;
	size_t n = dot ? (size_t)(dot - b.data) : b.len;

	return (struct bytes){b.data + n, b.len - n};
}

/* *.example.com may stand for the excluded a.example.com. */
static bool search_wildcard(const struct work *w,
			    const struct constraint_set *s, struct bytes name,
			    struct bytes *found)
{
	bool fold = go_follows(w->release, GO_CONSTRAIN_FOLDED), any = false;
	struct bytes rest = from_first_dot(name);

	if (!s->excluded || s->tag == GENERAL_NAME_IP || !name.len ||
	    name.data[0] != '*' || !rest.len)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		struct bytes other = from_first_dot(s->item[i]);

		constraint_step(w->budget);
		if (fold ? !domain_equal(rest, other)
			 : !bytes_equal(rest, other))
			continue;
		*found = s->item[i];
		any = true;
	}
	return any;
}

static bool search_mailboxes(const struct work *w, struct bytes subtrees,
			     const struct constrained_name *name,
			     struct bytes *found)
{
	struct bytes value;
	uint8_t tag;

	while (certificate_next_subtree(&subtrees, &tag, &value)) {
		constraint_step(w->budget);
		if (tag != GENERAL_NAME_EMAIL || !value.len ||
		    !memchr(value.data, '@', value.len) ||
		    !constraint_is_mailbox(value, name, w->release))
			continue;
		*found = value;
		return true;
	}
	return false;
}

/* see constraint_set.h */
bool constraint_set_meets(const struct constraint_set *s, struct bytes subtrees,
			  const struct constrained_name *name,
			  struct go_release release,
			  struct constraint_budget *b, struct bytes *found)
{
	const struct work w = {b, release, s->tag};
	struct bytes key =
		s->tag == GENERAL_NAME_IP ? name->value : name->domain;

	*found = (struct bytes){0};
	if (s->tag == GENERAL_NAME_EMAIL &&
	    search_mailboxes(&w, subtrees, name, found))
		return true;
	return s->all || search(&w, s, key, found) ||
	       search_wildcard(&w, s, key, found);
}

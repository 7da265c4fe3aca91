/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name constraints as Go from 1.26 on checks them: over a finished chain, by
 * binary search in sorted and pruned sets. Probe process. No heap.
 */
#include "probe/verdict/path/constraint_name.h"
#include "probe/verdict/x509/domain.h"

/* Constraints of one kind and polarity in one certificate. */
struct set {
	struct bytes *item;
	size_t len;
	uint8_t tag;
	bool all;     /* an empty domain: it matches everything */
	bool present; /* the certificate has such constraints at all */
	bool excluded;
};

struct check {
	struct go_release release;
	struct arena *arena;
	uint32_t *steps;
	struct constraint_fault *fault;
	bool spent; /* out of steps or arena */
};

static void step(struct check *c)
{
	if (*c->steps == 0)
		c->spent = true;
	else
		--*c->steps;
}

/* The order of Go's dnsCompare: from the end, dots first, case folded. */
static int rank(uint8_t c)
{
	return c == '.' ? 0 : c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static int compare_dns(struct bytes a, struct bytes b)
{
	size_t i = a.len, j = b.len;

	while (i > 0 && j > 0) {
		int left = rank(a.data[--i]), right = rank(b.data[--j]);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return i > 0 ? 1 : j > 0 ? -1 : 0;
}

/* The octet at I of the address of a constraint, host bits as compared. */
static uint8_t ip_octet(const struct check *c, struct bytes value, size_t i)
{
	uint8_t octet = value.data[i];

	if (go_follows(c->release, GO_CONSTRAIN_MASKED))
		octet &= value.data[value.len / 2 + i];
	return octet;
}

static int compare_ip(const struct check *c, struct bytes a, struct bytes b)
{
	size_t n = a.len / 2;

	for (size_t i = 0; i < n; i++) {
		int d = ip_octet(c, a, i) - ip_octet(c, b, i);

		if (d)
			return d;
	}
	return memcmp(a.data + n, b.data + n, n);
}

static int compare(struct check *c, const struct set *s, struct bytes a,
		   struct bytes b)
{
	step(c);
	return s->tag == GENERAL_NAME_IP ? compare_ip(c, a, b)
					 : compare_dns(a, b);
}

/* Go's dnsHasSuffix: CONSTRAINT is a suffix of whole labels of NAME. */
static bool has_suffix(struct bytes constraint, struct bytes name)
{
	struct bytes end;

	if (constraint.len > name.len)
		return false;
	end = (struct bytes){name.data + (name.len - constraint.len),
			     constraint.len};
	if (!domain_equal(constraint, end))
		return false;
	return constraint.data[0] == '.' || name.len == constraint.len ||
	       end.data[-1] == '.';
}

/* Does network A hold all of network B? */
static bool has_network(struct bytes a, struct bytes b)
{
	size_t n = b.len / 2;
	uint8_t last[16];

	for (size_t i = 0; i < n; i++)
		last[i] = (uint8_t)(b.data[i] | (uint8_t)~b.data[n + i]);
	return constraint_has_ip(a, (struct bytes){b.data, n}) &&
	       constraint_has_ip(a, (struct bytes){last, n});
}

static bool is_subset(struct check *c, const struct set *s, struct bytes a,
		      struct bytes b)
{
	step(c);
	return s->tag == GENERAL_NAME_IP ? has_network(a, b) : has_suffix(a, b);
}

/* Merge sort, stable; SCRATCH has room for the set. */
static void sort(struct check *c, struct set *s, struct bytes *scratch)
{
	for (size_t width = 1; width < s->len && !c->spent; width *= 2) {
		for (size_t start = 0; start < s->len; start += 2 * width) {
			size_t middle = start + width, end = middle + width;
			size_t i = start, j = middle, n = start;

			if (middle >= s->len)
				break;
			end = end < s->len ? end : s->len;
			while (i < middle && j < end)
				scratch[n++] = compare(c, s, s->item[j],
						       s->item[i]) < 0
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
static void prune(struct check *c, struct set *s)
{
	size_t kept = 1;

	for (size_t i = 1; i < s->len && !c->spent; i++)
		if (!is_subset(c, s, s->item[kept - 1], s->item[i]))
			s->item[kept++] = s->item[i];
	if (s->len)
		s->len = kept;
}

/* Is this constraint for the set? ADDRESS_LEN: of the addresses, or 0. */
static bool belongs(const struct set *s, uint8_t tag, struct bytes value,
		    size_t address_len)
{
	bool mailbox = tag == GENERAL_NAME_EMAIL && value.len &&
		       memchr(value.data, '@', value.len);

	return tag == s->tag && !mailbox &&
	       (!address_len || value.len == 2 * address_len);
}

/*
 * Make the set of constraints of one kind from SUBTREES, from the arena.
 * Mailboxes stay out: they are compared one by one.
 */
static void set_open(struct check *c, struct set *s, struct bytes subtrees,
		     size_t address_len)
{
	struct bytes in = subtrees, value, *scratch;
	size_t n = 0;
	uint8_t tag;

	while (certificate_next_subtree(&in, &tag, &value)) {
		step(c);
		s->present = s->present || tag == s->tag;
		if (!belongs(s, tag, value, address_len))
			continue;
		s->all = s->all || (!value.len && tag != GENERAL_NAME_IP);
		n++;
	}
	if (s->all || !n)
		return;
	s->item = arena_take(c->arena, n, sizeof(*s->item));
	scratch = arena_take(c->arena, n, sizeof(*scratch));
	if (!s->item || !scratch) {
		c->spent = true;
		return;
	}
	while (certificate_next_subtree(&subtrees, &tag, &value))
		if (belongs(s, tag, value, address_len))
			s->item[s->len++] = value;
	sort(c, s, scratch);
	prune(c, s);
}

/* An address compared with the address of a constraint. */
static int compare_to_ip(struct check *c, struct bytes constraint,
			 struct bytes ip)
{
	step(c);
	for (size_t i = 0; i < ip.len; i++) {
		int d = ip_octet(c, constraint, i) - ip.data[i];

		if (d)
			return d;
	}
	return 0;
}

/* The first of the set that is not below the name; EQUAL if it is the name. */
static size_t lower_bound(struct check *c, const struct set *s,
			  struct bytes name, bool *equal)
{
	size_t low = 0, high = s->len;

	*equal = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct bytes item = s->item[middle];
		int order = s->tag == GENERAL_NAME_IP
				    ? compare_to_ip(c, item, name)
				    : compare(c, s, item, name);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
		*equal = *equal || order == 0;
	}
	return low;
}

static bool search(struct check *c, const struct set *s, struct bytes name,
		   struct bytes *found)
{
	bool equal;
	size_t i;

	if (!s->len)
		return false;
	i = lower_bound(c, s, name, &equal);
	if (!equal && i > 0)
		i--;
	*found = s->item[i];
	return equal ||
	       (s->tag == GENERAL_NAME_IP ? constraint_has_ip(*found, name)
					  : has_suffix(*found, name));
}

static struct bytes without_first_label(struct bytes b)
{
	const uint8_t *dot = b.len ? memchr(b.data, '.', b.len) : NULL;
	size_t n = dot ? (size_t)(dot - b.data) : b.len;

	return (struct bytes){b.data + n, b.len - n};
}

/* *.example.com may stand for the excluded a.example.com. */
static bool search_wildcard(struct check *c, const struct set *s,
			    struct bytes name, struct bytes *found)
{
	bool fold = go_follows(c->release, GO_CONSTRAIN_FOLDED), any = false;
	struct bytes rest = without_first_label(name);

	if (!s->excluded || s->tag == GENERAL_NAME_IP || !name.len ||
	    name.data[0] != '*' || !rest.len)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		struct bytes other = without_first_label(s->item[i]);

		step(c);
		if (fold ? !domain_equal(rest, other)
			 : !bytes_equal(rest, other))
			continue;
		*found = s->item[i];
		any = true;
	}
	return any;
}

static bool search_mailboxes(struct check *c, struct bytes subtrees,
			     const struct constrained_name *name,
			     struct bytes *found)
{
	struct bytes value;
	uint8_t tag;

	while (certificate_next_subtree(&subtrees, &tag, &value)) {
		step(c);
		if (tag != GENERAL_NAME_EMAIL || !value.len ||
		    !memchr(value.data, '@', value.len) ||
		    !constraint_is_mailbox(value, name, c->release))
			continue;
		*found = value;
		return true;
	}
	return false;
}

static bool query(struct check *c, const struct set *s, struct bytes subtrees,
		  const struct constrained_name *name, struct bytes *found)
{
	struct bytes key =
		s->tag == GENERAL_NAME_IP ? name->value : name->domain;

	*found = (struct bytes){0};
	if (s->tag == GENERAL_NAME_EMAIL &&
	    search_mailboxes(c, subtrees, name, found))
		return true;
	return s->all || search(c, s, key, found) ||
	       search_wildcard(c, s, key, found);
}

/* The constraints of one kind in one CA; addresses by family. */
struct limits {
	struct set permitted[2], excluded[2];
};

static void limits_open(struct check *c, struct limits *l,
			const struct certificate *ca, uint8_t kind)
{
	for (size_t i = 0; i < 2; i++) {
		size_t address_len = kind != GENERAL_NAME_IP ? 0
				     : i == 0		     ? 4
							     : 16;

		l->permitted[i] = (struct set){.tag = kind};
		l->excluded[i] = (struct set){.tag = kind, .excluded = true};
		set_open(c, &l->permitted[i], ca->permitted, address_len);
		set_open(c, &l->excluded[i], ca->excluded, address_len);
		if (kind != GENERAL_NAME_IP)
			return;
	}
}

static enum constraint_result check_name(struct check *c,
					 const struct limits *l,
					 const struct certificate *ca,
					 uint8_t tag, struct bytes value)
{
	size_t family = tag == GENERAL_NAME_IP && value.len == 16;
	struct constrained_name name;
	enum constraint_result result =
		constraint_name_open(tag, value, c->release, &name);

	c->fault->tag = tag;
	c->fault->name = value;
	if (result != CONSTRAINT_MET)
		return result;
	if (l->permitted[family].present &&
	    !query(c, &l->permitted[family], ca->permitted, &name,
		   &c->fault->constraint))
		return CONSTRAINT_NOT_PERMITTED;
	if (l->excluded[family].present &&
	    query(c, &l->excluded[family], ca->excluded, &name,
		  &c->fault->constraint))
		return CONSTRAINT_EXCLUDED;
	return CONSTRAINT_MET;
}

/* All names of one kind of NAMED against one CA. */
static enum constraint_result check_kind(struct check *c,
					 const struct certificate *ca,
					 const struct certificate *named,
					 uint8_t kind)
{
	struct bytes names = certificate_names(named), value;
	enum constraint_result result = CONSTRAINT_MET;
	struct limits limits;
	uint8_t tag;

	limits_open(c, &limits, ca, kind);
	while (result == CONSTRAINT_MET && !c->spent &&
	       certificate_next_name(&names, &tag, &value)) {
		step(c);
		if (tag == kind)
			result = check_name(c, &limits, ca, tag, value);
	}
	return c->spent ? CONSTRAINT_UNCHECKED : result;
}

/* URIs and mailboxes must be ones that can be compared, before all else. */
static enum constraint_result
check_forms(struct check *c, const struct certificate *named, uint8_t kind)
{
	struct bytes names = certificate_names(named), value;
	struct constrained_name name;
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value)) {
		enum constraint_result result;

		if (tag != kind)
			continue;
		result = constraint_name_open(tag, value, c->release, &name);
		if (result == CONSTRAINT_MET || result == CONSTRAINT_URI_BROKEN)
			continue;
		c->fault->tag = tag;
		c->fault->name = value;
		return result;
	}
	return CONSTRAINT_MET;
}

static enum constraint_result check_names(struct check *c,
					  const struct certificate *ca,
					  const struct certificate *named)
{
	/* In Go's order. */
	static const uint8_t kinds[] = {GENERAL_NAME_IP, GENERAL_NAME_DNS,
					GENERAL_NAME_URI, GENERAL_NAME_EMAIL};
	enum constraint_result result = CONSTRAINT_MET;

	for (size_t i = 0; i < sizeof(kinds) && result == CONSTRAINT_MET; i++) {
		size_t used = c->arena->used;

		result = check_kind(c, ca, named, kinds[i]);
		c->arena->used = used;
	}
	return result;
}

/* Certificate I of the chain against the constraints above it. */
static enum constraint_result check_one(struct check *c,
					const struct certificate *const *chain,
					size_t len, size_t i)
{
	enum constraint_result result;
	bool constrained = false;

	for (size_t j = i + 1; j < len; j++)
		constrained = constrained || chain[j]->has_constraints;
	if (!chain[i]->has_san || !constrained)
		return CONSTRAINT_MET;
	result = check_forms(c, chain[i], GENERAL_NAME_URI);
	if (result == CONSTRAINT_MET)
		result = check_forms(c, chain[i], GENERAL_NAME_EMAIL);
	for (size_t j = i + 1; j < len && result == CONSTRAINT_MET; j++)
		if (chain[j]->has_constraints)
			result = check_names(c, chain[j], chain[i]);
	return result;
}

/* see constraints.h */
enum constraint_result
constraints_check_chain(const struct certificate *const *chain, size_t len,
			struct go_release release, struct arena *arena,
			uint32_t *steps, struct constraint_fault *fault)
{
	struct check c = {.release = release,
			  .arena = arena,
			  .steps = steps,
			  .fault = fault};
	enum constraint_result result = CONSTRAINT_MET;

	for (size_t i = 0; i < len && result == CONSTRAINT_MET; i++)
		result = check_one(&c, chain, len, i);
	fault->result = result;
	return result;
}

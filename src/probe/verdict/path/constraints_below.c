/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name constraints as Go up to 1.25 checks them: each name against each
 * constraint of the certificate above. Probe process. Pure.
 */
#include "probe/verdict/path/constraint_name.h"
#include "probe/verdict/x509/domain.h"

struct check {
	const struct certificate *candidate;
	struct go_release release;
	uint32_t comparisons;
	uint32_t *steps;
	struct constraint_fault *fault;
};

static struct bytes without_last_label(struct bytes b)
{
	const uint8_t *p = b.data + b.len;

	while (p > b.data && p[-1] != '.')
		p--;
	return p > b.data ? (struct bytes){b.data, (size_t)(p - b.data) - 1}
			  : (struct bytes){b.data, 0};
}

static struct bytes last_label(struct bytes b)
{
	size_t start = b.len;

	while (start > 0 && b.data[start - 1] != '.')
		start--;
	return (struct bytes){b.data + start, b.len - start};
}

static size_t count_labels(struct bytes b)
{
	size_t n = b.len > 0;

	for (size_t i = 0; i < b.len; i++)
		n += b.data[i] == '.' && i > 0;
	return n;
}

static struct bytes without_first_label(struct bytes b)
{
	const uint8_t *dot = b.len ? memchr(b.data, '.', b.len) : NULL;

	return dot ? (struct bytes){dot + 1, b.len - (size_t)(dot + 1 - b.data)}
		   : (struct bytes){b.data, 0};
}

/* Go's matchDomainConstraint: CONSTRAINT's labels end DOMAIN. */
static bool matches_domain(struct bytes domain, struct bytes constraint,
			   bool excluded, struct go_release release)
{
	bool wildcard = domain.len && domain.data[0] == '*';
	bool below = constraint.len && constraint.data[0] == '.';
	size_t have, wanted;

	if (!constraint.len)
		return true;
	if (below)
		constraint = bytes_from(constraint, 1);
	have = count_labels(domain);
	wanted = count_labels(constraint);
	if (have < wanted || (below && have == wanted))
		return false;
	if (excluded && wildcard && have > 1 && wanted > 1 && have == wanted &&
	    go_follows(release, GO_EXCLUDE_WILDCARD)) {
		domain = without_first_label(domain);
		constraint = without_first_label(constraint);
		wanted--;
	}
	for (; wanted > 0; wanted--) {
		if (!domain_equal(last_label(domain), last_label(constraint)))
			return false;
		domain = without_last_label(domain);
		constraint = without_last_label(constraint);
	}
	return true;
}

static bool matches(const struct constrained_name *name,
		    struct bytes constraint, bool excluded,
		    struct go_release release)
{
	if (name->tag == GENERAL_NAME_IP)
		return constraint_has_ip(constraint, name->value);
	if (name->tag == GENERAL_NAME_EMAIL && constraint.len &&
	    memchr(constraint.data, '@', constraint.len))
		return constraint_is_mailbox(constraint, name, release);
	return matches_domain(name->domain, constraint, excluded, release);
}

/* Count the constraints of one kind, as Go counts comparisons to come. */
static enum constraint_result count(struct check *c, struct bytes subtrees,
				    uint8_t kind, bool *any)
{
	struct bytes value;
	uint8_t tag;

	*any = false;
	while (certificate_next_subtree(&subtrees, &tag, &value)) {
		if ((*c->steps)-- == 0) {
			*c->steps = 0;
			return CONSTRAINT_UNCHECKED;
		}
		if (tag != kind)
			continue;
		*any = true;
		if (++c->comparisons > CONSTRAINT_COMPARISONS_MAX)
			return CONSTRAINT_TOO_MANY;
	}
	return CONSTRAINT_MET;
}

/* Is the name matched by one of SUBTREES? It is left in the fault. */
static bool find(struct check *c, struct bytes subtrees,
		 const struct constrained_name *name, bool excluded)
{
	struct bytes value;
	uint8_t tag;

	while (certificate_next_subtree(&subtrees, &tag, &value)) {
		if (tag != name->tag ||
		    !matches(name, value, excluded, c->release))
			continue;
		c->fault->constraint = value;
		return true;
	}
	return false;
}

static enum constraint_result check_name(struct check *c, uint8_t tag,
					 struct bytes value)
{
	struct constrained_name name;
	enum constraint_result opened, result;
	bool excludes, permits;

	if (tag != GENERAL_NAME_DNS && tag != GENERAL_NAME_EMAIL &&
	    tag != GENERAL_NAME_URI && tag != GENERAL_NAME_IP)
		return CONSTRAINT_MET;
	opened = constraint_name_open(tag, value, c->release, &name);
	/* Go takes a URI apart only when it meets the first constraint. */
	if (opened != CONSTRAINT_MET && tag != GENERAL_NAME_URI)
		return opened;
	result = count(c, c->candidate->excluded, tag, &excludes);
	if (result != CONSTRAINT_MET)
		return result;
	if (excludes && opened != CONSTRAINT_MET)
		return opened;
	if (excludes && find(c, c->candidate->excluded, &name, true))
		return CONSTRAINT_EXCLUDED;
	result = count(c, c->candidate->permitted, tag, &permits);
	if (result != CONSTRAINT_MET)
		return result;
	if (permits && opened != CONSTRAINT_MET)
		return opened;
	if (permits && !find(c, c->candidate->permitted, &name, false))
		return CONSTRAINT_NOT_PERMITTED;
	return CONSTRAINT_MET;
}

static enum constraint_result check_names(struct check *c,
					  const struct certificate *below)
{
	struct bytes names = certificate_names(below), value;
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value)) {
		enum constraint_result result = check_name(c, tag, value);

		if (result == CONSTRAINT_MET)
			continue;
		c->fault->result = result;
		c->fault->tag = tag;
		c->fault->name = value;
		return result;
	}
	return CONSTRAINT_MET;
}

/* see constraints.h */
enum constraint_result
constraints_check_below(const struct certificate *candidate,
			const struct certificate *const *chain, size_t len,
			struct go_release release, uint32_t *steps,
			struct constraint_fault *fault)
{
	struct check c = {.candidate = candidate,
			  .release = release,
			  .steps = steps,
			  .fault = fault};
	bool all = go_follows(release, GO_CONSTRAIN_ALL);
	enum constraint_result result = CONSTRAINT_MET;

	if (!candidate->has_constraints)
		return CONSTRAINT_MET;
	for (size_t i = 0; i < (all ? len : 1) && result == CONSTRAINT_MET; i++)
		result = check_names(&c, chain[i]);
	/* Go 1.16 to 1.19 also looked at the candidate's own names. */
	if (result == CONSTRAINT_MET && !all &&
	    go_follows(release, GO_PARENT_BY_NAME))
		result = check_names(&c, candidate);
	return result;
}

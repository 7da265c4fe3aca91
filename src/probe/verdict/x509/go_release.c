/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables are from the Go sources of 1.15.15, 1.19.8, 1.21.13, 1.22.12,
 * 1.23.5, 1.24.4, 1.24.9, 1.25.12, 1.26.10 and 1.27.3, and from Docker's
 * Dockerfile and vendor.mod at each tag. Patches between those sources are
 * from Go's release notes.
 */
#include "probe/verdict/x509/go_release.h"

#define BACKPORTS_MAX 3

/*
 * SINCE lists the first version with the rule in each minor that got it as a
 * patch, ascending, then zeros; minors after the last one all have it. A rule
 * with GODEBUG applies only to programs whose go line is at least that minor.
 */
struct rule {
	uint16_t since[BACKPORTS_MAX];
	uint8_t godebug;
};

#define V GO_VERSION

static const struct rule RULES[GO_RULES_COUNT_] = {
	[GO_NO_CN_FALLBACK] = {{V(15, 0)}, 0},
	[GO_CN_OVERRIDE_GONE] = {{V(17, 0)}, 0},
	[GO_REFUSE_SHA1] = {{V(18, 0)}, 0},
	[GO_SHA1_OVERRIDE_GONE] = {{V(24, 0)}, 0},
	[GO_DSA_GONE] = {{V(16, 0)}, 0},
	[GO_NEW_PARSER] = {{V(17, 0)}, 0},
	[GO_REFUSE_DUPLICATES] = {{V(19, 0)}, 0},
	[GO_SGC_GONE] = {{V(16, 0)}, 0},
	[GO_PARENT_BY_NAME] = {{V(16, 0)}, 0},
	[GO_REFUSE_LOOPS] = {{V(19, 0)}, 0},
	[GO_FRAME_VERIFY] = {{V(20, 0)}, 0},
	[GO_STRICT_ARCS] = {{V(20, 0)}, 0},
	[GO_HINT_VALIDITY] = {{V(20, 0)}, 0},
	[GO_SKIP_UNKNOWN_KEY] = {{V(20, 0)}, 0},
	[GO_PLAIN_BASIC] = {{V(20, 0)}, 0},
	[GO_CONSTRAIN_ALL] = {{V(20, 0)}, 0},
	[GO_RSA_RESIDUE] = {{V(20, 0)}, 0},
	[GO_BOUND_RSA] = {{V(19, 12), V(20, 7), V(21, 0)}, 0},
	[GO_POLICIES_ANY_ARC] = {{V(22, 0)}, 0},
	[GO_NAME_DUPLICATE] = {{V(23, 0)}, 0},
	[GO_REFUSE_MISCRITICAL] = {{V(23, 0)}, 0},
	[GO_REFUSE_NEGATIVE] = {{V(23, 0)}, 23},
	[GO_BOUND_ZONE] = {{V(23, 0)}, 0},
	[GO_REFUSE_BARE_STAR] = {{V(23, 0)}, 0},
	[GO_REFUSE_LEADING_DOT] = {{V(23, 0)}, 0},
	[GO_POLICIES] = {{V(24, 0)}, 0},
	[GO_REFUSE_SMALL_RSA] = {{V(24, 0)}, 24},
	[GO_FIPS_RSA] = {{V(24, 0)}, 0},
	[GO_DOMAIN_VALID] = {{V(24, 8), V(25, 2), V(26, 0)}, 0},
	[GO_DOMAIN_LENIENT] = {{V(24, 9), V(25, 3), V(26, 0)}, 0},
	[GO_BOUND_NAME_TEXT] = {{V(24, 11), V(25, 5), V(26, 0)}, 0},
	[GO_EXCLUDE_WILDCARD] = {{V(24, 11), V(25, 5), V(26, 0)}, 0},
	[GO_STRICT_STRINGS] = {{V(25, 0)}, 0},
	[GO_SPKI_IDENTITY] = {{V(25, 0)}, 0},
	[GO_COUNT_EVERY_PARENT] = {{V(25, 9), V(26, 2), V(27, 0)}, 0},
	[GO_URI_OMIT_HOST] = {{V(19, 0)}, 0},
	[GO_URI_ESCAPE_SLASH] = {{V(27, 0)}, 0},
	[GO_URI_LITERALS] = {{V(24, 8), V(25, 2), V(26, 0)}, 0},
	[GO_URI_COLONS] = {{V(26, 0)}, 26},
	[GO_PEM_LAST_BEGIN] = {{V(24, 8), V(25, 2), V(26, 0)}, 0},
	[GO_PATH_LENGTH_UNSIGNED] = {{V(25, 0)}, 0},
	[GO_CONSTRAIN_LAST] = {{V(26, 0)}, 0},
	[GO_CONSTRAIN_FOLDED] = {{V(26, 2), V(27, 0)}, 0},
	[GO_CONSTRAIN_MASKED] = {{V(27, 0)}, 0},
	[GO_ECDSA_TEXT] = {{V(26, 0)}, 0},
	[GO_REFUSE_MAPPED] = {{V(27, 0)}, 0},
	[GO_ANY_ATTRIBUTE] = {{V(27, 0)}, 0},
	[GO_ZONED_HOST] = {{V(27, 0)}, 0},
	[GO_STRICT_MAILBOX] = {{V(27, 0)}, 0},
	[GO_MLDSA] = {{V(27, 0)}, 0},
};

/*
 * Without a patch a release means all of its minor. Later patches of an older
 * minor are built with other releases of Go, and are not known here.
 */
struct docker_row {
	const char *first, *last;
	struct go_release go; /* of LAST */
};

static const struct docker_row DOCKER[] = {
	{"20.10.0", "20.10.7", {V(13, 15), 13}},
	{"20.10.8", "20.10.14", {V(16, 15), 16}},
	{"20.10.15", "20.10.17", {V(17, 11), 17}},
	{"20.10.18", "20.10.23", {V(18, 10), 18}},
	{"20.10.24", "20.10.24", {V(19, 9), 18}},
	{"23.0.0", "23.0.6", {V(19, 9), 18}},
	{"24.0.0", "24.0.9", {V(20, 13), 18}},
	{"25.0.0", "25.0.6", {V(21, 12), 21}},
	{"26.0.0", "27.2.0", {V(21, 12), 21}},
	{"27.2.1", "27.5.1", {V(22, 11), 22}},
	{"28.0.0", "28.0.1", {V(23, 6), 22}},
	{"28.0.2", "28.1.1", {V(23, 8), 23}},
	{"28.2.0", "28.4.0", {V(24, 7), 23}},
	{"28.5.0", "28.5.0", {V(24, 7), 24}},
	{"28.5.1", "28.5.1", {V(24, 8), 24}},
	{"28.5.2", "28.5.2", {V(24, 9), 24}},
	{"29.0.0", "29.1", {V(25, 6), 24}},
	{"29.2.0", "29.3", {V(25, 8), 25}},
	{"29.4.0", "29.6", {V(26, 5), 25}},
	{"29.7.0", "29.7.2", {V(26, 5), 26}},
};

#define DOCKER_ROWS (sizeof(DOCKER) / sizeof(*DOCKER))

/* see go_release.h */
bool go_follows(struct go_release release, enum go_rule rule)
{
	const struct rule *r = &RULES[rule];
	bool follows = false;

	for (int i = 0; i < BACKPORTS_MAX && r->since[i]; i++)
		if (release.version / 100 >= r->since[i] / 100)
			follows = release.version >= r->since[i];
	return follows && (!release.line || release.line >= r->godebug);
}

/* see go_release.h */
uint64_t go_rules(struct go_release release)
{
	uint64_t rules = 0;

	for (int rule = 0; rule < GO_RULES_COUNT_; rule++)
		if (go_follows(release, (enum go_rule)rule))
			rules |= (uint64_t)1 << rule;
	return rules;
}

_Static_assert(GO_RULES_COUNT_ <= 64, "a rule is a bit of go_rules");

/* see go_release.h */
size_t go_measured_around(struct go_release release,
			  struct go_release around[static 2])
{
	/* One of each minor that was run, ascending. */
	static const uint16_t measured[] = {V(15, 15), V(19, 8),  V(21, 13),
					    V(22, 12), V(23, 5),  V(24, 4),
					    V(25, 12), V(26, 10), V(27, 3)};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(measured) / sizeof(*measured); i++) {
		int order = measured[i] / 100 - release.version / 100;

		if (order == 0)
			return 0;
		if (order < 0)
			n = 0; /* the last below it counts */
		around[n++] = (struct go_release){measured[i], 0};
		if (order > 0)
			break;
	}
	return n;
}

/* see go_release.h */
struct go_release go_newest(void)
{
	return (struct go_release){V(27, 3), 0};
}

/*
 * "major.minor.patch" as one number that sorts; a part that is left out counts
 * as 999, the newest. 0 if it is no version.
 */
static uint32_t version_number(struct bytes text)
{
	uint32_t number = 0;
	size_t at = 0;

	for (int part = 0; part < 3; part++) {
		uint32_t n = 0;
		size_t start = at;

		for (; at < text.len && at < start + 3; at++) {
			uint8_t c = text.data[at];

			if (c < '0' || c > '9')
				break;
			n = n * 10 + (uint32_t)(c - '0');
		}
		if (at == start)
			return 0;
		number = number * 1000 + n;
		if (at == text.len) {
			for (; part < 2; part++)
				number = number * 1000 + 999;
			return number;
		}
		if (text.data[at++] != '.')
			return 0;
	}
	return 0;
}

/* see go_release.h */
bool go_of_docker(struct bytes docker, struct go_release *release)
{
	uint32_t wanted = version_number(docker), last;
	size_t row = 0;

	if (wanted < version_number(bytes_of(DOCKER[0].first)))
		return false;
	for (size_t i = 0; i < DOCKER_ROWS; i++)
		if (wanted >= version_number(bytes_of(DOCKER[i].first)))
			row = i;
	*release = DOCKER[row].go;
	last = version_number(bytes_of(DOCKER[row].last));
	/* Past the row, of the same minor and with a patch of its own? */
	return wanted <= last || wanted / 1000 != last / 1000 ||
	       wanted % 1000 == 999 || row + 1 == DOCKER_ROWS;
}

/* see go_release.h */
const char *go_docker_before(struct bytes docker)
{
	const char *last = DOCKER[DOCKER_ROWS - 1].last;

	return version_number(docker) > version_number(bytes_of(last)) ? last
								       : NULL;
}

/* see go_release.h */
bool go_docker_row(size_t row, const char **first, const char **last,
		   struct go_release *release)
{
	if (row >= DOCKER_ROWS)
		return false;
	*first = DOCKER[row].first;
	*last = DOCKER[row].last;
	*release = DOCKER[row].go;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole truth table of the decision. What is expected comes from a list of
 * rules, the first that fits wins: written from README's words, not from the
 * code, and checked for rules that never fit.
 */
#include "support/unit.h"

#include "installer/policy/policy.h"

/* A rule fits a fact that it does not name, and one that it names alike. */
enum fits { ANY, NO, YES };

struct rule {
	enum fits missed;   /* pins were given, none names the anchors */
	enum fits matched;  /* a pin or the operator's file names them */
	enum fits pinned;   /* a pin does */
	enum fits required; /* --require-pin */
	enum fits installed;
	enum fits same;
	enum fits exact;
	enum fits chains;
	enum fits add;
	enum fits replace;
	enum fits proven;
	enum fits works;
	enum fits no_registry;
	enum fits incomplete;
	enum fits stale;
	enum fits host_trusts;
	enum fits new_service;
	enum policy_decision decision;
};

/* clang-format off */
static const struct rule rules[] = {
	/* A missed pin refuses before anything else. */
	{.missed = YES, .decision = POLICY_REFUSE_VOUCH},
	/* --require-pin asks that somebody vouches. */
	{.matched = NO, .required = YES, .decision = POLICY_REFUSE_NO_PIN},
	/* Who does not hold the key is never trusted; only the operator's own
	 * file is installed whatever the server does. */
	{.matched = NO, .proven = NO, .decision = POLICY_REFUSE_UNPROVEN},
	{.pinned = YES, .proven = NO, .decision = POLICY_REFUSE_UNPROVEN},
	/* The operator named the bytes, and nothing is there. */
	{.matched = YES, .installed = NO, .decision = POLICY_INSTALL},
	/* To replace is to have what is named and nothing else. */
	{.matched = YES, .replace = YES, .exact = YES,
	 .decision = POLICY_UNCHANGED},
	{.matched = YES, .replace = YES, .decision = POLICY_INSTALL},
	/* What is there already is not written again, but for what expired. */
	{.installed = YES, .same = YES, .stale = YES,
	 .decision = POLICY_DROP_EXPIRED},
	{.installed = YES, .same = YES, .decision = POLICY_UNCHANGED},
	/* The operator named the bytes and the act. */
	{.matched = YES, .add = YES, .decision = POLICY_INSTALL_BESIDE},
	/* A file is rolled out ahead of the server. */
	{.matched = YES, .pinned = NO, .decision = POLICY_INSTALL_BESIDE},
	/* A chain that still verifies is a renewal. */
	{.installed = YES, .chains = YES, .stale = YES,
	 .decision = POLICY_DROP_EXPIRED},
	{.installed = YES, .chains = YES, .decision = POLICY_RENEWED},
	/* The operator named the bytes: the old ones stay until they expire. */
	{.matched = YES, .decision = POLICY_INSTALL_BESIDE},
	/* Nobody vouches, and the host needs nothing. */
	{.host_trusts = YES, .decision = POLICY_NOT_NEEDED},
	/* First use, of a registry or of its service: only what works. */
	{.installed = NO, .works = YES, .no_registry = NO,
	 .decision = POLICY_INSTALL},
	{.installed = NO, .decision = POLICY_REFUSE_USELESS},
	{.new_service = YES, .works = YES, .decision = POLICY_INSTALL_BESIDE},
	{.new_service = YES, .decision = POLICY_REFUSE_USELESS},
	/* Another chain, and nobody vouches: the operator's word. */
	{.add = YES, .decision = POLICY_INSTALL_BESIDE},
	{.replace = YES, .decision = POLICY_INSTALL},
	/* Only a change that would work is one that could be accepted. */
	{.works = YES, .incomplete = NO, .decision = POLICY_REFUSE_CHANGED},
	{.decision = POLICY_REFUSE_BROKEN},
};
/* clang-format on */

static bool fits(enum fits want, bool fact)
{
	return want == ANY || (want == YES) == fact;
}

static bool vouched(const struct policy_facts *facts)
{
	return facts->vouch == POLICY_VOUCH_PIN ||
	       facts->vouch == POLICY_VOUCH_FILE;
}

static bool rule_fits(const struct rule *r, const struct policy_facts *facts)
{
	return fits(r->missed, facts->vouch == POLICY_VOUCH_MISSED) &&
	       fits(r->matched, vouched(facts)) &&
	       fits(r->pinned, facts->vouch == POLICY_VOUCH_PIN) &&
	       fits(r->required, facts->require_pin) &&
	       fits(r->installed, facts->installed) &&
	       fits(r->same, facts->same) && fits(r->exact, facts->exact) &&
	       fits(r->chains, facts->chains) && fits(r->works, facts->works) &&
	       fits(r->no_registry, facts->no_registry) &&
	       fits(r->incomplete, facts->incomplete) &&
	       fits(r->new_service, facts->new_service) &&
	       fits(r->add, facts->on_change == POLICY_ADD) &&
	       fits(r->replace, facts->on_change == POLICY_REPLACE) &&
	       fits(r->proven, facts->proven) && fits(r->stale, facts->stale) &&
	       fits(r->host_trusts, facts->host_trusts);
}

static size_t find_rule(const struct policy_facts *facts)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if (rule_fits(&rules[i], facts))
			return i;
	return COUNT(rules);
}

#define COMBINATIONS (4096 * 4 * 3)

static struct policy_facts combination(unsigned n)
{
	return (struct policy_facts){
		.installed = n & 1,
		.same = n >> 1 & 1,
		.chains = n >> 2 & 1,
		.proven = n >> 3 & 1,
		.require_pin = n >> 4 & 1,
		.stale = n >> 5 & 1,
		.host_trusts = n >> 6 & 1,
		.exact = n >> 7 & 1,
		.works = n >> 8 & 1,
		.incomplete = n >> 9 & 1,
		.new_service = n >> 10 & 1,
		.no_registry = n >> 11 & 1,
		.vouch = (enum policy_vouch)(n >> 12 & 3),
		.on_change = (enum policy_on_change)(n >> 14),
	};
}

static void every_combination_is_decided_by_the_rules(void **state)
{
	unsigned used[COUNT(rules) + 1] = {0};

	(void)state;
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		const struct policy_facts facts = combination(n);
		size_t rule = find_rule(&facts);
		enum policy_decision decision = policy_decide(&facts);

		used[rule]++;
		check(rule < COUNT(rules) && decision == rules[rule].decision,
		      "installed %d same %d chains %d proven %d stale %d "
		      "host_trusts %d exact %d works %d no_registry %d "
		      "incomplete %d new_service %d vouch %d on_change %d "
		      "require_pin %d: "
		      "decision %d, rule %zu",
		      facts.installed, facts.same, facts.chains, facts.proven,
		      facts.stale, facts.host_trusts, facts.exact, facts.works,
		      facts.no_registry, facts.incomplete, facts.new_service,
		      (int)facts.vouch, (int)facts.on_change, facts.require_pin,
		      (int)decision, rule);
	}
	for (size_t i = 0; i < COUNT(rules); i++)
		check(used[i], "rule %zu never fits", i);
}

static bool is_among(enum policy_decision decision,
		     const enum policy_decision *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == decision)
			return true;
	return false;
}

#define IS(decision, ...)                                                      \
	is_among(decision, (const enum policy_decision[]){__VA_ARGS__},        \
		 sizeof((const enum policy_decision[]){__VA_ARGS__}) /         \
			 sizeof(enum policy_decision))

/* What must hold of all of them, in words of its own. */
static void nothing_unvouched_is_written_over_what_is_there(void **state)
{
	(void)state;
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		const struct policy_facts facts = combination(n);

		if (!policy_installs(policy_decide(&facts)))
			continue;
		assert_int_not_equal(facts.vouch, POLICY_VOUCH_MISSED);
		if (vouched(&facts))
			continue;
		assert_true(facts.proven);
		assert_false(facts.require_pin);
		assert_true(facts.works || facts.on_change != POLICY_REFUSE);
		assert_true(facts.installed || !facts.no_registry);
		if (facts.installed && !facts.new_service)
			assert_int_not_equal(facts.on_change, POLICY_REFUSE);
	}
}

static void who_does_not_hold_the_key_is_never_called_trusted(void **state)
{
	(void)state;
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		const struct policy_facts facts = combination(n);

		if (facts.proven || facts.vouch == POLICY_VOUCH_FILE)
			continue;
		assert_true(policy_is_refusal(policy_decide(&facts)));
	}
}

/* DESIGN: a change that is offered for acceptance works once accepted. */
static void what_is_refused_as_changed_would_work(void **state)
{
	(void)state;
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		const struct policy_facts facts = combination(n);

		if (policy_decide(&facts) != POLICY_REFUSE_CHANGED)
			continue;
		assert_true(facts.works && !facts.incomplete);
		assert_true(facts.installed && !facts.chains && !facts.same);
	}
}

/* The verdict that is printed is one after what was done, or of what was
 * refused; of what stays as it is, that of what is there. */
static void the_verdict_is_that_of_the_act(void **state)
{
	(void)state;
	for (unsigned n = 0; n < COMBINATIONS; n++) {
		const struct policy_facts facts = combination(n);
		enum policy_decision decision = policy_decide(&facts);
		enum wire_act act = policy_act(decision, &facts);

		if (decision == POLICY_INSTALL)
			assert_int_equal(act, WIRE_ALONE);
		else if (decision == POLICY_INSTALL_BESIDE)
			assert_int_equal(act, WIRE_BESIDE);
		else if (!IS(decision, POLICY_REFUSE_USELESS,
			     POLICY_REFUSE_BROKEN))
			assert_int_equal(act, WIRE_KEEP);
	}
}

static enum policy_decision decide(struct policy_facts facts)
{
	return policy_decide(&facts);
}

static void nothing_installed_and_no_pin_is_first_use(void **state)
{
	(void)state;
	assert_int_equal(
		decide((struct policy_facts){.proven = true, .works = true}),
		POLICY_INSTALL);
}

static void nothing_installed_and_the_pin_in_the_chain_installs(void **state)
{
	(void)state;
	assert_int_equal(decide((struct policy_facts){
				 .proven = true, .vouch = POLICY_VOUCH_PIN}),
			 POLICY_INSTALL);
}

static void a_pin_that_is_not_in_the_chain_refuses(void **state)
{
	(void)state;
	assert_int_equal(decide((struct policy_facts){
				 .proven = true, .vouch = POLICY_VOUCH_MISSED}),
			 POLICY_REFUSE_VOUCH);
	assert_int_equal(
		decide((struct policy_facts){.installed = true,
					     .same = true,
					     .chains = true,
					     .proven = true,
					     .on_change = POLICY_REPLACE,
					     .vouch = POLICY_VOUCH_MISSED}),
		POLICY_REFUSE_VOUCH);
}

static void the_same_anchors_are_unchanged(void **state)
{
	(void)state;
	assert_int_equal(decide((struct policy_facts){.installed = true,
						      .same = true,
						      .proven = true}),
			 POLICY_UNCHANGED);
}

static void a_chain_under_the_installed_anchors_is_renewed(void **state)
{
	(void)state;
	assert_int_equal(decide((struct policy_facts){.installed = true,
						      .chains = true,
						      .proven = true}),
			 POLICY_RENEWED);
}

static void a_changed_chain_is_refused_unless_told_otherwise(void **state)
{
	struct policy_facts facts = {
		.installed = true, .proven = true, .works = true};

	(void)state;
	assert_int_equal(policy_decide(&facts), POLICY_REFUSE_CHANGED);
	facts.on_change = POLICY_ADD;
	assert_int_equal(policy_decide(&facts), POLICY_INSTALL_BESIDE);
	facts.on_change = POLICY_REPLACE;
	assert_int_equal(policy_decide(&facts), POLICY_INSTALL);
}

static void a_changed_chain_that_the_pin_names_is_added(void **state)
{
	(void)state;
	assert_int_equal(
		decide((struct policy_facts){.installed = true,
					     .proven = true,
					     .vouch = POLICY_VOUCH_PIN}),
		POLICY_INSTALL_BESIDE);
}

static void refusals_are_those_that_say_so(void **state)
{
	static const bool refusal[POLICY_REFUSE_NO_PIN + 1] = {
		[POLICY_REFUSE_CHANGED] = true, [POLICY_REFUSE_BROKEN] = true,
		[POLICY_REFUSE_USELESS] = true, [POLICY_REFUSE_UNPROVEN] = true,
		[POLICY_REFUSE_VOUCH] = true,	[POLICY_REFUSE_NO_PIN] = true,
	};

	(void)state;
	for (int i = 0; i <= POLICY_REFUSE_NO_PIN; i++)
		check(policy_is_refusal((enum policy_decision)i) == refusal[i],
		      "decision %d", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_is_decided_by_the_rules),
		cmocka_unit_test(
			nothing_unvouched_is_written_over_what_is_there),
		cmocka_unit_test(
			who_does_not_hold_the_key_is_never_called_trusted),
		cmocka_unit_test(what_is_refused_as_changed_would_work),
		cmocka_unit_test(the_verdict_is_that_of_the_act),
		cmocka_unit_test(nothing_installed_and_no_pin_is_first_use),
		cmocka_unit_test(
			nothing_installed_and_the_pin_in_the_chain_installs),
		cmocka_unit_test(a_pin_that_is_not_in_the_chain_refuses),
		cmocka_unit_test(the_same_anchors_are_unchanged),
		cmocka_unit_test(
			a_chain_under_the_installed_anchors_is_renewed),
		cmocka_unit_test(
			a_changed_chain_is_refused_unless_told_otherwise),
		cmocka_unit_test(a_changed_chain_that_the_pin_names_is_added),
		cmocka_unit_test(refusals_are_those_that_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the installer knows without believing a probe, and what of a report it
 * takes; and the rules for token services.
 */
#include "support/turn.h"

#include "installer/service.h"

static struct facts_reading reading;
static char text[65536];
static struct ca_crt file;

static struct wire_certificate certificate(const char *der, unsigned flags)
{
	return (struct wire_certificate){.der = bytes_of(der),
					 .subject = bytes_of(der),
					 .not_after = NOW + 1000,
					 .flags = flags};
}

static void start(void)
{
	turn_start();
	memset(&reading, 0, sizeof(reading));
	ca_crt_open(&file, text, sizeof(text));
}

static void put(const char *der)
{
	struct wire_certificate c = certificate(der, 0);

	ca_crt_append(&file, &c);
}

static void list(const char *der, unsigned flags)
{
	outcome.certs[outcome.cert_count++] = certificate(der, flags);
}

/* With what was put as ca.crt; TARGET is asked. */
static void gather_for(const struct registry *target)
{
	struct survey *s = &turn.survey;

	if (file.len) {
		s->file_count = 1;
		strcpy(s->files[0].name, SURVEY_CA_FILE);
		memcpy(s->storage, text, file.len);
		s->used = file.len;
		s->files[0].content = (struct bytes){s->storage, file.len};
	}
	job_prepare(&turn, &options, NULL, (struct bytes){NULL, 0}, target,
		    NOW);
	facts_gather(&turn, &options, &outcome, &reading, &facts);
}

static void gather(void)
{
	gather_for(&reg);
}

static void our_own_block_is_an_anchor_whatever_is_said(void **state)
{
	(void)state;
	start();
	gather();
	assert_false(facts.policy.installed);
	start();
	ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
	put("ours");
	reading.is_done = true;
	gather();
	assert_true(facts.policy.installed);
	assert_false(facts.needs_reading || facts.ca_is_void);
}

static void a_file_without_a_block_is_void(void **state)
{
	(void)state;
	start();
	ca_crt_copy(&file, bytes_of("<html>\n"));
	list("anything", WIRE_CERT_INSTALLED);
	gather();
	assert_false(facts.policy.installed || facts.needs_reading);
	assert_true(facts.ca_is_void);
}

static void a_block_of_another_hand_is_void_only_by_a_reading(void **state)
{
	(void)state;
	start();
	put("theirs");
	gather();
	assert_true(facts.needs_reading && facts.policy.installed);
	assert_false(facts.ca_is_void);
	/* The reading says that there is none. */
	reading = facts_read(&turn, &outcome);
	gather();
	assert_false(facts.needs_reading || facts.policy.installed);
	assert_true(facts.ca_is_void);
	/* It counts for those bytes only. */
	put("more");
	gather();
	assert_true(facts.needs_reading && facts.policy.installed);
	/* Where no reading can be had, something is there. */
	reading = facts_unread(&turn);
	gather();
	assert_true(facts.policy.installed);
	assert_false(facts.needs_reading || facts.ca_is_void);
}

static void add_file(const char *name, struct bytes content)
{
	struct survey *s = &turn.survey;
	struct survey_file *f = &s->files[s->file_count++];

	strcpy(f->name, name);
	memcpy(s->storage + s->used, content.data, content.len);
	f->content = (struct bytes){s->storage + s->used, content.len};
	s->used += content.len;
}

static void look(void)
{
	job_prepare(&turn, &options, NULL, (struct bytes){NULL, 0}, &reg, NOW);
	facts_gather(&turn, &options, &outcome, &reading, &facts);
}

/* Each file is looked at by itself, an empty one too. */
static void files_without_a_certificate_are_named(void **state)
{
	static char others[4096];
	struct ca_crt e;
	const struct wire_certificate c = certificate("theirs", 0);

	(void)state;
	start();
	ca_crt_open(&e, others, sizeof(others));
	ca_crt_append(&e, &c);
	add_file("a.crt", bytes_of("\x30\x82\x01\x0a"));
	add_file(SURVEY_CA_FILE, bytes_of(""));
	add_file("corp.crt", (struct bytes){(uint8_t *)others, e.len});
	list("theirs", WIRE_CERT_INSTALLED);
	look();
	assert_int_equal(facts.void_files, 1U << 0 | 1U << 1);
	assert_false(facts.ca_is_void || facts.needs_reading);
	assert_true(facts.policy.installed);
	/* Of a file beside ca.crt the report's word is enough, to name it. */
	outcome.cert_count = 0;
	look();
	assert_int_equal(facts.void_files, 7);
	assert_true(facts.policy.installed && facts.needs_reading);
}

/* What ca.crt holds does not make another file one that holds it. */
static void a_file_that_no_reader_finds_it_in_is_void(void **state)
{
	static char others[4096];
	struct ca_crt e;
	const struct wire_certificate c = {.der = bytes_of("ours"),
					   .flags = WIRE_CERT_UNPARSED};

	(void)state;
	start();
	put("ours");
	ca_crt_open(&e, others, sizeof(others));
	ca_crt_copy(&e, bytes_of("\xef\xbb\xbf"));
	e.len += (size_t)snprintf(others + e.len, sizeof(others) - e.len,
				  CA_CRT_BEGIN "\nb3Vycw==\n" CA_CRT_END "\n");
	add_file(SURVEY_CA_FILE, (struct bytes){(uint8_t *)text, file.len});
	add_file("bom.crt", (struct bytes){(uint8_t *)others, e.len});
	add_file("der.crt", c.der);
	outcome.certs[outcome.cert_count++] = c;
	outcome.certs[0].flags = WIRE_CERT_INSTALLED;
	look();
	assert_true(facts.policy.installed && !facts.needs_reading);
	assert_int_equal(facts.void_files, 1U << 1 | 1U << 2);
	/* Without the mark it is found. */
	turn.survey.files[1].content.data += 3;
	turn.survey.files[1].content.len -= 3;
	job_prepare(&turn, &options, NULL, (struct bytes){NULL, 0}, &reg, NOW);
	facts_gather(&turn, &options, &outcome, &reading, &facts);
	assert_int_equal(facts.void_files, 1U << 2);
}

/* A probe that has met no server may say what is in ca.crt. */
static void a_look_without_network_is_a_reading(void **state)
{
	(void)state;
	start();
	options.offline = true;
	put("theirs");
	gather();
	assert_true(facts.ca_is_void && !facts.policy.installed);
	assert_int_equal(facts.void_files, 1);
	assert_false(facts.needs_reading);
}

static void a_block_that_is_listed_needs_no_reading(void **state)
{
	(void)state;
	start();
	put("theirs");
	list("theirs", WIRE_CERT_INSTALLED);
	gather();
	assert_true(facts.policy.installed);
	assert_false(facts.needs_reading || facts.ca_is_void);
	/* One that the file does not hold is no such word. */
	outcome.certs[0].der = bytes_of("not there");
	gather();
	assert_true(facts.needs_reading);
}

static void what_is_the_same_is_seen_in_the_bytes(void **state)
{
	(void)state;
	start();
	ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
	put("ours");
	list("new", WIRE_CERT_ANCHOR | WIRE_CERT_INSTALLED);
	gather();
	assert_false(facts.policy.same || facts.policy.exact);
	outcome.certs[0].der = bytes_of("ours");
	outcome.certs[0].flags = WIRE_CERT_ANCHOR;
	gather();
	assert_true(facts.policy.same && facts.policy.exact);
	put("older");
	gather();
	assert_true(facts.policy.same && !facts.policy.exact);
	/* No anchor is not the same anchor. */
	outcome.cert_count = 0;
	gather();
	assert_false(facts.policy.same);
}

static void a_remark_on_an_accepted_chain_is_none(void **state)
{
	(void)state;
	start();
	outcome.verdict[WIRE_KEEP] =
		(struct wire_verdict){.reached = true,
				      .code = VERDICT_UNKNOWN_AUTHORITY,
				      .remark = REMARK_NO_INTERMEDIATE};
	gather();
	assert_true(facts.policy.incomplete);
	outcome.verdict[WIRE_KEEP].code = VERDICT_ACCEPTED;
	gather();
	assert_false(facts.policy.incomplete);
}

static void the_first_service_is_new_and_the_second_has_changed(void **state)
{
	(void)state;
	start();
	ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
	put("ours");
	options.on_change = POLICY_REPLACE;
	gather();
	assert_false(facts.policy.new_service);
	assert_int_equal(facts.policy.on_change, POLICY_REPLACE);
	gather_for(&auth);
	assert_true(facts.policy.new_service && !service_is_known(&turn));
	/* The registry's own anchors stay. */
	assert_int_equal(facts.policy.on_change, POLICY_ADD);
	start();
	ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
	ca_crt_note_service(&file, "other.test");
	put("ours");
	gather_for(&auth);
	assert_false(facts.policy.new_service || service_is_known(&turn));
	start();
	ca_crt_copy(&file, bytes_of(CA_CRT_MARK));
	ca_crt_note_service(&file, "auth.test");
	put("ours");
	gather_for(&auth);
	assert_true(service_is_known(&turn) && !service_lacks_note(&turn));
}

static void a_service_is_another_host_or_port(void **state)
{
	static const struct {
		const char *name;
		bool is_other;
	} rows[] = {
		{"auth.test", true},
		{"reg.test:5001", true},
		{"reg.test", false},
		{"REG.TEST", false},
		{"Reg.test:443", false},
		{"../../etc", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct registry out;

		check(service_parse(&reg, bytes_of(rows[i].name), &out) ==
			      rows[i].is_other,
		      "%s", rows[i].name);
	}
}

static void what_answers_as_no_registry_is_seen(void **state)
{
	(void)state;
	for (int reply = 0; reply < WIRE_REPLY_COUNT_; reply++) {
		bool is_page =
			reply == WIRE_REPLY_PAGE || reply == WIRE_REPLY_LOOP;
		bool is_none = is_page || reply == WIRE_REPLY_STATUS ||
			       reply == WIRE_REPLY_BROKEN ||
			       reply == WIRE_REPLY_NO_REALM;

		start();
		outcome.reply = (enum wire_reply)reply;
		gather();
		assert_int_equal(facts.policy.no_registry, is_none);
		/* Behind a service's name there need not be one. */
		gather_for(&auth);
		assert_false(facts.policy.no_registry);
		/* The status of who misses a client's certificate. */
		outcome.flags = OUTCOME_CLIENT_CERT;
		gather();
		assert_int_equal(facts.policy.no_registry, is_page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_block_is_an_anchor_whatever_is_said),
		cmocka_unit_test(a_file_without_a_block_is_void),
		cmocka_unit_test(
			a_block_of_another_hand_is_void_only_by_a_reading),
		cmocka_unit_test(files_without_a_certificate_are_named),
		cmocka_unit_test(a_file_that_no_reader_finds_it_in_is_void),
		cmocka_unit_test(a_look_without_network_is_a_reading),
		cmocka_unit_test(a_block_that_is_listed_needs_no_reading),
		cmocka_unit_test(what_is_the_same_is_seen_in_the_bytes),
		cmocka_unit_test(a_remark_on_an_accepted_chain_is_none),
		cmocka_unit_test(
			the_first_service_is_new_and_the_second_has_changed),
		cmocka_unit_test(a_service_is_another_host_or_port),
		cmocka_unit_test(what_answers_as_no_registry_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

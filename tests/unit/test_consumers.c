/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each reader of certs.d does: the rules one by one, as measured, and for
 * a sample of all combinations of facts: "accepts" only where nothing objects.
 */
#include "installer/policy/consumer_words.h"

#include <inttypes.h>
#include <string.h>

#include "support/unit.h"

static const struct consumer_facts fine = {
	.reply = CONSUMER_REPLY_REGISTRY,
	.host = CONSUMER_HOST_UNSEEN,
};

/* How many of each there are. */
#define NAMES	    (CONSUMER_NAME_HUB_PATH + 1)
#define REPLIES	    (CONSUMER_REPLY_MOVED + 1)
#define TOKENS	    (CONSUMER_TOKEN_REFUSED + 1)
#define DIRECTORIES (2 * CONSUMER_HAS_DEFAULT)

/* A letter a consumer, in their order: Accepts, Refuses, Unchecked, unVerified,
 * reads Nothing. */
static void assert_answers(const struct consumer_facts *facts,
			   const char *expected)
{
	static const char letters[] = "ARUVN";
	char got[CONSUMER_COUNT_ + 1] = "";

	for (int c = 0; c < CONSUMER_COUNT_; c++)
		got[c] =
			letters[consumer_judge((enum consumer)c, facts).answer];
	assert_string_equal(got, expected);
}

static void one_fact_at_a_time(void **state)
{
	struct consumer_facts f;
	(void)state;

	/* login, classic, containerd store, build, containerd, Podman */
	assert_answers(&fine, "AAAAUA");
#define WITH(field, value, expected)                                           \
	do {                                                                   \
		f = fine;                                                      \
		f.field = value;                                               \
		assert_answers(&f, expected);                                  \
	} while (0)
	WITH(name, CONSUMER_NAME_HUB, "NNAAUA");
	WITH(name, CONSUMER_NAME_AT_LOOPBACK, "VVAAUA");
	WITH(name, CONSUMER_NAME_LOOPBACK, "VVVVUA");
	WITH(name, CONSUMER_NAME_HUB_PATH, "NNNNNN");
	WITH(is_new_reference, true, "AAAAUN");
	WITH(place, CONSUMER_PLACE_CONTAINERS, "NNNNNA");
	WITH(place, CONSUMER_PLACE_CONTAINERD, "NNNNUN");
	WITH(directory, CONSUMER_HAS_HOSTS_TOML, "AAUUUA");
	WITH(directory, CONSUMER_HAS_PORT_ALIAS, "AANNNA");
	WITH(directory, CONSUMER_HAS_DEFAULT, "AAUUUA");
	WITH(directory, CONSUMER_HAS_LONE_CERT, "RRUUUR");
	WITH(directory, CONSUMER_HAS_LONE_KEY, "RRAAUR");
	WITH(directory, CONSUMER_HAS_FOLDER, "RRAAUR");
	WITH(directory, CONSUMER_HAS_UNREADABLE, "RRRRRR");
	WITH(directory, CONSUMER_HAS_NO_DIRECTORY, "RRRRRR");
	WITH(directory, CONSUMER_HAS_DANGLING, "RRRRRA");
	WITH(directory, CONSUMER_HAS_VOID, "AARRRA");
	WITH(directory, CONSUMER_HAS_CONTAINERS, "AAAAUN");
	WITH(unseen_file, true, "UUUUUU");
	WITH(certificate, CONSUMER_CERTIFICATE_REFUSED, "RRRRRR");
	WITH(certificate, CONSUMER_CERTIFICATE_UNCHECKED, "UUUUUU");
	WITH(by_release, true, "AAAAUU");
	WITH(handshake_refused, true, "RRRRRR");
	WITH(asks_client, true, "AAAAUA");
	WITH(demands_client, true, "RRRRRR");
	WITH(directory, CONSUMER_HAS_PAIR, "UUUUUU");
	WITH(lacks_classic_suite, true, "RRAAUA");
	WITH(has_rare_suite, true, "AAAAUU");
	WITH(reply, CONSUMER_REPLY_NONE, "UUUUUU");
	WITH(reply, CONSUMER_REPLY_OPEN, "AUUUUU");
	WITH(reply, CONSUMER_REPLY_STATUS, "RUUUUR");
	WITH(reply, CONSUMER_REPLY_SILENT, "RUUUUU");
	WITH(reply, CONSUMER_REPLY_BROKEN, "RRUUUR");
	WITH(reply, CONSUMER_REPLY_NO_REALM, "RRUUUR");
	WITH(reply, CONSUMER_REPLY_FOREIGN, "AUUUUU");
	WITH(reply, CONSUMER_REPLY_REDIRECT, "RRUUUR");
	WITH(reply, CONSUMER_REPLY_PLAIN, "UUUUUU");
	WITH(reply, CONSUMER_REPLY_AWAY, "UUUUUU");
	WITH(reply, CONSUMER_REPLY_ASTRAY, "UUUUUU");
	WITH(reply, CONSUMER_REPLY_LOOP, "RRUUUR");
	WITH(reply, CONSUMER_REPLY_MOVED, "AUUUUU");
	WITH(goes_apart, true, "UUUUUA");
	WITH(token, CONSUMER_TOKEN_UNSEEN, "UUUUUU");
	WITH(token, CONSUMER_TOKEN_PLAIN, "UUUUUU");
	WITH(token, CONSUMER_TOKEN_HOST, "AAAAUA");
	WITH(token, CONSUMER_TOKEN_DIRECTORY, "AAARUA");
	WITH(token, CONSUMER_TOKEN_REFUSED, "RRRRRR");
#undef WITH
}

static void the_token_service_by_release(void **state)
{
	struct consumer_facts f = fine;
	struct consumer_view view;
	(void)state;

	f.token = CONSUMER_TOKEN_DIRECTORY;
	view = consumer_judge(CONSUMER_PULL_CONTAINERD, &f);
	assert_int_equal(view.answer, CONSUMER_ACCEPTS);
	assert_int_equal(view.older, CONSUMER_TOKEN_STORE);
	f.before_token_pool = true;
	view = consumer_judge(CONSUMER_PULL_CONTAINERD, &f);
	assert_int_equal(view.answer, CONSUMER_REFUSES);
	assert_int_equal(view.reason, CONSUMER_TOKEN_STORE);
	assert_int_equal(view.older, CONSUMER_FINE); /* nothing else */
	view = consumer_judge(CONSUMER_LOGIN, &f);
	assert_int_equal(view.answer, CONSUMER_ACCEPTS);
	assert_int_equal(view.older, CONSUMER_FINE);
}

/* daemon.json, insecure-registries: Docker alone reads it. Its classic loader
 * then reads no directory; the client that builds asks the token service as
 * ever, and so does the containerd store before 29.5. */
static void an_insecure_registry_is_not_verified(void **state)
{
	struct consumer_facts f = fine;
	struct consumer_view view;
	(void)state;

	f.is_insecure = true;
	assert_answers(&f, "VVVVUA");
	view = consumer_judge(CONSUMER_LOGIN, &f);
	assert_int_equal(view.reason, CONSUMER_INSECURE);
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	assert_answers(&f, "VVVVRR");
	assert_false(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_LONE_KEY;
	assert_answers(&f, "VVVVRR");
	f.directory = CONSUMER_HAS_VOID;
	assert_answers(&f, "VVRRRR");
	f.directory = 0;
	f.handshake_refused = true;
	assert_answers(&f, "RRRRRR");
	f = fine;
	f.is_insecure = true;
	for (int i = 0; i < 2; i++) {
		f.token = i ? CONSUMER_TOKEN_REFUSED : CONSUMER_TOKEN_DIRECTORY;
		f.before_token_pool = false;
		assert_answers(&f, i ? "VVVRRR" : "VVVRUA");
		view = consumer_judge(CONSUMER_PULL_CONTAINERD, &f);
		assert_int_equal(view.older, CONSUMER_TOKEN_STORE);
		f.before_token_pool = true;
		assert_answers(&f, i ? "VVRRRR" : "VVRRUA");
		view = consumer_judge(CONSUMER_PULL_CONTAINERD, &f);
		assert_int_equal(view.reason, CONSUMER_TOKEN_STORE);
	}
	f = fine;
	f.is_insecure = true;
	f.name = CONSUMER_NAME_HUB;
	assert_answers(&f, "NNAAUA");
	f.name = CONSUMER_NAME_ORDINARY;
	f.place = CONSUMER_PLACE_CONTAINERS;
	assert_answers(&f, "NNNNNA");
}

/* Whatever is known of the store, Docker refuses where it did not before, and
 * never the other way round. */
static void to_know_the_store_adds_refusals_only(void **state)
{
	struct consumer_facts f = fine;
	unsigned more = 0;
	(void)state;

	for (int token = 0; token < TOKENS; token++)
		for (unsigned n = 0; n < NAMES * DIRECTORIES; n++) {
			f.token = (enum consumer_token)token;
			f.name = (enum consumer_name)(n % NAMES);
			f.directory = n / NAMES;
			for (int old = 0; old < 2; old++) {
				bool before;

				f.before_token_pool = old;
				f.store = CONSUMER_STORE_UNKNOWN;
				before = consumer_all_refuse(&f);
				f.store = CONSUMER_STORE_CLASSIC;
				assert_true(consumer_all_refuse(&f) >= before);
				f.store = CONSUMER_STORE_CONTAINERD;
				assert_true(consumer_all_refuse(&f) >= before);
				more += consumer_all_refuse(&f) > before;
			}
		}
	assert_true(more > 0);
}

static void which_stores_this_host_may_have(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	assert_true(consumer_is_here(CONSUMER_PULL_CLASSIC, &f));
	assert_true(consumer_is_here(CONSUMER_PULL_CONTAINERD, &f));
	assert_false(consumer_store_matters(&f));
	f.token = CONSUMER_TOKEN_DIRECTORY;
	assert_true(consumer_store_matters(&f)); /* before 29.5 */
	f.before_token_pool = true;
	assert_true(consumer_store_matters(&f));
	f.store = CONSUMER_STORE_CLASSIC;
	assert_false(consumer_store_matters(&f));
	assert_true(consumer_is_here(CONSUMER_PULL_CLASSIC, &f));
	assert_false(consumer_is_here(CONSUMER_PULL_CONTAINERD, &f));
	f.store = CONSUMER_STORE_CONTAINERD;
	assert_false(consumer_is_here(CONSUMER_PULL_CLASSIC, &f));
	assert_true(consumer_is_here(CONSUMER_PULL_CONTAINERD, &f));
	assert_true(consumer_is_here(CONSUMER_BUILD, &f));
}

/* Who reads the directory presents it; what the server says then is not known,
 * whether it ends the handshake without one or answers 400. */
static void a_pair_of_a_client(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.asks_client = true;
	f.reply = CONSUMER_REPLY_STATUS;
	f.status = 400;
	assert_answers(&f, "RRRRRR");
	assert_int_equal(consumer_judge(CONSUMER_LOGIN, &f).reason,
			 CONSUMER_CLIENT);
	f.directory = CONSUMER_HAS_PAIR;
	assert_answers(&f, "UUUUUU");
	f = fine;
	f.demands_client = true;
	f.directory = CONSUMER_HAS_PAIR;
	assert_answers(&f, "UUUUUU");
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	assert_answers(&f, "RRRRRR");
	f.certificate = CONSUMER_CERTIFICATE_ACCEPTED;
	f.name = CONSUMER_NAME_HUB; /* for which no directory is read */
	f.host = CONSUMER_HOST_COVERS;
	assert_answers(&f, "RRUUUU");
}

/* isSecureIndex in moby, and who asks it. */
static void a_loopback_address_by_release(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.name = CONSUMER_NAME_AT_LOOPBACK;
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	assert_answers(&f, "VVRRRR");
	f.before_containerd_loader = true;
	assert_answers(&f, "VVVVRR");
	f.before_fresh_build = true;
	assert_answers(&f, "VVRRRR");
}

/* Measured on 20.10 and containerd 1.6: "400 Bad Request", with and without a
 * directory; on 26.1 and containerd 1.7: works. */
static void plain_http_to_a_loopback_address(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.name = CONSUMER_NAME_LOOPBACK;
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	f.before_containerd_loader = true;
	assert_answers(&f, "VVVVUR");
	f.before_fresh_build = true;
	assert_answers(&f, "VVRRUR");
	assert_int_equal(consumer_judge(CONSUMER_BUILD, &f).reason,
			 CONSUMER_LOOPBACK_PLAIN);
	assert_int_equal(consumer_judge(CONSUMER_CONTAINERD, &f).reason,
			 CONSUMER_LOOPBACK_OLD);
}

/* Who verifies nothing needs a registry all the same. */
static void a_loopback_address_is_no_excuse(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.name = CONSUMER_NAME_LOOPBACK;
	f.reply = CONSUMER_REPLY_STATUS;
	assert_answers(&f, "RUUUUR");
	f.asks_client = true;
	f.status = 400;
	f.directory = CONSUMER_HAS_PAIR;
	assert_answers(&f, "RRUUUU"); /* classic: it reads no directory */
	f = fine;
	f.name = CONSUMER_NAME_LOOPBACK;
	f.handshake_refused = true;
	assert_answers(&f, "RRRRRR");
	f.name = CONSUMER_NAME_AT_LOOPBACK;
	assert_answers(&f, "RRRRRR");
}

static void before_28_the_stores_read_alike(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.before_containerd_loader = true;
	f.directory = CONSUMER_HAS_HOSTS_TOML | CONSUMER_HAS_VOID;
	assert_answers(&f, "AAAAUA");
	f.directory = CONSUMER_HAS_LONE_KEY | CONSUMER_HAS_DEFAULT;
	assert_answers(&f, "RRAAUR");
	f.directory = CONSUMER_HAS_LONE_CERT;
	assert_answers(&f, "RRRRUR");
	f.directory = CONSUMER_HAS_FOLDER;
	assert_answers(&f, "RRRRUR");
}

/* Measured on 20.10: refused until dockerd has been restarted. */
static void before_25_a_build_may_not_know_the_directory(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.before_fresh_build = true;
	/* Run with 20.10: invalid reference format. */
	f.is_new_reference = true;
	assert_answers(&f, "ANNNUN");
	assert_true(consumer_all_refuse(&f));
	f.is_new_reference = false;
	assert_answers(&f, "AAAUUA");
	assert_int_equal(consumer_judge(CONSUMER_BUILD, &f).reason,
			 CONSUMER_BUILD_START);
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	assert_answers(&f, "RRRRRR");
	f = fine;
	f.before_fresh_build = true;
	f.token = CONSUMER_TOKEN_DIRECTORY;
	assert_answers(&f, "AAARUA");
	f = fine;
	f.before_fresh_build = true;
	f.demands_client = true;
	f.directory = CONSUMER_HAS_PAIR;
	assert_answers(&f, "UUUUUU");
	assert_int_equal(consumer_judge(CONSUMER_BUILD, &f).reason,
			 CONSUMER_BUILD_START);
}

static void the_hosts_store_decides_for_docker_hub(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.name = CONSUMER_NAME_HUB;
	f.host = CONSUMER_HOST_COVERS;
	assert_answers(&f, "AAAAAA");
	f.host = CONSUMER_HOST_LACKS;
	assert_answers(&f, "RRAAUA");
}

/* What the directory covers, the host's store alone does not. */
static void who_reads_no_directory_does_not_get_on_where_v2_leads(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	f.name = CONSUMER_NAME_HUB;
	f.host = CONSUMER_HOST_COVERS;
	f.reply = CONSUMER_REPLY_MOVED;
	assert_answers(&f, "AUUUUU");
	f.away_by_directory = true;
	assert_answers(&f, "RRUUUU");
}

static void a_run_fails_where_its_own_readers_refuse(void **state)
{
	struct consumer_facts f = fine;
	(void)state;

	assert_false(consumer_all_refuse(&f));
	f.token = CONSUMER_TOKEN_DIRECTORY;
	f.before_token_pool = true;
	assert_false(consumer_all_refuse(&f)); /* login, classic */
	f.store = CONSUMER_STORE_CONTAINERD;
	assert_true(consumer_all_refuse(&f));
	f.store = CONSUMER_STORE_CLASSIC;
	assert_false(consumer_all_refuse(&f));
	f = fine;
	f.name = CONSUMER_NAME_LOOPBACK;
	assert_false(consumer_all_refuse(&f));
	f.name = CONSUMER_NAME_HUB_PATH;
	assert_true(consumer_all_refuse(&f));
	f = fine;
	f.reply = CONSUMER_REPLY_FOREIGN; /* login alone is no way */
	assert_true(consumer_all_refuse(&f));
	f.reply = CONSUMER_REPLY_STATUS; /* nor what nobody has seen */
	assert_true(consumer_all_refuse(&f));
	f.store = CONSUMER_STORE_CONTAINERD;
	assert_true(consumer_all_refuse(&f));
	f.reply = CONSUMER_REPLY_REGISTRY;
	f.directory = CONSUMER_HAS_FOLDER; /* no login is left */
	assert_true(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_PORT_ALIAS; /* what is there may do */
	assert_false(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_HOSTS_TOML;
	assert_false(consumer_all_refuse(&f));
	f = fine;
	f.place = CONSUMER_PLACE_CONTAINERS; /* for which Docker is not asked */
	assert_false(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_LONE_CERT;
	assert_true(consumer_all_refuse(&f));
	f.place = CONSUMER_PLACE_CONTAINERD; /* the key may be in it */
	assert_false(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_VOID;
	assert_true(consumer_all_refuse(&f));
	f.directory = 0;
	assert_false(consumer_all_refuse(&f));
	f = fine;
	f.certificate = CONSUMER_CERTIFICATE_UNCHECKED;
	assert_false(consumer_all_refuse(&f));
	f = fine;
	f.reply = CONSUMER_REPLY_REDIRECT; /* login, classic */
	assert_true(consumer_all_refuse(&f));
	f.store = CONSUMER_STORE_CONTAINERD;
	assert_true(consumer_all_refuse(&f));
	f.reply = CONSUMER_REPLY_MOVED;
	assert_false(consumer_all_refuse(&f));
	f = fine; /* nobody was asked: a containerd store may get on */
	f.name = CONSUMER_NAME_HUB;
	f.host = CONSUMER_HOST_LACKS;
	f.reply = CONSUMER_REPLY_NONE;
	assert_false(consumer_all_refuse(&f));
}

/* The fields as digits of one number. */
static struct consumer_facts facts_of(uint64_t n)
{
	struct consumer_facts f;

	memset(&f, 0, sizeof(f));
#define DIGIT(field, type, count)                                              \
	do {                                                                   \
		f.field = (type)(n % (count));                                 \
		n /= (count);                                                  \
	} while (0)
	DIGIT(name, enum consumer_name, NAMES);
	DIGIT(place, enum consumer_place, 3);
	DIGIT(certificate, enum consumer_certificate, 3);
	DIGIT(host, enum consumer_host, 3);
	DIGIT(handshake_refused, bool, 2);
	DIGIT(asks_client, bool, 2);
	DIGIT(demands_client, bool, 2);
	DIGIT(lacks_classic_suite, bool, 2);
	DIGIT(reply, enum consumer_reply, REPLIES);
	DIGIT(away_by_directory, bool, 2);
	DIGIT(token, enum consumer_token, TOKENS);
	DIGIT(before_token_pool, bool, 2);
	DIGIT(before_containerd_loader, bool, 2);
	DIGIT(before_fresh_build, bool, 2);
	DIGIT(directory, unsigned, DIRECTORIES);
	DIGIT(is_insecure, bool, 2);
#undef DIGIT
	return f;
}

#define ALL_FACTS                                                              \
	(UINT64_C(1) * NAMES * 3 * 3 * 3 * 2 * 2 * 2 * 2 * REPLIES * 2 *       \
	 TOKENS * 2 * 2 * 2 * DIRECTORIES * 2)

/* Of one that no CA mends none is named as the remedy. */
static void a_token_service_at_fault(void **state)
{
	struct consumer_facts f = fine;

	(void)state;
	f.token = CONSUMER_TOKEN_REFUSED;
	f.token_at_fault = true;
	assert_answers(&f, "RRRRRR");
	for (int c = 0; c < CONSUMER_COUNT_; c++)
		assert_int_equal(consumer_judge((enum consumer)c, &f).reason,
				 CONSUMER_TOKEN_FAULT);
	assert_null(strstr(consumer_explain(CONSUMER_TOKEN_FAULT)->remedy,
			   "--trust-token-host"));
	assert_true(consumer_all_refuse(&f));
	/* Who does not verify asks it all the same; who asks it with another
	 * store is refused, for its fault and not for that store. */
	f.is_insecure = true;
	f.before_token_pool = true;
	assert_answers(&f, "VVRRRR");
	assert_int_equal(consumer_judge(CONSUMER_BUILD, &f).reason,
			 CONSUMER_TOKEN_FAULT);
}

/* Measured with Podman and skopeo, and dockerd 20.10: a registry that takes
 * name and password as well as a token. */
static void a_login_by_name_before_the_token_service(void **state)
{
	struct consumer_facts f = fine;

	(void)state;
	f.basic_first = true;
	assert_answers(&f, "AAAAUA");
	f.token = CONSUMER_TOKEN_REFUSED;
	assert_answers(&f, "RRRRRA");
	f.token = CONSUMER_TOKEN_DIRECTORY;
	assert_answers(&f, "AAARUA");
	f.token_down = true;
	assert_answers(&f, "UUURUA");
	assert_int_equal(consumer_judge(CONSUMER_LOGIN, &f).reason,
			 CONSUMER_TOKEN_DOWN);
	f.token_down = false;
	f.token = CONSUMER_TOKEN_NONE;
	f.reply = CONSUMER_REPLY_BROKEN;
	assert_answers(&f, "RRUUUR"); /* whatever challenge is in it */
	f.reply = CONSUMER_REPLY_NO_REALM;
	assert_answers(&f, "RRUUUA");
	assert_true(consumer_all_refuse(&f));
	f.is_left_out = true; /* no client gets as far as the challenge */
	assert_answers(&f, "RRUUUR");
}

/* Its handshake is one of its own, by the suites that each offers. */
static void a_token_service_without_the_suites(void **state)
{
	struct consumer_facts f = fine;

	(void)state;
	f.token = CONSUMER_TOKEN_DIRECTORY;
	f.token_has_rare = true;
	assert_answers(&f, "AAARUU");
	f.token_lacks_suite = true;
	assert_answers(&f, "RRARUU");
	assert_int_equal(consumer_judge(CONSUMER_LOGIN, &f).reason,
			 CONSUMER_TOKEN_FAULT);
	f.is_insecure = true; /* not verified, and spoken to all the same */
	assert_answers(&f, "RRVRUU");
	f.is_insecure = false;
	f.basic_first = true;
	assert_answers(&f, "RRARUA");
}

/* A server that asks for a certificate, and answers without one. */
static void what_is_for_want_of_a_client_certificate(void **state)
{
	struct consumer_facts f = fine;

	(void)state;
	f.asks_client = true;
	f.reply = CONSUMER_REPLY_STATUS;
	f.status = 400; /* nginx, to everything */
	assert_answers(&f, "RRRRRR");
	f.status = 403; /* who goes on to the image may get it */
	assert_answers(&f, "RUUUUR");
	assert_int_equal(consumer_judge(CONSUMER_LOGIN, &f).reason,
			 CONSUMER_CLIENT);
	f.directory = CONSUMER_HAS_PAIR;
	assert_answers(&f, "UUUUUU");
	f.directory = 0;
	f.status = 502; /* no pair helps */
	assert_answers(&f, "RUUUUR");
	assert_int_equal(consumer_judge(CONSUMER_LOGIN, &f).reason,
			 CONSUMER_REPLIED);
	assert_true(consumer_all_refuse(&f));
}

/* What Docker meets behind its proxy nobody has seen; its files it has. */
static void docker_may_take_another_way(void **state)
{
	struct consumer_facts f = fine;

	(void)state;
	f.goes_apart = true;
	f.certificate = CONSUMER_CERTIFICATE_REFUSED;
	assert_answers(&f, "UUUURR");
	assert_false(consumer_all_refuse(&f));
	f.directory = CONSUMER_HAS_UNREADABLE;
	assert_answers(&f, "RRRRRR");
	f.directory = 0;
	f.name = CONSUMER_NAME_HUB;
	f.host = CONSUMER_HOST_LACKS;
	assert_answers(&f, "UUUURR");
}

static void an_insecure_registry_betters_no_exit_code(void **state)
{
	unsigned other = 0;
	(void)state;

	for (uint64_t n = 0; n < ALL_FACTS; n += 13499) {
		struct consumer_facts f = facts_of(n);
		bool would;

		f.is_insecure = false;
		would = consumer_all_refuse(&f);
		f.is_insecure = true;
		assert_int_equal(consumer_all_would_refuse(&f), would);
		/* The classic loader then reads no client certificate either.
		 */
		if (!(f.directory & CONSUMER_HAS_PAIR))
			assert_true(would >= consumer_all_refuse(&f));
		other += would > consumer_all_refuse(&f);
	}
	assert_true(other > 0);
}

/* What makes nobody accept; the certificate only where the directory counts. */
static bool is_bad(const struct consumer_facts *f)
{
	bool by_host = f->host == CONSUMER_HOST_COVERS &&
		       (f->name == CONSUMER_NAME_HUB ||
			f->place != CONSUMER_PLACE_DOCKER);

	return (f->certificate != CONSUMER_CERTIFICATE_ACCEPTED && !by_host) ||
	       f->handshake_refused || f->demands_client ||
	       (f->reply != CONSUMER_REPLY_REGISTRY &&
		f->reply != CONSUMER_REPLY_OPEN &&
		f->reply != CONSUMER_REPLY_FOREIGN &&
		f->reply != CONSUMER_REPLY_MOVED) ||
	       f->token == CONSUMER_TOKEN_PLAIN ||
	       f->token == CONSUMER_TOKEN_REFUSED ||
	       f->token == CONSUMER_TOKEN_UNSEEN;
}

static void accepts_only_where_nothing_objects(void **state)
{
	unsigned accepted = 0;
	(void)state;

	for (uint64_t n = 0; n < ALL_FACTS; n += 9293) {
		struct consumer_facts f = facts_of(n);

		for (int c = 0; c < CONSUMER_COUNT_; c++) {
			struct consumer_view v =
				consumer_judge((enum consumer)c, &f);

			assert_true(v.reason < CONSUMER_REASON_COUNT_);
			if (v.answer != CONSUMER_ACCEPTS)
				continue;
			accepted++;
			if (is_bad(&f))
				fail_msg("facts %" PRIu64 ": %s accepts", n,
					 consumer_word((enum consumer)c));
		}
	}
	assert_true(accepted > 1000);
}

static void every_reason_has_its_own_word(void **state)
{
	(void)state;
	for (int i = 0; i < CONSUMER_REASON_COUNT_; i++) {
		const char *word =
			consumer_explain((enum consumer_reason)i)->word;

		assert_non_null(word);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				word, consumer_explain((enum consumer_reason)j)
					      ->word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_fact_at_a_time),
		cmocka_unit_test(the_token_service_by_release),
		cmocka_unit_test(an_insecure_registry_is_not_verified),
		cmocka_unit_test(to_know_the_store_adds_refusals_only),
		cmocka_unit_test(a_token_service_at_fault),
		cmocka_unit_test(a_login_by_name_before_the_token_service),
		cmocka_unit_test(a_token_service_without_the_suites),
		cmocka_unit_test(what_is_for_want_of_a_client_certificate),
		cmocka_unit_test(docker_may_take_another_way),
		cmocka_unit_test(an_insecure_registry_betters_no_exit_code),
		cmocka_unit_test(which_stores_this_host_may_have),
		cmocka_unit_test(a_pair_of_a_client),
		cmocka_unit_test(a_loopback_address_by_release),
		cmocka_unit_test(plain_http_to_a_loopback_address),
		cmocka_unit_test(a_loopback_address_is_no_excuse),
		cmocka_unit_test(before_28_the_stores_read_alike),
		cmocka_unit_test(before_25_a_build_may_not_know_the_directory),
		cmocka_unit_test(the_hosts_store_decides_for_docker_hub),
		cmocka_unit_test(
			who_reads_no_directory_does_not_get_on_where_v2_leads),
		cmocka_unit_test(a_run_fails_where_its_own_readers_refuse),
		cmocka_unit_test(accepts_only_where_nothing_objects),
		cmocka_unit_test(every_reason_has_its_own_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a probe says, nothing reaches ca.crt but what the operator named or
 * had there before. Not one lie after the other, as in test_run.c, but a crowd
 * of them: each registry of a run gets a report made by chance from its name,
 * of certificates, flags, dates and claims, and in between garbage.
 */
/* wrap: fsync */
#include "support/tree.h"

#include <sys/wait.h>

#include "common/io.h"
#include "common/wire.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/run.h"

#define LIARS  128
#define FUTURE 4102444800 /* 2100 */
#define PAST   946684800  /* 2000 */

/* What a certificate is does not matter to the installer. */
static const char *const ders[] = {
	"named by the operator", /* by a pin, or in the file */
	"named as well",	 /* in the file, or by the second pin */
	"installed before",	 /* in every ca.crt at the start */
	"in a file of another hand",
	"from a stranger",
	"named by the operator, and more",
};

enum who { NAMED, NAMED_TOO, OLD, FOREIGN, STRANGER, LONGER };

/* Hundreds of files on a slow disk: order and loss are test_store.c's. */
int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

/* xorshift32: the same lies in every run. */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static uint32_t seed_of(const struct registry *registry)
{
	uint32_t seed = 2166136261U;

	for (const char *c = registry->reference; *c; c++)
		seed = (seed ^ (uint8_t)*c) * 16777619U;
	return seed ? seed : 1;
}

static void invent(struct outcome *o, uint32_t *random)
{
	static const char *const subjects[] = {
		"CN=honest", "# token service: auth.test",
		"-----BEGIN CERTIFICATE-----", "",
		"CN=x # fingerprint: sha256:"};

	memset(o, 0, sizeof(*o));
	strcpy(o->address, "198.51.100.7:443");
	o->tls_version = 0x0304;
	o->flags = next_random(random) & OUTCOME_FLAGS_;
	/* Most claim what is believed at all. */
	if (next_random(random) % 4)
		o->flags |= OUTCOME_POSSESSION;
	o->settings.flags = next_random(random) & SETTINGS_FLAGS_;
	o->settings.name_count = 1;
	o->settings.names[0] = (struct settings_name){SETTINGS_INSECURE,
						      bytes_of("0.0.0.0/0")};
	for (int act = 0; act < WIRE_ACTS_; act++)
		o->verdict[act].reached = true;
	if (next_random(random) % 8 == 0)
		o->verdict[next_random(random) % WIRE_ACTS_].reached = false;
	if (next_random(random) % 4 == 0)
		o->verdict[next_random(random) % WIRE_ACTS_].code =
			VERDICT_WRONG_NAME;
	o->cert_count = next_random(random) % 7;
	for (size_t i = 0; i < o->cert_count; i++) {
		uint32_t dice = next_random(random);

		o->certs[i] = (struct wire_certificate){
			.der = bytes_of(ders[dice % COUNT(ders)]),
			.subject =
				bytes_of(subjects[dice / 8 % COUNT(subjects)]),
			.not_before = PAST,
			.not_after = dice & 1 << 20 ? PAST : FUTURE,
			.flags = dice >> 8 & WIRE_CERT_FLAGS_,
		};
	}
}

/* A cunning one lies about all the rest, but names an anchor that is believed:
 * one alone, that JOB names where it names any. It holds its key, and Docker
 * accepts it. */
static void flatter(const struct job *job, struct outcome *o, uint32_t *random)
{
	bool is_named = job->pin_count || job->operator_file.len;
	uint32_t dice = next_random(random);

	if (!o->cert_count)
		return;
	o->flags |= OUTCOME_POSSESSION;
	for (int act = 0; act < WIRE_ACTS_; act++)
		o->verdict[act].reached = true;
	o->verdict[WIRE_ALONE].code = VERDICT_ACCEPTED;
	for (size_t i = 0; i < o->cert_count; i++)
		o->certs[i].flags &= ~(unsigned)WIRE_CERT_ANCHOR;
	o->certs[dice % o->cert_count].flags |= WIRE_CERT_ANCHOR;
	if (is_named)
		o->certs[dice % o->cert_count].der =
			bytes_of(ders[dice / 8 % 2 ? NAMED : NAMED_TOO]);
}

static void reply(const struct outcome *o, int fd, uint32_t *random)
{
	static uint8_t frame[FRAME_BYTES_MAX];
	uint32_t dice = random ? next_random(random) % 16 : 16;
	size_t len;

	if (wire_encode(o, frame, sizeof(frame), &len) != ERR_OK)
		_exit(8);
	if (dice == 0)
		len /= 2;
	if (dice == 1)
		frame[next_random(random) % len] ^= 0x20;
	(void)!io_write_full(fd, frame, len);
	_exit(0);
}

static void lie(const struct job *job, int fd)
{
	static struct outcome o;
	uint32_t random = 1;

	/* The first probe only reads the operator's file. */
	if (!job->target) {
		memset(&o, 0, sizeof(o));
		reply(&o, fd, NULL);
	}
	random = seed_of(job->target);
	invent(&o, &random);
	if (next_random(&random) % 2)
		flatter(job, &o, &random);
	reply(&o, fd, &random);
}

/* The registry itself is as it was; its token service lies. */
static void lie_as_service(const struct job *job, int fd)
{
	static struct outcome o;
	uint32_t random = seed_of(job->target);

	if (!strncmp(job->target->host, "auth", 4))
		lie(job, fd);
	memset(&o, 0, sizeof(o));
	o.flags = OUTCOME_POSSESSION | OUTCOME_CHAINS;
	/* The service of registry rN is authN. */
	static char name[32];
	snprintf(name, sizeof(name), "auth%s", job->target->host + 1);
	o.service = bytes_of(name);
	o.cert_count = 1;
	o.certs[0] = (struct wire_certificate){
		.der = bytes_of(ders[OLD]),
		.not_after = FUTURE,
		.flags =
			WIRE_CERT_SENT | WIRE_CERT_INSTALLED | WIRE_CERT_ANCHOR,
	};
	reply(&o, fd, &random);
}

static void write_encoded(const char *path, const struct ca_crt *e)
{
	((char *)e->text)[e->len] = '\0';
	tree_write(path, e->text);
}

/* Each registry has the old anchor in our ca.crt, with a note about its token
 * service, and in corp.crt one that another hand has put there. */
static void install_old(size_t i)
{
	const struct wire_certificate old = {.der = bytes_of(ders[OLD]),
					     .not_after = FUTURE};
	const struct wire_certificate foreign = {.der = bytes_of(ders[FOREIGN]),
						 .not_after = FUTURE};
	static char text[4096];
	char path[64];
	struct ca_crt e;

	snprintf(path, sizeof(path), "certs.d/r%zu.test", i);
	assert_int_equal(mkdir(path, 0755), 0);
	ca_crt_open(&e, text, sizeof(text) - 1);
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	snprintf(path, sizeof(path), "auth%zu.test", i);
	ca_crt_note_service(&e, path);
	ca_crt_append(&e, &old);
	snprintf(path, sizeof(path), "certs.d/r%zu.test/ca.crt", i);
	write_encoded(path, &e);
	ca_crt_open(&e, text, sizeof(text) - 1);
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	ca_crt_append(&e, &foreign);
	snprintf(path, sizeof(path), "certs.d/r%zu.test/corp.crt", i);
	write_encoded(path, &e);
}

static struct signals signals;

/* Run LIARS registries with ARGS, which end with NULL. */
static void run(bool installed, const char *const args[],
		void (*probe)(const struct job *job, int fd))
{
	static char names[LIARS * 16];
	static struct options options;
	char *argv[16] = {NULL, (char *)(uintptr_t) "--certs-dir=certs.d",
			  names};
	int keep[2] = {dup(1), dup(2)};
	int out = open("/dev/null", O_WRONLY);
	struct failure f;
	int argc = 3;
	int code;

	assert_int_equal(mkdir("certs.d", 0755), 0);
	names[0] = '\0';
	for (size_t i = 0; i < LIARS; i++) {
		snprintf(names + strlen(names), 16, "r%zu.test,", i);
		if (installed)
			install_old(i);
	}
	for (; *args; args++)
		argv[argc++] = (char *)(uintptr_t)*args;
	assert_int_equal(options_parse(argc, argv, &options, &f), ERR_OK);
	dup2(out, 1);
	dup2(out, 2);
	(void)!run_round(&options, probe, &signals,
			 &(struct teller){.options = &options}, &code);
	fflush(stdout);
	dup2(keep[0], 1);
	dup2(keep[1], 2);
	close(keep[0]);
	close(keep[1]);
	close(out);
	options_free(&options);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static size_t count_blocks(const char *text)
{
	size_t count = 0;

	while ((text = strstr(text, "-----BEGIN"))) {
		count++;
		text++;
	}
	return count;
}

/* Every block of every ca.crt is one of ALLOWED (bits 1 << enum who). Returns
 * how many files hold one of WANTED: lies that nobody believes prove nothing.
 */
static size_t check_all(unsigned allowed, unsigned wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < LIARS; i++) {
		unsigned holds = 0;
		const char *text;
		char path[64];
		size_t known = 0;

		snprintf(path, sizeof(path), "certs.d/r%zu.test/ca.crt", i);
		if (!tree_has(path))
			continue;
		text = tree_read(path);
		for (size_t k = 0; k < COUNT(ders); k++)
			if (ca_crt_file_names(bytes_of(text),
					      bytes_of(ders[k]))) {
				holds |= 1U << k;
				known++;
			}
		check(!(holds & ~allowed), "%s holds %x:\n%s", path, holds,
		      text);
		/* A certificate may stand there twice, but nothing else. */
		check(known > 0 && count_blocks(text) >= known, "%s:\n%s", path,
		      text);
		found += (holds & wanted) != 0;
	}
	return found;
}

#define BIT(who) (1U << (who))

/* Nobody said that what was there should go: it is there, in every file. */
static void check_kept(void)
{
	for (size_t i = 0; i < LIARS; i++) {
		char path[64];

		snprintf(path, sizeof(path), "certs.d/r%zu.test/ca.crt", i);
		check(ca_crt_file_names(bytes_of(tree_read(path)),
					bytes_of(ders[OLD])),
		      "%s: %s", path, tree_read(path));
		snprintf(path, sizeof(path), "certs.d/r%zu.test/corp.crt", i);
		assert_true(ca_crt_file_names(bytes_of(tree_read(path)),
					      bytes_of(ders[FOREIGN])));
	}
}

static const char *pin_of(enum who who)
{
	static char text[2][8 + FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(bytes_of(ders[who]), &fp);
	memcpy(text[who], "--pin=", 6);
	fingerprint_encode(&fp, text[who] + 6);
	return text[who];
}

static const char *write_file(void)
{
	static char text[4096];
	struct ca_crt e;

	ca_crt_open(&e, text, sizeof(text) - 1);
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	for (size_t who = NAMED; who <= NAMED_TOO; who++) {
		const struct wire_certificate c = {.der = bytes_of(ders[who])};

		ca_crt_append(&e, &c);
	}
	write_encoded("ca.pem", &e);
	return "--ca-file=ca.pem";
}

#define NAMED_BITS (BIT(NAMED) | BIT(NAMED_TOO))
/* So many of the liars tell what is believed, or the test shows nothing. */
#define LEAST (LIARS / 40)

static void only_pinned_anchors_are_installed(void **state)
{
	const char *const args[] = {pin_of(NAMED), pin_of(NAMED_TOO), NULL};

	(void)state;
	run(false, args, lie);
	assert_true(check_all(NAMED_BITS, NAMED_BITS) > LEAST);
}

static void pinned_anchors_join_what_was_there(void **state)
{
	const char *const args[] = {pin_of(NAMED), pin_of(NAMED_TOO), NULL};

	(void)state;
	run(true, args, lie);
	assert_true(check_all(NAMED_BITS | BIT(OLD), NAMED_BITS) > LEAST);
	check_kept();
}

static void pinned_anchors_replace_what_was_there(void **state)
{
	const char *const args[] = {pin_of(NAMED), pin_of(NAMED_TOO),
				    "--on-change=replace", NULL};

	(void)state;
	run(true, args, lie);
	assert_true(check_all(NAMED_BITS | BIT(OLD), NAMED_BITS) > LEAST);
}

static void only_certificates_of_the_file_are_installed(void **state)
{
	const char *const args[] = {write_file(), "--on-change=add", NULL};

	(void)state;
	run(true, args, lie);
	assert_true(check_all(NAMED_BITS | BIT(OLD), NAMED_BITS) > LEAST);
	check_kept();
}

static void without_a_pin_what_is_there_stays(void **state)
{
	const char *const args[] = {NULL};

	(void)state;
	run(true, args, lie);
	assert_int_equal(check_all(BIT(OLD), BIT(OLD)), LIARS);
}

static void to_add_whoever_answers_loses_nothing(void **state)
{
	const char *const args[] = {"--on-change=add", NULL};

	(void)state;
	run(true, args, lie);
	assert_true(check_all(~0U, BIT(STRANGER)) > LEAST);
	check_kept();
}

static void nothing_is_written_where_a_pin_is_required(void **state)
{
	const char *const args[] = {"--require-pin", NULL};

	(void)state;
	run(false, args, lie);
	for (size_t i = 0; i < LIARS; i++) {
		char path[64];

		snprintf(path, sizeof(path), "certs.d/r%zu.test", i);
		assert_false(tree_has(path));
	}
}

static void a_known_token_service_brings_nothing_new(void **state)
{
	const char *const args[] = {"--trust-token-host", NULL};

	(void)state;
	run(true, args, lie_as_service);
	assert_int_equal(check_all(BIT(OLD), BIT(OLD)), LIARS);
}

static void a_look_changes_nothing(void **state)
{
	const char *const args[] = {"--check", "--on-change=replace",
				    "--trust-token-host", NULL};

	(void)state;
	run(true, args, lie_as_service);
	assert_int_equal(check_all(BIT(OLD), BIT(OLD)), LIARS);
}

/* Without pins and with nothing there, a probe is believed: that the test sees
 * what a stranger gets in is shown by where he may. */
static void a_first_use_believes_the_probe(void **state)
{
	const char *const args[] = {NULL};

	(void)state;
	run(false, args, lie);
	assert_true(check_all(~0U, BIT(STRANGER)) > LEAST);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(only_pinned_anchors_are_installed),
		tree_test(pinned_anchors_join_what_was_there),
		tree_test(pinned_anchors_replace_what_was_there),
		tree_test(only_certificates_of_the_file_are_installed),
		tree_test(without_a_pin_what_is_there_stays),
		tree_test(to_add_whoever_answers_loses_nothing),
		tree_test(nothing_is_written_where_a_pin_is_required),
		tree_test(a_known_token_service_brings_nothing_new),
		tree_test(a_look_changes_nothing),
		tree_test(a_first_use_believes_the_probe),
	};
	struct failure f;

	return signals_open(&signals, &f) != ERR_OK ||
	       cmocka_run_group_tests(tests, NULL, NULL);
}

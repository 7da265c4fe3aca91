/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole round with probes that say what the test wants, above all such as
 * were taken over: what ends up in ca.crt is what the operator named, and what
 * they do costs their own registry alone.
 */
#include "support/tree.h"

#include <signal.h>
#include <sys/wait.h>

#include "common/clock.h"
#include "common/io.h"
#include "common/wire.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/report/report.h"
#include "installer/run.h"

/* wrap: time */

#define FUTURE 4102444800 /* 2100 */
#define PAST   946684800  /* 2000 */
#define SENT   (WIRE_CERT_SENT | WIRE_CERT_CHAINS)
#define ANCHOR (SENT | WIRE_CERT_ANCHOR)

/* What the probe of the running test does; it does not return. */
static void (*act)(const struct job *job, int fd);

static void run_probe(const struct job *job, int fd)
{
	act(job, fd);
	_exit(9);
}

/* What the machine's clock says, if not 0. */
static time_t pretended;

time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);

time_t __wrap_time(time_t *out)
{
	return pretended ? pretended : __real_time(out);
}

/* The same verdict whatever is done. */
static void judge_all(struct outcome *o, enum verdict_code code,
		      const char *text)
{
	for (int i = 0; i < WIRE_ACTS_; i++)
		o->verdict[i] = (struct wire_verdict){
			.reached = true, .code = code, .text = bytes_of(text)};
}

/* The report of a probe that captured a chain. */
static struct outcome *captured(void)
{
	static struct outcome o;

	memset(&o, 0, offsetof(struct outcome, certs));
	strcpy(o.address, "198.51.100.7:443");
	o.tls_version = 0x0304;
	o.flags = OUTCOME_POSSESSION | OUTCOME_REGISTRY;
	judge_all(&o, VERDICT_ACCEPTED, "");
	return &o;
}

static void add(struct outcome *o, const char *der, unsigned flags,
		int64_t not_after)
{
	o->certs[o->cert_count++] =
		(struct wire_certificate){.der = bytes_of(der),
					  .subject = bytes_of(der),
					  .not_after = not_after,
					  .flags = flags};
}

static void reply(const struct outcome *o, int fd)
{
	static uint8_t frame[FRAME_BYTES_MAX];
	size_t len;

	if (wire_encode(o, frame, sizeof(frame), &len) != ERR_OK ||
	    !io_write_full(fd, frame, len))
		_exit(8);
	_exit(0);
}

static bool is_installed(const struct job *job, const char *der)
{
	for (size_t i = 0; i < job->installed_count; i++)
		if (ca_crt_file_names(job->installed[i], bytes_of(der)))
			return true;
	return false;
}

static unsigned flags_of(const struct job *job, const char *der, unsigned flags)
{
	return flags | (is_installed(job, der) ? WIRE_CERT_INSTALLED : 0);
}

static struct signals signals; /* opened once: the process keeps them */

/* Run options_parse's way; ARGS end with NULL. What is printed goes to the
 * file "out". Returns the exit code. */
static int run(const char *const args[])
{
	static struct options options;
	char *argv[16] = {NULL};
	size_t fds = tree_open_fds();
	int keep[2] = {dup(1), dup(2)};
	int out = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct failure f = {0};
	int argc = 1;
	int code;

	for (; args[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)args[argc - 1];
	fflush(stdout);
	dup2(out, 1);
	dup2(out, 2);
	close(out);
	if (options_parse(argc, argv, &options, &f) == ERR_OK)
		(void)!run_round(&options, run_probe, &signals,
				 &(struct teller){.options = &options}, &code);
	else
		code = 200;
	options_free(&options);
	fflush(stdout);
	dup2(keep[0], 1);
	dup2(keep[1], 2);
	close(keep[0]);
	close(keep[1]);
	check(code != 200, "%s", f.detail);
	assert_int_equal(tree_open_fds(), fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return code;
}

/* One registry, `reg.test`, and at most two more arguments. */
static int run_reg(const char *first, const char *second)
{
	const char *const args[] = {"--certs-dir=certs.d",
				    "--timeout=1s",
				    "reg.test",
				    first,
				    first ? second : NULL,
				    NULL};

	return run(args);
}

/* What ca.crt has to be when it holds DERS, each valid until FUTURE. */
static void check_holds(const char *path, const char *const *ders)
{
	static char text[4096];
	struct ca_crt e;

	ca_crt_open(&e, text, sizeof(text) - 1);
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	for (; *ders; ders++) {
		const struct wire_certificate c = {.der = bytes_of(*ders),
						   .subject = bytes_of(*ders),
						   .not_after = FUTURE};

		ca_crt_append(&e, &c);
	}
	text[e.len] = '\0';
	assert_string_equal(tree_read(path), text);
}

#define HOLDS(path, ...)                                                       \
	check_holds(path, (const char *const[]){__VA_ARGS__, NULL})
#define CA_CRT "certs.d/reg.test/ca.crt"

static void show_chain(const struct job *job, int fd)
{
	struct outcome *o = captured();

	add(o, "leaf", flags_of(job, "leaf", SENT), FUTURE);
	add(o, "inter", flags_of(job, "inter", SENT), FUTURE);
	add(o, "root", flags_of(job, "root", ANCHOR), FUTURE);
	reply(o, fd);
}

static void first_use_installs_the_anchor_and_nothing_else(void **state)
{
	(void)state;
	act = show_chain;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
	assert_int_equal(tree_mode(CA_CRT), 0644);
	assert_int_equal(tree_mode("certs.d/reg.test"), 0755);
	check_contains(tree_read("out"), "reg.test: installed");
}

static void the_same_again_writes_nothing(void **state)
{
	struct stat before;
	struct stat after;

	(void)state;
	act = show_chain;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	stat(CA_CRT, &before);
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	stat(CA_CRT, &after);
	assert_int_equal(before.st_ino, after.st_ino);
	check_contains(tree_read("out"), "reg.test: unchanged");
}

static void show_another(const struct job *job, int fd)
{
	struct outcome *o = captured();

	add(o, "other", flags_of(job, "other", ANCHOR), FUTURE);
	if (is_installed(job, "root"))
		add(o, "root", WIRE_CERT_INSTALLED, FUTURE);
	reply(o, fd);
}

static void install_root(void)
{
	act = show_chain;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
}

static void a_change_does_what_the_operator_said(void **state)
{
	(void)state;
	install_root();
	act = show_another;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_REFUSED);
	HOLDS(CA_CRT, "root");
	assert_int_equal(run_reg("--on-change=add", NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "other", "root");
	unlink(CA_CRT);
	rmdir("certs.d/reg.test");
	install_root();
	act = show_another;
	assert_int_equal(run_reg("--on-change=replace", NULL),
			 REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "other");
}

/* The file says 2100. */
static void claim_the_end_of_what_is_installed(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "other", ANCHOR, FUTURE);
	add(o, "root", WIRE_CERT_INSTALLED, PAST);
	reply(o, fd);
}

static void a_report_ends_nothing_that_is_installed(void **state)
{
	(void)state;
	install_root();
	act = claim_the_end_of_what_is_installed;
	assert_int_equal(run_reg("--on-change=add", NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "other", "root");
}

static void show_what_has_ended(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, PAST);
	reply(o, fd);
}

static void what_has_ended_by_its_own_word_is_not_kept(void **state)
{
	(void)state;
	act = show_what_has_ended;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	act = show_another;
	assert_int_equal(run_reg("--on-change=add", NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "other");
}

/* It calls installed what is not, to have it written beside. */
static void claim_what_is_not_installed(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "other", ANCHOR, FUTURE);
	add(o, "root", WIRE_CERT_INSTALLED, FUTURE);
	add(o, "evil", WIRE_CERT_INSTALLED, FUTURE);
	reply(o, fd);
}

static void only_what_the_file_holds_is_kept(void **state)
{
	(void)state;
	install_root();
	act = claim_what_is_not_installed;
	assert_int_equal(run_reg("--on-change=add", NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "other", "root");
}

/* A fingerprint as --pin takes it. */
static const char *pin_of(const char *der)
{
	static char text[16 + FINGERPRINT_TEXT_BYTES] = "--pin=";
	struct fingerprint fp;

	fingerprint_of(bytes_of(der), &fp);
	fingerprint_encode(&fp, text + 6);
	return text;
}

static void name_another_anchor(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", SENT | WIRE_CERT_INSTALLED, FUTURE);
	add(o, "evil", ANCHOR, FUTURE);
	o->flags |= OUTCOME_CHAINS | OUTCOME_HOST_TRUSTS;
	reply(o, fd);
}

static void name_one_anchor_more(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, FUTURE);
	add(o, "evil", ANCHOR, FUTURE);
	reply(o, fd);
}

static void name_it_in_a_longer_one(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root and more", ANCHOR, FUTURE);
	reply(o, fd);
}

static void (*const liars[])(const struct job *job, int fd) = {
	name_another_anchor, name_one_anchor_more, name_it_in_a_longer_one};

static void with_a_pin_only_the_pinned_is_written(void **state)
{
	(void)state;
	act = show_chain;
	assert_int_equal(run_reg(pin_of("root"), NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
	unlink(CA_CRT);
	rmdir("certs.d/reg.test");
	for (size_t i = 0; i < COUNT(liars); i++) {
		act = liars[i];
		assert_int_equal(run_reg(pin_of("root"), "--on-change=replace"),
				 REPORT_EXIT_REFUSED);
		assert_false(tree_has("certs.d/reg.test"));
	}
}

static void a_missing_pin_is_refused_where_one_is_required(void **state)
{
	(void)state;
	act = show_chain;
	assert_int_equal(run_reg("--require-pin", NULL), REPORT_EXIT_REFUSED);
	assert_false(tree_has("certs.d/reg.test"));
	assert_int_equal(run_reg("--require-pin", pin_of("root")),
			 REPORT_EXIT_TRUSTED);
}

/* "root" is cm9vdA== in Base64. */
#define ROOT_PEM                                                               \
	"-----BEGIN CERTIFICATE-----\ncm9vdA==\n-----END CERTIFICATE-----\n"

static void with_a_file_only_what_is_in_it_is_written(void **state)
{
	(void)state;
	tree_write("ca.pem", "-----BEGIN PRIVATE KEY-----\nZXZpbA==\n"
			     "-----END PRIVATE KEY-----\n" ROOT_PEM);
	for (size_t i = 0; i < COUNT(liars); i++) {
		act = liars[i];
		assert_int_equal(run_reg("--ca-file=ca.pem", NULL),
				 REPORT_EXIT_REFUSED);
		assert_false(tree_has("certs.d/reg.test"));
	}
	act = show_chain;
	assert_int_equal(run_reg("--ca-file=ca.pem", NULL),
			 REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
	assert_null(strstr(tree_read(CA_CRT), "ZXZpbA"));
}

static void name_no_anchor(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "leaf", SENT, FUTURE);
	reply(o, fd);
}

static void send_no_certificate(const struct job *job, int fd)
{
	(void)job;
	reply(captured(), fd);
}

static void a_report_without_anchor_writes_nothing(void **state)
{
	(void)state;
	act = name_no_anchor;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_UNREACHED);
	assert_false(tree_has("certs.d/reg.test"));
	act = send_no_certificate;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_UNREACHED);
	assert_false(tree_has("certs.d/reg.test"));
}

static void replay(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, FUTURE);
	o->flags = 0;
	reply(o, fd);
}

static void a_server_without_its_key_is_refused(void **state)
{
	(void)state;
	act = replay;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_REFUSED);
	assert_false(tree_has("certs.d/reg.test"));
	assert_int_equal(run_reg(pin_of("root"), NULL), REPORT_EXIT_REFUSED);
	assert_false(tree_has("certs.d/reg.test"));
	/* Only the operator's own file is installed ahead of the server. */
	tree_write("ca.pem", ROOT_PEM);
	assert_int_equal(run_reg("--ca-file=ca.pem", NULL), REPORT_EXIT_DOCKER);
	HOLDS(CA_CRT, "root");
	check_contains(tree_read("out"), "does not show that it holds the key");
}

static void have_docker_refuse(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, FUTURE);
	judge_all(o, VERDICT_WRONG_NAME, "x509: certificate is not valid");
	reply(o, fd);
}

static void what_docker_will_still_refuse_has_its_own_code(void **state)
{
	(void)state;
	act = have_docker_refuse;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_DOCKER);
	assert_false(tree_has("certs.d/reg.test"));
	check_contains(tree_read("out"), "x509: certificate is not valid");
	check_contains(tree_read("out"), "is for other names");
	/* What the operator names is installed, and the code is the same. */
	assert_int_equal(run_reg(pin_of("root"), NULL), REPORT_EXIT_DOCKER);
	HOLDS(CA_CRT, "root");
}

/* Which class the probe reports; the child sees the parent's value. */
static enum err reported;

static void report_failure_class(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "evil", ANCHOR, FUTURE);
	failure_set(&o->failure, reported, "because of %d", (int)reported);
	reply(o, fd);
}

static void a_failure_of_any_class_writes_nothing(void **state)
{
	static const enum err classes[] = {
		ERR_RESOLVE, ERR_CONNECT, ERR_PROXY,   ERR_TLS,	   ERR_CHAIN,
		ERR_LIMIT,   ERR_TIMEOUT, ERR_SANDBOX, ERR_REFUSED};

	(void)state;
	act = report_failure_class;
	for (size_t i = 0; i < COUNT(classes); i++) {
		char text[32];

		reported = classes[i];
		snprintf(text, sizeof(text), "because of %d", (int)reported);
		assert_int_not_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
		check_contains(tree_read("out"), text);
		assert_false(tree_has("certs.d/reg.test"));
	}
}

/* Words for what only the installer knows would be obeyed as its own. */
static void a_failure_that_is_not_a_probes_is_not_said(void **state)
{
	static const enum err classes[] = {ERR_STORE, ERR_USAGE, ERR_CLOCK,
					   ERR_STOPPED, ERR_PROBE};

	(void)state;
	act = report_failure_class;
	for (size_t i = 0; i < COUNT(classes); i++) {
		reported = classes[i];
		assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_UNREACHED);
		assert_null(strstr(tree_read("out"), "because of"));
		check_contains(tree_read("out"), "malformed");
		assert_false(tree_has("certs.d/reg.test"));
	}
}

/* What the probe of the next test says, in every place for words. */
static const char *painted;

static void paint(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, FUTURE);
	o->certs[0].subject = bytes_of(painted);
	o->certs[0].issuer = bytes_of(painted);
	o->certs[0].sans = bytes_of(painted);
	o->certs[0].key = bytes_of(painted);
	judge_all(o, VERDICT_WRONG_NAME, painted);
	for (int i = 0; i < WIRE_ACTS_; i++)
		o->verdict[i].others = bytes_of(painted);
	o->service = bytes_of("auth.test");
	reply(o, fd);
}

static void fail_in_paint(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	failure_set(&o->failure, ERR_TLS, "%s", painted);
	reply(o, fd);
}

/* Each line with one of the probe's words begins as a detail does, and ends
 * before a terminal of 80 columns begins another. */
static void check_unpainted(void)
{
	const char *line = tree_read("out");
	size_t found = 0;

	while (*line) {
		size_t len = strcspn(line, "\n");
		const char *word = strstr(line, "WORD");

		if (word && word < line + len) {
			found++;
			check(len < 80 && !strncmp(line, "    ", 4), "%.*s",
			      (int)len, line);
		}
		line += len + (line[len] == '\n');
	}
	assert_in_range(found, 1, 1000);
}

static void no_word_of_a_probe_begins_a_line_on_a_terminal(void **state)
{
	static char texts[3][600];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(texts[0]); i++) {
		texts[0][i] = "WORD"[i % 4];
		texts[1][i] = "WORD is trusted "[i % 16];
		texts[2][i] = ' ';
	}
	memcpy(texts[2], "CN=WORD", 7);
	memcpy(texts[2] + 63, "    docker       accepts it, WORD", 33);
	memcpy(texts[2] + 143, "dtr-trust: reg.test: trusted, by my WORD", 40);
	for (size_t i = 0; i < COUNT(texts); i++) {
		painted = texts[i];
		act = paint;
		(void)run_reg("--show", NULL);
		check_unpainted();
		(void)run_reg("--check", NULL);
		check_unpainted();
		(void)run_reg(NULL, NULL);
		check_unpainted();
		act = fail_in_paint;
		(void)run_reg(NULL, NULL);
		check_unpainted();
		check_contains(tree_read("out"), "probe says");
	}
}

/* Does an honest reader find "root" in ca.crt? Set by the test. */
static bool is_readable;

/* The one that has met the network says that nothing can be read in the .crt
 * that are there; the one that has not says what it finds. */
static void call_it_void(const struct job *job, int fd)
{
	struct outcome *o = captured();

	if (job->kind == JOB_READ) {
		o->flags = 0;
		if (is_readable)
			add(o, "root", WIRE_CERT_INSTALLED, FUTURE);
		reply(o, fd);
	}
	add(o, "evil", ANCHOR, FUTURE);
	reply(o, fd);
}

static void a_probe_that_met_the_network_makes_no_file_void(void **state)
{
	(void)state;
	mkdir("certs.d", 0755);
	mkdir("certs.d/reg.test", 0755);
	act = call_it_void;
	tree_write(CA_CRT, ROOT_PEM);
	is_readable = true;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_REFUSED);
	assert_string_equal(tree_read(CA_CRT), ROOT_PEM);
	assert_int_equal(run_reg("--check", NULL), REPORT_EXIT_REFUSED);
	is_readable = false;
	assert_int_equal(run_reg("--check", NULL), REPORT_EXIT_DOCKER);
	check_contains(tree_read("out"), "no certificate that Docker can read");
	assert_string_equal(tree_read(CA_CRT), ROOT_PEM);
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "evil");
	assert_string_equal(tree_read("certs.d/reg.test/ca.crt.aside-1"),
			    ROOT_PEM);
}

/* What we wrote ourselves, Docker could read. */
static void no_probe_makes_our_own_file_void(void **state)
{
	(void)state;
	install_root();
	act = call_it_void;
	is_readable = false;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_REFUSED);
	HOLDS(CA_CRT, "root");
}

/* Neither listed, nor said to be valid. */
static void leave_out(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "other", ANCHOR, FUTURE);
	reply(o, fd);
}

static void call_it_ended(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "other", ANCHOR | WIRE_CERT_INSTALLED, FUTURE);
	add(o, "root", WIRE_CERT_INSTALLED, PAST);
	o->flags |= OUTCOME_CHAINS;
	reply(o, fd);
}

static void what_a_report_leaves_out_or_calls_ended_stays(void **state)
{
	static void (*const acts[])(const struct job *job,
				    int fd) = {leave_out, call_it_ended};

	(void)state;
	for (size_t i = 0; i < COUNT(acts); i++) {
		install_root();
		act = acts[i];
		(void)run_reg(NULL, NULL);
		HOLDS(CA_CRT, "root");
		(void)run_reg("--on-change=add", NULL);
		check_contains(tree_read(CA_CRT), "cm9vdA==");
		(void)run_reg(pin_of("other"), NULL);
		check_contains(tree_read(CA_CRT), "cm9vdA==");
		unlink(CA_CRT);
		rmdir("certs.d/reg.test");
	}
}

static void misbehave(const struct job *job, int fd)
{
	static char block[65536];

	switch (job->target->host[0]) {
	case 'a':
		raise(SIGKILL);
		break;
	case 'b':
		(void)!io_write_full(fd, "garbage", 7);
		_exit(0);
	case 'c':
		for (;;)
			pause();
	case 'd':
		while (io_write_full(fd, block, sizeof(block)))
			continue;
		break;
	case 'e':
		_exit(0);
	default:
		show_chain(job, fd);
	}
}

static void one_bad_probe_costs_its_own_registry_alone(void **state)
{
	static const char *const args[] = {"--certs-dir=certs.d",
					   "--timeout=1s",
					   "r1.t,a.t,b.t,r2.t,c.t,d.t,e.t,r3.t,"
					   "r4.t,r5.t,r6.t,r7.t,r8.t,r9.t,"
					   "s1.t,s2.t,s3.t,s4.t,s5.t,s6.t",
					   NULL};
	static const char *const good[] = {"r1.t", "r2.t", "r9.t", "s1.t",
					   "s6.t"};
	static const char *const bad[] = {"a.t", "b.t", "c.t", "d.t", "e.t"};
	int64_t start_ms = clock_ms();
	char path[64];

	(void)state;
	act = misbehave;
	assert_int_equal(run(args), REPORT_EXIT_UNREACHED);
	assert_in_range(clock_ms() - start_ms, 1000, 5000);
	for (size_t i = 0; i < COUNT(good); i++) {
		snprintf(path, sizeof(path), "certs.d/%s/ca.crt", good[i]);
		HOLDS(path, "root");
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		snprintf(path, sizeof(path), "certs.d/%s", bad[i]);
		assert_false(tree_has(path));
		snprintf(path, sizeof(path), "dtr-trust: %s: ", bad[i]);
		check_contains(tree_read("out"), path);
	}
}

static void a_directory_that_cannot_be_read_costs_its_registry(void **state)
{
	static const char *const args[] = {"--certs-dir=certs.d",
					   "one.test,reg.test,two.test", NULL};

	(void)state;
	mkdir("certs.d", 0755);
	assert_int_equal(symlink("/etc", "certs.d/reg.test"), 0);
	act = show_chain;
	assert_int_equal(run(args), REPORT_EXIT_STORE);
	HOLDS("certs.d/one.test/ca.crt", "root");
	HOLDS("certs.d/two.test/ca.crt", "root");
	assert_false(tree_has("/etc/ca.crt"));
}

static void without_certs_d_no_probe_runs(void **state)
{
	static const char *const args[] = {"--certs-dir=gone/certs.d",
					   "reg.test", NULL};

	(void)state;
	act = NULL;
	assert_int_equal(run(args), REPORT_EXIT_STORE);
	check_contains(tree_read("out"), "gone/certs.d");
}

static void to_look_is_to_write_nothing(void **state)
{
	(void)state;
	act = show_chain;
	assert_int_equal(run_reg("--show", NULL), REPORT_EXIT_TRUSTED);
	assert_false(tree_has("certs.d"));
	mkdir("certs.d", 0755);
	assert_int_not_equal(run_reg("--check", NULL), REPORT_EXIT_TRUSTED);
	assert_int_equal(rmdir("certs.d"), 0);
	install_root();
	act = show_another;
	assert_int_not_equal(run_reg("--check", NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
}

static void to_remove_is_to_remove_our_own(void **state)
{
	(void)state;
	install_root();
	act = NULL;
	assert_int_equal(run_reg("--remove", NULL), REPORT_EXIT_TRUSTED);
	assert_false(tree_has("certs.d/reg.test"));
	assert_int_equal(run_reg("--remove", NULL), REPORT_EXIT_TRUSTED);
	/* Somebody else's, and ours beside somebody else's. */
	mkdir("certs.d/reg.test", 0755);
	tree_write(CA_CRT, ROOT_PEM);
	(void)run_reg("--remove", NULL);
	assert_string_equal(tree_read(CA_CRT), ROOT_PEM);
	unlink(CA_CRT);
	rmdir("certs.d/reg.test");
	install_root();
	tree_write("certs.d/reg.test/client.cert", "c");
	assert_int_equal(run_reg("--remove", NULL), REPORT_EXIT_TRUSTED);
	assert_false(tree_has(CA_CRT));
	assert_true(tree_has("certs.d/reg.test/client.cert"));
}

/* One byte more in the file "tries" for each call. */
static off_t count_try(void)
{
	int fd = open("tries", O_WRONLY | O_CREAT | O_APPEND, 0600);
	struct stat st;

	if (fd < 0 || !io_write_full(fd, "x", 1) || fstat(fd, &st))
		_exit(7);
	close(fd);
	return st.st_size;
}

static void be_away_at_first(const struct job *job, int fd)
{
	if (count_try() > 1)
		show_chain(job, fd);
	reported = ERR_CONNECT;
	report_failure_class(job, fd);
}

static void an_unreached_registry_is_waited_for(void **state)
{
	int64_t start_ms = clock_ms();

	(void)state;
	act = be_away_at_first;
	assert_int_equal(run_reg("--wait=10s", NULL), REPORT_EXIT_TRUSTED);
	assert_in_range(clock_ms() - start_ms, RETRY_FIRST_MS,
			RETRY_FIRST_MS + 2000);
	HOLDS(CA_CRT, "root");
	assert_string_equal(tree_read("tries"), "xx");
}

static void name_a_service(const struct job *job, int fd)
{
	struct outcome *o = captured();
	bool is_service = !strcmp(job->target->reference, "auth:5001");

	add(o, is_service ? "service" : "root", ANCHOR, FUTURE);
	if (is_service && is_installed(job, "root"))
		add(o, "root", WIRE_CERT_INSTALLED, FUTURE);
	count_try();
	o->service = bytes_of("auth:5001");
	reply(o, fd);
}

static void a_token_service_is_followed_once_and_when_asked_to(void **state)
{
	(void)state;
	act = name_a_service;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "root");
	/* It was looked at, and left. */
	assert_string_equal(tree_read("tries"), "xx");
	unlink(CA_CRT);
	rmdir("certs.d/reg.test");
	unlink("tries");
	assert_int_equal(run_reg("--trust-token-host", NULL),
			 REPORT_EXIT_TRUSTED);
	check_contains(tree_read(CA_CRT), "\n# token service: auth:5001\n");
	assert_true(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				      bytes_of("service")));
	assert_true(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				      bytes_of("root")));
	assert_string_equal(tree_read("tries"), "xx");
	assert_false(tree_has("certs.d/auth:5001"));
}

static void end_at_first(const struct job *job, int fd)
{
	if (count_try() > 1)
		show_chain(job, fd);
	_exit(9);
}

static void end_at_the_service(const struct job *job, int fd)
{
	if (!strcmp(job->target->reference, "auth:5001"))
		_exit(9);
	name_a_service(job, fd);
}

/* A probe that ends without a report has said nothing. */
static void what_we_say_of_a_probe_is_not_called_its_word(void **state)
{
	(void)state;
	act = end_at_first;
	assert_int_equal(run_reg("--wait=10s", NULL), REPORT_EXIT_TRUSTED);
	check_contains(tree_read("out"), "trying again");
	check_contains(tree_read("out"), " it ended without a report\n");
	assert_null(strstr(tree_read("out"), "probe says"));
	act = end_at_the_service;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	check_contains(tree_read("out"), "could not be looked at");
	check_contains(tree_read("out"), " it ended without a report\n");
	assert_null(strstr(tree_read("out"), "probe says"));
}

/* A probe that may lie: each host that is asked leads to the next. */
static void lead_away(const struct job *job, int fd)
{
	struct outcome *o = captured();
	const char *at = job->target->reference;

	add(o, at, ANCHOR, FUTURE);
	if (is_installed(job, "reg.test"))
		add(o, "reg.test", WIRE_CERT_INSTALLED, FUTURE);
	count_try();
	o->reply = WIRE_REPLY_AWAY;
	o->service =
		bytes_of(strcmp(at, "reg.test") != 0 ? "b.test" : "a.test");
	reply(o, fd);
}

/* Not even where the operator speaks for token services. */
static void one_redirection_is_looked_at_and_nothing_written(void **state)
{
	(void)state;
	act = lead_away;
	assert_int_equal(run_reg("--trust-token-host", NULL),
			 REPORT_EXIT_TRUSTED);
	HOLDS(CA_CRT, "reg.test");
	assert_false(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				       bytes_of("a.test")));
	assert_string_equal(tree_read("tries"), "xx");
}

static void name_a_service_that_is_none(const struct job *job, int fd)
{
	struct outcome *o = captured();

	(void)job;
	add(o, "root", ANCHOR, FUTURE);
	count_try();
	o->service = bytes_of("../../etc");
	reply(o, fd);
}

static void a_service_that_is_no_registry_is_not_followed(void **state)
{
	(void)state;
	act = name_a_service_that_is_none;
	assert_int_equal(run_reg("--trust-token-host", NULL),
			 REPORT_EXIT_TRUSTED);
	assert_string_equal(tree_read("tries"), "x");
}

/* The name that the registry gives its token service in the next test. */
static const char *service_name;

static void name_that_service(const struct job *job, int fd)
{
	struct outcome *o = captured();
	bool is_asked = strcmp(job->target->reference, "reg.test") != 0;

	add(o, is_asked ? job->target->reference : "root", ANCHOR, FUTURE);
	if (!is_asked && is_installed(job, "root"))
		o->flags |= OUTCOME_CHAINS;
	count_try();
	o->service = bytes_of(service_name);
	reply(o, fd);
}

static void the_registry_itself_is_no_other_service(void **state)
{
	static const char *const names[] = {"reg.test", "REG.TEST",
					    "Reg.test:443", "reg.test:443"};

	(void)state;
	act = name_that_service;
	for (size_t i = 0; i < COUNT(names); i++) {
		service_name = names[i];
		unlink("tries");
		assert_int_equal(run_reg("--trust-token-host", NULL),
				 REPORT_EXIT_TRUSTED);
		assert_string_equal(tree_read("tries"), "x");
		HOLDS(CA_CRT, "root");
	}
}

/* One was asked for; that there is another now is the probe's word. */
static void a_second_service_needs_a_word_of_its_own(void **state)
{
	(void)state;
	act = name_that_service;
	service_name = "auth:5001";
	assert_int_equal(run_reg("--trust-token-host", NULL),
			 REPORT_EXIT_TRUSTED);
	service_name = "evil:1";
	assert_int_equal(run_reg("--trust-token-host", NULL),
			 REPORT_EXIT_REFUSED);
	assert_false(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				       bytes_of("evil:1")));
	assert_int_equal(run_reg("--trust-token-host", pin_of("evil:1")),
			 REPORT_EXIT_REFUSED); /* the registry has no pin */
	assert_int_equal(run_reg("--trust-token-host", "--on-change=add"),
			 REPORT_EXIT_TRUSTED);
	assert_true(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				      bytes_of("evil:1")));
	assert_true(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				      bytes_of("root")));
	assert_true(ca_crt_file_names(bytes_of(tree_read(CA_CRT)),
				      bytes_of("auth:5001")));
}

static void count_and_stop_the_third_time(const struct job *job, int fd)
{
	if (count_try() == 3)
		kill(getppid(), SIGTERM);
	show_chain(job, fd);
}

/* The exit status of run_registries in a process of its own. */
static int stay(const char *every, void (*probe)(const struct job *job, int fd))
{
	char *argv[] = {NULL, (char *)(uintptr_t) "--certs-dir=certs.d",
			(char *)(uintptr_t) "reg.test",
			(char *)(uintptr_t)every, NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		static struct options options;
		struct failure f;

		act = probe;
		status = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(status, 1);
		dup2(status, 2);
		if (options_parse(every ? 4 : 3, argv, &options, &f) != ERR_OK)
			_exit(201);
		status = run_registries(&options, run_probe);
		options_free(&options);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void it_stays_until_it_is_told_to_stop(void **state)
{
	(void)state;
	assert_int_equal(stay("--every=50ms", count_and_stop_the_third_time),
			 0);
	assert_string_equal(tree_read("tries"), "xxx");
}

static void stop_the_installer(const struct job *job, int fd)
{
	(void)job;
	kill(getppid(), fd > 0 ? SIGTERM : 0);
	for (;;)
		pause();
}

static void a_stop_ends_a_single_run_as_a_signal_does(void **state)
{
	int64_t start_ms = clock_ms();

	(void)state;
	assert_int_equal(stay(NULL, stop_the_installer), 128 + SIGTERM);
	assert_in_range(clock_ms() - start_ms, 0, TIMEOUT_DEFAULT_MS / 2);
	assert_false(tree_has("certs.d/reg.test"));
}

static void repeat_and_stop(const struct job *job, int fd)
{
	kill(getppid(), count_try() == 1 ? SIGHUP : SIGTERM);
	show_chain(job, fd);
}

static void a_hangup_begins_the_next_round_at_once(void **state)
{
	int64_t start_ms = clock_ms();

	(void)state;
	assert_int_equal(stay("--every=1h", repeat_and_stop), 0);
	assert_in_range(clock_ms() - start_ms, 0, TIMEOUT_DEFAULT_MS);
	assert_string_equal(tree_read("tries"), "xx");
}

static void a_wrong_clock_is_said_and_nothing_is_done(void **state)
{
	static const struct {
		time_t now;
		const char *said;
	} clocks[] = {{1, "1970-01-01"},
		      {CLOCK_FIRST - 1, "2025-12-31"},
		      {CLOCK_LAST + 1, "2038-01-19"},
		      {FUTURE, "2100-01-01"}};

	(void)state;
	act = show_chain;
	for (size_t i = 0; i < COUNT(clocks); i++) {
		pretended = clocks[i].now;
		assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_UNREACHED);
		check_contains(tree_read("out"), clocks[i].said);
		check_contains(tree_read("out"), "set the clock");
		assert_false(tree_has("certs.d/reg.test"));
	}
	pretended = CLOCK_FIRST;
	assert_int_equal(run_reg(NULL, NULL), REPORT_EXIT_TRUSTED);
	pretended = 0;
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(first_use_installs_the_anchor_and_nothing_else),
		tree_test(the_same_again_writes_nothing),
		tree_test(a_change_does_what_the_operator_said),
		tree_test(a_report_ends_nothing_that_is_installed),
		tree_test(what_has_ended_by_its_own_word_is_not_kept),
		tree_test(only_what_the_file_holds_is_kept),
		tree_test(with_a_pin_only_the_pinned_is_written),
		tree_test(a_missing_pin_is_refused_where_one_is_required),
		tree_test(with_a_file_only_what_is_in_it_is_written),
		tree_test(a_report_without_anchor_writes_nothing),
		tree_test(a_server_without_its_key_is_refused),
		tree_test(what_docker_will_still_refuse_has_its_own_code),
		tree_test(a_failure_of_any_class_writes_nothing),
		tree_test(a_failure_that_is_not_a_probes_is_not_said),
		tree_test(no_word_of_a_probe_begins_a_line_on_a_terminal),
		tree_test(a_probe_that_met_the_network_makes_no_file_void),
		tree_test(no_probe_makes_our_own_file_void),
		tree_test(what_a_report_leaves_out_or_calls_ended_stays),
		tree_test(one_bad_probe_costs_its_own_registry_alone),
		tree_test(a_directory_that_cannot_be_read_costs_its_registry),
		tree_test(without_certs_d_no_probe_runs),
		tree_test(to_look_is_to_write_nothing),
		tree_test(to_remove_is_to_remove_our_own),
		tree_test(an_unreached_registry_is_waited_for),
		tree_test(a_token_service_is_followed_once_and_when_asked_to),
		tree_test(one_redirection_is_looked_at_and_nothing_written),
		tree_test(what_we_say_of_a_probe_is_not_called_its_word),
		tree_test(a_service_that_is_no_registry_is_not_followed),
		tree_test(the_registry_itself_is_no_other_service),
		tree_test(a_second_service_needs_a_word_of_its_own),
		tree_test(it_stays_until_it_is_told_to_stop),
		tree_test(a_stop_ends_a_single_run_as_a_signal_does),
		tree_test(a_hangup_begins_the_next_round_at_once),
		tree_test(a_wrong_clock_is_said_and_nothing_is_done),
	};
	static const char *const variables[] = {
		"DTR_PIN",     "DTR_REQUIRE_PIN", "DTR_CA_FILE", "DTR_OFFLINE",
		"DTR_TIMEOUT", "DTR_ON_CHANGE",	  "DTR_OUTPUT",	 "DTR_WAIT",
		"DTR_EVERY",   "DTR_SPLAY",	  "container"};
	struct failure f;

	for (size_t i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	if (signals_open(&signals, &f) != ERR_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

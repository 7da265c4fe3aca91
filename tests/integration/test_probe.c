/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probe from fork to exit against servers on loopback: one report and
 * status 0 in every case, and how far it came in the phases before it.
 */
#include "support/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"
#include "common/wire.h"
#include "probe/probe.h"
#include "support/tls_flight.h"

/* The deadline where it is what ends the probe, and where it is not. */
#define SOON_MS 400
#define LATE_MS 10000

/* Too large for a stack. */
static struct flight flight;
static struct outcome got;
static uint8_t frame[FRAME_BYTES_MAX];
static enum wire_phase phase;

static int listen_on_loopback(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* A server in a process of its own that answers the first words of whoever
 * connects with FLIGHT, if there is any, and hangs up after a while. */
static pid_t serve(int listener)
{
	pid_t pid = fork();
	char word;
	int fd;

	if (pid != 0)
		return pid;
	signal(SIGPIPE, SIG_IGN);
	fd = accept(listener, NULL, NULL);
	if (flight.len && read(fd, &word, 1) == 1)
		(void)!io_write_full(fd, flight.data, flight.len);
	usleep(LATE_MS * 1000);
	_exit(0);
}

static struct job job_for(const struct registry *registry)
{
	return (struct job){
		.kind = JOB_CAPTURE,
		.target = registry,
		.timeout_ms = LATE_MS,
		.now = 1795439480,
	};
}

/* Run the probe; its report is in GOT, the last phase it told in PHASE. */
static void run_probe(const struct job *job)
{
	int64_t start_ms = clock_ms();
	struct failure f = {0};
	size_t len = 0;
	int ends[2];
	int status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		probe_run(job, ends[1]);
	}
	close(ends[1]);
	do {
		n = read(ends[0], frame + len, sizeof(frame) - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x",
	      (unsigned)status);
	assert_in_range(clock_ms() - start_ms, 0, job->timeout_ms + 2000);
	check(wire_decode((struct bytes){frame, len},
			  job->kind == JOB_READ ? WIRE_FAILURES_READ
						: WIRE_FAILURES_CAPTURE,
			  &got, &f) == ERR_OK,
	      "%s: %zu bytes", f.detail, len);
	phase = wire_last_phase((struct bytes){frame, len});
}

static struct registry registry_at(uint16_t port)
{
	char text[32];
	struct registry r;
	struct failure f;
	int len = snprintf(text, sizeof(text), "127.0.0.1:%u", port);

	assert_int_equal(registry_parse(text, (size_t)len, &r, &f), ERR_OK);
	return r;
}

/* Run the probe against a server that says FLIGHT. */
static void ask_server(int64_t timeout_ms)
{
	uint16_t port;
	int listener = listen_on_loopback(&port);
	pid_t pid = serve(listener);
	const struct registry r = registry_at(port);
	struct job job = job_for(&r);

	job.timeout_ms = timeout_ms;
	run_probe(&job);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(listener);
}

static void nobody_there_is_reported(void **state)
{
	uint16_t port;
	int listener = listen_on_loopback(&port);
	const struct registry r = registry_at(port);
	const struct job job = job_for(&r);
	char text[64];

	(void)state;
	close(listener);
	run_probe(&job);
	assert_int_equal(got.failure.code, ERR_CONNECT);
	snprintf(text, sizeof(text), "127.0.0.1:%u", port);
	check_contains(got.failure.detail, text);
	assert_int_equal(phase, WIRE_PHASE_RESOLVE);
	assert_int_equal(got.cert_count, 0);
}

static void a_silent_server_is_given_up_in_time(void **state)
{
	(void)state;
	flight.len = 0;
	ask_server(SOON_MS);
	assert_int_equal(got.failure.code, ERR_TIMEOUT);
	assert_int_equal(phase, WIRE_PHASE_HANDSHAKE);
	assert_int_equal(got.cert_count, 0);
	assert_memory_equal(got.address, "127.0.0.1:", 10);
}

static void another_protocol_is_named(void **state)
{
	(void)state;
	flight.len = 0;
	flight_put(&flight, "HTTP/1.0 400 Bad Request\r\n\r\n", 28);
	ask_server(LATE_MS);
	assert_int_equal(got.failure.code, ERR_TLS);
	check_contains(got.failure.detail, "plain HTTP");
}

/* Nothing in it is a certificate, and the handshake goes no further: whatever
 * is made of that, it is a report, and no proof. */
static void a_chain_of_garbage_is_reported(void **state)
{
	static const uint8_t garbage[400] = {0x30, 0x82, 1, 2, 3};
	const struct bytes certs[] = {{garbage, 400}, {garbage, 200}};

	(void)state;
	flight.len = 0;
	flight_put_chain(&flight, certs, COUNT(certs), FLIGHT_RECORD_MAX);
	ask_server(LATE_MS);
	assert_int_equal(phase, WIRE_PHASE_JUDGE);
	assert_false(got.flags & OUTCOME_POSSESSION);
	assert_int_equal(got.tls_version, 0x0303);
	for (size_t i = 0; i < got.cert_count; i++) {
		assert_true(got.certs[i].flags & WIRE_CERT_UNPARSED);
		assert_false(got.certs[i].flags & WIRE_CERT_ANCHOR);
	}
	assert_true(got.failure.code != ERR_OK ||
		    !wire_accepts(&got.verdict[WIRE_ALONE]));
}

static void a_file_is_read_without_any_network(void **state)
{
	static const char text[] =
		"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
	const struct job job = {
		.kind = JOB_READ,
		.timeout_ms = LATE_MS,
		.operator_file = {(const uint8_t *)text, sizeof(text) - 1},
		.block_count = 1,
	};

	(void)state;
	run_probe(&job);
	assert_int_not_equal(got.failure.code, ERR_OK);
	assert_int_not_equal(strlen(got.failure.detail), 0);
	assert_int_equal(got.cert_count, 0);
	assert_string_equal(got.address, "");
}

/* A line of the status of PID, as the kernel sees it. */
static bool status_has(pid_t pid, const char *line)
{
	char path[64];
	char text[4096] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 && strstr(text, line);
}

/* It has said that it begins the handshake, and the server has said nothing
 * yet: what test_sandbox.c shows of a sealed process holds for it from here
 * on. */
static void a_probe_is_sealed_before_the_first_foreign_byte(void **state)
{
	uint8_t told[2 * WIRE_PHASE_BYTES];
	uint16_t port;
	int listener = listen_on_loopback(&port);
	const struct registry r = registry_at(port);
	const struct job job = job_for(&r);
	int ends[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		probe_run(&job, ends[1]);
	for (size_t len = 0; len < sizeof(told);) {
		ssize_t n = read(ends[0], told + len, sizeof(told) - len);

		assert_in_range(n, 1, sizeof(told));
		len += (size_t)n;
	}
	assert_int_equal(wire_last_phase((struct bytes){told, sizeof(told)}),
			 WIRE_PHASE_HANDSHAKE);
	assert_true(status_has(pid, "\nSeccomp:\t2\n"));
	assert_true(status_has(pid, "\nNoNewPrivs:\t1\n"));
	assert_true(status_has(pid, "\nCapEff:\t0000000000000000\n"));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
	close(ends[1]);
	close(listener);
}

/* Nobody reads: it ends, and not by waiting. */
static void a_probe_that_nobody_reads_ends(void **state)
{
	static const struct registry r = {"127.0.0.1:1", "127.0.0.1", 1,
					  REGISTRY_IPV4};
	const struct job job = job_for(&r);
	int ends[2];
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	pid = fork();
	if (pid == 0)
		probe_run(&job, ends[1]);
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_there_is_reported),
		cmocka_unit_test(a_silent_server_is_given_up_in_time),
		cmocka_unit_test(another_protocol_is_named),
		cmocka_unit_test(a_chain_of_garbage_is_reported),
		cmocka_unit_test(a_file_is_read_without_any_network),
		cmocka_unit_test(
			a_probe_is_sealed_before_the_first_foreign_byte),
		cmocka_unit_test(a_probe_that_nobody_reads_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

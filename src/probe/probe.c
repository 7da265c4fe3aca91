/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child process from fork to exit; see probe.h. Whatever happens here ends
 * in one report or in none; nothing is cleaned up, because exit does.
 */
#include "probe/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"
#include "common/wire.h"
#include "probe/connect/dial.h"
#include "probe/connect/proxy.h"
#include "probe/judge/answer.h"
#include "probe/judge/daemon_json.h"
#include "probe/judge/judge.h"
#include "probe/replicas.h"
#include "probe/sandbox/sandbox.h"
#include "probe/tls/capture.h"

_Static_assert(DAEMON_JSON_ROOM_BYTES <= PROBE_TEXT_BYTES,
	       "the texts of daemon.json stand where those of a chain do");

/* Of a coordinate on P-256. */
#define NUMBER_BYTES 32

/* All the memory that the work needs, taken before the first foreign byte.
 *
 * But for mbedTLS's numbers: it takes and gives back the memory of each. musl
 * gives a page back to the kernel as soon as nothing in it is used, which a
 * handshake did a hundred times, a sixth of its time. One number that stays
 * keeps the page. */
struct workspace {
	void *number;
	struct capture capture;
	struct capture other; /* for --all-addresses */
	struct replicas replicas;
	struct outcome outcome;
	struct judge_room judgement;
	uint8_t frame[FRAME_BYTES_MAX];
};

static void tell_phase(int pipe_fd, enum wire_phase phase)
{
	uint8_t record[WIRE_PHASE_BYTES];

	wire_encode_phase(record, phase);
	if (!io_write_full(pipe_fd, record, sizeof(record)))
		_exit(1);
}

static void note_missing(unsigned missing, struct outcome *out)
{
	if (missing)
		out->flags |= OUTCOME_NO_LANDLOCK;
}

/* The way to the registry, or to the proxy that leads there. */
static enum err connect_first(const struct job *job, int64_t deadline_ms,
			      struct route *route,
			      struct connection *connection,
			      struct replicas *replicas, struct failure *f)
{
	const struct registry *to = job->target;
	enum err err = route_choose(job->https_proxy, job->no_proxy, to->host,
				    to->port, route, f);

	if (err != ERR_OK)
		return err;
	if (job->all_addresses && route->proxied)
		return failure_set(f, ERR_PROXY,
				   "--all-addresses: behind a proxy its "
				   "addresses are not known");
	if (job->all_addresses)
		return replicas_connect(to, deadline_ms, connection, replicas,
					f);
	err = dial_open(route->proxied ? route->host : to->host,
			route->proxied ? route->port : to->port, deadline_ms,
			connection, f);
	/* It is the proxy whose name or port it is. */
	return route->proxied && (err == ERR_RESOLVE || err == ERR_CONNECT)
		       ? ERR_PROXY
		       : err;
}

/* Up to here no byte from the registry was read; from here on nothing else
 * can be reached than the socket and the pipe. */
static enum err connect_and_seal(const struct job *job, int pipe_fd,
				 int64_t deadline_ms, struct workspace *w,
				 int *fd)
{
	struct outcome *out = &w->outcome;
	struct failure *f = &out->failure;
	struct connection connection = {.fd = -1};
	struct route route;
	unsigned missing = 0;
	enum err err = sandbox_enter(pipe_fd, &missing, f);

	if (err != ERR_OK)
		return err;
	tell_phase(pipe_fd, WIRE_PHASE_RESOLVE);
	err = connect_first(job, deadline_ms, &route, &connection, &w->replicas,
			    f);
	if (err != ERR_OK)
		return err;
	memcpy(out->address, connection.peer, sizeof(out->address));
	*fd = connection.fd;
	if (connection.has_loopback && !route.proxied)
		out->flags |= OUTCOME_LOOPBACK;
	err = sandbox_seal(&missing, f);
	note_missing(missing, out);
	if (err != ERR_OK || !route.proxied)
		return err;
	out->flags |= OUTCOME_PROXIED;
	return proxy_open(
		*fd, &route,
		(struct proxy_target){job->target->host, job->target->port},
		deadline_ms, f);
}

static enum err capture(const struct job *job, int pipe_fd, struct workspace *w)
{
	int64_t deadline_ms = clock_ms() + job->timeout_ms;
	struct outcome *out = &w->outcome;
	char request[ANSWER_REQUEST_BYTES];
	enum err err;
	int fd;

	err = connect_and_seal(job, pipe_fd, deadline_ms, w, &fd);
	if (err != ERR_OK)
		return err;
	tell_phase(pipe_fd, WIRE_PHASE_HANDSHAKE);
	answer_request(job->target, request);
	err = replicas_ask(job, fd, request, deadline_ms, &w->capture, out);
	out->tls_version = w->capture.tls_version;
	if (err != ERR_OK)
		return err;
	tell_phase(pipe_fd, WIRE_PHASE_JUDGE);
	err = judge_chain(job, &w->capture, &w->judgement, out);
	return err == ERR_OK ? replicas_compare(&w->replicas, job, deadline_ms,
						&w->other, &w->judgement, out)
			     : err;
}

/* Nobody is asked, so the seal comes at once. */
static enum err seal_only(int pipe_fd, struct outcome *out)
{
	unsigned missing = 0;
	enum err err = sandbox_enter(pipe_fd, &missing, &out->failure);

	if (err == ERR_OK)
		err = sandbox_seal(&missing, &out->failure);
	note_missing(missing, out);
	return err;
}

static enum err read_file(const struct job *job, int pipe_fd,
			  struct workspace *w)
{
	enum err err = seal_only(pipe_fd, &w->outcome);

	return err == ERR_OK ? judge_file(job, &w->judgement, &w->outcome)
			     : err;
}

static enum err read_settings(const struct job *job, int pipe_fd,
			      struct workspace *w)
{
	enum err err = seal_only(pipe_fd, &w->outcome);

	if (err == ERR_OK)
		daemon_json_read(job->daemon_json, w->judgement.text,
				 &w->outcome.settings);
	return err;
}

static enum err probe(const struct job *job, int pipe_fd, struct workspace *w)
{
	switch (job->kind) {
	case JOB_CAPTURE:
	case JOB_CAPTURE_WIDER:
		return capture(job, pipe_fd, w);
	case JOB_READ:
		return read_file(job, pipe_fd, w);
	case JOB_SETTINGS:
		return read_settings(job, pipe_fd, w);
	}
	return ERR_PROBE;
}

/* see probe.h */
_Noreturn void probe_give_up(int pipe_fd, int error, const char *what)
{
	struct outcome *out = calloc(1, sizeof(*out));
	uint8_t frame[sizeof(struct failure) + 256];
	size_t len;

	if (!out)
		_exit(1);
	if (error == ENOMEM)
		failure_set(&out->failure, ERR_MEMORY,
			    "this machine or container has too little memory "
			    "to start a probe");
	else
		failure_set(&out->failure, ERR_SANDBOX,
			    "the kernel refused to start the probe (%s: %s)",
			    what, strerror(error));
	if (wire_encode(out, frame, sizeof(frame), &len) != ERR_OK ||
	    !io_write_full(pipe_fd, frame, len))
		_exit(1);
	_exit(0);
}

/* see probe.h */
_Noreturn void probe_run(const struct job *job, int pipe_fd)
{
	struct workspace *w = calloc(1, sizeof(*w));
	struct job asked = *job;
	size_t len;

	if (w)
		w->number = malloc(NUMBER_BYTES);
	if (!w || !w->number)
		probe_give_up(pipe_fd, ENOMEM, "malloc");
	if (job->target)
		asked.target = registry_endpoint(job->target);
	w->outcome.failure.code = probe(&asked, pipe_fd, w);
	if (wire_encode(&w->outcome, w->frame, sizeof(w->frame), &len) !=
		    ERR_OK ||
	    !io_write_full(pipe_fd, w->frame, len))
		_exit(1);
	_exit(0);
}

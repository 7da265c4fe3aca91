/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All addresses of one name; see replicas.h.
 */
#include "probe/replicas.h"

#include "probe/tls/capture.h"

/* see replicas.h */
enum err replicas_connect(const struct registry *to, int64_t deadline_ms,
			  struct connection *first, struct replicas *out,
			  struct failure *f)
{
	struct addresses found;
	enum err err = resolve_host(to->host, to->port, deadline_ms, &found, f);

	out->count = 0;
	if (err == ERR_OK && found.total > found.count)
		err = failure_set(f, ERR_LIMIT,
				  "%s has %zu addresses, more than %d",
				  to->host, found.total, ADDRESSES_MAX);
	if (err == ERR_OK)
		err = dial_address(&found.list[0], deadline_ms, first, f);
	first->has_loopback = err == ERR_OK && resolve_finds_loopback(&found);
	for (size_t i = 1; i < found.count && err == ERR_OK; i++) {
		err = dial_address(&found.list[i], deadline_ms,
				   &out->each[out->count], f);
		out->count++;
	}
	return err;
}

/* see replicas.h */
enum err replicas_ask(const struct job *job, int fd, const char *request,
		      int64_t deadline_ms, struct capture *room,
		      struct outcome *out)
{
	const struct capture_query query = {
		.registry = job->target,
		.docker = job->docker,
		.request = request,
		.wider = job->kind == JOB_CAPTURE_WIDER,
	};
	enum err err =
		capture_chain(fd, &query, deadline_ms, room, &out->failure);

	if (room->asks_wider ||
	    (err == ERR_OK && room->end != CAPTURE_COMPLETED))
		out->flags |= OUTCOME_UNCOMPLETED;
	return err;
}

/* see replicas.h */
enum err replicas_compare(const struct replicas *r, const struct job *job,
			  int64_t deadline_ms, struct capture *room,
			  struct judge_room *judgement, struct outcome *out)
{
	const unsigned flags = out->flags;

	for (size_t i = 0; i < r->count; i++) {
		enum err err = replicas_ask(job, r->each[i].fd, NULL,
					    deadline_ms, room, out);

		if (err != ERR_OK)
			return failure_set(&out->failure, err, "%s: %s",
					   r->each[i].peer,
					   out->failure.detail);
		/* Those are the first one's. */
		out->flags = flags;
		if (room->end != CAPTURE_COMPLETED &&
		    !(flags & OUTCOME_UNCOMPLETED))
			return failure_set(
				&out->failure, ERR_TLS, "%s%s: %s",
				r->each[i].peer,
				room->possession ? ""
						 : " did not prove that it "
						   "holds its key",
				*room->refusal ? room->refusal
					       : "the handshake was not "
						 "completed");
		if (!judge_agrees(job, room, judgement, out))
			return failure_set(&out->failure, ERR_REFUSED,
					   "%s presents another chain than %s",
					   r->each[i].peer, out->address);
	}
	return ERR_OK;
}

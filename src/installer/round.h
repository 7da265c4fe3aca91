/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One round over all registries, in passes: the registries, the token services
 * and other hosts that they named, those to ask with a wider offer, those whose
 * files are to be read, and, with --wait, those that were not reached.
 * Installer only.
 */
#ifndef INSTALLER_ROUND_H
#define INSTALLER_ROUND_H

#include "installer/certs_d/store.h"
#include "installer/daemon.h"
#include "installer/facts.h"
#include "installer/inputs/daemon_file.h"
#include "installer/inputs/host_pool.h"
#include "installer/options/options.h"
#include "installer/report/teller.h"
#include "installer/signals.h"
#include "installer/supervise.h"

/* One certs.d. */
struct certs_dir {
	const char *path; /* as the operator named it */
	int root;	  /* it, open; -1 for --show, or where it is missing */
};

/* Whom to ask, and into whose directory the answer belongs. */
struct task {
	const struct registry *registry;
	const struct certs_dir *certs_dir;
	bool is_due;	       /* it belongs to the next pass */
	bool is_retry;	       /* it was not reached before */
	bool is_wider;	       /* the server refused Docker's own offer */
	bool is_reading;       /* its files are read before it is asked again */
	int64_t busy_since_ms; /* see busy.h */
	struct facts_reading reading;
	bool is_service;
	bool is_look;	  /* ... nobody asked for it: it is only looked at */
	bool is_redirect; /* ... it is no token service, /v2/ leads there */
	struct registry service;
	struct consumer_facts consumers; /* of the registry */
};

/* Allocated once; what only one task at a time needs is there once. */
struct round {
	const struct options *options;
	void (*probe)(const struct job *job, int pipe_fd);
	size_t certs_dir_count; /* those that could be opened */
	struct certs_dir certs_dirs[CERTS_DIRS_MAX];
	enum report_exit worst;
	struct teller *teller;
	struct operator_file *file; /* or NULL */
	struct failure file_failure;
	struct bytes host_pool;
	uint8_t host_storage[HOST_POOL_BYTES_MAX];
	struct daemon daemon;
	struct bytes daemon_json;
	uint8_t daemon_storage[DAEMON_FILE_BYTES];
	struct outcome outcome;
	struct store_room room;
	const struct signals *signals;
	int64_t retry_until_ms;
	size_t task_count;
	struct task *tasks;
	size_t pass_count; /* tasks of this pass, as indices */
	size_t *pass;
	size_t turn_count;
	struct turn *turns;
};

/*
 * Have the operator's file and --docker looked at once, in a probe without
 * network, before anything else is touched. ERR_USAGE when the file holds
 * something that is no certificate, or no verdict is known for the release: a
 * probe that has met a server may not say so. Else as of round_ask, and what
 * became of the probe.
 */
MUST_CHECK enum err round_check_inputs(struct round *round, struct failure *f);

/*
 * Read daemon.json, where it can be seen, in a probe of its own: it may hold a
 * proxy's password or a log's token, which no probe that meets a server is to
 * know, and what is said of insecure-registries is not to be a server's word.
 * What comes of it changes words, and adds a refusal where the image store that
 * it names refuses; where it cannot be read, that is one thing less that is
 * known. ERR_STOPPED when a signal ended it, ERR_PROBE or ERR_MEMORY when no
 * probe can start.
 */
MUST_CHECK enum err round_read_daemon(struct round *round, struct failure *f);

/* Ask every task that is due, pass after pass, and report each when it is over.
 * ERR_STOPPED when a signal ended it, ERR_PROBE or ERR_MEMORY when no probe can
 * start. */
MUST_CHECK enum err round_ask(struct round *round, struct failure *f);

/*
 * Take back what was written for TASK's registry by REMOVE (remove.h), again
 * while another writer is there, and report it. ERR_STOPPED when a signal ended
 * the wait; reported then only where something was removed before it.
 */
MUST_CHECK enum err round_take_back(struct round *round, struct task *task,
				    void (*remove)(int root,
						   struct store_room *room,
						   struct report *report),
				    struct failure *f);

/* --remove for every task, and report. ERR_STOPPED when a signal ended it. */
MUST_CHECK enum err round_remove(struct round *round, struct failure *f);

/* A plan of one task, which runs ROUND's probe with the job of its turn; begin
 * and done are the caller's to set. */
struct supervise_plan round_plan(struct round *round);

/* A report about TASK that says nothing yet. */
struct report round_report(const struct round *round, const struct task *task);

/* Print REPORT, the ORDERth of a pass (see teller_tell); its exit code
 * counts. */
void round_tell(struct round *round, size_t order, const struct report *report);

/* The exit code that counts of two. */
enum report_exit round_worse(enum report_exit a, enum report_exit b);

#endif

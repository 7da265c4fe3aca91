/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of the probes as the parent sees it; see supervise.h. There is no
 * SIGCHLD handler: end of file on the pipe and a deadline tell all there is
 * to know, and neither can race with the other.
 */
#include "installer/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/limits.h"

struct slot {
	pid_t pid; /* 0: free */
	int fd;
	size_t task;
	int64_t deadline_ms;
	size_t len;
	/* One byte more than a frame may have shows that there was more. */
	uint8_t buffer[FRAME_BYTES_MAX + 1];
};

struct pool {
	const struct supervise_plan *plan;
	struct slot *slots;
	size_t next_task;
	size_t running;
	bool stopped;
};

/* Kill first, then wait: a probe that is exiting keeps its own status, because
 * the kernel has set it before it closes the pipe; one that closed the pipe
 * and stayed gets SIGKILL, which is not a clean end. Neither can make waitpid
 * block. */
static int reap(struct slot *slot)
{
	int status = 0;

	kill(slot->pid, SIGKILL);
	while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	close(slot->fd);
	slot->pid = 0;
	slot->fd = -1;
	return status;
}

static void finish(struct pool *pool, size_t index, enum err code)
{
	struct slot *slot = &pool->slots[index];
	struct supervise_result result = {.code = code};
	int status = reap(slot);

	if (code == ERR_OK && WIFSIGNALED(status))
		result.signal = WTERMSIG(status);
	if (code == ERR_OK && status != 0)
		result.code = ERR_PROBE;
	result.frame = (struct bytes){slot->buffer, slot->len};
	pool->running--;
	pool->plan->done(pool->plan->context, slot->task, index, &result);
}

/* In the child. A probe must not outlive the installer: nobody would read it,
 * and nobody would hold it to its deadline. */
static void become_probe(const struct pool *pool, size_t index, size_t task,
			 int pipe_fd, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	pool->plan->probe(pool->plan->context, task, index, pipe_fd);
	_exit(1);
}

static bool start(struct pool *pool, size_t index, size_t task)
{
	struct slot *slot = &pool->slots[index];
	pid_t parent = getpid();
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		become_probe(pool, index, task, ends[1], parent);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	slot->pid = pid;
	slot->fd = ends[0];
	slot->task = task;
	slot->len = 0;
	slot->deadline_ms = clock_ms() + pool->plan->timeout_ms;
	pool->running++;
	return true;
}

/* Give every free slot a task. A fork that fails while others run is tried
 * again when one of them ends. */
static bool fill(struct pool *pool)
{
	const struct supervise_plan *plan = pool->plan;

	for (size_t i = 0; i < plan->parallel; i++) {
		if (pool->slots[i].pid)
			continue;
		while (pool->next_task < plan->task_count) {
			size_t task = pool->next_task++;

			if (!plan->begin(plan->context, task, i))
				continue;
			if (start(pool, i, task))
				break;
			pool->next_task--;
			return pool->running > 0;
		}
	}
	return true;
}

static void read_slot(struct pool *pool, size_t index)
{
	struct slot *slot = &pool->slots[index];
	ssize_t n = read(slot->fd, slot->buffer + slot->len,
			 sizeof(slot->buffer) - slot->len);

	if (n < 0 && errno == EINTR)
		return;
	if (n < 0) {
		finish(pool, index, ERR_PROBE);
		return;
	}
	if (n == 0) {
		finish(pool, index, ERR_OK);
		return;
	}
	slot->len += (size_t)n;
	if (slot->len == sizeof(slot->buffer))
		finish(pool, index, ERR_LIMIT);
}

static int next_deadline_ms(const struct pool *pool)
{
	int64_t nearest = INT64_MAX;

	for (size_t i = 0; i < pool->plan->parallel; i++)
		if (pool->slots[i].pid && pool->slots[i].deadline_ms < nearest)
			nearest = pool->slots[i].deadline_ms;
	return clock_wait_ms(nearest);
}

static void stop(struct pool *pool)
{
	pool->stopped = true;
	for (size_t i = 0; i < pool->plan->parallel; i++)
		if (pool->slots[i].pid)
			reap(&pool->slots[i]);
}

static void wait_once(struct pool *pool)
{
	struct pollfd fds[PROBES_MAX + 1];
	size_t count = pool->plan->parallel;
	int stop_fd = pool->plan->stop_fd;

	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){pool->slots[i].fd, POLLIN, 0};
	fds[count] = (struct pollfd){stop_fd ? stop_fd : -1, POLLIN, 0};
	if (poll(fds, count + 1, next_deadline_ms(pool)) < 0)
		return;
	if (fds[count].revents) {
		stop(pool);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct slot *slot = &pool->slots[i];

		if (slot->pid && fds[i].revents)
			read_slot(pool, i);
		if (slot->pid && clock_ms() >= slot->deadline_ms)
			finish(pool, i, ERR_TIMEOUT);
	}
}

/* Zeroed memory that no probe inherits: the reports of the others are none of
 * its business. Pages are touched only as far as a probe writes. */
static void *allocate(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, size, MADV_DONTFORK);
	return memory;
}

/* see supervise.h */
enum err supervise_run(const struct supervise_plan *plan, struct failure *f)
{
	struct pool pool = {.plan = plan};
	enum err err = ERR_OK;

	pool.slots = allocate(plan->parallel * sizeof(*pool.slots));
	if (!pool.slots)
		return failure_set(f, ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < plan->parallel; i++)
		pool.slots[i].fd = -1;
	do {
		if (!fill(&pool)) {
			err = failure_set(f, ERR_PROBE,
					  "cannot start a probe: %s",
					  strerror(errno));
			break;
		}
		if (pool.running)
			wait_once(&pool);
	} while (!pool.stopped &&
		 (pool.running || pool.next_task < plan->task_count));
	if (pool.stopped)
		err = failure_set(f, ERR_STOPPED, "stopped by a signal");
	munmap(pool.slots, plan->parallel * sizeof(*pool.slots));
	return err;
}

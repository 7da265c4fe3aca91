/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From fork(2) to waitpid(2); see slot.h. There is no SIGCHLD handler: end of
 * file on the pipe and a deadline tell all there is to know, and neither can
 * race with the other.
 */
#include "installer/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"

/* In the child. A probe must not outlive the installer: nobody would read it,
 * and nobody would hold it to its deadline. */
static void become_probe(const struct supervise_plan *plan, size_t task,
			 size_t index, int pipe_fd, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	plan->probe(plan->context, task, index, pipe_fd);
	_exit(1);
}

/* see slot.h */
bool slot_start(struct slot *slot, const struct supervise_plan *plan,
		size_t index)
{
	pid_t parent = getpid();
	size_t task = slot->task; /* no child inherits the slot */
	int ends[2];
	pid_t pid;
	int error;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	/* Where neither the user nor Landlock parts them, a probe could read
	 * its supervisor in /proc. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* The probe may block, its supervisor may not. _Fork, because no
	 * handler is to run at a fork, and there are no threads. */
	pid = fcntl(ends[0], F_SETFL, O_NONBLOCK) ? -1 : _Fork();
	if (pid == 0) {
		close(ends[0]);
		become_probe(plan, task, index, ends[1], parent);
	}
	error = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = error;
		return false;
	}
	slot->state = SLOT_RUNNING;
	slot->pid = pid;
	slot->fd = ends[0];
	slot->len = 0;
	slot->start_ms = clock_ms();
	slot->deadline_ms = slot->start_ms + plan->timeout_ms;
	return true;
}

/* see slot.h */
enum slot_news slot_drain(struct slot *slot)
{
	while (slot->len < sizeof(slot->buffer)) {
		ssize_t n = read(slot->fd, slot->buffer + slot->len,
				 sizeof(slot->buffer) - slot->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? SLOT_NOTHING : SLOT_BROKEN;
		if (n == 0)
			return SLOT_END;
		slot->len += (size_t)n;
	}
	return SLOT_OVERFLOW;
}

/* see slot.h; kill first, then wait: a probe that is exiting keeps its own
 * status, because the kernel has set it before it closes the pipe; one that
 * closed the pipe and stayed gets SIGKILL, which is not a clean end. Neither
 * can make waitpid block. */
int slot_reap(struct slot *slot)
{
	int status = 0;

	kill(slot->pid, SIGKILL);
	while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	close(slot->fd);
	return status;
}

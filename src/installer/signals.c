/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signalfd(2) for SIGTERM, SIGINT and SIGHUP; see signals.h.
 */
#include "installer/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/limits.h"
#include "common/stop.h"

/* see signals.h */
enum err signals_open(struct signals *out, struct failure *f)
{
	struct sigaction action = {.sa_handler = SIG_IGN};
	sigset_t stop, repeat;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigemptyset(&repeat);
	sigaddset(&repeat, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	sigprocmask(SIG_BLOCK, &repeat, NULL);
	sigaction(SIGXFSZ, &action, NULL);
	sigaction(SIGPIPE, &action, NULL);
	action.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &action, NULL);
	out->stop_fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	out->repeat_fd = signalfd(-1, &repeat, SFD_CLOEXEC | SFD_NONBLOCK);
	if (out->stop_fd < 0 || out->repeat_fd < 0)
		return failure_set(f, ERR_PROBE, "signalfd: %s",
				   strerror(errno));
	return ERR_OK;
}

/* see signals.h */
enum signals_event signals_wait(const struct signals *s, int64_t ms)
{
	int64_t deadline = clock_ms() + ms;
	struct signalfd_siginfo info;

	for (;;) {
		struct pollfd fds[] = {{s->stop_fd, POLLIN, 0},
				       {s->repeat_fd, POLLIN, 0}};
		int wait_ms = clock_wait_ms(deadline);

		/* A limit on descriptors may have been lowered since they were
		 * opened; none is needed to wait for none. */
		if (poll(fds, 2, wait_ms) < 0 && errno != EINTR)
			(void)poll(NULL, 0,
				   wait_ms < OUTPUT_WAIT_MS ? wait_ms
							    : OUTPUT_WAIT_MS);
		if (stop_is_pending())
			return SIGNALS_STOP;
		if (read(s->repeat_fd, &info, sizeof(info)) > 0)
			return SIGNALS_REPEAT;
		if (clock_ms() >= deadline)
			return SIGNALS_TIMEOUT;
	}
}

/* see signals.h */
int signals_stop_status(const struct signals *s)
{
	struct signalfd_siginfo info;

	if (read(s->stop_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return 128 + (int)info.ssi_signo;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sealed probe whose peer has reset the connection tries to go elsewhere by
 * the socket that it has: by sendto(2) with MSG_FASTOPEN, which connects, and
 * of which Landlock knows nothing.
 */
#include "support/confined.h"

#include <arpa/inet.h>
#include <poll.h>

#include "common/clock.h"
#include "probe/connect/dial.h"

#define FAST	0x20000000 /* MSG_FASTOPEN */
#define WAIT_MS 5000

struct place {
	struct sockaddr_in at;
	int listener;
};

static struct place here;  /* whom the probe connects to */
static struct place there; /* whom it must not reach */

static bool open_place(struct place *place)
{
	socklen_t size = sizeof(place->at);

	place->at = (struct sockaddr_in){.sin_family = AF_INET,
					 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	place->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return !bind(place->listener, (struct sockaddr *)&place->at, size) &&
	       !listen(place->listener, 4) &&
	       !getsockname(place->listener, (struct sockaddr *)&place->at,
			    &size);
}

static long send_fast(int fd, const struct place *to)
{
	return syscall(SYS_sendto, fd, "x", 1, FAST | MSG_NOSIGNAL, &to->at,
		       sizeof(to->at));
}

/* In the child: connect, be reset, and try the other; SEALS or not. */
static void leave(int pipe_fd, bool seals)
{
	/* As in the probe: its first use maps a page at a fixed place. */
	void *volatile memory = malloc(1);
	struct connection link;
	struct pollfd reset = {.events = POLLIN};
	struct failure f;
	unsigned missing;

	free(memory);
	alarm(2 * ATTEMPT_SECONDS);
	if (seals && sandbox_enter(pipe_fd, &missing, &f) != ERR_OK)
		_exit(101);
	if (dial_open("127.0.0.1", ntohs(here.at.sin_port),
		      clock_ms() + WAIT_MS, &link, &f) != ERR_OK)
		_exit(102);
	if (seals && sandbox_seal(&missing, &f) != ERR_OK)
		_exit(103);
	(void)!write(pipe_fd, "", 1);
	reset.fd = link.fd;
	(void)poll(&reset, 1, WAIT_MS);
	/* The first tries take the error, and the connection, off it. */
	for (int i = 0; i < 4; i++)
		(void)send_fast(link.fd, &there);
	_exit(0);
}

static void reset_one(const struct place *place)
{
	const struct linger none = {1, 0};
	struct pollfd wait = {.fd = place->listener, .events = POLLIN};
	int fd;

	if (poll(&wait, 1, WAIT_MS) != 1)
		return;
	fd = accept(place->listener, NULL, NULL);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	close(fd);
}

/* Does anybody come, and how did the child end? */
static bool somebody_comes(bool seals, int *status)
{
	struct pollfd other = {.fd = there.listener, .events = POLLIN};
	int ends[2];
	char byte;
	bool came;
	pid_t pid;

	if (pipe(ends))
		return true;
	pid = fork();
	if (pid == 0)
		leave(ends[1], seals);
	close(ends[1]);
	/* Not before it is connected, and sealed. */
	(void)!read(ends[0], &byte, 1);
	reset_one(&here);
	waitpid(pid, status, 0);
	came = poll(&other, 1, 0) == 1;
	if (came)
		close(accept(there.listener, NULL, NULL));
	close(ends[0]);
	return came;
}

int main(void)
{
	int status = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!open_place(&here) || !open_place(&there))
		return 1;
	tell(somebody_comes(false, &status),
	     "unsealed, it reaches the second host");
	tell(!somebody_comes(true, &status),
	     "sealed, it does not reach the second host");
	tell(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
	     "the kernel kills it for trying: %x", (unsigned)status);
	return tell_end();
}

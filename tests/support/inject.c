/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and makes one system call of it fail, or kills it right
 * behind one. Unlike strace -f it counts in one process only: the command
 * itself, or the first process that it forks. From then on nothing is traced.
 *
 *	inject LOG installer|probe list|kill|ERRNO N COMMAND...
 *
 * LOG gets the number of each call with "list", else that of the call that was
 * hit, or nothing if there was none. The exit status is that of COMMAND, 128
 * and the signal if one ended it, and 125 if nothing can be injected here.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT 125

#if defined(__x86_64__)
static void skip_call(pid_t pid)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	regs.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static void set_result(pid_t pid, long result)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	regs.rax = (unsigned long long)result;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static long call_of(pid_t pid)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	return (long)regs.orig_rax;
}
#else
static void skip_call(pid_t pid)
{
	(void)pid;
	exit(CANNOT);
}

static void set_result(pid_t pid, long result)
{
	(void)pid;
	(void)result;
	exit(CANNOT);
}

static long call_of(pid_t pid)
{
	(void)pid;
	exit(CANNOT);
}
#endif

struct plan {
	FILE *log;
	bool in_probe, lists, kills;
	long error, when;
};

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Run PID up to the next entry or exit of a call; false when it ended. */
static bool step(pid_t pid, int *status)
{
	int number = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)number) ||
		    waitpid(pid, status, 0) != pid || !WIFSTOPPED(*status))
			return false;
		number = WSTOPSIG(*status);
		if (number == (SIGTRAP | 0x80))
			return true;
		if (number == SIGTRAP || number == SIGSTOP)
			number = 0;
	}
}

/* PID stands between two calls. False when it ended, with its STATUS. */
static bool trace(const struct plan *plan, pid_t pid, int *status)
{
	for (long n = 1; step(pid, status); n++) {
		bool hit = !plan->lists && n == plan->when;

		if (plan->lists || hit)
			fprintf(plan->log, "%ld\n", call_of(pid));
		fflush(plan->log);
		if (hit && !plan->kills)
			skip_call(pid);
		if (!step(pid, status))
			return false;
		if (!hit)
			continue;
		if (plan->kills) {
			/* Its parent hears of it only behind us. */
			kill(pid, SIGKILL);
			waitpid(pid, status, 0);
			return false;
		}
		set_result(pid, -plan->error);
		ptrace(PTRACE_DETACH, pid, NULL, 0L);
		return true;
	}
	return false;
}

/* Let the installer run up to its first fork; the child, or 0 at its end. */
static pid_t find_probe(pid_t installer, int *status)
{
	unsigned long child = 0;
	long number = 0;

	for (;;) {
		ptrace(PTRACE_CONT, installer, NULL, number);
		if (waitpid(installer, status, 0) != installer ||
		    !WIFSTOPPED(*status))
			return 0;
		number = WSTOPSIG(*status);
		if (*status >> 16 == 0)
			continue;
		ptrace(PTRACE_GETEVENTMSG, installer, NULL, &child);
		waitpid((pid_t)child, status, __WALL);
		ptrace(PTRACE_DETACH, installer, NULL, 0L);
		return (pid_t)child;
	}
}

static int run(const struct plan *plan, pid_t installer)
{
	long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
	pid_t pid = installer;
	int status;

	waitpid(installer, &status, 0);
	if (plan->in_probe)
		options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			   PTRACE_O_TRACECLONE;
	ptrace(PTRACE_SETOPTIONS, installer, NULL, options);
	if (plan->in_probe)
		pid = find_probe(installer, &status);
	if (pid == 0 || (!trace(plan, pid, &status) && pid == installer))
		return status_of(status);
	while (waitpid(installer, &status, 0) < 0 && errno == EINTR)
		continue;
	return status_of(status);
}

int main(int argc, char **argv)
{
	struct plan plan = {0};
	pid_t pid;

	if (argc < 6)
		return CANNOT;
	plan.log = fopen(argv[1], "we");
	plan.in_probe = !strcmp(argv[2], "probe");
	plan.lists = !strcmp(argv[3], "list");
	plan.kills = !strcmp(argv[3], "kill");
	plan.error = strtol(argv[3], NULL, 10);
	plan.when = strtol(argv[4], NULL, 10);
	if (!plan.log)
		return CANNOT;
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, 0L);
		execv(argv[5], argv + 5);
		_exit(CANNOT);
	}
	return pid < 0 ? CANNOT : run(&plan, pid);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes that do what they should not: each costs its own task and nothing
 * else. The probes are functions of this file; everything around them is real.
 */
#include "support/tree.h"

#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>

#include "common/clock.h"
#include "common/io.h"
#include "common/limits.h"
#include "installer/supervise.h"

#define TASKS_MAX 100

/* The deadline where it is what ends a probe, where it ends one of many, and
 * where it only bounds the test. */
#define SOON_MS	 300
#define LATER_MS 1000
#define LATE_MS	 20000

/* What the sanitizers and a busy machine may add to a wait. */
#define SLACK_MS 6000

struct task {
	void (*probe)(int pipe_fd);
	bool skipped; /* begin says that there is nothing to do */
	unsigned begun;
	unsigned done;
	size_t slot;
	enum err code;
	int signal;
	size_t len;
	char text[256]; /* the first bytes of its frame */
};

struct run {
	struct task tasks[TASKS_MAX];
	size_t running;
	size_t running_max;
	bool slot_taken[PROBES_MAX];
	bool misused; /* a callback came when it should not have */
};

static struct run run;

static bool begin(void *context, size_t task, size_t slot)
{
	struct run *r = context;
	struct task *t = &r->tasks[task];

	t->begun++;
	t->slot = slot;
	if (slot >= PROBES_MAX || r->slot_taken[slot])
		r->misused = true;
	if (t->skipped)
		return false;
	r->slot_taken[slot] = true;
	r->running++;
	if (r->running > r->running_max)
		r->running_max = r->running;
	return true;
}

static void probe(void *context, size_t task, size_t slot, int pipe_fd)
{
	struct run *r = context;

	(void)slot;
	r->tasks[task].probe(pipe_fd);
}

static void done(void *context, size_t task, size_t slot,
		 const struct supervise_result *result)
{
	struct run *r = context;
	struct task *t = &r->tasks[task];
	size_t len = result->frame.len;

	if (slot != t->slot || !r->slot_taken[slot] || t->skipped)
		r->misused = true;
	r->slot_taken[slot] = false;
	r->running--;
	t->done++;
	t->code = result->code;
	t->signal = result->signal;
	t->len = len;
	if (len >= sizeof(t->text))
		len = sizeof(t->text) - 1;
	memcpy(t->text, result->frame.data, len);
}

static struct supervise_plan plan_for(size_t count, size_t parallel,
				      int64_t timeout_ms)
{
	return (struct supervise_plan){
		.task_count = count,
		.parallel = parallel,
		.timeout_ms = timeout_ms,
		.context = &run,
		.begin = begin,
		.probe = probe,
		.done = done,
	};
}

/* Run the first COUNT tasks; returns the milliseconds that it took. Afterwards
 * there is no child and no descriptor more than before. */
static int64_t supervise(size_t count, size_t parallel, int64_t timeout_ms)
{
	const struct supervise_plan plan =
		plan_for(count, parallel, timeout_ms);
	int64_t start_ms = clock_ms();
	size_t fds = tree_open_fds();
	struct failure f = {0};

	check(supervise_run(&plan, &f) == ERR_OK, "%s", f.detail);
	start_ms = clock_ms() - start_ms;
	assert_int_equal(tree_open_fds(), fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_false(run.misused);
	assert_int_equal(run.running, 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(run.tasks[i].begun, 1);
		assert_int_equal(run.tasks[i].done, !run.tasks[i].skipped);
	}
	return start_ms;
}

/* One task alone, and what became of it. */
static const struct task *supervise_one(void (*body)(int pipe_fd))
{
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = body;
	supervise(1, 1, LATE_MS);
	return &run.tasks[0];
}

static void answer(int pipe_fd)
{
	_exit(io_write_full(pipe_fd, "frame", 5) ? 0 : 1);
}

static void stay_silent(int pipe_fd)
{
	(void)pipe_fd;
	for (;;)
		pause();
}

static void answer_and_stay(int pipe_fd)
{
	(void)!io_write_full(pipe_fd, "frame", 5);
	stay_silent(pipe_fd);
}

static void answer_and_fail(int pipe_fd)
{
	(void)!io_write_full(pipe_fd, "frame", 5);
	_exit(3);
}

static void answer_and_return(int pipe_fd)
{
	(void)!io_write_full(pipe_fd, "frame", 5);
}

static void close_and_stay(int pipe_fd)
{
	(void)!io_write_full(pipe_fd, "frame", 5);
	close(pipe_fd);
	stay_silent(pipe_fd);
}

static void say_nothing(int pipe_fd)
{
	(void)pipe_fd;
	_exit(0);
}

static void crash(int pipe_fd)
{
	(void)!io_write_full(pipe_fd, "half", 4);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void be_killed_by_seccomp(int pipe_fd)
{
	(void)pipe_fd;
	signal(SIGSYS, SIG_DFL);
	raise(SIGSYS);
}

static void write_slowly(int pipe_fd)
{
	for (const char *c = "slow"; *c; c++) {
		(void)!io_write_full(pipe_fd, c, 1);
		usleep(30000);
	}
	_exit(0);
}

static void drip_for_ever(int pipe_fd)
{
	while (io_write_full(pipe_fd, "x", 1))
		usleep(20000);
	_exit(0);
}

static void flood(int pipe_fd)
{
	static char block[65536];

	memset(block, 'x', sizeof(block));
	while (io_write_full(pipe_fd, block, sizeof(block)))
		continue;
	_exit(0);
}

static void write_bytes(int pipe_fd, size_t len)
{
	static char block[FRAME_BYTES_MAX + 1];

	memset(block, 'x', sizeof(block));
	_exit(io_write_full(pipe_fd, block, len) ? 0 : 1);
}

static void write_the_most(int pipe_fd)
{
	write_bytes(pipe_fd, FRAME_BYTES_MAX);
}

static void write_one_too_many(int pipe_fd)
{
	write_bytes(pipe_fd, FRAME_BYTES_MAX + 1);
}

static void ignore_signals(int pipe_fd)
{
	for (int number = 1; number < 32; number++)
		signal(number, SIG_IGN);
	stay_silent(pipe_fd);
}

static void stop_itself(int pipe_fd)
{
	raise(SIGSTOP);
	answer(pipe_fd);
}

/* A grandchild that keeps the pipe open; it ends by itself. */
static void leave_a_grandchild(int pipe_fd)
{
	if (fork() == 0) {
		usleep((SOON_MS + SLACK_MS) * 1000);
		_exit(0);
	}
	answer(pipe_fd);
}

static void good_frames_are_handed_over(void **state)
{
	const struct task *t = supervise_one(answer);

	(void)state;
	assert_int_equal(t->code, ERR_OK);
	assert_int_equal(t->signal, 0);
	assert_string_equal(t->text, "frame");
	t = supervise_one(write_slowly);
	assert_int_equal(t->code, ERR_OK);
	assert_string_equal(t->text, "slow");
	t = supervise_one(say_nothing);
	assert_int_equal(t->code, ERR_OK);
	assert_int_equal(t->len, 0);
	t = supervise_one(write_the_most);
	assert_int_equal(t->code, ERR_OK);
	assert_int_equal(t->len, FRAME_BYTES_MAX);
}

static void an_end_that_is_not_clean_is_a_broken_probe(void **state)
{
	static const struct {
		void (*probe)(int pipe_fd);
		int signal;
		const char *text;
	} rows[] = {
		{answer_and_fail, 0, "frame"},
		{answer_and_return, 0, "frame"},
		{crash, SIGSEGV, "half"},
		{be_killed_by_seccomp, SIGSYS, ""},
		{close_and_stay, SIGKILL, "frame"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct task *t = supervise_one(rows[i].probe);

		check(t->code == ERR_PROBE && t->signal == rows[i].signal,
		      "row %zu: code %d, signal %d", i, (int)t->code,
		      t->signal);
		assert_string_equal(t->text, rows[i].text);
	}
}

static void too_much_ends_it_at_once(void **state)
{
	static void (*const probes[])(int pipe_fd) = {flood,
						      write_one_too_many};

	(void)state;
	for (size_t i = 0; i < COUNT(probes); i++) {
		const struct task *t = supervise_one(probes[i]);

		assert_int_equal(t->code, ERR_LIMIT);
		assert_in_range(t->len, FRAME_BYTES_MAX, FRAME_BYTES_MAX + 1);
	}
}

static void the_deadline_holds_whatever_it_does(void **state)
{
	static const struct {
		void (*probe)(int pipe_fd);
		const char *text;
	} rows[] = {
		{stay_silent, ""},     {answer_and_stay, "frame"},
		{ignore_signals, ""},  {stop_itself, ""},
		{drip_for_ever, NULL}, {leave_a_grandchild, "frame"},
	};

	int64_t took_ms;

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < COUNT(rows); i++)
		run.tasks[i].probe = rows[i].probe;
	took_ms = supervise(COUNT(rows), COUNT(rows), SOON_MS);
	assert_in_range(took_ms, SOON_MS - 1, SOON_MS + SLACK_MS);
	for (size_t i = 0; i < COUNT(rows); i++) {
		check(run.tasks[i].code == ERR_TIMEOUT, "row %zu: code %d", i,
		      (int)run.tasks[i].code);
		assert_int_equal(run.tasks[i].signal, 0);
		if (rows[i].text)
			assert_string_equal(run.tasks[i].text, rows[i].text);
	}
}

static void one_that_hangs_costs_the_others_nothing(void **state)
{
	int64_t took_ms;

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < TASKS_MAX; i++)
		run.tasks[i].probe = i == 3 ? stay_silent : answer;
	took_ms = supervise(TASKS_MAX, PROBES_MAX, LATER_MS);
	assert_in_range(took_ms, LATER_MS - 1, LATER_MS + SLACK_MS);
	for (size_t i = 0; i < TASKS_MAX; i++) {
		assert_int_equal(run.tasks[i].code,
				 i == 3 ? ERR_TIMEOUT : ERR_OK);
		assert_string_equal(run.tasks[i].text, i == 3 ? "" : "frame");
	}
}

static void bad_ones_side_by_side_end_each_in_its_way(void **state)
{
	static const struct {
		void (*probe)(int pipe_fd);
		enum err code;
	} kinds[] = {
		{answer, ERR_OK},
		{crash, ERR_PROBE},
		{flood, ERR_LIMIT},
		{stay_silent, ERR_TIMEOUT},
		{close_and_stay, ERR_PROBE},
		{answer_and_fail, ERR_PROBE},
		{write_slowly, ERR_OK},
		{drip_for_ever, ERR_TIMEOUT},
	};
	int64_t took_ms;

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < PROBES_YOUNG_MAX; i++)
		run.tasks[i].probe = kinds[i % COUNT(kinds)].probe;
	took_ms = supervise(PROBES_YOUNG_MAX, PROBES_YOUNG_MAX, LATER_MS);
	assert_in_range(took_ms, LATER_MS - 1, LATER_MS + SLACK_MS);
	for (size_t i = 0; i < PROBES_YOUNG_MAX; i++)
		check(run.tasks[i].code == kinds[i % COUNT(kinds)].code,
		      "task %zu: %d", i, (int)run.tasks[i].code);
}

static void no_more_run_at_a_time_than_planned(void **state)
{
	(void)state;
	for (size_t parallel = 1; parallel <= PROBES_YOUNG_MAX; parallel *= 4) {
		memset(&run, 0, sizeof(run));
		for (size_t i = 0; i < 20; i++)
			run.tasks[i].probe = answer;
		supervise(20, parallel, LATE_MS);
		assert_int_equal(run.running_max, parallel);
	}
}

/* How many have begun when the first is over. */
static size_t begun_at_first_end;

static void done_and_count(void *context, size_t task, size_t slot,
			   const struct supervise_result *result)
{
	struct run *r = context;

	if (!begun_at_first_end)
		for (size_t i = 0; i < TASKS_MAX; i++)
			begun_at_first_end += r->tasks[i].begun;
	done(context, task, slot, result);
}

/* Run TASKS_MAX that stay silent for TIMEOUT_MS; returns how many had begun
 * when the first was given up. */
static size_t begun_within(int64_t timeout_ms)
{
	struct supervise_plan plan =
		plan_for(TASKS_MAX, PROBES_MAX, timeout_ms);
	struct failure f;

	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < TASKS_MAX; i++)
		run.tasks[i].probe = stay_silent;
	begun_at_first_end = 0;
	plan.done = done_and_count;
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	assert_false(run.misused);
	return begun_at_first_end;
}

static void only_so_many_are_young_at_a_time(void **state)
{
	(void)state;
	assert_int_equal(begun_within(PROBE_YOUNG_MS / 2), PROBES_YOUNG_MAX);
}

/* Those that are older wait, and make room; up to a limit. A busy machine may
 * be late with it, so that what is counted has bounds. */
static void those_that_wait_make_room_for_others(void **state)
{
	(void)state;
	assert_in_range(begun_within(2 * PROBE_YOUNG_MS + PROBE_YOUNG_MS / 2),
			2 * PROBES_YOUNG_MAX, 3 * PROBES_YOUNG_MAX);
	assert_in_range(run.running_max, 2 * PROBES_YOUNG_MAX, PROBES_MAX);
}

static void tasks_that_are_over_already_start_nothing(void **state)
{
	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 10; i++) {
		run.tasks[i].probe = answer;
		run.tasks[i].skipped = i % 3 != 1;
	}
	supervise(10, 2, LATE_MS);
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 5; i++)
		run.tasks[i].skipped = true;
	supervise(5, PROBES_MAX, LATE_MS);
	assert_int_equal(run.running_max, 0);
}

/* Nobody would read it, and nobody would hold it to its deadline. */
static void a_probe_ends_with_its_supervisor(void **state)
{
	struct pollfd held = {.events = POLLIN};
	int ends[2];
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = stay_silent;
	pid = fork();
	if (pid == 0) {
		struct supervise_plan plan = plan_for(1, 1, LATE_MS);
		struct failure f;

		_exit(supervise_run(&plan, &f) == ERR_OK ? 0 : 1);
	}
	close(ends[1]);
	usleep(100000);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* Both hold the writing end until they are gone. */
	held.fd = ends[0];
	assert_int_equal(poll(&held, 1, SLACK_MS), 1);
	assert_int_equal(held.revents & POLLHUP, POLLHUP);
	close(ends[0]);
}

static void do_nothing(int number)
{
	(void)number;
}

static void read_the_supervisor(int pipe_fd)
{
	static const char *const names[] = {"mem", "environ", "maps", "fd/0"};
	char path[64];
	char seen[8] = "";

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(),
			 names[i]);
		seen[i] = open(path, O_RDONLY | O_CLOEXEC) < 0 ? '-' : 'r';
	}
	if (write(pipe_fd, seen, strlen(seen)) < 0)
		_exit(1);
	_exit(0);
}

static void no_probe_reads_its_supervisor(void **state)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3,
						  0};
	const struct __user_cap_data_struct none[2] = {{0}};
	int status = -1;
	pid_t pid = fork();

	(void)state;
	/* Both the same user without capabilities, as after --cap-drop ALL. */
	if (pid == 0)
		_exit(syscall(SYS_capset, &header, none) ||
		      strcmp(supervise_one(read_the_supervisor)->text, "----"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void signals_for_the_supervisor_are_gone_through(void **state)
{
	const struct sigaction handler = {.sa_handler = do_nothing};
	int64_t start_ms = clock_ms();

	(void)state;
	sigaction(SIGALRM, &handler, NULL);
	ualarm(20000, 20000);
	assert_int_equal(supervise_one(write_slowly)->code, ERR_OK);
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = stay_silent;
	supervise(1, 1, SOON_MS);
	assert_int_equal(run.tasks[0].code, ERR_TIMEOUT);
	ualarm(0, 0);
	assert_in_range(clock_ms() - start_ms, SOON_MS, SOON_MS + SLACK_MS);
}

static int stop_timer;

/* The first two are over when the sixth begins, of which four run. */
static bool begin_and_stop(void *context, size_t task, size_t slot)
{
	const struct itimerspec soon = {.it_value = {0, 100 * 1000000L}};

	if (task == 5)
		timerfd_settime(stop_timer, 0, &soon, NULL);
	return begin(context, task, slot);
}

static void a_stop_ends_all_that_runs_and_starts_nothing_more(void **state)
{
	struct supervise_plan plan = plan_for(20, 4, LATE_MS);
	size_t fds = tree_open_fds();
	int64_t start_ms = clock_ms();
	struct failure f = {0};

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 20; i++)
		run.tasks[i].probe = i < 2 ? answer : stay_silent;
	stop_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	plan.stop_fd = stop_timer;
	plan.begin = begin_and_stop;
	assert_int_equal(supervise_run(&plan, &f), ERR_STOPPED);
	assert_in_range(clock_ms() - start_ms, 90, LATE_MS - 1);
	assert_int_not_equal(strlen(f.detail), 0);
	close(plan.stop_fd);
	assert_int_equal(tree_open_fds(), fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(run.tasks[i].begun, i < 6);
		assert_int_equal(run.tasks[i].done, i < 2);
	}
}

/* Pages that the process that asks has mapped. */
static size_t mapped_pages(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	return n > 0 ? strtoul(text, NULL, 10) : 0;
}

static void report_mapped_pages(int pipe_fd)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%zu", mapped_pages());

	_exit(io_write_full(pipe_fd, text, (size_t)len) ? 0 : 1);
}

static size_t pages_at_begin;

static bool begin_and_count(void *context, size_t task, size_t slot)
{
	pages_at_begin = mapped_pages();
	return begin(context, task, slot);
}

static void no_probe_inherits_the_reports_of_others(void **state)
{
	struct supervise_plan plan = plan_for(1, PROBES_MAX, LATE_MS);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct failure f;
	size_t pages;

	(void)state;
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = report_mapped_pages;
	plan.begin = begin_and_count;
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	pages = strtoul(run.tasks[0].text, NULL, 10);
	assert_in_range(pages, 1,
			pages_at_begin - PROBES_MAX * FRAME_BYTES_MAX / page);
	/* Nor does the installer keep them. */
	pages = mapped_pages();
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	assert_in_range(mapped_pages(), 0, pages + FRAME_BYTES_MAX / page);
}

static void report_blocked_signals(int pipe_fd)
{
	char text[2] = "0";
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	for (int number = 1; number < 32; number++)
		text[0] = (char)(text[0] + sigismember(&set, number));
	_exit(io_write_full(pipe_fd, text, 1) ? 0 : 1);
}

/* The supervisor may wait for signals by descriptor; a probe does not. */
static void a_probe_blocks_no_signal(void **state)
{
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	assert_string_equal(supervise_one(report_blocked_signals)->text, "0");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Slow work of the installer's own, a disk perhaps: longer than the deadline,
 * while other probes have their frames ready or are writing them. */
static void done_slowly(void *context, size_t task, size_t slot,
			const struct supervise_result *result)
{
	done(context, task, slot, result);
	if (task == 0)
		usleep(2 * SOON_MS * 1000);
}

static void answer_a_little_later(int pipe_fd)
{
	usleep(SOON_MS / 3 * 1000);
	answer(pipe_fd);
}

static void write_much_a_little_later(int pipe_fd)
{
	usleep(SOON_MS / 3 * 1000);
	write_the_most(pipe_fd);
}

static void the_installer_s_own_time_is_nobody_s_deadline(void **state)
{
	struct supervise_plan plan = plan_for(4, 4, SOON_MS);
	struct failure f;

	(void)state;
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = answer;
	run.tasks[1].probe = answer_a_little_later;
	run.tasks[2].probe = write_much_a_little_later;
	run.tasks[3].probe = stay_silent;
	plan.done = done_slowly;
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	for (size_t i = 0; i < 3; i++)
		check(run.tasks[i].code == ERR_OK, "task %zu: %d", i,
		      (int)run.tasks[i].code);
	assert_int_equal(run.tasks[3].code, ERR_TIMEOUT);
}

static bool has_told;

/* A reader that takes his time. */
static int64_t tell_slowly(void *context, const struct supervise_view *view)
{
	(void)context;
	(void)view;
	if (run.tasks[0].done && !has_told) {
		has_told = true;
		usleep(2 * SOON_MS * 1000);
	}
	return INT64_MAX;
}

static void nor_is_the_time_of_its_reader(void **state)
{
	struct supervise_plan plan = plan_for(2, 2, SOON_MS);
	struct failure f;

	(void)state;
	memset(&run, 0, sizeof(run));
	has_told = false;
	run.tasks[0].probe = answer;
	run.tasks[1].probe = write_much_a_little_later;
	plan.tick = tell_slowly;
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	assert_true(has_told);
	assert_int_equal(run.tasks[1].code, ERR_OK);
}

static unsigned refusals;

/* Busy for the first times, as a lock that another holds. */
static void done_when_free(void *context, size_t task, size_t slot,
			   const struct supervise_result *result)
{
	if (task == 0 && refusals++ < 5)
		*result->later_ms = 50;
	else
		done(context, task, slot, result);
}

static void who_is_busy_gets_the_same_later_and_holds_up_nobody(void **state)
{
	struct supervise_plan plan = plan_for(10, 2, LATE_MS);
	struct failure f;

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 10; i++)
		run.tasks[i].probe = answer;
	refusals = 0;
	plan.done = done_when_free;
	assert_int_equal(supervise_run(&plan, &f), ERR_OK);
	assert_int_equal(refusals, 6);
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(run.tasks[i].done, 1);
		assert_int_equal(run.tasks[i].code, ERR_OK);
		assert_string_equal(run.tasks[i].text, "frame");
	}
}

static void done_never(void *context, size_t task, size_t slot,
		       const struct supervise_result *result)
{
	(void)context;
	(void)task;
	(void)slot;
	*result->later_ms = 60000;
}

static int stop_event;
static size_t slow_calls;

/* A disk that takes its time, and a signal in the middle of it. */
static bool begin_at_a_slow_disk(void *context, size_t task, size_t slot)
{
	const uint64_t one = 1;

	(void)context;
	(void)task;
	(void)slot;
	slow_calls++;
	assert_int_equal(write(stop_event, &one, sizeof(one)), sizeof(one));
	return false;
}

static void done_at_a_slow_disk(void *context, size_t task, size_t slot,
				const struct supervise_result *result)
{
	(void)result;
	/* All have ended and wait for their turn. */
	poll(NULL, 0, 300);
	(void)begin_at_a_slow_disk(context, task, slot);
}

static void a_stop_waits_for_one_turn_at_the_disk_at_most(void **state)
{
	struct supervise_plan plan = plan_for(8, 8, LATE_MS);
	struct failure f;

	(void)state;
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 8; i++)
		run.tasks[i].probe = answer;
	for (int i = 0; i < 2; i++) {
		plan.stop_fd = stop_event = eventfd(0, EFD_CLOEXEC);
		slow_calls = 0;
		if (i == 0)
			plan.done = done_at_a_slow_disk;
		else
			plan.begin = begin_at_a_slow_disk;
		assert_int_equal(supervise_run(&plan, &f), ERR_STOPPED);
		assert_int_equal(slow_calls, 1);
		close(stop_event);
	}
}

static void a_stop_does_not_wait_for_who_is_busy(void **state)
{
	const struct itimerspec soon = {.it_value = {0, 100 * 1000000L}};
	struct supervise_plan plan = plan_for(1, 1, LATE_MS);
	int64_t start_ms = clock_ms();
	struct failure f;

	(void)state;
	memset(&run, 0, sizeof(run));
	run.tasks[0].probe = answer;
	plan.done = done_never;
	plan.stop_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	timerfd_settime(plan.stop_fd, 0, &soon, NULL);
	assert_int_equal(supervise_run(&plan, &f), ERR_STOPPED);
	assert_in_range(clock_ms() - start_ms, 90, SLACK_MS);
	close(plan.stop_fd);
}

/* Processor time of this process so far. */
static int64_t cpu_ms(void)
{
	return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* With LIMIT on RESOURCE all end as they should, and no time is burnt. */
static void check_under(int resource, rlim_t limit)
{
	struct rlimit before;
	struct rlimit now;
	int64_t start_ms = cpu_ms();

	assert_int_equal(getrlimit(resource, &before), 0);
	now = (struct rlimit){limit, before.rlim_max};
	assert_int_equal(setrlimit(resource, &now), 0);
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 20; i++)
		run.tasks[i].probe = write_slowly;
	supervise(20, PROBES_MAX, LATE_MS);
	assert_int_equal(setrlimit(resource, &before), 0);
	for (size_t i = 0; i < 20; i++)
		check(run.tasks[i].code == ERR_OK, "limit %u, task %zu: %d",
		      (unsigned)limit, i, (int)run.tasks[i].code);
	assert_in_range(cpu_ms() - start_ms, 0, 1000);
}

static void few_descriptors_mean_few_at_a_time(void **state)
{
	rlim_t open = tree_open_fds();

	(void)state;
	for (rlim_t more = 2; more <= 10; more++)
		check_under(RLIMIT_NOFILE, open + more);
}

static void no_descriptor_at_all_is_said_in_time(void **state)
{
	struct supervise_plan plan = plan_for(3, 3, LATE_MS);
	int64_t start_ms = clock_ms();
	struct rlimit before;
	struct rlimit now;
	struct failure f;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	now = (struct rlimit){3, before.rlim_max};
	memset(&run, 0, sizeof(run));
	for (size_t i = 0; i < 3; i++)
		run.tasks[i].probe = answer;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
	assert_int_equal(supervise_run(&plan, &f), ERR_PROBE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	check_contains(f.detail, "cannot start a probe: ");
	assert_in_range(clock_ms() - start_ms, START_PATIENCE_MS,
			START_PATIENCE_MS + SLACK_MS);
}

/* As another user: root's processes are not counted. */
static void few_processes_mean_few_at_a_time(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		const struct rlimit few = {3, 3};
		struct supervise_plan plan = plan_for(20, PROBES_MAX, LATE_MS);
		struct failure f;

		memset(&run, 0, sizeof(run));
		for (size_t i = 0; i < 20; i++)
			run.tasks[i].probe = write_slowly;
		if (setrlimit(RLIMIT_NPROC, &few) || setuid(54321))
			_exit(2);
		if (supervise_run(&plan, &f) != ERR_OK)
			_exit(3);
		for (size_t i = 0; i < 20; i++)
			if (!run.tasks[i].done || run.tasks[i].code != ERR_OK)
				_exit(4);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void little_memory_means_few_at_a_time(void **state)
{
	const int64_t mib = 1024 * 1024;

	(void)state;
	assert_int_equal(supervise_parallel(4096, INT64_MAX), PROBES_MAX);
	assert_int_equal(supervise_parallel(3, INT64_MAX), 3);
	assert_int_equal(supervise_parallel(0, INT64_MAX), 0);
	assert_int_equal(supervise_parallel(4096, 32 * mib), 26);
	assert_int_equal(supervise_parallel(4096, 8 * mib), 2);
	assert_int_equal(supervise_parallel(4096, mib), 1);
	assert_int_equal(supervise_parallel(4096, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_frames_are_handed_over),
		cmocka_unit_test(an_end_that_is_not_clean_is_a_broken_probe),
		cmocka_unit_test(too_much_ends_it_at_once),
		cmocka_unit_test(the_deadline_holds_whatever_it_does),
		cmocka_unit_test(one_that_hangs_costs_the_others_nothing),
		cmocka_unit_test(bad_ones_side_by_side_end_each_in_its_way),
		cmocka_unit_test(no_more_run_at_a_time_than_planned),
		cmocka_unit_test(tasks_that_are_over_already_start_nothing),
		cmocka_unit_test(a_probe_ends_with_its_supervisor),
		cmocka_unit_test(no_probe_reads_its_supervisor),
		cmocka_unit_test(signals_for_the_supervisor_are_gone_through),
		cmocka_unit_test(
			a_stop_ends_all_that_runs_and_starts_nothing_more),
		cmocka_unit_test(no_probe_inherits_the_reports_of_others),
		cmocka_unit_test(a_probe_blocks_no_signal),
		cmocka_unit_test(only_so_many_are_young_at_a_time),
		cmocka_unit_test(those_that_wait_make_room_for_others),
		cmocka_unit_test(the_installer_s_own_time_is_nobody_s_deadline),
		cmocka_unit_test(nor_is_the_time_of_its_reader),
		cmocka_unit_test(
			who_is_busy_gets_the_same_later_and_holds_up_nobody),
		cmocka_unit_test(a_stop_waits_for_one_turn_at_the_disk_at_most),
		cmocka_unit_test(a_stop_does_not_wait_for_who_is_busy),
		cmocka_unit_test(few_descriptors_mean_few_at_a_time),
		cmocka_unit_test(no_descriptor_at_all_is_said_in_time),
		cmocka_unit_test(little_memory_means_few_at_a_time),
		cmocka_unit_test(few_processes_mean_few_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

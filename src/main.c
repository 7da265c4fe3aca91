/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dtr-trust: make Docker trust a private registry. The only file that sees
 * both sides of the trust boundary; it hands the one to the other.
 */
#include <sys/stat.h>

#include "installer/options/options.h"
#include "installer/report/report.h"
#include "installer/run.h"
#include "probe/launch.h"

static void run_probe(const struct job *job, int pipe_fd)
{
	launch_probe(job, pipe_fd);
}

/* By itself: a probe, which comes by main too, leaves the room on the stack to
 * its work. */
__attribute__((noinline)) static int install(int argc, char *argv[])
{
	struct options options;
	struct failure f;
	enum err err;
	int code = REPORT_EXIT_TRUSTED;

	umask(022);
	err = options_parse(argc, argv, &options, &f);
	for (size_t i = 0; i < options.notices.count; i++)
		report_notice(&options.notices.list[i]);
	if (err != ERR_OK)
		code = (int)report_failure(&f, &options);
	else if (options.mode == OPTIONS_HELP)
		options_print_help();
	else if (options.mode == OPTIONS_VERSION)
		report_version();
	else
		code = run_registries(&options, run_probe);
	options_free(&options);
	return code;
}

int main(int argc, char *argv[])
{
	launch_continue(argc, argv);
	return install(argc, argv);
}

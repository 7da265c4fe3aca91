/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of failures; see report.h.
 */
#include "installer/certs_d/cause.h"
#include "installer/report/report.h"

static const struct {
	const char *word;
	const char *what;
	const char *next;
	enum report_exit exit;
} classes[ERR_COUNT_] = {
	[ERR_OK] = {"none", "no failure", "nothing", REPORT_EXIT_TRUSTED},
	[ERR_USAGE] = {"usage", "usage", "see dtr-trust --help",
		       REPORT_EXIT_USAGE},
	[ERR_RESOLVE] = {"resolve", "the name has no address",
			 "check the spelling, and DNS as seen from here "
			 "(docker run --network host takes the host's)",
			 REPORT_EXIT_UNREACHED},
	[ERR_CONNECT] = {"connect", "the connection failed",
			 "check the port, the route and the firewall from "
			 "this machine (docker run --network host takes the "
			 "host's)",
			 REPORT_EXIT_UNREACHED},
	[ERR_PROXY] = {"proxy", "no way through the proxy",
		       "check HTTPS_PROXY and NO_PROXY", REPORT_EXIT_UNREACHED},
	[ERR_TLS] = {"tls", "no TLS that Docker could use",
		     "check that this is the registry's HTTPS port, and the "
		     "server's TLS settings",
		     REPORT_EXIT_UNREACHED},
	[ERR_CHAIN] = {"chain", "no anchor can help",
		       "have the registry's certificate reissued",
		       REPORT_EXIT_DOCKER},
	[ERR_LIMIT] = {"limit", "more than the limits allow",
		       "see what that is: no registry needs so much",
		       REPORT_EXIT_UNREACHED},
	[ERR_TIMEOUT] = {"timeout", "no answer in time",
			 "see what it waited for; --timeout gives it longer",
			 REPORT_EXIT_UNREACHED},
	[ERR_PROBE] = {"probe", "the probe process failed",
		       "run again; if it stays, see its limits (ulimit -a; "
		       "--memory, --pids-limit), or report it as a bug",
		       REPORT_EXIT_UNREACHED},
	[ERR_SANDBOX] = {"sandbox", "the probe could not be confined",
			 "run it under Docker's default seccomp profile, and "
			 "without a limit on the size of files (ulimit -f)",
			 REPORT_EXIT_UNREACHED},
	[ERR_REFUSED] = {"mixed-chains", "REFUSED",
			 "have all servers behind the name present the same "
			 "chain, or pin the CA that they share",
			 REPORT_EXIT_REFUSED},
	[ERR_CLOCK] = {"clock", "this machine's clock is wrong",
		       "set the clock; no certificate can be judged before",
		       REPORT_EXIT_UNREACHED},
	[ERR_STOPPED] = {"stopped", "stopped by a signal", "run again",
			 REPORT_EXIT_UNREACHED},
	[ERR_MEMORY] = {"memory", "out of memory",
			"give it more: --memory 32m is enough in a container; "
			"outside see ulimit -v, -d and -s",
			REPORT_EXIT_UNREACHED},
	[ERR_STORE] = {"store", "certs.d could not be written or read",
		       "mend what is named above and run again",
		       REPORT_EXIT_STORE},
};

/* see report.h; of ERR_STORE there are as many as commands against it. */
const char *report_failure_word(const struct failure *f)
{
	static const char *const words[CAUSE_COUNT_] = {
		[CAUSE_OTHER] = "store",
		[CAUSE_NOT_MOUNTED] = "not-mounted",
		[CAUSE_ROOT_IN_WAY] = "root-in-way",
		[CAUSE_READ_ONLY] = "read-only",
		[CAUSE_FILE_IS_DIRECTORY] = "file-is-directory",
		[CAUSE_DIRECTORY_IS_FILE] = "directory-is-file",
		[CAUSE_LINK] = "link",
		[CAUSE_NO_FILE] = "no-file",
		[CAUSE_MOUNT] = "file-mounted",
		[CAUSE_DENIED] = "denied",
		[CAUSE_NOT_ROOT] = "not-root",
		[CAUSE_NOT_OWNER] = "not-owner",
		[CAUSE_USERNS] = "user-namespace",
		[CAUSE_COLON] = "no-colon",
		[CAUSE_QUOTA] = "quota",
		[CAUSE_FULL] = "full",
		[CAUSE_IMMUTABLE] = "immutable",
		[CAUSE_DESCRIPTORS] = "descriptors",
		[CAUSE_LIMIT] = "limit",
		[CAUSE_BUSY] = "busy",
		[CAUSE_CHANGED] = "changed-meanwhile",
	};

	return f->code == ERR_STORE && f->cause < CAUSE_COUNT_
		       ? words[f->cause]
		       : classes[f->code].word;
}

/* see report.h */
const char *report_failure_what(enum err code)
{
	return classes[code].what;
}

/* see report.h */
const char *report_failure_next(const struct failure *f)
{
	return *f->next ? f->next : classes[f->code].next;
}

/* see report.h */
enum report_exit report_failure_exit(const struct failure *f)
{
	return classes[f->code].exit;
}

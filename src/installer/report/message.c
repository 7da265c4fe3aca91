/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said besides the reports of registries; see report.h.
 */
#include <mbedtls/build_info.h>
#include <stdio.h>
#include <stdlib.h>

#include "installer/report/advice.h"
#include "installer/report/detail.h"
#include "installer/report/output.h"
#include "installer/report/quote.h"
#include "installer/report/refusal.h"
#include "installer/report/report.h"
#include "installer/report/terminal.h"

#ifndef DTR_VERSION
#define DTR_VERSION "unknown"
#endif
#ifndef MUSL_VERSION
#define MUSL_VERSION "none"
#endif

/* see report.h */
const char *report_version_word(void)
{
	return DTR_VERSION;
}

/* see report.h */
void report_idle_pin(const char *reference)
{
	struct output out;

	fprintf(output_begin(&out, true),
		"dtr-trust: warning: the pin for %s is for no registry of "
		"this run, at most for a token service of that name\n",
		reference);
	output_end(&out);
}

/* see report.h */
void report_notice(const struct failure *f)
{
	fprintf(stderr, "dtr-trust: warning: %s\n", f->detail);
}

/* As an object. What a report needs is large, and memory may be what is short:
 * false where it is. */
static bool tell_json(const struct failure *f, const struct options *o,
		      const char *certs_dir)
{
	struct outcome *none = calloc(1, sizeof(*none));
	const struct report r = {.state = REPORT_FAILED,
				 .options = o,
				 .certs_dir = certs_dir,
				 .failure = *f,
				 .outcome = none};
	struct output out;

	if (!none)
		return false;
	report_json(output_begin(&out, false), &r);
	output_end(&out);
	free(none);
	return true;
}

static enum report_exit tell(const struct failure *f, const struct options *o,
			     const char *certs_dir, const char *unchanged)
{
	struct output out;
	FILE *to;

	terminal_clear(o);
	if (o->json && tell_json(f, o, certs_dir))
		return report_failure_exit(f);
	to = output_begin(&out, true);
	fprintf(to, "dtr-trust: %s\n", f->detail);
	if (f->code != ERR_USAGE)
		detail_print(to, "unchanged", unchanged);
	advice_print(to, f, certs_dir, o, NULL);
	output_end(&out);
	return report_failure_exit(f);
}

/* see report.h */
enum report_exit report_failure(const struct failure *f,
				const struct options *o)
{
	return tell(f, o, options_certs_dir(o), "nothing was written");
}

/* see report.h */
enum report_exit report_failure_late(const struct failure *f,
				     const struct options *o,
				     const char *certs_dir)
{
	return tell(f, o, certs_dir, "all that is not reported above");
}

/* see report.h */
enum report_exit report_failure_of(const struct failure *f,
				   const struct options *o,
				   const char *certs_dir)
{
	return tell(f, o, certs_dir, "nothing was written there");
}

/* see report.h */
void report_version(void)
{
	printf("dtr-trust " DTR_VERSION " (mbedTLS " MBEDTLS_VERSION_STRING
	       ", musl %s)\n",
	       MUSL_VERSION);
}

/* see report.h */
void report_failure_detail(FILE *to, const struct report *r)
{
	const char *detail = r->failure.detail;

	if (r->is_probes)
		quote_print(to, "probe says", bytes_of(detail), "");
	else if (*detail)
		detail_print(to, "detail", detail);
}

/* see report.h */
void report_retry(const struct report *r)
{
	struct output out;
	FILE *to;

	terminal_clear(r->options);
	to = output_begin(&out, true);
	refusal_print_first(to, r,
			    r->state == REPORT_FAILED
				    ? report_failure_what(r->failure.code)
				    : report_sentence(r),
			    "; trying again");
	report_failure_detail(to, r);
	output_end(&out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/refusal.h"

#include <string.h>

#include "installer/report/chain.h"
#include "installer/report/command.h"
#include "installer/report/detail.h"
#include "installer/report/installed.h"
#include "installer/report/missed.h"
#include "installer/report/quote.h"
#include "installer/report/remedy.h"
#include "installer/report/terminal.h"

/* Whom R is about, up to the blank behind the colon. */
static int print_name(FILE *to, const struct report *r, bool is_error)
{
	int column = fprintf(to, "%s%s", is_error ? "dtr-trust: " : "",
			     r->registry->reference);

	if (r->service)
		column += fprintf(to, " (%s %s)",
				  r->is_redirect ? "its /v2/ leads to"
						 : "its token service",
				  r->service->reference);
	if (r->options->certs_dir_count > 1 && r->state != REPORT_SHOWN)
		column += fprintf(to, " in %s", r->certs_dir);
	return column + fprintf(to, ": ");
}

/* Print TEXT from *COLUMN on, a blank before each word but the first or a new
 * line where it would not fit. */
static void print_words(FILE *to, const char *text, int *column)
{
	for (const char *word = text; *word; word += strspn(word, " ")) {
		int len = (int)strcspn(word, " ");

		if (word != text && *column + 1 + len > QUOTE_COLUMNS)
			*column = fprintf(to, "\n%*s", QUOTE_INDENT, "") - 1;
		else if (word != text)
			*column += fprintf(to, " ");
		*column += fprintf(to, "%.*s", len, word);
		word += len;
	}
}

/* see refusal.h */
void refusal_print_first(FILE *to, const struct report *r, const char *sentence,
			 const char *rest)
{
	bool is_error = report_exit_of(r) != REPORT_EXIT_TRUSTED;
	int column = print_name(to, r, is_error);

	terminal_bold(to, is_error, r->options);
	print_words(to, sentence, &column);
	terminal_plain(to, is_error, r->options);
	/* It begins with a colon or a semicolon, which needs no blank. */
	print_words(to, rest, &column);
	fprintf(to, "\n");
}

/* The certificates of R that have FLAG, as pins; how many. */
static size_t collect(const struct report *r, unsigned flag,
		      struct bytes pins[static CHAIN_CERTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0;
	     i < r->outcome->cert_count && count < CHAIN_CERTS_MAX; i++)
		if (r->outcome->certs[i].flags & flag)
			pins[count++] = r->outcome->certs[i].der;
	return count;
}

/* see refusal.h; with pins, the registry's own needs one too. Where none of it
 * is installed, that of its service is for the service alone. */
void refusal_print_command(FILE *to, const struct report *r, unsigned flag)
{
	struct bytes pins[CHAIN_CERTS_MAX];
	char option[REGISTRY_CHARS_MAX + 8];
	unsigned named = r->service ? flag | WIRE_CERT_INSTALLED : flag;
	struct command c = {
		.options = r->options,
		.certs_dir = r->state == REPORT_SHOWN ? NULL : r->certs_dir,
		.sees_host_pool = r->outcome->flags & OUTCOME_HOST_POOL,
		.reference = r->registry->reference,
		.pin_option = "--pin ",
		.ca_file = r->options->ca_file,
		.pin_count = r->options->ca_file ? 0 : collect(r, named, pins),
		.pins = pins};

	if (r->service && !wire_lists(r->outcome, WIRE_CERT_INSTALLED)) {
		snprintf(option, sizeof(option),
			 "--pin %s=", r->service->reference);
		c.pin_option = option;
	}
	command_print(to, &c);
}

/* see refusal.h */
void refusal_print_elsewhere(FILE *to, const struct report *r)
{
	detail_print(to, "elsewhere",
		     "install the same with this pin on every other node:");
	refusal_print_command(to, r, WIRE_CERT_ANCHOR);
}

/* As plain as OpenSSH says that a host key has changed. */
static void print_changed(FILE *to, const struct report *r)
{
	chain_print(to, "trusted", r->outcome, WIRE_CERT_INSTALLED);
	chain_print(to, "offered", r->outcome, WIRE_CERT_ANCHOR);
	chain_print_connection(to, r->outcome);
	detail_print(to, "unchanged",
		     r->verdict.code == VERDICT_UNCHECKED
			     ? "nothing was written"
			     : "nothing was written; what is installed does "
			       "not hold for this server");
	detail_print(
		to, "next",
		"the registry may have a new CA or certificate, or another "
		"machine may be answering in its place. Ask its "
		"administrator for the fingerprint. If it is the one "
		"offered, accept it beside the old one:");
	refusal_print_command(to, r, WIRE_CERT_ANCHOR);
	detail_print(to, "or",
		     "without the old one, where dtr-trust wrote that: the "
		     "same with --on-change replace. Without a pin, "
		     "--on-change add or replace accepts whoever answers");
}

/* see refusal.h */
void refusal_print_verdict(FILE *to, const struct report *r)
{
	const struct wire_verdict *v = &r->verdict;
	const struct remedy *remedy = remedy_find(v->code, v->remark);
	const char *whom = refusal_whom(r);
	char words[SENTENCE_CHARS_MAX], text[SENTENCE_CHARS_MAX];

	if (wire_refuses(v)) {
		quote_print(to,
			    report_is_of_others(r) ? "they say" : "docker says",
			    v->text, "");
		remedy_write(remedy->cause, whom, words);
		detail_print(to, "cause", words);
		snprintf(text, sizeof(text), "%s (For %s.)", remedy->action,
			 remedy_actor_name(remedy->actor));
		remedy_write(text, whom, words);
		detail_print(to, "remedy", words);
	}
	quote_print(to, "others", v->others, "");
}

/* see refusal.h */
void refusal_print_unproven(FILE *to)
{
	detail_print(to, "cause",
		     "its handshake does not show that it holds the key of the "
		     "certificate that it presents: Docker refuses such a "
		     "server, and so may somebody answer who has copied the "
		     "chain");
	detail_print(to, "next",
		     "see who answers there; --ca-file installs a CA ahead of "
		     "its server");
}

/* --check of what --prune would remove. */
static void print_unlisted(FILE *to, const struct report *r)
{
	const struct command remove = {.options = r->options,
				       .certs_dir = r->certs_dir,
				       .option = "--remove",
				       .reference = r->registry->reference};

	installed_print_file(to, r, false);
	detail_print(to, "unchanged", "nothing was removed");
	detail_print(to, "next",
		     "name it in the list, or let the next run without --check "
		     "remove it; to remove it now:");
	command_print(to, &remove);
}

/* Nothing is installed for want of a pin: that Docker knows no CA says no more.
 */
static bool is_told_already(const struct report *r)
{
	return r->state == REPORT_REFUSED_NO_PIN &&
	       r->verdict.code == VERDICT_UNKNOWN_AUTHORITY;
}

static void print_look(FILE *to, const struct report *r)
{
	const struct registry *whom = r->service ? r->service : r->registry;
	const struct command look = {.options = r->options,
				     .certs_dir = r->certs_dir,
				     .option = "--show",
				     .reference = whom->reference};

	/* --show offers to install for the host that it is asked of. */
	detail_print(to, "next",
		     r->service ? "see what that host sends; a pin of its CA "
				  "goes into a run for the registry, as --pin "
				  "HOST=sha256:...:"
				: "see what the server sends, with the line to "
				  "pin it:");
	command_print(to, &look);
}

/* see refusal.h; where others are pinned, nothing is offered. */
void refusal_print_offer(FILE *to, const struct report *r)
{
	if (!wire_lists(r->outcome, WIRE_CERT_ANCHOR)) {
		print_look(to, r);
		return;
	}
	detail_print(to, "next",
		     "compare the fingerprint with the registry's "
		     "administrator; if it is right:");
	refusal_print_command(to, r, WIRE_CERT_ANCHOR);
}

/* see refusal.h */
void refusal_print(FILE *to, const struct report *r)
{
	refusal_print_first(to, r, report_sentence(r), "");
	if (r->state == REPORT_UNLISTED) {
		print_unlisted(to, r);
		return;
	}
	if (r->state == REPORT_REFUSED_CHANGED || r->state == REPORT_CHANGED) {
		print_changed(to, r);
		return;
	}
	chain_print(to, "offered", r->outcome, WIRE_CERT_SENT);
	chain_print_connection(to, r->outcome);
	if (r->state == REPORT_REFUSED_VOUCH)
		missed_print(to, r);
	else if (r->is_unproven)
		refusal_print_unproven(to);
	else if (wire_refuses(&r->verdict) && !is_told_already(r))
		refusal_print_verdict(to, r);
	detail_print(to, "unchanged", refusal_unwritten(r));
	if (r->state == REPORT_REFUSED_VOUCH)
		print_look(to, r);
	if (r->state == REPORT_REFUSED_NO_PIN)
		refusal_print_offer(to, r);
}

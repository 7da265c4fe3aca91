/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of consumers in words. Installer only; no printing.
 */
#ifndef INSTALLER_POLICY_CONSUMER_WORDS_H
#define INSTALLER_POLICY_CONSUMER_WORDS_H

#include "installer/policy/consumers.h"

/* A stable word for programs, and the name for people. */
const char *consumer_word(enum consumer consumer);
const char *consumer_label(enum consumer consumer);

/* What a reason means: a stable word; the cause, the remedy (may be empty: no
 * remedy, or the one of the verdict), and who can do it (may be empty). */
struct consumer_words {
	const char *word;
	const char *error; /* Docker's own words, where they are fixed; or "" */
	const char *cause;
	const char *remedy;
	const char *who;
};
const struct consumer_words *consumer_explain(enum consumer_reason reason);

const char *consumer_answer_word(enum consumer_answer answer);

#endif

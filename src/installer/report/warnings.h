/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a report warns of beside how the registry's turn ended: bits of its
 * warnings. Pure.
 */
#ifndef INSTALLER_REPORT_WARNINGS_H
#define INSTALLER_REPORT_WARNINGS_H

#include <stddef.h>

#include "installer/certs_d/store.h"

struct report;

/* What deserves a warning. */
enum report_warning {
	REPORT_WARN_FIRST_USE = 1 << 0,
	REPORT_WARN_LEAF = 1 << 1,
	REPORT_WARN_LOOPBACK = 1 << 2,
	REPORT_WARN_HUB_PATH = 1 << 3,
	REPORT_WARN_CLIENT_CERT = 1 << 4,
	REPORT_WARN_NO_LANDLOCK = 1 << 5,
	REPORT_WARN_TOKEN_SERVICE = 1 << 6,
	REPORT_WARN_HOSTS_TOML = 1 << 7,
	REPORT_WARN_PORT_ALIAS = 1 << 8,
	REPORT_WARN_DEFAULT = 1 << 9,
	REPORT_WARN_LONE_CERT = 1 << 10,
	REPORT_WARN_LONE_KEY = 1 << 11,
	REPORT_WARN_UNREAD_CRT = 1 << 12,
	REPORT_WARN_OTHER_CRT = 1 << 13,
	REPORT_WARN_KEY_LEFT_OUT = 1 << 14,
	REPORT_WARN_EXPIRY = 1 << 15,
	REPORT_WARN_CONTAINERS = 1 << 16,
	REPORT_WARN_DIRECTORY_ALONE = 1 << 17,
	REPORT_WARN_NO_CLASSIC_SUITE = 1 << 18,
	REPORT_WARN_VOID_CRT = 1 << 19,
	REPORT_WARN_PROXY = 1 << 20,
	REPORT_WARN_INSECURE = 1 << 21,
	REPORT_WARN_MIRROR = 1 << 22,
	REPORT_WARN_PUBLIC = 1 << 23,
	REPORT_WARN_LARGE_CRT = 1 << 24,
	REPORT_WARN_DENIED_CRT = 1 << 25,
	REPORT_WARN_ENDING = 1 << 26,
	REPORT_WARN_SPELLING = 1 << 27,
	REPORT_WARN_NO_DIRECTORY = 1 << 28,
	REPORT_WARN_UNLOCKED = 1 << 29,
	REPORT_WARN_UNSYNCED = 1 << 30,
	REPORT_WARN_END_, /* behind the last, so that they count themselves */
	REPORT_WARNINGS_MAX = __builtin_ctz(REPORT_WARN_END_ - 1) + 1
};

/* Those that are about what was written, and no state of things. */
#define REPORT_OF_WRITE                                                        \
	(REPORT_WARN_FIRST_USE | REPORT_WARN_UNLOCKED | REPORT_WARN_UNSYNCED)

/* Those that keep Docker from using what is installed: every docker login; and
 * with those that may keep containerd's loader from it. */
#define REPORT_STOPS (REPORT_WARN_LONE_CERT | REPORT_WARN_LONE_KEY)
#define REPORT_SHADOWS                                                         \
	(REPORT_STOPS | REPORT_WARN_HOSTS_TOML | REPORT_WARN_PORT_ALIAS)

/* The warnings that follow from SURVEY. */
unsigned report_survey_warnings(const struct survey *survey);

/* The warnings that follow from how DONE was written. */
unsigned report_store_warnings(const struct store_result *done);

/* The file that R's warning 1 << INDEX is about, escaped for printing; NULL
 * where it is about none. */
const char *report_warning_file(const struct report *r, size_t index);

/* R's warnings, with those that follow from how it was got. */
unsigned report_warnings_of(const struct report *r);

/* The word and the sentence of the warning 1 << INDEX, below
 * REPORT_WARNINGS_MAX; NULL where there is none. */
const char *report_warning_word(size_t index);
const char *report_warning_sentence(size_t index);

#endif

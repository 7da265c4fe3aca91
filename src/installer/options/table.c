/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of options: flag, variable, argument, help, kind. A new option is
 * a row here and, if it is of a new kind, a case in options.c.
 */
#include "installer/options/table.h"

#include <string.h>

#include "installer/options/options.h"

#define FIELD(name) offsetof(struct options, name)

/* see table.h */
const struct option options_table[] = {
	{"--pin", "DTR_PIN", "PIN",
	 "sha256:HEX of a certificate the chain must lead to, or\n"
	 "REGISTRY=sha256:HEX; several by space or comma",
	 KIND_PINS, 0, 0},
	{"--require-pin", "DTR_REQUIRE_PIN", NULL,
	 "refuse a registry that no pin and no CA file speaks for", KIND_SWITCH,
	 FIELD(require_pin), 0},
	{"--ca-file", "DTR_CA_FILE", "FILE",
	 "install the certificates of this file (PEM or DER; - is\n"
	 "standard input); the registry only shows if they fit",
	 KIND_FILE, FIELD(ca_file), 0},
	{"--offline", "DTR_OFFLINE", NULL,
	 "with --ca-file: install without asking the registry", KIND_SWITCH,
	 FIELD(offline), 0},
	{"--registries", "DTR_REGISTRIES", "FILE",
	 "registries and their pins, one a line: host[:port]\n"
	 "[sha256:HEX]... [# comment]; - is standard input",
	 KIND_FILE, FIELD(registries_file), 0},
	{"--on-change", "DTR_ON_CHANGE", "ACTION",
	 "server does not verify under what is installed: refuse\n"
	 "(default), add (the old stays until it expires), replace",
	 KIND_ON_CHANGE, 0, 0},
	{"--trust-token-host", "DTR_TRUST_TOKEN_HOST", NULL,
	 "also install the CA of the token service that it names", KIND_SWITCH,
	 FIELD(trust_token_host), 0},
	{"--all-addresses", "DTR_ALL_ADDRESSES", NULL,
	 "ask every address of it; refuse if their chains differ", KIND_SWITCH,
	 FIELD(all_addresses), 0},
	{"--check", NULL, NULL,
	 "write nothing; say if Docker trusts the registry now", KIND_MODE, 0,
	 OPTIONS_CHECK},
	{"--show", NULL, NULL,
	 "write nothing; print the chain and the line to pin it", KIND_MODE, 0,
	 OPTIONS_SHOW},
	{"--remove", NULL, NULL,
	 "remove what dtr-trust installed for it, nothing else", KIND_MODE, 0,
	 OPTIONS_REMOVE},
	{"--expiry", "DTR_EXPIRY", "TIME",
	 "--check warns this long before an end (default 30d)", KIND_DURATION,
	 FIELD(expiry_ms), EXPIRY_MAX_MS},
	{"--timeout", "DTR_TIMEOUT", "TIME",
	 "deadline of one attempt, DNS to last byte (default 20s)",
	 KIND_DURATION, FIELD(timeout_ms), TIMEOUT_MAX_MS},
	{"--wait", "DTR_WAIT", "TIME",
	 "keep trying an unreached registry this long (default 0)",
	 KIND_DURATION, FIELD(wait_ms), STAY_MAX_MS},
	{"--every", "DTR_EVERY", "TIME",
	 "stay and repeat; SIGHUP repeats at once, SIGTERM ends it",
	 KIND_DURATION, FIELD(every_ms), STAY_MAX_MS},
	{"--splay", "DTR_SPLAY", "TIME",
	 "with --every: add up to this much by chance each time", KIND_DURATION,
	 FIELD(splay_ms), STAY_MAX_MS},
	{"--docker", "DTR_DOCKER_VERSION", "RELEASE",
	 "judge as this Docker, 20.10 or newer (default: newest\n"
	 "known); it says where others differ",
	 KIND_RELEASE, FIELD(docker), 0},
	{"--json", "DTR_OUTPUT", NULL,
	 "a JSON object a line for each registry (DTR_OUTPUT=json)",
	 KIND_OUTPUT, 0, 0},
	{"--certs-dir", "DTR_CERTS_DIR", "DIR",
	 "where Docker looks (default " OPTIONS_CERTS_DIR_DEFAULT ")",
	 KIND_CERTS_DIR, 0, 0},
	{"--help", NULL, NULL, "this text", KIND_MODE, 0, OPTIONS_HELP},
	{"--version", NULL, NULL, "versions of all that is linked in",
	 KIND_MODE, 0, OPTIONS_VERSION},
	{.flag = NULL},
};

/* see table.h */
const struct option *table_find(const char *text, size_t len)
{
	for (const struct option *o = options_table; o->flag; o++)
		if (strlen(o->flag) == len && !memcmp(o->flag, text, len))
			return o;
	return NULL;
}

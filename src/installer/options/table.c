/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of options: flag, variable, argument, help, kind. A new option is
 * a row here and, if it is of a new kind, a case in setting.c.
 */
#include "installer/options/table.h"

#include <string.h>

#include "installer/options/options.h"

#define FIELD(name) offsetof(struct options, name)

/* see table.h */
const struct option options_table[] = {
	{"--pin", "DTR_PIN", "PIN",
	 "[REGISTRY=]sha256:HEX of the CA (or of the leaf)", KIND_PINS, 0, 0},
	{"--require-pin", "DTR_REQUIRE_PIN", NULL,
	 "refuse what no pin and no CA file speaks for", KIND_SWITCH,
	 FIELD(require_pin), 0},
	{"--ca-file", "DTR_CA_FILE", "FILE", NULL, KIND_FILE, FIELD(ca_file),
	 0},
	{"--offline", "DTR_OFFLINE", NULL,
	 "install this PEM (- is stdin); without asking", KIND_SWITCH,
	 FIELD(offline), 0},
	{"--registries", "DTR_REGISTRIES", "FILE", NULL, KIND_FILE,
	 FIELD(registries_file), 0},
	{"--prune", "DTR_PRUNE", NULL,
	 "by line, host[:port] [sha256:HEX]...; drop others", KIND_SWITCH,
	 FIELD(prune), 0},
	{"--on-change", "DTR_ON_CHANGE", "ACTION",
	 "to a new CA: refuse (default), add, replace", KIND_ON_CHANGE, 0, 0},
	{"--trust-token-host", "DTR_TRUST_TOKEN_HOST", NULL,
	 "install the CA of its token service as well", KIND_SWITCH,
	 FIELD(trust_token_host), 0},
	{"--all-addresses", "DTR_ALL_ADDRESSES", NULL,
	 "ask each of its addresses; refuse a mixture", KIND_SWITCH,
	 FIELD(all_addresses), 0},
	{"--check", NULL, NULL, "write nothing; does Docker trust it now?",
	 KIND_MODE, 0, OPTIONS_CHECK},
	{"--show", NULL, NULL,
	 "write nothing; the chain, and the line to pin it", KIND_MODE, 0,
	 OPTIONS_SHOW},
	{"--remove", NULL, NULL, "remove what dtr-trust wrote, nothing else",
	 KIND_MODE, 0, OPTIONS_REMOVE},
	{"--expiry", "DTR_EXPIRY", "TIME",
	 "warn this long before a certificate ends (30d)", KIND_DURATION,
	 FIELD(expiry_ms), EXPIRY_MAX_MS},
	{"--timeout", "DTR_TIMEOUT", "TIME", NULL, KIND_DURATION,
	 FIELD(timeout_ms), TIMEOUT_MAX_MS},
	{"--wait", "DTR_WAIT", "TIME", "for one try (20s); to go on trying (0)",
	 KIND_DURATION, FIELD(wait_ms), STAY_MAX_MS},
	{"--every", "DTR_EVERY", "TIME", NULL, KIND_DURATION, FIELD(every_ms),
	 STAY_MAX_MS},
	{"--splay", "DTR_SPLAY", "TIME",
	 "stay and repeat; later by up to so much", KIND_DURATION,
	 FIELD(splay_ms), STAY_MAX_MS},
	{"--docker", "DTR_DOCKER_VERSION", "RELEASE", NULL, KIND_RELEASE,
	 FIELD(docker), 0},
	{"--docker-store", "DTR_DOCKER_STORE", "STORE",
	 "(newest); classic or containerd", KIND_STORE, 0, 0},
	{"--json", "DTR_OUTPUT", NULL, NULL, KIND_OUTPUT, 0, 0},
	{"--quiet", "DTR_QUIET", NULL,
	 "an object a line; only what changed or is wrong", KIND_SWITCH,
	 FIELD(quiet), 0},
	{"--certs-dir", "DTR_CERTS_DIR", "DIR",
	 "default " OPTIONS_CERTS_DIR_DEFAULT "; several: repeat it",
	 KIND_CERTS_DIR, 0, 0},
	{"--help", NULL, NULL, NULL, KIND_MODE, 0, OPTIONS_HELP},
	{"--version", NULL, NULL, "this text; what is linked in", KIND_MODE, 0,
	 OPTIONS_VERSION},
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

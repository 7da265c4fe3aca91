/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operator asked for: command line and variables, a flag before its
 * variable. Installer only. Touches no file and no network; all that the
 * environment says is read here and nowhere else.
 */
#ifndef INSTALLER_OPTIONS_OPTIONS_H
#define INSTALLER_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/pin.h"
#include "common/registry.h"
#include "installer/policy/consumers.h"
#include "installer/policy/policy.h"

/* Where Docker looks. */
#define OPTIONS_CERTS_DIR_DEFAULT "/etc/docker/certs.d"

enum options_mode {
	OPTIONS_TRUST, /* the main job */
	OPTIONS_CHECK,
	OPTIONS_SHOW,
	OPTIONS_REMOVE,
	OPTIONS_HELP,
	OPTIONS_VERSION
};

/* What was passed over and should not go unsaid; one sentence each. */
struct notices {
	size_t count;
	struct failure list[NOTICES_MAX];
};

/* The proxies are views of the environment. */
struct options {
	enum options_mode mode;
	struct registry *registries; /* each once, in the order given */
	size_t registry_count;
	size_t named_registry_count; /* of them, those not from a file */
	char *registries_file;	     /* a path, "-", or NULL */
	bool prune; /* remove what is written for other registries */
	struct pin *pins;
	size_t pin_count, pin_room;
	size_t named_pin_count; /* of them, those not from a file */
	bool require_pin;
	char *ca_file; /* a path, "-" for standard input, or NULL */
	bool offline;
	bool trust_token_host;
	bool all_addresses;
	enum policy_on_change on_change;
	int64_t timeout_ms;
	int64_t wait_ms;   /* to keep trying an unreached registry */
	int64_t every_ms;  /* to stay and repeat; 0: run once */
	int64_t splay_ms;  /* the most that is added to every_ms by chance */
	int64_t expiry_ms; /* to warn this long before an end */
	char *docker;	   /* a release such as "29.7", or NULL */
	enum consumer_store docker_store;
	bool json;
	/* At least one; each once, without a final slash. */
	char *certs_dirs[CERTS_DIRS_MAX];
	size_t certs_dir_count;
	const char *https_proxy; /* or NULL */
	const char *no_proxy;	 /* or NULL */
	bool in_image; /* the variable `container` is that of our image */
	bool no_color; /* NO_COLOR is set, or TERM is dumb */
	bool quiet;    /* say only what changed or is wrong */
	struct notices notices;
};

/*
 * Read ARGV (ARGC strings, the first is the program) and the environment into
 * OUT. ERR_USAGE with one sentence for the operator when anything in either is
 * not understood, options contradict each other, or no registry is named; a
 * variable that only looks like one of ours is a notice, where it may be a
 * misspelt DTR_PIN or DTR_REQUIRE_PIN an error. ERR_MEMORY. The file of
 * --registries is not read here. OUT must be freed with options_free in either
 * case; its `json` is what was asked for, also where the rest is not
 * understood.
 */
MUST_CHECK enum err options_parse(int argc, char *const argv[],
				  struct options *out, struct failure *f);

/* Is nobody asked, and nothing written (--check --offline)? */
bool options_looks_only(const struct options *o);

/* Is it text that was asked for, and no registry? */
bool options_shows_text(const struct options *o);

/* Free what OUT owns. */
void options_free(struct options *out);

/* The pins that speak for REGISTRY: their count, the pins themselves in OUT; at
 * most PINS_ALL_MAX and PINS_ONE_MAX. */
size_t options_pins_for(const struct options *o,
			const struct registry *registry,
			struct fingerprint out[static PINS_MAX]);

/* Does a pin speak for REFERENCE alone? */
bool options_names(const struct options *o, struct bytes reference);

/* The first certs.d, which stands for all where no single one is meant. */
const char *options_certs_dir(const struct options *o);

/* Print the usage text, made from the table of options, to standard output. */
void options_print_help(void);

#endif

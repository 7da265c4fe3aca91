/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What certs.d holds for one registry before anything is done: the bytes of
 * each .crt that Docker reads, and whatever else in there changes what Docker
 * does. Installer only. Reads; never writes, never looks into the bytes.
 */
#ifndef INSTALLER_SURVEY_H
#define INSTALLER_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/registry.h"

/* The file that dtr-trust writes. */
#define SURVEY_CA_FILE "ca.crt"

/* Where the writer prepares a new file, and a new directory with its file.
 * Fixed names, so that whoever holds the lock knows that what is there is
 * litter of a killed run. Neither ends in .crt, .cert or .key, which Docker
 * reads, and neither can be a registry. */
#define SURVEY_NEW_FILE	     ".dtr-trust.new"
#define SURVEY_NEW_DIRECTORY ".dtr-trust.new.d"

/* What is moved out of the way; read by nobody either. */
#define SURVEY_ASIDE_FORMAT "ca.crt.aside-%d"

#define SURVEY_NAME_BYTES 256

/* Other people's files that change what a consumer does with ours. */
enum survey_shadow {
	SURVEY_HOSTS_TOML = 1 << 0, /* containerd's loader: no .crt is read */
	SURVEY_PORT_ALIAS = 1 << 1, /* host_port_/ is read instead of ours */
	SURVEY_DEFAULT = 1 << 2,    /* _default/ is hidden by our directory */
	SURVEY_LONE_CERT = 1 << 3,  /* x.cert without x.key: Docker stops */
	SURVEY_LONE_KEY = 1 << 4,   /* x.key without x.cert: Docker stops */
	SURVEY_UNREAD_CRT = 1 << 5, /* a .crt that is no readable file */
	SURVEY_CONTAINERS = 1 << 6, /* Podman has a directory of its own */
};

struct survey_file {
	char name[SURVEY_NAME_BYTES];
	struct bytes content;
};

/*
 * Content views point into the struct itself: do not copy it. It is large
 * (CRT_TOTAL_BYTES); pages that are not used are never touched.
 */
struct survey {
	bool exists; /* the registry has a directory */
	bool litter; /* a killed run left something under the names above */
	bool shared; /* the directory holds more than ca.crt */
	unsigned shadows;
	size_t file_count;
	struct survey_file files[CRT_FILES_MAX]; /* sorted, as Docker reads */
	size_t used;
	/* One more than may be used: a full file is not one that goes on. */
	uint8_t storage[CRT_TOTAL_BYTES + 1];
};

/*
 * Survey the directory of REGISTRY below ROOT, an open certs.d (-1: nothing is
 * looked at and the survey is empty). A directory
 * that does not exist gives an empty survey. ERR_STORE when it cannot be read
 * to the end: a symbolic link in its place or in that of ca.crt, a ca.crt that
 * is no regular file, more than CRT_FILES_MAX files or CRT_BYTES_MAX bytes.
 */
MUST_CHECK enum err survey_take(int root, const struct registry *registry,
				struct survey *out, struct failure *f);

/* The content of the .crt called NAME, or an empty view. */
struct bytes survey_find(const struct survey *s, const char *name);

/* True when both surveys saw the same .crt files with the same bytes. */
bool survey_equal(const struct survey *a, const struct survey *b);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What certs.d holds for one registry before anything is done: the bytes of
 * each .crt that Docker reads, and whatever else in there changes what Docker
 * does. Installer only. Reads; never writes, never looks into the bytes.
 */
#ifndef INSTALLER_CERTS_D_SURVEY_H
#define INSTALLER_CERTS_D_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/registry.h"
#include "installer/certs_d/cause.h"

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
/* Where Podman, Buildah, Skopeo and CRI-O look first. */
#define SURVEY_CONTAINERS_DIR "/etc/containers/certs.d"

/* What else is there and changes what a consumer does with ours. */
enum survey_shadow {
	/* It is not empty: containerd's loader reads it. */
	SURVEY_HOSTS_TOML = 1 << 0,
	SURVEY_PORT_ALIAS = 1 << 1, /* host_port_/ is read instead of ours */
	SURVEY_DEFAULT = 1 << 2,    /* _default/ is hidden by our directory */
	SURVEY_LONE_CERT = 1 << 3,  /* x.cert without x.key: Docker stops */
	SURVEY_LONE_KEY = 1 << 4,   /* x.key without x.cert: Docker stops */
	/* A .crt that cannot be read, a link in circles: all consumers stop. */
	SURVEY_UNREAD_CRT = 1 << 5,
	SURVEY_CONTAINERS = 1 << 6, /* Podman has a directory of its own */
	/* A .crt is a link to nothing that can be seen from here: Docker stops
	 * if it sees nothing either, containers/image goes on. */
	SURVEY_DANGLING_CRT = 1 << 7,
	/* A .crt is larger than CRT_BYTES_MAX, or all are than CRT_TOTAL_BYTES:
	 * consumers read it, and we do not know what is in it. */
	SURVEY_LARGE_CRT = 1 << 8,
	SURVEY_LINK = 1 << 9, /* the directory or a .crt is one; followed */
	/* A .pem or .cer: looks like a CA, and no consumer reads it. */
	SURVEY_UNREAD_ENDING = 1 << 10,
	SURVEY_OLD_TOOL = 1 << 11, /* <host>.crt, as nicolaka/dtr-trust wrote */
	/* host beside host:443: another directory of the same registry. */
	SURVEY_OTHER_SPELLING = 1 << 12,
	/* Something else in the place of the directory: Docker stops. */
	SURVEY_NO_DIRECTORY = 1 << 13,
	/* A .crt that this user may not read; Docker's may. */
	SURVEY_DENIED_CRT = 1 << 14,
	/* A directory that is called x.crt: all stop but containerd's loader.
	 */
	SURVEY_FOLDER_CRT = 1 << 15,
	SURVEY_SHADOW_END_, /* behind the last, so that they count themselves */
	SURVEY_SHADOW_COUNT_ = __builtin_ctz(SURVEY_SHADOW_END_ - 1) + 1
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
	/* Something is there under the names above, or a lock: a killed run has
	 * left it, or another one is writing */
	bool litter;
	bool shared;	  /* the directory holds more than ca.crt */
	bool has_pair;	  /* x.cert and x.key, neither of them opened */
	unsigned shadows; /* of enum survey_shadow */
	/* For each of them the first name, escaped for printing; or empty. */
	char shadow_names[SURVEY_SHADOW_COUNT_][SURVEY_NAME_BYTES];
	/* Why ca.crt can be read, but not written: CAUSE_LINK, _NO_FILE,
	 * _FILE_IS_DIRECTORY, _DIRECTORY_IS_FILE; or CAUSE_OTHER. */
	enum cause blocked;
	const char *blocked_name; /* SURVEY_CA_FILE; "": the directory */
	size_t file_count;
	struct survey_file files[CRT_FILES_MAX]; /* sorted, as Docker reads */
	size_t used;
	/* One more than may be used: a full file is not one that goes on. */
	uint8_t storage[CRT_TOTAL_BYTES + 1];
};

/*
 * Survey the directory of REGISTRY below ROOT, an open certs.d (-1: nothing is
 * looked at and the survey is empty). A directory that does not exist gives an
 * empty survey. Symbolic links are followed, as the consumers follow them; what
 * is no regular file is not opened.
 *
 * ERR_STORE, with failure.cause, when what is there cannot be told: the
 * directory or ca.crt cannot be read, ca.crt is larger than CRT_BYTES_MAX, or
 * there are more than CRT_FILES_MAX files.
 */
MUST_CHECK enum err survey_take(int root, const struct registry *registry,
				struct survey *out, struct failure *f);

/* ERR_STORE with S->blocked in words, where that is a cause; a link is not
 * written through, and what is no file is not replaced. */
MUST_CHECK enum err survey_check_writable(const struct survey *s,
					  const struct registry *registry,
					  struct failure *f);

/* The content of the .crt called NAME, or an empty view. */
struct bytes survey_find(const struct survey *s, const char *name);

/* The name of SHADOW, see shadow_names. */
const char *survey_shadow_name(const struct survey *s,
			       enum survey_shadow shadow);

/* True when both surveys saw the same .crt files with the same bytes, and the
 * same in the way. */
bool survey_equal(const struct survey *a, const struct survey *b);

#endif

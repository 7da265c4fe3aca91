/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/advice.h"

#include <stdbool.h>
#include <string.h>

#include "common/escape.h"
#include "installer/certs_d/cause.h"
#include "installer/report/command.h"
#include "installer/report/detail.h"

/* What to do outside the image, and in it where that is another. A letter in
 * braces stands for a path of this host, or of the container: {d} certs.d, {r}
 * the registry's directory, {f} its ca.crt, {p} what certs.d is in, {u} the one
 * of both that is there; and of the host, {h} certs.d and {g} what that is in.
 */
static const struct {
	const char *native;
	const char *image;
} causes[CAUSE_COUNT_] = {
	[CAUSE_OTHER] = {"look at it, and run again: ls -la {r}", NULL},
	[CAUSE_NOT_MOUNTED] =
		{"if that is the right path, make it: mkdir -p {d}",
		 "mount the host's directory: docker run -v {h}:{d} ...; where "
		 "it is not there yet, -v {g}:{p}"},
	[CAUSE_ROOT_IN_WAY] =
		{"of a link give what it leads to as --certs-dir, a file move "
		 "away: ls -ld {d}",
		 "mount the directory itself, not a file or a link to it: "
		 "ls -ld {d} on the host"},
	[CAUSE_READ_ONLY] =
		{"make the file system writable: mount -o remount,rw "
		 "$(findmnt -no TARGET -T {u})",
		 "mount it without :ro: docker run -v {h}:{d} ..."},
	[CAUSE_FILE_IS_DIRECTORY] =
		{"docker run -v makes such a directory of a file that is "
		 "missing; remove it: rmdir {f}",
		 "docker run -v makes such a directory of a file that is "
		 "missing; on the host: rmdir {f}"},
	[CAUSE_DIRECTORY_IS_FILE] =
		{"a file is where the directory belongs; move it away: mv {r} "
		 "{r}.old",
		 NULL},
	[CAUSE_LINK] = {"put what it leads to in the place of the link: ls -ld "
			"{r} {f}",
			NULL},
	[CAUSE_NO_FILE] = {"it is no file; remove it: rm {f}", NULL},
	[CAUSE_MOUNT] =
		{"a file is mounted over ca.crt, and cannot be replaced; "
		 "umount {f}",
		 "mount the directory, not the file: docker run -v {h}:{d} "
		 "..."},
	[CAUSE_DENIED] =
		{"see what denies it: ausearch -m avc -ts recent; ls -laZ {r}",
		 "with SELinux: docker run --security-opt label=disable ..."},
	[CAUSE_NOT_ROOT] = {"run it as root: sudo dtr-trust ...",
			    "run it as root: docker run --user 0 ..."},
	[CAUSE_NOT_OWNER] =
		{"give it all of root's capabilities, or run it as the owner: "
		 "stat -c %U {d}",
		 "run it as the owner: docker run --user $(stat -c %u:%g {h}) "
		 "..., or with --cap-add DAC_OVERRIDE"},
	[CAUSE_USERNS] =
		{"root of this user namespace is nobody there; run it outside",
		 "root of this container is nobody on the host: docker run "
		 "--userns=host ..."},
	[CAUSE_COLON] = {"the file system takes no colon in a name (a share of "
			 "Windows?); keep certs.d on a local one",
			 NULL},
	[CAUSE_QUOTA] = {"the quota of the owner is used up: quota -s; df -h "
			 "{u}",
			 NULL},
	[CAUSE_FULL] = {"make room, and run again: df -h {u}; df -i {u}", NULL},
	[CAUSE_IMMUTABLE] = {"see who made it so; then, on the host: chattr "
			     "-ia {u} {r} {f}",
			     NULL},
	[CAUSE_DESCRIPTORS] = {"let it open more files: ulimit -n 64, in a "
			       "container --ulimit nofile=64",
			       NULL},
	[CAUSE_LIMIT] = {"take out what the registry does not need: ls -la {r}",
			 NULL},
	[CAUSE_BUSY] =
		{"see which, and run again: fuser -v {d}/.dtr-trust.lock",
		 "see which on the host, and run again: fuser -v "
		 "{d}/.dtr-trust.lock"},
	[CAUSE_CHANGED] = {"somebody else changed it meanwhile; run again",
			   NULL},
};

static const char in_container[] = "(paths as the container names them) ";

static void append(char *out, size_t size, const char *text, size_t len)
{
	size_t used = strlen(out);

	if (used + len < size) {
		memcpy(out + used, text, len);
		out[used + len] = '\0';
	}
}

/* Would certs.d be made under the host's name for it, if what it is in were
 * mounted? What is in the root directory is mounted by itself. */
static bool is_made_inside(const char *certs_dir)
{
	const char *here = strrchr(certs_dir, '/');
	const char *host = strrchr(command_host_path(certs_dir), '/');

	return here && here != certs_dir && host && !strcmp(here, host);
}

/* The path that LETTER stands for, as a word for a shell. */
static void append_path(char *out, size_t size, char letter,
			const char *certs_dir, const struct registry *registry)
{
	bool is_host = letter == 'h' || letter == 'g';
	const char *dir = is_host ? command_host_path(certs_dir) : certs_dir;
	char path[PATH_BYTES_MAX + REGISTRY_CHARS_MAX + 16];
	char word[2 * sizeof(path)];
	int len = (int)strlen(dir);

	if ((letter == 'g' || letter == 'p') && is_made_inside(certs_dir))
		len = (int)(strrchr(dir, '/') - dir);
	len = snprintf(path, sizeof(path), "%.*s", len, dir);
	if (letter == 'u' && !registry && strrchr(dir + 1, '/'))
		path[strrchr(dir + 1, '/') - dir] = '\0';
	if (strchr("rf", letter) && registry)
		snprintf(path + len, sizeof(path) - (size_t)len, "/%s%s",
			 registry->reference,
			 letter == 'f' ? "/" SURVEY_CA_FILE : "");
	escape_shell(word, sizeof(word), path);
	append(out, size, word, strlen(word));
}

/* see advice.h */
void advice_write(char *out, size_t size, const struct failure *f,
		  const char *certs_dir, const struct options *o,
		  const struct registry *registry)
{
	const char *text = report_failure_next(f);

	out[0] = '\0';
	if (f->code == ERR_STORE && !*f->next && f->cause < CAUSE_COUNT_) {
		text = causes[f->cause].native;
		if (o->in_image && causes[f->cause].image)
			text = causes[f->cause].image;
		/* Whoever is on the host has to find it there. */
		if (o->in_image && strchr(text, '{') && !strstr(text, "{h}"))
			append(out, size, in_container,
			       sizeof(in_container) - 1);
	}
	while (*text) {
		size_t len = strcspn(text, "{");

		append(out, size, text, len);
		text += len;
		if (*text && text[1] && text[2] == '}') {
			append_path(out, size, text[1], certs_dir, registry);
			text += 3;
		} else if (*text) {
			append(out, size, text++, 1);
		}
	}
}

/* see advice.h */
void advice_print(FILE *to, const struct failure *f, const char *certs_dir,
		  const struct options *o, const struct registry *registry)
{
	char text[4 * FAILURE_CHARS_MAX];

	advice_write(text, sizeof(text), f, certs_dir, o, registry);
	detail_print(to, "next", text);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any file as --ca-file. What is kept of it has nothing but whole CERTIFICATE
 * blocks: to read it once more keeps all of it and finds no key, and a reader
 * of PEM finds no more blocks than were counted. A refusal is printable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/refused.h"
#include "installer/inputs/operator_file.h"
#include "probe/verdict/x509/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct operator_file first;
static struct operator_file second;
static uint8_t room[sizeof(first.storage)];

static enum err read_as_file(struct bytes content, struct operator_file *out,
			     struct failure *f)
{
	int fd = memfd_create("ca-file", MFD_CLOEXEC);
	char path[64];
	enum err err;

	if (fd < 0 ||
	    write(fd, content.data, content.len) != (ssize_t)content.len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = operator_file_read(path, false, 0, out, f);
	close(fd);
	return err;
}

static size_t count_blocks(struct bytes file)
{
	struct pem_search search = {.file = file};
	size_t used = 0, blocks = 0;
	struct bytes der;

	for (;
	     pem_next(&search, go_newest(), room + used, file.len - used, &der);
	     blocks++)
		used += der.len;
	return blocks;
}

static void check_kept(struct bytes all)
{
	struct failure f = {0};

	if (!first.content.len || first.content.data != first.storage ||
	    first.content.len > sizeof(first.storage))
		abort();
	if (!first.block_count) {
		if (!bytes_equal(first.content, all))
			abort();
		return;
	}
	if (count_blocks(first.content) > first.block_count)
		abort();
	/* It can have gained line ends and be too large by them. */
	if (first.content.len >= CRT_BYTES_MAX)
		return;
	if (read_as_file(first.content, &second, &f) != ERR_OK ||
	    second.has_key || second.block_count != first.block_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes all = {data, len};
	struct failure f = {0};

	if (read_as_file(all, &first, &f) == ERR_OK)
		check_kept(all);
	else
		check_refused(&f);
	return 0;
}

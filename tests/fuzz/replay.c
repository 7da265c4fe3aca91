/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives a fuzz target every file of the folders in argv, without a fuzzer:
 * what was found once stays fixed. Fails where a folder holds no file.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_BYTES_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t input[INPUT_BYTES_MAX];

static bool replay_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, input, sizeof(input));

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return false;
	LLVMFuzzerTestOneInput(input, (size_t)len);
	return true;
}

/* The number of files replayed, -1 where one could not be read. */
static int replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int files = 0;

	while (folder && files >= 0 && (entry = readdir(folder))) {
		if (entry->d_type != DT_REG)
			continue;
		if (!replay_file(dirfd(folder), entry->d_name))
			files = -1;
		else
			files++;
	}
	if (folder)
		closedir(folder);
	return files;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int files = replay_folder(argv[i]);

		printf("%s: %d files\n", argv[i], files);
		if (files <= 0)
			return 1;
	}
	return argc < 2;
}

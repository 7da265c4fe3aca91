/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program as it is shipped, for a user-mode emulator, which has no seccomp:
 * a filter is taken and not obeyed. All else, Landlock too, is as it is. So
 * whether the table of another machine lets its own calls through is not tried.
 * Nor does the kernel execute another machine's program: a probe is begun by
 * the file NAME.probe beside this one, which starts the emulator again.
 */
/* wrap: prctl execve */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "main.c"

int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);

int __wrap_prctl(int option, ...)
{
	unsigned long given[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		given[i] = va_arg(args, unsigned long);
	va_end(args);
	if (option == PR_SET_SECCOMP)
		return 0;
	return __real_prctl(option, given[0], given[1], given[2], given[3]);
}

int __real_execve(const char *path, char *const argv[], char *const env[]);
int __wrap_execve(const char *path, char *const argv[], char *const env[]);

int __wrap_execve(const char *path, char *const argv[], char *const env[])
{
	char starter[PATH_MAX];

	(void)path;
	if (snprintf(starter, sizeof(starter), "%s.probe",
		     (const char *)getauxval(AT_EXECFN)) >=
	    (int)sizeof(starter)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return __real_execve(starter, argv, env);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The usage text, made from the table of options.
 */
#include <stdio.h>
#include <string.h>

#include "installer/options/options.h"
#include "installer/options/table.h"

static void print_option(const struct option *o)
{
	char left[64];
	const char *line = o->help;

	snprintf(left, sizeof(left), "%s%s%s", o->flag, o->argument ? " " : "",
		 o->argument ? o->argument : "");
	while (*line) {
		int len = (int)strcspn(line, "\n");

		printf("  %-20s %.*s\n", left, len, line);
		left[0] = '\0';
		line += len + (line[len] == '\n');
	}
	if (o->variable)
		printf("  %-20s [%s]\n", "", o->variable);
}

/* see options.h */
void options_print_help(void)
{
	printf("usage: dtr-trust [OPTIONS] [REGISTRY...]\n\n"
	       "Make Docker trust a private registry: capture its certificate "
	       "chain, decide,\n"
	       "and write the anchor where Docker looks.\n\n"
	       "  %-20s %s\n  %-20s %s\n  %-20s %s\n",
	       "REGISTRY", "host, host:port, IPv4, [IPv6]:port or a pasted", "",
	       "https:// URL; several by comma or as arguments", "",
	       "[DTR_DOMAIN_NAME, several by space or comma]");
	for (const struct option *o = options_table; o->flag; o++)
		print_option(o);
	printf("\nA flag wins over its variable, which stands in brackets.\n"
	       "Exit: 0 trusted, 1 not reached, 2 usage, 3 refused by policy, "
	       "4 not written,\n5 installed but Docker will still refuse; the "
	       "highest of all registries.\n");
}

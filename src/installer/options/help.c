/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "installer/options/options.h"
#include "installer/options/table.h"

/* The column of the text behind the flags. */
#define TEXT_COLUMN 30

static int print_flag(const struct option *o, int column)
{
	return printf("%s%s%s%s", column ? ", " : "  ", o->flag,
		      o->argument ? " " : "", o->argument ? o->argument : "");
}

/* see options.h; 80 columns by 24 lines, a terminal's least. */
void options_print_help(void)
{
	int column = 0;

	printf("usage: dtr-trust [OPTION]... REGISTRY...\n"
	       "Make Docker trust a private registry, host[:port]: capture its "
	       "chain, decide,\nwrite the anchor where Docker looks.\n");
	for (const struct option *o = options_table; o->flag; o++) {
		column += print_flag(o, column);
		if (!o->help)
			continue;
		printf("%*s%s\n",
		       column < TEXT_COLUMN ? TEXT_COLUMN - column : 2, "",
		       o->help);
		column = 0;
	}
	printf("Variables: DTR_DOMAIN_NAME, DTR_PIN, DTR_CA_FILE and so on; "
	       "DTR_DOCKER_VERSION,\nDTR_OUTPUT=json. A flag wins over its "
	       "variable. Manual: man 8 dtr-trust\n"
	       "Exit: 0 trusted 1 not reached 2 usage 3 refused 4 not written "
	       "5 Docker refuses\n");
}

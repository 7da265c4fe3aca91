/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of options as lines for scripts/manual: flag, variable, argument,
 * and whether it is a switch for a variable, by tabs; - where there is none.
 */
#include <stdio.h>

#include "installer/options/table.h"

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

int main(void)
{
	for (const struct option *o = options_table; o->flag; o++)
		printf("%s\t%s\t%s\t%s\n", o->flag, or_none(o->variable),
		       or_none(o->argument),
		       o->kind == KIND_SWITCH ? "switch" : "-");
	return 0;
}

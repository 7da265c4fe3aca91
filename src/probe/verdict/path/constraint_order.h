/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of name constraints in the sorted sets of Go from 1.26 on, and
 * which holds which. Probe process. Pure.
 */
#ifndef VERDICT_CONSTRAINT_ORDER_H
#define VERDICT_CONSTRAINT_ORDER_H

#include "probe/verdict/path/constraint_name.h"

/* Below 0, 0 or above 0: constraint A of kind TAG against constraint B. */
int constraint_order(uint8_t tag, struct bytes a, struct bytes b,
		     struct go_release release);

/* The same of a constraint against a NAME: an address, or a domain. */
int constraint_order_name(uint8_t tag, struct bytes constraint,
			  struct bytes name, struct go_release release);

/* Is everything that meets constraint B met by constraint A as well? */
bool constraint_holds(uint8_t tag, struct bytes a, struct bytes b);

/* Does NAME, an address or a domain, meet CONSTRAINT? */
bool constraint_is_met(uint8_t tag, struct bytes constraint, struct bytes name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name constraints, as Go checks them: up to 1.25 while a chain is built, each
 * name against each constraint; from 1.26 on over a finished chain, with
 * sorted sets. Probe process. No heap: sets come from the arena.
 */
#ifndef VERDICT_CONSTRAINTS_H
#define VERDICT_CONSTRAINTS_H

#include "probe/verdict/path/arena.h"
#include "probe/verdict/x509/certificate.h"

enum constraint_result {
	CONSTRAINT_MET,
	CONSTRAINT_NOT_PERMITTED,
	CONSTRAINT_EXCLUDED,
	CONSTRAINT_BAD_DNS, /* names that cannot be compared */
	CONSTRAINT_BAD_EMAIL,
	CONSTRAINT_URI_NO_HOST,
	CONSTRAINT_URI_IP,
	CONSTRAINT_URI_PORT,
	CONSTRAINT_URI_BROKEN,
	CONSTRAINT_TOO_MANY,  /* Go's limit */
	CONSTRAINT_UNCHECKED, /* our limit: steps or arena */
};

/* Which name met which constraint; views into the certificates. */
struct constraint_fault {
	enum constraint_result result;
	uint8_t tag;	   /* enum general_name */
	struct bytes name; /* as in the certificate */
	struct bytes constraint;
};

/*
 * Go up to 1.25: do the constraints of CANDIDATE allow the names of CHAIN, of
 * LEN certificates, leaf first, below it? STEPS counts down.
 */
enum constraint_result
constraints_check_below(const struct certificate *candidate,
			const struct certificate *const *chain, size_t len,
			struct go_release release, uint32_t *steps,
			struct constraint_fault *fault);

/* Go from 1.26 on: do all constraints in CHAIN, anchor last, hold? */
enum constraint_result
constraints_check_chain(const struct certificate *const *chain, size_t len,
			struct go_release release, struct arena *arena,
			uint32_t *steps, struct constraint_fault *fault);

/* Append Go's whole error text for FAULT. */
void constraints_explain(struct text *t, const struct constraint_fault *fault,
			 struct go_release release);

#endif

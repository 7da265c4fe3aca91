/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision. A pure, total function of facts that others established:
 * no bytes, no files, no clock, no printing. Installer only.
 */
#ifndef INSTALLER_POLICY_H
#define INSTALLER_POLICY_H

#include <stdbool.h>

/* --on-change: what to do when the installed anchors do not vouch for what
 * the server shows now. */
enum policy_on_change { POLICY_REFUSE, POLICY_ADD, POLICY_REPLACE };

/* What speaks for the anchor that is about to be installed. */
enum policy_vouch {
	POLICY_VOUCH_NONE,    /* nobody: first use */
	POLICY_VOUCH_MATCHED, /* a pin or the operator's file names it */
	POLICY_VOUCH_MISSED   /* pins were given, and none names it */
};

struct policy_facts {
	bool installed; /* a .crt of the directory holds something */
	bool same;	/* every anchor to install is installed already */
	bool continues; /* the chain verifies under the installed anchors */
	bool proven;	/* the server proved that it holds the leaf's key */
	enum policy_vouch vouch;
	enum policy_on_change on_change;
	bool require_pin;
};

enum policy_decision {
	POLICY_INSTALL,		/* write the new anchors alone */
	POLICY_INSTALL_BESIDE,	/* write them, keep those not yet expired */
	POLICY_UNCHANGED,	/* nothing to write */
	POLICY_RENEWED,		/* nothing to write: the old anchors hold */
	POLICY_REFUSE_CHANGED,	/* the server is not the one we knew */
	POLICY_REFUSE_UNPROVEN, /* anybody can replay a public chain */
	POLICY_REFUSE_PIN,	/* no pin names a certificate of its path */
	POLICY_REFUSE_NO_PIN,	/* --require-pin, and nothing vouches */
	POLICY_DECISION_COUNT_
};

/*
 * Decide by the table of README ("How it decides"). A missed pin refuses
 * before anything else, even what is installed. An explicit add or replace
 * counts for anchors that a pin or the operator's file names even while the
 * old ones still hold: the operator named both the bytes and the act. What
 * nobody vouches for is written only for a server that holds its key.
 */
enum policy_decision policy_decide(const struct policy_facts *facts);

/* True for the decisions that leave certs.d as it is because of policy. */
bool policy_is_refusal(enum policy_decision decision);

#endif

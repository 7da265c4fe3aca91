/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision. A pure, total function of facts that others established:
 * no bytes, no files, no clock, no printing. Installer only.
 */
#ifndef INSTALLER_POLICY_POLICY_H
#define INSTALLER_POLICY_POLICY_H

#include <stdbool.h>

#include "common/wire.h"

/* --on-change: what to do when the installed anchors do not vouch for what
 * the server shows now. */
enum policy_on_change { POLICY_REFUSE, POLICY_ADD, POLICY_REPLACE };

/* What speaks for the anchor that is about to be installed. */
enum policy_vouch {
	POLICY_VOUCH_NONE,  /* nobody: first use */
	POLICY_VOUCH_PIN,   /* a pin names it */
	POLICY_VOUCH_FILE,  /* it is the operator's file itself */
	POLICY_VOUCH_MISSED /* pins or a file were given, none names it */
};

struct policy_facts {
	bool installed;	  /* a certificate that Docker can read is there */
	bool same;	  /* every anchor to install is installed already */
	bool exact;	  /* ... and of ours there is no other */
	bool chains;	  /* the server chains to what is installed */
	bool proven;	  /* it proved that it holds the leaf's key */
	bool works;	  /* Docker accepts it with the new anchors alone */
	bool no_registry; /* ... and what it says at /v2/ is no registry's */
	bool incomplete;  /* an intermediate may be missing in its chain */
	bool stale;	  /* our own file also holds an anchor that expired */
	bool host_trusts; /* the host's own CA store covers the registry */
	/* A service of which no anchor holds: its registry's turn drops them.
	 */
	bool over;
	/* It is a token service that the operator has just asked for. */
	bool new_service;
	enum policy_vouch vouch;
	enum policy_on_change on_change;
	bool require_pin;
};

enum policy_decision {
	POLICY_INSTALL,		/* write the new anchors alone */
	POLICY_INSTALL_BESIDE,	/* write them, keep those not yet expired */
	POLICY_DROP_EXPIRED,	/* write what is installed, but the expired */
	POLICY_UNCHANGED,	/* nothing to write */
	POLICY_RENEWED,		/* nothing to write: the old anchors hold */
	POLICY_NOT_NEEDED,	/* nothing to write: the host trusts it */
	POLICY_REFUSE_CHANGED,	/* the server is not the one we knew */
	POLICY_REFUSE_BROKEN,	/* nor would it work if it was accepted */
	POLICY_REFUSE_USELESS,	/* a first use that would not work */
	POLICY_REFUSE_UNPROVEN, /* anybody can replay a public chain */
	POLICY_REFUSE_VOUCH,	/* no pin or file names what it shows */
	POLICY_REFUSE_NO_PIN,	/* --require-pin, and nothing vouches */
	POLICY_DECISIONS_
};

/*
 * Decide by the table of README ("How it decides"). A missed pin refuses
 * before anything else, even what is installed; then a server that does not
 * hold its key, unless the operator's file is what is installed. Where a pin or
 * that file names the anchors, an explicit add or replace counts even while the
 * old ones still hold: the operator named both the bytes and the act; and a
 * file is never left uninstalled because older anchors hold, since it is how a
 * new CA is rolled out ahead of the server. What nobody vouches for is written
 * only where Docker works with it, or by the operator's explicit word; a first
 * use also asks that a registry answers, for nothing else was meant.
 */
enum policy_decision policy_decide(const struct policy_facts *facts);

/* True for the decisions that leave certs.d as it is because of policy. */
bool policy_is_refusal(enum policy_decision decision);

/* Does DECISION write anchors? */
bool policy_installs(enum policy_decision decision);

/*
 * What becomes of the directory by DECISION: which of the probe's verdicts is
 * the one to print. Of a refusal it is the one that shows why: with what was
 * refused where that is the cause, and as it stands else.
 */
enum wire_act policy_act(enum policy_decision decision,
			 const struct policy_facts *facts);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One handshake as the files of the client share it, and how it reads messages.
 * Probe process, sealed. Not for others: see capture.h.
 */
#ifndef PROBE_SESSION_H
#define PROBE_SESSION_H

#include "common/limits.h"
#include "probe/tls/capture.h"
#include "probe/tls/client_hello.h"
#include "probe/tls/proof.h"
#include "probe/tls/server_hello.h"

/* A limit of ours. */
#define SESSION_HYBRID                                                         \
	"it insists on a key exchange with ML-KEM (X25519MLKEM768 or the "     \
	"like), which Docker has since 28.5 and dtr-trust has not"

struct message {
	uint8_t type;
	uint8_t header[HANDSHAKE_HEADER_BYTES];
	struct bytes body;
};

struct session {
	struct stream stream;
	struct records records;
	struct keys keys;
	struct client_hello hello;
	struct server_hello server;
	uint8_t server_random[HELLO_RANDOM_BYTES];
	struct go_release go;
	const struct capture_query *query;
	bool judged;	  /* Go has judged the certificates by now */
	const char *ours; /* the limit of ours that ended it; or NULL */
	bool changed;	  /* ChangeCipherSpec was sent */
	bool has_leaf;	  /* Go parses it */
	struct certificate leaf;
	uint8_t before[MBEDTLS_MD_MAX_SIZE]; /* the transcript up to ... */
	size_t before_len;		     /* ... the message just read */
	struct { /* a message beyond what anybody reads */
		size_t len, most;
		bool certificate;
	} too_long;
	/* Of the presented chain; what is read behind it goes behind it. */
	size_t chain_len;
	struct capture *out;
};

/*
 * Docker fails with TEXT; of several the first counts, and so does a limit of
 * ours. Always false, so that a step can end by it. A caller that can goes on
 * instead: for the chain.
 */
bool session_refuse(struct session *s, const char *text);

/* We cannot go on, which says nothing of Docker; WHY for the operator. */
bool session_limit(struct session *s, const char *why);

/* The same where it is our own fault, or nothing can be sent any more. */
bool session_fail(struct session *s);

/* What made the record layer say false: its fault, or a limit of ours. */
bool session_lose(struct session *s);

/*
 * Read the next message into M, a view that the next reading ends but for a
 * first Certificate, and note it in the transcript. False: refused.
 */
bool session_read(struct session *s, struct message *m);

/* Read M, which must be a ServerHello, into S->server. */
bool session_read_hello(struct session *s, struct message *m);

/* M is another message than NAME, which Go waits for; NULL: behind the
 * handshake, for none. */
bool session_unexpected(struct session *s, const struct message *m,
			const char *name);

/* The body of M, a message whose form Go has found wrong. */
bool session_malformed(struct session *s);

/* Put a handshake message of TYPE into what will be sent, and note it. */
bool session_put(struct session *s, uint8_t type, struct bytes body);

/* Keep the certificates of M, the message of that name. */
bool session_keep_chain(struct session *s, const struct message *m, bool is13);

/* Check PROOF of possession, of which MESSAGE was signed. */
bool session_heed_proof(struct session *s, const struct proof *proof,
			struct bytes message);

/*
 * TLS 1.3: what Go checks of a ServerHello and of a HelloRetryRequest alike;
 * the suite is known then. And ChangeCipherSpec, once, in clear and of no
 * meaning: for the sake of middleboxes (RFC 8446 D.4).
 */
bool session_check_hello(struct session *s);
bool session_put_change(struct session *s);

/* Say hello again; M is the HelloRetryRequest, and then the ServerHello. */
bool session_retry(struct session *s, struct message *m);

/*
 * The handshake is done: send the request, heed what comes before its answer as
 * Go does, and keep the answer's header or what comes of it.
 */
void session_exchange(struct session *s);

/* From the ServerHello, message HELLO, to the end of the handshake. False:
 * refused. Our Finished of TLS 1.3 is put, and not yet sent. */
bool session_run_12(struct session *s, const struct message *hello);
bool session_run_13(struct session *s, struct message *hello);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Go says of a message that it cannot use; see session.h.
 */
#include "probe/tls/session.h"

#include <stdio.h>

/* see session.h */
bool session_malformed(struct session *s)
{
	return session_refuse(s, s->go.version >= GO_VERSION(25, 0)
					 ? "local error: tls: error decoding "
					   "message"
					 : "local error: tls: unexpected "
					   "message");
}

static const char *go_message(uint8_t type, bool is13)
{
	switch (type) {
	case HANDSHAKE_HELLO_REQUEST:
		return "helloRequestMsg";
	case HANDSHAKE_CLIENT_HELLO:
		return "clientHelloMsg";
	case HANDSHAKE_SERVER_HELLO:
		return "serverHelloMsg";
	case HANDSHAKE_NEW_SESSION_TICKET:
		return is13 ? "newSessionTicketMsgTLS13"
			    : "newSessionTicketMsg";
	case HANDSHAKE_END_OF_EARLY_DATA:
		return "endOfEarlyDataMsg";
	case HANDSHAKE_ENCRYPTED_EXTENSIONS:
		return "encryptedExtensionsMsg";
	case HANDSHAKE_CERTIFICATE:
		return is13 ? "certificateMsgTLS13" : "certificateMsg";
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		return "serverKeyExchangeMsg";
	case HANDSHAKE_CERTIFICATE_REQUEST:
		return is13 ? "certificateRequestMsgTLS13"
			    : "certificateRequestMsg";
	case HANDSHAKE_SERVER_HELLO_DONE:
		return "serverHelloDoneMsg";
	case HANDSHAKE_CERTIFICATE_VERIFY:
		return "certificateVerifyMsg";
	case HANDSHAKE_CLIENT_KEY_EXCHANGE:
		return "clientKeyExchangeMsg";
	case HANDSHAKE_FINISHED:
		return "finishedMsg";
	case HANDSHAKE_CERTIFICATE_STATUS:
		return "certificateStatusMsg";
	case HANDSHAKE_KEY_UPDATE:
		return "keyUpdateMsg";
	default:
		return NULL;
	}
}

/* see session.h */
bool session_unexpected(struct session *s, const struct message *m,
			const char *name)
{
	const char *got = go_message(m->type, s->records.version == TLS13);
	char text[REFUSAL_CHARS_MAX];

	if (!got)
		return session_refuse(s,
				      "local error: tls: unexpected message");
	snprintf(text, sizeof(text),
		 "tls: received unexpected handshake message of type *tls.%s%s"
		 "%s",
		 got, name ? " when waiting for *tls." : "", name ? name : "");
	return session_refuse(s, text);
}

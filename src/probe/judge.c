/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the report from the captured chain; see judge.h.
 */
#include "probe/judge.h"

#include <string.h>

#include "probe/http.h"
#include "probe/verdict/describe.h"
#include "probe/verdict/pem.h"
#include "probe/verdict/signature.h"

/* Keep a copy of TEXT for the report; empty when there is no more room. */
static struct bytes keep_text(struct judgement *room, const char *text)
{
	size_t len = strlen(text);
	char *copy = room->text + room->text_used;

	if (len > sizeof(room->text) - room->text_used)
		return (struct bytes){NULL, 0};
	memcpy(copy, text, len);
	room->text_used += len;
	return (struct bytes){(const uint8_t *)copy, len};
}

static struct wire_certificate describe(struct judgement *room,
					const struct certificate *c)
{
	struct description d;
	struct wire_certificate w = {.der = c->der};

	describe_certificate(c, &d);
	w.subject = keep_text(room, d.subject);
	w.issuer = keep_text(room, d.issuer);
	w.sans = keep_text(room, d.names);
	w.key = keep_text(room, d.key);
	w.not_before = d.not_before;
	w.not_after = d.not_after;
	if (d.is_ca)
		w.flags |= WIRE_CERT_CA;
	if (d.is_self_issued)
		w.flags |= WIRE_CERT_SELF_SIGNED;
	return w;
}

/* Add the certificates of FILE that Docker would find in it to the pool. */
static void read_pem(struct judgement *room, struct bytes file,
		     struct go_release release)
{
	struct pem_search search = {.file = file};
	struct bytes der;

	while (room->pool_count < POOL_CERTS_MAX &&
	       pem_next(&search, release, room->der + room->der_used,
			sizeof(room->der) - room->der_used, &der)) {
		room->der_used += der.len;
		room->pool[room->pool_count++] = der;
	}
}

static bool is_in_pool(const struct judgement *room, struct bytes der)
{
	for (size_t i = 0; i < room->pool_count; i++)
		if (bytes_equal(room->pool[i], der))
			return true;
	return false;
}

static bool is_pinned(const struct job *job, struct bytes der)
{
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	for (size_t i = 0; i < job->pin_count; i++)
		if (fingerprint_equal(&fp, &job->pins[i]))
			return true;
	return false;
}

static bool is_issued_by(const struct certificate *child,
			 const struct certificate *parent)
{
	return bytes_equal(child->issuer, parent->subject) &&
	       signature_check(child, parent, go_newest(), NULL) ==
		       SIGNATURE_VALID;
}

/* Mark what signatures lead to from the leaf; returns the last one found. */
static size_t walk_path(const struct judgement *room, struct outcome *out)
{
	size_t at = 0;
	bool moved = true;

	out->certs[0].flags |= WIRE_CERT_ON_PATH;
	while (moved) {
		moved = false;
		for (size_t i = 0; i < room->sent_count && !moved; i++) {
			if (out->certs[i].flags & WIRE_CERT_ON_PATH ||
			    !room->sent_parsed[i] ||
			    !is_issued_by(&room->sent[at], &room->sent[i]))
				continue;
			out->certs[i].flags |= WIRE_CERT_ON_PATH;
			at = i;
			moved = true;
		}
	}
	return at;
}

static bool continues(const struct judgement *room, const struct job *job,
		      const struct outcome *out)
{
	for (size_t p = 0; p < room->pool_count; p++) {
		struct certificate anchor;
		struct failure ignored;

		if (certificate_parse(room->pool[p], go_newest(), &anchor,
				      &ignored) != ERR_OK ||
		    anchor.not_after.seconds < job->now)
			continue;
		for (size_t i = 0; i < room->sent_count; i++)
			if (out->certs[i].flags & WIRE_CERT_ON_PATH &&
			    (bytes_equal(room->sent[i].der, anchor.der) ||
			     is_issued_by(&room->sent[i], &anchor)))
				return true;
	}
	return false;
}

static enum err parse_sent(const struct capture *capture,
			   struct judgement *room, struct outcome *out)
{
	room->sent_count = capture->presented.count;
	for (size_t i = 0; i < capture->presented.count; i++) {
		struct failure why;
		struct bytes der = capture->presented.certs[i];
		enum err err = certificate_parse(der, go_newest(),
						 &room->sent[i], &why);

		room->sent_parsed[i] = err == ERR_OK;
		if (err != ERR_OK && i == 0)
			return failure_set(&out->failure, ERR_CHAIN, "%s",
					   why.detail);
		if (err == ERR_OK)
			out->certs[i] = describe(room, &room->sent[i]);
		else
			out->certs[i] = (struct wire_certificate){
				.der = der, .flags = WIRE_CERT_UNPARSED};
		out->certs[i].flags |= WIRE_CERT_SENT;
		if (is_in_pool(room, der))
			out->certs[i].flags |= WIRE_CERT_INSTALLED;
	}
	out->cert_count = capture->presented.count;
	return ERR_OK;
}

static void choose_anchor(const struct job *job, const struct judgement *room,
			  struct outcome *out)
{
	size_t highest = walk_path(room, out);

	if (!job->pin_count) {
		out->certs[highest].flags |= WIRE_CERT_ANCHOR;
		return;
	}
	for (size_t i = 0; i < out->cert_count; i++)
		if (out->certs[i].flags & WIRE_CERT_ON_PATH &&
		    is_pinned(job, out->certs[i].der))
			out->certs[i].flags |= WIRE_CERT_ANCHOR;
}

/* The installed certificates that the server did not send. */
static void add_installed(struct judgement *room, struct outcome *out)
{
	for (size_t p = 0; p < room->pool_count; p++) {
		struct certificate c;
		struct failure ignored;
		bool known = false;

		for (size_t i = 0; i < out->cert_count; i++)
			known = known ||
				bytes_equal(out->certs[i].der, room->pool[p]);
		if (known || out->cert_count == CHAIN_CERTS_MAX ||
		    certificate_parse(room->pool[p], go_newest(), &c,
				      &ignored) != ERR_OK)
			continue;
		out->certs[out->cert_count] = describe(room, &c);
		out->certs[out->cert_count++].flags |= WIRE_CERT_INSTALLED;
	}
}

static void read_answer(const struct capture *capture, const struct job *job,
			struct judgement *room, struct outcome *out)
{
	const struct registry *target = job->target;
	struct http_reply reply;

	http_read_reply((struct bytes){(const uint8_t *)capture->reply,
				       capture->reply_len},
			&reply);
	if (reply.is_registry)
		out->flags |= OUTCOME_REGISTRY;
	if (reply.has_token_service &&
	    (strcmp(reply.token_service.host, target->host) != 0 ||
	     reply.token_service.port != target->port))
		out->service = keep_text(room, reply.token_service.reference);
}

/* see judge.h */
enum err judge_chain(const struct job *job, const struct capture *capture,
		     struct judgement *room, struct outcome *out)
{
	enum err err;

	for (size_t i = 0; i < job->installed_count; i++)
		read_pem(room, job->installed[i], go_newest());
	err = parse_sent(capture, room, out);
	if (err != ERR_OK)
		return err;
	choose_anchor(job, room, out);
	if (continues(room, job, out))
		out->flags |= OUTCOME_CONTINUES;
	if (capture->possession)
		out->flags |= OUTCOME_POSSESSION;
	if (capture->client_cert)
		out->flags |= OUTCOME_CLIENT_CERT;
	read_answer(capture, job, room, out);
	add_installed(room, out);
	return ERR_OK;
}

/* see judge.h */
enum err judge_file(const struct job *job, struct judgement *room,
		    struct outcome *out)
{
	(void)job;
	(void)room;
	return failure_set(&out->failure, ERR_USAGE, "not yet");
}

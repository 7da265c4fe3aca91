/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probe behind its seal: from what a server sent and a host holds to the
 * frame that the installer reads. The input is an octet of options, then
 * records of a kind, two octets of length (little-endian) and content.
 * Whatever they are, the report encodes and decodes, an anchor is only what
 * the operator or the chain gives reason for, and what is judged does not
 * depend on what was judged before.
 */
#include <stdlib.h>
#include <string.h>

#include "common/wire.h"
#include "installer/certs_d/ca_crt.h"
#include "probe/judge/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define SENT_MAX   32 /* more of them take time and find nothing else */
#define FILE_BYTES (64 * 1024)

enum kind {
	KIND_SENT,
	KIND_INSTALLED, /* DER, to be encoded as we encode it */
	KIND_HOST,
	KIND_OPERATOR,
	KIND_FILE, /* a .crt as it is */
	KIND_REPLY,
	KIND_PIN, /* the certificate that is pinned */
	KIND_OPERATOR_DER,
	KINDS
};

enum option {
	OPTION_OTHERS = 1, /* the installed are another hand's */
	OPTION_READ = 2,
	OPTION_DOCKER = 4,
	OPTION_SHIFT = 3
};

/* Texts that the judge only reads: PEM files. */
struct pem {
	struct ca_crt encoding;
	char text[FILE_BYTES];
	size_t blocks;
};

static const char *const RELEASES[] = {"19.3", "20.10.7", "23.0", "28.4",
				       "29.7", "9",	  "",	  "29.7x"};
static struct capture capture;
static struct judge_room room;
static struct outcome out, decoded;
static uint8_t frame[FRAME_BYTES_MAX];
static struct pem installed, host, operators;

static void open_pem(struct pem *p)
{
	ca_crt_open(&p->encoding, p->text, sizeof(p->text));
	ca_crt_copy(&p->encoding, bytes_of(CA_CRT_MARK));
	p->blocks = 0;
}

static void add_pem(struct pem *p, struct bytes der)
{
	struct wire_certificate c = {.der = der, .flags = WIRE_CERT_UNPARSED};

	if (p->encoding.size - p->encoding.len < 2 * der.len + 256)
		return;
	ca_crt_append(&p->encoding, &c);
	p->blocks++;
}

static struct bytes text_of(const struct pem *p)
{
	return (struct bytes){(const uint8_t *)p->text,
			      p->blocks ? p->encoding.len : 0};
}

static void send_certificate(struct bytes der)
{
	struct presented *p = &capture.presented;
	uint8_t *at = p->storage;

	if (p->count)
		at += (p->certs[p->count - 1].data - at) +
		      (ptrdiff_t)p->certs[p->count - 1].len;
	if (p->count == SENT_MAX ||
	    der.len > sizeof(p->storage) - (size_t)(at - p->storage))
		return;
	memcpy(at, der.data, der.len);
	p->certs[p->count++] = (struct bytes){at, der.len};
}

static void take(struct job *job, enum kind kind, struct bytes content)
{
	switch (kind) {
	case KIND_SENT:
		send_certificate(content);
		break;
	case KIND_INSTALLED:
		add_pem(&installed, content);
		break;
	case KIND_HOST:
		add_pem(&host, content);
		break;
	case KIND_OPERATOR:
		add_pem(&operators, content);
		break;
	case KIND_FILE:
		if (job->installed_count < CRT_FILES_MAX - 1)
			job->installed[job->installed_count++] = content;
		break;
	case KIND_REPLY:
		capture.reply_len = content.len < sizeof(capture.reply)
					    ? content.len
					    : sizeof(capture.reply);
		memcpy(capture.reply, content.data, capture.reply_len);
		break;
	case KIND_PIN:
		if (job->pin_count < 4)
			fingerprint_of(content, &job->pins[job->pin_count++]);
		break;
	case KIND_OPERATOR_DER:
		job->operator_file = content;
		break;
	case KINDS:
		break;
	}
}

static void take_all(struct job *job, uint8_t options, const uint8_t *data,
		     size_t len)
{
	size_t at = 0;

	memset(&capture, 0, offsetof(struct capture, presented.storage));
	capture.reply_len = 0;
	capture.end = CAPTURE_COMPLETED;
	capture.refusal[0] = '\0';
	open_pem(&installed);
	open_pem(&host);
	open_pem(&operators);
	while (len - at >= 3) {
		size_t n = (size_t)(data[at + 1] | data[at + 2] << 8);
		enum kind kind = data[at] % KINDS;

		at += 3;
		n = n < len - at ? n : len - at;
		/* TLS and operator_file_read hand over nothing empty. */
		if (n)
			take(job, kind, (struct bytes){data + at, n});
		at += n;
	}
	/* What KIND_INSTALLED brought is ours or not, the rest is not. */
	for (size_t i = 0; i < job->installed_count; i++)
		job->others[i] = job->installed[i];
	if (installed.blocks) {
		if (options & OPTION_OTHERS)
			job->others[job->installed_count] = text_of(&installed);
		job->installed[job->installed_count++] = text_of(&installed);
	}
	job->host_pool = text_of(&host);
	if (operators.blocks) {
		job->operator_file = text_of(&operators);
		job->block_count = operators.blocks;
	}
}

static void judge(const struct job *job)
{
	memset(&out, 0, sizeof(out));
	room.cache.used = 0;
	room.text_used = 0;
	memset(&room.outlook, 0, sizeof(room.outlook));
	out.failure.code = job->kind == JOB_READ
				   ? judge_file(job, &room, &out)
				   : judge_chain(job, &capture, &room, &out);
}

/* What facts.c will hold against the operator's words a second time. */
static void check_anchors(const struct job *job)
{
	for (size_t i = 0; i < decoded.cert_count; i++) {
		const struct wire_certificate *c = &decoded.certs[i];

		if (!(c->flags & WIRE_CERT_ANCHOR))
			continue;
		if (job->operator_file.len) {
			if (!ca_crt_file_names(job->operator_file, c->der))
				abort();
		} else if (job->pin_count &&
			   !fingerprint_is_among(c->der, job->pins,
						 job->pin_count)) {
			abort();
		}
	}
}

static size_t encode(void)
{
	size_t len;

	if (wire_encode(&out, frame, sizeof(frame), &len) != ERR_OK)
		abort();
	return len;
}

static void check(const struct job *job)
{
	size_t len = encode();
	struct fingerprint once, twice;
	struct failure f;

	if (wire_decode((struct bytes){frame, len},
			WIRE_FAILURES_CAPTURE | WIRE_FAILURES_READ, &decoded,
			&f) != ERR_OK ||
	    decoded.cert_count != out.cert_count ||
	    decoded.failure.code != out.failure.code)
		abort();
	if (decoded.failure.code == ERR_OK)
		check_anchors(job);
	else if (!*decoded.failure.detail)
		abort();
	fingerprint_of((struct bytes){frame, len}, &once);
	judge(job);
	len = encode();
	fingerprint_of((struct bytes){frame, len}, &twice);
	if (!fingerprint_equal(&once, &twice))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct registry target = {
		"reg.example.com", "reg.example.com", 443, REGISTRY_NAME};
	struct job job = {.target = &target, .now = 1767225600};

	if (!len)
		return 0;
	if (data[0] & OPTION_DOCKER)
		job.docker = RELEASES[data[0] >> OPTION_SHIFT & 7];
	take_all(&job, data[0], data + 1, len - 1);
	if (data[0] & OPTION_READ && job.operator_file.len)
		job.kind = JOB_READ;
	else if (!capture.presented.count)
		return 0;
	judge(&job);
	check(&job);
	return 0;
}

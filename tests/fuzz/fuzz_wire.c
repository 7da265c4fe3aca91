/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of a probe that was taken over: whatever is decoded is within
 * limits.h, printable where it is text, and encodes to what decodes alike.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct outcome first;
static struct outcome second;
static uint8_t again[FRAME_BYTES_MAX + 4096];

static void check_text(struct bytes text, size_t len_max)
{
	if (text.len > len_max)
		abort();
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			abort();
}

static void check_string(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	if (len == size)
		abort();
	check_text((struct bytes){(const uint8_t *)text, len}, size);
}

static void check_verdict(const struct wire_verdict *v)
{
	check_text(v->text, TEXT_CHARS_MAX);
	check_text(v->others, TEXT_CHARS_MAX);
	if (v->code >= VERDICT_CODES_COUNT_ || v->remark >= REMARK_COUNT_)
		abort();
}

static void check_settings(const struct settings *s)
{
	if (s->flags & ~(unsigned)SETTINGS_FLAGS_ ||
	    s->name_count > SETTINGS_NAMES_MAX)
		abort();
	for (size_t i = 0; i < s->name_count; i++) {
		check_text(s->names[i].text, REGISTRY_CHARS_MAX);
		if (!s->names[i].text.len ||
		    s->names[i].list >= SETTINGS_LISTS_COUNT_)
			abort();
	}
}

static void check_outcome(const struct outcome *o)
{
	if (o->failure.code >= ERR_COUNT_ || o->cert_count > REPORT_CERTS_MAX ||
	    o->flags & ~(unsigned)OUTCOME_FLAGS_)
		abort();
	check_string(o->failure.detail, sizeof(o->failure.detail));
	check_string(o->address, sizeof(o->address));
	check_text(o->service, REGISTRY_CHARS_MAX);
	check_settings(&o->settings);
	for (int act = 0; act < WIRE_ACTS_; act++)
		check_verdict(&o->verdict[act]);
	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];

		if (c->der.len == 0 || c->der.len > CHAIN_BYTES_MAX ||
		    c->flags & ~(unsigned)WIRE_CERT_FLAGS_)
			abort();
		check_text(c->subject, TEXT_CHARS_MAX);
		check_text(c->issuer, TEXT_CHARS_MAX);
		check_text(c->sans, TEXT_CHARS_MAX);
		check_text(c->key, TEXT_CHARS_MAX);
	}
}

static void check_again(void)
{
	struct failure f;
	size_t len;

	if (wire_encode(&first, again, sizeof(again), &len) != ERR_OK)
		abort();
	if (wire_decode((struct bytes){again, len}, WIRE_FAILURES_CAPTURE,
			&second, &f) != ERR_OK)
		abort();
	if (first.cert_count != second.cert_count ||
	    first.failure.code != second.failure.code ||
	    first.verdict[0].reached != second.verdict[0].reached ||
	    first.settings.flags != second.settings.flags ||
	    first.settings.name_count != second.settings.name_count ||
	    !bytes_equal(first.service, second.service))
		abort();
	for (size_t i = 0; i < first.cert_count; i++)
		if (!bytes_equal(first.certs[i].der, second.certs[i].der) ||
		    first.certs[i].flags != second.certs[i].flags ||
		    first.certs[i].not_after != second.certs[i].not_after)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes frame;
	struct failure f;
	uint8_t *copy;

	if (len > FRAME_BYTES_MAX)
		len = FRAME_BYTES_MAX;
	/* A copy of exactly LEN bytes: one byte too far is a crash. */
	copy = malloc(len ? len : 1);
	if (!copy)
		abort();
	memcpy(copy, data, len);
	frame = (struct bytes){copy, len};
	if (wire_last_phase(frame) >= WIRE_PHASE_COUNT_)
		abort();
	if (wire_decode(frame, WIRE_FAILURES_CAPTURE, &first, &f) == ERR_OK) {
		check_outcome(&first);
		check_again();
	} else if (f.code != ERR_PROBE || !*f.detail || first.cert_count) {
		abort();
	}
	free(copy);
	return 0;
}

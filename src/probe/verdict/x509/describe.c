/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/describe.h"

#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/dn.h"

static void describe_dn(struct bytes name, char out[DESCRIBE_CHARS_MAX])
{
	char raw[DESCRIBE_CHARS_MAX];
	struct text t;

	text_open(&t, raw, sizeof(raw));
	dn_print(name, go_newest(), &t);
	text_close(&t, out, DESCRIBE_CHARS_MAX);
}

static void describe_names(const struct certificate *c,
			   char out[DESCRIBE_CHARS_MAX])
{
	struct bytes names = certificate_names(c), value;
	char raw[DESCRIBE_CHARS_MAX];
	struct text t;
	uint8_t tag;

	text_open(&t, raw, sizeof(raw));
	while (!t.cut && certificate_next_name(&names, &tag, &value)) {
		bool is_ip = tag == GENERAL_NAME_IP &&
			     (value.len == 4 || value.len == 16);

		if (!is_ip && tag != GENERAL_NAME_DNS &&
		    tag != GENERAL_NAME_URI && tag != GENERAL_NAME_EMAIL)
			continue;
		if (t.len)
			text_add(&t, ", ");
		if (is_ip)
			address_print(&t, value);
		else
			text_add_bytes(&t, value);
	}
	text_close(&t, out, DESCRIBE_CHARS_MAX);
}

/* see describe.h */
void describe_certificate(const struct certificate *c, struct description *out)
{
	char raw[sizeof(out->key)];
	struct text t;

	describe_dn(c->subject, out->subject);
	describe_dn(c->issuer, out->issuer);
	describe_names(c, out->names);
	text_open(&t, raw, sizeof(raw));
	key_print(&t, &c->key);
	text_close(&t, out->key, sizeof(out->key));
	out->not_before = c->not_before.seconds;
	out->not_after = c->not_after.seconds;
	out->is_ca = c->has_basic_constraints ? c->is_ca : c->version == 1;
}

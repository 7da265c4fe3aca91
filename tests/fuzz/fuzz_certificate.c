/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of any octets, under the oldest and the newest release: views
 * stay inside, texts are printable, and a certificate is its own match.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/verdict/names.h"
#include "probe/verdict/path/signature.h"
#include "probe/verdict/x509/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_text(const char *text, size_t size)
{
	size_t n = strnlen(text, size);

	if (n == size)
		abort();
	for (size_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			abort();
}

static void check_inside(struct bytes all, struct bytes part)
{
	if (part.len &&
	    (part.data < all.data || part.data + part.len > all.data + all.len))
		abort();
}

static void check_views(const struct certificate *c)
{
	struct bytes names = certificate_names(c), value;
	uint8_t tag;

	check_inside(c->der, c->tbs);
	check_inside(c->tbs, c->issuer);
	check_inside(c->tbs, c->subject);
	check_inside(c->tbs, c->key.value);
	check_inside(c->tbs, c->san);
	check_inside(c->tbs, c->permitted);
	check_inside(c->tbs, c->policies);
	check_inside(c->der, c->signature.octets);
	while (certificate_next_name(&names, &tag, &value))
		check_inside(c->san, value);
}

static void try(struct bytes der, struct go_release release)
{
	static const struct bytes host = {(const uint8_t *)"reg.example.com",
					  15};
	char raw[256], line[256];
	struct certificate c;
	struct description d;
	struct failure why;
	struct text t;

	if (certificate_parse(der, release, &c, &why) != ERR_OK) {
		if (!*why.detail)
			abort();
		check_text(why.detail, sizeof(why.detail));
		return;
	}
	check_views(&c);
	describe_certificate(&c, &d);
	check_text(d.subject, sizeof(d.subject));
	check_text(d.issuer, sizeof(d.issuer));
	check_text(d.names, sizeof(d.names));
	check_text(d.key, sizeof(d.key));
	text_open(&t, raw, sizeof(raw));
	names_check(&c, host, release, &t);
	signature_explain(&t, signature_check(&c, &c, release, NULL), &c, &c,
			  release);
	text_close(&t, line, sizeof(line));
	check_text(line, sizeof(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes der = {data, len};

	try(der, (struct go_release){GO_VERSION(13, 15), 13});
	try(der, (struct go_release){GO_VERSION(24, 8), 24});
	try(der, go_newest());
	return 0;
}

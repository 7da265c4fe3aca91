/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which headers Go's client takes. What skopeo does with the same answers is in
 * tests/integration/test_http_answers.py.
 */
#include "probe/judge/header.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#define OK    "HTTP/1.1 200 OK\r\n"
#define HINTS "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"

/* In memory of its own size, so that a byte read behind it is seen. */
static enum header_state check_text(const char *text)
{
	size_t len = strlen(text);
	uint8_t *exact = malloc(len ? len : 1);
	enum header_state state;

	memcpy(exact, text, len);
	state = header_check((struct bytes){exact, len});
	free(exact);
	return state;
}

static void each_header_has_its_state(void **state)
{
	static const struct {
		const char *text;
		enum header_state expected;
	} rows[] = {
		{OK "\r\n", HEADER_TAKEN},
		{"HTTP/1.1 200\r\n\r\n", HEADER_TAKEN},
		{"HTTP/1.0 401 x\nA: b\n\n", HEADER_TAKEN},
		{OK "A: b\r\n c\r\n\td\r\n\r\n", HEADER_TAKEN},
		{OK "Empty:\r\n\r\nbody without a colon\r\n", HEADER_TAKEN},
		{OK "Content-Length: 2\r\ncontent-length:  2 \r\n\r\n",
		 HEADER_TAKEN},
		{OK "Transfer-Encoding: Chunked\r\n\r\n", HEADER_TAKEN},
		{OK "Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n",
		 HEADER_TAKEN},
		{HINTS HINTS HINTS HINTS HINTS OK "\r\n", HEADER_TAKEN},
		{"HTTP/1.1 101 x\r\n\r\n\x01\x02", HEADER_TAKEN},
		{"HTTP/1.1  200 OK\r\n\r\n", HEADER_TAKEN},

		{OK "no colon\r\n\r\n", HEADER_REFUSED},
		{OK " A: b\r\n\r\n", HEADER_REFUSED},
		{OK " \r\n\r\n", HEADER_REFUSED},
		{OK "Content-Length: two\r\n\r\n", HEADER_REFUSED},
		{OK "Content-Length: -1\r\n\r\n", HEADER_REFUSED},
		{OK "Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
		 HEADER_REFUSED},
		{OK "Transfer-Encoding: gzip\r\n\r\n", HEADER_REFUSED},
		{OK "Transfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n",
		 HEADER_REFUSED},
		{HINTS OK "no colon\r\n\r\n", HEADER_REFUSED},
		{OK "no colon\r\ncut", HEADER_REFUSED},
		{"HTTP/1.1 2000 OK\r\n\r\n", HEADER_REFUSED},
		{"SSH-2.0-x\r\n\r\n", HEADER_REFUSED},
		{"\x01", HEADER_REFUSED},
		{OK "no colon\r\nOdd\x01: x\r\n\r\n", HEADER_REFUSED},

		{"", HEADER_UNKNOWN},
		{"HTTP/1.1 200 OK", HEADER_UNKNOWN},
		{OK, HEADER_UNKNOWN},
		{OK "A: b\r\n", HEADER_UNKNOWN},
		{OK "A: b\r\ncut", HEADER_UNKNOWN},
		{HINTS, HEADER_UNKNOWN},
		{"HTTP/1.10 200 OK\r\n\r\n", HEADER_UNKNOWN},
		{"HTTP/0.9 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		 HEADER_UNKNOWN},
		{OK ": x\r\n\r\n", HEADER_UNKNOWN},
		{OK "A b: x\r\n\r\n", HEADER_UNKNOWN},
		{OK "A: b\x01\r\n\r\n", HEADER_UNKNOWN},
		{OK "A: b\r\n c\x7f\r\n\r\n", HEADER_UNKNOWN},
		{OK "Content-Length:\r\n\r\n", HEADER_UNKNOWN},
		{OK "Content-Length: 9999999999999999999\r\n\r\n",
		 HEADER_UNKNOWN},
		{OK "Transfer-Encoding: identity\r\n\r\n", HEADER_UNKNOWN},
		{"HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		 HEADER_UNKNOWN},
		{HINTS HINTS HINTS HINTS HINTS HINTS OK "\r\n", HEADER_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (check_text(rows[i].text) != rows[i].expected)
			fail_msg("row %zu: %d", i, check_text(rows[i].text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_header_has_its_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a pin: what is taken encodes to a text that is taken for the
 * same, and its digits are those of the input.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The last 64 hex digits of the input, in order, are the fingerprint. */
static void check_digits(const char *text, size_t len, const char *encoded)
{
	size_t at = strlen(encoded);

	for (size_t i = len; i > 0 && at > 7; i--) {
		if (text[i - 1] == ':')
			continue;
		if (tolower((unsigned char)text[i - 1]) != encoded[--at])
			abort();
	}
	if (at != 7)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *copy = malloc(len ? len : 1);
	char encoded[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;
	struct fingerprint again;
	struct failure f = {0};

	if (!copy)
		abort();
	memcpy(copy, data, len);
	if (fingerprint_parse(copy, len, &fp, &f) == ERR_OK) {
		fingerprint_encode(&fp, encoded);
		check_digits(copy, len, encoded);
		if (fingerprint_parse(encoded, strlen(encoded), &again, &f) !=
			    ERR_OK ||
		    !fingerprint_equal(&fp, &again))
			abort();
	} else if (f.code != ERR_USAGE || !*f.detail) {
		abort();
	}
	free(copy);
	return 0;
}

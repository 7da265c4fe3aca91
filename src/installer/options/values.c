/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/values.h"

#include <stdio.h>
#include <string.h>

#include "common/escape.h"
#include "common/limits.h"

/* A password in a URL is not shown. */
static enum err refuse(struct failure *f, const char *name, struct item value,
		       const char *why)
{
	char shown[SHOWN_BYTES];

	escape_masked(shown, sizeof(shown), value.text, value.len);
	return failure_set(f, ERR_USAGE, "%s: \"%s\" %s", name, shown, why);
}

static const struct unit {
	const char *suffix;
	int64_t ms;
} units[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

static size_t count_digits(struct item value)
{
	size_t digits = 0;

	while (digits < value.len && value.text[digits] >= '0' &&
	       value.text[digits] <= '9')
		digits++;
	return digits;
}

/* see values.h */
enum err value_duration(const char *name, struct item value, int64_t ms_max,
			int64_t *ms, struct failure *f)
{
	size_t digits = count_digits(value);
	struct item unit = {value.text + digits, value.len - digits};
	int64_t number = 0;
	char why[96];

	for (size_t i = 0; i < digits && number <= ms_max; i++)
		number = number * 10 + (value.text[i] - '0');
	if (digits && number == 0 && !unit.len) {
		*ms = 0;
		return ERR_OK;
	}
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(*units); i++)
		if (item_equals(unit, units[i].suffix) &&
		    number <= ms_max / units[i].ms) {
			*ms = number * units[i].ms;
			return ERR_OK;
		}
	if (digits && !unit.len)
		snprintf(why, sizeof(why), "needs a unit: %.*ss or %.*sm",
			 (int)(digits < 9 ? digits : 9), value.text,
			 (int)(digits < 9 ? digits : 9), value.text);
	else
		snprintf(why, sizeof(why),
			 "is not a time like 500ms, 20s, 5m or 6h, up to %d s",
			 (int)(ms_max / 1000));
	return refuse(f, name, value, why);
}

/* see values.h */
enum err value_switch(const char *name, struct item value, bool *on,
		      struct failure *f)
{
	static const char *const words[] = {"0", "false", "no",	 "off",
					    "1", "true",  "yes", "on"};
	const size_t count = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < count; i++) {
		if (item_is(value, words[i])) {
			*on = i >= count / 2;
			return ERR_OK;
		}
	}
	return refuse(f, name, value, "is not 1 or 0");
}

/* see values.h */
enum err value_word(const char *name, struct item value,
		    const char *const words[], size_t count, size_t *index,
		    struct failure *f)
{
	char why[128] = "is none of: ";

	for (size_t i = 0; i < count; i++) {
		if (item_equals(value, words[i])) {
			*index = i;
			return ERR_OK;
		}
		strncat(why, i ? ", " : "", sizeof(why) - strlen(why) - 1);
		strncat(why, words[i], sizeof(why) - strlen(why) - 1);
	}
	return refuse(f, name, value, why);
}

/* see values.h */
enum err value_check_path(const char *name, struct item value,
			  struct failure *f)
{
	if (value.len == 0)
		return failure_set(f, ERR_USAGE, "%s: no path given", name);
	if (value.len >= PATH_BYTES_MAX)
		return failure_set(f, ERR_USAGE,
				   "%s: the path is longer than %d characters",
				   name, PATH_BYTES_MAX - 1);
	return ERR_OK;
}

/* see values.h */
enum err value_cut_release(const char *name, struct item *value,
			   struct failure *f)
{
	bool good;
	size_t len = 0;

	while (len < value->len && !memchr("+-", value->text[len], 2))
		len++;
	good = len > 0;
	for (size_t i = 0; i < len; i++)
		good = good && memchr("0123456789.", value->text[i], 11);
	if (!good)
		return refuse(f, name, *value, "is not a release like 29.7");
	value->len = len;
	return ERR_OK;
}

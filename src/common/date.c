/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar, as much as a line for an operator needs; see date.h.
 */
#include "common/date.h"

#include <stdio.h>
#include <string.h>

#include "common/limits.h"

/* see date.h; H. Hinnant's civil_from_days, with years that begin in March so
 * that the leap day comes last. libc's gmtime would bring the time zone reader
 * along. */
struct date date_of(int64_t seconds)
{
	const int64_t era_days = 146097; /* of 400 years */
	int64_t since_day = (seconds % DATE_DAY_SECONDS + DATE_DAY_SECONDS) %
			    DATE_DAY_SECONDS;
	int64_t shifted = seconds / DATE_DAY_SECONDS -
			  (seconds % DATE_DAY_SECONDS < 0) +
			  719468; /* days since 0000-03-01 */
	int64_t era =
		(shifted >= 0 ? shifted : shifted - era_days + 1) / era_days;
	int of_era = (int)(shifted - era * era_days);
	int in_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int of_year = of_era - (365 * in_era + in_era / 4 - in_era / 100);
	int shifted_month = (5 * of_year + 2) / 153;
	struct date d = {.second = (int)since_day};

	d.day = of_year - (153 * shifted_month + 2) / 5 + 1;
	d.month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	d.year = in_era + era * 400 + (d.month <= 2);
	d.hour = d.second / 3600;
	d.minute = d.second / 60 % 60;
	d.second %= 60;
	return d;
}

/* see date.h */
void date_encode(int64_t seconds, char out[static DATE_BYTES])
{
	struct date d = date_of(seconds);

	/* Certificates name years 0 to 9999; anything else is a lie. */
	if (seconds < MOMENT_FIRST || seconds > MOMENT_LAST) {
		memcpy(out, "?", 2);
		return;
	}
	snprintf(out, DATE_BYTES, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)d.year,
		 d.month, d.day, d.hour, d.minute, d.second);
}

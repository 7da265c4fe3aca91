/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar, as much as a line for an operator needs; see date.h.
 */
#include "common/date.h"

#include <stdio.h>
#include <string.h>

/* Year, month and day of a day since 1970: H. Hinnant's civil_from_days, with
 * years that begin in March so that the leap day comes last. libc's strftime
 * would bring the time zone reader along. */
static void split_day(int64_t day, int64_t *year, int *month, int *of_month)
{
	const int64_t era_days = 146097; /* of 400 years */
	int64_t shifted = day + 719468;	 /* since 0000-03-01 */
	int64_t era =
		(shifted >= 0 ? shifted : shifted - era_days + 1) / era_days;
	int of_era = (int)(shifted - era * era_days);
	int in_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int of_year = of_era - (365 * in_era + in_era / 4 - in_era / 100);
	int shifted_month = (5 * of_year + 2) / 153;

	*of_month = of_year - (153 * shifted_month + 2) / 5 + 1;
	*month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	*year = in_era + era * 400 + (*month <= 2);
}

/* see date.h */
void date_encode(int64_t seconds, char out[static DATE_BYTES])
{
	const int64_t day_seconds = 86400;
	int64_t day = seconds / day_seconds - (seconds % day_seconds < 0);
	/* Not by what day * day_seconds leaves, which can overflow. */
	int of_day = (int)((seconds % day_seconds + day_seconds) % day_seconds);
	int64_t year = 0;
	int month = 0;
	int of_month = 0;

	/* Certificates name years 0 to 9999; anything else is a lie. */
	if (day < -719528 || day > 2932896) {
		memcpy(out, "?", 2);
		return;
	}
	split_day(day, &year, &month, &of_month);
	snprintf(out, DATE_BYTES, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year,
		 month, of_month, of_day / 3600, of_day / 60 % 60, of_day % 60);
}

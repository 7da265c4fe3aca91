/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/moment.h"

#include "common/date.h"

struct fields {
	unsigned year, month, day, hour, minute, second;
};

static bool read_number(struct bytes *in, size_t digits, unsigned *value)
{
	*value = 0;
	if (in->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		uint8_t c = in->data[i];

		if (c < '0' || c > '9')
			return false;
		*value = *value * 10 + (unsigned)(c - '0');
	}
	*in = bytes_from(*in, digits);
	return true;
}

static bool is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(const struct fields *f)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
				       31, 31, 30, 31, 30, 31};

	return f->month >= 1 && f->month <= 12 && f->day >= 1 &&
	       f->day <= days[f->month - 1] +
				 (f->month == 2 && is_leap(f->year) ? 1u : 0) &&
	       f->hour < 24 && f->minute < 60 && f->second < 60;
}

/* Days from 1970-01-01; the civil calendar of Gregory, years from 0 on. */
static int64_t days_of(unsigned year, unsigned month, unsigned day)
{
	/* Years start in March here, so that leap days come last. */
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

/*
 * Z or +hhmm, as Go both parses and prints it back: a zero offset is Z. False
 * for everything else.
 */
static bool read_zone(struct bytes in, bool bounded, int16_t *minutes)
{
	unsigned hours, rest;
	bool east = in.len && in.data[0] == '+';

	*minutes = 0;
	if (in.len == 1 && in.data[0] == 'Z')
		return true;
	if (in.len != 5 || (!east && in.data[0] != '-'))
		return false;
	in = bytes_from(in, 1);
	if (!read_number(&in, 2, &hours) || !read_number(&in, 2, &rest) ||
	    rest > 59 || hours + rest == 0 || (bounded && hours > 24))
		return false;
	*minutes = (int16_t)(hours * 60 + rest);
	if (!east)
		*minutes = (int16_t) - *minutes;
	return true;
}

/* Read year (YEAR_DIGITS) to zone, with seconds or without. */
static bool read_text(struct bytes in, size_t year_digits, bool seconds,
		      bool bounded, struct moment *out)
{
	struct fields f = {0};

	if (!read_number(&in, year_digits, &f.year) ||
	    !read_number(&in, 2, &f.month) || !read_number(&in, 2, &f.day) ||
	    !read_number(&in, 2, &f.hour) || !read_number(&in, 2, &f.minute) ||
	    (seconds && !read_number(&in, 2, &f.second)) ||
	    !read_zone(in, bounded, &out->zone_minutes))
		return false;
	if (year_digits == 2)
		f.year += f.year >= 50 ? 1900 : 2000;
	if (!is_date(&f))
		return false;
	out->seconds = days_of(f.year, f.month, f.day) * DATE_DAY_SECONDS +
		       (int64_t)(f.hour * 3600 + f.minute * 60 + f.second) -
		       out->zone_minutes * 60;
	return true;
}

/* see moment.h */
bool moment_read(struct bytes *in, bool bounded, struct moment *out,
		 struct text *why)
{
	struct bytes b;

	if (der_peek(*in, DER_UTC_TIME)) {
		if (!der_read(in, DER_UTC_TIME, &b) ||
		    (!read_text(b, 2, true, bounded, out) &&
		     !read_text(b, 2, false, bounded, out)))
			return text_refuse(why, "x509: malformed UTCTime");
	} else if (der_peek(*in, DER_GENERALIZED_TIME)) {
		if (!der_read(in, DER_GENERALIZED_TIME, &b) ||
		    !read_text(b, 4, true, bounded, out))
			return text_refuse(why,
					   "x509: malformed GeneralizedTime");
	} else {
		return text_refuse(why, "x509: unsupported time format");
	}
	return true;
}

/* see moment.h */
void moment_print(struct text *t, struct moment m)
{
	struct date d = date_of(m.seconds + m.zone_minutes * 60);
	unsigned zone = (unsigned)(m.zone_minutes < 0 ? -m.zone_minutes
						      : m.zone_minutes);

	text_add_padded(t, (unsigned)d.year, 4);
	text_add_char(t, '-');
	text_add_padded(t, (unsigned)d.month, 2);
	text_add_char(t, '-');
	text_add_padded(t, (unsigned)d.day, 2);
	text_add_char(t, 'T');
	text_add_padded(t, (unsigned)d.hour, 2);
	text_add_char(t, ':');
	text_add_padded(t, (unsigned)d.minute, 2);
	text_add_char(t, ':');
	text_add_padded(t, (unsigned)d.second, 2);
	if (zone == 0) {
		text_add_char(t, 'Z');
		return;
	}
	text_add_char(t, m.zone_minutes < 0 ? '-' : '+');
	text_add_padded(t, zone / 60, 2);
	text_add_char(t, ':');
	text_add_padded(t, zone % 60, 2);
}

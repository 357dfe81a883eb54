/* SPDX-License-Identifier: Apache-2.0
 *
 * Days are counted from a March first, so that the leap day is the last of its year; 400 years are
 * one cycle of 146,097 days.
 */
#include "base/calendar.h"

#define DAYS_TO_1970   719468u /* from 0000-03-01 */
#define DAYS_PER_CYCLE 146097u

uint64_t calendar_midnight_ns(uint32_t day)
{
    uint32_t year = day / 10000;
    uint32_t month = day / 100 % 100;
    uint32_t date = day % 100;
    if (year < 1970 || month < 1 || month > 12 || date < 1 || date > 31) {
        return 0;
    }
    uint32_t from_march = month > 2 ? month - 3 : month + 9;
    uint32_t years = month > 2 ? year : year - 1;
    uint64_t days = (uint64_t)years * 365 + years / 4 - years / 100 + years / 400 +
                    (from_march * 153 + 2) / 5 + date - 1;
    return days < DAYS_TO_1970 ? 0 : (days - DAYS_TO_1970) * CALENDAR_NS_PER_DAY;
}

uint32_t calendar_day(uint64_t time_ns)
{
    uint32_t days = (uint32_t)(time_ns / CALENDAR_NS_PER_DAY) + DAYS_TO_1970;
    uint32_t cycle = days / DAYS_PER_CYCLE;
    uint32_t in_cycle = days % DAYS_PER_CYCLE;
    /* Every fourth year, but not every hundredth, but the last day of the cycle. */
    uint32_t years = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    uint32_t in_year = in_cycle - (365 * years + years / 4 - years / 100);
    uint32_t from_march = (5 * in_year + 2) / 153;
    uint32_t date = in_year - (153 * from_march + 2) / 5 + 1;
    uint32_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    uint32_t year = cycle * 400 + years + (month <= 2 ? 1 : 0);
    return year * 10000 + month * 100 + date;
}

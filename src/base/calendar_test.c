/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: both directions agree with the C library and with each other. Method: every day from 1970
 * to 2199 against gmtime_r, its first and its last nanosecond.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/calendar.h"

#include <time.h>

static void every_day_is_the_librarys(void **state)
{
    (void)state;
    for (uint64_t day = 0; day < 230 * 366; day++) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        uint32_t expected = (uint32_t)(tm.tm_year + 1900) * 10000 +
                            (uint32_t)(tm.tm_mon + 1) * 100 + (uint32_t)tm.tm_mday;
        uint64_t midnight = day * CALENDAR_NS_PER_DAY;
        assert_int_equal(calendar_day(midnight), expected);
        assert_int_equal(calendar_day(midnight + CALENDAR_NS_PER_DAY - 1), expected);
        assert_int_equal(calendar_midnight_ns(expected), midnight);
    }
}

static void what_is_no_date_has_no_midnight(void **state)
{
    (void)state;
    const uint32_t wrong[] = {0, 19691231, 20260001, 20261301, 20260100, 20260132};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(calendar_midnight_ns(wrong[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_the_librarys),
        cmocka_unit_test(what_is_no_date_has_no_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

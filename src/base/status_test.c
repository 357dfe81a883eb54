/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every status has a name, a sentence and a documented exit code, and its number is its own.
 * Method: the list of schema/status.def is expanded once more and compared with the functions; the
 * oldest numbers are written out, for they may never change.
 */
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool documented(int exit_code)
{
    static const int codes[] = {0, 1, 2, 3, 4, 5, 7, 8, 130};
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        if (codes[i] == exit_code) {
            return true;
        }
    }
    return false;
}

static void every_status_is_described(void **state)
{
    (void)state;
    bool used[256] = {false};
#define STATUS(name, number, exit_code, sentence)                                                  \
    assert_string_equal(status_name(STATUS_##name), #name);                                        \
    assert_string_equal(status_sentence(STATUS_##name), sentence);                                 \
    assert_int_not_equal((sentence)[strlen(sentence) - 1], '.');                                   \
    assert_int_equal(status_exit_code(STATUS_##name), exit_code);                                  \
    assert_true(documented(exit_code));                                                            \
    assert_false(used[number]);                                                                    \
    used[number] = true;
#include "schema/status.def"
#undef STATUS
}

static void numbers_never_change(void **state)
{
    (void)state;
    assert_int_equal(STATUS_OK, 0);
    assert_int_equal(STATUS_INVALID, 3);
    assert_int_equal(STATUS_TRUNCATED, 4);
    assert_int_equal(STATUS_DAMAGED, 12);
    assert_int_equal(STATUS_USAGE, 19);
}

static void an_unknown_number_is_named_so(void **state)
{
    (void)state;
    volatile int outside = 250;
    assert_string_equal(status_name((enum status)outside), "UNKNOWN");
    assert_string_equal(status_sentence((enum status)outside), "unknown status");
    assert_int_equal(status_exit_code((enum status)outside), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_is_described),
        cmocka_unit_test(numbers_never_change),
        cmocka_unit_test(an_unknown_number_is_named_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a slip of the finger finds its word, another word does not.
 * Method: known distances; suggestions among three words.
 */
#include "config/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void distances(void **state)
{
    (void)state;
    assert_int_equal(suggest_distance("", ""), 0);
    assert_int_equal(suggest_distance("rice", "rice"), 0);
    assert_int_equal(suggest_distance("rice", ""), 4);
    assert_int_equal(suggest_distance("rice", "rce"), 1);
    assert_int_equal(suggest_distance("rice", "ricee"), 1);
    assert_int_equal(suggest_distance("rice", "rise"), 1);
    assert_int_equal(suggest_distance("rice", "ircie"), 2);
    assert_int_equal(suggest_distance("rice", "irce"), 1);
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
    char longer[SUGGEST_BYTES_MAX + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_true(suggest_distance(longer, "a") == SIZE_MAX);
}

static const char *suggestion(const char *word)
{
    struct suggest suggest;
    suggest_init(&suggest, word);
    suggest_try(&suggest, "listen");
    suggest_try(&suggest, "spin");
    suggest_try(&suggest, "sleep");
    return suggest.best;
}

static void suggestions(void **state)
{
    (void)state;
    assert_string_equal(suggestion("listn"), "listen");
    assert_string_equal(suggestion("lisetn"), "listen");
    assert_string_equal(suggestion("spinn"), "spin");
    assert_string_equal(suggestion("slep"), "sleep");
    assert_null(suggestion("walk"));
    assert_null(suggestion("x"));
    assert_null(suggestion(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(distances), cmocka_unit_test(suggestions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

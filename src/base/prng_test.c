/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a seed names one sequence for ever, and the helpers stay inside their bounds.
 * Method: the first outputs of xoshiro256** seeded by splitmix64 from 0 (also from a separate
 * implementation in Python); bounds over 100,000 draws, with every value of a small range seen.
 */
#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void gives_the_published_sequence(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 0);
    assert_true(prng_next(&prng) == 0x99ec5f36cb75f2b4u);
    assert_true(prng_next(&prng) == 0xbf6e1f784956452au);
    assert_true(prng_next(&prng) == 0x1a5f849d4933e6e0u);
}

static void draws_stay_in_their_bounds(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 11);
    unsigned seen[7] = {0};
    unsigned hits = 0;
    for (int i = 0; i < 100000; i++) {
        assert_in_range(prng_below(&prng, 1), 0, 0);
        int64_t value = prng_between(&prng, -3, 3);
        assert_true(value >= -3 && value <= 3);
        seen[value + 3]++;
        double unit = prng_unit(&prng);
        assert_true(unit >= 0.0 && unit < 1.0);
        hits += prng_chance(&prng, 1, 4) != 0;
        assert_false(prng_chance(&prng, 0, 4));
        assert_true(prng_chance(&prng, 4, 4));
    }
    for (size_t i = 0; i < 7; i++) {
        assert_in_range(seen[i], 100000 / 7 - 1000, 100000 / 7 + 1000);
    }
    assert_in_range(hits, 24000, 26000);
}

static void the_whole_range_does_not_overflow(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 12);
    int negative = 0;
    for (int i = 0; i < 1000; i++) {
        negative += prng_between(&prng, INT64_MIN, INT64_MAX - 1) < 0;
    }
    assert_in_range(negative, 400, 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_sequence),
        cmocka_unit_test(draws_stay_in_their_bounds),
        cmocka_unit_test(the_whole_range_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

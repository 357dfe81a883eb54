/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a percentile is never below the true one and at most 1/31 above it, over all of 64 bits.
 * Method: every bucket edge; seeded values of all sizes against the sorted list.
 */
#include "base/histogram.h"
#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void buckets_are_dense_and_ordered(void **state)
{
    (void)state;
    uint64_t first = 0;
    for (size_t bucket = 0; bucket < HISTOGRAM_BUCKET_COUNT; bucket++) {
        uint64_t last = histogram_bucket_last(bucket);
        assert_true(last >= first);
        assert_int_equal(histogram_bucket(first), bucket);
        assert_int_equal(histogram_bucket(last), bucket);
        first = last + 1;
    }
    assert_int_equal(first, 0); /* the last bucket ends at 2^64 - 1 */
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void percentiles_match_the_sorted_list(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static struct histogram histogram;
    static uint64_t values[COUNT];
    struct prng prng;
    prng_init(&prng, 7);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = prng_next(&prng) >> prng_below(&prng, 64);
        histogram_record(&histogram, values[i]);
    }
    qsort(values, COUNT, sizeof values[0], by_value);
    for (uint64_t parts = 1; parts <= 1000; parts++) {
        uint64_t exact = values[(COUNT * parts + 999) / 1000 - 1];
        uint64_t found = histogram_percentile(&histogram, parts, 1000);
        assert_true(found >= exact);
        assert_true(found - exact <= exact / 31);
    }
    assert_int_equal(histogram_percentile(&histogram, 1, 1), values[COUNT - 1]);
    assert_int_equal(histogram.value_min, values[0]);
}

static void merged_is_as_if_recorded_together(void **state)
{
    (void)state;
    static struct histogram one, other, both;
    for (uint64_t value = 1; value < 5000; value += 7) {
        histogram_record(value % 2 ? &one : &other, value);
        histogram_record(&both, value);
    }
    histogram_merge(&one, &other);
    assert_memory_equal(&one, &both, sizeof both);
    static struct histogram empty;
    assert_int_equal(histogram_percentile(&empty, 1, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_dense_and_ordered),
        cmocka_unit_test(percentiles_match_the_sorted_list),
        cmocka_unit_test(merged_is_as_if_recorded_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

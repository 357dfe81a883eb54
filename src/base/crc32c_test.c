/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: CRC-32C as RFC 3720 B.4 gives it, the same by instruction and by table, in one go or in
 * parts. Method: the RFC's vectors; seeded random buffers of every length up to 300 at odd
 * addresses; every single-bit flip of one buffer changes the result.
 */
#include "base/crc32c.h"
#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void gives_the_vectors_of_the_rfc(void **state)
{
    (void)state;
    uint8_t bytes[32];
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(crc32c(0, bytes, 32), 0x8a9136aau);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(crc32c(0, bytes, 32), 0x62a8ab43u);
    for (uint8_t i = 0; i < 32; i++) {
        bytes[i] = i;
    }
    assert_int_equal(crc32c(0, bytes, 32), 0x46dd794eu);
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283u);
    assert_int_equal(crc32c(0, bytes, 0), 0);
}

static void instruction_and_table_agree(void **state)
{
    (void)state;
    uint8_t bytes[304];
    struct prng prng;
    prng_init(&prng, 20260101);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)prng_next(&prng);
    }
    for (size_t count = 0; count <= 300; count++) {
        const uint8_t *at = bytes + count % 4;
        uint32_t whole = crc32c(0, at, count);
        assert_int_equal(whole, crc32c_by_table(0, at, count));
        size_t part = (size_t)prng_below(&prng, count + 1);
        assert_int_equal(whole, crc32c(crc32c(0, at, part), at + part, count - part));
    }
}

static void every_single_bit_flip_changes_it(void **state)
{
    (void)state;
    uint8_t bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7);
    }
    uint32_t before = crc32c(0, bytes, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(crc32c(0, bytes, sizeof bytes), before);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_vectors_of_the_rfc),
        cmocka_unit_test(instruction_and_table_agree),
        cmocka_unit_test(every_single_bit_flip_changes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: loads and stores have the byte order in their name at any address and touch nothing else.
 * Method: stores of a known number compared byte for byte at every offset of a guarded buffer, then
 * loaded back; seeded random round trips.
 */
#include "base/bytes.h"
#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void stores_have_the_order_of_their_name(void **state)
{
    (void)state;
    static const uint8_t le[8] = {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};
    static const uint8_t be[8] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
    for (size_t at = 0; at < 8; at++) {
        uint8_t bytes[24] = {0};
        bytes_store_le64(bytes + at, 0x1122334455667788u);
        assert_memory_equal(bytes + at, le, 8);
        bytes_store_be64(bytes + at, 0x1122334455667788u);
        assert_memory_equal(bytes + at, be, 8);
        bytes_store_le32(bytes + at, 0x55667788u);
        assert_memory_equal(bytes + at, le, 4);
        assert_memory_equal(bytes + at + 4, be + 4, 4);
        bytes_store_be32(bytes + at, 0x11223344u);
        assert_memory_equal(bytes + at, be, 8);
        bytes_store_le16(bytes + at, 0x7788u);
        assert_memory_equal(bytes + at, le, 2);
        bytes_store_be16(bytes + at, 0x1122u);
        assert_memory_equal(bytes + at, be, 8);
        bytes_store_be48(bytes + at, 0x998877665544u);
        assert_int_equal(bytes[at], 0x99);
        assert_int_equal(bytes[at + 5], 0x44);
        assert_int_equal(bytes[at + 6], 0x77);
        assert_true(bytes_load_be48(bytes + at) == 0x998877665544u);
    }
}

static void loads_undo_stores(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 3);
    uint8_t bytes[16];
    for (int i = 0; i < 1000; i++) {
        uint64_t value = prng_next(&prng);
        uint8_t *at = bytes + i % 8;
        bytes_store_le64(at, value);
        assert_true(bytes_load_le64(at) == value);
        bytes_store_be64(at, value);
        assert_true(bytes_load_be64(at) == value);
        bytes_store_le32(at, (uint32_t)value);
        assert_true(bytes_load_le32(at) == (uint32_t)value);
        bytes_store_be32(at, (uint32_t)value);
        assert_true(bytes_load_be32(at) == (uint32_t)value);
        bytes_store_be16(at, (uint16_t)value);
        assert_true(bytes_load_be16(at) == (uint16_t)value);
        bytes_store_be48(at, value >> 16);
        assert_true(bytes_load_be48(at) == value >> 16);
    }
}

static void align_up_rounds_to_the_unit(void **state)
{
    (void)state;
    assert_int_equal(bytes_align_up(0, 8), 0);
    assert_int_equal(bytes_align_up(1, 8), 8);
    assert_int_equal(bytes_align_up(8, 8), 8);
    assert_int_equal(bytes_align_up(4097, 4096), 8192);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_have_the_order_of_their_name),
        cmocka_unit_test(loads_undo_stores),
        cmocka_unit_test(align_up_rounds_to_the_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

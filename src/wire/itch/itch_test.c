/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every ITCH message survives decode then encode byte for byte, for any content, and the
 * lengths are those of the specification. Method: random bytes under each letter, and one message
 * by hand.
 */
#include "base/prng.h"
#include "wire/itch/itch.h"
#include "wire/itch/moldudp64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void fill(struct prng *prng, uint8_t *bytes, size_t count, uint8_t letter)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)prng_next(prng);
    }
    bytes[0] = letter;
}

static void any_bytes_survive(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 5);
    uint8_t in[ITCH_LENGTH_MAX];
    uint8_t out[ITCH_LENGTH_MAX + 1];
    size_t kinds = 0;
    for (int round = 0; round < 200; round++) {
        kinds = 0;
#define ITCH_MESSAGE(name, letter, count)                                                          \
    {                                                                                              \
        fill(&prng, in, count, letter);                                                            \
        memset(out, 0x5a, sizeof out);                                                             \
        struct itch_##name message;                                                                \
        itch_decode_##name(in, &message);                                                          \
        assert_int_equal(itch_encode_##name(&message, out), count);                                \
        assert_memory_equal(in, out, count);                                                       \
        assert_int_equal(out[count], 0x5a);                                                        \
        assert_int_equal(itch_length(letter), count);                                              \
        kinds++;                                                                                   \
    }
#define ITCH_NUMBER(bits, field, offset)
#define ITCH_TEXT(field, offset, length)
#define ITCH_END(name)
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END
    }
    assert_int_equal(kinds, 23);
    size_t known = 0;
    for (unsigned letter = 0; letter < 256; letter++) {
        known += itch_length((uint8_t)letter) != 0;
    }
    assert_int_equal(known, kinds);
}

static void an_add_order_by_hand(void **state)
{
    (void)state;
    struct itch_add_order add = {
        .header = {.time_ns = 0x0102030405060708u & 0xffffffffffffu, .locate = 0x0a0b},
        .order = 0x1112131415161718u,
        .side = 'B',
        .shares = 0x21222324,
        .price = 0x31323334,
    };
    itch_text_set(add.stock, sizeof add.stock, "AB");
    static const uint8_t expected[ITCH_add_order_BYTES] = {
        'A',  0x0a, 0x0b, 0,    0,    3,    4,    5,   6,    7,    8,    0x11,
        0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 'B', 0x21, 0x22, 0x23, 0x24,
        'A',  'B',  ' ',  ' ',  ' ',  ' ',  ' ',  ' ', 0x31, 0x32, 0x33, 0x34};
    uint8_t bytes[ITCH_add_order_BYTES];
    assert_int_equal(itch_encode_add_order(&add, bytes), sizeof bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
    assert_int_equal(itch_text_length(add.stock, sizeof add.stock), 2);
    assert_int_equal(itch_text_length("        ", 8), 0);
}

static void mold_blocks_must_tile(void **state)
{
    (void)state;
    uint8_t packet[MOLDUDP64_HEADER_BYTES + 7] = {0};
    struct moldudp64_header header = {.session = "0123456789", .sequence = 77, .count = 2};
    moldudp64_encode(&header, packet);
    bytes_store_be16(packet + 20, 3);
    bytes_store_be16(packet + 25, 0);
    struct moldudp64_header back;
    assert_int_equal(moldudp64_decode(packet, sizeof packet, &back), STATUS_OK);
    assert_memory_equal(back.session, header.session, sizeof back.session);
    assert_int_equal(back.sequence, 77);
    assert_int_equal(back.count, 2);
    for (size_t shorter = 0; shorter < sizeof packet; shorter++) {
        assert_int_equal(moldudp64_decode(packet, shorter, &back), STATUS_INVALID);
    }
    header.count = MOLDUDP64_END_OF_SESSION;
    moldudp64_encode(&header, packet);
    assert_int_equal(moldudp64_decode(packet, MOLDUDP64_HEADER_BYTES, &back), STATUS_OK);
    assert_int_equal(moldudp64_decode(packet, sizeof packet, &back), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_survive),
        cmocka_unit_test(an_add_order_by_hand),
        cmocka_unit_test(mold_blocks_must_tile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

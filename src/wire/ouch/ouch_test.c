/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every OUCH message survives decode then encode byte for byte, for any content and any
 * appendage that tiles; anything shorter, longer or not tiling is refused; fields stand where the
 * specification puts them. Method: random bytes under each letter with random appendages, every
 * cut; messages by hand; every set and tag by its list.
 */
#include "base/prng.h"
#include "wire/blank.h"
#include "wire/ouch/describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROUNDS 40

/* Random fields under `letter`, then what the rule asks for; returns the bytes of the message. */
static size_t fill(struct prng *prng, uint8_t *at, uint8_t letter, size_t fixed,
                   enum ouch_rule rule)
{
    for (size_t i = 0; i < fixed; i++) {
        at[i] = (uint8_t)prng_next(prng);
    }
    at[0] = letter;
    if (rule == OUCH_APPENDAGE_NONE ||
        (rule == OUCH_APPENDAGE_OPTIONAL && prng_next(prng) % 3 == 0)) {
        return fixed;
    }
    size_t count = 0;
    for (uint64_t elements = prng_next(prng) % 6; elements > 0; elements--) {
        uint8_t *element = at + fixed + 2 + count;
        element[0] = (uint8_t)(1 + prng_next(prng) % 12);
        for (size_t i = 1; i <= element[0]; i++) {
            element[i] = (uint8_t)prng_next(prng);
        }
        count += 1u + element[0];
    }
    bytes_store_be16(at + fixed, (uint16_t)count);
    return fixed + 2 + count;
}

static void any_bytes_survive(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 50);
    uint8_t in[OUCH_LENGTH_MAX + 1];
    uint8_t out[OUCH_LENGTH_MAX + 1];
    size_t kinds = 0;
    for (int round = 0; round < ROUNDS; round++) {
        kinds = 0;
#define OUCH_MESSAGE(name, direction, letter, fixed, rule, meaning)                                \
    {                                                                                              \
        size_t bytes = fill(&prng, in, letter, fixed, OUCH_APPENDAGE_##rule);                      \
        memset(out, 0x5a, sizeof out);                                                             \
        struct ouch_##name message;                                                                \
        assert_int_equal(ouch_decode_##name(in, bytes, &message), STATUS_OK);                      \
        assert_int_equal(ouch_check(OUCH_##direction, in, bytes), STATUS_OK);                      \
        assert_int_equal(ouch_encode_##name(&message, out), bytes);                                \
        assert_memory_equal(in, out, bytes);                                                       \
        assert_int_equal(out[bytes], 0x5a);                                                        \
        in[bytes] = 0;                                                                             \
        if (bytes > (fixed)) {                                                                     \
            assert_int_equal(ouch_decode_##name(in, bytes + 1, &message), STATUS_INVALID);         \
        }                                                                                          \
        for (size_t cut = 0; cut < bytes; cut++) {                                                 \
            bool whole = cut == (fixed) && OUCH_APPENDAGE_##rule == OUCH_APPENDAGE_OPTIONAL;       \
            assert_int_equal(ouch_decode_##name(in, cut, &message),                                \
                             whole ? STATUS_OK : STATUS_TRUNCATED);                                \
        }                                                                                          \
        assert_int_equal(ouch_length(OUCH_##direction, letter), fixed);                            \
        assert_string_equal(ouch_name(OUCH_##direction, letter), #name);                           \
        kinds++;                                                                                   \
    }
#include "wire/ouch/ouch.def"
    }
    assert_int_equal(kinds, 8 + 17);
    size_t known = 0;
    for (unsigned letter = 0; letter < 256; letter++) {
        known += ouch_length(OUCH_IN, (uint8_t)letter) != 0;
        known += ouch_length(OUCH_OUT, (uint8_t)letter) != 0;
    }
    assert_int_equal(known, kinds);
}

/* The fields of a message follow one another without gap or overlap. */
static void fields_tile(void **state)
{
    (void)state;
    size_t next = 0;
    size_t fixed = 0;
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning)                                \
    next = 1;                                                                                      \
    fixed = (bytes);
#define OUCH_NUMBER(bits, field, offset)                                                           \
    assert_int_equal(next, offset);                                                                \
    next += (bits) / 8;
#define OUCH_TEXT(field, offset, length)                                                           \
    assert_int_equal(next, offset);                                                                \
    next += (length);
#define OUCH_END(name) assert_int_equal(next, fixed);
#include "wire/ouch/ouch.def"
}

static void an_order_by_hand(void **state)
{
    (void)state;
    struct ouch_appendage_writer writer = {0};
    ouch_appendage_add_text(&writer, OUCH_TAG_FIRM, "AB");
    ouch_appendage_add_number(&writer, OUCH_TAG_MAX_FLOOR, 0x01020304);
    struct ouch_enter_order order = {
        .user_ref_num = 0x11121314,
        .side = OUCH_SIDE_BUY,
        .quantity = 0x21222324,
        .price = 0x3132333435363738,
        .time_in_force = OUCH_TIME_IN_FORCE_IOC,
        .display = OUCH_DISPLAY_VISIBLE,
        .capacity = OUCH_CAPACITY_PRINCIPAL,
        .sweep = OUCH_SWEEP_NOT_ELIGIBLE,
        .cross_type = OUCH_CROSS_TYPE_CONTINUOUS,
        .appendage = ouch_appendage_view(&writer),
    };
    blank_set(order.symbol, sizeof order.symbol, "XYZ", 3);
    blank_set(order.client_order_id, sizeof order.client_order_id, "id1", 3);
    static const uint8_t expected[] = {
        'O', 0x11, 0x12, 0x13, 0x14, 'B',  0x21, 0x22, 0x23, 0x24, 'X',  'Y', 'Z', ' ', ' ',
        ' ', ' ',  ' ',  0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, '3', 'Y', 'P', 'N',
        'N', 'i',  'd',  '1',  ' ',  ' ',  ' ',  ' ',  ' ',  ' ',  ' ',  ' ', ' ', ' ', ' ',
        0,   12,   5,    2,    'A',  'B',  ' ',  ' ',  5,    5,    1,    2,   3,   4};
    uint8_t bytes[OUCH_LENGTH_MAX];
    assert_int_equal(ouch_encode_enter_order(&order, bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);

    char line[512];
    struct text text;
    text_init(&text, line, sizeof line);
    assert_int_equal(ouch_describe(OUCH_IN, bytes, sizeof expected, FIELDS_FOR_PEOPLE, &text),
                     STATUS_OK);
    assert_string_equal(
        line, "enter_order user_ref_num=286397204 side=B (buy) quantity=555885348 symbol=XYZ "
              "price=354495215601806.3160 time_in_force=3 (at once or not at all) display=Y "
              "(visible) capacity=P (itself) sweep=N (not part of a sweep) cross_type=N (none: "
              "continuous market) client_order_id=id1 FIRM=AB MAX_FLOOR=16909060");
    text_init(&text, line, sizeof line);
    assert_int_equal(ouch_describe(OUCH_IN, bytes, sizeof expected, FIELDS_FOR_JSON, &text),
                     STATUS_OK);
    assert_string_equal(
        line, "{\"message\":\"enter_order\",\"user_ref_num\":286397204,\"side\":\"B\","
              "\"quantity\":555885348,\"symbol\":\"XYZ\",\"price\":\"354495215601806.3160\","
              "\"time_in_force\":\"3\",\"display\":\"Y\",\"capacity\":\"P\",\"sweep\":\"N\","
              "\"cross_type\":\"N\",\"client_order_id\":\"id1\",\"appendage\":[{\"tag\":2,"
              "\"FIRM\":\"AB\"},{\"tag\":5,\"MAX_FLOOR\":16909060}]}");
}

static void appendages_that_do_not_tile(void **state)
{
    (void)state;
    uint8_t bytes[OUCH_LENGTH_MAX + 8] = {0};
    struct ouch_appendage out;
    /* a length byte alone at the end, an element that ends behind the appendage, one of length 0 */
    static const uint8_t bad[3][3] = {{1, 3, 1}, {3, 3, 9}, {0, 1, 2}};
    for (size_t i = 0; i < 3; i++) {
        bytes_store_be16(bytes + 9, 3);
        memcpy(bytes + 11, bad[i], 3);
        assert_int_equal(ouch_appendage_decode(bytes, 14, 9, OUCH_APPENDAGE_REQUIRED, &out),
                         STATUS_INVALID);
    }
    /* more than any message needs */
    bytes_store_be16(bytes + 9, OUCH_APPENDAGE_BYTES_MAX + 1);
    assert_int_equal(ouch_appendage_decode(bytes, 11 + OUCH_APPENDAGE_BYTES_MAX + 1, 9,
                                           OUCH_APPENDAGE_REQUIRED, &out),
                     STATUS_INVALID);
    /* none allowed, and a length cut in two */
    assert_int_equal(ouch_appendage_decode(bytes, 11, 9, OUCH_APPENDAGE_NONE, &out),
                     STATUS_INVALID);
    assert_int_equal(ouch_appendage_decode(bytes, 10, 9, OUCH_APPENDAGE_OPTIONAL, &out),
                     STATUS_TRUNCATED);
    assert_int_equal(ouch_check(OUCH_OUT, bytes, 9), STATUS_UNSUPPORTED);
    assert_int_equal(ouch_check(OUCH_OUT, bytes, 0), STATUS_TRUNCATED);
}

static void elements_are_found(void **state)
{
    (void)state;
    struct ouch_appendage_writer writer = {0};
    size_t tags = 0;
#define OUCH_TAG(NAME, number, kind, bytes, meaning)                                               \
    ouch_appendage_add_number(&writer, OUCH_TAG_##NAME, UINT64_C(0x1122334455667788));             \
    assert_int_equal(ouch_tag_bytes(number), bytes);                                               \
    assert_string_equal(ouch_tag_name(number), #NAME);                                             \
    tags++;
#include "wire/ouch/codes.def"
    struct ouch_appendage all = ouch_appendage_view(&writer);
    struct ouch_element element;
    size_t at = 0;
    size_t seen = 0;
    while (ouch_appendage_next(&all, &at, &element)) {
        struct ouch_element found;
        assert_int_equal(ouch_appendage_find(&all, (enum ouch_tag)element.tag, &found), STATUS_OK);
        assert_ptr_equal(found.value, element.value);
        uint64_t mask = element.bytes == 8 ? UINT64_MAX : (UINT64_C(1) << element.bytes * 8) - 1;
        assert_true(ouch_element_number(&found) == (UINT64_C(0x1122334455667788) & mask));
        seen++;
    }
    assert_int_equal(seen, tags);
    assert_int_equal(tags, 28);
    struct ouch_appendage none = {0};
    assert_int_equal(ouch_appendage_find(&none, OUCH_TAG_FIRM, &element), STATUS_NOT_FOUND);
    ouch_appendage_add_number(&writer, OUCH_TAG_SIDE, 'B');
    all = ouch_appendage_view(&writer);
    assert_int_equal(ouch_appendage_find(&all, OUCH_TAG_SIDE, &element), STATUS_INVALID);
    static const uint8_t short_firm[] = {4, OUCH_TAG_FIRM, 'A', 'B', 'C'};
    struct ouch_appendage wrong = {.bytes = short_firm, .count = sizeof short_firm};
    assert_int_equal(ouch_appendage_find(&wrong, OUCH_TAG_FIRM, &element), STATUS_INVALID);
}

static void values_have_meanings(void **state)
{
    (void)state;
#define OUCH_VALUE(set, SET, NAME, value, meaning)                                                 \
    assert_string_equal(ouch_value_meaning(OUCH_SET_##set, value), meaning);
#include "wire/ouch/codes.def"
    assert_null(ouch_value_meaning(OUCH_SET_side, 'x'));
    assert_null(ouch_value_meaning(OUCH_SET_reject, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_survive),  cmocka_unit_test(fields_tile),
        cmocka_unit_test(an_order_by_hand),   cmocka_unit_test(appendages_that_do_not_tile),
        cmocka_unit_test(elements_are_found), cmocka_unit_test(values_have_meanings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

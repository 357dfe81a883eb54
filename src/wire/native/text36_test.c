/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: names are made, compared and judged by their bytes alone, and closed sets know their names.
 * Method: the ends of each range; every byte value tried in a name; numbers next to snprintf; the
 * lists of schema/ expanded once more.
 */
#include "wire/native/text36.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void only_printable_names_are_valid(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        struct text36 text = text36_from("abc");
        text.bytes[1] = (char)byte;
        struct chars16 chars = chars16_from("abc");
        chars.bytes[2] = (char)byte;
        bool printable = byte > 0x20 && byte < 0x7f;
        assert_int_equal(text36_valid(&text), printable);
        assert_int_equal(chars16_valid(&chars), printable || byte == 0);
    }
}

static void ends_of_the_range(void **state)
{
    (void)state;
    struct text36 text = text36_from("");
    assert_false(text36_valid(&text));
    text = text36_from("123456789012345678901234567890123456");
    assert_true(text36_valid(&text));
    text.count = 37;
    assert_false(text36_valid(&text));
    text = text36_from("a");
    text.bytes[38] = 'x';
    assert_false(text36_valid(&text));
    struct chars16 chars = chars16_from("");
    assert_false(chars16_valid(&chars));
    chars = chars16_from("1234567890123456");
    assert_true(chars16_valid(&chars));
}

static void numbers_are_decimal(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 9, 10, 99, 4711, UINT64_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRIu64, numbers[i]);
        struct text36 from_number = text36_from_number(numbers[i]);
        struct text36 from_string = text36_from(digits);
        assert_true(text36_equal(&from_number, &from_string));
        assert_true(text36_valid(&from_number));
    }
}

static void names_of_one_start_differ(void **state)
{
    (void)state;
    struct text36 shorter = text36_from("order-1");
    struct text36 longer = text36_from("order-12");
    assert_false(text36_equal(&shorter, &longer));
}

static void every_value_of_a_set_has_its_name(void **state)
{
    (void)state;
#define ENUMERATION(name, meaning) assert_null(name##_name(63));
#define VALUE(enumeration, name, number, meaning)                                                  \
    assert_string_equal(enumeration##_name(number), #name);
#include "schema/enums.def"
#undef ENUMERATION
#undef VALUE
#define REJECT(name, number, cause, remedy)                                                        \
    assert_string_equal(reject_name(number), #name);                                               \
    assert_string_equal(reject_cause(number), cause);                                              \
    assert_string_equal(reject_remedy(number), remedy);
#include "schema/rejects.def"
#undef REJECT
    assert_null(reject_name(REJECT_NONE));
    assert_null(reject_cause(60000));
    assert_null(reject_remedy(60000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_printable_names_are_valid),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(numbers_are_decimal),
        cmocka_unit_test(names_of_one_start_differ),
        cmocka_unit_test(every_value_of_a_set_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

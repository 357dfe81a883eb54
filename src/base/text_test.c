/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the writer never leaves its buffer, always ends it, and remembers a cut.
 * Method: every capacity from 1 up against one long text, with guard bytes behind the buffer; JSON
 * strings compared byte for byte.
 */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void every_capacity_is_respected(void **state)
{
    (void)state;
    static const char wanted[] = "alpha beta-42 gamma";
    for (size_t capacity = 1; capacity <= sizeof wanted + 2; capacity++) {
        char bytes[64];
        memset(bytes, '#', sizeof bytes);
        struct text text;
        text_init(&text, bytes, capacity);
        text_add(&text, "alpha ");
        text_format(&text, "%s-%d", "beta", 42);
        text_add_bytes(&text, " gamma!", 6);
        size_t length = capacity - 1 < sizeof wanted - 1 ? capacity - 1 : sizeof wanted - 1;
        assert_int_equal(text.length, length);
        assert_int_equal(text.truncated, capacity < sizeof wanted);
        assert_memory_equal(bytes, wanted, length);
        assert_int_equal(bytes[length], '\0');
        for (size_t i = capacity; i < sizeof bytes; i++) {
            assert_int_equal(bytes[i], '#');
        }
    }
}

static void a_full_writer_takes_nothing_more(void **state)
{
    (void)state;
    char bytes[4];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "abc");
    assert_false(text.truncated);
    text_add(&text, "");
    text_format(&text, "%s", "");
    assert_false(text.truncated);
    text_format(&text, "%d", 7);
    assert_true(text.truncated);
    assert_string_equal(bytes, "abc");
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    static const char raw[] = "a\"b\\c\nd\0e\x7f\xff/";
    char bytes[96];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add_json(&text, raw, sizeof raw - 1);
    assert_string_equal(bytes, "\"a\\\"b\\\\c\\u000ad\\u0000e\\u007f\\u00ff/\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capacity_is_respected),
        cmocka_unit_test(a_full_writer_takes_nothing_more),
        cmocka_unit_test(json_strings_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: addresses are told from what only looks like one, and loopback and multicast from the rest.
 * Method: a list of texts with what each must be.
 */
#include "config/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void good_ones(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint16_t port;
        bool six;
        bool loopback;
        bool multicast;
        uint8_t bytes[16];
    } cases[] = {
        {"127.0.0.1:9101", 9101, false, true, false, {127, 0, 0, 1}},
        {"0.0.0.0:0", 0, false, false, false, {0}},
        {"239.192.77.1:65535", 65535, false, false, true, {239, 192, 77, 1}},
        {"255.255.255.255:1", 1, false, false, false, {255, 255, 255, 255}},
        {"[::1]:1", 1, true, true, false, {[15] = 1}},
        {"[::]:1", 1, true, false, false, {0}},
        {"[ff02::1]:1", 1, true, false, true, {0xff, 2, [15] = 1}},
        {"[1:2:3:4:5:6:7:8]:1",
         1,
         true,
         false,
         false,
         {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
        {"[2001:db8::A]:1", 1, true, false, false, {0x20, 1, 0x0d, 0xb8, [15] = 10}},
        {"[1::]:1", 1, true, false, false, {0, 1}},
        {"[::ffff:10.0.0.1]:1", 1, true, false, false, {[10] = 255, 255, 10, 0, 0, 1}},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct config_address address;
        assert_true(config_address_parse(cases[i].text, &address));
        assert_int_equal(address.port, cases[i].port);
        assert_int_equal(address.six, cases[i].six);
        assert_int_equal(address.loopback, cases[i].loopback);
        assert_int_equal(address.multicast, cases[i].multicast);
        assert_memory_equal(address.bytes, cases[i].bytes, 16);
    }
}

static void bad_ones(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        ":9101",
        "127.0.0:1",
        "256.0.0.1:1",
        "01.0.0.1:1",
        "127.0.0.1:99999",
        "127.0.0.1:1x",
        "localhost:1",
        "::1:1",
        "[::1]",
        "[::1:1",
        "[1:2:3]:1",
        "[1::2::3]:1",
        "[:1]:1",
        "[1:]:1",
        "[12345::]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[]:1",
        "[1:2:3:4:5:6:7:8::]:1",
        "[::1.2.3]:1",
        "[:::]:1",
        "127.0.0.1:01",
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct config_address address = {.port = 77};
        if (config_address_parse(texts[i], &address)) {
            assert_string_equal(texts[i], "a text that is refused");
        }
        assert_int_equal(address.port, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_ones), cmocka_unit_test(bad_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

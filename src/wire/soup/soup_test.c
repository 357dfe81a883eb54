/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: SoupBinTCP packets are cut out of a byte stream at the right places, whatever arrives, and
 * logins and their answers survive encode then decode. Method: one packet of each type, every cut;
 * every type under every short length; packets by hand.
 */
#include "wire/soup/soup.h"

#include "wire/blank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_stream_of_every_type(void **state)
{
    (void)state;
    uint8_t stream[512];
    size_t count = 0;
    const struct soup_login login = {
        .sequence = UINT64_MAX, .username = "user", .password = "secret", .session = "S1"};
    const struct soup_accepted accepted = {.sequence = 1, .session = "S1"};
    count += soup_encode_debug("hello", stream + count);
    count += soup_encode_login(&login, stream + count);
    count += soup_encode_accepted(&accepted, stream + count);
    count += soup_encode_rejected(SOUP_SESSION_NOT_AVAILABLE, stream + count);
    count += soup_encode_empty(SOUP_SERVER_HEARTBEAT, stream + count);
    count += soup_encode_empty(SOUP_CLIENT_HEARTBEAT, stream + count);
    count += soup_encode_empty(SOUP_LOGOUT, stream + count);
    count += soup_encode_empty(SOUP_END_OF_SESSION, stream + count);
    soup_encode_header(SOUP_SEQUENCED, 2, stream + count);
    count += SOUP_HEADER_BYTES + 2;
    soup_encode_header(SOUP_UNSEQUENCED, 0, stream + count);
    count += SOUP_HEADER_BYTES;

    static const char expected[] = "+LAJHROZSU";
    size_t at = 0;
    for (size_t i = 0; i < sizeof expected - 1; i++) {
        struct soup_packet packet;
        assert_int_equal(soup_next(stream + at, count - at, &packet), STATUS_OK);
        assert_int_equal(packet.type, expected[i]);
        struct soup_packet cut;
        for (size_t shorter = 0; shorter < packet.bytes; shorter++) {
            assert_int_equal(soup_next(stream + at, shorter, &cut), STATUS_AGAIN);
        }
        assert_int_equal(soup_from_client(packet.type), strchr("+LURO", expected[i]) != NULL);
        assert_int_equal(soup_from_server(packet.type), strchr("+AJSUHZ", expected[i]) != NULL);
        if (packet.type == SOUP_LOGIN) {
            struct soup_login back;
            assert_int_equal(soup_decode_login(&packet, &back), STATUS_OK);
            assert_true(back.sequence == UINT64_MAX);
            assert_string_equal(back.username, "user");
            assert_string_equal(back.password, "secret");
            assert_string_equal(back.session, "S1");
        } else if (packet.type == SOUP_LOGIN_ACCEPTED) {
            struct soup_accepted back;
            assert_int_equal(soup_decode_accepted(&packet, &back), STATUS_OK);
            assert_int_equal(back.sequence, 1);
            assert_string_equal(back.session, "S1");
        } else if (packet.type == SOUP_LOGIN_REJECTED) {
            uint8_t reason;
            assert_int_equal(soup_decode_rejected(&packet, &reason), STATUS_OK);
            assert_int_equal(reason, 'S');
        }
        at += packet.bytes;
    }
    assert_int_equal(at, count);
}

static void a_login_by_hand(void **state)
{
    (void)state;
    static const char expected[] = "\x00\x2fL"
                                   "ab    "
                                   "0123456789"
                                   "        S1"
                                   "                  42";
    const struct soup_login login = {
        .sequence = 42, .username = "ab", .password = "0123456789", .session = "S1"};
    uint8_t out[SOUP_LOGIN_BYTES];
    assert_int_equal(soup_encode_login(&login, out), sizeof expected - 1);
    assert_memory_equal(out, expected, sizeof out);
    struct soup_packet packet;
    struct soup_login back;
    assert_int_equal(soup_next(out, sizeof out, &packet), STATUS_OK);
    memset(out + SOUP_LOGIN_BYTES - SOUP_SEQUENCE_BYTES, ' ', SOUP_SEQUENCE_BYTES);
    assert_int_equal(soup_decode_login(&packet, &back), STATUS_OK);
    assert_int_equal(back.sequence, 0);
    out[SOUP_LOGIN_BYTES - 1] = 'x';
    assert_int_equal(soup_decode_login(&packet, &back), STATUS_INVALID);
    out[SOUP_LOGIN_BYTES - 1] = '1';
    out[SOUP_HEADER_BYTES + 3] = 0;
    assert_int_equal(soup_decode_login(&packet, &back), STATUS_INVALID);
}

static void what_is_no_packet(void **state)
{
    (void)state;
    uint8_t bytes[4] = {0};
    struct soup_packet packet;
    size_t known = 0;
    for (unsigned type = 0; type < 256; type++) {
        bytes[2] = (uint8_t)type;
        bytes_store_be16(bytes, 0);
        assert_int_equal(soup_next(bytes, sizeof bytes, &packet), STATUS_INVALID);
        bytes_store_be16(bytes, SOUP_PAYLOAD_BYTES_MAX + 2);
        assert_int_equal(soup_next(bytes, sizeof bytes, &packet), STATUS_INVALID);
        bytes_store_be16(bytes, 2);
        enum status two = soup_next(bytes, sizeof bytes, &packet);
        bytes_store_be16(bytes, 1);
        enum status one = soup_next(bytes, sizeof bytes, &packet);
        bool client = soup_from_client((uint8_t)type);
        bool server = soup_from_server((uint8_t)type);
        if (!client && !server) {
            assert_int_equal(one, STATUS_INVALID);
            assert_int_equal(two, STATUS_INVALID);
            continue;
        }
        known++;
        assert_int_equal(one, strchr("+SUHROZ", (int)type) != NULL ? STATUS_OK : STATUS_INVALID);
        assert_int_equal(two, strchr("+SUJ", (int)type) != NULL ? STATUS_OK : STATUS_INVALID);
    }
    assert_int_equal(known, 10);
    bytes[2] = SOUP_UNSEQUENCED;
    bytes_store_be16(bytes, SOUP_PAYLOAD_BYTES_MAX + 1);
    assert_int_equal(soup_next(bytes, sizeof bytes, &packet), STATUS_AGAIN);
}

static void numbers_with_blanks(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_int_equal(blank_number("   12 ", 6, &value), STATUS_OK);
    assert_int_equal(value, 12);
    assert_int_equal(blank_number("18446744073709551615", 20, &value), STATUS_OK);
    assert_true(value == UINT64_MAX);
    assert_int_equal(blank_number("18446744073709551616", 20, &value), STATUS_INVALID);
    assert_int_equal(blank_number("99999999999999999999", 20, &value), STATUS_INVALID);
    assert_int_equal(blank_number("1 2", 3, &value), STATUS_INVALID);
    assert_int_equal(blank_number("-1", 2, &value), STATUS_INVALID);
    assert_true(value == UINT64_MAX);
    assert_int_equal(blank_number("", 0, &value), STATUS_OK);
    assert_int_equal(value, 0);
    char text[4];
    blank_number_set(text, sizeof text, 0);
    assert_memory_equal(text, "   0", 4);
    blank_number_set(text, sizeof text, 9876);
    assert_memory_equal(text, "9876", 4);
    assert_int_equal(blank_length("a b  ", 5), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_of_every_type),
        cmocka_unit_test(a_login_by_hand),
        cmocka_unit_test(what_is_no_packet),
        cmocka_unit_test(numbers_with_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

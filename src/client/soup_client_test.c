/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: across any number of connections the machine gives each number once, in order, asks for
 * what is missing, and waits before it comes back. Method: packets of a venue written here, time as
 * a number, every split of the bytes.
 */
#include "client/soup_client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIRST_WAIT_NS INT64_C(100000000)

static const struct soup_login login = {.username = "ALICE1", .password = "secret"};

/* Connected at `now_ns`; returns the number that its login asked for. */
static uint64_t log_on(struct soup_client *client, int64_t now_ns)
{
    uint8_t bytes[SOUP_LOGIN_BYTES];
    struct soup_packet packet;
    struct soup_login sent;
    soup_client_connecting(client, now_ns);
    assert_int_equal(soup_client_connected(client, now_ns, bytes), SOUP_LOGIN_BYTES);
    assert_int_equal(soup_next(bytes, sizeof bytes, &packet), STATUS_OK);
    assert_int_equal(soup_decode_login(&packet, &sent), STATUS_OK);
    assert_string_equal(sent.username, "ALICE1");
    return sent.sequence;
}

static size_t accept_bytes(uint64_t sequence, uint8_t *out)
{
    struct soup_accepted accepted = {.sequence = sequence, .session = "7"};
    return soup_encode_accepted(&accepted, out);
}

static size_t message_bytes(uint8_t content, uint8_t *out)
{
    soup_encode_header(SOUP_SEQUENCED, 1, out);
    out[SOUP_HEADER_BYTES] = content;
    return SOUP_HEADER_BYTES + 1;
}

static void numbers_go_on_over_connections(void **state)
{
    (void)state;
    struct soup_client client;
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    uint64_t expected = 1;
    int64_t now_ns = 0;
    for (int connection = 0; connection < 20; connection++) {
        uint8_t bytes[256];
        assert_true(soup_client_due(&client, now_ns));
        assert_int_equal(log_on(&client, now_ns), expected);
        size_t count = accept_bytes(expected, bytes);
        for (int i = 0; i < connection; i++) {
            count += message_bytes((uint8_t)(expected + (uint64_t)i), bytes + count);
        }
        /* Cut at a byte of its own each time: what is not whole does not count. */
        size_t cut = count - (size_t)connection % 4;
        size_t at = 0;
        size_t used = 1;
        while (used > 0) {
            struct soup_client_action action =
                soup_client_read(&client, now_ns, bytes + at, cut - at, &used);
            at += used;
            if (action.kind == CLIENT_MESSAGE) {
                assert_int_equal(action.number, expected);
                assert_int_equal(action.payload[0], (uint8_t)expected);
                expected++;
            }
        }
        soup_client_lost(&client, now_ns);
        assert_int_equal(client.next_number, expected);
        assert_false(soup_client_due(&client, now_ns));
        now_ns += FIRST_WAIT_NS * 300;
    }
    assert_true(expected > 100);
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    uint8_t bytes[256];
    size_t count = accept_bytes(5, bytes);
    count += message_bytes('a', bytes + count);
    count += soup_encode_empty(SOUP_SERVER_HEARTBEAT, bytes + count);
    count += soup_encode_debug("hello", bytes + count);
    struct soup_client client;
    soup_client_init(&client, &login, 5, 0);
    assert_int_equal(log_on(&client, 0), 5);
    size_t at = 0;
    unsigned seen[6] = {0};
    for (size_t have = 0; have <= count; have++) {
        size_t used;
        struct soup_client_action action =
            soup_client_read(&client, 0, bytes + at, have - at, &used);
        at += used;
        seen[action.kind] += used > 0;
    }
    assert_int_equal(at, count);
    assert_int_equal(seen[CLIENT_OPENED], 1);
    assert_int_equal(seen[CLIENT_MESSAGE], 1);
    assert_int_equal(seen[CLIENT_UNNUMBERED], 1);
    assert_int_equal(seen[CLIENT_NOTHING], 1); /* the heartbeat */
    assert_string_equal(client.session, "7");
}

static void the_wait_doubles_to_its_bound_and_a_logon_resets_it(void **state)
{
    (void)state;
    struct soup_client client;
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    int64_t now_ns = 0;
    int64_t most_ns = 0;
    for (int i = 0; i < 20; i++) {
        int64_t wait_ns = FIRST_WAIT_NS;
        for (int j = 0; j < i && wait_ns < FIRST_WAIT_NS * SOUP_CLIENT_BACKOFF_FACTOR; j++) {
            wait_ns *= 2;
        }
        soup_client_connecting(&client, now_ns);
        soup_client_lost(&client, now_ns);
        int64_t waited_ns = client.due_ns - now_ns;
        assert_in_range(waited_ns, FIRST_WAIT_NS / 2, FIRST_WAIT_NS * SOUP_CLIENT_BACKOFF_FACTOR);
        assert_true(waited_ns <= wait_ns);
        most_ns = waited_ns > most_ns ? waited_ns : most_ns;
        now_ns = client.due_ns;
    }
    assert_true(most_ns >= FIRST_WAIT_NS * SOUP_CLIENT_BACKOFF_FACTOR / 2);
    uint8_t bytes[64];
    size_t used;
    (void)log_on(&client, now_ns);
    size_t count = accept_bytes(1, bytes);
    struct soup_client_action action = soup_client_read(&client, now_ns, bytes, count, &used);
    assert_int_equal(action.kind, CLIENT_OPENED);
    soup_client_lost(&client, now_ns);
    assert_true(client.due_ns - now_ns <= FIRST_WAIT_NS);
}

static void a_wrong_password_is_final_and_an_end_is_not(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t used;
    struct soup_client client;
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    size_t count = soup_encode_rejected(SOUP_NOT_AUTHORIZED, bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, count, &used).kind, CLIENT_CUT);
    soup_client_lost(&client, 0);
    assert_int_equal(client.state, SOUP_CLIENT_REFUSED);

    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    count = soup_encode_rejected(SOUP_SESSION_NOT_AVAILABLE, bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, count, &used).kind, CLIENT_CUT);
    soup_client_lost(&client, 0);
    assert_int_equal(client.state, SOUP_CLIENT_WAITING);
}

static void silence_is_answered_with_heartbeats_and_then_the_end(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t used;
    struct soup_client client;
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    size_t count = accept_bytes(1, bytes);
    (void)soup_client_read(&client, 0, bytes, count, &used);
    unsigned heartbeats = 0;
    int64_t now_ns = 0;
    struct soup_client_action action = {.kind = CLIENT_NOTHING};
    while (action.kind != CLIENT_CUT) {
        now_ns += SOUP_CLIENT_SECOND_NS / 4;
        action = soup_client_tick(&client, now_ns);
        heartbeats += action.kind == CLIENT_HEARTBEAT;
    }
    assert_int_equal(now_ns, SOUP_TIMEOUT_S * SOUP_CLIENT_SECOND_NS);
    assert_int_equal(heartbeats, SOUP_TIMEOUT_S - 1);
}

static void a_venue_that_does_not_keep_to_the_rules_is_cut(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t used;
    struct soup_client client;
    /* another number than asked for */
    soup_client_init(&client, &login, 9, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    size_t count = accept_bytes(8, bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, count, &used).kind, CLIENT_CUT);
    assert_true(soup_client_is_over(&client));
    /* a message before the answer */
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    count = message_bytes('a', bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, count, &used).kind, CLIENT_CUT);
    /* a client's packet */
    soup_client_init(&client, &login, 1, FIRST_WAIT_NS);
    (void)log_on(&client, 0);
    count = soup_encode_empty(SOUP_LOGOUT, bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, count, &used).kind, CLIENT_CUT);
    /* no packet */
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(soup_client_read(&client, 0, bytes, sizeof bytes, &used).kind, CLIENT_CUT);
    assert_int_equal(used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_on_over_connections),
        cmocka_unit_test(bytes_may_come_one_by_one),
        cmocka_unit_test(the_wait_doubles_to_its_bound_and_a_logon_resets_it),
        cmocka_unit_test(a_wrong_password_is_final_and_an_end_is_not),
        cmocka_unit_test(silence_is_answered_with_heartbeats_and_then_the_end),
        cmocka_unit_test(a_venue_that_does_not_keep_to_the_rules_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

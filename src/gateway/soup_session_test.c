/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the state machine takes what SoupBinTCP allows, in any fragments, and ends with a reason
 * for everything else. Method: scripted conversations byte by byte against a clock that is ticked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/soup_session.h"

#define MS 1000000

static const struct soup_session_limits limits = {
    .login_timeout_ns = 100 * MS, .heartbeat_ns = 10 * MS, .silence_ns = 150 * MS};

static size_t login_packet(uint8_t *out, const char *name)
{
    struct soup_login login = {.sequence = 7};
    memcpy(login.username, name, strlen(name) + 1);
    memcpy(login.password, "secret", 7);
    return soup_encode_login(&login, out);
}

static void make_live(struct soup_session *session, int64_t now_ns)
{
    uint8_t packet[SOUP_LOGIN_BYTES];
    size_t consumed;
    soup_session_init(session, &limits, now_ns);
    struct soup_action action =
        soup_session_read(session, now_ns, packet, login_packet(packet, "ALICE1"), &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_LOGIN);
    soup_session_checked(session, true);
    soup_session_opened(session, now_ns);
    assert_int_equal(session->state, SOUP_STATE_LIVE);
}

static void a_login_is_taken_in_any_fragments(void **state)
{
    (void)state;
    uint8_t packet[SOUP_LOGIN_BYTES];
    size_t count = login_packet(packet, "ALICE1");
    for (size_t cut = 0; cut < count; cut++) {
        struct soup_session session;
        size_t consumed = 99;
        soup_session_init(&session, &limits, 0);
        struct soup_action action = soup_session_read(&session, 1, packet, cut, &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_NONE);
        assert_int_equal(consumed, 0);
        action = soup_session_read(&session, 2, packet, count, &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_LOGIN);
        assert_int_equal(consumed, count);
        assert_string_equal(action.login.username, "ALICE1");
        assert_string_equal(action.login.password, "secret");
        assert_int_equal(action.login.sequence, 7);
        assert_int_equal(session.state, SOUP_STATE_CHECKING);
    }
}

static void a_bad_password_ends_it_and_a_good_one_goes_on(void **state)
{
    (void)state;
    uint8_t packet[SOUP_LOGIN_BYTES];
    size_t consumed;
    struct soup_session session;
    soup_session_init(&session, &limits, 0);
    (void)soup_session_read(&session, 1, packet, login_packet(packet, "A"), &consumed);
    soup_session_checked(&session, false);
    assert_int_equal(session.state, SOUP_STATE_OVER);
    soup_session_opened(&session, 2); /* an answer that comes too late revives nothing */
    assert_int_equal(session.state, SOUP_STATE_OVER);
    make_live(&session, 3);
}

/* Attack 39: what followed a recorded logon, without waiting for the answer. */
static void packets_before_the_answer_are_refused(void **state)
{
    (void)state;
    uint8_t packet[SOUP_LOGIN_BYTES];
    const uint8_t message[] = {0, 2, 'U', 'x'};
    size_t consumed;
    for (int stage = 0; stage < 3; stage++) {
        struct soup_session session;
        soup_session_init(&session, &limits, 0);
        if (stage > 0) {
            (void)soup_session_read(&session, 1, packet, login_packet(packet, "A"), &consumed);
        }
        if (stage > 1) {
            soup_session_checked(&session, true);
        }
        struct soup_action action =
            soup_session_read(&session, 2, message, sizeof message, &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_CUT);
        assert_non_null(action.reason);
        assert_int_equal(session.state, SOUP_STATE_OVER);
    }
}

static void a_second_login_and_server_packets_are_refused(void **state)
{
    (void)state;
    uint8_t packet[SOUP_LOGIN_BYTES];
    size_t consumed;
    struct soup_session session;
    make_live(&session, 0);
    struct soup_action action =
        soup_session_read(&session, 2, packet, login_packet(packet, "A"), &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_CUT);
    const uint8_t from_server[][4] = {{0, 1, 'H'}, {0, 1, 'Z'}, {0, 2, 'S', 1}, {0, 2, 'J', 'A'}};
    const size_t counts[] = {3, 3, 4, 4};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        make_live(&session, 0);
        action = soup_session_read(&session, 2, from_server[i], counts[i], &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_CUT);
    }
}

static void broken_framing_is_cut_and_eats_the_rest(void **state)
{
    (void)state;
    const uint8_t broken[][4] = {
        {0, 0, 'R', 0}, {0xff, 0xff, 'U', 0}, {0, 2, 'q', 0}, {0, 2, 'R', 0}};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct soup_session session;
        size_t consumed;
        make_live(&session, 0);
        struct soup_action action =
            soup_session_read(&session, 1, broken[i], sizeof broken[i], &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_CUT);
        assert_int_equal(consumed, sizeof broken[i]);
        action = soup_session_read(&session, 2, broken[i], sizeof broken[i], &consumed);
        assert_int_equal(action.kind, SOUP_ACTION_NONE);
        assert_int_equal(consumed, sizeof broken[i]);
    }
}

static void messages_come_out_one_at_a_time(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0, 2, 'U', 'a', 0, 1, 'R', 0, 3, 'U', 'b', 'c', 0, 1, 'O'};
    struct soup_session session;
    size_t consumed;
    make_live(&session, 0);
    struct soup_action action = soup_session_read(&session, 1, bytes, sizeof bytes, &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_MESSAGE);
    assert_int_equal(action.payload_bytes, 1);
    assert_int_equal(action.payload[0], 'a');
    size_t at = consumed;
    action = soup_session_read(&session, 1, bytes + at, sizeof bytes - at, &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_NONE);
    at += consumed;
    action = soup_session_read(&session, 1, bytes + at, sizeof bytes - at, &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_MESSAGE);
    assert_memory_equal(action.payload, "bc", 2);
    at += consumed;
    action = soup_session_read(&session, 1, bytes + at, sizeof bytes - at, &consumed);
    assert_int_equal(action.kind, SOUP_ACTION_LOGOUT);
    assert_int_equal(at + consumed, sizeof bytes);
    assert_int_equal(session.state, SOUP_STATE_OVER);
}

/* Attack 39: a client sets no interval. */
static void time_asks_for_heartbeats_and_ends_the_silent(void **state)
{
    (void)state;
    struct soup_session session;
    const uint8_t heartbeat[] = {0, 1, 'R'};
    size_t consumed;
    soup_session_init(&session, &limits, 0);
    assert_int_equal(soup_session_tick(&session, 99 * MS).kind, SOUP_ACTION_NONE);
    assert_int_equal(soup_session_tick(&session, 100 * MS).kind, SOUP_ACTION_CUT);
    make_live(&session, 0);
    assert_int_equal(soup_session_tick(&session, 9 * MS).kind, SOUP_ACTION_NONE);
    assert_int_equal(soup_session_tick(&session, 10 * MS).kind, SOUP_ACTION_HEARTBEAT);
    soup_session_sent(&session, 10 * MS);
    assert_int_equal(soup_session_tick(&session, 19 * MS).kind, SOUP_ACTION_NONE);
    (void)soup_session_read(&session, 140 * MS, heartbeat, sizeof heartbeat, &consumed);
    assert_int_equal(soup_session_tick(&session, 289 * MS).kind, SOUP_ACTION_HEARTBEAT);
    struct soup_action action = soup_session_tick(&session, 290 * MS);
    assert_int_equal(action.kind, SOUP_ACTION_CUT);
    assert_true(action.silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_taken_in_any_fragments),
        cmocka_unit_test(a_bad_password_ends_it_and_a_good_one_goes_on),
        cmocka_unit_test(packets_before_the_answer_are_refused),
        cmocka_unit_test(a_second_login_and_server_packets_are_refused),
        cmocka_unit_test(broken_framing_is_cut_and_eats_the_rest),
        cmocka_unit_test(messages_come_out_one_at_a_time),
        cmocka_unit_test(time_asks_for_heartbeats_and_ends_the_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

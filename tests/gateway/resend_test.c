/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a native session with a long past logs on at a gateway that never saw it without that past
 * being read; what it then asks for again, from any number, is what it was told before, also when
 * the gateway ends in the midst of it; what an earlier command came to is told by the engine. An
 * OUCH session, whose messages need its past, reads it once a gateway.
 *
 * Method: as native_test.c; one large order that strangers take lot by lot makes the past; the
 * records that the stream polls from the events log are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/client.h"
#include "wire/native/sbe.h"

#include <stdlib.h>

#define PAST          100000u /* trades of the first order */
#define PAST_A_TURN   500u
#define LOGON_READS   1000u /* records: the last SESSION_OPENED costs a poll or two */
#define PRICE         10000
#define RESENT_AT     37001u
#define RESENT_BEFORE 5000u /* messages before the gateway ends */

struct scene {
    struct world world;
    struct client client;
    uint64_t input_sequence;
    struct journal_ops counting;
};

/* What the events log would have done, and how often it was asked. */
static const struct journal_ops *log_ops;
static uint64_t records_read;

static enum status counting_poll(struct journal *journal, struct journal_cursor *cursor,
                                 struct journal_entry *out_entries, size_t max, size_t *out_count)
{
    enum status status = log_ops->poll(journal, cursor, out_entries, max, out_count);
    records_read += status == STATUS_OK ? *out_count : 0;
    return status;
}

static void send_command(struct scene *scene, struct command *command, uint8_t id)
{
    uint8_t bytes[SBE_COMMAND_BYTES_MAX];
    command->header.id = id;
    command->header.input_sequence = ++scene->input_sequence;
    assert_true(client_send(&scene->client, bytes, sbe_command_encode(bytes, command)));
}

static void send_order(struct scene *scene, const char *name, int64_t lots)
{
    struct command command = {0};
    command.new_order = (struct command_new_order){.price = {PRICE},
                                                   .quantity = {lots},
                                                   .instrument = WORLD_INSTRUMENT,
                                                   .side = SIDE_BUY,
                                                   .order_type = ORDER_TYPE_LIMIT,
                                                   .time_in_force = TIME_IN_FORCE_DAY,
                                                   .capacity = CAPACITY_AGENCY,
                                                   .client_order_id = text36_from(name)};
    send_command(scene, &command, COMMAND_NEW_ORDER);
}

static void trade_one(struct scene *scene)
{
    world_order(&scene->world, SIDE_SELL, PRICE, 1, true);
}

/* Message 1 is the order's ACCEPTED, 2 to PAST + 1 are trades; the client has heard them all. */
static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    world_open(&scene->world);
    client_init(&scene->client, &scene->world, 0);
    client_log_on(&scene->client, scene->world.native_port, 1);
    send_order(scene, "large", 2 * PAST);
    client_wait(&scene->client, 1);
    for (unsigned i = 0; i < PAST; i++) {
        trade_one(scene);
        if (i % PAST_A_TURN == 0) {
            world_turn(&scene->world);
        }
    }
    client_wait(&scene->client, PAST + 1);
    log_ops = scene->world.events->ops;
    scene->counting = *log_ops;
    scene->counting.poll = counting_poll;
    scene->world.events->ops = &scene->counting;
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    client_deinit(&scene->client);
    scene->world.events->ops = log_ops;
    world_close(&scene->world);
    free(scene);
    return 0;
}

/* A second gateway, which has read the directory, and nobody connected to either. */
static void open_second(struct scene *scene)
{
    client_cut(&scene->client);
    world_open_second(&scene->world);
    for (unsigned i = 0; i < 2 * PAST / HUB_READ_ENTRIES || hub_behind(scene->world.hub); i++) {
        world_turn(&scene->world);
    }
    records_read = 0;
}

static struct event event_at(const struct scene *scene, uint64_t number)
{
    const struct client_message *message = &scene->client.messages[number - 1];
    struct event event;
    uint32_t budget;
    assert_true(number >= 1 && number <= scene->client.count);
    assert_int_equal(sbe_event_decode(message->bytes, message->count, &event, &budget), STATUS_OK);
    return event;
}

/* All that it is owed from where it is, each compared with what it was told before. */
static void wait_all(struct scene *scene, uint64_t last)
{
    for (unsigned turn = 0; scene->client.expected <= last; turn++) {
        assert_true(turn < PAST);
        world_turn(&scene->world);
    }
}

static void a_logon_at_a_new_gateway_reads_nothing_of_the_past(void **state)
{
    struct scene *scene = *state;
    open_second(scene);
    client_log_on(&scene->client, scene->world.second_native_port, 0);
    assert_int_equal(scene->client.accepted_sequence, PAST + 2);
    assert_in_range(records_read, 1, LOGON_READS);
    scene->input_sequence = 0;
    send_order(scene, "small", 1);
    trade_one(scene);
    client_wait(&scene->client, PAST + 3);
    assert_in_range(records_read, 1, LOGON_READS);
    assert_int_equal(scene->client.logins, 2);
}

static bool is_one(void *context, const struct gateway_session_state *state)
{
    (void)state;
    ++*(unsigned *)context;
    return true;
}

/* The public stream, from which a gateway knows its instruments, is as long as any. */
static void a_logon_does_not_wait_for_the_directory(void **state)
{
    struct scene *scene = *state;
    client_cut(&scene->client);
    world_turn(&scene->world);
    world_open_second(&scene->world);
    client_connect(&scene->client, scene->world.second_native_port, 0);
    for (unsigned known = 0; known == 0;) { /* the password is checked, and nothing read */
        scene->world.now_ns += WORLD_TICK_NS;
        net_loop_tick(scene->world.loop, WORLD_TICK_NS);
        assert_int_equal(gateway_tick(scene->world.second), STATUS_OK);
        gateway_sessions(scene->world.second, is_one, &known);
    }
    for (unsigned turn = 0; !scene->client.live; turn++) {
        assert_true(turn < 100);
        world_turn(&scene->world);
    }
    assert_true(hub_behind(scene->world.hub));
    assert_int_equal(scene->client.accepted_sequence, PAST + 2);
}

static void an_old_range_is_what_it_was(void **state)
{
    struct scene *scene = *state;
    const uint64_t from[] = {PAST + 1, RESENT_AT, 1, PAST / 2};
    open_second(scene);
    for (size_t i = 0; i < ARRAY_COUNT(from); i++) {
        client_log_on(&scene->client, scene->world.second_native_port, from[i]);
        assert_int_equal(scene->client.accepted_sequence, from[i]);
        wait_all(scene, PAST + 1);
        if (i == 0) {
            assert_in_range(records_read, 1, LOGON_READS);
        }
        client_cut(&scene->client);
    }
    /* A number that nobody has been given is no place to go on from. */
    client_connect(&scene->client, scene->world.second_native_port, PAST + 3);
    client_wait_closed(&scene->client);
    assert_int_equal(scene->client.rejected, SOUP_SESSION_NOT_AVAILABLE);
}

static void what_comes_during_a_logon_is_told_once(void **state)
{
    struct scene *scene = *state;
    open_second(scene);
    for (unsigned round = 0; round < 20; round++) {
        uint16_t port = round % 2 == 0 ? scene->world.second_native_port : scene->world.native_port;
        client_connect(&scene->client, port, scene->client.count + 1 - round % 3);
        for (unsigned turn = 0; turn < 40 || !scene->client.live; turn++) {
            trade_one(scene);
            world_turn(&scene->world);
        }
        struct stream_key key = {.kind = STREAM_SESSION,
                                 .id = world_session(&scene->world, 0)->session};
        wait_all(scene, stream_last(scene->world.stream, key));
        client_cut(&scene->client);
    }
    assert_int_equal(scene->client.logins, 21);
}

static void earlier_results_are_told_by_the_engine(void **state)
{
    struct scene *scene = *state;
    open_second(scene);
    client_log_on(&scene->client, scene->world.second_native_port, 0);
    scene->input_sequence = 0;
    send_order(scene, "large", 2 * PAST);
    struct command command = {.resolve = {.client_order_id = text36_from("large")}};
    send_command(scene, &command, COMMAND_RESOLVE);
    client_wait(&scene->client, PAST + 3);
    struct event first = event_at(scene, 1);
    struct event again = event_at(scene, PAST + 2);
    struct event resolved = event_at(scene, PAST + 3);
    assert_int_equal(again.header.id, EVENT_REPLAYED);
    assert_true(again.replayed.event_sequence == first.header.sequence);
    assert_int_equal(resolved.header.id, EVENT_RESOLVED);
    assert_true(resolved.resolved.event_sequence == first.header.sequence);
    assert_in_range(records_read, 1, LOGON_READS);
}

static void a_gateway_that_ends_in_a_resend_costs_the_rest(void **state)
{
    struct scene *scene = *state;
    client_cut(&scene->client);
    uint64_t next = RESENT_AT;
    for (unsigned i = 0; i < 3; i++) {
        client_log_on(&scene->client, scene->world.native_port, next);
        assert_int_equal(scene->client.accepted_sequence, next);
        while (scene->client.expected < next + RESENT_BEFORE) {
            world_turn(&scene->world);
        }
        assert_true(scene->client.expected <= PAST); /* it has more to give */
        world_restart_gateway(&scene->world);
        client_wait_closed(&scene->client);
        trade_one(scene);
        next = scene->client.expected;
    }
    client_log_on(&scene->client, scene->world.native_port, next);
    wait_all(scene, PAST + 4);
    assert_int_equal(scene->client.count, PAST + 4);
}

/* Its names of orders stand in older entries: the price of the first logon at a gateway. */
static void an_ouch_logon_reads_the_past_once(void **state)
{
    struct scene *scene = *state;
    open_second(scene);
    scene->client.count = 0; /* other messages for the same numbers */
    client_log_on(&scene->client, scene->world.second_port, 1);
    wait_all(scene, PAST + 1);
    assert_true(records_read > PAST);
    client_cut(&scene->client);
    world_turn(&scene->world);
    records_read = 0;
    client_log_on(&scene->client, scene->world.second_port, 0);
    assert_int_equal(scene->client.accepted_sequence, PAST + 2);
    assert_in_range(records_read, 1, LOGON_READS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_logon_at_a_new_gateway_reads_nothing_of_the_past, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_logon_does_not_wait_for_the_directory, setup, teardown),
        cmocka_unit_test_setup_teardown(an_old_range_is_what_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(what_comes_during_a_logon_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(earlier_results_are_told_by_the_engine, setup, teardown),
        cmocka_unit_test_setup_teardown(a_gateway_that_ends_in_a_resend_costs_the_rest, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_ouch_logon_reads_the_past_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

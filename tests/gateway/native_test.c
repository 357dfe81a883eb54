/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the native door takes the venue's own commands and tells its own events, refuses what is
 * not for sessions, and resends from any number. Method: as sessions_test.c, in SBE frames.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/scene.h"
#include "wire/native/sbe.h"

static int setup(void **state)
{
    int failed = scene_setup(state);
    struct scene *scene = *state;
    client_log_on(&scene->client, scene->world.native_port, 1);
    return failed;
}

static void send_command(struct scene *scene, struct command *command, uint8_t id)
{
    uint8_t bytes[SBE_COMMAND_BYTES_MAX];
    command->header.id = id;
    command->header.input_sequence = ++scene->input_sequence;
    assert_true(client_send(&scene->client, bytes, sbe_command_encode(bytes, command)));
}

static void send_order(struct scene *scene, const char *name, enum side side, int64_t price)
{
    struct command command = {0};
    command.new_order = (struct command_new_order){.price = {price},
                                                   .quantity = {10},
                                                   .instrument = WORLD_INSTRUMENT,
                                                   .side = side,
                                                   .order_type = ORDER_TYPE_LIMIT,
                                                   .time_in_force = TIME_IN_FORCE_DAY,
                                                   .capacity = CAPACITY_AGENCY,
                                                   .client_order_id = text36_from(name)};
    send_command(scene, &command, COMMAND_NEW_ORDER);
}

static struct event event_at(const struct scene *scene, uint64_t number, uint32_t *out_budget)
{
    const struct client_message *message = &scene->client.messages[number - 1];
    struct event event;
    assert_true(number >= 1 && number <= scene->client.count);
    assert_int_equal(sbe_event_decode(message->bytes, message->count, &event, out_budget),
                     STATUS_OK);
    return event;
}

static void orders_and_trades_are_told_as_events(void **state)
{
    struct scene *scene = *state;
    uint32_t budget;
    send_order(scene, "a1", SIDE_BUY, 10000);
    client_wait(&scene->client, 1);
    struct event event = event_at(scene, 1, &budget);
    assert_int_equal(event.header.id, EVENT_ACCEPTED);
    assert_int_equal(event.accepted.account, world_session(&scene->world, 0)->account);
    assert_string_equal(event.accepted.client_order_id.bytes, "a1");
    assert_int_equal(budget, 999); /* of a burst of 1000 */
    uint64_t order_id = event.header.sequence << 16 | WORLD_SHARD;
    world_order(&scene->world, SIDE_SELL, 10000, 4, true);
    client_wait(&scene->client, 2);
    event = event_at(scene, 2, &budget);
    assert_int_equal(event.header.id, EVENT_TRADE);
    assert_true(event.trade.maker_order_id == order_id);
    struct command command = {0};
    command.replace = (struct command_replace){.price = {10100},
                                               .quantity = {9},
                                               .client_order_id = text36_from("a1"),
                                               .new_client_order_id = text36_from("a2")};
    send_command(scene, &command, COMMAND_REPLACE);
    command = (struct command){.cancel = {.client_order_id = text36_from("a2")}};
    send_command(scene, &command, COMMAND_CANCEL);
    client_wait(&scene->client, 4);
    assert_int_equal(event_at(scene, 3, &budget).header.id, EVENT_REPLACED);
    event = event_at(scene, 4, &budget);
    assert_int_equal(event.header.id, EVENT_REMOVED);
    assert_int_equal(event.removed.quantity.lots, 5);
    client_cut(&scene->client);
    client_log_on(&scene->client, scene->world.native_port, 1); /* compares what it is told again */
    while (scene->client.expected <= 4) {
        world_turn(&scene->world);
    }
}

static void a_resend_gives_the_first_result_and_resolve_fences(void **state)
{
    struct scene *scene = *state;
    uint32_t budget;
    send_order(scene, "same", SIDE_BUY, 10000);
    send_order(scene, "same", SIDE_BUY, 10000);
    struct command command = {.resolve = {.client_order_id = text36_from("never")}};
    send_command(scene, &command, COMMAND_RESOLVE);
    send_order(scene, "never", SIDE_BUY, 10000);
    client_wait(&scene->client, 4);
    struct event first = event_at(scene, 1, &budget);
    struct event again = event_at(scene, 2, &budget);
    assert_int_equal(first.header.id, EVENT_ACCEPTED);
    assert_int_equal(again.header.id, EVENT_REPLAYED);
    assert_true(again.replayed.event_sequence == first.header.sequence);
    struct event resolved = event_at(scene, 3, &budget);
    assert_int_equal(resolved.header.id, EVENT_RESOLVED);
    assert_int_equal(resolved.resolved.event_sequence, 0);
    struct event refused = event_at(scene, 4, &budget);
    assert_int_equal(refused.header.id, EVENT_REJECTED);
    assert_int_equal(refused.rejected.code, REJECT_NAME_FENCED);
}

static struct sbe_not_sequenced wait_refusal(struct scene *scene)
{
    struct sbe_not_sequenced refusal;
    while (scene->client.debug_count == 0) {
        world_turn(&scene->world);
    }
    assert_int_equal(sbe_not_sequenced_decode((const uint8_t *)scene->client.debug,
                                              scene->client.debug_count, &refusal),
                     STATUS_OK);
    scene->client.debug_count = 0;
    return refusal;
}

static void what_is_not_for_sessions_is_refused_at_the_door(void **state)
{
    struct scene *scene = *state;
    const uint8_t ids[] = {COMMAND_OPEN_ACCOUNT, COMMAND_LOGON,        COMMAND_SET_BLOCK,
                           COMMAND_END_OF_DAY,   COMMAND_SESSION_LOST, COMMAND_SESSION_ADMIN};
    struct engine_counts before;
    engine_count(scene->world.engine, &before);
    for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
        struct command command = {0};
        send_command(scene, &command, ids[i]);
        struct sbe_not_sequenced refusal = wait_refusal(scene);
        assert_int_equal(refusal.code, REJECT_OPERATOR_ONLY);
        assert_int_equal(refusal.input_sequence, scene->input_sequence);
    }
    struct engine_counts after;
    engine_count(scene->world.engine, &after);
    assert_int_equal(after.accounts, before.accounts);
}

static void an_input_sequence_is_used_once(void **state)
{
    struct scene *scene = *state;
    send_order(scene, "x1", SIDE_BUY, 10000);
    client_wait(&scene->client, 1);
    scene->input_sequence--;
    send_order(scene, "x2", SIDE_BUY, 10000);
    assert_int_equal(wait_refusal(scene).code, REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST);
    scene->world.refuse_commands = 1;
    send_order(scene, "x3", SIDE_BUY, 10000);
    struct sbe_not_sequenced refusal = wait_refusal(scene);
    assert_int_equal(refusal.input_sequence, 2);
    assert_int_equal(refusal.retry_after_us, 777);
    scene->input_sequence--; /* not sequenced: it may be used again */
    send_order(scene, "x3", SIDE_BUY, 10000);
    client_wait(&scene->client, 2);
}

static void another_participants_account_is_refused_by_the_engine(void **state)
{
    struct scene *scene = *state;
    uint32_t budget;
    struct command command = {.cancel = {.account = world_session(&scene->world, 1)->account,
                                         .client_order_id = text36_from("1")}};
    send_command(scene, &command, COMMAND_CANCEL);
    client_wait(&scene->client, 1);
    struct event event = event_at(scene, 1, &budget);
    assert_int_equal(event.header.id, EVENT_REJECTED);
    assert_int_equal(event.rejected.code, REJECT_ACCOUNT_NOT_OF_PARTICIPANT);
}

static void nonsense_does_not_end_the_session(void **state)
{
    struct scene *scene = *state;
    const uint8_t nonsense[] = {1, 2, 3};
    assert_true(client_send(&scene->client, nonsense, sizeof nonsense));
    while (scene->client.debug_count == 0) {
        world_turn(&scene->world);
    }
    send_order(scene, "a1", SIDE_BUY, 10000);
    client_wait(&scene->client, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(orders_and_trades_are_told_as_events, setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_resend_gives_the_first_result_and_resolve_fences, setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(what_is_not_for_sessions_is_refused_at_the_door, setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(an_input_sequence_is_used_once, setup, scene_teardown),
        cmocka_unit_test_setup_teardown(another_participants_account_is_refused_by_the_engine,
                                        setup, scene_teardown),
        cmocka_unit_test_setup_teardown(nonsense_does_not_end_the_session, setup, scene_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

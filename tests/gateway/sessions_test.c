/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what OUCH promises to one session over a real socket: outcomes, resend from any number, one
 * live connection, budgets, ends that the engine hears of. Method: a client against the gateway and
 * a real shard; the clock is moved by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/scene.h"

static uint8_t letter(const struct client *client, uint64_t number)
{
    assert_true(number >= 1 && number <= client->count);
    return client->messages[number - 1].bytes[0];
}

#define DECODE(client, number, name, out)                                                          \
    assert_int_equal(ouch_decode_##name((client)->messages[(number)-1].bytes,                      \
                                        (client)->messages[(number)-1].count, (out)),              \
                     STATUS_OK)

static void an_order_lives_and_its_owner_is_told(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    assert_int_equal(client->accepted_sequence, 1);
    assert_true(client_enter(client, 1, 'B', 100, 10000));
    client_wait(client, 1);
    struct ouch_order_accepted accepted;
    DECODE(client, 1, order_accepted, &accepted);
    assert_int_equal(accepted.user_ref_num, 1);
    assert_int_equal(accepted.quantity, 100);
    assert_int_equal(accepted.price, 10000);
    assert_memory_equal(accepted.symbol, "RICE    ", 8);
    assert_memory_equal(accepted.client_order_id, "c1            ", 14);
    world_order(&scene->world, SIDE_SELL, 10000, 30, true);
    client_wait(client, 2);
    struct ouch_order_executed executed;
    DECODE(client, 2, order_executed, &executed);
    assert_int_equal(executed.user_ref_num, 1);
    assert_int_equal(executed.quantity, 30);
    assert_int_equal(executed.liquidity, OUCH_LIQUIDITY_ADDED);
    assert_true(client_replace(client, 1, 2, 90, 10100));
    client_wait(client, 3);
    struct ouch_order_replaced replaced;
    DECODE(client, 3, order_replaced, &replaced);
    assert_int_equal(replaced.orig_user_ref_num, 1);
    assert_int_equal(replaced.user_ref_num, 2);
    assert_int_equal(replaced.quantity, 60);
    assert_true(client_cancel(client, 2, 70));
    client_wait(client, 4);
    struct ouch_order_canceled canceled;
    DECODE(client, 4, order_canceled, &canceled);
    assert_int_equal(canceled.user_ref_num, 2);
    assert_int_equal(canceled.quantity, 20);
    assert_true(client_cancel(client, 2, 0));
    client_wait(client, 5);
    DECODE(client, 5, order_canceled, &canceled);
    assert_int_equal(canceled.quantity, 40);
    assert_true(client_cancel(client, 2, 0));
    client_wait(client, 6);
    assert_int_equal(letter(client, 6), 'I');
}

static void a_modify_keeps_its_number(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    uint8_t bytes[OUCH_LENGTH_MAX];
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 100, 10000));
    struct ouch_modify_order modify = {.user_ref_num = 1, .side = 'B', .quantity = 60};
    assert_true(client_send(client, bytes, ouch_encode_modify_order(&modify, bytes)));
    client_wait(client, 2);
    struct ouch_order_modified modified;
    DECODE(client, 2, order_modified, &modified);
    assert_int_equal(modified.user_ref_num, 1);
    assert_int_equal(modified.quantity, 60);
    modify.quantity = 61; /* more is not a modify */
    assert_true(client_send(client, bytes, ouch_encode_modify_order(&modify, bytes)));
    client_wait(client, 3);
    assert_int_equal(letter(client, 3), 'I');
}

static void refusals_are_facts_with_a_number(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 100, 10001)); /* not on the tick */
    assert_true(client_enter(client, 2, '?', 100, 10000));
    assert_true(client_enter(client, 3, 'B', 0, 10000));
    assert_true(client_replace(client, 77, 78, 1, 10000));
    client_wait(client, 4);
    const uint16_t reasons[] = {OUCH_REJECT_INVALID_PRICE, OUCH_REJECT_OTHER,
                                OUCH_REJECT_INVALID_QUANTITY};
    struct ouch_order_rejected rejected = {0};
    for (uint32_t i = 0; i < 3; i++) {
        DECODE(client, i + 1, order_rejected, &rejected);
        assert_int_equal(rejected.user_ref_num, i + 1);
        assert_int_equal(rejected.reason, reasons[i]);
    }
    DECODE(client, 4, order_rejected, &rejected);
    assert_int_equal(rejected.user_ref_num, 78);
    assert_int_equal(rejected.reason, OUCH_REJECT_OTHER);
    const uint8_t nonsense[] = {'z', 1, 2};
    assert_true(client_send(client, nonsense, sizeof nonsense));
    assert_true(client_enter(client, 80, 'B', 1, 10000)); /* the session lives on */
    client_wait(client, 5);
    assert_int_equal(letter(client, 5), 'A');
    assert_non_null(strstr(client->debug, "letter"));
}

static void a_query_and_a_mass_cancel_are_answered(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    uint8_t bytes[OUCH_LENGTH_MAX];
    client_log_on(client, scene->world.ouch_port, 1);
    for (uint32_t i = 1; i <= 3; i++) {
        assert_true(client_enter(client, i, 'B', 10, 9000 + i * 100));
    }
    bytes[0] = 'Q';
    assert_true(client_send(client, bytes, 1));
    client_wait(client, 4);
    struct ouch_account_query_response answer;
    DECODE(client, 4, account_query_response, &answer);
    assert_int_equal(answer.next_user_ref_num, 4);
    struct ouch_mass_cancel mass = {.user_ref_num = 4, .firm = "    ", .symbol = "RICE   "};
    mass.symbol[7] = ' ';
    assert_true(client_send(client, bytes, ouch_encode_mass_cancel(&mass, bytes)));
    client_wait(client, 8);
    unsigned canceled = 0;
    unsigned responses = 0;
    for (uint64_t number = 5; number <= 8; number++) {
        canceled += letter(client, number) == 'C';
        responses += letter(client, number) == 'X';
    }
    assert_int_equal(canceled, 3);
    assert_int_equal(responses, 1);
}

static void send_switch(struct client *client, uint32_t user_ref_num, bool on)
{
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct ouch_disable_order_entry off = {.user_ref_num = user_ref_num,
                                           .firm = {'F', 'I', 'R', 'M'}};
    struct ouch_enable_order_entry on_again = {.user_ref_num = user_ref_num,
                                               .firm = {'F', 'I', 'R', 'M'}};
    assert_true(client_send(client, bytes,
                            on ? ouch_encode_enable_order_entry(&on_again, bytes)
                               : ouch_encode_disable_order_entry(&off, bytes)));
}

/* Also over a restart of the gateway, and the operator's kill switch is another one. */
static void order_entry_goes_off_and_on(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 9000));
    assert_true(client_enter(client, 2, 'B', 10, 9100));
    send_switch(client, 3, false);
    assert_true(client_enter(client, 4, 'B', 10, 9200));
    client_wait(client, 6);
    const uint8_t letters[] = {'A', 'A', 'C', 'C', 'G', 'J'};
    for (uint64_t number = 1; number <= 6; number++) {
        assert_int_equal(letter(client, number), letters[number - 1]);
    }
    struct ouch_order_rejected rejected;
    DECODE(client, 6, order_rejected, &rejected);
    assert_int_equal(rejected.user_ref_num, 4);
    assert_int_equal(rejected.reason, OUCH_REJECT_FIRM_NOT_AUTHORIZED);
    client_cut(client);
    world_turn(&scene->world);
    world_restart_gateway(&scene->world);
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 5, 'B', 10, 9200));
    client_wait(client, 7);
    assert_int_equal(letter(client, 7), 'J');
    struct command block = {
        .header = {.id = COMMAND_SET_BLOCK, .version = COMMAND_SET_BLOCK_VERSION}};
    block.set_block = (struct command_set_block){.number = world_session(&scene->world, 0)->session,
                                                 .target = BLOCK_TARGET_SESSION,
                                                 .blocked = 1};
    world_submit(&scene->world, &block);
    send_switch(client, 6, true);
    assert_true(client_enter(client, 7, 'B', 10, 9200));
    client_wait(client, 9);
    assert_int_equal(letter(client, 8), 'K');
    assert_int_equal(letter(client, 9), 'J'); /* the operator has not let go */
    block.set_block.blocked = 0;
    world_submit(&scene->world, &block);
    assert_true(client_enter(client, 8, 'B', 10, 9200));
    client_wait(client, 10);
    assert_int_equal(letter(client, 10), 'A');
}

static void the_stream_can_be_asked_for_from_any_number(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    uint32_t next = 1;
    for (uint32_t i = 0; i < 20; i++, next += 2) {
        assert_true(client_enter(client, next, 'B', 10, 10000));
        assert_true(client_replace(client, next, next + 1, 12, 10100));
    }
    client_wait(client, 40);
    world_order(&scene->world, SIDE_SELL, 10000, 100, true);
    client_wait(client, 49); /* 12 a head: eight whole orders and part of the ninth */
    uint64_t known = client->count;
    for (uint64_t from = 1; from <= known + 1; from += 7) {
        client_cut(client);
        client_log_on(client, scene->world.ouch_port, from);
        assert_int_equal(client->accepted_sequence, from);
        world_order(&scene->world, SIDE_SELL, 10000, 1, true);
        known++;
        client_wait(client, known); /* what is told again is compared by the client */
        while (client->expected <= known) {
            world_turn(&scene->world);
        }
    }
    world_restart_gateway(&scene->world);
    client_wait_closed(client);
    client_log_on(client, scene->world.ouch_port, 1);
    while (client->expected <= known) {
        world_turn(&scene->world);
    }
    client_cut(client);
    client_log_on(client, scene->world.ouch_port, 0);
    assert_int_equal(client->accepted_sequence, known + 1);
    client_cut(client);
    client_connect(client, scene->world.ouch_port, known + 5);
    client_wait_closed(client);
    assert_int_equal(client->rejected, SOUP_SESSION_NOT_AVAILABLE);
}

static void a_wrong_password_is_refused(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client->credential.password[0] ^= 1;
    client_connect(client, scene->world.ouch_port, 1);
    client_wait_closed(client);
    assert_int_equal(client->rejected, SOUP_NOT_AUTHORIZED);
    assert_false(client->live);
    struct gateway_counts counts;
    gateway_count(scene->world.gateway, &counts);
    assert_int_equal(counts.logins_rejected, 1);
    assert_int_equal(counts.commands, 0);
}

static void a_signature_logs_on_instead_of_a_password(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    uint8_t seed[IDENTITY_SEED_BYTES];
    uint8_t key[IDENTITY_KEY_BYTES];
    identity_make_key(seed, key);
    uint32_t session = world_session(&scene->world, 0)->session;
    assert_int_equal(identity_set_key(scene->world.identity, session, key), STATUS_OK);
    client->seed = seed;
    client_log_on(client, scene->world.native_port, 1);
    client_cut(client);
    seed[0] ^= 1;
    client_connect(client, scene->world.native_port, 1);
    client_wait_closed(client);
    assert_int_equal(client->rejected, SOUP_NOT_AUTHORIZED);
    memcpy(client->credential.name, "NOBODY", 6); /* is challenged like everyone */
    client_connect(client, scene->world.native_port, 1);
    client_wait_closed(client);
    assert_int_equal(client->rejected, SOUP_NOT_AUTHORIZED);
}

static void a_new_login_takes_the_session_over(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    struct client second;
    client_init(&second, &scene->world, 0);
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    client_wait(client, 1);
    client_log_on(&second, scene->world.native_port, 1); /* whichever door */
    client_wait_closed(client);
    assert_non_null(strstr(client->debug, "took the session over"));
    struct gateway_counts counts;
    gateway_count(scene->world.gateway, &counts);
    assert_int_equal(counts.sessions_live, 1);
    client_cut(&second);
    client_log_on(client, scene->world.ouch_port, 2);
    assert_int_equal(client->accepted_sequence, 2);
    client_deinit(&second);
}

static void a_repeat_is_ignored_and_a_door_refusal_is_not_sequenced(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    for (int i = 0; i < 5; i++) {
        assert_true(client_enter(client, 1, 'B', 10, 10000));
    }
    client_wait(client, 1);
    for (int turn = 0; turn < 20; turn++) {
        world_turn(&scene->world);
    }
    assert_int_equal(client->count, 1);
    scene->world.refuse_commands = 1;
    assert_true(client_enter(client, 2, 'B', 10, 10000));
    while (scene->world.refuse_commands > 0 || client->debug[0] == '\0') {
        world_turn(&scene->world);
    }
    assert_string_equal(client->debug, "NOT SEQUENCED UserRefNum 2 OVERLOADED retry after 777 us");
    assert_true(client_enter(client, 2, 'B', 10, 10000)); /* its number is unused */
    assert_true(client_enter(client, 3, 'B', 10, 10000));
    client_wait(client, 3);
    for (uint32_t number = 1; number <= 3; number++) {
        struct ouch_order_accepted accepted = {0};
        DECODE(client, number, order_accepted, &accepted);
        assert_int_equal(accepted.user_ref_num, number);
    }
}

static void budgets_are_kept_at_the_door_and_cancels_have_their_own(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    uint32_t burst = world_session(&scene->world, 0)->orders.burst;
    for (uint32_t i = 1; i <= burst + 50; i++) {
        assert_true(client_enter(client, i, 'B', 1, 10000));
        if (i % 500 == 0) {
            scene->world.now_ns -= WORLD_TICK_NS; /* no time passes */
            world_turn(&scene->world);
        }
    }
    while (strstr(client->debug, "RATE_LIMITED") == NULL) {
        world_turn(&scene->world);
    }
    assert_non_null(strstr(client->debug, "retry after"));
    uint64_t known = client->count;
    assert_true(client_cancel(client, 1, 0));
    client_wait(client, known + 1);
}

static void silence_and_heartbeats(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    for (int second = 0; second < 14; second++) {
        scene->world.now_ns += 1000000000;
        uint64_t before = client->heartbeats;
        while (client->heartbeats == before) {
            world_turn(&scene->world);
        }
    }
    assert_true(client->live);
    scene->world.now_ns += 1500000000;
    client_wait_closed(client);
    assert_non_null(strstr(client->debug, "silent"));
}

static void the_engine_hears_of_every_end(void **state)
{
    struct scene *scene = *state;
    struct client second;
    struct client *client = &second;
    client_init(client, &scene->world, 1);
    assert_true(world_session(&scene->world, 1)->cancel_on_disconnect);
    for (int way = 0; way < 2; way++) {
        client_log_on(client, scene->world.ouch_port, client->count + 1);
        uint64_t known = client->count;
        assert_true(client_enter(client, (uint32_t)way + 1, 'B', 10, 10000));
        client_wait(client, known + 1);
        if (way == 0) {
            client_cut(client);
        } else {
            client_send_packet(client, SOUP_LOGOUT);
            client_wait_closed(client);
        }
        for (int turn = 0; turn < 20; turn++) {
            world_turn(&scene->world);
        }
        struct engine_counts counts;
        engine_count(scene->world.engine, &counts);
        assert_int_equal(counts.orders, 0);
    }
    client_deinit(client);
}

/* The first gateway does not know of the second: it goes on sending for its client until the log
 * tells it, and what it sends then does nothing. */
static void a_second_gateway_fences_the_first(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    struct client second;
    world_open_second(&scene->world);
    client_init(&second, &scene->world, 0);
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    client_wait(client, 1);
    client_connect(&second, scene->world.second_port, 1);
    for (uint32_t i = 2; !second.live; i++) {
        if (client->net != NULL && i % 8 == 0) {
            (void)client_enter(client, i, 'B', 10, 10000);
        }
        world_turn(&scene->world);
    }
    client_wait_closed(client);
    assert_non_null(strstr(client->debug, "opened elsewhere"));
    assert_int_equal(second.accepted_sequence, 1);
    for (int turn = 0; turn < 200; turn++) {
        world_turn(&scene->world);
    }
    struct engine_counts counts;
    engine_count(scene->world.engine, &counts);
    unsigned accepted = 0;
    for (uint64_t number = 1; number <= second.count; number++) {
        accepted += letter(&second, number) == 'A';
    }
    assert_true(accepted >= 1 && second.count >= client->count);
    assert_int_equal(counts.orders, accepted); /* no order of the first is unknown to the second */
    assert_true(client_enter(&second, 1000000, 'B', 10, 10000));
    client_wait(&second, second.count + 1);
    client_deinit(&second);
}

static bool is_stopped(void *context)
{
    struct scene *scene = context;
    return gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS);
}

static bool is_note(const struct client *client, uint64_t number)
{
    const struct client_message *message = &client->messages[number - 1];
    return message->count == OUCH_system_event_BYTES && message->bytes[0] == 'S' &&
           message->bytes[message->count - 1] == 'V';
}

/* The note has a number and comes before the end; who logs on again later reads the same bytes. */
static void a_stop_is_told(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    client_wait(client, 1);
    assert_false(gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS));
    world_until(&scene->world, is_stopped, scene);
    client_wait_closed(client);
    assert_true(client->ended);
    assert_int_equal(client->count, 2);
    assert_true(is_note(client, 2));
    struct client_message note = client->messages[1];
    world_restart_gateway(&scene->world);
    struct client late;
    client_init(&late, &scene->world, 0);
    client_log_on(&late, scene->world.ouch_port, 1);
    client_wait(&late, 2);
    assert_memory_equal(late.messages[1].bytes, note.bytes, note.count);
    client_deinit(&late);
}

/* Whoever has not logged on holds up nothing, though its connection stays open. */
static void a_stop_waits_for_no_stranger(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    struct client stranger;
    client_init(&stranger, &scene->world, 1);
    stranger.silent = true;
    client_connect(&stranger, scene->world.ouch_port, 1);
    struct gateway_counts counts = {0};
    while (counts.connections == 0) {
        world_turn(&scene->world);
        gateway_count(scene->world.gateway, &counts);
    }
    assert_true(gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS));
    gateway_count(scene->world.gateway, &counts);
    assert_int_equal(counts.connections, 1);
    world_restart_gateway(&scene->world);
    client_log_on(client, scene->world.ouch_port, 1);
    assert_false(gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS));
    world_until(&scene->world, is_stopped, scene);
    client_deinit(&stranger);
}

/* The end waits a second for the log, not for ever; the note is there for whoever comes back. */
static void a_stop_does_not_wait_for_a_log_that_is_down(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_log_on(client, scene->world.ouch_port, 1);
    assert_false(gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS));
    scene->world.now_ns += 1000000000;
    (void)gateway_stop(scene->world.gateway, SESSION_NOTE_VENUE_STOPS);
    client_wait_closed(client);
    assert_true(client->ended);
    assert_int_equal(client->count, 0);
    world_until(&scene->world, is_stopped, scene);
    world_restart_gateway(&scene->world);
    client_log_on(client, scene->world.ouch_port, 1);
    client_wait(client, 1);
    assert_true(is_note(client, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_order_lives_and_its_owner_is_told, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_modify_keeps_its_number, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(refusals_are_facts_with_a_number, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_query_and_a_mass_cancel_are_answered, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(order_entry_goes_off_and_on, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(the_stream_can_be_asked_for_from_any_number, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_wrong_password_is_refused, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_signature_logs_on_instead_of_a_password, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_new_login_takes_the_session_over, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_repeat_is_ignored_and_a_door_refusal_is_not_sequenced,
                                        scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(budgets_are_kept_at_the_door_and_cancels_have_their_own,
                                        scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(silence_and_heartbeats, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(the_engine_hears_of_every_end, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_second_gateway_fences_the_first, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_stop_is_told, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_stop_waits_for_no_stranger, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_stop_does_not_wait_for_a_log_that_is_down, scene_setup,
                                        scene_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

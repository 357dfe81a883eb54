/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the attacks of docs/reference/attacks.md on logons, duplicates, fair release and budgets
 * fail at the doors. Method: a real shard behind real sockets; each test does what the attacker
 * would and counts what the engine took. The name of a test begins with the attack's number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/scene.h"
#include "wire/native/sbe.h"

#include <stdio.h>

#define SECOND_NS 1000000000

static void turns(struct scene *scene, int count)
{
    for (int i = 0; i < count; i++) {
        world_turn(&scene->world);
    }
}

static uint64_t resting(struct scene *scene)
{
    struct engine_counts counts;
    engine_count(scene->world.engine, &counts);
    return counts.orders;
}

/* The answer to one challenge, recorded, is played to the next. */
static void attack_39_a_recorded_signature_is_refused(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    uint8_t seed[IDENTITY_SEED_BYTES];
    uint8_t key[IDENTITY_KEY_BYTES];
    identity_make_key(seed, key);
    uint32_t session = world_session(&scene->world, 0)->session;
    assert_int_equal(identity_set_key(scene->world.identity, session, key), STATUS_OK);
    client->seed = seed;
    client_log_on(client, scene->world.ouch_port, 1);
    client_cut(client);
    client->replay = true;
    for (int i = 0; i < 3; i++) {
        client_connect(client, i == 1 ? scene->world.native_port : scene->world.ouch_port, 1);
        client_wait_closed(client);
        assert_int_equal(client->rejected, SOUP_NOT_AUTHORIZED);
    }
    assert_int_equal(client->logins, 1);
    client->replay = false;
    client_log_on(client, scene->world.ouch_port, 1); /* nothing was locked by it */
}

/* Bytes that followed a recorded logon, played without one, and before its answer. */
static void attack_39_messages_before_the_logon_do_nothing(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    client_connect(client, scene->world.ouch_port, 1);
    while (client->out == 0) {
        world_turn(&scene->world); /* the login goes out with the connection */
    }
    if (client->net != NULL && !client->live) {
        (void)client_enter(client, 1, 'B', 10, 10000);
    }
    client_wait_closed(client);
    turns(scene, 20);
    assert_int_equal(resting(scene), 0);
    struct gateway_counts counts;
    gateway_count(scene->world.gateway, &counts);
    assert_int_equal(counts.commands, 0);
}

static unsigned count_letter(const struct client *client, uint8_t letter)
{
    unsigned count = 0;
    for (uint64_t i = 0; i < client->count; i++) {
        count += client->messages[i].bytes[0] == letter;
    }
    return count;
}

/* The same order again: on the same connection, on the next, from a gateway that was restarted,
 * from another one, after the end of the day. One order, told once. */
static void attack_46_one_order_whatever_lies_between(void **state)
{
    struct scene *scene = *state;
    struct world *world = &scene->world;
    struct client *client = &scene->client;
    client_log_on(client, world->ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    client_wait(client, 1);
    client_cut(client);
    client_log_on(client, world->ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    turns(scene, 20);
    client_cut(client);
    turns(scene, 20);
    world_restart_gateway(world);
    client_log_on(client, world->ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    turns(scene, 20);
    client_cut(client);
    turns(scene, 20);
    world_open_second(world);
    client_log_on(client, world->second_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    turns(scene, 20);
    assert_int_equal(resting(scene), 1);
    struct command end = {
        .header = {.id = COMMAND_END_OF_DAY, .version = COMMAND_END_OF_DAY_VERSION},
        .end_of_day = {.trading_day = 20231114}};
    world_submit(world, &end);
    client_wait(client, 2);
    assert_int_equal(resting(scene), 0);
    assert_true(client_enter(client, 1, 'B', 10, 10000)); /* midnight does not free its number */
    client_cut(client);
    turns(scene, 20);
    client_log_on(client, world->ouch_port, 1);
    assert_true(client_enter(client, 1, 'B', 10, 10000));
    turns(scene, 20);
    assert_int_equal(resting(scene), 0);
    assert_int_equal(count_letter(client, 'A'), 1);
    assert_int_equal(client->count, 2);
}

static void send_native(struct client *client, const char *name, uint64_t input_sequence)
{
    struct command command = {
        .header = {.id = COMMAND_NEW_ORDER, .input_sequence = input_sequence}};
    uint8_t bytes[SBE_COMMAND_BYTES_MAX];
    command.new_order = (struct command_new_order){.price = {10000},
                                                   .quantity = {1},
                                                   .instrument = WORLD_INSTRUMENT,
                                                   .side = SIDE_BUY,
                                                   .order_type = ORDER_TYPE_LIMIT,
                                                   .time_in_force = TIME_IN_FORCE_DAY,
                                                   .capacity = CAPACITY_AGENCY,
                                                   .client_order_id = text36_from(name)};
    assert_true(client_send(client, bytes, sbe_command_encode(bytes, &command)));
}

/* The same in the native protocol, whose name is the client order id. */
static void attack_46_one_order_in_native(void **state)
{
    struct scene *scene = *state;
    struct world *world = &scene->world;
    struct client *client = &scene->client;
    client_log_on(client, world->native_port, 1);
    send_native(client, "once", 1);
    send_native(client, "once", 2);
    client_wait(client, 2);
    client_cut(client);
    turns(scene, 20);
    world_restart_gateway(world);
    client_log_on(client, world->native_port, 1);
    send_native(client, "once", 1);
    client_wait(client, 3);
    assert_int_equal(resting(scene), 1);
    unsigned accepted = 0;
    for (uint64_t i = 0; i < client->count; i++) {
        struct event event;
        uint32_t budget;
        assert_int_equal(
            sbe_event_decode(client->messages[i].bytes, client->messages[i].count, &event, &budget),
            STATUS_OK);
        accepted += event.header.id == EVENT_ACCEPTED;
    }
    assert_int_equal(accepted, 1);
}

/* Who is told of an event, in the order in which a port tells it. */
struct seat {
    uint64_t owner_told;  /* highest event sequence that its owner was told */
    uint64_t public_told; /* the same of the public */
    uint64_t early;       /* events of which the public was told first */
    uint64_t owned;       /* events that both are told of */
};

static void on_seat_entry(void *context, const struct stream_entry *entry)
{
    struct seat *seat = context;
    if (entry->number == 0) {
        return;
    }
    if (entry->key.kind == STREAM_SESSION) {
        seat->owner_told = entry->event_sequence;
        seat->early += seat->public_told >= entry->event_sequence;
        return;
    }
    seat->public_told = entry->event_sequence;
    seat->owned += seat->owner_told == entry->event_sequence;
}

static void on_seat_live(void *context, struct stream_key key, uint64_t last_number)
{
    (void)context;
    (void)key;
    (void)last_number;
}

static void attack_48_no_one_is_told_before_the_owner(void **state)
{
    struct scene *scene = *state;
    struct client *client = &scene->client;
    struct seat seat = {0};
    struct port *port;
    struct port_handler handler = {.on_entry = on_seat_entry, .on_live = on_seat_live};
    struct stream_key everyone = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC};
    struct stream_key owner = {.id = world_session(&scene->world, 0)->session,
                               .kind = STREAM_SESSION};
    /* The seat asked first, and for the public before the private: nothing is won by it. */
    assert_int_equal(hub_port_open(scene->world.hub, &handler, &seat, &port), STATUS_OK);
    assert_int_equal(port_subscribe(port, everyone, 1), STATUS_OK);
    assert_int_equal(port_subscribe(port, owner, 1), STATUS_OK);
    turns(scene, 5);
    client_log_on(client, scene->world.ouch_port, 1);
    for (uint32_t i = 1; i <= 100; i++) {
        assert_true(
            client_enter(client, i, i % 2 == 0 ? 'B' : 'S', 10, i % 2 == 0 ? 10000 : 10100));
        if (i % 10 == 0) {
            client_wait(client, i);
            world_order(&scene->world, i % 20 == 0 ? SIDE_SELL : SIDE_BUY,
                        i % 20 == 0 ? 10000 : 10100, 5, true);
        }
    }
    client_wait(client, 110);
    assert_int_equal(seat.early, 0);
    assert_true(seat.owned >= 10); /* trades are told to both as one event */
    assert_true(seat.public_told > 0);
    port_close(port);
}

/* A burst at each logon, through both doors and a second gateway: the engine's own count, which no
 * logon fills again, holds over all of them; a cancel is taken all the same. */
static void attack_49_no_way_around_the_budget(void **state)
{
    struct scene *scene = *state;
    struct world *world = &scene->world;
    struct client *client = &scene->client;
    const struct identity_session *identity = world_session(world, 0);
    uint32_t user_ref_num = 0;
    unsigned native_number = 0;
    world_open_second(world);
    int64_t began_ns = world->now_ns;
    for (unsigned login = 0; login < 9; login++) {
        const uint16_t ports[] = {world->ouch_port, world->native_port, world->second_port};
        client_log_on(client, ports[login % 3], client->count + 1);
        for (uint32_t i = 1; i <= 400; i++) {
            if (login % 3 == 1) {
                char name[16];
                snprintf(name, sizeof name, "n%u", ++native_number);
                send_native(client, name, i);
            } else {
                assert_true(client_enter(client, ++user_ref_num, 'B', 1, 10000));
            }
        }
        turns(scene, 30);
        client_cut(client);
        turns(scene, 5);
    }
    uint64_t elapsed_ns = (uint64_t)(world->now_ns - began_ns);
    uint64_t most =
        identity->orders.burst + elapsed_ns * identity->orders.per_second / SECOND_NS + 1;
    uint64_t taken = resting(scene);
    assert_true(taken >= identity->orders.burst); /* the burst was there to be used */
    assert_true(taken <= most);
    assert_true(most < 9 * 400 / 2);
    client_log_on(client, world->ouch_port, client->count + 1);
    assert_true(client_cancel(client, 1, 0));
    uint64_t told = client->count;
    client_wait(client, told + 1);
    assert_int_equal(client->messages[told].bytes[0], 'C');
    assert_int_equal(resting(scene), taken - 1);
}

/* A clock that steps back gives nothing, one that steps on gives one burst at most. */
static void attack_49_a_stepping_clock_gives_one_burst(void **state)
{
    struct scene *scene = *state;
    struct world *world = &scene->world;
    struct client *client = &scene->client;
    uint32_t burst = world_session(world, 0)->orders.burst;
    uint32_t user_ref_num = 0;
    client_log_on(client, world->ouch_port, 1);
    const int64_t steps_ns[] = {0, 10 * (int64_t)SECOND_NS};
    for (size_t step = 0; step < ARRAY_COUNT(steps_ns); step++) {
        world->now_ns += steps_ns[step];
        for (uint32_t i = 0; i < burst + 200; i++) {
            assert_true(client_enter(client, ++user_ref_num, 'B', 1, 10000));
        }
        turns(scene, 40);
    }
    uint64_t taken = resting(scene);
    assert_true(taken >= 2 * (uint64_t)burst);
    assert_true(taken <= 2 * (uint64_t)burst + 50); /* 1000 a second over the turns */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(attack_39_a_recorded_signature_is_refused, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(attack_39_messages_before_the_logon_do_nothing, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(attack_46_one_order_whatever_lies_between, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(attack_46_one_order_in_native, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(attack_48_no_one_is_told_before_the_owner, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(attack_49_no_way_around_the_budget, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(attack_49_a_stepping_clock_gives_one_burst, scene_setup,
                                        scene_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

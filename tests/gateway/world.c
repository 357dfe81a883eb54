/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/world.h"

#include "wire/native/command_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TURNS_MAX 20000

static struct journal *open_log(struct journal_memory_store *store, enum journal_kind kind)
{
    struct journal_options options = {.kind = kind, .batch_bytes = 65536};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_memory_open(store, &options, &report, &journal), STATUS_OK);
    return journal;
}

static void on_event(void *context, uint64_t event_sequence, uint64_t time_ns, const uint8_t *bytes,
                     size_t count)
{
    struct world *world = context;
    world->trades += bytes[0] == EVENT_TRADE;
    assert_int_equal(stream_apply(world->stream, event_sequence, time_ns, bytes, count), STATUS_OK);
}

static void on_released(void *context, uint64_t sequence, int64_t oldest_ns)
{
    struct world *world = context;
    (void)sequence;
    (void)oldest_ns;
    assert_int_equal(stream_settle(world->stream), STATUS_OK);
}

static bool on_entry(void *context, const struct stream_entry *entry)
{
    struct world *world = context;
    hub_entry(world->hub, entry);
    return true;
}

static enum status on_submit(void *context, const struct command *command,
                             struct port_refusal *out_refusal)
{
    struct world *world = context;
    if (world->refuse_commands > 0 && command->header.input_sequence != 0) {
        world->refuse_commands--;
        *out_refusal = (struct port_refusal){.retry_after_us = 777, .code = REJECT_NONE};
        return STATUS_FULL;
    }
    struct command stamped = *command;
    stamped.header.time_ns = 1700000000000000000u + (uint64_t)world->now_ns;
    return sequencer_submit(world->sequencer, &stamped);
}

static struct command_genesis limits(void)
{
    struct command_genesis genesis = engine_limits_small();
    genesis.shard = WORLD_SHARD;
    genesis.max_recent_names = 1u << 18;
    genesis.resend_window_s = 86400;
    return genesis;
}

static void open_shard(struct world *world)
{
    struct command_genesis genesis = limits();
    struct arena arena;
    arena_init_measure(&arena);
    assert_int_equal(engine_init(&arena, &genesis, &world->engine), STATUS_OK);
    world->engine_bytes = aligned_alloc(64, arena.used);
    arena_init(&arena, world->engine_bytes, arena.used);
    assert_int_equal(engine_init(&arena, &genesis, &world->engine), STATUS_OK);
    struct sequencer_options options = {
        .commands = open_log(&world->command_store, JOURNAL_COMMANDS),
        .events = open_log(&world->event_store, JOURNAL_EVENTS),
        .engine = world->engine,
        .held_bytes = 1 << 20,
        .on_released = on_released,
        .on_event = on_event,
        .context = world,
    };
    world->events = options.events;
    arena_init_measure(&arena);
    assert_int_equal(sequencer_open(&arena, &options, &world->fault, &world->sequencer), STATUS_OK);
    world->sequencer_bytes = aligned_alloc(64, arena.used);
    arena_init(&arena, world->sequencer_bytes, arena.used);
    assert_int_equal(sequencer_open(&arena, &options, &world->fault, &world->sequencer), STATUS_OK);
    assert_int_equal(sequencer_recover(world->sequencer), STATUS_OK);
    struct stream_options stream = {.events = world->events,
                                    .on_entry = on_entry,
                                    .context = world,
                                    .expected_orders = 1024,
                                    .shard = WORLD_SHARD};
    assert_int_equal(stream_open(&stream, &world->stream), STATUS_OK);
    assert_int_equal(hub_open(world->stream, on_submit, world, &world->hub), STATUS_OK);
}

static void open_identity(struct world *world)
{
    struct identity_options options = {
        .disk = host_disk_posix(), .directory = world->directory, .edit = true};
    struct identity_fault fault = {0};
    snprintf(world->directory, sizeof world->directory, "/tmp/dojima-gateway-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    assert_int_equal(
        identity_create_first_run(&options, &world->identity, world->credentials, &fault),
        STATUS_OK);
}

/* In place of one of the first run's: a session with small rates. */
static void add_session(struct world *world, size_t index, const char *name, bool cancels)
{
    const struct identity_session *first = world_session(world, index);
    struct identity_session wanted = {.account = first->account,
                                      .user = first->user,
                                      .protocols = IDENTITY_OUCH | IDENTITY_NATIVE,
                                      .orders = {.per_second = 1000, .burst = 1000},
                                      .cancels = {.per_second = 1000, .burst = 1000},
                                      .cancel_on_disconnect = cancels,
                                      .enabled = true};
    uint32_t number;
    memcpy(wanted.name, name, IDENTITY_NAME_BYTES);
    assert_int_equal(identity_add_session(world->identity, &wanted, &number), STATUS_OK);
    assert_int_equal(identity_reset_password(world->identity, number, &world->credentials[index]),
                     STATUS_OK);
}

static void list(struct world *world)
{
    struct command command = {.header = {.id = COMMAND_GENESIS, .version = 1}};
    command.genesis = limits();
    world_submit(world, &command);
    for (uint32_t asset = 1; asset <= 2; asset++) {
        command = (struct command){.header = {.id = COMMAND_LIST_ASSET, .version = 1}};
        command.list_asset =
            (struct command_list_asset){.asset = asset, .scale = 4, .code = {.bytes = "AB"}};
        world_submit(world, &command);
    }
    command = (struct command){.header = {.id = COMMAND_LIST_INSTRUMENT, .version = 1}};
    command.list_instrument = (struct command_list_instrument){
        .instrument = WORLD_INSTRUMENT,
        .base_asset = 2,
        .quote_asset = 1,
        .price_scale = 4,
        .itch = 1,
        .tick = {100},
        .lowest_price = {100},
        .highest_price = {100000000},
        .lot = {1},
        .largest_quantity = {1000000},
        .multiplier = 1,
        .symbol = {.bytes = "RICE"},
    };
    world_submit(world, &command);
    for (size_t i = 0; i < identity_account_count(world->identity); i++) {
        const struct identity_account *account = identity_account_at(world->identity, i);
        command = (struct command){.header = {.id = COMMAND_OPEN_ACCOUNT, .version = 1}};
        command.open_account = (struct command_open_account){
            .account = account->account, .participant = account->participant, .unlimited = 1};
        world_submit(world, &command);
    }
}

static int64_t clock_of(void *context)
{
    const struct world *world = context;
    return world->now_ns;
}

static void open_gateway(struct world *world)
{
    struct port_handler none = {0};
    struct gateway_options options = {.loop = world->loop,
                                      .identity = world->identity,
                                      .clock = clock_of,
                                      .clock_context = world,
                                      .limits = world->limits};
    assert_int_equal(hub_port_open(world->hub, &none, NULL, &options.port), STATUS_OK);
    assert_int_equal(gateway_open(&options, &world->gateway), STATUS_OK);
    assert_int_equal(
        gateway_listen(world->gateway, GATEWAY_OUCH, "127.0.0.1:0", NULL, &world->ouch_port),
        STATUS_OK);
    assert_int_equal(
        gateway_listen(world->gateway, GATEWAY_NATIVE, "127.0.0.1:0", NULL, &world->native_port),
        STATUS_OK);
}

void world_open_second(struct world *world)
{
    struct port_handler none = {0};
    struct identity_options identity = {.disk = host_disk_posix(), .directory = world->directory};
    struct identity_fault fault;
    assert_int_equal(identity_write(world->identity), STATUS_OK);
    assert_int_equal(identity_open(&identity, &world->second_identity, &fault), STATUS_OK);
    struct gateway_options options = {.loop = world->loop,
                                      .identity = world->second_identity,
                                      .clock = clock_of,
                                      .clock_context = world,
                                      .limits = world->limits};
    assert_int_equal(hub_port_open(world->hub, &none, NULL, &options.port), STATUS_OK);
    assert_int_equal(gateway_open(&options, &world->second), STATUS_OK);
    assert_int_equal(
        gateway_listen(world->second, GATEWAY_OUCH, "127.0.0.1:0", NULL, &world->second_port),
        STATUS_OK);
    assert_int_equal(gateway_listen(world->second, GATEWAY_NATIVE, "127.0.0.1:0", NULL,
                                    &world->second_native_port),
                     STATUS_OK);
}

void world_open(struct world *world)
{
    struct gateway_limits wanted = world->limits;
    *world = (struct world){.limits = wanted, .now_ns = 1000000000};
    open_shard(world);
    open_identity(world);
    add_session(world, 0, "CAROL1", false); /* its orders stay when it ends */
    add_session(world, 1, "DAVID1", true);
    list(world);
    assert_int_equal(net_loop_open(&world->loop), STATUS_OK);
    open_gateway(world);
}

void world_turn(struct world *world)
{
    world->now_ns += WORLD_TICK_NS;
    net_loop_tick(world->loop, 20000);
    assert_int_equal(gateway_tick(world->gateway), STATUS_OK);
    if (world->second != NULL) {
        assert_int_equal(gateway_tick(world->second), STATUS_OK);
    }
    assert_int_equal(sequencer_tick(world->sequencer, UINT64_MAX), STATUS_OK);
    assert_int_equal(sequencer_flush(world->sequencer), STATUS_OK);
    assert_int_equal(hub_tick(world->hub), STATUS_OK);
}

void world_until(struct world *world, world_condition *condition, void *context)
{
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        if (condition(context)) {
            return;
        }
        world_turn(world);
    }
    fail_msg("what was waited for did not happen in %d turns", TURNS_MAX);
}

void world_submit(struct world *world, struct command *command)
{
    command->header.time_ns = 1700000000000000000u + (uint64_t)world->now_ns;
    assert_int_equal(sequencer_submit(world->sequencer, command), STATUS_OK);
    assert_int_equal(sequencer_flush(world->sequencer), STATUS_OK);
}

const struct identity_session *world_session(const struct world *world, size_t index)
{
    const char *name = world->credentials[index].name;
    const struct identity_session *session =
        identity_session_find(world->identity, name, strlen(name));
    assert_non_null(session);
    return session;
}

void world_order(struct world *world, enum side side, int64_t price, int64_t lots, bool takes)
{
    static uint64_t number; /* names need only differ */
    struct command command = {
        .header = {.id = COMMAND_NEW_ORDER, .version = COMMAND_NEW_ORDER_VERSION}};
    command.new_order = (struct command_new_order){
        .account = world_session(world, 1)->account,
        .price = {price},
        .quantity = {lots},
        .instrument = WORLD_INSTRUMENT,
        .side = side,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = takes ? TIME_IN_FORCE_IOC : TIME_IN_FORCE_DAY,
        .capacity = CAPACITY_AGENCY,
        .client_order_id = text36_from_number(++number),
    };
    world_submit(world, &command);
}

void world_restart_gateway(struct world *world)
{
    gateway_close(world->gateway);
    world_submit(world, &(struct command){.header = {.id = COMMAND_TICK, .version = 1}});
    assert_int_equal(hub_tick(world->hub), STATUS_OK);
    open_gateway(world);
}

void world_close(struct world *world)
{
    char path[sizeof world->directory + 32];
    gateway_close(world->gateway);
    gateway_close(world->second);
    identity_close(world->second_identity);
    net_loop_close(world->loop);
    assert_int_equal(sequencer_flush(world->sequencer), STATUS_OK);
    hub_close(world->hub);
    stream_close(world->stream);
    assert_int_equal(sequencer_close(world->sequencer, true), STATUS_OK);
    journal_memory_store_deinit(&world->command_store);
    journal_memory_store_deinit(&world->event_store);
    identity_close(world->identity);
    free(world->engine_bytes);
    free(world->sequencer_bytes);
    const char *files[] = {"/identity/store", "/identity/lock", "/identity"};
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        snprintf(path, sizeof path, "%s%s", world->directory, files[i]);
        (void)remove(path);
    }
    (void)remove(world->directory);
}

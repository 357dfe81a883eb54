/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define INSTRUMENTS 20u
#define LIVE_TARGET 1500u
#define TRADING_DAY 20120621u
#define HELD_BYTES  ((size_t)8 << 20)

static struct journal *open_log(struct journal_memory_store *store, enum journal_kind kind)
{
    struct journal_options options = {.kind = kind};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_memory_open(store, &options, &report, &journal), STATUS_OK);
    return journal;
}

static void on_event(void *context, uint64_t event_sequence, uint64_t time_ns, const uint8_t *bytes,
                     size_t count)
{
    struct world *world = context;
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
    if (world->on_public != NULL && entry->key.kind == STREAM_PUBLIC &&
        entry->key.id == STREAM_PUBLIC_GROUP) {
        world->on_public(world->context, entry);
    }
    hub_entry(world->hub, entry);
    return true;
}

static enum status on_submit(void *context, const struct command *command,
                             struct port_refusal *out_refusal)
{
    (void)context; /* nobody sends commands through the hub here */
    (void)command;
    *out_refusal = (struct port_refusal){.code = REJECT_NONE};
    return STATUS_FULL;
}

static struct command_genesis limits(void)
{
    struct command_genesis genesis = engine_limits_small();
    genesis.max_instruments = 64;
    genesis.max_assets = 65;
    genesis.max_orders = 1u << 15;
    genesis.max_levels = 1u << 14;
    return genesis;
}

static void open_shard(struct world *world)
{
    struct command_genesis genesis = limits();
    struct arena arena;
    arena_init_measure(&arena);
    assert_int_equal(engine_init(&arena, &genesis, &world->engine), STATUS_OK);
    world->engine_bytes = aligned_alloc(64, bytes_align_up(arena.used, 64));
    assert_non_null(world->engine_bytes);
    arena_init(&arena, world->engine_bytes, arena.used);
    assert_int_equal(engine_init(&arena, &genesis, &world->engine), STATUS_OK);
    struct sequencer_options options = {
        .commands = open_log(&world->stores[0], JOURNAL_COMMANDS),
        .events = open_log(&world->stores[1], JOURNAL_EVENTS),
        .engine = world->engine,
        .held_bytes = HELD_BYTES,
        .on_released = on_released,
        .on_event = on_event,
        .context = world,
    };
    struct stream_options stream = {
        .events = options.events, .on_entry = on_entry, .context = world, .expected_orders = 4096};
    assert_int_equal(stream_open(&stream, &world->stream), STATUS_OK);
    assert_int_equal(hub_open(world->stream, on_submit, world, &world->hub), STATUS_OK);
    arena_init_measure(&arena);
    assert_int_equal(sequencer_open(&arena, &options, &world->fault, &world->sequencer), STATUS_OK);
    world->sequencer_bytes = aligned_alloc(64, bytes_align_up(arena.used, 64));
    assert_non_null(world->sequencer_bytes);
    arena_init(&arena, world->sequencer_bytes, arena.used);
    assert_int_equal(sequencer_open(&arena, &options, &world->fault, &world->sequencer), STATUS_OK);
    assert_int_equal(sequencer_recover(world->sequencer), STATUS_OK);
}

static void open_flow(struct world *world, const char *path, uint64_t seed, uint64_t messages)
{
    struct importer_options options = {.sequencer = world->sequencer,
                                       .engine = world->engine,
                                       .genesis = limits(),
                                       .symbol = path == NULL ? NULL : "AAPL",
                                       .trading_day = TRADING_DAY};
    if (path == NULL) {
        struct generate_options generate = {.seed = seed,
                                            .messages = messages,
                                            .instruments = INSTRUMENTS,
                                            .live_target = LIVE_TARGET};
        assert_int_equal(generate_open(&generate, &world->generator), STATUS_OK);
    } else {
        struct flow_error error;
        assert_int_equal(flow_open(path, NULL, &error, &world->flow), STATUS_OK);
    }
    assert_int_equal(importer_open(&options, &world->importer), STATUS_OK);
    assert_int_equal(importer_begin(world->importer), STATUS_OK);
}

void world_open(struct world *world, const char *path, uint64_t seed, uint64_t messages)
{
    on_stream_entry *on_public = world->on_public;
    void *context = world->context;
    *world = (struct world){.on_public = on_public, .context = context};
    open_shard(world);
    open_flow(world, path, seed, messages);
}

bool world_step(struct world *world, unsigned count)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < count && status == STATUS_OK; i++) {
        struct flow_message message;
        status = world->generator != NULL ? generate_next(world->generator, &message)
                                          : flow_next(world->flow, &message);
        if (status == STATUS_OK) {
            world->messages++;
            assert_int_equal(importer_apply(world->importer, &message), STATUS_OK);
        }
    }
    assert_true(status == STATUS_OK || status == STATUS_END);
    assert_int_equal(sequencer_flush(world->sequencer), STATUS_OK);
    world->instruments = importer_instrument_count(world->importer);
    return status == STATUS_OK;
}

void world_close(struct world *world)
{
    importer_close(world->importer);
    generate_close(world->generator);
    flow_close(world->flow);
    hub_close(world->hub);
    stream_close(world->stream);
    assert_int_equal(sequencer_close(world->sequencer, true), STATUS_OK);
    free(world->engine_bytes);
    free(world->sequencer_bytes);
    journal_memory_store_deinit(&world->stores[0]);
    journal_memory_store_deinit(&world->stores[1]);
    *world = (struct world){0};
}

const char *world_data(const char *name)
{
    static char path[4096];
    const char *folder = getenv("DOJIMA_DATA");
    if (folder == NULL || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
        access(path, R_OK) != 0) {
        return NULL;
    }
    return path;
}

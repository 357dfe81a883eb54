/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of this room: a fixed script of commands, an engine with a sequencer over any two
 * journals, and what an undisturbed run of the script gives after each command.
 *
 * Owner: the test. Threads: one. Memory: malloc. Errors: cmocka assertions.
 * Order of calls: include cmocka.h first; stage_open, sequencer calls, stage_close.
 */
#ifndef DOJIMA_SEQUENCER_SCRIPT_H
#define DOJIMA_SEQUENCER_SCRIPT_H

#include "base/hash.h"
#include "base/prng.h"
#include "sequencer/sequencer.h"
#include "wire/native/command_codec.h"

#include <stdlib.h>

#define SCRIPT_COMMANDS 100u
#define SCRIPT_OPENING  5u /* genesis, two assets, an instrument, an account */
/* Where a later release is told to apply its rules; behind it the same kinds as at the opening. */
#define SCRIPT_UPGRADE 45u

static inline struct command_genesis script_genesis(void)
{
    struct command_genesis genesis = engine_limits_small();
    genesis.logic_version = LOGIC_OLDEST;
    genesis.max_orders = 128;
    genesis.max_levels = 128;
    genesis.max_events_per_command = 64;
    genesis.max_timers_per_command = 8;
    return genesis;
}

static inline struct command script_opening(uint64_t number)
{
    struct command command = {.header = {.version = 1}};
    switch (number) {
    case 1:
        command.header.id = COMMAND_GENESIS;
        command.genesis = script_genesis();
        break;
    case 2:
    case 3:
        command.header.id = COMMAND_LIST_ASSET;
        command.list_asset = (struct command_list_asset){
            .asset = (uint32_t)number - 1, .scale = 4, .code = {.bytes = "AB"}};
        break;
    case 4:
        command.header.id = COMMAND_LIST_INSTRUMENT;
        command.list_instrument = (struct command_list_instrument){
            .instrument = 1,
            .base_asset = 2,
            .quote_asset = 1,
            .price_scale = 4,
            .tick = {1},
            .lowest_price = {1},
            .highest_price = {1000000},
            .lot = {1},
            .largest_quantity = {1000000},
            .multiplier = 1,
            .symbol = {.bytes = "RICE"},
        };
        break;
    default:
        command.header.id = COMMAND_OPEN_ACCOUNT;
        command.open_account =
            (struct command_open_account){.account = number == SCRIPT_OPENING ? 1 : 2,
                                          .participant = 1,
                                          .self_trade_group = 3,
                                          .unlimited = 1};
        break;
    }
    return command;
}

/* Command `number` of the script, from 1: orders around one price, so that many trade, and some
 * cancels, of which some find nothing. */
static inline struct command script_command(uint64_t number)
{
    struct command command = {.header = {.version = 1}};
    struct prng prng;
    prng_init(&prng, number);
    if (number <= SCRIPT_OPENING || number == SCRIPT_UPGRADE + 1) {
        command = script_opening(number);
    } else if (number == SCRIPT_UPGRADE) {
        command.header.id = COMMAND_LOGIC_VERSION;
        command.logic_version.logic_version = LOGIC_NEWEST;
    } else if (prng_chance(&prng, 1, 4)) {
        command.header.id = COMMAND_CANCEL;
        command.cancel.account = 1;
        command.cancel.client_order_id =
            text36_from_number((uint64_t)prng_between(&prng, SCRIPT_OPENING + 1, (int64_t)number));
    } else {
        command.header.id = COMMAND_NEW_ORDER;
        command.new_order = (struct command_new_order){
            .account = 1,
            .price = {prng_between(&prng, 990, 1010)},
            .quantity = {prng_between(&prng, 1, 50)},
            .instrument = 1,
            .side = prng_chance(&prng, 1, 2) ? SIDE_BUY : SIDE_SELL,
            .order_type = ORDER_TYPE_LIMIT,
            .time_in_force = prng_chance(&prng, 1, 5) ? TIME_IN_FORCE_IOC : TIME_IN_FORCE_GTC,
            .capacity = CAPACITY_AGENCY,
            .client_order_id = text36_from_number(number),
        };
    }
    if (number > SCRIPT_UPGRADE && command.header.id == COMMAND_NEW_ORDER &&
        command.new_order.time_in_force == TIME_IN_FORCE_IOC) {
        command.new_order.minimum_quantity.lots = 1;
    }
    /* Now and then a time that goes back: log time must not. */
    command.header.time_ns = number * 1000 - (number % 7 == 0 ? 5000 : 0);
    command.header.source = 1;
    command.header.source_sequence = number;
    return command;
}

struct stage {
    void *engine_bytes;
    void *sequencer_bytes;
    struct engine *engine;
    struct sequencer *sequencer;
    struct sequencer_fault fault;
};

/* What a snapshot holds of a stage: where another one goes on. */
struct stage_state {
    uint8_t *bytes; /* canonical; null: from the beginning */
    size_t count;
    uint64_t event_hash;
};

static inline enum status stage_open_at(struct stage *stage, struct sequencer_options options,
                                        const struct stage_state *from)
{
    struct command_genesis genesis = script_genesis();
    struct arena arena;
    arena_init_measure(&arena);
    assert_int_equal(engine_init(&arena, &genesis, &stage->engine), STATUS_OK);
    stage->engine_bytes = aligned_alloc(64, arena.used);
    arena_init(&arena, stage->engine_bytes, arena.used);
    assert_int_equal(engine_init(&arena, &genesis, &stage->engine), STATUS_OK);
    if (from->bytes != NULL) {
        struct events events = {0};
        assert_int_equal(engine_load(stage->engine, from->bytes, from->count, &events), STATUS_OK);
        options.event_hash = from->event_hash;
    }
    options.engine = stage->engine;
    options.held_bytes = 64 * 1024;
    arena_init_measure(&arena);
    stage->sequencer = NULL;
    assert_int_equal(sequencer_open(&arena, &options, &stage->fault, &stage->sequencer), STATUS_OK);
    stage->sequencer_bytes = aligned_alloc(64, arena.used);
    arena_init(&arena, stage->sequencer_bytes, arena.used);
    return sequencer_open(&arena, &options, &stage->fault, &stage->sequencer);
}

static inline enum status stage_open(struct stage *stage, struct sequencer_options options)
{
    return stage_open_at(stage, options, &(struct stage_state){0});
}

static inline void stage_keep_bytes(void *context, const uint8_t *bytes, size_t count)
{
    struct stage_state *state = context;
    state->bytes = realloc(state->bytes, state->count + count);
    assert_non_null(state->bytes);
    memcpy(state->bytes + state->count, bytes, count);
    state->count += count;
}

static inline struct stage_state stage_save(const struct stage *stage)
{
    struct stage_state state = {0};
    struct sequencer_counts counts;
    sequencer_count(stage->sequencer, &counts);
    state.event_hash = counts.event_hash;
    engine_walk(stage->engine, stage_keep_bytes, &state);
    return state;
}

static inline enum status stage_close(struct stage *stage, bool seal)
{
    enum status status = sequencer_close(stage->sequencer, seal);
    free(stage->engine_bytes);
    free(stage->sequencer_bytes);
    *stage = (struct stage){0};
    return status;
}

static inline void on_stage_bytes(void *context, const uint8_t *bytes, size_t count)
{
    uint64_t *hash = context;
    for (size_t i = 0; i < count; i++) {
        *hash = hash_fold(*hash ^ bytes[i], 0x9e3779b97f4a7c15u) + i;
    }
}

static inline uint64_t stage_hash(const struct stage *stage)
{
    uint64_t hash = 1;
    engine_walk(stage->engine, on_stage_bytes, &hash);
    return hash;
}

static inline enum status stage_submit(struct stage *stage, uint64_t number)
{
    struct command command = script_command(number);
    return sequencer_submit(stage->sequencer, &command);
}

#endif

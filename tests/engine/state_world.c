/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/state_world.h"

#include "base/assert.h"
#include "wire/native/text36.h"

#include <string.h>

#define START_NS UINT64_C(1000000000)

/* The terms of instruments 1 and 2; 3 is the one whose facts change. */
static struct command_list_instrument terms(uint32_t instrument)
{
    return (struct command_list_instrument){
        .instrument = instrument,
        .base_asset = 1,
        .quote_asset = 2,
        .tick = {1},
        .lowest_price = {1},
        .highest_price = {1000},
        .lot = {1},
        .largest_quantity = {1000},
        .multiplier = 1,
        .symbol = {"SYMBOL"},
    };
}

struct world world_plain(void)
{
    return (struct world){
        .genesis = {.shard = 3,
                    .logic_version = 1,
                    .max_assets = 8,
                    .max_instruments = 8,
                    .max_accounts = 8,
                    .max_sessions = 8,
                    .max_orders = 64,
                    .max_levels = 64,
                    .max_events_per_command = 8,
                    .max_timers_per_command = 1},
        .asset = {.asset = 4, .scale = 5, .code = {"CODE"}},
        .instrument = terms(3),
        .account = {.account = 30, .participant = 9, .self_trade_group = 6, .unlimited = 1},
        .logon = {.participant = 9, .user = 11},
        .logon_session = 5,
        .logon_incarnation = 4,
        .logon_input_sequence = 100,
        .last_input_sequence = 50,
        .first_user = 21,
        .order = {.account = 10,
                  .price = {100},
                  .quantity = {10},
                  .instrument = 1,
                  .self_trade_group = 2,
                  .side = SIDE_BUY,
                  .order_type = ORDER_TYPE_LIMIT,
                  .time_in_force = TIME_IN_FORCE_GTC,
                  .capacity = CAPACITY_AGENCY,
                  .client_order_id = text36_from("order-a")},
        .order_session = 1,
        .refusals_between = 2,
        .refusals_after = 1,
        .last_time_ns = START_NS + 1000,
        .trading_day = 20300102,
        .walk_side = SIDE_SELL,
        .walk_price = 900,
    };
}

static struct command *add(struct script *script, enum command_id id)
{
    ASSERT(script->count < SCRIPT_COMMANDS_MAX);
    struct command *command = &script->commands[script->count];
    script->count++;
    memset(command, 0, sizeof *command);
    command->header.sequence = script->count;
    command->header.time_ns = script->time_ns;
    command->header.id = (uint8_t)id;
    command->header.version = 1;
    return command;
}

/* Each makes one event and changes nothing else. */
static void add_refusals(struct script *script, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct command *command = add(script, COMMAND_CANCEL);
        command->cancel.account = 10;
        command->cancel.client_order_id = text36_from("nobody");
    }
}

static void add_logon(struct script *script, uint32_t session, uint32_t incarnation, uint32_t user)
{
    struct command *command = add(script, COMMAND_LOGON);
    command->header.session = session;
    command->header.incarnation = incarnation;
    command->logon.participant = 1;
    command->logon.user = user;
}

static void add_reference(const struct world *world, struct script *script)
{
    static const uint64_t accounts[] = {10, 20};
    for (uint32_t asset = 1; asset <= 2; asset++) {
        add(script, COMMAND_LIST_ASSET)->list_asset =
            (struct command_list_asset){.asset = asset, .scale = 2, .code = {"MONEY"}};
    }
    add(script, COMMAND_LIST_ASSET)->list_asset =
        (struct command_list_asset){.asset = 3, .scale = 2, .code = {"MONEY"}};
    add(script, COMMAND_LIST_ASSET)->list_asset = world->asset;
    add(script, COMMAND_LIST_INSTRUMENT)->list_instrument = terms(1);
    add(script, COMMAND_LIST_INSTRUMENT)->list_instrument = terms(2);
    add(script, COMMAND_LIST_INSTRUMENT)->list_instrument = world->instrument;
    for (size_t i = 0; i < ARRAY_COUNT(accounts); i++) {
        add(script, COMMAND_OPEN_ACCOUNT)->open_account =
            (struct command_open_account){.account = accounts[i], .participant = 1, .unlimited = 1};
    }
    add(script, COMMAND_OPEN_ACCOUNT)->open_account = world->account;
    struct command *logon = add(script, COMMAND_LOGON);
    logon->header.session = world->logon_session;
    logon->header.incarnation = world->logon_incarnation;
    logon->header.input_sequence = world->logon_input_sequence;
    logon->logon = world->logon;
    add_logon(script, 1, 1, world->first_user);
    add_logon(script, 2, 1, world->first_user);
}

/* Entered away from its price, replaced to it, then somebody comes to trade with it, or not. */
static void add_order(const struct world *world, struct script *script)
{
    struct command *enter = add(script, COMMAND_NEW_ORDER);
    enter->header.session = world->order_session;
    enter->header.incarnation = 1;
    enter->header.input_sequence = 1;
    enter->new_order = world->order;
    enter->new_order.price.units = world->order.price.units + 500;
    enter->new_order.quantity.lots = 1;
    add_refusals(script, world->refusals_between);
    struct command *replace = add(script, COMMAND_REPLACE);
    replace->replace =
        (struct command_replace){.account = world->order.account,
                                 .price = world->order.price,
                                 .quantity = world->order.quantity,
                                 .client_order_id = world->order.client_order_id,
                                 .new_client_order_id = world->order.client_order_id};
    bool buys = world->order.side == SIDE_BUY;
    struct command *taker = add(script, COMMAND_NEW_ORDER);
    taker->new_order = (struct command_new_order){
        .account = 20,
        .price = {world->executes ? world->order.price.units : (buys ? 1000 : 1)},
        .quantity = {4},
        .instrument = world->order.instrument,
        .side = buys ? SIDE_SELL : SIDE_BUY,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = TIME_IN_FORCE_IOC,
        .capacity = CAPACITY_PRINCIPAL,
        .client_order_id = text36_from("taker")};
    add_refusals(script, world->refusals_after);
}

/* Sessions 1 and 2 end with the same numbers, whichever of them entered the order. */
static void add_sessions_end(const struct world *world, struct script *script)
{
    for (uint32_t session = 1; session <= 2; session++) {
        add_logon(script, session, 2, 77);
        struct command *tick = add(script, COMMAND_TICK);
        tick->header.session = session;
        tick->header.incarnation = 2;
        tick->header.input_sequence = session == 1 ? world->last_input_sequence : 50;
    }
}

/* Eight orders; seven events fit into a slice, and the one left over is cancelled. */
static void add_walk(const struct world *world, struct script *script)
{
    static const char *const names[8] = {"d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"};
    for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
        bool expires = i == 0 && world->walk == WORLD_WALK_FEWER;
        bool later = world->walk == WORLD_WALK_STOPS_LATER;
        add_refusals(script, i == (world->walk_later ? 6 : 7));
        add(script, COMMAND_NEW_ORDER)->new_order = (struct command_new_order){
            .account = 20,
            .price = {world->walk_price},
            .quantity = {1},
            .expire_time = expires ? world->last_time_ns : 0,
            .instrument = later ? 2 : 1,
            .side = world->walk_side,
            .order_type = ORDER_TYPE_LIMIT,
            .time_in_force = expires ? TIME_IN_FORCE_GTD : TIME_IN_FORCE_DAY,
            .capacity = CAPACITY_AGENCY,
            .client_order_id = text36_from(names[i])};
    }
    script->time_ns = world->last_time_ns;
    add(script, COMMAND_END_OF_DAY)->end_of_day.trading_day = world->trading_day;
    struct command *cancel = add(script, COMMAND_CANCEL);
    cancel->cancel.account = 20;
    cancel->cancel.client_order_id = text36_from(names[7]);
}

struct command *world_add(struct world *world, enum command_id id, bool operator_sends)
{
    ASSERT(world->extra_count < WORLD_EXTRA_MAX);
    struct command *command = &world->extra[world->extra_count];
    world->extra_count++;
    *command = (struct command){.header = {.id = (uint8_t)id, .version = 1}};
    if (!operator_sends) {
        command->header.session = world->logon_session;
        command->header.incarnation = world->logon_incarnation;
        command->header.input_sequence = world->logon_input_sequence + world->extra_count;
    }
    return command;
}

void world_script(const struct world *world, struct script *out)
{
    out->count = 0;
    out->time_ns = START_NS;
    add(out, COMMAND_GENESIS)->genesis = world->genesis;
    add_reference(world, out);
    add_refusals(out, world->refusals_before);
    add_order(world, out);
    add_sessions_end(world, out);
    if (world->walk == WORLD_WALK_WHOLE) {
        add(out, COMMAND_END_OF_DAY)->end_of_day.trading_day = world->trading_day;
    } else if (world->walk != WORLD_WALK_NONE) {
        add_walk(world, out);
    }
    for (unsigned i = 0; i < world->ticks; i++) {
        add(out, COMMAND_TICK);
    }
    for (size_t i = 0; i < world->extra_count; i++) {
        struct command *command = add(out, (enum command_id)world->extra[i].header.id);
        uint64_t sequence = command->header.sequence;
        *command = world->extra[i];
        command->header.sequence = sequence;
        command->header.time_ns += out->time_ns;
    }
    out->time_ns = world->last_time_ns;
    if (world->last_is_refused) {
        add_refusals(out, 1);
    } else {
        add(out, COMMAND_TICK);
    }
}

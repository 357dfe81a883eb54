/* SPDX-License-Identifier: Apache-2.0
 *
 * Every fact of the state, one line each: what it is called, what both worlds have first, what the
 * other one then has instead. ALONE: no other byte of the state may differ for it.
 */
#include "tests/engine/state_world.h"
#include "wire/native/text36.h"

#define NOTHING ((void)world)

static void block(struct world *world, enum block_target target, uint64_t number, bool blocked)
{
    world_add(world, COMMAND_SET_BLOCK, true)->set_block =
        (struct command_set_block){.number = number, .target = target, .blocked = blocked};
}

static void later_rules(struct world *world)
{
    world_add(world, COMMAND_LOGIC_VERSION, true)->logic_version.logic_version = 2;
}

static void group(struct world *world, uint32_t number, enum self_trade mode)
{
    world_add(world, COMMAND_SET_GROUP, true)->set_group =
        (struct command_set_group){.self_trade_group = number, .mode = mode};
}

static void halt(struct world *world, enum phase phase)
{
    world_add(world, COMMAND_SET_PHASE, true)->set_phase = (struct command_set_phase){
        .instrument = 3, .phase = phase, .reason = PHASE_REASON_OPERATOR};
}

/* One event each, and nothing but a token is used up. */
static void refused_cancel(struct world *world)
{
    struct command *command = world_add(world, COMMAND_CANCEL, false);
    command->cancel.account = 30;
    command->cancel.client_order_id = text36_from("nobody");
}

static struct command *extra_order(struct world *world, const char *name, int64_t lots)
{
    struct command *command = world_add(world, COMMAND_NEW_ORDER, false);
    command->new_order = (struct command_new_order){
        .account = 30,
        .price = {1},
        .quantity = {lots},
        .instrument = 2,
        .side = SIDE_BUY,
        .order_type = ORDER_TYPE_LIMIT,
        .time_in_force = TIME_IN_FORCE_GTC,
        .on_disconnect = ON_DISCONNECT_KEEP,
        .capacity = CAPACITY_AGENCY,
        .client_order_id = text36_from(name),
    };
    return command;
}

static void rates(struct world *world, uint32_t orders_per_s, uint32_t cancels_per_s)
{
    world->logon.orders_per_s = orders_per_s;
    world->logon.orders_burst = 5;
    world->logon.cancels_per_s = cancels_per_s;
    world->logon.cancels_burst = 5;
}

static void dead_man(struct world *world, uint32_t timeout_ms, uint64_t wound_up_ns)
{
    world_add(world, COMMAND_SET_DEAD_MAN, false)->set_dead_man.timeout_ms = timeout_ms;
    world_add(world, COMMAND_TICK, false)->header.time_ns = wound_up_ns;
}

static struct command *admin(struct world *world, enum admin_kind kind, uint8_t count)
{
    struct command *command = world_add(world, COMMAND_SESSION_ADMIN, false);
    command->session_admin = (struct command_session_admin){
        .kind = kind,
        .note = kind == ADMIN_KIND_NOTE ? SESSION_NOTE_VENUE_STOPS : SESSION_NOTE_NONE,
        .count = count};
    return command;
}

/* A reserve of two numbers, one event earlier or later. */
static void reserve(struct world *world, bool note_first)
{
    if (note_first) {
        admin(world, ADMIN_KIND_NOTE, 0);
    }
    admin(world, ADMIN_KIND_RESERVE, 2);
    if (!note_first) {
        admin(world, ADMIN_KIND_NOTE, 0);
    }
}

/* Refused before it takes a token. */
static void of_nobody(struct command *command)
{
    command->header.session = 8;
}

static void silent(struct command *command)
{
    command->header = (struct command_header){.id = COMMAND_TICK, .version = 1};
}

/* Eleven orders, eight leave with the command and one before the last one. */
static void mass_cancel(struct world *world)
{
    static const char *const names[11] = {"m0", "m1", "m2", "m3", "m4", "m5",
                                          "m6", "m7", "m8", "m9", "m10"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        extra_order(world, names[i], 1);
    }
    world_add(world, COMMAND_MASS_CANCEL, true)->mass_cancel.orders_of = 5;
    world->last_is_refused = true;
}

static struct command_mass_cancel *asked(struct world *world)
{
    return &world->extra[world->extra_count - 1].mass_cancel;
}

static void remember(struct world *world)
{
    world->genesis.max_recent_names = 16;
    world->genesis.resend_window_s = 60;
}

/* A participant in an order is the account's, its type is LIMIT as long as it rests: neither can
 * differ alone. */
#define CHANGES(ALONE, MORE)                                                                       \
    MORE(genesis_shard, NOTHING, world->genesis.shard = 4)                                         \
    ALONE(genesis_logic_version, NOTHING, world->genesis.logic_version = 2)                        \
    ALONE(genesis_max_assets, NOTHING, world->genesis.max_assets = 9)                              \
    ALONE(genesis_max_instruments, NOTHING, world->genesis.max_instruments = 9)                    \
    ALONE(genesis_max_accounts, NOTHING, world->genesis.max_accounts = 9)                          \
    ALONE(genesis_max_sessions, NOTHING, world->genesis.max_sessions = 9)                          \
    ALONE(genesis_max_orders, NOTHING, world->genesis.max_orders = 65)                             \
    ALONE(genesis_max_levels, NOTHING, world->genesis.max_levels = 65)                             \
    ALONE(genesis_max_events, NOTHING, world->genesis.max_events_per_command = 9)                  \
    ALONE(genesis_max_timers, world->genesis.max_events_per_command = 12,                          \
          world->genesis.max_timers_per_command = 2)                                               \
    ALONE(command_sequence, NOTHING, world->ticks = 1)                                             \
    ALONE(event_sequence, NOTHING, world->last_is_refused = true)                                  \
    ALONE(time, NOTHING, world->last_time_ns += 1)                                                 \
    ALONE(day_last_ended, NOTHING, world->trading_day = 20300103)                                  \
    ALONE(day_instrument, world->walk = WORLD_WALK_STOPS_EARLY,                                    \
          world->walk = WORLD_WALK_STOPS_LATER)                                                    \
    ALONE(day_orders_expired, world->walk = WORLD_WALK_STOPS_EARLY,                                \
          world->walk = WORLD_WALK_FEWER)                                                          \
    ALONE(day_side, world->walk = WORLD_WALK_STOPS_EARLY, world->walk_side = SIDE_BUY)             \
    ALONE(day_price, world->walk = WORLD_WALK_STOPS_EARLY, world->walk_price = 901)                \
    ALONE(day_reference, world->walk = WORLD_WALK_STOPS_EARLY, world->walk_later = true)           \
    ALONE(asset_number, NOTHING, world->asset.asset = 5)                                           \
    ALONE(asset_scale, NOTHING, world->asset.scale = 6)                                            \
    ALONE(asset_code, NOTHING, world->asset.code.bytes[0] = 'X')                                   \
    ALONE(instrument_number, NOTHING, world->instrument.instrument = 4)                            \
    ALONE(instrument_base_asset, NOTHING, world->instrument.base_asset = 3)                        \
    ALONE(instrument_quote_asset, NOTHING, world->instrument.quote_asset = 3)                      \
    ALONE(instrument_price_scale, NOTHING, world->instrument.price_scale = 1)                      \
    ALONE(instrument_quantity_scale, NOTHING, world->instrument.quantity_scale = 1)                \
    ALONE(instrument_negative_prices, NOTHING, world->instrument.negative_prices = 1)              \
    ALONE(instrument_itch, NOTHING, world->instrument.itch = 1)                                    \
    ALONE(instrument_tick, NOTHING, world->instrument.tick.units = 2)                              \
    ALONE(instrument_lowest_price, NOTHING, world->instrument.lowest_price.units = 2)              \
    ALONE(instrument_highest_price, NOTHING, world->instrument.highest_price.units = 2000)         \
    ALONE(instrument_lot, NOTHING, world->instrument.lot.lots = 2)                                 \
    ALONE(instrument_largest_quantity, NOTHING, world->instrument.largest_quantity.lots = 999)     \
    ALONE(instrument_multiplier, NOTHING, world->instrument.multiplier = 2)                        \
    ALONE(instrument_symbol, NOTHING, world->instrument.symbol.bytes[5] = 'X')                     \
    ALONE(account_number, NOTHING, world->account.account = 31)                                    \
    ALONE(account_participant, NOTHING, world->account.participant = 8)                            \
    ALONE(account_self_trade_group, NOTHING, world->account.self_trade_group = 0)                  \
    ALONE(account_unlimited, NOTHING, world->account.unlimited = 0)                                \
    ALONE(session_number, NOTHING, world->logon_session = 6)                                       \
    ALONE(session_incarnation, NOTHING, world->logon_incarnation = 5)                              \
    ALONE(session_participant, NOTHING, world->logon.participant = 8)                              \
    ALONE(session_user, NOTHING, world->logon.user = 12)                                           \
    ALONE(session_input_sequence_of_logon, NOTHING, world->logon_input_sequence = 99)              \
    ALONE(session_input_sequence_used, NOTHING, world->last_input_sequence = 51)                   \
    ALONE(order_id, NOTHING, (world->refusals_before = 2, world->refusals_between = 0))            \
    ALONE(order_reference, NOTHING, (world->refusals_between = 3, world->refusals_after = 0))      \
    ALONE(order_account, NOTHING, world->order.account = 20)                                       \
    ALONE(order_price, NOTHING, world->order.price.units = 101)                                    \
    ALONE(order_total, (world->executes = true),                                                   \
          (world->executes = false, world->order.quantity.lots = 6))                               \
    ALONE(order_remaining, NOTHING, world->executes = true)                                        \
    ALONE(order_expire_time,                                                                       \
          (world->order.time_in_force = TIME_IN_FORCE_GTD,                                         \
           world->order.expire_time = UINT64_C(5000000000)),                                       \
          world->order.expire_time += 1)                                                           \
    ALONE(order_instrument, NOTHING, world->order.instrument = 2)                                  \
    ALONE(order_session, NOTHING, world->order_session = 2)                                        \
    ALONE(order_user, NOTHING, world->first_user = 22)                                             \
    ALONE(order_self_trade_group, NOTHING, world->order.self_trade_group = 5)                      \
    ALONE(order_side, NOTHING, world->order.side = SIDE_SELL)                                      \
    ALONE(order_time_in_force, world->walk = WORLD_WALK_NONE,                                      \
          world->order.time_in_force = TIME_IN_FORCE_DAY)                                          \
    ALONE(order_post_only_reject, NOTHING, world->order.post_only = POST_ONLY_REJECT)              \
    ALONE(order_post_only_slide, world->order.post_only = POST_ONLY_REJECT,                        \
          world->order.post_only = POST_ONLY_SLIDE)                                                \
    ALONE(order_capacity, NOTHING, world->order.capacity = CAPACITY_RISKLESS_PRINCIPAL)            \
    ALONE(genesis_max_recent_names, remember(world), world->genesis.max_recent_names = 17)         \
    ALONE(genesis_resend_window, remember(world), world->genesis.resend_window_s = 61)             \
    ALONE(instrument_phase, halt(world, PHASE_HALTED),                                             \
          world->extra[0].set_phase.phase = PHASE_CLOSED)                                          \
    ALONE(account_blocked, block(world, BLOCK_TARGET_ACCOUNT, 30, true),                           \
          world->extra[0].set_block.blocked = 0)                                                   \
    ALONE(account_participant_blocked, block(world, BLOCK_TARGET_PARTICIPANT, 9, true),            \
          world->extra[0].set_block.blocked = 0)                                                   \
    ALONE(session_blocked, block(world, BLOCK_TARGET_SESSION, 5, true),                            \
          world->extra[0].set_block.blocked = 0)                                                   \
    MORE(logic, later_rules(world), world->extra[0].logic_version.logic_version = 1)               \
    ALONE(group_number, group(world, 6, SELF_TRADE_DECREMENT),                                     \
          world->extra[0].set_group.self_trade_group = 7)                                          \
    ALONE(group_mode, group(world, 6, SELF_TRADE_DECREMENT),                                       \
          world->extra[0].set_group.mode = SELF_TRADE_CANCEL_BOTH)                                 \
    MORE(group_mode_none, group(world, 6, SELF_TRADE_DECREMENT),                                   \
         world->extra[0].set_group.mode = SELF_TRADE_NONE)                                         \
    ALONE(session_closed, refused_cancel(world),                                                   \
          (world->extra_count = 0,                                                                 \
           world_add(world, COMMAND_SESSION_LOST, false)->session_lost.reason = SESSION_END_CUT))  \
    ALONE(session_cancel_on_disconnect, NOTHING, world->logon.cancel_on_disconnect = 1)            \
    ALONE(session_orders_rate, rates(world, 10, 10), rates(world, 11, 10))                         \
    ALONE(session_cancels_rate, rates(world, 10, 10), rates(world, 10, 11))                        \
    ALONE(session_orders_burst, rates(world, 10, 10), world->logon.orders_burst = 6)               \
    ALONE(session_cancels_burst, rates(world, 10, 10), world->logon.cancels_burst = 6)             \
    ALONE(session_orders_tokens, (rates(world, 10, 0), extra_order(world, "x", 0)),                \
          (world->extra_count = 0, refused_cancel(world)))                                         \
    ALONE(session_cancels_tokens, (rates(world, 0, 10), refused_cancel(world)),                    \
          (world->extra_count = 0, extra_order(world, "x", 0)))                                    \
    ALONE(session_dead_man, dead_man(world, 10000, 0),                                             \
          (world->extra_count = 0, dead_man(world, 10001, 0)))                                     \
    ALONE(session_dead_man_due, dead_man(world, 10000, 0),                                         \
          (world->extra_count = 0, dead_man(world, 10000, 1)))                                     \
    ALONE(session_admin_tokens, admin(world, ADMIN_KIND_NOTE, 0), of_nobody(&world->extra[0]))     \
    ALONE(session_reserve_event, reserve(world, false),                                            \
          (world->extra_count = 0, reserve(world, true)))                                          \
    ALONE(session_reserve_count,                                                                   \
          (admin(world, ADMIN_KIND_RESERVE, 2), of_nobody(admin(world, ADMIN_KIND_NOTE, 0))),      \
          (world->extra[0].session_admin.count = 3, silent(&world->extra[1])))                     \
    ALONE(order_tagged, extra_order(world, "x", 1),                                                \
          world->extra[0].new_order.on_disconnect = ON_DISCONNECT_CANCEL)                          \
    ALONE(mass_cancel_account, mass_cancel(world), asked(world)->account = 30)                     \
    ALONE(mass_cancel_tag, mass_cancel(world), asked(world)->tag = 77)                             \
    ALONE(mass_cancel_participant, mass_cancel(world), asked(world)->participant = 9)              \
    ALONE(mass_cancel_instrument, mass_cancel(world), asked(world)->instrument = 2)                \
    ALONE(mass_cancel_session, (mass_cancel(world), asked(world)->participant = 9),                \
          asked(world)->orders_of = 0)                                                             \
    ALONE(mass_cancel_side, mass_cancel(world), asked(world)->side = SIDE_BUY)                     \
    ALONE(name_key, (remember(world), extra_order(world, "x", 0)),                                 \
          world->extra[0].new_order.client_order_id = text36_from("y"))                            \
    ALONE(name_body, (remember(world), extra_order(world, "x", 0)),                                \
          world->extra[0].new_order.quantity.lots = -1)                                            \
    ALONE(name_result, (remember(world), extra_order(world, "x", 0)),                              \
          world->extra[0].new_order.quantity.lots = 100000)                                        \
    ALONE(name_ended, (remember(world), extra_order(world, "x", 0)),                               \
          world->extra[0].header.time_ns = 1)                                                      \
    ALONE(order_client_order_id, NOTHING, world->order.client_order_id = text36_from("order-b"))   \
    MORE(order_client_order_id_length, NOTHING,                                                    \
         world->order.client_order_id = text36_from("order-a-longer"))

#define FUNCTIONS(name, prepare, change)                                                           \
    static void prepare_##name(struct world *world)                                                \
    {                                                                                              \
        prepare;                                                                                   \
    }                                                                                              \
    static void change_##name(struct world *world)                                                 \
    {                                                                                              \
        change;                                                                                    \
    }
CHANGES(FUNCTIONS, FUNCTIONS)

#define ROW_ALONE(name, prepare, change) {#name, prepare_##name, change_##name, true},
#define ROW_MORE(name, prepare, change)  {#name, prepare_##name, change_##name, false},
const struct world_change world_changes[] = {CHANGES(ROW_ALONE, ROW_MORE)};
const size_t world_change_count = sizeof world_changes / sizeof world_changes[0];

/* SPDX-License-Identifier: Apache-2.0
 *
 * Every fact of the state, one line each: what it is called, what both worlds have first, what the
 * other one then has instead. ALONE: no other byte of the state may differ for it.
 */
#include "tests/engine/state_world.h"
#include "wire/native/text36.h"

#define NOTHING ((void)world)

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

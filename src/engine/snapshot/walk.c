/* SPDX-License-Identifier: Apache-2.0
 *
 * Canonical bytes of the state. Records, each a tag byte and fixed little-endian fields (texts as
 * in messages), in this order:
 *
 *   'G' genesis, sequences, time, day
 *   'L' the rules that apply, if they are not those of genesis
 *   'W' the place of END_OF_DAY, if a slice stopped behind the beginning of an instrument
 *   'A' assets by number                    'I' instruments by number
 *   'C' accounts by number                  'P' self-trade groups by number, if they have a mode
 *   'S' sessions by number
 *   'M' mass cancels that are not at their end, in the order in which they were asked for
 *   'O' orders by instrument, buy before sell, best price first, queue order
 *   'N' names that are remembered: of orders that are gone by the time of their end, then of live
 *       ones in the order of their orders
 *   'E' how many of each
 *
 * What later rules add gets a record of its own that is absent while there is nothing in it: the
 * bytes of a state that older rules can reach never change.
 *
 * No pool index, table place or timer heap place is in them: they follow from the facts.
 */
#include "engine/snapshot/record.h"
#include "engine/state.h"

struct walk {
    on_engine_bytes *on_bytes;
    void *context;
};

static void give(const struct walk *walk, const uint8_t *bytes, size_t count)
{
    walk->on_bytes(walk->context, bytes, count);
}

static void walk_head(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_HEAD_BYTES];
    bytes[0] = SNAPSHOT_HEAD;
    size_t at = 1 + command_genesis_encode(bytes + 1, &engine->genesis);
    bytes_store_le64(bytes + at, engine->command_sequence);
    bytes_store_le64(bytes + at + 8, engine->event_sequence);
    bytes_store_le64(bytes + at + 16, engine->time_ns);
    bytes_store_le32(bytes + at + 24, engine->day.last_ended);
    bytes_store_le32(bytes + at + 28, engine->day.place.instrument);
    bytes_store_le32(bytes + at + 32, engine->day.orders_expired);
    give(walk, bytes, sizeof bytes);
}

static void walk_logic(const struct engine *engine, const struct walk *walk)
{
    if (engine->logic != engine->genesis.logic_version) {
        uint8_t bytes[SNAPSHOT_LOGIC_BYTES] = {SNAPSHOT_LOGIC};
        bytes_store_le16(bytes + 1, engine->logic);
        give(walk, bytes, sizeof bytes);
    }
}

static void walk_day(const struct engine *engine, const struct walk *walk)
{
    const struct book_place *place = &engine->day.place;
    if (place->side == SIDE_BUY && place->reference == 0) {
        return;
    }
    uint8_t bytes[SNAPSHOT_WALK_BYTES];
    bytes[0] = SNAPSHOT_WALK;
    bytes[1] = (uint8_t)place->side;
    bytes_store_le64(bytes + 2, (uint64_t)place->price_units);
    bytes_store_le64(bytes + 10, place->reference);
    give(walk, bytes, sizeof bytes);
}

static void walk_reference(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_INSTRUMENT_BYTES];
    for (uint32_t i = 0; i < engine->reference.max_assets; i++) {
        const struct asset *asset = &engine->reference.assets[i];
        if (asset->listed != 0) {
            bytes[0] = SNAPSHOT_ASSET;
            size_t count = command_list_asset_encode(
                bytes + 1, &(struct command_list_asset){
                               .asset = i + 1, .scale = asset->scale, .code = asset->code});
            give(walk, bytes, 1 + count);
        }
    }
    for (uint32_t i = 0; i < engine->reference.max_instruments; i++) {
        const struct command_list_instrument *terms = &engine->reference.instruments[i].terms;
        if (terms->instrument != 0) {
            bytes[0] = SNAPSHOT_INSTRUMENT;
            size_t count = 1 + command_list_instrument_encode(bytes + 1, terms);
            bytes[count] = (uint8_t)engine->reference.instruments[i].phase;
            give(walk, bytes, count + 1);
        }
    }
}

static void walk_accounts(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_ACCOUNT_BYTES];
    const uint32_t *order = accounts_in_order(&engine->accounts);
    for (uint32_t i = 0; i < engine->accounts.count; i++) {
        const struct account *account = &engine->accounts.table[order[i]];
        bytes[0] = SNAPSHOT_ACCOUNT;
        size_t count = command_open_account_encode(
            bytes + 1, &(struct command_open_account){.account = account->account,
                                                      .participant = account->participant,
                                                      .self_trade_group = account->self_trade_group,
                                                      .unlimited = account->unlimited});
        bytes[1 + count] = account->blocks;
        give(walk, bytes, 1 + count + 1);
    }
}

static void walk_groups(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_GROUP_BYTES];
    for (uint32_t i = 0; i < engine->genesis.max_accounts; i++) {
        if (engine->group_modes[i] != SELF_TRADE_NONE) {
            bytes[0] = SNAPSHOT_GROUP;
            bytes[1] = engine->group_modes[i];
            bytes_store_le32(bytes + 2, i + 1);
            give(walk, bytes, sizeof bytes);
        }
    }
}

static void walk_sessions(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_SESSION_BYTES];
    for (uint32_t i = 0; i < engine->sessions.max_sessions; i++) {
        const struct session *session = &engine->sessions.table[i];
        if (session->incarnation == 0) {
            continue;
        }
        bytes[0] = SNAPSHOT_SESSION;
        bytes_store_le32(bytes + 1, i + 1);
        bytes_store_le32(bytes + 5, session->incarnation);
        bytes_store_le32(bytes + 9, session->participant);
        bytes_store_le32(bytes + 13, session->user);
        bytes_store_le64(bytes + 17, session->last_input_sequence);
        bytes[25] = session->closed;
        bytes[26] = session->blocked;
        bytes[27] = session->cancel_on_disconnect;
        bytes[28] = session->sweep_reason;
        bytes_store_le64(bytes + 29, session->sweep_until);
        bytes_store_le32(bytes + 37, session->dead_man_ms);
        bytes_store_le64(bytes + 41, session->dead_man_due_ns);
        bytes_store_le64(bytes + 49, session->orders.full_at_ns);
        bytes_store_le32(bytes + 57, session->orders.interval_ns);
        bytes_store_le32(bytes + 61, session->orders.burst);
        bytes_store_le64(bytes + 65, session->cancels.full_at_ns);
        bytes_store_le32(bytes + 73, session->cancels.interval_ns);
        bytes_store_le32(bytes + 77, session->cancels.burst);
        bytes_store_le64(bytes + 81, session->admin_full_at_ns);
        bytes_store_le64(bytes + 89, session->reserve_event);
        bytes[97] = (uint8_t)session->reserve_count;
        give(walk, bytes, sizeof bytes);
    }
}

static void walk_mass_cancels(const struct engine *engine, const struct walk *walk)
{
    uint8_t bytes[SNAPSHOT_MASS_CANCEL_BYTES];
    for (uint32_t i = 0; i < engine->mass_cancels.count; i++) {
        const struct mass_cancel *mass = mass_cancel_at(&engine->mass_cancels, i);
        bytes[0] = SNAPSHOT_MASS_CANCEL;
        bytes[1] = mass->side;
        bytes[2] = (uint8_t)mass->place.side;
        bytes_store_le64(bytes + 3, mass->account);
        bytes_store_le64(bytes + 11, mass->tag);
        bytes_store_le64(bytes + 19, mass->until);
        bytes_store_le32(bytes + 27, mass->asked_by);
        bytes_store_le32(bytes + 31, mass->participant);
        bytes_store_le32(bytes + 35, mass->instrument);
        bytes_store_le32(bytes + 39, mass->session);
        bytes_store_le32(bytes + 43, mass->orders);
        bytes_store_le32(bytes + 47, mass->place.instrument);
        bytes_store_le64(bytes + 51, (uint64_t)mass->place.price_units);
        bytes_store_le64(bytes + 59, mass->place.reference);
        give(walk, bytes, sizeof bytes);
    }
}

static void walk_order(const struct engine *engine, const struct walk *walk, uint32_t index)
{
    const struct order *order = &engine->pool.orders[index];
    const struct order_cold *cold = &engine->pool.cold[index];
    const struct level *level = book_order_level(&engine->pool, order);
    uint8_t bytes[SNAPSHOT_ORDER_BYTES_MAX];
    bytes[0] = SNAPSHOT_ORDER;
    bytes_store_le64(bytes + 1, order->order_id);
    bytes_store_le64(bytes + 9, order->reference);
    bytes_store_le64(bytes + 17, (uint64_t)order->remaining_lots);
    bytes_store_le64(bytes + 25, (uint64_t)order->total_lots);
    bytes_store_le64(bytes + 33, (uint64_t)level->price_units);
    bytes_store_le64(bytes + 41, cold->account);
    bytes_store_le64(bytes + 49, cold->expire_time);
    bytes_store_le32(bytes + 57, level->book_side);
    bytes_store_le32(bytes + 61, cold->session);
    bytes_store_le32(bytes + 65, cold->participant);
    bytes_store_le32(bytes + 69, cold->user);
    bytes_store_le32(bytes + 73, cold->self_trade_group);
    bytes[77] = order->time_in_force;
    bytes[78] = order->post_only;
    bytes[79] = cold->order_type;
    bytes[80] = cold->capacity;
    bytes[81] = order->tagged;
    size_t text = text36_encode(bytes + SNAPSHOT_ORDER_FIXED_BYTES, &cold->client_order_id);
    give(walk, bytes, SNAPSHOT_ORDER_FIXED_BYTES + text);
}

static void walk_orders(const struct engine *engine, const struct walk *walk)
{
    const struct book_pool *pool = &engine->pool;
    for (uint32_t side = 0; side < pool->max_instruments * 2; side++) {
        struct ladder_cursor cursor =
            ladder_first(&pool->ladder, &pool->books[side / 2].sides[side % 2]);
        for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
            for (uint32_t i = pool->levels[cursor.level].head; i != POOL_NONE;
                 i = pool->orders[i].next) {
                walk_order(engine, walk, i);
            }
        }
    }
}

static void walk_name(const struct walk *walk, const struct recent_name *name)
{
    uint8_t bytes[SNAPSHOT_NAME_BYTES];
    bytes[0] = SNAPSHOT_NAME;
    bytes_store_le64(bytes + 1, name->key.low);
    bytes_store_le64(bytes + 9, name->key.high);
    bytes_store_le64(bytes + 17, name->body_hash);
    bytes_store_le64(bytes + 25, name->result);
    bytes_store_le64(bytes + 33, name->ended_ns);
    give(walk, bytes, sizeof bytes);
}

/* Those whose window is over are no facts any more. */
static void walk_names(const struct engine *engine, const struct walk *walk)
{
    const struct recent *recent = &engine->recent;
    for (uint32_t i = recent->oldest; i != RECENT_NONE; i = recent->next[i]) {
        if (!recent_is_over(recent, &recent->names[i], engine->time_ns)) {
            walk_name(walk, &recent->names[i]);
        }
    }
    const struct book_pool *pool = &engine->pool;
    for (uint32_t side = 0; recent->max != 0 && side < pool->max_instruments * 2; side++) {
        struct ladder_cursor cursor =
            ladder_first(&pool->ladder, &pool->books[side / 2].sides[side % 2]);
        for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
            for (uint32_t i = pool->levels[cursor.level].head; i != POOL_NONE;
                 i = pool->orders[i].next) {
                uint32_t name = recent_find(recent, pool->orders[i].name_key, engine->time_ns);
                walk_name(walk, &recent->names[name]);
            }
        }
    }
}

void engine_walk(const struct engine *engine, on_engine_bytes *on_bytes, void *context)
{
    struct walk walk = {.on_bytes = on_bytes, .context = context};
    walk_head(engine, &walk);
    walk_logic(engine, &walk);
    walk_day(engine, &walk);
    walk_reference(engine, &walk);
    walk_accounts(engine, &walk);
    walk_groups(engine, &walk);
    walk_sessions(engine, &walk);
    walk_mass_cancels(engine, &walk);
    walk_orders(engine, &walk);
    walk_names(engine, &walk);
    uint8_t bytes[SNAPSHOT_END_BYTES];
    bytes[0] = SNAPSHOT_END;
    bytes_store_le32(bytes + 1, engine->reference.asset_count);
    bytes_store_le32(bytes + 5, engine->reference.instrument_count);
    bytes_store_le32(bytes + 9, engine->accounts.count);
    bytes_store_le32(bytes + 13, engine->sessions.opened);
    bytes_store_le32(bytes + 17, engine->pool.order_count);
    give(&walk, bytes, sizeof bytes);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * CANCEL, REDUCE, REPLACE: docs/reference/engine-rules.md, in its order.
 */
#include "base/planted.h"
#include "engine/orders.h"
#include "wire/native/text36.h"

/* Finds the live order that a command names. */
static struct refusal find_order(struct apply *apply, uint64_t account, const struct text36 *name,
                                 struct order_check *check, uint32_t *out_index)
{
    TRY(order_check_account(apply, account, check));
    const struct engine *engine = apply->engine;
    uint32_t index = names_find(&engine->names, engine->pool.orders, name_key(account, name));
    if (UNLIKELY(index == POOL_NONE)) {
        return refuse(REJECT_UNKNOWN_ORDER, 0, 0);
    }
    *out_index = index;
    return refusal_none();
}

struct refusal apply_cancel(struct apply *apply)
{
    const struct command_cancel *in = &apply->command->cancel;
    struct order_check check;
    uint32_t index;
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    remove_order(apply, index, REASON_REQUESTED);
    return refusal_none();
}

struct refusal apply_reduce(struct apply *apply)
{
    struct book_pool *pool = &apply->engine->pool;
    const struct command_reduce *in = &apply->command->reduce;
    /* The other reasons are the engine's own to give. */
    if (UNLIKELY(in->reason != REASON_REQUESTED && in->reason != REASON_REPLAY_RECONCILE &&
                 in->reason != REASON_OFF_BOOK_EXECUTION)) {
        return refuse(REJECT_INVALID_FIELD, 0, 3);
    }
    struct order_check check;
    uint32_t index;
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    struct order *order = &pool->orders[index];
    const struct command_list_instrument *terms =
        reference_find(&apply->engine->reference, level_instrument(book_order_level(pool, order)));
    int64_t lots = in->quantity.lots;
    if (UNLIKELY(lots < 1)) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, lots);
    }
    if (UNLIKELY(lots % terms->lot.lots != 0)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, lots);
    }
    if (UNLIKELY(lots > order->remaining_lots)) {
        return refuse(REJECT_QUANTITY_ABOVE_OPEN, order->remaining_lots, lots);
    }
    if (lots == order->remaining_lots) {
        remove_order(apply, index, in->reason);
        return refusal_none();
    }
    book_reduce(pool, index, lots);
    order->total_lots -= lots;
    order_put_reduced(apply, index, lots, in->reason);
    return refusal_none();
}

static ALWAYS_INLINE bool same_key(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

static struct refusal check_replace(struct apply *apply, uint32_t index, struct hash128 new_key,
                                    struct order_check *check)
{
    const struct engine *engine = apply->engine;
    const struct command_replace *in = &apply->command->replace;
    const struct order *order = &engine->pool.orders[index];
    const struct level *level = book_order_level(&engine->pool, order);
    check->terms = reference_find(&engine->reference, level_instrument(level));
    if (UNLIKELY(order_is_stopped(engine, check, level_instrument(level)))) {
        return order_check_stops(engine, check, level_instrument(level));
    }
    uint32_t named = same_key(new_key, order->name_key)
                         ? index
                         : names_find(&engine->names, engine->pool.orders, new_key);
    if (UNLIKELY(named != POOL_NONE && named != index)) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)engine->pool.orders[named].order_id);
    }
    TRY(reference_check_quantity(check->terms, in->quantity.lots));
    int64_t notional;
    TRY(reference_check_price(check->terms, in->price.units, in->quantity.lots, &notional));
    int64_t executed = order->total_lots - order->remaining_lots;
    if (UNLIKELY(in->quantity.lots <= executed)) {
        return refuse(REJECT_QUANTITY_NOT_ABOVE_EXECUTED, executed, in->quantity.lots);
    }
    TRY(risk_check_order(check->account, notional));
    check->price_units = in->price.units;
    TRY(order_check_post_only(engine, level_side(level), order->post_only, check));
    return refusal_none();
}

static void put_replaced(struct apply *apply, uint32_t index, const struct order_check *check,
                         int64_t open_lots, enum place place)
{
    const struct command_replace *in = &apply->command->replace;
    const struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    EVENT_PUT(apply->events, REPLACED, replaced,
              (&(struct event_replaced){.order_id = order->order_id,
                                        .price.units = check->price_units,
                                        .quantity = in->quantity,
                                        .remaining.lots = open_lots,
                                        .instrument = check->terms->instrument,
                                        .budget = apply->budget,
                                        .side = level_side(book_order_level(pool, order)),
                                        .place = place,
                                        .client_order_id = in->new_client_order_id}),
              apply->command->header.sequence);
}

static void rename_order(struct apply *apply, uint32_t index, struct hash128 new_key,
                         const struct text36 *new_name)
{
    struct engine *engine = apply->engine;
    struct order *order = &engine->pool.orders[index];
    if (same_key(order->name_key, new_key)) {
        return;
    }
    names_remove(&engine->names, order->name_key, index);
    if (UNLIKELY(engine->recent.max != 0)) {
        recent_end(&engine->recent, order->name_key, engine->time_ns);
        resend_note(apply, REJECT_NONE);
    }
    order->name_key = new_key;
    names_add(&engine->names, new_key, index);
    engine->pool.cold[index].client_order_id = *new_name;
}

/* The order leaves its place, trades as if it came in anew, and rests with what is left. */
static void move_order(struct apply *apply, uint32_t index, const struct order_check *check,
                       int64_t open_lots)
{
    struct engine *engine = apply->engine;
    struct book_pool *pool = &engine->pool;
    struct order *order = &pool->orders[index];
    enum side side = level_side(book_order_level(pool, order));
    EVENT_PUT(apply->events, REMOVED, removed,
              (&(struct event_removed){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = order->remaining_lots,
                                       .instrument = check->terms->instrument,
                                       .side = side,
                                       .reason = REASON_REPLACED}),
              apply->command->header.sequence);
    book_remove(pool, index);
    order->total_lots = apply->command->replace.quantity.lots;
    struct taker taker = {
        .order_id = order->order_id,
        .account = check->account->account,
        .cause = apply->command->header.sequence,
        .remaining_lots = open_lots,
        .worst_rank = match_worst_rank(side, check->price_units),
        .session = pool->cold[index].session,
        .instrument = check->terms->instrument,
        .participant = pool->cold[index].participant,
        .self_trade_group = pool->cold[index].self_trade_group,
        .mode = order_group_mode(engine, pool->cold[index].self_trade_group),
        .side = side,
    };
    bool complete = order_trade(apply, &taker);
    order->remaining_lots = taker.remaining_lots;
    order->total_lots -= taker.cancelled_lots;
    if (UNLIKELY(!complete)) {
        order_put_cancelled(apply, &taker, REASON_MATCH_LIMIT);
    } else if (taker.remaining_lots > 0) {
        order_rest(apply, index, taker.instrument, side, check->price_units);
        return;
    }
    order_forget(engine, index);
}

struct refusal apply_replace(struct apply *apply)
{
    struct engine *engine = apply->engine;
    const struct command_replace *in = &apply->command->replace;
    struct order_check check = {.price_units = in->price.units};
    uint32_t index;
    if (UNLIKELY(engine->recent.max != 0) &&
        !text36_equal(&in->client_order_id, &in->new_client_order_id)) {
        bool replayed;
        TRY(order_check_account(apply, in->account, &check));
        TRY(resend_check(apply, name_key(in->account, &in->new_client_order_id), in->account,
                         &in->new_client_order_id, &replayed));
        if (replayed) {
            return refusal_none();
        }
    }
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    struct hash128 new_key = text36_equal(&in->client_order_id, &in->new_client_order_id)
                                 ? engine->pool.orders[index].name_key
                                 : name_key(in->account, &in->new_client_order_id);
    TRY(check_replace(apply, index, new_key, &check));
    struct order *order = &engine->pool.orders[index];
    const struct level *level = book_order_level(&engine->pool, order);
    int64_t open_lots = in->quantity.lots - (order->total_lots - order->remaining_lots);
    bool kept = check.price_units == level->price_units &&
                (open_lots <= order->remaining_lots || PLANTED(PLACE_KEPT));
    if (!kept) {
        TRY(order_check_level(engine, level_side(level), &check));
    }
    put_replaced(apply, index, &check, open_lots, kept ? PLACE_KEPT : PLACE_LOST);
    rename_order(apply, index, new_key, &in->new_client_order_id);
    if (kept) {
        order->total_lots = in->quantity.lots;
        int64_t less = order->remaining_lots - open_lots;
        if (less > 0) {
            book_reduce(&engine->pool, index, less);
            order_put_reduced(apply, index, less, REASON_REPLACED);
        }
        return refusal_none();
    }
    move_order(apply, index, &check, open_lots);
    return refusal_none();
}

struct refusal apply_resolve(struct apply *apply)
{
    struct order_check check;
    TRY(order_check_account(apply, apply->command->resolve.account, &check));
    return resend_resolve(apply);
}

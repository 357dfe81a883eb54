/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/orders.h"

#include "base/assert.h"

void order_forget(struct engine *engine, uint32_t index)
{
    const struct order *order = &engine->pool.orders[index];
    names_remove(&engine->names, order->name_key, index);
    if (UNLIKELY(order->tagged != 0)) {
        sweep_unlink(engine, index);
    }
    if (UNLIKELY(engine->recent.max != 0)) {
        recent_end(&engine->recent, order->name_key, engine->time_ns);
    }
    if (order->time_in_force == TIME_IN_FORCE_GTD) { /* the cold part stays untouched */
        timers_remove(&engine->timers, index);
    }
    book_order_give(&engine->pool, index);
}

void remove_order(struct apply *apply, uint32_t index, enum reason reason)
{
    struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    const struct level *level = book_order_level(pool, order);
    EVENT_PUT(apply->events, REMOVED, removed,
              (&(struct event_removed){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = order->remaining_lots,
                                       .instrument = level_instrument(level),
                                       .side = level_side(level),
                                       .reason = reason}),
              apply->command->header.sequence);
    book_remove(pool, index);
    order_forget(apply->engine, index);
}

struct refusal order_check_account(struct apply *apply, uint64_t number, struct order_check *check)
{
    const struct engine *engine = apply->engine;
    check->account = accounts_find(&engine->accounts, number);
    if (UNLIKELY(check->account == NULL)) {
        return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)number);
    }
    uint32_t session_number = apply->command->header.session;
    if (session_number != 0) {
        const struct session *session = sessions_find(&engine->sessions, session_number);
        ASSERT(session != NULL);
        if (UNLIKELY(session->participant != check->account->participant)) {
            return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, check->account->participant,
                          session->participant);
        }
        check->user = session->user;
        check->session_blocked = session->blocked;
        check->tagged = session->cancel_on_disconnect;
    } else {
        check->user = 0;
        check->session_blocked = 0;
        check->tagged = 0;
    }
    return refusal_none();
}

struct refusal order_check_stops(const struct engine *engine, const struct order_check *check,
                                 uint32_t instrument)
{
    if (check->session_blocked != 0) {
        return refuse(REJECT_BLOCKED, 0, BLOCK_TARGET_SESSION);
    }
    struct refusal refusal = account_check_blocks(check->account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (check->terms == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, instrument);
    }
    return reference_check_phase(&engine->reference, instrument);
}

struct refusal order_check_post_only(const struct engine *engine, enum side side, unsigned mode,
                                     struct order_check *check)
{
    if (mode == POST_ONLY_OFF) {
        return refusal_none();
    }
    const struct ladder_side *opposite =
        book_side(&engine->pool, check->terms->instrument, side_opposite(side));
    int64_t price = check->price_units;
    if (!match_crosses(opposite, match_worst_rank(side, price))) {
        return refusal_none();
    }
    int64_t best = engine->pool.levels[opposite->best_level].price_units;
    int64_t tick = check->terms->tick.units;
    int64_t slid;
    bool outside = side == SIDE_BUY ? __builtin_sub_overflow(best, tick, &slid)
                                    : __builtin_add_overflow(best, tick, &slid);
    outside = outside || slid < check->terms->lowest_price.units ||
              slid > check->terms->highest_price.units;
    if (mode == POST_ONLY_REJECT || outside) {
        return refuse(REJECT_POST_ONLY_WOULD_TRADE, best, price);
    }
    check->price_units = slid;
    return refusal_none();
}

struct refusal order_check_level(const struct engine *engine, enum side side,
                                 const struct order_check *check)
{
    const struct book_pool *pool = &engine->pool;
    if (UNLIKELY(pool->level_count == pool->max_levels) &&
        !book_has_level(pool, check->terms->instrument, side, check->price_units)) {
        return refuse(REJECT_LEVEL_POOL_FULL, pool->max_levels, 0);
    }
    return refusal_none();
}

void order_put_cancelled(struct apply *apply, const struct taker *taker, enum reason reason)
{
    EVENT_PUT(apply->events, CANCELLED, cancelled,
              (&(struct event_cancelled){.order_id = taker->order_id,
                                         .quantity.lots = taker->remaining_lots,
                                         .instrument = taker->instrument,
                                         .side = taker->side,
                                         .reason = reason}),
              taker->cause);
}

/* What a prevention takes from each. */
struct prevention {
    int64_t maker_lots;
    int64_t taker_lots;
};

static struct prevention prevention_of(enum self_trade mode, int64_t maker_lots, int64_t taker_lots)
{
    int64_t smaller = maker_lots < taker_lots ? maker_lots : taker_lots;
    switch (mode) {
    case SELF_TRADE_CANCEL_NEWEST:
        return (struct prevention){0, taker_lots};
    case SELF_TRADE_CANCEL_OLDEST:
        return (struct prevention){maker_lots, 0};
    case SELF_TRADE_CANCEL_BOTH:
        return (struct prevention){maker_lots, taker_lots};
    case SELF_TRADE_DECREMENT:
        return (struct prevention){smaller, smaller};
    case SELF_TRADE_NONE:
        break;
    }
    ASSERT(false);
    return (struct prevention){0, 0};
}

static void put_prevented(struct apply *apply, const struct taker *taker, uint32_t index,
                          struct prevention lost)
{
    const struct book_pool *pool = &apply->engine->pool;
    const struct order *maker = &pool->orders[index];
    int64_t smaller = maker->remaining_lots < taker->remaining_lots ? maker->remaining_lots
                                                                    : taker->remaining_lots;
    EVENT_PUT(apply->events, PREVENTED, prevented,
              (&(struct event_prevented){
                  .maker_order_id = maker->order_id,
                  .maker_reference = maker->reference,
                  .taker_order_id = taker->order_id,
                  .price.units = book_order_level(pool, maker)->price_units,
                  .quantity.lots = smaller,
                  .maker_cancelled.lots = lost.maker_lots,
                  .taker_cancelled.lots = lost.taker_lots,
                  .maker_remaining.lots = maker->remaining_lots - lost.maker_lots,
                  .taker_remaining.lots = taker->remaining_lots - lost.taker_lots,
                  .maker_session = pool->cold[index].session,
                  .taker_session = taker->session,
                  .instrument = taker->instrument,
                  .self_trade_group = taker->self_trade_group,
                  .taker_side = taker->side,
                  .mode = taker->mode,
              }),
              taker->cause);
}

/* Keeps the taker from the head of the best price, which is its own. False if it is not, or if
 * there is no room for the events and what ends the taker. */
static COLD bool prevent(struct apply *apply, struct taker *taker)
{
    struct book_pool *pool = &apply->engine->pool;
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    uint32_t index = pool->levels[opposite->best_level].head;
    struct order *maker = &pool->orders[index];
    if (!match_is_own(pool, taker, index) ||
        apply->events->count + PREVENTION_EVENTS > apply->event_count_max - 1) {
        return false;
    }
    struct prevention lost =
        prevention_of(taker->mode, maker->remaining_lots, taker->remaining_lots);
    put_prevented(apply, taker, index, lost);
    taker->remaining_lots -= lost.taker_lots;
    taker->cancelled_lots += lost.taker_lots;
    if (lost.maker_lots == maker->remaining_lots) {
        remove_order(apply, index, REASON_SELF_TRADE);
    } else if (lost.maker_lots > 0) {
        book_reduce(pool, index, lost.maker_lots);
        maker->total_lots -= lost.maker_lots;
        order_put_reduced(apply, index, lost.maker_lots, REASON_SELF_TRADE);
    }
    return true;
}

bool order_trade(struct apply *apply, struct taker *taker)
{
    struct engine *engine = apply->engine;
    struct book_pool *pool = &engine->pool;
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    if (!match_crosses(opposite, taker->worst_rank)) {
        return true;
    }
    do {
        uint32_t filled = match_take(pool, taker, apply->event_count_max - 1, apply->events);
        while (filled != POOL_NONE) {
            uint32_t next = pool->orders[filled].next;
            order_forget(engine, filled);
            filled = next;
        }
        if (taker->remaining_lots == 0 || !match_crosses(opposite, taker->worst_rank)) {
            return true;
        }
    } while (taker->mode != SELF_TRADE_NONE && prevent(apply, taker));
    return false;
}

void order_put_reduced(struct apply *apply, uint32_t index, int64_t lots, enum reason reason)
{
    const struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    const struct level *level = book_order_level(pool, order);
    EVENT_PUT(apply->events, REDUCED, reduced,
              (&(struct event_reduced){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = lots,
                                       .remaining.lots = order->remaining_lots,
                                       .instrument = level_instrument(level),
                                       .side = level_side(level),
                                       .reason = reason}),
              apply->command->header.sequence);
}

void order_rest(struct apply *apply, uint32_t index, uint32_t instrument, enum side side,
                int64_t price_units)
{
    struct book_pool *pool = &apply->engine->pool;
    struct order *order = &pool->orders[index];
    EVENT_PUT(apply->events, RESTED, rested,
              (&(struct event_rested){.order_id = order->order_id,
                                      .price.units = price_units,
                                      .quantity.lots = order->remaining_lots,
                                      .instrument = instrument,
                                      .side = side}),
              apply->command->header.sequence);
    order->reference = apply->events->sequence;
    book_rest(pool, instrument, side, price_units, index);
}

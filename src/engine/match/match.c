/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/match/match.h"

#include "base/planted.h"

static ALWAYS_INLINE void put_trade(const struct book_pool *pool, const struct taker *taker,
                                    uint32_t maker_index, int64_t price_units, int64_t lots,
                                    struct events *events)
{
    const struct order *maker = &pool->orders[maker_index];
    const struct order_cold *cold = &pool->cold[maker_index];
    EVENT_PUT(events, TRADE, trade,
              (&(struct event_trade){
                  .maker_order_id = maker->order_id,
                  .maker_reference = maker->reference,
                  .taker_order_id = taker->order_id,
                  .price.units = price_units,
                  .quantity.lots = lots,
                  .maker_remaining.lots = maker->remaining_lots,
                  .taker_remaining.lots = taker->remaining_lots,
                  .maker_account = cold->account,
                  .taker_account = taker->account,
                  .maker_session = cold->session,
                  .taker_session = taker->session,
                  .instrument = taker->instrument,
                  .taker_side = taker->side,
              }),
              taker->cause);
}

/* Where a match stops. */
struct stop {
    uint32_t event_count_max;
    bool guarded; /* before an order of the taker's own */
};

static ALWAYS_INLINE bool is_stopped_by(const struct stop *stop, const struct book_pool *pool,
                                        const struct taker *taker, uint32_t maker_index)
{
    return stop->guarded && match_is_own(pool, taker, maker_index);
}

/* One price: from the head of the queue until the taker, the queue or the events run out, or the
 * match stops. Filled makers stay linked through `next`; *last_filled is the last
 * of them. */
static ALWAYS_INLINE void take_level(struct book_pool *pool, struct taker *taker,
                                     struct level *level, const struct stop *stop,
                                     struct events *events, uint32_t *last_filled)
{
    uint32_t index = level->head;
    while (index != POOL_NONE && taker->remaining_lots > 0 &&
           events->count < stop->event_count_max && !is_stopped_by(stop, pool, taker, index)) {
        struct order *maker = &pool->orders[index];
        int64_t lots = maker->remaining_lots;
        lots = lots < taker->remaining_lots ? lots : taker->remaining_lots;
        maker->remaining_lots -= PLANTED(LOT_LOST) && lots > 25 ? lots - 1 : lots;
        taker->remaining_lots -= lots;
        level->total_lots -= lots;
        put_trade(pool, taker, index, level->price_units, lots, events);
        if (maker->remaining_lots > 0) {
            break;
        }
        maker->live = 0;
        level->order_count--;
        *last_filled = index;
        index = maker->next;
    }
    level->head = index;
}

static ALWAYS_INLINE uint32_t take(struct book_pool *pool, struct taker *taker,
                                   const struct stop *stop, struct events *events)
{
    struct ladder_side *opposite = book_side(pool, taker->instrument, side_opposite(taker->side));
    uint32_t filled_first = POOL_NONE;
    uint32_t filled_last = POOL_NONE;
    while (taker->remaining_lots > 0 && match_crosses(opposite, taker->worst_rank) &&
           events->count < stop->event_count_max) {
        struct level *level = &pool->levels[opposite->best_level];
        uint32_t first = level->head;
        uint32_t last = POOL_NONE;
        if (is_stopped_by(stop, pool, taker, first)) {
            break;
        }
        take_level(pool, taker, level, stop, events, &last);
        if (last != POOL_NONE) {
            if (filled_last == POOL_NONE) {
                filled_first = first;
            } else {
                pool->orders[filled_last].next = first;
            }
            filled_last = last;
        }
        if (level->head == POOL_NONE) {
            book_drop_best(pool, opposite);
        } else {
            pool->orders[level->head].previous = POOL_NONE;
        }
    }
    if (filled_last != POOL_NONE) {
        pool->orders[filled_last].next = POOL_NONE;
    }
    return filled_first;
}

/* Most takers have no group with a mode: they pay nothing for it. */
uint32_t match_take(struct book_pool *pool, struct taker *taker, uint32_t event_count_max,
                    struct events *events)
{
    return LIKELY(taker->mode == SELF_TRADE_NONE)
               ? take(pool, taker, &(struct stop){event_count_max, false}, events)
               : take(pool, taker, &(struct stop){event_count_max, true}, events);
}

/* Order by order, as the match would go; an own order is passed over only where it is cancelled and
 * the taker is not. */
static COLD enum match_fill probe_guarded(const struct book_pool *pool, const struct taker *taker,
                                          int64_t missing, uint32_t events_max)
{
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    uint32_t events = 0;
    struct ladder_cursor cursor = ladder_first(&pool->ladder, opposite);
    for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
        const struct level *level = &pool->levels[cursor.level];
        if (ladder_rank(level_side(level), level->price_units) < taker->worst_rank) {
            break;
        }
        for (uint32_t i = level->head; i != POOL_NONE; i = pool->orders[i].next) {
            bool own = match_is_own(pool, taker, i);
            if (own && taker->mode != SELF_TRADE_CANCEL_OLDEST) {
                return MATCH_NOT_ENOUGH;
            }
            events += own ? PREVENTION_EVENTS : 1;
            missing -= own ? 0 : pool->orders[i].remaining_lots;
            if (events > events_max) {
                return MATCH_TOO_MANY;
            }
            if (missing <= 0) {
                return MATCH_FILLS;
            }
        }
    }
    return MATCH_NOT_ENOUGH;
}

enum match_fill match_probe(const struct book_pool *pool, const struct taker *taker, int64_t lots,
                            uint32_t events_max)
{
    if (UNLIKELY(taker->mode != SELF_TRADE_NONE)) {
        return probe_guarded(pool, taker, lots, events_max);
    }
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    int64_t missing = lots;
    uint64_t trades = 0;
    struct ladder_cursor cursor = ladder_first(&pool->ladder, opposite);
    for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
        const struct level *level = &pool->levels[cursor.level];
        if (ladder_rank(level_side(level), level->price_units) < taker->worst_rank) {
            break;
        }
        if (level->total_lots < missing) {
            missing -= level->total_lots;
            trades += level->order_count;
            continue;
        }
        for (uint32_t i = level->head; missing > 0 && trades <= events_max;
             i = pool->orders[i].next) {
            missing -= pool->orders[i].remaining_lots;
            trades++;
        }
        return trades <= events_max ? MATCH_FILLS : MATCH_TOO_MANY;
    }
    return MATCH_NOT_ENOUGH;
}

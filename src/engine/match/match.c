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

/* One price: from the head of the queue until the taker, the queue or the events run out. Filled
 * makers stay linked through `next`; *last_filled is the last of them. */
static ALWAYS_INLINE void take_level(struct book_pool *pool, struct taker *taker,
                                     struct level *level, uint32_t event_count_max,
                                     struct events *events, uint32_t *last_filled)
{
    uint32_t index = level->head;
    while (index != POOL_NONE && taker->remaining_lots > 0 && events->count < event_count_max) {
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

uint32_t match_take(struct book_pool *pool, struct taker *taker, uint32_t event_count_max,
                    struct events *events)
{
    struct ladder_side *opposite = book_side(pool, taker->instrument, side_opposite(taker->side));
    uint32_t filled_first = POOL_NONE;
    uint32_t filled_last = POOL_NONE;
    while (taker->remaining_lots > 0 && match_crosses(opposite, taker->worst_rank) &&
           events->count < event_count_max) {
        struct level *level = &pool->levels[opposite->best_level];
        uint32_t first = level->head;
        uint32_t last = POOL_NONE;
        take_level(pool, taker, level, event_count_max, events, &last);
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

enum match_fill match_probe(const struct book_pool *pool, const struct taker *taker,
                            uint32_t trades_max)
{
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    int64_t missing = taker->remaining_lots;
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
        for (uint32_t i = level->head; missing > 0 && trades <= trades_max;
             i = pool->orders[i].next) {
            missing -= pool->orders[i].remaining_lots;
            trades++;
        }
        return trades <= trades_max ? MATCH_FILLS : MATCH_TOO_MANY;
    }
    return MATCH_NOT_ENOUGH;
}

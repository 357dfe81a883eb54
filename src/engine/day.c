/* SPDX-License-Identifier: Apache-2.0
 *
 * What time does: expiry timers and the end of the trading day.
 */
#include "engine/state.h"

void fire_timers(struct apply *apply)
{
    struct engine *engine = apply->engine;
    for (uint32_t i = 0; i < engine->genesis.max_timers_per_command; i++) {
        uint32_t index = timers_due(&engine->timers, engine->time_ns);
        if (LIKELY(index == POOL_NONE)) {
            return;
        }
        remove_order(apply, index, REASON_EXPIRED);
    }
}

/* Expires DAY orders of one level; false if the command's events ran out. */
static bool expire_level(struct apply *apply, uint32_t level_index)
{
    struct engine *engine = apply->engine;
    uint32_t index = engine->pool.levels[level_index].head;
    while (index != POOL_NONE) {
        const struct order *order = &engine->pool.orders[index];
        uint32_t next = order->next; /* read before the slot is given back */
        if (order->time_in_force == TIME_IN_FORCE_DAY) {
            if (apply->events->count >= apply->event_count_max - 1) {
                return false;
            }
            remove_order(apply, index, REASON_END_OF_DAY);
            engine->day.orders_expired++;
        }
        index = next;
    }
    return true;
}

/* A removal may drop the level under the cursor and reshape the ladder, so the cursor is found anew
 * from the next rank each time. */
static bool expire_side(struct apply *apply, uint32_t instrument, enum side side)
{
    struct book_pool *pool = &apply->engine->pool;
    struct ladder_side *ladder_side = book_side(pool, instrument, side);
    uint32_t level = ladder_side->best_level;
    while (level != POOL_NONE) {
        int64_t rank = ladder_rank(side, pool->levels[level].price_units);
        if (!expire_level(apply, level)) {
            return false;
        }
        level = ladder_below(&pool->ladder, ladder_side, rank);
    }
    return true;
}

struct refusal apply_end_of_day(struct apply *apply)
{
    struct engine *engine = apply->engine;
    struct trading_day *day = &engine->day;
    uint32_t trading_day = apply->command->end_of_day.trading_day;
    uint32_t month = trading_day / 100 % 100;
    uint32_t day_of_month = trading_day % 100;
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > 31) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (trading_day <= day->last_ended) {
        return refuse(REJECT_TRADING_DAY_NOT_LATER, day->last_ended, trading_day);
    }
    for (; day->instrument <= engine->pool.max_instruments; day->instrument++) {
        if (!expire_side(apply, day->instrument, SIDE_BUY) ||
            !expire_side(apply, day->instrument, SIDE_SELL)) {
            return refusal_none();
        }
    }
    EVENT_PUT(apply->events, DAY_ENDED, day_ended,
              (&(struct event_day_ended){.trading_day = trading_day,
                                         .orders_expired = day->orders_expired}),
              apply->command->header.sequence);
    *day = (struct trading_day){.last_ended = trading_day, .instrument = 1};
    return refusal_none();
}

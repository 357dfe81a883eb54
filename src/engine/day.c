/* SPDX-License-Identifier: Apache-2.0
 *
 * What time does: expiry timers and the end of the trading day.
 */
#include "base/assert.h"
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

/* A slice looks at so many orders for every event it may write: one that is kept costs about a
 * cache miss, one that leaves some times as much. */
#define DAY_LOOKS_PER_EVENT 4

struct trading_day trading_day_after(uint32_t last_ended)
{
    return (struct trading_day){.last_ended = last_ended, .instrument = 1, .side = SIDE_BUY};
}

static uint32_t level_head(const struct book_pool *pool, uint32_t level)
{
    return level == POOL_NONE ? POOL_NONE : pool->levels[level].head;
}

/* The first order of the level behind the place of the walk; it stands at the mark or at the head,
 * so this takes one step (day_check). */
static uint32_t behind_place(const struct book_pool *pool, uint32_t level, uint64_t reference)
{
    uint32_t index = book_marked(pool);
    if (index != POOL_NONE) {
        return pool->orders[index].next;
    }
    index = level_head(pool, level);
    while (index != POOL_NONE && pool->orders[index].reference <= reference) {
        index = pool->orders[index].next;
    }
    return index;
}

/* The next order of the side on which the walk stands, or POOL_NONE. */
static uint32_t next_on_side(const struct engine *engine)
{
    const struct trading_day *day = &engine->day;
    const struct book_pool *pool = &engine->pool;
    const struct ladder_side *side = book_side(pool, day->instrument, day->side);
    if (day->reference == 0) {
        return level_head(pool, side->best_level);
    }
    int64_t rank = ladder_rank(day->side, day->price_units);
    uint32_t level = ladder_find(&pool->ladder, side, rank);
    if (level != POOL_NONE) {
        uint32_t index = behind_place(pool, level, day->reference);
        if (index != POOL_NONE) {
            return index;
        }
    }
    return level_head(pool, ladder_below(&pool->ladder, side, rank));
}

/* From where the walk stands to the end of the side; false if the slice is full before. The level
 * below is found by rank, as a removal may reshape the ladder. */
static bool expire_side(struct apply *apply, uint64_t *looks_left)
{
    struct trading_day *day = &apply->engine->day;
    struct book_pool *pool = &apply->engine->pool;
    const struct ladder_side *side = book_side(pool, day->instrument, day->side);
    uint32_t index = next_on_side(apply->engine);
    while (index != POOL_NONE) {
        const struct order *order = &pool->orders[index];
        bool leaves = order->time_in_force == TIME_IN_FORCE_DAY;
        if (*looks_left == 0 || (leaves && apply->events->count >= apply->event_count_max - 1)) {
            return false;
        }
        --*looks_left;
        day->price_units = book_order_level(pool, order)->price_units;
        day->reference = order->reference;
        book_mark(pool, index);
        uint32_t next = order->next; /* read before the slot is given back */
        if (leaves) {
            remove_order(apply, index, REASON_END_OF_DAY);
            day->orders_expired++;
        }
        if (next == POOL_NONE) {
            int64_t rank = ladder_rank(day->side, day->price_units);
            next = level_head(pool, ladder_below(&pool->ladder, side, rank));
        }
        index = next;
    }
    return true;
}

static void next_side(struct engine *engine)
{
    struct trading_day *day = &engine->day;
    day->instrument += day->side == SIDE_SELL ? 1 : 0;
    day->side = side_opposite(day->side);
    day->price_units = 0;
    day->reference = 0;
    book_unmark(&engine->pool);
}

static bool trading_day_valid(uint32_t trading_day)
{
    uint32_t year = trading_day / 10000;
    uint32_t month = trading_day / 100 % 100;
    uint32_t day_of_month = trading_day % 100;
    return year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day_of_month >= 1 &&
           day_of_month <= 31;
}

struct refusal apply_end_of_day(struct apply *apply)
{
    struct engine *engine = apply->engine;
    struct trading_day *day = &engine->day;
    uint32_t trading_day = apply->command->end_of_day.trading_day;
    uint64_t looks_left = (uint64_t)engine->genesis.max_events_per_command * DAY_LOOKS_PER_EVENT;
    if (!trading_day_valid(trading_day)) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (trading_day <= day->last_ended) {
        return refuse(REJECT_TRADING_DAY_NOT_LATER, day->last_ended, trading_day);
    }
    for (; day->instrument <= engine->pool.max_instruments; next_side(engine)) {
        if (!expire_side(apply, &looks_left)) {
            return refusal_none();
        }
    }
    EVENT_PUT(apply->events, DAY_ENDED, day_ended,
              (&(struct event_day_ended){.trading_day = trading_day,
                                         .orders_expired = day->orders_expired}),
              apply->command->header.sequence);
    *day = trading_day_after(trading_day);
    return refusal_none();
}

void day_check(const struct engine *engine)
{
    const struct trading_day *day = &engine->day;
    const struct book_pool *pool = &engine->pool;
    ASSERT(day->instrument >= 1 && day->instrument <= pool->max_instruments);
    uint32_t marked = book_marked(pool);
    if (day->reference == 0) {
        ASSERT(marked == POOL_NONE);
        return;
    }
    uint32_t level = ladder_find(&pool->ladder, book_side(pool, day->instrument, day->side),
                                 ladder_rank(day->side, day->price_units));
    uint32_t behind = level_head(pool, level);
    if (marked != POOL_NONE) {
        ASSERT(pool->orders[marked].level == level);
        ASSERT(pool->orders[marked].reference <= day->reference);
        behind = pool->orders[marked].next;
    }
    ASSERT(behind == POOL_NONE || pool->orders[behind].reference > day->reference);
}

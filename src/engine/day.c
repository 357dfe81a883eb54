/* SPDX-License-Identifier: Apache-2.0
 *
 * What time does: expiry timers and the end of the trading day.
 */
#include "base/assert.h"
#include "engine/book_walk.h"

void fire_timers(struct apply *apply, uint32_t event_count_max)
{
    struct engine *engine = apply->engine;
    while (apply->events->count < event_count_max) {
        uint32_t index = timers_due(&engine->timers, engine->time_ns);
        if (LIKELY(index == POOL_NONE)) {
            return;
        }
        remove_order(apply, index, REASON_EXPIRED);
    }
}

struct trading_day trading_day_after(uint32_t last_ended)
{
    return (struct trading_day){.last_ended = last_ended, .place = book_walk_begin(1)};
}

static bool is_day_order(const struct engine *engine, uint32_t order, const void *context)
{
    (void)context;
    return engine->pool.orders[order].time_in_force == TIME_IN_FORCE_DAY;
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
    if (!trading_day_valid(trading_day)) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    if (trading_day <= day->last_ended) {
        return refuse(REJECT_TRADING_DAY_NOT_LATER, day->last_ended, trading_day);
    }
    struct book_walk walk = {
        .place = &day->place,
        .mark = BOOK_MARK_DAY,
        .reason = REASON_END_OF_DAY,
        .event_count_max = apply->event_count_max - 1,
        .looks_left = (uint64_t)engine->genesis.max_events_per_command * BOOK_WALK_LOOKS_PER_EVENT,
        .gone = &day->orders_expired,
        .leaves = is_day_order,
    };
    while (day->place.instrument <= engine->pool.max_instruments) {
        if (!book_walk_side(apply, &walk)) {
            return refusal_none();
        }
        book_walk_next_side(engine, BOOK_MARK_DAY, &day->place);
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
    ASSERT(engine->day.place.instrument >= 1);
    book_walk_check(engine, BOOK_MARK_DAY, &engine->day.place);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the visible book can be rebuilt from RESTED, REDUCED, REMOVED and TRADE alone.
 * Method: seeded random commands; a reader that knows nothing of the engine follows those four
 * events, and after every command its books must be those that the engine shows, level by level
 * and at the head of each queue. A reader that misses one event must be found out.
 */
#include "base/assert.h"
#include "tests/engine/subject.h"
#include "tests/engine/workload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COMMANDS_PER_SEED   10000
#define COMMANDS_FOR_A_MISS 5000
#define INSTRUMENTS         13
#define ORDERS_PER_SIDE_MAX 2048
#define MISSED_EVENT        300 /* which of its kind the careless reader misses */
#define LEVELS_LOOKED_AT    1024

struct visible_order {
    uint64_t reference;
    uint64_t order_id;
    int64_t price;     /* price units */
    int64_t remaining; /* lots */
};

struct visible_side {
    struct visible_order orders[ORDERS_PER_SIDE_MAX]; /* best price first, then queue order */
    size_t count;
};

struct reader {
    struct visible_side sides[INSTRUMENTS][2]; /* by instrument, buys and sells */
    uint64_t sequence;                         /* of the last event seen */
    uint8_t missed_kind;                       /* 0 = none */
    unsigned until_miss;
};

static struct visible_side *side_of(struct reader *reader, uint32_t instrument, enum side side)
{
    ASSERT(instrument < INSTRUMENTS);
    return &reader->sides[instrument][side == SIDE_SELL];
}

/* False if no order has this reference: the reader has lost track. */
static bool find(const struct visible_side *side, uint64_t reference, size_t *out_index)
{
    for (size_t i = 0; i < side->count; i++) {
        if (side->orders[i].reference == reference) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

static void drop(struct visible_side *side, size_t index)
{
    side->count--;
    memmove(&side->orders[index], &side->orders[index + 1],
            (side->count - index) * sizeof side->orders[0]);
}

static bool on_rested(struct reader *reader, const struct event_rested *event)
{
    struct visible_side *side = side_of(reader, event->instrument, event->side);
    size_t index = 0;
    while (index < side->count &&
           (event->side == SIDE_BUY ? side->orders[index].price >= event->price.units
                                    : side->orders[index].price <= event->price.units)) {
        index++;
    }
    ASSERT(side->count < ORDERS_PER_SIDE_MAX);
    memmove(&side->orders[index + 1], &side->orders[index],
            (side->count - index) * sizeof side->orders[0]);
    side->count++;
    side->orders[index] = (struct visible_order){.reference = reader->sequence,
                                                 .order_id = event->order_id,
                                                 .price = event->price.units,
                                                 .remaining = event->quantity.lots};
    return true;
}

static bool on_reduced(struct reader *reader, const struct event_reduced *event)
{
    struct visible_side *side = side_of(reader, event->instrument, event->side);
    size_t index = 0;
    if (!find(side, event->reference, &index)) {
        return false;
    }
    struct visible_order *order = &side->orders[index];
    order->remaining -= event->quantity.lots;
    return order->remaining == event->remaining.lots && order->remaining > 0 &&
           order->order_id == event->order_id;
}

static bool on_removed(struct reader *reader, const struct event_removed *event)
{
    struct visible_side *side = side_of(reader, event->instrument, event->side);
    size_t index = 0;
    if (!find(side, event->reference, &index)) {
        return false;
    }
    bool right = side->orders[index].remaining == event->quantity.lots &&
                 side->orders[index].order_id == event->order_id;
    drop(side, index);
    return right;
}

/* The maker must be the head of its side. */
static bool on_trade(struct reader *reader, const struct event_trade *event)
{
    struct visible_side *side =
        side_of(reader, event->instrument, event->taker_side == SIDE_BUY ? SIDE_SELL : SIDE_BUY);
    size_t index = 0;
    if (!find(side, event->maker_reference, &index) || index != 0) {
        return false;
    }
    struct visible_order *order = &side->orders[0];
    order->remaining -= event->quantity.lots;
    bool right = order->remaining == event->maker_remaining.lots &&
                 order->price == event->price.units && order->order_id == event->maker_order_id;
    if (order->remaining == 0) {
        drop(side, 0);
    }
    return right;
}

static bool read_event(struct reader *reader, const struct event *event)
{
    reader->sequence++;
    if (event->header.id == reader->missed_kind) {
        reader->until_miss--;
        if (reader->until_miss == 0) {
            reader->missed_kind = 0;
            return true;
        }
    }
    switch (event->header.id) {
    case EVENT_RESTED:
        return on_rested(reader, &event->rested);
    case EVENT_REDUCED:
        return on_reduced(reader, &event->reduced);
    case EVENT_REMOVED:
        return on_removed(reader, &event->removed);
    case EVENT_TRADE:
        return on_trade(reader, &event->trade);
    default:
        return true;
    }
}

static bool same_levels(const struct engine *engine, uint32_t instrument, enum side which,
                        const struct visible_side *side)
{
    static struct engine_level levels[LEVELS_LOOKED_AT];
    size_t count = engine_levels(engine, instrument, which, levels, LEVELS_LOOKED_AT);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t quantity = 0;
        uint32_t orders = 0;
        for (; at < side->count && side->orders[at].price == levels[i].price.units; at++) {
            quantity += side->orders[at].remaining;
            orders++;
        }
        if (orders == 0 || orders != levels[i].orders || quantity != levels[i].quantity.lots) {
            return false;
        }
    }
    return at == side->count;
}

static bool same_head(const struct engine *engine, uint32_t instrument, enum side which,
                      const struct visible_side *side)
{
    struct engine_order head;
    if (!engine_head(engine, instrument, which, &head)) {
        return side->count == 0;
    }
    return side->count > 0 && head.reference == side->orders[0].reference &&
           head.order_id == side->orders[0].order_id && head.price.units == side->orders[0].price &&
           head.remaining.lots == side->orders[0].remaining && head.instrument == instrument &&
           head.side == which;
}

static bool same_books(const struct twin *twin, const struct engine *engine, struct reader *reader)
{
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        for (enum side side = SIDE_BUY; side <= SIDE_SELL; side++) {
            if (twin_find_instrument(twin, i) != NULL &&
                (!same_levels(engine, i, side, side_of(reader, i, side)) ||
                 !same_head(engine, i, side, side_of(reader, i, side)))) {
                return false;
            }
        }
    }
    return true;
}

/* The first command after which the reader's books are wrong; 0 = none. */
static uint64_t follow(uint64_t seed, uint64_t commands, uint8_t missed_kind)
{
    const struct command_genesis *limits = &workload_profile_of(seed)->limits;
    struct twin twin;
    struct subject subject;
    struct workload workload;
    struct command command;
    struct reader *reader = calloc(1, sizeof *reader);
    assert_non_null(reader);
    reader->missed_kind = missed_kind;
    reader->until_miss = MISSED_EVENT;
    twin_init(&twin, limits); /* for the workload alone */
    subject_open(&subject, limits);
    workload_init(&workload, seed, &twin);
    uint64_t wrong = 0;
    while (wrong == 0 && workload.sequence < commands) {
        workload_next(&workload, &command);
        twin_apply(&twin, &command);
        subject_apply(&subject, &command);
        size_t at = 0;
        struct event_record record;
        bool right = true;
        while (event_next(&subject.events, &at, &record)) {
            struct event event;
            record_decode(&record, &event);
            right = read_event(reader, &event) && right;
        }
        if (!right || !same_books(&twin, subject.engine, reader)) {
            wrong = workload.sequence;
        }
    }
    free(reader);
    subject_close(&subject);
    twin_deinit(&twin);
    return wrong;
}

static void four_events_rebuild_the_book(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 100 + WORKLOAD_PROFILE_COUNT; seed++) {
        uint64_t wrong = follow(seed, COMMANDS_PER_SEED, 0);
        if (wrong != 0) {
            fail_msg("seed %u: the book differs after command %u", (unsigned)seed, (unsigned)wrong);
        }
    }
}

static void a_missed_event_is_found_out(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {EVENT_RESTED, EVENT_REDUCED, EVENT_REMOVED, EVENT_TRADE};
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        assert_true(follow(100, COMMANDS_FOR_A_MISS, kinds[i]) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_events_rebuild_the_book),
        cmocka_unit_test(a_missed_event_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

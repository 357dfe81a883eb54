/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole state of the engine, and the pieces of apply that its files share. Private to engine/.
 *
 * Owner: engine.c. Threads: one. Memory: the arena. Errors: none. Order of calls: see engine.h.
 */
#ifndef DOJIMA_ENGINE_STATE_H
#define DOJIMA_ENGINE_STATE_H

#include "engine/book/book.h"
#include "engine/book/names.h"
#include "engine/engine.h"
#include "engine/reference/reference.h"
#include "engine/risk/accounts.h"
#include "engine/session/sessions.h"
#include "engine/timer/timers.h"

/* An order id holds 48 bits of the sequence of its ACCEPTED event, above the shard. */
#define EVENT_SEQUENCE_END (UINT64_C(1) << 48)

/* The next slice of END_OF_DAY begins on this side, behind the last order that was looked at there.
 * That order may be gone by then: its price and its reference still tell the place. */
struct trading_day {
    uint32_t last_ended;     /* yyyymmdd, 0 = none */
    uint32_t instrument;     /* from 1 */
    uint32_t orders_expired; /* in the slices so far */
    enum side side;
    int64_t price_units; /* of the last order looked at, 0 if none */
    uint64_t reference;  /* the same; 0 = the side has not begun */
};

struct engine {
    struct command_genesis genesis;
    uint64_t command_sequence;
    uint64_t event_sequence;
    uint64_t time_ns;
    struct trading_day day;
    struct sessions sessions;
    struct accounts accounts;
    struct reference reference;
    struct book_pool pool;
    struct names names;
    struct timers timers;
};

/* One command on its way. */
struct apply {
    struct engine *engine;
    const struct command *command;
    struct events *events;
    uint32_t event_count_max; /* where events->count must not pass */
};

/* orders.c */
struct refusal apply_new_order(struct apply *apply);
struct refusal apply_cancel(struct apply *apply);
struct refusal apply_reduce(struct apply *apply);
struct refusal apply_replace(struct apply *apply);

/* Takes a resting order out of book, index and timers, with its REMOVED event. */
void remove_order(struct apply *apply, uint32_t index, enum reason reason);

/* day.c */
struct trading_day trading_day_after(uint32_t last_ended);
struct refusal apply_end_of_day(struct apply *apply);
/* The mark of the book stands where the trading day says; aborts if a slice would have to search.
 */
void day_check(const struct engine *engine);
void fire_timers(struct apply *apply);

#endif

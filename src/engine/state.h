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

struct trading_day {
    uint32_t last_ended;     /* yyyymmdd, 0 = none */
    uint32_t instrument;     /* where the next slice of END_OF_DAY begins, from 1 */
    uint32_t orders_expired; /* in the slices so far */
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
struct refusal apply_end_of_day(struct apply *apply);
void fire_timers(struct apply *apply);

#endif

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
#include "engine/session/recent.h"
#include "engine/session/sessions.h"
#include "engine/timer/timers.h"

/* An order id holds 48 bits of the sequence of its ACCEPTED event, above the shard. */
#define EVENT_SEQUENCE_END (UINT64_C(1) << 48)

/* Where a walk over the books goes on: on this side, behind the last order that was looked at
 * there. That order may be gone by then: its price and its reference still tell the place. */
struct book_place {
    uint32_t instrument; /* from 1; behind the last one when the walk is at its end */
    enum side side;
    int64_t price_units; /* of the last order looked at, 0 if none */
    uint64_t reference;  /* the same; 0 = the side has not begun */
};

struct trading_day {
    uint32_t last_ended;     /* yyyymmdd, 0 = none */
    uint32_t orders_expired; /* in the slices so far */
    struct book_place place; /* of the next slice of END_OF_DAY */
};

/* One that is under way, or waits for those before it. */
struct mass_cancel {
    uint64_t account; /* 0 = any */
    uint64_t tag;
    uint64_t until;       /* orders that came later, with higher ids, stay */
    uint32_t asked_by;    /* session, 0 = the operator */
    uint32_t participant; /* 0 = any */
    uint32_t instrument;  /* 0 = any */
    uint32_t session;     /* 0 = any */
    uint32_t orders;      /* taken so far */
    uint8_t side;         /* 0 = both */
    struct book_place place;
};

struct mass_cancels {
    struct mass_cancel *ring; /* first come, first served; at most one of each sender */
    uint32_t capacity;
    uint32_t first;
    uint32_t count;
};

static inline struct mass_cancel *mass_cancel_at(const struct mass_cancels *all, uint32_t i)
{
    return &all->ring[(all->first + i) % all->capacity];
}

struct engine {
    struct command_genesis genesis;
    uint64_t command_sequence;
    uint64_t event_sequence;
    uint64_t time_ns;
    struct trading_day day;
    struct mass_cancels mass_cancels;
    struct sessions sessions;
    struct accounts accounts;
    uint8_t *group_modes; /* enum self_trade, by self-trade group - 1; max_accounts of them */
    struct reference reference;
    struct book_pool pool;
    struct names names;
    struct recent recent;
    struct timers timers;
    uint16_t logic; /* the rules that apply */
};

/* One command on its way. */
struct apply {
    struct engine *engine;
    const struct command *command;
    struct events *events;
    uint32_t event_count_max; /* where events->count must not pass */
    uint32_t budget;          /* what the session's rate leaves it for commands of this kind */
    bool name_is_new;         /* the result is to be remembered under recent.coming */
};

static inline struct refusal check_operator(const struct apply *apply)
{
    uint32_t session = apply->command->header.session;
    return session == 0 ? refusal_none() : refuse(REJECT_OPERATOR_ONLY, 0, session);
}

/* logic.c */
COLD struct refusal apply_logic_version(struct apply *apply);

/* layouts.c: the events from offset `from` on as the releases of these rules wrote them. */
COLD void layouts_as_of(struct events *events, size_t from, unsigned logic);

/* new_order.c */
struct refusal apply_new_order(struct apply *apply);

/* change_order.c */
struct refusal apply_cancel(struct apply *apply);
struct refusal apply_reduce(struct apply *apply);
struct refusal apply_replace(struct apply *apply);
COLD struct refusal apply_resolve(struct apply *apply);

/* resend.c, only while names are remembered. A name that comes again is refused or told its first
 * result (*out_replayed); of a new one the result is noted, at the latest when it was refused. */
COLD struct refusal resend_check(struct apply *apply, struct hash128 key, uint64_t account,
                                 const struct text36 *client_order_id, bool *out_replayed);
COLD void resend_note(struct apply *apply, enum reject code);
COLD struct refusal resend_resolve(struct apply *apply);

/* orders.c: takes a resting order out of book, index and timers, with its REMOVED event. */
void remove_order(struct apply *apply, uint32_t index, enum reason reason);

/* day.c */
struct trading_day trading_day_after(uint32_t last_ended);
COLD struct refusal apply_end_of_day(struct apply *apply);
/* The mark of the book stands where the trading day says; aborts if a slice would have to search.
 */
void day_check(const struct engine *engine);
/* While fewer than `event_count_max` events stand. */
void fire_timers(struct apply *apply, uint32_t event_count_max);

/* query.c: what a resting order is. */
void order_copy(const struct engine *engine, uint32_t index, struct engine_order *out_order);

/* sweep.c: before every command, and with all the room that is left at the end of some. */
COLD void sweep_now(struct apply *apply, uint32_t event_count_max);
static ALWAYS_INLINE void sweep_before(struct apply *apply, uint32_t event_count_max)
{
    if (UNLIKELY(apply->engine->time_ns >= apply->engine->sessions.look_ns)) {
        sweep_now(apply, event_count_max);
    }
}
COLD void sweep_behind(struct apply *apply);
void sweep_begin_disconnected(struct engine *engine, uint32_t session);
COLD struct refusal apply_session_lost(struct apply *apply);
COLD struct refusal apply_mass_cancel(struct apply *apply);

/* admin.c */
COLD struct refusal apply_session_admin(struct apply *apply);

/* A resting order comes into the list of its session, or leaves it. */
void sweep_link(struct engine *engine, uint32_t index);
void sweep_unlink(struct engine *engine, uint32_t index);

/* Orders were linked in any order: sorts them by id. False if two have the same. */
bool sweep_sort(struct engine *engine, uint32_t session);

/* Lists, counts and marks; returns how many orders are in lists. */
uint32_t sweep_check(const struct engine *engine);

#endif

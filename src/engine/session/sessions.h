/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions as engine state: numbers only. An incarnation is raised by LOGON; commands of another
 * incarnation, or of one that was closed, or whose input sequence was used, are refused, so a
 * zombie gateway can do nothing. A session has rates, a kill switch, a dead man's timer, a reserve
 * of numbers (admin.c), and heads the list of its orders that leave with it (sweep.c).
 *
 * Owner: the engine. Threads: one. Memory: a table in the arena, by session number.
 * Errors: reject codes. Order of calls: sessions_init, then any.
 */
#ifndef DOJIMA_ENGINE_SESSION_SESSIONS_H
#define DOJIMA_ENGINE_SESSION_SESSIONS_H

#include "base/arena.h"
#include "engine/refusal.h"
#include "engine/session/rate.h"
#include "wire/native/command.h"

#define DEAD_MAN_LEAST_MS 10u /* bounds how often all sessions are looked through */
#define RESERVE_MOST      6u  /* one event a number: they fit beside any timers */

/* Administrative messages of every session. A gateway that loops must not fill the log. */
#define ADMIN_PER_S 10u
#define ADMIN_BURST 20u

struct session {
    uint64_t last_input_sequence;
    uint32_t incarnation; /* 0 = never opened */
    uint32_t participant;
    uint32_t user;
    uint8_t closed;
    uint8_t blocked;
    uint8_t cancel_on_disconnect; /* of orders that do not say */
    uint8_t sweep_reason;         /* enum reason, while sweep_until is not 0 */
    uint8_t timed;                /* it has a rate or a dead man's timer */
    struct rate orders;
    struct rate cancels;
    uint64_t dead_man_due_ns; /* 0 = not wound up */
    uint32_t dead_man_ms;     /* 0 = off */
    uint32_t first_order;     /* of those that leave with it, by order id; POOL_NONE = none */
    uint32_t last_order;
    uint32_t order_count;
    uint64_t sweep_until; /* its orders up to this id are leaving; 0 = none is */
    uint64_t admin_full_at_ns;
    uint64_t reserve_event; /* its first SESSION_RESERVED */
    uint32_t reserve_count; /* numbers that the incarnation holds in reserve */
};

struct sessions {
    struct session *table; /* by number - 1 */
    uint32_t max_sessions;
    uint32_t opened; /* sessions with an incarnation */
    uint32_t sweeps; /* sessions whose orders are leaving */
    /* Before this time no timer is due and nothing is leaving: 0 while something is. It may say too
     * early, never too late. */
    uint64_t look_ns;
};

void sessions_init(struct sessions *sessions, struct arena *arena, uint32_t max_sessions);

/* The opened session of that number, or null. */
static inline const struct session *sessions_find(const struct sessions *sessions, uint32_t session)
{
    if (session == 0 || session > sessions->max_sessions ||
        sessions->table[session - 1].incarnation == 0) {
        return NULL;
    }
    return &sessions->table[session - 1];
}

/* Checks the header of a command that is not a LOGON, uses its input sequence up, winds the
 * session's dead man's timer up and takes a token; *out_budget is what is left then, where there is
 * a rate for the kind of command. SESSION_ADMIN is the gateway speaking, not the client: it has no
 * input sequence and winds nothing up. */
struct refusal sessions_admit(struct sessions *sessions, const struct command_header *header,
                              uint64_t now_ns, uint32_t *out_budget);

/* Opens or reopens the header's session. */
struct refusal sessions_logon(struct sessions *sessions, const struct command *command,
                              uint64_t now_ns);

/* `timed` follows from the rates and the timer. */
static inline void sessions_note_timed(struct session *session)
{
    session->timed = session->orders.interval_ns != 0 || session->cancels.interval_ns != 0 ||
                     session->dead_man_ms != 0;
}

struct refusal sessions_block(struct sessions *sessions, uint64_t session, bool blocked);

/* The timer starts anew; 0 stops it. */
struct refusal sessions_set_dead_man(struct sessions *sessions, uint32_t session,
                                     uint32_t timeout_ms, uint64_t now_ns);

#endif

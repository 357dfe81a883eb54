/* SPDX-License-Identifier: Apache-2.0
 *
 * Read-only questions for those who explain what happened: sessions with their rates, accounts with
 * their kill switches, phases, remembered names, and the place of an order in its queue. Nothing
 * here is on the order path.
 *
 * Owner: a tool with a private engine. Threads: the engine's. Memory: copies for the caller.
 * Errors: false where there is no such thing. Order of calls: between two engine_apply.
 */
#ifndef DOJIMA_ENGINE_INSPECT_H
#define DOJIMA_ENGINE_INSPECT_H

#include "engine/engine.h"

/* A token bucket: tokens = burst - (full_at_ns - now) / interval_ns, rounded down. */
struct engine_rate {
    uint64_t full_at_ns;  /* when it is full again; in the past: it is */
    uint32_t interval_ns; /* between two tokens; 0 = no limit */
    uint32_t burst;       /* tokens at most */
};

struct engine_session {
    uint64_t last_input_sequence;
    uint64_t dead_man_due_ns; /* 0 = not wound up */
    struct engine_rate orders;
    struct engine_rate cancels;
    uint32_t session;
    uint32_t incarnation;
    uint32_t participant;
    uint32_t user;
    uint32_t dead_man_ms;   /* 0 = off */
    uint32_t tagged_orders; /* that leave with it */
    bool closed;
    bool blocked;
    bool cancel_on_disconnect; /* of orders that do not say */
    bool leaving;              /* its tagged orders are leaving, slice by slice */
};

/* False if it was never opened. Numbers go from 1 to the max_sessions of engine_limits. */
bool engine_session(const struct engine *engine, uint32_t session,
                    struct engine_session *out_session);

struct engine_account {
    uint64_t account;
    uint32_t participant;
    uint32_t self_trade_group; /* 0 = none */
    bool unlimited;
    bool blocked;
    bool participant_blocked;
};

/* False if it is not open. */
bool engine_account(const struct engine *engine, uint64_t account,
                    struct engine_account *out_account);

/* The phase of a listed instrument. */
enum phase engine_phase(const struct engine *engine, uint32_t instrument);

/* The limits of GENESIS. */
const struct command_genesis *engine_limits(const struct engine *engine);

/* What is remembered at a time of the name that a NEW_ORDER, REPLACE (its new one) or RESOLVE
 * gives.
 */
struct engine_recall {
    uint64_t event_sequence; /* of the first result; 0 = fenced */
    enum reject code;        /* of the first result */
    bool on;                 /* names are remembered at all */
    bool known;              /* this one is */
    bool same;               /* the command is the one that brought it */
    bool full;               /* there is no room for one more */
};
struct engine_recall engine_recall(const struct engine *engine, const struct command *command,
                                   uint64_t now_ns);

/* What a resting order is, besides struct engine_order. */
struct engine_resting {
    struct engine_order order;
    uint32_t participant;
    uint32_t user;
    enum post_only post_only; /* as entered */
    bool tagged;              /* leaves with its session */
};

/* A live order by its name; false if there is none. */
bool engine_find_resting(const struct engine *engine, uint64_t account,
                         const struct text36 *client_order_id, struct engine_resting *out_order);

/* Where a resting order stands. */
struct engine_queue {
    uint64_t orders_ahead;  /* at its price */
    uint64_t orders_behind; /* at its price */
    struct quantity ahead;  /* of the orders ahead */
    struct quantity behind;
    uint64_t levels_better; /* better prices on its side */
    uint64_t orders_better;
    int128 lots_better;
};

/* False if no such order rests. O(orders at its price and levels that are better). */
bool engine_queue(const struct engine *engine, uint64_t account,
                  const struct text36 *client_order_id, struct engine_queue *out_queue);

/* False ends the walk. */
typedef bool on_engine_order(void *context, const struct engine_resting *order);

/* The orders of one side, best price first, in the order of their queue. */
void engine_each_order(const struct engine *engine, uint32_t instrument, enum side side,
                       on_engine_order *on_order, void *context);

/* The orders ahead of a resting order at its price, from the head. */
void engine_each_ahead(const struct engine *engine, uint64_t account,
                       const struct text36 *client_order_id, on_engine_order *on_order,
                       void *context);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Price-time matching of one incoming order against one side of one book. It works below names,
 * accounts and commands: makers that are filled come back as a chain, for the caller to forget. At
 * an order of the taker's own self-trade group it stops: what happens then is the caller's.
 *
 * Owner: the engine, or the referee's adapter. Threads: one. Memory: the book pool's.
 * Errors: none. Order of calls: match_take, then walk the chain and give the slots back.
 */
#ifndef DOJIMA_ENGINE_MATCH_MATCH_H
#define DOJIMA_ENGINE_MATCH_MATCH_H

#include "engine/book/book.h"
#include "engine/events.h"

/* Who comes in. */
struct taker {
    uint64_t order_id;
    uint64_t account;
    uint64_t cause;         /* command sequence */
    int64_t remaining_lots; /* counted down */
    int64_t worst_rank;     /* in ranks of the opposite side: match_worst_rank */
    int64_t cancelled_lots; /* counted up by preventions */
    uint32_t session;
    uint32_t instrument;
    uint32_t participant;
    uint32_t self_trade_group;
    enum self_trade mode; /* of the group; NONE: the taker trades with anyone */
    enum side side;
};

/* The worst opposite rank that a limit price may trade with; for a market order use INT64_MIN. */
static ALWAYS_INLINE int64_t match_worst_rank(enum side side, int64_t limit_price_units)
{
    return ladder_rank(side_opposite(side), limit_price_units);
}

static ALWAYS_INLINE bool match_crosses(const struct ladder_side *opposite, int64_t worst_rank)
{
    return opposite->best_level != POOL_NONE && opposite->best_rank >= worst_rank;
}

/* Whether a resting order and the taker may not trade, if the taker's group has a mode. */
static ALWAYS_INLINE bool match_is_own(const struct book_pool *pool, const struct taker *taker,
                                       uint32_t index)
{
    const struct order_cold *maker = &pool->cold[index];
    return maker->self_trade_group == taker->self_trade_group &&
           maker->participant == taker->participant;
}

/* Trades until the taker is filled, nothing crosses, `events->count` reaches `event_count_max`, or
 * the next maker is the taker's own. Each trade is one TRADE event. Filled makers are out of the
 * book, chained through order.next from the index returned (POOL_NONE if none); they are still
 * taken. */
uint32_t match_take(struct book_pool *pool, struct taker *taker, uint32_t event_count_max,
                    struct events *events);

enum match_fill {
    MATCH_FILLS,      /* the quantity, within the trades allowed */
    MATCH_NOT_ENOUGH, /* too little quantity at these prices, or its own orders are in the way */
    MATCH_TOO_MANY,   /* it would take more events than events_max */
};

/* The events of a prevention: PREVENTED, and what becomes of the maker. */
#define PREVENTION_EVENTS 2u

/* Whether the taker would trade `lots` of what it wants, without touching anything. */
enum match_fill match_probe(const struct book_pool *pool, const struct taker *taker, int64_t lots,
                            uint32_t events_max);

#endif

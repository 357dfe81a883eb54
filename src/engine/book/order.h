/* SPDX-License-Identifier: Apache-2.0
 *
 * A resting order in two parts: the hot one is a cache line and is all that matching, cancelling
 * and queueing touch; the cold one, in a parallel array under the same index, is read only to emit.
 *
 * Owner: the book pool. Threads: one. Memory: the engine's arena. Errors: none. Order of calls:
 * none.
 */
#ifndef DOJIMA_ENGINE_BOOK_ORDER_H
#define DOJIMA_ENGINE_BOOK_ORDER_H

#include "base/hash.h"
#include "wire/native/domain.h"

/* An index into a pool that points nowhere. */
#define POOL_NONE UINT32_MAX

struct order {
    struct hash128 name_key; /* of (account, client order id) */
    int64_t remaining_lots;  /* open */
    int64_t total_lots;      /* what was executed included */
    uint64_t order_id;       /* for life */
    uint64_t reference;      /* of the present place in the queue */
    uint32_t next;           /* towards the back of the queue; chains free orders too */
    uint32_t previous;       /* towards the head */
    uint32_t level;          /* which holds price, side and instrument */
    uint8_t time_in_force;   /* enum time_in_force */
    uint8_t post_only;       /* enum post_only, as entered */
    uint8_t live;            /* 1 between book_rest and book_remove or the last fill */
    uint8_t tagged;          /* 1: it leaves when its session ends, and is in the session's list */
};
_Static_assert(sizeof(struct order) == 64, "an order is one cache line");

struct order_cold {
    uint64_t account;
    uint64_t expire_time; /* ns, 0 = none */
    uint32_t session;
    uint32_t participant;
    uint32_t user;
    uint32_t self_trade_group;
    uint32_t timer;        /* place in the timer heap, POOL_NONE = none */
    uint32_t session_next; /* of a tagged order: the next younger of its session, or POOL_NONE */
    uint32_t session_previous;
    uint8_t order_type;
    uint8_t capacity;
    uint16_t zero;
    struct text36 client_order_id;
};

/* All orders of one side at one price, oldest first. */
struct level {
    int64_t price_units;
    int64_t total_lots; /* sum of remaining */
    uint32_t head;      /* oldest; chains free levels too */
    uint32_t tail;      /* newest */
    uint32_t order_count;
    uint32_t book_side; /* instrument << 1 | (sell ? 1 : 0) */
};
_Static_assert(sizeof(struct level) == 32, "two levels a cache line");

static ALWAYS_INLINE uint32_t level_instrument(const struct level *level)
{
    return level->book_side >> 1;
}

static ALWAYS_INLINE enum side level_side(const struct level *level)
{
    return (level->book_side & 1) != 0 ? SIDE_SELL : SIDE_BUY;
}

#endif

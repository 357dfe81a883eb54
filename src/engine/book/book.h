/* SPDX-License-Identifier: Apache-2.0
 *
 * The order books of all instruments over shared pools: queues of resting orders by price and time.
 * Knows nothing of names, accounts or commands; match/ trades against it.
 *
 * Owner: the engine, or the referee's adapter. Threads: one. Memory: pools in the arena.
 * Errors: none; capacities are checked by the caller before (book_order_full, book_level_full).
 * Order of calls: book_pool_init; book_order_take, fill in, book_rest or book_order_give;
 * book_remove.
 */
#ifndef DOJIMA_ENGINE_BOOK_BOOK_H
#define DOJIMA_ENGINE_BOOK_BOOK_H

#include "engine/book/ladder.h"

/* The two sides of one instrument: one cache line and a half. */
struct book {
    struct ladder_side sides[2]; /* 0 buy, 1 sell */
};

/* Places that walks of several commands go on from. */
enum book_mark_of {
    BOOK_MARK_DAY,
    BOOK_MARK_MASS_CANCEL,
    BOOK_MARKS,
};

struct book_mark {
    uint64_t reference; /* of the marked order: its slot may have another tenant */
    uint32_t order;     /* POOL_NONE = none */
    uint32_t zero;
};

struct book_pool {
    struct order *orders;
    struct order_cold *cold;
    struct level *levels;
    struct book *books; /* by instrument - 1 */
    struct ladder ladder;
    uint32_t free_order;
    uint32_t free_level;
    uint32_t order_count; /* taken */
    uint32_t level_count; /* in use */
    uint32_t order_peak;  /* highest order index ever taken, plus 1 */
    uint32_t level_peak;
    uint32_t max_orders;
    uint32_t max_levels;
    uint32_t max_instruments;
    struct book_mark marks[BOOK_MARKS];
};

/* Room for max_orders resting orders and one more that is on its way in. */
void book_pool_init(struct book_pool *pool, struct arena *arena, uint32_t max_orders,
                    uint32_t max_levels, uint32_t max_instruments);

static ALWAYS_INLINE struct ladder_side *book_side(const struct book_pool *pool,
                                                   uint32_t instrument, enum side side)
{
    return &pool->books[instrument - 1].sides[side == SIDE_SELL];
}

static ALWAYS_INLINE enum side side_opposite(enum side side)
{
    return side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
}

static ALWAYS_INLINE struct level *book_order_level(const struct book_pool *pool,
                                                    const struct order *order)
{
    return &pool->levels[order->level];
}

/* A slot that is not in any queue. There must be one: order_count <= max_orders. */
uint32_t book_order_take(struct book_pool *pool);
void book_order_give(struct book_pool *pool, uint32_t index);

/* Whether an order at this price would share a level that exists. */
static inline bool book_has_level(const struct book_pool *pool, uint32_t instrument, enum side side,
                                  int64_t price_units)
{
    return ladder_find(&pool->ladder, book_side(pool, instrument, side),
                       ladder_rank(side, price_units)) != POOL_NONE;
}

/* Puts a taken order with its remaining_lots set at the back of a price. */
void book_rest(struct book_pool *pool, uint32_t instrument, enum side side, int64_t price_units,
               uint32_t index);

/* Takes an order out of its queue; the slot stays taken. The level goes when it is empty. */
void book_remove(struct book_pool *pool, uint32_t index);

/* Marks the place of a resting order for a walk that goes on later. When book_remove takes that
 * order away, the mark moves to the one in front of it. A fill does not move it: it takes the head
 * of a queue, so the place is the head of what is left. */
static inline void book_mark(struct book_pool *pool, enum book_mark_of of, uint32_t index)
{
    pool->marks[of].order = index;
    pool->marks[of].reference = pool->orders[index].reference;
}

static inline void book_unmark(struct book_pool *pool, enum book_mark_of of)
{
    pool->marks[of] = (struct book_mark){.order = POOL_NONE};
}

/* The marked order, or POOL_NONE if it was filled, or none is marked. */
static inline uint32_t book_marked(const struct book_pool *pool, enum book_mark_of of)
{
    uint32_t index = pool->marks[of].order;
    bool stands = index != POOL_NONE && pool->orders[index].live == 1 &&
                  pool->orders[index].reference == pool->marks[of].reference;
    return stands ? index : POOL_NONE;
}

/* Makes a resting order smaller in place. */
static inline void book_reduce(struct book_pool *pool, uint32_t index, int64_t lots)
{
    struct order *order = &pool->orders[index];
    order->remaining_lots -= lots;
    book_order_level(pool, order)->total_lots -= lots;
}

/* Drops the best level of a side, whose queue the caller has emptied. */
void book_drop_best(struct book_pool *pool, struct ladder_side *side);

/* Sums, queues and ladders of one instrument; aborts on a broken one. */
void book_check(const struct book_pool *pool, uint32_t instrument);

#endif

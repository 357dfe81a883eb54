/* SPDX-License-Identifier: Apache-2.0
 *
 * The price ladder of one side of one book: prices in order, each with its level. A B+ tree of
 * small nodes with a finger on the leaf of the best prices, where nearly all traffic is; far tails
 * cost a descent of two or three nodes and no more memory than their number. ADR 0006 has the
 * structures that were measured against it.
 *
 * Prices are ranked: a rank is the price for buys and its complement for sells, so that the best is
 * the largest on both sides and one code serves both.
 *
 *   side.root ─► node ranks[16] children[16]      side.best_leaf ─► leaf ranks[16] levels[16]
 *                 (rank = lowest of the child)                        ascending, best is the last
 *
 * Owner: the book pool. Threads: one. Memory: a node pool in the arena, large enough for
 * max_levels: siblings are merged when both fit one node's half, so no two neighbours are nearly
 * empty. Errors: none; the caller bounds the number of levels. Order of calls: ladder_init first.
 */
#ifndef DOJIMA_ENGINE_BOOK_LADDER_H
#define DOJIMA_ENGINE_BOOK_LADDER_H

#include "base/arena.h"
#include "engine/book/order.h"

#include <stdbool.h>

#define LADDER_FANOUT 16

struct ladder_node {
    int64_t ranks[LADDER_FANOUT];     /* ascending; unused ones are INT64_MAX */
    uint32_t children[LADDER_FANOUT]; /* nodes, or levels in a leaf */
    uint32_t count;
    uint32_t below; /* leaf: the next worse leaf; chains free nodes too */
    uint32_t above; /* leaf: the next better leaf */
    uint32_t leaf;  /* 1 in a leaf */
};

/* One side. All zero bytes are not empty: use ladder_side_init. */
struct ladder_side {
    int64_t best_rank;   /* valid when best_level is not POOL_NONE */
    uint32_t best_level; /* POOL_NONE = the side is empty */
    uint32_t best_leaf;  /* the leaf that holds it */
    uint32_t root;       /* POOL_NONE = empty */
    uint32_t level_count;
    uint32_t height; /* 0 = the root is a leaf */
    uint32_t zero;
};

struct ladder {
    struct ladder_node *nodes;
    uint32_t free;
    uint32_t node_count; /* in use */
    uint32_t node_peak;  /* highest node index ever taken, plus 1 */
};

/* For `max_levels` levels over `side_count` sides. */
void ladder_init(struct ladder *ladder, struct arena *arena, uint32_t max_levels,
                 uint32_t side_count);

static inline void ladder_side_init(struct ladder_side *side)
{
    *side =
        (struct ladder_side){.best_level = POOL_NONE, .best_leaf = POOL_NONE, .root = POOL_NONE};
}

static ALWAYS_INLINE int64_t ladder_rank(enum side side, int64_t price_units)
{
    return side == SIDE_BUY ? price_units : ~price_units;
}

/* Where a rank is, or would go. */
struct ladder_place {
    uint32_t leaf; /* POOL_NONE = the side is empty */
    uint32_t place;
    uint32_t level; /* POOL_NONE = not in the ladder */
};
struct ladder_place ladder_seek(const struct ladder *ladder, const struct ladder_side *side,
                                int64_t rank);

/* The level at a rank, or POOL_NONE. */
static inline uint32_t ladder_find(const struct ladder *ladder, const struct ladder_side *side,
                                   int64_t rank)
{
    return ladder_seek(ladder, side, rank).level;
}

/* A rank that is not in the ladder, at the place that ladder_seek just gave. */
void ladder_insert(struct ladder *ladder, struct ladder_side *side, struct ladder_place place,
                   int64_t rank, uint32_t level);

/* A rank that is in the ladder. */
void ladder_remove(struct ladder *ladder, struct ladder_side *side, int64_t rank);

/* Walks from the best to the worst: start with ladder_first, level POOL_NONE = end. */
struct ladder_cursor {
    uint32_t leaf;
    uint32_t place;
    uint32_t level;
};
struct ladder_cursor ladder_first(const struct ladder *ladder, const struct ladder_side *side);
void ladder_next(const struct ladder *ladder, struct ladder_cursor *cursor);

/* The level of the next worse rank below `rank`, which need not be in the ladder, or POOL_NONE. */
uint32_t ladder_below(const struct ladder *ladder, const struct ladder_side *side, int64_t rank);

/* Aborts if the tree breaks a rule of its own. */
void ladder_check(const struct ladder *ladder, const struct ladder_side *side);

#endif

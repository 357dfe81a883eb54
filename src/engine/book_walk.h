/* SPDX-License-Identifier: Apache-2.0
 *
 * A walk over the resting orders of the books that goes on, command after command, where it stood:
 * instruments by number, buy before sell, best price first, queue order. The place is a fact (the
 * price and reference of the last order looked at, which may be gone by then); a mark of the book
 * finds it in a long queue without a search. Private to engine/.
 *
 * Owner: day.c and sweep.c, a mark each. Threads: one. Memory: the book pool's. Errors: none.
 * Order of calls: book_walk_begin; book_walk_side until it is true, then book_walk_next_side;
 * book_walk_check any time.
 */
#ifndef DOJIMA_ENGINE_BOOK_WALK_H
#define DOJIMA_ENGINE_BOOK_WALK_H

#include "engine/state.h"

/* A slice looks at so many orders for every event it may write: one that is kept costs about a
 * cache miss, one that leaves some times as much. */
#define BOOK_WALK_LOOKS_PER_EVENT 4

struct book_walk {
    struct book_place *place;
    enum book_mark_of mark;
    enum reason reason;
    uint32_t event_count_max; /* an order that is to leave waits when so many events stand */
    uint64_t looks_left;
    uint32_t *gone; /* counts the orders that left */
    /* Whether this order is to leave. */
    bool (*leaves)(const struct engine *engine, uint32_t order, const void *context);
    const void *context;
};

struct book_place book_walk_begin(uint32_t instrument);

/* From the place to the end of its side; false if the slice is full before. */
bool book_walk_side(struct apply *apply, struct book_walk *walk);

void book_walk_next_side(struct engine *engine, enum book_mark_of mark, struct book_place *place);

/* The mark stands where the place says; aborts if the next slice would have to search. */
void book_walk_check(const struct engine *engine, enum book_mark_of mark,
                     const struct book_place *place);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The generator's own book: just enough to know the head of the queue at the best price of each
 * side, to pick any live order at random and to refuse to cross. A side is a sorted array of
 * levels, the best one last, so that work near the touch moves few bytes; a level is a linked queue
 * of orders.
 *
 * Owner: the generator. Threads: one. Memory: a pool of 32-byte orders sized at start, level arrays
 * that double. Errors: NO_MEMORY at start and when a level array grows. Bugs assert. Order of
 * calls: init, then any, deinit.
 */
#ifndef DOJIMA_FLOW_GENERATE_BOOK_H
#define DOJIMA_FLOW_GENERATE_BOOK_H

#include "base/prng.h"
#include "base/status.h"

#include <stdbool.h>

#define BOOK_NONE      UINT32_MAX
#define BOOK_LOOKAHEAD 16 /* picks made before they are used, so that their memory has arrived */

struct generate_order {
    uint64_t id;
    uint32_t ticks;
    uint32_t quantity; /* 0 = the slot is free */
    uint32_t previous; /* in its level's queue, or BOOK_NONE */
    uint32_t next;     /* the same; of a free slot the next free one */
    uint32_t side;     /* 2 x instrument, + 1 for the sell side */
    uint32_t unused;
};

struct generate_level {
    uint32_t ticks;
    uint32_t head;
    uint32_t tail;
};

struct generate_side {
    struct generate_level *levels; /* worst price first, best last */
    uint32_t count;
    uint32_t capacity;
};

struct generate_book {
    struct generate_order *orders;
    struct generate_side *sides;
    uint32_t side_count;
    uint32_t capacity;
    uint32_t high_water; /* slots ever used */
    uint32_t free_first;
    uint32_t live;
    uint32_t pick_at;
    uint32_t picks[BOOK_LOOKAHEAD];
};

MUST_USE enum status generate_book_init(struct generate_book *book, uint32_t instruments,
                                        uint32_t capacity);
void generate_book_deinit(struct generate_book *book);

/* Best price of a side in ticks; 0 = the side is empty. */
uint32_t generate_book_best(const struct generate_book *book, uint32_t side);

/* Head of the queue at the best price, BOOK_NONE when the side is empty. */
uint32_t generate_book_head(const struct generate_book *book, uint32_t side);

/* Joins the queue at its price. There is a free slot: the caller keeps live below capacity. */
MUST_USE enum status generate_book_insert(struct generate_book *book,
                                          const struct generate_order *order);

void generate_book_remove(struct generate_book *book, uint32_t slot);

/* A live order, any with the same chance; at least one is live. */
uint32_t generate_book_pick(struct generate_book *book, struct prng *prng);

#endif

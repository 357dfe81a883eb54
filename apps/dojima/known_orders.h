/* SPDX-License-Identifier: Apache-2.0
 *
 * What an importer remembers of the orders its input named: the live ones with what the input says
 * is open, and the numbers of all that were ever seen, so that a reference to an order from before
 * the input began can be told from one to an order that is gone.
 *
 * Live orders are an open-addressing table of 32-byte entries, at most half full. Numbers seen are
 * lines of one cache line, 448 neighbouring numbers each: a day of Nasdaq, whose numbers are dense,
 * takes two bits an order.
 *
 * Owner: the importer. Threads: one. Memory: malloc, doubling; about 64 bytes a live order at the
 * most. Errors: NO_MEMORY. Order of calls: zeroed is empty; any; known_orders_deinit.
 */
#ifndef DOJIMA_APPS_KNOWN_ORDERS_H
#define DOJIMA_APPS_KNOWN_ORDERS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct known_order {
    uint64_t order_id;   /* the input's */
    int64_t price;       /* units of the input */
    uint64_t entry;      /* order of entry into its present place, from 1; 0 = a free slot */
    uint32_t open;       /* lots, as the input says */
    uint32_t side_index; /* instrument * 2, + 1 for the sell side */
};

struct known_orders {
    struct known_order *slots;
    size_t slot_count; /* 0 or a power of two */
    uint64_t live;
    uint64_t entries; /* last one given out */
    struct known_line *lines;
    size_t line_slots;
    size_t line_count;
};

/* The live order, or null. Valid until the next add or remove. */
struct known_order *known_orders_find(const struct known_orders *known, uint64_t order_id);

/* Adds a live order that is not there yet and gives it the next entry. */
MUST_USE enum status known_orders_add(struct known_orders *known, const struct known_order *order);

void known_orders_remove(struct known_orders *known, uint64_t order_id);

/* Whether the number was ever seen. */
bool known_orders_seen(const struct known_orders *known, uint64_t order_id);
MUST_USE enum status known_orders_see(struct known_orders *known, uint64_t order_id);

/* Copies of the live orders of one instrument in order of entry, freed by the caller. */
MUST_USE enum status known_orders_of(const struct known_orders *known, uint32_t instrument,
                                     struct known_order **out_orders, size_t *out_count);

void known_orders_deinit(struct known_orders *known);

#endif

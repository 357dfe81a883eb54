/* SPDX-License-Identifier: Apache-2.0
 *
 * Expiry timers of resting orders: a binary heap by (due, order id), each order knowing its place
 * so that a cancel takes its timer along.
 *
 * Owner: the engine. Threads: one. Memory: one entry per order in the arena. Errors: none.
 * Order of calls: timers_init; timers_add, timers_remove; timers_due until it says POOL_NONE.
 */
#ifndef DOJIMA_ENGINE_TIMER_TIMERS_H
#define DOJIMA_ENGINE_TIMER_TIMERS_H

#include "base/arena.h"
#include "engine/book/order.h"

#include <stdbool.h>

struct timer {
    uint64_t due_ns;
    uint64_t order_id;
    uint32_t order;
    uint32_t zero;
};

struct timers {
    struct timer *heap;
    struct order_cold *cold; /* whose `timer` holds the place in the heap */
    uint32_t count;
};

void timers_init(struct timers *timers, struct arena *arena, struct order_cold *cold,
                 uint32_t max_orders);
void timers_add(struct timers *timers, uint64_t due_ns, uint64_t order_id, uint32_t order);

/* The order has a timer. */
void timers_remove(struct timers *timers, uint32_t order);

/* The order whose timer is due first at `now_ns`, or POOL_NONE; it stays in the heap. */
static inline uint32_t timers_due(const struct timers *timers, uint64_t now_ns)
{
    if (timers->count == 0 || timers->heap[0].due_ns > now_ns) {
        return POOL_NONE;
    }
    return timers->heap[0].order;
}

#endif

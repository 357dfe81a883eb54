/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/timer/timers.h"

#include "base/assert.h"

void timers_init(struct timers *timers, struct arena *arena, struct order_cold *cold,
                 uint32_t max_orders)
{
    timers->heap = arena_take(arena, max_orders, sizeof *timers->heap);
    timers->cold = cold;
    timers->count = 0;
}

static bool earlier(const struct timer *a, const struct timer *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order_id < b->order_id;
}

static void put(struct timers *timers, uint32_t place, struct timer timer)
{
    timers->heap[place] = timer;
    timers->cold[timer.order].timer = place;
}

static void move_up(struct timers *timers, uint32_t place, struct timer timer)
{
    while (place > 0 && earlier(&timer, &timers->heap[(place - 1) / 2])) {
        put(timers, place, timers->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(timers, place, timer);
}

static void move_down(struct timers *timers, uint32_t place, struct timer timer)
{
    for (;;) {
        uint32_t child = place * 2 + 1;
        if (child >= timers->count) {
            break;
        }
        if (child + 1 < timers->count && earlier(&timers->heap[child + 1], &timers->heap[child])) {
            child++;
        }
        if (!earlier(&timers->heap[child], &timer)) {
            break;
        }
        put(timers, place, timers->heap[child]);
        place = child;
    }
    put(timers, place, timer);
}

void timers_add(struct timers *timers, uint64_t due_ns, uint64_t order_id, uint32_t order)
{
    struct timer timer = {.due_ns = due_ns, .order_id = order_id, .order = order};
    move_up(timers, timers->count++, timer);
}

void timers_remove(struct timers *timers, uint32_t order)
{
    uint32_t place = timers->cold[order].timer;
    ASSERT(place < timers->count && timers->heap[place].order == order);
    timers->cold[order].timer = POOL_NONE;
    struct timer last = timers->heap[--timers->count];
    if (place == timers->count) {
        return;
    }
    if (place > 0 && earlier(&last, &timers->heap[(place - 1) / 2])) {
        move_up(timers, place, last);
    } else {
        move_down(timers, place, last);
    }
}

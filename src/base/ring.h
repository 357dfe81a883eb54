/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of equal slots from one producing to one consuming thread. What is pushed becomes visible
 * in groups: publishing each slot would move the index's cache line between the cores each time,
 * which costs more than everything else.
 *
 * Owner: whoever gave the memory. Threads: one pushes and publishes, one drains. Memory: the
 * caller's slots. Errors: false when full: the producer waits or refuses, nothing is overwritten.
 * Order of calls: ring_init, then any; ring_publish when the producer has nothing more for now.
 */
#ifndef DOJIMA_BASE_RING_H
#define DOJIMA_BASE_RING_H

#include "base/bytes.h"

#include <stdatomic.h>
#include <stdbool.h>

#define RING_PUBLISH_EVERY 32u

struct ring {
    /* set once */
    uint8_t *slots;
    size_t slot_bytes;
    uint64_t mask; /* slots - 1 */
    /* each group on lines of its own */
    ALIGNED(128) _Atomic uint64_t published; /* by the producer */
    ALIGNED(128) _Atomic uint64_t consumed;  /* by the consumer */
    ALIGNED(128) uint64_t written;           /* the producer's own */
    uint64_t consumed_seen;
    ALIGNED(128) uint64_t read; /* the consumer's own */
};

/* `slot_count` is a power of two; `slots` has slot_count x slot_bytes. */
static inline void ring_init(struct ring *ring, void *slots, size_t slot_count, size_t slot_bytes)
{
    *ring = (struct ring){.slots = slots, .slot_bytes = slot_bytes, .mask = slot_count - 1};
}

static ALWAYS_INLINE void ring_publish(struct ring *ring)
{
    atomic_store_explicit(&ring->published, ring->written, memory_order_release);
}

/* Copies one slot in; false, with everything published, if there is no room. */
static ALWAYS_INLINE bool ring_push(struct ring *ring, const void *slot, size_t slot_bytes)
{
    if (UNLIKELY(ring->written - ring->consumed_seen > ring->mask)) {
        ring->consumed_seen = atomic_load_explicit(&ring->consumed, memory_order_acquire);
        if (ring->written - ring->consumed_seen > ring->mask) {
            ring_publish(ring);
            return false;
        }
    }
    memcpy(ring->slots + (ring->written & ring->mask) * slot_bytes, slot, slot_bytes);
    ring->written++;
    if (ring->written % RING_PUBLISH_EVERY == 0) {
        ring_publish(ring);
    }
    return true;
}

/* Copies up to `max` published slots out; returns how many. */
static inline size_t ring_drain(struct ring *ring, void *out, size_t max)
{
    uint64_t published = atomic_load_explicit(&ring->published, memory_order_acquire);
    size_t count = (size_t)(published - ring->read);
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++) {
        memcpy((uint8_t *)out + i * ring->slot_bytes,
               ring->slots + ((ring->read + i) & ring->mask) * ring->slot_bytes, ring->slot_bytes);
    }
    if (count > 0) {
        ring->read += count;
        atomic_store_explicit(&ring->consumed, ring->read, memory_order_release);
    }
    return count;
}

#endif

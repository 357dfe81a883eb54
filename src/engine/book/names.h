/* SPDX-License-Identifier: Apache-2.0
 *
 * The index of live orders by (account, client order id): open addressing, linear probing, 8 bytes
 * a slot. A slot holds 32 bits of the key's hash, from which its home place follows, so that a
 * removal can close the gap without touching the orders; the whole 128-bit key stands in the order.
 *
 * The table is as large as the live orders need, not as the pool could need: keys are random, so a
 * table of the final size would spread few live orders over many cold lines. When 5/8 are full, a
 * table twice as large, laid out at the start, takes over; each later names_add moves one run of
 * the old table, which is done long before the new one fills. Nothing pauses, nothing is allocated.
 *
 *   sizes:  [ 2^10 ][  2^11  ][    2^12    ] ... one area each, used once, in this order
 *            old ──run by run──► slots
 *
 * Owner: the engine, or the referee's adapter. Threads: one. Memory: the areas, in the arena.
 * Errors: none. Order of calls: names_init; names_find, names_add (not there yet), names_remove
 * (there).
 */
#ifndef DOJIMA_ENGINE_BOOK_NAMES_H
#define DOJIMA_ENGINE_BOOK_NAMES_H

#include "base/arena.h"
#include "engine/book/order.h"

#include <stdbool.h>

struct name_slot {
    uint32_t hash;
    uint32_t order; /* index + 1, 0 = empty */
};

struct name_table {
    struct name_slot *slots;
    uint32_t mask; /* slots - 1 */
};

struct names {
    struct name_table now;
    struct name_table old; /* slots null = nothing to move */
    uint32_t count;        /* in both */
    uint32_t moved;        /* place in old where moving goes on */
    uint32_t to_move;      /* orders left in old */
    uint32_t mask_max;
};

void names_init(struct names *names, struct arena *arena, uint32_t max_orders);

/* The key of a name: over the zero-filled struct, in words. */
static ALWAYS_INLINE struct hash128 name_key(uint64_t account, const struct text36 *name)
{
    uint64_t low = (account ^ 0x243f6a8885a308d3u) * 0x9e3779b97f4a7c15u;
    uint64_t high = (account + 0x13198a2e03707344u) * 0xd6e8feb86659fd93u;
    const uint8_t *bytes = (const uint8_t *)name;
    for (unsigned at = 0; at <= name->count; at += 8) {
        uint64_t word = bytes_load_le64(bytes + at);
        low = hash_fold(low ^ word, 0xa0761d6478bd642fu) + 0x082efa98ec4e6c89u;
        high = hash_fold(high ^ (word + 0x452821e638d01377u), 0xe7037ed1a0b428dbu) ^ word;
    }
    return (struct hash128){.low = hash_mix64(low), .high = hash_mix64(high ^ low)};
}

/* Where in a table a key's search begins. */
static ALWAYS_INLINE const struct name_slot *name_home(const struct name_table *table,
                                                       struct hash128 key)
{
    return &table->slots[(uint32_t)key.low & table->mask];
}

static ALWAYS_INLINE uint32_t name_table_find(const struct name_table *table,
                                              const struct order *orders, struct hash128 key)
{
    for (uint32_t place = (uint32_t)key.low & table->mask;; place = (place + 1) & table->mask) {
        struct name_slot slot = table->slots[place];
        if (slot.order == 0) {
            return POOL_NONE;
        }
        if (slot.hash == (uint32_t)key.low) {
            const struct order *order = &orders[slot.order - 1];
            if (LIKELY(order->name_key.low == key.low && order->name_key.high == key.high)) {
                return slot.order - 1;
            }
        }
    }
}

/* The order of that name, or POOL_NONE. */
static ALWAYS_INLINE uint32_t names_find(const struct names *names, const struct order *orders,
                                         struct hash128 key)
{
    uint32_t order = name_table_find(&names->now, orders, key);
    if (UNLIKELY(names->old.slots != NULL) && order == POOL_NONE) {
        order = name_table_find(&names->old, orders, key);
    }
    return order;
}

void names_add(struct names *names, struct hash128 key, uint32_t order);
void names_remove(struct names *names, struct hash128 key, uint32_t order);

#endif

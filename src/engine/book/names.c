/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/book/names.h"

#include "base/assert.h"

#define SLOTS_MIN 1024u

void names_init(struct names *names, struct arena *arena, uint32_t max_orders)
{
    uint64_t slots_max = SLOTS_MIN;
    uint64_t slots_sum = SLOTS_MIN;
    while (slots_max * 5 < (uint64_t)max_orders * 8) {
        slots_max *= 2;
        slots_sum += slots_max;
    }
    *names = (struct names){.mask_max = (uint32_t)(slots_max - 1)};
    names->now.slots = arena_take(arena, slots_sum, sizeof *names->now.slots);
    names->now.mask = SLOTS_MIN - 1;
}

static void put(const struct name_table *table, struct name_slot slot)
{
    uint32_t place = slot.hash & table->mask;
    while (table->slots[place].order != 0) {
        place = (place + 1) & table->mask;
    }
    table->slots[place] = slot;
}

/* Moves whole runs only: taking a slot out of the middle of one would hide those behind it. */
static void move_run(struct names *names)
{
    const struct name_table *old = &names->old;
    while (old->slots[names->moved].order == 0) {
        names->moved = (names->moved + 1) & old->mask;
    }
    while (old->slots[names->moved].order != 0) {
        put(&names->now, old->slots[names->moved]);
        old->slots[names->moved] = (struct name_slot){0};
        names->to_move--;
        names->moved = (names->moved + 1) & old->mask;
    }
}

static void grow(struct names *names)
{
    ASSERT(names->old.slots == NULL);
    names->old = names->now;
    names->to_move = names->count - 1; /* the one being added goes to the new table */
    /* The next area lies behind this one; it has not been used. */
    names->now.slots = names->old.slots + names->old.mask + 1;
    names->now.mask = names->old.mask * 2 + 1;
    /* Begin behind an empty slot, so that the first run moved is whole. */
    names->moved = 0;
    while (names->old.slots[names->moved].order != 0) {
        names->moved++;
    }
}

void names_add(struct names *names, struct hash128 key, uint32_t order)
{
    names->count++;
    if (UNLIKELY(names->old.slots != NULL)) {
        if (names->to_move > 0) {
            move_run(names);
        }
        if (names->to_move == 0) {
            names->old = (struct name_table){0};
        }
    } else if (UNLIKELY((uint64_t)names->count * 8 > ((uint64_t)names->now.mask + 1) * 5) &&
               names->now.mask < names->mask_max) {
        grow(names);
    }
    put(&names->now, (struct name_slot){.hash = (uint32_t)key.low, .order = order + 1});
}

/* Takes `order` out of a table and closes the gap; false if it is not there. */
static bool take_out(const struct name_table *table, struct hash128 key, uint32_t order)
{
    uint32_t mask = table->mask;
    uint32_t hole = (uint32_t)key.low & mask;
    while (table->slots[hole].order != order + 1) {
        if (table->slots[hole].order == 0) {
            return false;
        }
        hole = (hole + 1) & mask;
    }
    /* Moves later slots of the run back into the hole unless that would put them before home. */
    for (uint32_t place = (hole + 1) & mask; table->slots[place].order != 0;
         place = (place + 1) & mask) {
        uint32_t home = table->slots[place].hash & mask;
        if (((place - home) & mask) >= ((place - hole) & mask)) {
            table->slots[hole] = table->slots[place];
            hole = place;
        }
    }
    table->slots[hole] = (struct name_slot){0};
    return true;
}

void names_remove(struct names *names, struct hash128 key, uint32_t order)
{
    names->count--;
    if (LIKELY(take_out(&names->now, key, order))) {
        return;
    }
    ASSERT(names->old.slots != NULL);
    bool found = take_out(&names->old, key, order);
    ASSERT(found);
    names->to_move--;
}

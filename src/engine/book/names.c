/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/book/names.h"

#include "base/assert.h"

void names_init(struct names *names, struct arena *arena, uint32_t max_orders)
{
    uint64_t slots = 16;
    while (slots * 5 < (uint64_t)max_orders * 8) {
        slots *= 2;
    }
    names->slots = arena_take(arena, slots, sizeof *names->slots);
    names->mask = (uint32_t)(slots - 1);
}

void names_add(struct names *names, struct hash128 key, uint32_t order)
{
    uint32_t place = name_home(names, key);
    while (names->slots[place].order != 0) {
        place = (place + 1) & names->mask;
    }
    names->slots[place] = (struct name_slot){.hash = (uint32_t)key.low, .order = order + 1};
}

void names_remove(struct names *names, struct hash128 key, uint32_t order)
{
    uint32_t hole = name_home(names, key);
    while (names->slots[hole].order != order + 1) {
        ASSERT(names->slots[hole].order != 0);
        hole = (hole + 1) & names->mask;
    }
    /* Moves later slots of the run back into the hole unless that would put them before home. */
    for (uint32_t place = (hole + 1) & names->mask; names->slots[place].order != 0;
         place = (place + 1) & names->mask) {
        uint32_t home = names->slots[place].hash & names->mask;
        if (((place - home) & names->mask) >= ((place - hole) & names->mask)) {
            names->slots[hole] = names->slots[place];
            hole = place;
        }
    }
    names->slots[hole] = (struct name_slot){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/session/recent.h"

#include "base/assert.h"

#define LEAVE_AT_ONCE 2 /* for one that comes: the table shrinks while time passes */

void recent_init(struct recent *recent, struct arena *arena, uint32_t max, uint32_t window_s)
{
    *recent = (struct recent){.max = max,
                              .oldest = RECENT_NONE,
                              .youngest = RECENT_NONE,
                              .window_ns = (uint64_t)window_s * 1000000000u};
    if (max == 0) {
        return;
    }
    uint64_t slots = 16;
    while (slots * 5 < (uint64_t)max * 8) {
        slots *= 2;
    }
    recent->mask = (uint32_t)(slots - 1);
    recent->names = arena_take(arena, max, sizeof *recent->names);
    recent->next = arena_take(arena, max, sizeof *recent->next);
    recent->slots = arena_take(arena, slots, sizeof *recent->slots);
    for (uint32_t i = 0; recent->next != NULL && i < max; i++) {
        recent->next[i] = i + 1 < max ? i + 1 : RECENT_NONE;
    }
}

uint32_t recent_find(const struct recent *recent, struct hash128 key, uint64_t now_ns)
{
    for (uint32_t place = (uint32_t)key.low & recent->mask;; place = (place + 1) & recent->mask) {
        struct recent_slot slot = recent->slots[place];
        if (slot.name == 0) {
            return RECENT_NONE;
        }
        const struct recent_name *name = &recent->names[slot.name - 1];
        if (slot.hash == (uint32_t)key.low && name->key.low == key.low &&
            name->key.high == key.high && !recent_is_over(recent, name, now_ns)) {
            return slot.name - 1;
        }
    }
}

bool recent_full(const struct recent *recent, uint64_t now_ns)
{
    return recent->count == recent->max &&
           (recent->oldest == RECENT_NONE ||
            !recent_is_over(recent, &recent->names[recent->oldest], now_ns));
}

/* Takes an entry out of the slots and closes the gap, as names.c does. */
static void unslot(struct recent *recent, uint32_t index)
{
    uint32_t mask = recent->mask;
    uint32_t hole = (uint32_t)recent->names[index].key.low & mask;
    while (recent->slots[hole].name != index + 1) {
        ASSERT(recent->slots[hole].name != 0);
        hole = (hole + 1) & mask;
    }
    for (uint32_t place = (hole + 1) & mask; recent->slots[place].name != 0;
         place = (place + 1) & mask) {
        uint32_t home = recent->slots[place].hash & mask;
        if (((place - home) & mask) >= ((place - hole) & mask)) {
            recent->slots[hole] = recent->slots[place];
            hole = place;
        }
    }
    recent->slots[hole] = (struct recent_slot){0};
}

static void oldest_leaves(struct recent *recent)
{
    uint32_t index = recent->oldest;
    recent->oldest = recent->next[index];
    if (recent->oldest == RECENT_NONE) {
        recent->youngest = RECENT_NONE;
    }
    unslot(recent, index);
    recent->next[index] = recent->free;
    recent->free = index;
    recent->count--;
}

static void append(struct recent *recent, uint32_t index)
{
    recent->next[index] = RECENT_NONE;
    if (recent->youngest == RECENT_NONE) {
        recent->oldest = index;
    } else {
        recent->next[recent->youngest] = index;
    }
    recent->youngest = index;
}

void recent_add(struct recent *recent, const struct recent_name *name, uint64_t now_ns)
{
    for (unsigned i = 0; i < LEAVE_AT_ONCE && recent->oldest != RECENT_NONE &&
                         recent_is_over(recent, &recent->names[recent->oldest], now_ns);
         i++) {
        oldest_leaves(recent);
    }
    uint32_t index = recent->free;
    ASSERT(index != RECENT_NONE);
    recent->free = recent->next[index];
    recent->names[index] = *name;
    recent->count++;
    uint32_t place = (uint32_t)name->key.low & recent->mask;
    while (recent->slots[place].name != 0) {
        place = (place + 1) & recent->mask;
    }
    recent->slots[place] = (struct recent_slot){.hash = (uint32_t)name->key.low, .name = index + 1};
    if (name->ended_ns == RECENT_LIVES) {
        recent->living++;
    } else {
        append(recent, index);
    }
}

void recent_end(struct recent *recent, struct hash128 key, uint64_t now_ns)
{
    uint32_t index = recent_find(recent, key, now_ns);
    ASSERT(index != RECENT_NONE && recent->names[index].ended_ns == RECENT_LIVES);
    recent->names[index].ended_ns = now_ns;
    recent->living--;
    append(recent, index);
}

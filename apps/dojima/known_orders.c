/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/known_orders.h"

#include "base/assert.h"
#include "base/hash.h"

#include <stdlib.h>

#define SLOTS_FIRST ((size_t)1 << 12)
#define LINE_WORDS  7u
#define LINE_IDS    (LINE_WORDS * 64u)

struct known_line {
    uint64_t number; /* order id / LINE_IDS + 1; 0 = a free slot */
    uint64_t bits[LINE_WORDS];
};

static size_t home_of(uint64_t order_id, size_t slot_count)
{
    return (size_t)hash_mix64(order_id) & (slot_count - 1);
}

struct known_order *known_orders_find(const struct known_orders *known, uint64_t order_id)
{
    if (known->slot_count == 0) {
        return NULL;
    }
    size_t at = home_of(order_id, known->slot_count);
    while (known->slots[at].entry != 0) {
        if (known->slots[at].order_id == order_id) {
            return &known->slots[at];
        }
        at = (at + 1) & (known->slot_count - 1);
    }
    return NULL;
}

static void put(struct known_order *slots, size_t slot_count, const struct known_order *order)
{
    size_t at = home_of(order->order_id, slot_count);
    while (slots[at].entry != 0) {
        at = (at + 1) & (slot_count - 1);
    }
    slots[at] = *order;
}

static enum status grow(struct known_orders *known)
{
    size_t slot_count = known->slot_count == 0 ? SLOTS_FIRST : known->slot_count * 2;
    struct known_order *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < known->slot_count; i++) {
        if (known->slots[i].entry != 0) {
            put(slots, slot_count, &known->slots[i]);
        }
    }
    free(known->slots);
    known->slots = slots;
    known->slot_count = slot_count;
    return STATUS_OK;
}

enum status known_orders_add(struct known_orders *known, const struct known_order *order)
{
    if ((known->live + 1) * 2 > known->slot_count) {
        enum status status = grow(known);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct known_order entry = *order;
    entry.entry = ++known->entries;
    put(known->slots, known->slot_count, &entry);
    known->live++;
    return STATUS_OK;
}

/* Takes the entry out and moves later ones of the same run up, so that no run has a hole. */
void known_orders_remove(struct known_orders *known, uint64_t order_id)
{
    struct known_order *order = known_orders_find(known, order_id);
    ASSERT(order != NULL);
    size_t mask = known->slot_count - 1;
    size_t hole = (size_t)(order - known->slots);
    size_t at = hole;
    for (;;) {
        at = (at + 1) & mask;
        if (known->slots[at].entry == 0) {
            break;
        }
        size_t home = home_of(known->slots[at].order_id, known->slot_count);
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            known->slots[hole] = known->slots[at];
            hole = at;
        }
    }
    known->slots[hole].entry = 0;
    known->live--;
}

static struct known_line *line_of(const struct known_orders *known, uint64_t number)
{
    size_t at = home_of(number, known->line_slots);
    while (known->lines[at].number != 0 && known->lines[at].number != number) {
        at = (at + 1) & (known->line_slots - 1);
    }
    return &known->lines[at];
}

bool known_orders_seen(const struct known_orders *known, uint64_t order_id)
{
    if (known->line_slots == 0) {
        return false;
    }
    const struct known_line *line = line_of(known, order_id / LINE_IDS + 1);
    uint64_t bit = order_id % LINE_IDS;
    return line->number != 0 && (line->bits[bit / 64] >> (bit % 64) & 1) != 0;
}

static enum status grow_lines(struct known_orders *known)
{
    struct known_orders grown = {.line_slots = known->line_slots == 0 ? SLOTS_FIRST / 16
                                                                      : known->line_slots * 2};
    grown.lines = calloc(grown.line_slots, sizeof *grown.lines);
    if (grown.lines == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < known->line_slots; i++) {
        if (known->lines[i].number != 0) {
            *line_of(&grown, known->lines[i].number) = known->lines[i];
        }
    }
    free(known->lines);
    known->lines = grown.lines;
    known->line_slots = grown.line_slots;
    return STATUS_OK;
}

enum status known_orders_see(struct known_orders *known, uint64_t order_id)
{
    if ((known->line_count + 1) * 10 > known->line_slots * 7) {
        enum status status = grow_lines(known);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct known_line *line = line_of(known, order_id / LINE_IDS + 1);
    if (line->number == 0) {
        line->number = order_id / LINE_IDS + 1;
        known->line_count++;
    }
    uint64_t bit = order_id % LINE_IDS;
    line->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
    return STATUS_OK;
}

static int by_entry(const void *a, const void *b)
{
    uint64_t x = ((const struct known_order *)a)->entry;
    uint64_t y = ((const struct known_order *)b)->entry;
    return (x > y) - (x < y);
}

enum status known_orders_of(const struct known_orders *known, uint32_t instrument,
                            struct known_order **out_orders, size_t *out_count)
{
    size_t count = 0;
    for (size_t i = 0; i < known->slot_count; i++) {
        count += known->slots[i].entry != 0 && known->slots[i].side_index >> 1 == instrument;
    }
    struct known_order *orders = calloc(count + 1, sizeof *orders);
    if (orders == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t at = 0;
    for (size_t i = 0; i < known->slot_count; i++) {
        if (known->slots[i].entry != 0 && known->slots[i].side_index >> 1 == instrument) {
            orders[at++] = known->slots[i];
        }
    }
    qsort(orders, count, sizeof *orders, by_entry);
    *out_orders = orders;
    *out_count = count;
    return STATUS_OK;
}

void known_orders_deinit(struct known_orders *known)
{
    free(known->slots);
    free(known->lines);
    *known = (struct known_orders){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/owners.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 1024u

/* The low 16 bits of an order id are its shard; a number of another kind has its own there. They
 * count last: neighbours are orders of one shard. */
static size_t home(const struct owners *owners, uint64_t order_id)
{
    return (size_t)hash_neighbours(order_id >> 16 | order_id << 48) & owners->mask;
}

enum status owners_init(struct owners *owners, uint64_t expected)
{
    size_t slots = SLOTS_MIN;
    while (slots / 2 < expected && slots < ((size_t)1 << 32)) {
        slots *= 2;
    }
    *owners = (struct owners){.slots = malloc(slots * sizeof *owners->slots), .mask = slots - 1};
    if (owners->slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    /* Written, not calloc: an order must not wait for a page of memory, and each meets another. */
    memset(owners->slots, 0, slots * sizeof *owners->slots);
    return STATUS_OK;
}

void owners_deinit(struct owners *owners)
{
    free(owners->slots);
    *owners = (struct owners){0};
}

static struct owner *slot_of(const struct owners *owners, uint64_t order_id)
{
    size_t at = home(owners, order_id);
    while (owners->slots[at].order_id != 0 && owners->slots[at].order_id != order_id) {
        at = (at + 1) & owners->mask;
    }
    return &owners->slots[at];
}

static enum status grow(struct owners *owners)
{
    struct owners larger;
    enum status status = owners_init(&larger, (owners->mask + 1));
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i <= owners->mask; i++) {
        if (owners->slots[i].order_id != 0) {
            *slot_of(&larger, owners->slots[i].order_id) = owners->slots[i];
        }
    }
    larger.count = owners->count;
    owners_deinit(owners);
    *owners = larger;
    return STATUS_OK;
}

enum status owners_add(struct owners *owners, const struct owner *owner)
{
    if (owners->count * 2 > owners->mask) {
        enum status status = grow(owners);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct owner *slot = slot_of(owners, owner->order_id);
    owners->count += slot->order_id == 0;
    *slot = *owner;
    return STATUS_OK;
}

void owners_prefetch(const struct owners *owners, uint64_t order_id)
{
    PREFETCH_WRITE(&owners->slots[home(owners, order_id)]);
}

const struct owner *owners_find(const struct owners *owners, uint64_t order_id)
{
    const struct owner *slot = slot_of(owners, order_id);
    return order_id != 0 && slot->order_id == order_id ? slot : NULL;
}

void owners_remove(struct owners *owners, uint64_t order_id)
{
    struct owner *slot = slot_of(owners, order_id);
    if (order_id == 0 || slot->order_id != order_id) {
        return;
    }
    owners->count--;
    /* What stands behind in the same run moves up, so that no search ends early. */
    size_t hole = (size_t)(slot - owners->slots);
    for (size_t at = (hole + 1) & owners->mask; owners->slots[at].order_id != 0;
         at = (at + 1) & owners->mask) {
        size_t from = home(owners, owners->slots[at].order_id);
        if (((at - from) & owners->mask) >= ((at - hole) & owners->mask)) {
            owners->slots[hole] = owners->slots[at];
            hole = at;
        }
    }
    owners->slots[hole].order_id = 0;
}

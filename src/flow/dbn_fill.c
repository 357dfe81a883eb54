/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/dbn_fill.h"

#include "base/hash.h"

#include <stdlib.h>

#define SLOTS_FIRST 1024

static size_t home_of(const struct dbn_fill *fill, uint32_t instrument, uint64_t id)
{
    return (size_t)hash_mix64(id ^ (uint64_t)instrument << 40) & (fill->slot_count - 1);
}

static size_t slot_of(const struct dbn_fill *fill, uint32_t instrument, uint64_t id)
{
    size_t at = home_of(fill, instrument, id);
    while (fill->slots[at].used &&
           (fill->slots[at].id != id || fill->slots[at].instrument != instrument)) {
        at = (at + 1) & (fill->slot_count - 1);
    }
    return at;
}

void dbn_fill_init(struct dbn_fill *fill, const struct dbn_instruments *instruments,
                   size_t live_max)
{
    *fill = (struct dbn_fill){.instruments = instruments, .live_max = live_max};
}

void dbn_fill_deinit(struct dbn_fill *fill)
{
    free(fill->slots);
    *fill = (struct dbn_fill){0};
}

/* The entry if it still means something, with a fill of an earlier event forgotten; else null. */
static struct dbn_order *find(struct dbn_fill *fill, const struct dbn_instrument *instrument,
                              uint64_t id)
{
    if (fill->slot_count == 0) {
        return NULL;
    }
    struct dbn_order *order = &fill->slots[slot_of(fill, instrument->id, id)];
    if (!order->used || order->generation != instrument->generation) {
        return NULL;
    }
    if (order->event != instrument->event) {
        order->waiting = 0;
        order->event = instrument->event;
    }
    return order;
}

/* Closes the gap so that no chain of probes is broken. */
static void drop(struct dbn_fill *fill, struct dbn_order *order)
{
    size_t mask = fill->slot_count - 1;
    size_t hole = (size_t)(order - fill->slots);
    size_t at = hole;
    for (;;) {
        at = (at + 1) & mask;
        if (!fill->slots[at].used) {
            break;
        }
        size_t home = home_of(fill, fill->slots[at].instrument, fill->slots[at].id);
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            fill->slots[hole] = fill->slots[at];
            hole = at;
        }
    }
    fill->slots[hole] = (struct dbn_order){0};
    fill->count--;
}

static void drop_if_done(struct dbn_fill *fill, struct dbn_order *order)
{
    if (order->open == 0 && order->waiting == 0) {
        drop(fill, order);
    }
}

/* Orders of a cleared book and filled ones that nothing booked stay behind: they are left out here.
 */
static bool worth_keeping(const struct dbn_fill *fill, const struct dbn_order *order)
{
    if (!order->used) {
        return false;
    }
    const struct dbn_instrument *instrument =
        dbn_instruments_find(fill->instruments, order->instrument);
    return order->generation == instrument->generation &&
           (order->open > 0 || order->event == instrument->event);
}

/* A fresh table without what is over, twice as large when that alone would not make room. */
static enum status renew(struct dbn_fill *fill)
{
    struct dbn_fill fresh = {.instruments = fill->instruments, .live_max = fill->live_max};
    for (size_t i = 0; i < fill->slot_count; i++) {
        fresh.count += worth_keeping(fill, &fill->slots[i]);
    }
    /* An eighth is kept free: a table that is nearly full would be renewed at every order. */
    if (fresh.count >= fill->live_max - fill->live_max / 8) {
        return STATUS_FULL;
    }
    bool crowded = fresh.count * 4 > fill->slot_count;
    fresh.slot_count = fill->slot_count == 0 ? SLOTS_FIRST : fill->slot_count << crowded;
    fresh.slots = calloc(fresh.slot_count, sizeof *fresh.slots);
    if (fresh.slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < fill->slot_count; i++) {
        const struct dbn_order *order = &fill->slots[i];
        if (worth_keeping(fill, order)) {
            fresh.slots[slot_of(&fresh, order->instrument, order->id)] = *order;
        }
    }
    free(fill->slots);
    *fill = fresh;
    return STATUS_OK;
}

static enum status put(struct dbn_fill *fill, const struct dbn_instrument *instrument, uint64_t id,
                       struct dbn_order **out_order)
{
    if (fill->count * 2 >= fill->slot_count || fill->count >= fill->live_max) {
        enum status status = renew(fill);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct dbn_order *order = &fill->slots[slot_of(fill, instrument->id, id)];
    fill->count += !order->used;
    *order = (struct dbn_order){
        .id = id,
        .instrument = instrument->id,
        .event = instrument->event,
        .generation = instrument->generation,
        .used = true,
    };
    *out_order = order;
    return STATUS_OK;
}

enum status dbn_fill_add(struct dbn_fill *fill, const struct dbn_instrument *instrument,
                         const struct dbn_change *add)
{
    struct dbn_order *order = NULL;
    enum status status = put(fill, instrument, add->order, &order);
    if (status != STATUS_OK) {
        return status;
    }
    order->known = true;
    order->price = add->price;
    order->open = add->quantity;
    return STATUS_OK;
}

enum status dbn_fill_execute(struct dbn_fill *fill, struct dbn_instrument *instrument,
                             const struct dbn_change *executed, bool *out_own_price)
{
    struct dbn_order *order = find(fill, instrument, executed->order);
    if (order == NULL) {
        enum status status = put(fill, instrument, executed->order, &order);
        if (status != STATUS_OK) {
            return status;
        }
    }
    instrument->unbooked += order->waiting == 0 && executed->quantity > 0;
    order->open -= executed->quantity < order->open ? executed->quantity : order->open;
    uint64_t waiting = (uint64_t)order->waiting + executed->quantity;
    order->waiting = waiting > UINT32_MAX ? UINT32_MAX : (uint32_t)waiting;
    *out_own_price = !order->known || order->price == executed->price;
    return STATUS_OK;
}

uint32_t dbn_fill_cancel(struct dbn_fill *fill, struct dbn_instrument *instrument,
                         const struct dbn_change *cancel)
{
    struct dbn_order *order = find(fill, instrument, cancel->order);
    if (order == NULL) {
        return cancel->quantity;
    }
    uint32_t booked = cancel->quantity < order->waiting ? cancel->quantity : order->waiting;
    uint32_t left = cancel->quantity - booked;
    order->waiting -= booked;
    instrument->unbooked -= booked > 0 && order->waiting == 0;
    order->open -= left < order->open ? left : order->open;
    drop_if_done(fill, order);
    return left;
}

bool dbn_fill_modify(struct dbn_fill *fill, struct dbn_instrument *instrument,
                     const struct dbn_change *modify)
{
    struct dbn_order *order = find(fill, instrument, modify->order);
    if (order == NULL) {
        return true;
    }
    uint32_t waiting = order->waiting;
    bool books = order->known && order->price == modify->price && modify->quantity >= order->open &&
                 modify->quantity - order->open < waiting;
    order->waiting = books ? modify->quantity - order->open : 0;
    instrument->unbooked -= waiting > 0 && order->waiting == 0;
    if (!books) {
        order->known = true;
        order->price = modify->price;
        order->open = modify->quantity;
    }
    drop_if_done(fill, order);
    return !books;
}

uint32_t dbn_fill_end_event(struct dbn_instrument *instrument)
{
    uint32_t unbooked = instrument->unbooked;
    instrument->unbooked = 0;
    instrument->event++;
    return unbooked;
}

void dbn_fill_clear(struct dbn_instrument *instrument)
{
    instrument->generation++;
    instrument->unbooked = 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Visible orders stand in an open-addressed table under their reference; a slot holds what the
 * entries to come must agree with.
 */
#include "stream/book_proof.h"

#include "wire/native/event_codec.h"

#include <stdlib.h>

#define SLOTS_MIN 1024u

struct visible {
    uint64_t reference; /* 0 = empty */
    int64_t price_units;
    int64_t lots;
    enum side side;
};

struct book_proof {
    struct visible *slots;
    size_t mask;
    uint64_t count;
    uint64_t hash;
    uint64_t number;
};

static size_t home(const struct book_proof *proof, uint64_t reference)
{
    return (size_t)hash_mix64(reference) & proof->mask;
}

/* The order's slot, or the empty one where it would go. */
static struct visible *slot_of(const struct book_proof *proof, uint64_t reference)
{
    size_t at = home(proof, reference);
    while (proof->slots[at].reference != 0 && proof->slots[at].reference != reference) {
        at = (at + 1) & proof->mask;
    }
    return &proof->slots[at];
}

static uint64_t part(const struct visible *order)
{
    return book_proof_order(order->reference, order->side, (struct price){order->price_units},
                            (struct quantity){order->lots});
}

static enum status grow(struct book_proof *proof)
{
    struct book_proof larger = *proof;
    larger.mask = proof->mask * 2 + 1;
    larger.slots = calloc(larger.mask + 1, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i <= proof->mask; i++) {
        if (proof->slots[i].reference != 0) {
            *slot_of(&larger, proof->slots[i].reference) = proof->slots[i];
        }
    }
    free(proof->slots);
    *proof = larger;
    return STATUS_OK;
}

static void drop(struct book_proof *proof, struct visible *slot)
{
    proof->hash -= part(slot);
    proof->count--;
    /* What stands behind in the same run moves up, so that no search ends early. */
    size_t hole = (size_t)(slot - proof->slots);
    for (size_t at = (hole + 1) & proof->mask; proof->slots[at].reference != 0;
         at = (at + 1) & proof->mask) {
        size_t from = home(proof, proof->slots[at].reference);
        if (((at - from) & proof->mask) >= ((at - hole) & proof->mask)) {
            proof->slots[hole] = proof->slots[at];
            hole = at;
        }
    }
    proof->slots[hole].reference = 0;
}

static enum status apply_rested(struct book_proof *proof, const struct stream_entry *entry,
                                const struct event_rested *rested)
{
    uint64_t reference = entry->event_sequence;
    uint64_t left = entry->replaced_reference;
    if (reference == 0 || rested->quantity.lots <= 0 || left == reference ||
        slot_of(proof, reference)->reference != 0 ||
        (left != 0 && slot_of(proof, left)->reference == 0)) {
        return STATUS_INVALID;
    }
    if (proof->count * 2 > proof->mask) {
        enum status status = grow(proof);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (left != 0) {
        drop(proof, slot_of(proof, left));
    }
    struct visible *slot = slot_of(proof, reference);
    *slot = (struct visible){.reference = reference,
                             .price_units = rested->price.units,
                             .lots = rested->quantity.lots,
                             .side = rested->side};
    proof->hash += part(slot);
    proof->count++;
    return STATUS_OK;
}

/* `lots` leave the order and `remaining` stay; none: it is gone. */
static enum status take(struct book_proof *proof, uint64_t reference, int64_t lots,
                        int64_t remaining)
{
    struct visible *slot = reference == 0 ? NULL : slot_of(proof, reference);
    if (slot == NULL || slot->reference == 0 || lots <= 0 || lots > slot->lots ||
        remaining != slot->lots - lots) {
        return STATUS_INVALID;
    }
    if (remaining == 0) {
        drop(proof, slot);
        return STATUS_OK;
    }
    proof->hash -= part(slot);
    slot->lots = remaining;
    proof->hash += part(slot);
    return STATUS_OK;
}

static enum status apply_event(struct book_proof *proof, const struct stream_entry *entry,
                               const struct event *event)
{
    switch (event->header.id) {
    case EVENT_RESTED:
        return apply_rested(proof, entry, &event->rested);
    case EVENT_REDUCED:
        return take(proof, event->reduced.reference, event->reduced.quantity.lots,
                    event->reduced.remaining.lots);
    case EVENT_REMOVED:
        return take(proof, event->removed.reference, event->removed.quantity.lots, 0);
    case EVENT_TRADE:
        return take(proof, event->trade.maker_reference, event->trade.quantity.lots,
                    event->trade.maker_remaining.lots);
    default:
        return STATUS_OK;
    }
}

enum status book_proof_apply(struct book_proof *proof, const struct stream_entry *entry)
{
    struct event event;
    if (entry->key.kind != STREAM_PUBLIC || entry->number != proof->number + 1 ||
        event_header_decode(entry->bytes, entry->count, &event.header) != STATUS_OK ||
        event_body_decode(entry->bytes + EVENT_HEADER_BYTES, entry->count - EVENT_HEADER_BYTES,
                          &event) != STATUS_OK) {
        return STATUS_INVALID;
    }
    enum status status = apply_event(proof, entry, &event);
    proof->number += status == STATUS_OK;
    return status;
}

uint64_t book_proof_hash(const struct book_proof *proof)
{
    return proof->hash;
}

uint64_t book_proof_number(const struct book_proof *proof)
{
    return proof->number;
}

uint64_t book_proof_count(const struct book_proof *proof)
{
    return proof->count;
}

enum status book_proof_open(uint64_t expected_orders, struct book_proof **out_proof)
{
    size_t slots = SLOTS_MIN;
    while (slots / 2 < expected_orders && slots < ((size_t)1 << 32)) {
        slots *= 2;
    }
    struct book_proof *proof = calloc(1, sizeof *proof);
    if (proof == NULL) {
        return STATUS_NO_MEMORY;
    }
    proof->slots = calloc(slots, sizeof *proof->slots);
    proof->mask = slots - 1;
    if (proof->slots == NULL) {
        free(proof);
        return STATUS_NO_MEMORY;
    }
    *out_proof = proof;
    return STATUS_OK;
}

void book_proof_close(struct book_proof *proof)
{
    if (proof != NULL) {
        free(proof->slots);
        free(proof);
    }
}

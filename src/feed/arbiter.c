/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/arbiter.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

enum status arbiter_init(struct arbiter *arbiter, uint64_t next)
{
    ASSERT(next >= 1);
    struct arbiter_held *held = calloc(ARBITER_HELD, sizeof *held);
    if (held == NULL) {
        return STATUS_NO_MEMORY;
    }
    *arbiter = (struct arbiter){.held = held, .next = next, .known = next - 1};
    return STATUS_OK;
}

void arbiter_deinit(struct arbiter *arbiter)
{
    free(arbiter->held);
    *arbiter = (struct arbiter){0};
}

static struct arbiter_held *slot_of(const struct arbiter *arbiter, uint64_t sequence)
{
    return &arbiter->held[sequence % ARBITER_HELD];
}

/* Gives on what is held without a gap. */
static enum status give_held(struct arbiter *arbiter, arbiter_on_message *on_message, void *context)
{
    while (arbiter->held_count > 0 && slot_of(arbiter, arbiter->next)->sequence == arbiter->next) {
        struct arbiter_held *slot = slot_of(arbiter, arbiter->next);
        uint64_t sequence = arbiter->next++;
        slot->sequence = 0;
        arbiter->held_count--;
        arbiter->counts.messages++;
        enum status status = on_message(context, sequence, slot->bytes, slot->count);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static void hold(struct arbiter *arbiter, uint64_t sequence, const uint8_t *message, size_t count)
{
    if (sequence - arbiter->next >= ARBITER_HELD) {
        arbiter->counts.too_far++;
        return;
    }
    struct arbiter_held *slot = slot_of(arbiter, sequence);
    if (slot->sequence == sequence) {
        arbiter->counts.again++;
        return;
    }
    ASSERT(slot->sequence == 0); /* the window is as wide as the table */
    slot->sequence = sequence;
    slot->count = (uint8_t)count;
    memcpy(slot->bytes, message, count);
    arbiter->held_count++;
}

static enum status take_message(struct arbiter *arbiter, uint64_t sequence, const uint8_t *message,
                                size_t count, arbiter_on_message *on_message, void *context)
{
    if (sequence < arbiter->next) {
        arbiter->counts.again++;
        return STATUS_OK;
    }
    if (sequence > arbiter->next) {
        hold(arbiter, sequence, message, count);
        return STATUS_OK;
    }
    struct arbiter_held *slot = slot_of(arbiter, sequence);
    if (slot->sequence == sequence) { /* held by a call that on_message ended */
        slot->sequence = 0;
        arbiter->held_count--;
    }
    arbiter->next++;
    arbiter->counts.messages++;
    enum status status = on_message(context, sequence, message, count);
    return status == STATUS_OK ? give_held(arbiter, on_message, context) : status;
}

static bool messages_fit(const uint8_t *packet, unsigned count)
{
    size_t at = MOLDUDP64_HEADER_BYTES;
    for (unsigned i = 0; i < count; i++) {
        size_t length = bytes_load_be16(packet + at);
        if (length == 0 || length > ITCH_LENGTH_MAX) {
            return false;
        }
        at += 2 + length;
    }
    return true;
}

static bool is_ours(struct arbiter *arbiter, const struct moldudp64_header *header,
                    const uint8_t *packet, unsigned count)
{
    if (header->sequence == 0 || header->sequence > UINT64_MAX / 2 ||
        (arbiter->has_session &&
         memcmp(arbiter->session, header->session, sizeof arbiter->session) != 0) ||
        !messages_fit(packet, count)) {
        return false;
    }
    memcpy(arbiter->session, header->session, sizeof arbiter->session);
    arbiter->has_session = true;
    return true;
}

enum status arbiter_take(struct arbiter *arbiter, const uint8_t *packet, size_t bytes,
                         arbiter_on_message *on_message, void *context)
{
    struct moldudp64_header header;
    enum status status = moldudp64_decode(packet, bytes, &header);
    bool end = status == STATUS_OK && header.count == MOLDUDP64_END_OF_SESSION;
    unsigned count = end ? 0 : header.count;
    if (status != STATUS_OK || !is_ours(arbiter, &header, packet, count)) {
        arbiter->counts.invalid++;
        return STATUS_INVALID;
    }
    arbiter->counts.packets++;
    arbiter->ended = arbiter->ended || end;
    uint64_t last = header.sequence + count - 1;
    bool complete = arbiter->next > arbiter->known;
    arbiter->known = last > arbiter->known ? last : arbiter->known;
    if (complete && header.sequence > arbiter->next) {
        arbiter->counts.gaps++;
    }
    size_t at = MOLDUDP64_HEADER_BYTES;
    for (unsigned i = 0; i < count && status == STATUS_OK; i++) {
        size_t length = bytes_load_be16(packet + at);
        status = take_message(arbiter, header.sequence + i, packet + at + 2, length, on_message,
                              context);
        at += 2 + length;
    }
    return status;
}

bool arbiter_gap(const struct arbiter *arbiter, uint64_t *out_from, uint64_t *out_count)
{
    if (arbiter->next > arbiter->known) {
        return false;
    }
    uint64_t end = arbiter->next;
    uint64_t limit = arbiter->next + ARBITER_HELD;
    limit = arbiter->known + 1 < limit ? arbiter->known + 1 : limit;
    while (end < limit && slot_of(arbiter, end)->sequence != end) {
        end++;
    }
    if (end == arbiter->next) { /* held, and given with the next packet */
        return false;
    }
    *out_from = arbiter->next;
    *out_count = end - arbiter->next;
    return true;
}

enum status arbiter_skip(struct arbiter *arbiter, uint64_t next, arbiter_on_message *on_message,
                         void *context)
{
    if (next <= arbiter->next) {
        return STATUS_OK;
    }
    for (uint64_t i = 0; i < ARBITER_HELD && arbiter->held_count > 0; i++) {
        struct arbiter_held *slot = &arbiter->held[i];
        if (slot->sequence != 0 && slot->sequence < next) {
            slot->sequence = 0;
            arbiter->held_count--;
        }
    }
    arbiter->next = next;
    arbiter->known = next - 1 > arbiter->known ? next - 1 : arbiter->known;
    return give_held(arbiter, on_message, context);
}

bool arbiter_is_over(const struct arbiter *arbiter)
{
    return arbiter->ended && arbiter->next > arbiter->known;
}

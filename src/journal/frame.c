/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/frame.h"

/* The bytes of the frame at `at`, or 0 when it does not fit before `end`. */
static ALWAYS_INLINE size_t frame_bytes_at(const uint8_t *at, const uint8_t *end)
{
    size_t left = (size_t)(end - at);
    if (UNLIKELY(left < JOURNAL_FRAME_BYTES)) {
        return 0;
    }
    uint32_t body_bytes = bytes_load_le32(at + 8);
    if (UNLIKELY(body_bytes > JOURNAL_BODY_BYTES_MAX)) {
        return 0;
    }
    size_t bytes = journal_frame_bytes(body_bytes);
    return LIKELY(bytes <= left) ? bytes : 0;
}

enum status frame_read(const struct frame_batch *batch, struct frame_place *place,
                       uint64_t sequence, struct journal_entry *out_entries, size_t max,
                       size_t *out_count)
{
    const uint8_t *end = batch->bytes + batch->used;
    if (place->first_sequence != batch->first_sequence || place->sequence > sequence) {
        *place = (struct frame_place){batch->first_sequence, batch->first_sequence, 0};
    }
    const uint8_t *at = batch->bytes + place->offset;
    for (; place->sequence < sequence; place->sequence++) {
        size_t bytes = frame_bytes_at(at, end);
        if (bytes == 0) {
            return STATUS_DAMAGED;
        }
        at += bytes;
        place->offset += bytes;
    }
    uint64_t left = batch->first_sequence + batch->count - sequence;
    size_t wanted = left < max ? left : max;
    size_t count = 0;
    for (; count < wanted; count++) {
        size_t bytes = frame_bytes_at(at, end);
        if (UNLIKELY(bytes == 0)) {
            break;
        }
        out_entries[count] = (struct journal_entry){
            .sequence = sequence + count,
            .time_ns = (int64_t)bytes_load_le64(at),
            .body = at + JOURNAL_FRAME_BYTES,
            .body_bytes = bytes_load_le32(at + 8),
        };
        at += bytes;
    }
    if (UNLIKELY(count == 0 && wanted > 0)) {
        return STATUS_DAMAGED;
    }
    place->sequence = sequence + count;
    place->offset = (size_t)(at - batch->bytes);
    *out_count = count;
    return STATUS_OK;
}

enum status frame_check(const struct frame_batch *batch)
{
    const uint8_t *at = batch->bytes;
    const uint8_t *end = batch->bytes + batch->used;
    for (uint64_t i = 0; i < batch->count; i++) {
        size_t bytes = frame_bytes_at(at, end);
        if (bytes == 0) {
            return STATUS_DAMAGED;
        }
        for (size_t used = JOURNAL_FRAME_BYTES + bytes_load_le32(at + 8); used < bytes; used++) {
            if (at[used] != 0) {
                return STATUS_DAMAGED;
            }
        }
        at += bytes;
    }
    return at == end ? STATUS_OK : STATUS_DAMAGED;
}

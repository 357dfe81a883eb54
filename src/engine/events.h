/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the engine puts events: one flat buffer of records, each
 *
 *   0 u32 bytes of header and body    4 u32 zero    8 event header (12)    20 body    zeros to 8
 *
 * The sequencer copies the bytes behind the count into the events log; their order is their
 * sequence.
 *
 * Owner: the caller of engine_apply. Threads: one. Memory: the caller's buffer; there must be room
 * for engine_event_bytes_max() before each command. Errors: none. Order of calls: events_clear,
 * then event_begin and event_end in pairs; event_next to read.
 */
#ifndef DOJIMA_ENGINE_EVENTS_H
#define DOJIMA_ENGINE_EVENTS_H

#include "wire/native/event_codec.h"

#define EVENT_PREFIX_BYTES 8
/* Largest record in the buffer, its padding included. */
#define EVENT_RECORD_BYTES_MAX                                                                     \
    (EVENT_PREFIX_BYTES + ((EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX + 7) & ~7))

struct events {
    uint8_t *bytes; /* aligned to 8 */
    size_t capacity;
    size_t used;
    uint64_t sequence; /* of the last event written, ever */
    uint32_t count;    /* events since events_clear */
};

static inline void events_init(struct events *events, void *bytes, size_t capacity)
{
    *events = (struct events){.bytes = bytes, .capacity = capacity};
}

static ALWAYS_INLINE void events_clear(struct events *events)
{
    events->used = 0;
    events->count = 0;
}

/* Where the body goes; the event gets the next sequence. */
static ALWAYS_INLINE uint8_t *event_begin(struct events *events, uint8_t id, uint8_t version,
                                          uint64_t cause)
{
    uint8_t *record = events->bytes + events->used;
    event_header_encode(record + EVENT_PREFIX_BYTES, id, version, cause);
    events->sequence++;
    events->count++;
    return record + EVENT_PREFIX_BYTES + EVENT_HEADER_BYTES;
}

static ALWAYS_INLINE void event_end(struct events *events, size_t body_bytes)
{
    uint8_t *record = events->bytes + events->used;
    size_t bytes = EVENT_HEADER_BYTES + body_bytes;
    bytes_store_le64(record, bytes);
    bytes_store_le64(record + EVENT_PREFIX_BYTES + bytes, 0);
    events->used += EVENT_PREFIX_BYTES + bytes_align_up(bytes, 8);
}

/* EVENT(events, TRADE, trade, &(struct event_trade){...}, cause): one whole event. */
#define EVENT_PUT(events, UPPER, lower, body, cause)                                               \
    do {                                                                                           \
        uint8_t *event_at =                                                                        \
            event_begin((events), EVENT_##UPPER, EVENT_##UPPER##_VERSION, (cause));                \
        event_end((events), event_##lower##_encode(event_at, (body)));                             \
    } while (0)

struct event_record {
    const uint8_t *bytes; /* header and body; zero-padded behind to a multiple of 8 */
    size_t count;
};

/* Walks the buffer: *at starts at 0; false at the end. */
static ALWAYS_INLINE bool event_next(const struct events *events, size_t *at,
                                     struct event_record *out)
{
    if (*at >= events->used) {
        return false;
    }
    const uint8_t *record = events->bytes + *at;
    out->count = bytes_load_le32(record);
    out->bytes = record + EVENT_PREFIX_BYTES;
    *at += EVENT_PREFIX_BYTES + bytes_align_up(out->count, 8);
    return true;
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Every rule writes its events in the newest layout. While older rules apply, the events are what
 * the releases of those rules wrote: here a command's events get the versions of that time. Fields
 * are only ever added, so an older record is never longer and finds room where the newer one stood.
 */
#include "base/assert.h"
#include "engine/state.h"
#include "wire/native/event_codec.h"

/* The record in the version that these rules write; returns its bytes. */
static size_t write_older(uint8_t *out, const struct event_record *record, unsigned version)
{
    struct event event;
    enum status status = event_header_decode(record->bytes, record->count, &event.header);
    if (status == STATUS_OK) {
        status = event_body_decode(record->bytes + EVENT_HEADER_BYTES,
                                   record->count - EVENT_HEADER_BYTES, &event);
    }
    ASSERT(status == STATUS_OK); /* the engine has just written it */
    event_header_encode(out, event.header.id, (uint8_t)version, event.header.cause);
    return EVENT_HEADER_BYTES + event_body_encode_as(out + EVENT_HEADER_BYTES, &event, version);
}

void layouts_as_of(struct events *events, size_t from, unsigned logic)
{
    size_t read = from;
    size_t write = from;
    struct event_record record;
    while (event_next(events, &read, &record)) {
        uint8_t bytes[EVENT_RECORD_BYTES_MAX];
        size_t count = record.count;
        unsigned version = event_version_at(record.bytes[0], logic);
        if (version != record.bytes[1]) {
            count = write_older(bytes, &record, version);
        } else {
            memcpy(bytes, record.bytes, count);
        }
        ASSERT(version != 0 && count <= record.count);
        uint8_t *at = events->bytes + write;
        bytes_store_le64(at, count);
        size_t padded = bytes_align_up(count, 8);
        memset(at + EVENT_PREFIX_BYTES + count, 0, padded - count);
        memcpy(at + EVENT_PREFIX_BYTES, bytes, count);
        write += EVENT_PREFIX_BYTES + padded;
    }
    events->used = write;
}

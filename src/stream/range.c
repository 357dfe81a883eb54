/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading back: numbers lead to event sequences, and the events are polled in rising order, some at
 * a time, so that neighbours cost one poll.
 */
#include "base/assert.h"
#include "stream/state.h"
#include "wire/native/event_codec.h"

/* What give_number needs all the time. */
struct range_walk {
    struct stream *stream;
    const struct stream_range *range;
    on_stream_entry *on_entry;
    void *context;
};

enum status stream_event_decode(const uint8_t *bytes, size_t count, struct event *out_event)
{
    enum status status = event_header_decode(bytes, count, &out_event->header);
    if (status == STATUS_OK) {
        status =
            event_body_decode(bytes + EVENT_HEADER_BYTES, count - EVENT_HEADER_BYTES, out_event);
    }
    return status == STATUS_OK ? STATUS_OK : STATUS_INVALID;
}

/* The event of that sequence, from what was polled last or by a new poll. */
static enum status read_event(struct stream *stream, uint64_t sequence,
                              const struct journal_entry **out_entry)
{
    struct range_reader *reader = &stream->reader;
    size_t at = 0;
    uint64_t batch = stream->options.events->batch_first_sequence;
    if (reader->count == 0 || reader->batch_first_sequence != batch ||
        sequence < reader->entries[0].sequence ||
        sequence > reader->entries[reader->count - 1].sequence) {
        reader->cursor.next_sequence = sequence;
        reader->batch_first_sequence = batch;
        enum status status = journal_poll(stream->options.events, &reader->cursor, reader->entries,
                                          STREAM_POLL_ENTRIES, &reader->count);
        if (status != STATUS_OK || reader->count == 0) {
            reader->count = 0;
            return status == STATUS_OK ? STATUS_NOT_FOUND : status;
        }
    } else {
        at = (size_t)(sequence - reader->entries[0].sequence);
    }
    ASSERT(reader->entries[at].sequence == sequence);
    *out_entry = &reader->entries[at];
    return STATUS_OK;
}

static enum status read_replaced(struct stream *stream, uint64_t sequence, uint64_t *out_reference)
{
    const struct journal_entry *removed;
    enum status status = read_event(stream, sequence, &removed);
    struct event event;
    if (status == STATUS_OK) {
        status = stream_event_decode(removed->body, removed->body_bytes, &event);
    }
    if (status == STATUS_OK && event.header.id != EVENT_REMOVED) {
        status = STATUS_DAMAGED;
    }
    if (status == STATUS_OK) {
        *out_reference = event.removed.reference;
    }
    return status;
}

static enum status read_number(struct stream *stream, struct number number,
                               struct stream_entry *entry)
{
    enum status status = STATUS_OK;
    if (number.replaces) {
        status = read_replaced(stream, number.event_sequence - 1, &entry->replaced_reference);
    }
    const struct journal_entry *event;
    if (status == STATUS_OK) {
        status = read_event(stream, number.event_sequence, &event);
    }
    if (status == STATUS_OK) {
        entry->event_sequence = event->sequence;
        entry->time_ns = (uint64_t)event->time_ns;
        entry->bytes = event->body;
        entry->count = event->body_bytes;
        entry->side = number.side;
    }
    return status;
}

static enum status give_number(const struct range_walk *walk, uint64_t at, struct number number,
                               bool *out_more)
{
    struct stream_entry entry = {.key = walk->range->key, .number = at};
    enum status status = read_number(walk->stream, number, &entry);
    if (status == STATUS_OK) {
        *out_more = walk->on_entry(walk->context, &entry);
    }
    return status;
}

enum status stream_read(struct stream *stream, const struct stream_range *range,
                        on_stream_entry *on_entry, void *context, uint64_t *out_next)
{
    ASSERT(range->from >= 1 && stream->options.events != NULL);
    const struct range_walk walk = {stream, range, on_entry, context};
    const struct number_list *list = numbers_find(&stream->numbers, range->key);
    uint64_t at = range->from;
    bool opened = list == NULL || list->opened_event == 0;
    bool more = list != NULL;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && more) {
        if (!opened && list->opened_after < at) {
            opened = true;
            status =
                give_number(&walk, 0, (struct number){.event_sequence = list->opened_event}, &more);
        } else if (at <= list->last && at - range->from < range->max) {
            status = give_number(&walk, at, numbers_at(list, at), &more);
            at += status == STATUS_OK;
        } else {
            more = false;
        }
    }
    if (status == STATUS_OK) {
        *out_next = at;
    }
    return status;
}

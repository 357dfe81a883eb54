/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as the events of a log, each behind a count of two bytes (little-endian): what is no
 * event is refused; whatever is taken gives dense numbers, and a range read gives what was given
 * live. The book proof sees the public entries and refuses those that fit no book.
 */
#include "base/assert.h"
#include "base/bytes.h"
#include "journal/memory/memory.h"
#include "stream/book_proof.h"
#include "stream/stream.h"

#define EVENTS_MAX  400u
#define ENTRIES_MAX (EVENTS_MAX * 8)

struct seen {
    struct stream_key key;
    uint64_t number;
    uint64_t event_sequence;
    uint64_t replaced_reference;
    enum stream_side side;
    uint32_t bytes;
};

struct live {
    struct seen seen[ENTRIES_MAX];
    size_t count;
    struct book_proof *proof;
    bool proof_ended;
};

struct reader {
    const struct live *live;
    struct stream_key key;
    size_t at;
};

static bool same_key(struct stream_key a, struct stream_key b)
{
    return a.kind == b.kind && a.id == b.id;
}

static struct seen seen_of(const struct stream_entry *entry)
{
    return (struct seen){
        entry->key,  entry->number, entry->event_sequence, entry->replaced_reference,
        entry->side, entry->count};
}

static bool on_entry(void *context, const struct stream_entry *entry)
{
    struct live *live = context;
    ASSERT(live->count < ENTRIES_MAX);
    live->seen[live->count++] = seen_of(entry);
    if (entry->key.kind == STREAM_PUBLIC && entry->key.id == STREAM_PUBLIC_GROUP &&
        !live->proof_ended) {
        live->proof_ended = book_proof_apply(live->proof, entry) != STATUS_OK;
    }
    return true;
}

static bool on_read(void *context, const struct stream_entry *entry)
{
    struct reader *reader = context;
    if (entry->number == 0) {
        ASSERT(entry->key.kind == STREAM_SESSION);
        return true;
    }
    const struct seen *seen = reader->live->seen;
    while (!same_key(seen[reader->at].key, reader->key) || seen[reader->at].number == 0) {
        reader->at++;
        ASSERT(reader->at < reader->live->count);
    }
    struct seen now = seen_of(entry);
    ASSERT(same_key(now.key, seen[reader->at].key) && now.number == seen[reader->at].number &&
           now.event_sequence == seen[reader->at].event_sequence &&
           now.replaced_reference == seen[reader->at].replaced_reference &&
           now.side == seen[reader->at].side && now.bytes == seen[reader->at].bytes);
    reader->at++;
    return reader->at < reader->live->count;
}

/* Each stream once: at its number 1. */
static void read_all(struct stream *stream, const struct live *live)
{
    for (size_t i = 0; i < live->count; i++) {
        if (live->seen[i].number == 1) {
            struct reader reader = {.live = live, .key = live->seen[i].key, .at = i};
            uint64_t next = 0;
            struct stream_range all = {.key = reader.key, .from = 1, .max = UINT64_MAX};
            enum status status = stream_read(stream, &all, on_read, &reader, &next);
            ASSERT(status == STATUS_OK && next == stream_last(stream, reader.key) + 1);
        }
    }
}

static void apply_all(struct stream *stream, struct journal *events, const uint8_t *data,
                      size_t size)
{
    while (size >= 2 && stream_event_sequence(stream) < EVENTS_MAX) {
        size_t count = bytes_load_le16(data);
        count = count < size - 2 ? count : size - 2;
        uint64_t sequence = stream_event_sequence(stream) + 1;
        if (stream_apply(stream, sequence, sequence * 10, data + 2, count) == STATUS_OK) {
            uint8_t *body = journal_reserve(events, count);
            ASSERT(body != NULL);
            memcpy(body, data + 2, count);
            ASSERT(journal_append(events, (int64_t)sequence * 10, count) == sequence);
        }
        data += 2 + count;
        size -= 2 + count;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct live live;
    struct journal_memory_store store = {0};
    struct journal_options journals = {.kind = JOURNAL_EVENTS};
    struct journal_report report;
    struct journal *events;
    struct stream *stream;
    live = (struct live){.count = 0};
    ASSERT(journal_memory_open(&store, &journals, &report, &events) == STATUS_OK);
    ASSERT(book_proof_open(0, &live.proof) == STATUS_OK);
    struct stream_options options = {.events = events, .on_entry = on_entry, .context = &live};
    ASSERT(stream_open(&options, &stream) == STATUS_OK);
    apply_all(stream, events, data, size);
    ASSERT(stream_settle(stream) == STATUS_OK);
    read_all(stream, &live);
    stream_close(stream);
    book_proof_close(live.proof);
    ASSERT(journal_close(events, false) == STATUS_OK);
    journal_memory_store_deinit(&store);
    return 0;
}

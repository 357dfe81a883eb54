/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/observer.h"

#include "base/assert.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define LL(number) ((unsigned long long)(number))

static uint64_t hash_entry(const struct stream_entry *entry)
{
    uint64_t hash = hash_fold(entry->event_sequence ^ 0x9e3779b97f4a7c15u,
                              entry->time_ns ^ (uint64_t)entry->side);
    hash = hash_fold(hash ^ 0xe7037ed1a0b428dbu, entry->replaced_reference + entry->count);
    for (uint32_t i = 0; i < entry->count; i++) {
        hash = hash * 0x100000001b3u ^ entry->bytes[i];
    }
    return hash_mix64(hash);
}

static bool is_watched(struct stream_key key)
{
    return (unsigned)key.kind < OBSERVER_KINDS && key.id < OBSERVER_IDS;
}

static void add(struct observed_stream *stream, struct observed observed)
{
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity == 0 ? 256 : 2 * stream->capacity;
        stream->entries = realloc(stream->entries, stream->capacity * sizeof *stream->entries);
        ASSERT(stream->entries != NULL);
    }
    stream->entries[stream->count++] = observed;
}

/* Live entries alone: what is read behind a start comes stream by stream. */
static void check_order(struct observer *observer, const struct stream_entry *entry)
{
    uint64_t cause = bytes_load_le64(entry->bytes + 4);
    if (entry->key.kind == STREAM_PUBLIC) {
        observer->public_cause = cause;
    } else if (cause == observer->public_cause) {
        sim_find(observer->findings, "private first",
                 "event %llu: the public had heard of command %llu already",
                 LL(entry->event_sequence), LL(cause));
    }
}

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct observer *observer = context;
    uint64_t hash = hash_entry(entry);
    observer->shown++;
    observer->digest = hash_fold(observer->digest ^ hash, entry->number + 0xd6e8feb86659fd93u);
    if (entry->number == 0) {
        return;
    }
    struct observed_stream *stream = &observer->streams[entry->key.kind][entry->key.id];
    if (entry->number != stream->count + 1) {
        sim_find(observer->findings, "dense", "stream %d of %llu: number %llu came after %llu",
                 (int)entry->key.kind, LL(entry->key.id), LL(entry->number), LL(stream->count));
        return;
    }
    add(stream, (struct observed){entry->event_sequence, hash});
    if (entry->number > observer->told[entry->key.kind][entry->key.id]) {
        check_order(observer, entry);
    }
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    struct observer *observer = context;
    observer->told[key.kind][key.id] = last_number;
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    (void)context;
    (void)session;
    (void)input_sequence;
    (void)refusal;
}

static void on_lost(void *context)
{
    (void)context;
}

/* An entry as the log gives it after a recovery. */
static bool on_rebuilt(void *context, const struct stream_entry *entry)
{
    struct observer *observer = context;
    if (entry->number == 0 || !is_watched(entry->key)) {
        return true;
    }
    const struct observed_stream *stream = &observer->streams[entry->key.kind][entry->key.id];
    if (entry->number <= stream->count &&
        stream->entries[entry->number - 1].hash != hash_entry(entry)) {
        sim_find(observer->findings, "shown",
                 "stream %d of %llu: number %llu is event %llu now and was event %llu",
                 (int)entry->key.kind, LL(entry->key.id), LL(entry->number),
                 LL(entry->event_sequence), LL(stream->entries[entry->number - 1].event_sequence));
    }
    return true;
}

void observer_compare(struct observer *observer, struct journal *events, uint16_t shard)
{
    struct stream_options options = {.events = events,
                                     .on_entry = on_rebuilt,
                                     .context = observer,
                                     .shard = shard,
                                     .expected_orders = 512};
    struct stream *stream;
    enum status status = stream_open(&options, &stream);
    ASSERT(status == STATUS_OK);
    status = stream_catch_up(stream);
    bool named = status == STATUS_DAMAGED && observer->may_be_damaged;
    if (status != STATUS_OK && !named) {
        sim_find(observer->findings, "shown", "the events cannot be read again: %s",
                 status_name(status));
    }
    for (unsigned kind = 1; kind < OBSERVER_KINDS && !named; kind++) {
        for (uint64_t id = 1; id < OBSERVER_IDS; id++) {
            struct stream_key key = {.id = id, .kind = (enum stream_kind)kind};
            uint64_t last = stream_last(stream, key);
            if (last < observer->streams[kind][id].count) {
                sim_find(observer->findings, "shown",
                         "stream %u of %llu: %llu entries were shown, %llu are left", kind, LL(id),
                         LL(observer->streams[kind][id].count), LL(last));
            }
        }
    }
    stream_close(stream);
}

enum status observer_connect(struct observer *observer, struct hub *hub)
{
    static const struct port_handler handler = {on_entry, on_live, on_refused, on_lost};
    memset(observer->told, 0xff, sizeof observer->told);
    observer->public_cause = 0;
    enum status status = hub_port_open(hub, &handler, observer, &observer->port);
    for (unsigned kind = 1; kind < OBSERVER_KINDS && status == STATUS_OK; kind++) {
        for (uint64_t id = 1; id < OBSERVER_IDS && status == STATUS_OK; id++) {
            struct stream_key key = {.id = id, .kind = (enum stream_kind)kind};
            status = port_subscribe(observer->port, key, observer->streams[kind][id].count + 1);
        }
    }
    return status;
}

void observer_leave(struct observer *observer)
{
    port_close(observer->port);
    observer->port = NULL;
}

void observer_init(struct observer *observer, struct finding_log *findings)
{
    *observer = (struct observer){.findings = findings, .digest = 1};
}

void observer_deinit(struct observer *observer)
{
    for (unsigned kind = 0; kind < OBSERVER_KINDS; kind++) {
        for (unsigned id = 0; id < OBSERVER_IDS; id++) {
            free(observer->streams[kind][id].entries);
        }
    }
    *observer = (struct observer){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/subject.h"

#include "base/assert.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_LINE_BYTES 64

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(CACHE_LINE_BYTES, bytes_align_up(bytes, CACHE_LINE_BYTES));
    ASSERT(memory != NULL);
    return memory;
}

void subject_open(struct subject *subject, const struct command_genesis *limits)
{
    struct arena arena;
    struct engine *none = NULL;
    *subject = (struct subject){0};
    arena_init_measure(&arena);
    ASSERT(engine_init(&arena, limits, &none) == STATUS_OK);
    size_t bytes = arena.used;
    subject->memory = take(bytes);
    arena_init(&arena, subject->memory, bytes);
    ASSERT(engine_init(&arena, limits, &subject->engine) == STATUS_OK);
    size_t event_bytes = engine_event_bytes_max(subject->engine);
    subject->event_bytes = take(event_bytes);
    events_init(&subject->events, subject->event_bytes, event_bytes);
}

void subject_close(struct subject *subject)
{
    free(subject->memory);
    free(subject->event_bytes);
    *subject = (struct subject){0};
}

void subject_apply(struct subject *subject, const struct command *command)
{
    assert_at_sequence(command->header.sequence);
    /* What a record does not write must show. */
    memset(subject->events.bytes, 0xa5, subject->events.used);
    events_clear(&subject->events);
    for (unsigned stage = 0; stage < ENGINE_PREFETCH_STAGES; stage++) {
        engine_prefetch(subject->engine, command, stage);
    }
    engine_apply(subject->engine, command, &subject->events);
    ASSERT(subject->events.used <= subject->events.capacity);
}

/* A record as the page of messages wants it: header, body, zeros up to a multiple of 8. */
static size_t encode(const struct event *event, uint8_t out[EVENT_RECORD_BYTES_MAX])
{
    memset(out, 0, EVENT_RECORD_BYTES_MAX);
    event_header_encode(out, event->header.id, event->header.version, event->header.cause);
    return EVENT_HEADER_BYTES +
           event_body_encode_as(out + EVENT_HEADER_BYTES, event, event->header.version);
}

const char *subject_compare(const struct subject *subject, const struct event *events, size_t count)
{
    size_t at = 0;
    struct event_record record;
    uint8_t expected[EVENT_RECORD_BYTES_MAX];
    for (size_t i = 0; i < count; i++) {
        size_t before = at;
        if (!event_next(&subject->events, &at, &record)) {
            return "the engine has fewer events";
        }
        if (bytes_load_le32(subject->events.bytes + before + 4) != 0) {
            return "the zero of a record's prefix is not zero";
        }
        size_t bytes = encode(&events[i], expected);
        if (record.count != bytes ||
            memcmp(record.bytes, expected, bytes_align_up(bytes, 8)) != 0) {
            return "an event differs";
        }
    }
    if (event_next(&subject->events, &at, &record)) {
        return "the engine has more events";
    }
    if (subject->events.count != count) {
        return "the count of the event buffer is wrong";
    }
    if (count > 0 && (subject->events.sequence != events[count - 1].header.sequence ||
                      engine_event_sequence(subject->engine) != subject->events.sequence)) {
        return "the event sequence differs";
    }
    if (count > 0 && engine_time_ns(subject->engine) != events[count - 1].header.time_ns) {
        return "engine time differs";
    }
    return NULL;
}

void record_decode(const struct event_record *record, struct event *out)
{
    memset(out, 0, sizeof *out);
    ASSERT(event_header_decode(record->bytes, record->count, &out->header) == STATUS_OK);
    ASSERT(event_body_decode(record->bytes + EVENT_HEADER_BYTES, record->count - EVENT_HEADER_BYTES,
                             out) == STATUS_OK);
}

void events_describe(const struct event *events, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++) {
        text_add(out, "    ");
        event_describe_text(&events[i], out);
        text_add(out, "\n");
    }
}

void subject_describe(const struct subject *subject, struct text *out)
{
    size_t at = 0;
    struct event_record record;
    uint64_t sequence = subject->events.sequence - subject->events.count;
    while (event_next(&subject->events, &at, &record)) {
        struct event event;
        record_decode(&record, &event);
        sequence++;
        event.header.sequence = sequence;
        event.header.time_ns = engine_time_ns(subject->engine);
        events_describe(&event, 1, out);
    }
}

void state_bytes_add(struct state_bytes *state, const uint8_t *bytes, size_t count)
{
    if (state->count + count > state->capacity) {
        state->capacity = (state->count + count) * 2;
        state->bytes = realloc(state->bytes, state->capacity);
        ASSERT(state->bytes != NULL);
    }
    memcpy(state->bytes + state->count, bytes, count);
    state->count += count;
}

static void on_bytes(void *context, const uint8_t *bytes, size_t count)
{
    state_bytes_add(context, bytes, count);
}

void subject_walk(const struct subject *subject, struct state_bytes *out)
{
    engine_walk(subject->engine, on_bytes, out);
}

void state_bytes_free(struct state_bytes *state)
{
    free(state->bytes);
    *state = (struct state_bytes){0};
}

/* FNV-1a, byte by byte, then mixed. */
uint64_t state_bytes_hash(const struct state_bytes *state)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < state->count; i++) {
        hash = (hash ^ state->bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash_mix64(hash);
}

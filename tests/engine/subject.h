/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine under test with the memory it needs and the bytes of its state.
 *
 * Owner: a test. Threads: one. Memory: the heap; one block for the engine. Errors: aborts.
 * Order of calls: subject_open, subject_apply..., subject_close.
 */
#ifndef DOJIMA_TESTS_ENGINE_SUBJECT_H
#define DOJIMA_TESTS_ENGINE_SUBJECT_H

#include "base/text.h"
#include "engine/engine.h"
#include "wire/native/event.h"

struct subject {
    void *memory;
    void *event_bytes;
    struct engine *engine;
    struct events events;
};

/* Growing bytes: the canonical state. */
struct state_bytes {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

void subject_open(struct subject *subject, const struct command_genesis *limits);
/* Zeroed subjects are accepted. */
void subject_close(struct subject *subject);

/* Afterwards subject->events holds the records of this command alone. */
void subject_apply(struct subject *subject, const struct command *command);

/* Null if the records are exactly these events, prefix and padding included; else what differs. */
const char *subject_compare(const struct subject *subject, const struct event *events,
                            size_t count);

/* One line an event. */
void subject_describe(const struct subject *subject, struct text *out);
void events_describe(const struct event *events, size_t count, struct text *out);

/* Decodes a record; aborts on one that no decoder takes. */
void record_decode(const struct event_record *record, struct event *out);

/* Canonical bytes, appended piece by piece; free with state_bytes_free. */
void subject_walk(const struct subject *subject, struct state_bytes *out);
void state_bytes_add(struct state_bytes *state, const uint8_t *bytes, size_t count);
void state_bytes_free(struct state_bytes *state);
uint64_t state_bytes_hash(const struct state_bytes *state);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A chunk is messages behind one another, each after a byte with its length; a length of 0 ends it.
 */
#include "feed/history.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)1 << 20)
#define MARK_EVERY  64u

void history_init(struct history *history)
{
    *history = (struct history){0};
}

void history_deinit(struct history *history)
{
    for (size_t i = 0; i < history->chunk_count; i++) {
        free(history->chunks[i]);
    }
    free(history->chunks);
    free(history->marks);
    *history = (struct history){0};
}

static enum status add_chunk(struct history *history)
{
    if (history->chunk_count == history->chunk_capacity) {
        size_t capacity = history->chunk_capacity == 0 ? 16 : history->chunk_capacity * 2;
        uint8_t **chunks = realloc(history->chunks, capacity * sizeof *chunks);
        if (chunks == NULL) {
            return STATUS_NO_MEMORY;
        }
        history->chunks = chunks;
        history->chunk_capacity = capacity;
    }
    uint8_t *chunk = malloc(CHUNK_BYTES);
    if (chunk == NULL) {
        return STATUS_NO_MEMORY;
    }
    history->chunks[history->chunk_count++] = chunk;
    history->chunk_used = 0;
    return STATUS_OK;
}

static enum status add_mark(struct history *history)
{
    size_t mark = (size_t)(history->last / MARK_EVERY);
    if (mark == history->mark_capacity) {
        size_t capacity = history->mark_capacity == 0 ? 1024 : history->mark_capacity * 2;
        uint64_t *marks = realloc(history->marks, capacity * sizeof *marks);
        if (marks == NULL) {
            return STATUS_NO_MEMORY;
        }
        history->marks = marks;
        history->mark_capacity = capacity;
    }
    history->marks[mark] = (uint64_t)(history->chunk_count - 1) << 32 | history->chunk_used;
    return STATUS_OK;
}

enum status history_append(struct history *history, const uint8_t *message, size_t count)
{
    ASSERT(count >= 1 && count <= UINT8_MAX);
    enum status status = STATUS_OK;
    if (history->chunk_count == 0 || CHUNK_BYTES - history->chunk_used < count + 2) {
        status = add_chunk(history);
    }
    if (status == STATUS_OK && history->last % MARK_EVERY == 0) {
        status = add_mark(history);
    }
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t *at = history->chunks[history->chunk_count - 1] + history->chunk_used;
    at[0] = (uint8_t)count;
    memcpy(at + 1, message, count);
    at[1 + count] = 0;
    history->chunk_used += 1 + count;
    history->last++;
    return STATUS_OK;
}

bool history_next(const struct history *history, struct history_cursor *cursor,
                  const uint8_t **out_message, size_t *out_count)
{
    if (cursor->next > history->last) {
        return false;
    }
    if (history->chunks[cursor->chunk][cursor->offset] == 0) {
        cursor->chunk++;
        cursor->offset = 0;
    }
    const uint8_t *at = history->chunks[cursor->chunk] + cursor->offset;
    *out_message = at + 1;
    *out_count = at[0];
    cursor->offset += 1 + (size_t)at[0];
    cursor->next++;
    return true;
}

struct history_cursor history_seek(const struct history *history, uint64_t sequence)
{
    ASSERT(sequence >= 1 && sequence <= history->last + 1);
    if (history->last == 0) {
        return (struct history_cursor){.next = 1};
    }
    uint64_t from = sequence > history->last ? history->last : sequence;
    uint64_t mark = history->marks[(from - 1) / MARK_EVERY];
    struct history_cursor cursor = {.next = (from - 1) / MARK_EVERY * MARK_EVERY + 1,
                                    .chunk = (size_t)(mark >> 32),
                                    .offset = (size_t)(mark & UINT32_MAX)};
    const uint8_t *message;
    size_t count;
    while (cursor.next < sequence) {
        bool there = history_next(history, &cursor, &message, &count);
        ASSERT(there);
    }
    return cursor;
}

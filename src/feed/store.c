/* SPDX-License-Identifier: Apache-2.0
 *
 * A chunk is messages behind one another, each after a byte with its length; a length of 0 ends it.
 */
#include "feed/store.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)1 << 20)
#define MARK_EVERY  64u

void store_init(struct store *store)
{
    *store = (struct store){0};
}

void store_deinit(struct store *store)
{
    for (size_t i = 0; i < store->chunk_count; i++) {
        free(store->chunks[i]);
    }
    free(store->chunks);
    free(store->marks);
    *store = (struct store){0};
}

static enum status add_chunk(struct store *store)
{
    if (store->chunk_count == store->chunk_capacity) {
        size_t capacity = store->chunk_capacity == 0 ? 16 : store->chunk_capacity * 2;
        uint8_t **chunks = realloc(store->chunks, capacity * sizeof *chunks);
        if (chunks == NULL) {
            return STATUS_NO_MEMORY;
        }
        store->chunks = chunks;
        store->chunk_capacity = capacity;
    }
    uint8_t *chunk = malloc(CHUNK_BYTES);
    if (chunk == NULL) {
        return STATUS_NO_MEMORY;
    }
    store->chunks[store->chunk_count++] = chunk;
    store->chunk_used = 0;
    return STATUS_OK;
}

static enum status add_mark(struct store *store)
{
    size_t mark = (size_t)(store->last / MARK_EVERY);
    if (mark == store->mark_capacity) {
        size_t capacity = store->mark_capacity == 0 ? 1024 : store->mark_capacity * 2;
        uint64_t *marks = realloc(store->marks, capacity * sizeof *marks);
        if (marks == NULL) {
            return STATUS_NO_MEMORY;
        }
        store->marks = marks;
        store->mark_capacity = capacity;
    }
    store->marks[mark] = (uint64_t)(store->chunk_count - 1) << 32 | store->chunk_used;
    return STATUS_OK;
}

enum status store_append(struct store *store, const uint8_t *message, size_t count)
{
    ASSERT(count >= 1 && count <= UINT8_MAX);
    enum status status = STATUS_OK;
    if (store->chunk_count == 0 || CHUNK_BYTES - store->chunk_used < count + 2) {
        status = add_chunk(store);
    }
    if (status == STATUS_OK && store->last % MARK_EVERY == 0) {
        status = add_mark(store);
    }
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t *at = store->chunks[store->chunk_count - 1] + store->chunk_used;
    at[0] = (uint8_t)count;
    memcpy(at + 1, message, count);
    at[1 + count] = 0;
    store->chunk_used += 1 + count;
    store->last++;
    return STATUS_OK;
}

bool store_next(const struct store *store, struct store_cursor *cursor, const uint8_t **out_message,
                size_t *out_count)
{
    if (cursor->next > store->last) {
        return false;
    }
    if (store->chunks[cursor->chunk][cursor->offset] == 0) {
        cursor->chunk++;
        cursor->offset = 0;
    }
    const uint8_t *at = store->chunks[cursor->chunk] + cursor->offset;
    *out_message = at + 1;
    *out_count = at[0];
    cursor->offset += 1 + (size_t)at[0];
    cursor->next++;
    return true;
}

struct store_cursor store_seek(const struct store *store, uint64_t sequence)
{
    ASSERT(sequence >= 1 && sequence <= store->last + 1);
    if (store->last == 0) {
        return (struct store_cursor){.next = 1};
    }
    uint64_t from = sequence > store->last ? store->last : sequence;
    uint64_t mark = store->marks[(from - 1) / MARK_EVERY];
    struct store_cursor cursor = {.next = (from - 1) / MARK_EVERY * MARK_EVERY + 1,
                                  .chunk = (size_t)(mark >> 32),
                                  .offset = (size_t)(mark & UINT32_MAX)};
    const uint8_t *message;
    size_t count;
    while (cursor.next < sequence) {
        bool there = store_next(store, &cursor, &message, &count);
        ASSERT(there);
    }
    return cursor;
}

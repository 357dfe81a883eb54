/* SPDX-License-Identifier: Apache-2.0
 *
 * Every ITCH message of the feed by its sequence number: what is sent again, by retransmission or
 * to a reader over TCP that begins earlier, is read here and not encoded again. Derived from the
 * stream, built anew at each start.
 *
 * Owner: the feed. Threads: one. Memory: malloc, 1 MiB at a time: about 30 bytes a message and a
 * word for every 64. Errors: NO_MEMORY. Order of calls: history_init, any, history_deinit.
 */
#ifndef DOJIMA_FEED_HISTORY_H
#define DOJIMA_FEED_HISTORY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history {
    uint8_t **chunks;
    size_t chunk_count, chunk_capacity;
    size_t chunk_used; /* bytes of the last chunk */
    uint64_t *marks;   /* chunk << 32 | offset of messages 1, 65, 129, ... */
    size_t mark_capacity;
    uint64_t last; /* sequence; 0 = none */
};

/* Where a reader stands. */
struct history_cursor {
    uint64_t next; /* sequence of the message it gives next */
    size_t chunk;
    size_t offset;
};

void history_init(struct history *history);
void history_deinit(struct history *history);

/* The message gets sequence last + 1. */
MUST_USE enum status history_append(struct history *history, const uint8_t *message, size_t count);

/* `sequence` from 1 to last + 1. */
struct history_cursor history_seek(const struct history *history, uint64_t sequence);
/* The next message, which stays where it is; false at the end. */
bool history_next(const struct history *history, struct history_cursor *cursor,
                  const uint8_t **out_message, size_t *out_count);

#endif

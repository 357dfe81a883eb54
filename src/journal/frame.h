/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading record frames: the layout that journal_append writes, the same in every backend.
 *
 *      0        8         12
 *     +--------+---------+------ - - ------+---------+
 *     | time   | bytes   | body            | zeros   |   whole frame: a multiple of 8
 *     +--------+---------+------ - - ------+---------+
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: DAMAGED.
 * Order of calls: any.
 */
#ifndef DOJIMA_JOURNAL_FRAME_H
#define DOJIMA_JOURNAL_FRAME_H

#include "journal/journal.h"

/* The frames of one batch, or of the batch under construction so far. */
struct frame_batch {
    const uint8_t *bytes;
    size_t used; /* bytes */
    uint64_t first_sequence;
    uint64_t count;
};

/* Where a reader stands in a batch: it stays true while the batch grows and when it moves, so
 * reading on costs nothing. Zeroed = nowhere. */
struct frame_place {
    uint64_t first_sequence; /* of the batch meant */
    uint64_t sequence;       /* of the frame at `offset` */
    size_t offset;           /* bytes */
};

/* Reads up to `max` records of `batch` from `sequence` on, which it holds. DAMAGED when a frame
 * does not fit and nothing was read before it. */
MUST_USE enum status frame_read(const struct frame_batch *batch, struct frame_place *place,
                                uint64_t sequence, struct journal_entry *out_entries, size_t max,
                                size_t *out_count);

/* All frames fit, their padding is zero, and they fill the batch exactly. */
MUST_USE enum status frame_check(const struct frame_batch *batch);

#endif

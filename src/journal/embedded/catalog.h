/* SPDX-License-Identifier: Apache-2.0
 *
 * What the open log knows of its files: every segment, and the place of a batch at the start of
 * each segment and about every 256 KiB after it. Never on disk: rebuilt by the scan at open, so it
 * can not disagree with the log.
 *
 * Owner: the journal. Threads: its owner's. Memory: grows, 16 bytes a place. Errors: NO_MEMORY.
 * Order of calls: zeroed, any, catalog_deinit.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_CATALOG_H
#define DOJIMA_JOURNAL_EMBEDDED_CATALOG_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct catalog_segment {
    uint64_t first_sequence;
    uint32_t number;
    uint32_t segment_bytes;
    bool unread; /* its places are learned as it is read */
};

struct catalog_place {
    uint64_t first_sequence;
    uint32_t segment;
    uint32_t slot;
};

struct catalog {
    struct catalog_segment *segments; /* ascending, dense numbers */
    size_t segment_count;
    size_t segment_capacity;
    struct catalog_place *places; /* ascending */
    size_t place_count;
    size_t place_capacity;
};

MUST_USE enum status catalog_add_segment(struct catalog *catalog,
                                         const struct catalog_segment *segment);
/* Keeps every place or not, as it sees fit; batches come in order. */
MUST_USE enum status catalog_add_batch(struct catalog *catalog, const struct catalog_place *place);

/* The same of a batch in an unread segment, met while it is read. */
MUST_USE enum status catalog_learn(struct catalog *catalog, const struct catalog_place *place);

/* The last place kept whose batch begins at or before `sequence`; null when there is none. */
const struct catalog_place *catalog_find(const struct catalog *catalog, uint64_t sequence);

const struct catalog_segment *catalog_segment(const struct catalog *catalog, uint32_t number);

/* Forgets the lowest `count` segments and their places. */
void catalog_drop(struct catalog *catalog, size_t count);

void catalog_deinit(struct catalog *catalog);

#endif

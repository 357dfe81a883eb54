/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal in memory, for tests and for engines that keep no log: same seam, same suite as the
 * embedded one. The store outlives the journal, as a disk does, so a test can close and reopen.
 *
 * Owner: the caller owns the store and closes it after its journal. Threads: one.
 * Memory: grows with the log (malloc). Errors: NO_MEMORY, BUSY, MISMATCH.
 * Order of calls: zeroed store, journal_memory_open ... journal_close, any number of times,
 * journal_memory_store_deinit.
 */
#ifndef DOJIMA_JOURNAL_MEMORY_MEMORY_H
#define DOJIMA_JOURNAL_MEMORY_MEMORY_H

#include "journal/journal.h"

struct journal_memory_batch {
    uint8_t *bytes;
    size_t used;
    struct journal_batch header;
};

/* Zeroed = empty. */
struct journal_memory_store {
    struct journal_memory_batch *batches;
    size_t count;
    size_t capacity;
    uint64_t first_sequence; /* 0 while nothing was ever committed */
    enum journal_kind kind;
    uint16_t shard;
    struct journal_note note; /* of the last batch or seal */
    bool sealed;
    bool open;
};

/* `report` is filled whatever happens. A committed batch is durable at once. */
MUST_USE enum status journal_memory_open(struct journal_memory_store *store,
                                         const struct journal_options *options,
                                         struct journal_report *report,
                                         struct journal **out_journal);

void journal_memory_store_deinit(struct journal_memory_store *store);

#endif

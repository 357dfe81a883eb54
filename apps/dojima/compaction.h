/* SPDX-License-Identifier: Apache-2.0
 *
 * Both logs of a data directory compacted, segment by segment, beside a writer or without.
 *
 * Owner: the caller. Threads: one. Memory: some MiB. Errors: as journal_embedded_compact;
 * INTERRUPTED by a signal; `reason` tells what and where. Order of calls: none.
 */
#ifndef DOJIMA_APPS_COMPACTION_H
#define DOJIMA_APPS_COMPACTION_H

#include "journal/embedded/embedded.h"

#define COMPACTION_REASON_BYTES 512

struct compaction {
    const char *directory;      /* the data directory */
    uint64_t commands_sequence; /* known durable */
    uint64_t events_sequence;
    bool quiet; /* no progress line */
    /* Filled. */
    uint32_t segments;
    uint64_t bytes_before;
    uint64_t bytes_after;
    char reason[COMPACTION_REASON_BYTES];
};

MUST_USE enum status compaction_run(struct compaction *compaction);

#endif

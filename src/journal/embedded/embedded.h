/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal on one machine's disk: segment files in a directory of its own, batches of whole
 * pages written past the page cache where the file system allows it, one batch in flight for each
 * writer, one sync a batch. docs/reference/log-format.md describes the bytes; scan.h states what is
 * torn and what is damaged.
 *
 * Owner: the caller; one writer a directory, held by a lock. Threads: as journal.h; with
 * writer_threads the hashing, the write and the sync of a batch happen on threads of the journal's.
 * Memory: a batch buffer, and one for each writer; a read buffer per cursor; 16 bytes per 256 KiB
 * of log. Errors: BUSY (another writer), DAMAGED (see the report), MISMATCH (another kind or shard:
 * the report names the segment), NOT_FOUND (read-only, nothing there), UNSUPPORTED, INVALID
 * (options), NO_SPACE, IO. Order of calls: as journal.h.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_EMBEDDED_H
#define DOJIMA_JOURNAL_EMBEDDED_EMBEDDED_H

#include "host/disk.h"
#include "journal/journal.h"

/* Opens the log in `directory`, which is made when its parent exists. A torn tail is cut and the
 * report tells the range. `report` is filled whatever is returned. Read-only, a damaged log opens
 * too: report->found says so, and polling ends with DAMAGED at the bad sequence. */
MUST_USE enum status journal_embedded_open(struct host_disk *disk, const char *directory,
                                           const struct journal_options *options,
                                           struct journal_report *report,
                                           struct journal **out_journal);

/* Makes what a log opened read-only has found durable, if its writer has not yet: syncs the
 * segments above what their headers prove. What is read there then survives a power cut. */
MUST_USE enum status journal_embedded_make_durable(struct journal *journal);

/* Reads every byte of the log and changes nothing: file headers, batch headers, records, padding,
 * frames, chain, and that the rest is zero. OK: a clean log (report->sealed: closed by a seal).
 * DAMAGED: the report names the first bad sequence and its place; report->found is TRUNCATED when
 * it is a tail that the next start would cut. */
MUST_USE enum status journal_embedded_verify(struct host_disk *disk, const char *directory,
                                             uint64_t proven_sequence,
                                             struct journal_report *report);

/* Finished segments, all of whose records are at or below `through_sequence`, rewritten dense one
 * after the other; never the two last. Beside a writer or without. */
struct journal_compaction {
    struct host_disk *disk;
    const char *directory;
    uint64_t through_sequence; /* known durable */
    uint32_t next_number;      /* where to go on: 0 at first */
    /* So far. */
    uint32_t segments;
    uint64_t bytes_before;
    uint64_t bytes_after;
    const char *reason; /* of DAMAGED */
};

/* The next one: every batch of it is checked, its chain too, and the new file is read back before
 * it takes the old one's name. END: there is none left. DAMAGED: segment next_number is, and stays
 * as it is. BUSY: another process compacts this log. */
MUST_USE enum status journal_embedded_compact(struct journal_compaction *compaction);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The embedded journal's own state, shared by the files that write it (embedded.c, writer.c) and
 * read it (reader.c); nobody else includes this.
 *
 * Two threads at most. What the writer's job uses (file, chain, digest, synced_sequence, syncs) is
 * touched by the owner only while no job runs; the rest is the owner's.
 *
 * Owner: embedded.c. Threads: as said. Memory: see embedded.h. Errors: as journal.h.
 * Order of calls: open, then any, close.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_LOG_H
#define DOJIMA_JOURNAL_EMBEDDED_LOG_H

#include "host/worker.h"
#include "journal/embedded/catalog.h"
#include "journal/embedded/embedded.h"
#include "journal/embedded/segment.h"
#include "journal/frame.h"

/* One batch on its way to the disk. */
struct log_job {
    uint8_t *buffer; /* header, frames; the rest of the last page is zeroed by the job */
    struct batch_header header;
    bool roll; /* begins a new segment file */
};

/* The next segment's file, made ahead of need by a thread of its own: to write 64 MiB of zeros
 * takes longer than any commit should. */
struct log_spare {
    struct segment_place place;
    struct segment_birth birth; /* of which the header waits for the roll */
    struct host_file *file;     /* null: none, or being made */
    enum status status;
};

struct log {
    struct journal base;
    struct segment_place place;
    char *directory;
    struct journal_options options; /* with the defaults filled in */
    struct journal_report report;
    struct host_file *lock;
    struct host_worker *worker; /* null: jobs run inside commit */
    struct host_worker *maker; /* of the spare; null: segments are made at the roll. The writer's */
    struct catalog catalog;
    struct journal_note note; /* of the last batch */
    uint64_t used_bytes;
    uint64_t record_bytes;
    uint64_t batches;
    uint8_t *buffers[2];
    unsigned building;  /* index of the buffer under construction */
    struct log_job job; /* the batch committed last: in flight, or still readable in memory */
    uint32_t segment;   /* where the next batch goes */
    uint32_t slot;
    uint32_t segment_bytes; /* of that segment's file */
    bool sealed;            /* nothing was written since the seal */
    bool direct;            /* the file system takes direct writes: settled at open */

    /* The writer's. */
    struct host_file *file; /* of the segment last written to */
    struct host_digest *digest;
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    struct log_spare spare;   /* the maker's while it is busy */
    uint32_t spare_number;    /* 0: none asked for */
    uint64_t synced_sequence; /* on stable storage, whatever the ack mode */
    uint64_t syncs;
};

static inline struct log *log_of(struct journal *journal)
{
    return (struct log *)(void *)journal;
}

/* writer.c */

/* Gives the batch its place, rolling to a new segment when it does not fit, and fills log->job. */
MUST_USE enum status log_place_batch(struct log *log, uint32_t count, uint32_t records_bytes,
                                     bool seal);
/* Hashes, writes and syncs log->job; publishes the durable sequence or the failure. `context` is
 * the log. */
void log_run_job(void *context);
/* Records the failure once and for all; returns the one recorded first. */
enum status log_fail(struct log *log, enum status status);
/* Syncs every segment that holds a record above `sequence`. Open file included. */
MUST_USE enum status log_sync_above(struct log *log, uint64_t sequence);
/* Makes the segment file `number` the one written to; the log is empty of it until then. */
MUST_USE enum status log_begin_segment(struct log *log, uint32_t number, uint64_t first_sequence);

/* Makes log_spare's file. `context` is the spare. */
void log_make_spare(void *context);
/* Waits for the maker and takes a spare that was not needed away. */
void log_drop_spare(struct log *log);

/* reader.c */
enum status log_poll(struct journal *journal, struct journal_cursor *cursor,
                     struct journal_entry *out_entries, size_t max, size_t *out_count);
enum status log_poll_batch(struct journal *journal, struct journal_cursor *cursor,
                           struct journal_batch *out_batch);
void log_cursor_close(struct journal *journal, struct journal_cursor *cursor);

#endif

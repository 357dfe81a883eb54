/* SPDX-License-Identifier: Apache-2.0
 *
 * The embedded journal's own state, shared by the files that write it (embedded.c, writer.c) and
 * read it (reader.c); nobody else includes this.
 *
 * The owner's thread and one of each writer. Batches carry tickets, 1 for the first since open;
 * ticket t is written by writer t % writers. Jobs take turns until their hashes are made
 * (`hashed`): a batch's chain needs the one before. From there they run beside each other, and
 * become durable in the order of tickets whichever is done first (`told`). What a job uses is
 * touched by the owner only while none runs; the rest is the owner's.
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

#define LOG_WRITERS_MAX 2

/* One batch on its way to the disk. */
struct log_job {
    uint8_t *buffer; /* header, frames; the rest of the last page is zeroed by the job */
    struct batch_header header;
    bool roll; /* begins a new segment file */
};

struct log;

struct log_writer {
    struct log *log;
    struct host_worker *worker; /* null: jobs run inside commit */
    struct log_job job; /* the last one it was given: in flight, or still readable in memory */
    uint64_t ticket;    /* of the job; 0: none yet */
    _Atomic uint64_t last_sequence; /* of the job */
    _Atomic uint64_t written; /* the ticket, once on stable storage (with ack = memory: written) */
};

/* The next segment's file, made ahead of need by a thread of its own: to write 64 MiB of zeros
 * takes longer than any commit should. */
struct log_spare {
    struct segment_place place;
    struct segment_birth birth; /* of which the header waits for the roll */
    struct host_file *file;     /* null: none, or being made */
    struct host_file *retired;  /* the segment before the one written to, not yet closed */
    _Atomic bool hurry;         /* the log waits for it */
    enum status status;
};

struct log {
    struct journal base;
    struct segment_place place;
    char *directory;
    struct journal_options options; /* with the defaults filled in */
    struct journal_report report;
    struct host_file *lock;
    struct log_writer writers[LOG_WRITERS_MAX];
    uint32_t writer_count;     /* at least 1 */
    struct host_worker *maker; /* of the spare; null: segments are made at the roll. The jobs' */
    struct catalog catalog;
    struct journal_note note; /* of the last batch */
    uint64_t used_bytes;
    uint64_t record_bytes;
    uint32_t segments_unread; /* by the scan at open */
    uint64_t batches;
    uint8_t *buffers[LOG_WRITERS_MAX + 1];
    uint64_t ticket;  /* of the batch placed last */
    uint32_t segment; /* where the next batch goes */
    uint32_t slot;
    uint32_t segment_bytes; /* of that segment's file */
    bool sealed;            /* nothing was written since the seal */
    bool direct;            /* the file system takes direct writes: settled at open */

    _Atomic uint64_t hashed; /* ticket up to which every batch has its hashes and its file */
    _Atomic uint64_t told;   /* ticket up to which durable_sequence speaks */
    _Atomic uint64_t synced_sequence; /* on stable storage, whatever the ack mode */
    _Atomic uint64_t syncs;

    /* Of the job whose turn it is. */
    struct host_file *file; /* of the segment last written to */
    struct host_digest *digest;
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    struct log_spare spare; /* the maker's while it is busy */
    uint32_t spare_number;  /* 0: none asked for */
};

/* The writer of the next ticket. */
static inline struct log_writer *log_next_writer(struct log *log)
{
    return &log->writers[(log->ticket + 1) % log->writer_count];
}

/* The buffer under construction, which the next ticket takes along. */
static inline uint8_t *log_building(const struct log *log)
{
    return log->buffers[(log->ticket + 1) % (log->writer_count + 1)];
}

static inline struct log *log_of(struct journal *journal)
{
    return (struct log *)(void *)journal;
}

/* writer.c */

/* Gives the batch its place, rolling to a new segment when it does not fit, and makes it the job of
 * the next writer, which is idle. */
MUST_USE enum status log_place_batch(struct log *log, uint32_t count, uint32_t records_bytes,
                                     bool seal);
/* Hashes, writes and syncs the writer's job; tells the durable sequence or the failure. `context`
 * is the writer. */
void log_run_job(void *context);
/* Records the failure once and for all; returns the one recorded first. */
enum status log_fail(struct log *log, enum status status);
/* Syncs every segment that holds a record above `sequence`. Open file included. */
MUST_USE enum status log_sync_above(struct log *log, uint64_t sequence);
/* Makes the segment file `number` the one written to; the log is empty of it until then. */
MUST_USE enum status log_begin_segment(struct log *log, uint32_t number, uint64_t first_sequence);

/* Closes the segment that is no longer written to, if that was not done yet. */
void log_close_retired(struct log_spare *spare);
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

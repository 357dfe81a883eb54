/* SPDX-License-Identifier: Apache-2.0
 *
 * The append-only log, as its users see it: records in one dense order, written in batches, each
 * batch durable as a whole. A record is a time and a body; what the body means is the caller's
 * affair. Its sequence belongs to its place in the log and is never stored in the body: the first
 * record is 1.
 *
 * The batch under construction is plain memory that the caller writes into, so that a record is
 * copied once, by whoever encodes it:
 *
 *     uint8_t *body = journal_reserve(journal, 200);       null: the batch is full, commit first
 *     size_t bytes = encode(body, ...);
 *     uint64_t sequence = journal_append(journal, time_ns, bytes);
 *     status = journal_commit(journal, &note);             starts to make the batch durable
 *     journal_durable(journal) >= sequence                 now it is
 *
 * Owner: whoever opened it. Threads: one, the owner's; a backend may have a writer thread inside.
 * Memory: taken at open and at the first poll of a cursor, not while appending.
 * Errors: a failed write or sync is fatal: every later call but close returns it.
 * Order of calls: a backend's open; then any; journal_close last. journal_append only after the
 * journal_reserve it finishes. A cursor is closed before its journal.
 */
#ifndef DOJIMA_JOURNAL_JOURNAL_H
#define DOJIMA_JOURNAL_JOURNAL_H

#include "base/assert.h"
#include "base/bytes.h"
#include "base/status.h"

#include <stdatomic.h>
#include <stdbool.h>

/* A record as stored: time u64, body bytes u32, body, zeros up to a multiple of 8. */
#define JOURNAL_FRAME_BYTES      12u
#define JOURNAL_RECORD_BYTES_MAX 4096u
#define JOURNAL_BODY_BYTES_MAX   (JOURNAL_RECORD_BYTES_MAX - JOURNAL_FRAME_BYTES)
#define JOURNAL_BATCH_BYTES_MAX  ((size_t)1 << 20)
#define JOURNAL_CHAIN_BYTES      32u

enum journal_kind {
    JOURNAL_COMMANDS = 1,
    JOURNAL_EVENTS = 2,
};

enum journal_ack {
    JOURNAL_ACK_FSYNC = 0,  /* durable = on stable storage */
    JOURNAL_ACK_MEMORY = 1, /* durable = handed to the operating system: survives kill -9 only */
};

/* What the caller knows at the end of a batch; stored in its header. */
struct journal_note {
    uint64_t running_hash;    /* the caller's running event hash up to the end of the batch */
    uint64_t proven_sequence; /* highest sequence of the other log that is known durable */
};

struct journal_options {
    enum journal_kind kind;
    enum journal_ack ack;
    uint16_t shard;
    bool read_only; /* takes no lock, changes nothing; reads up to damage, then DAMAGED */
    /* 0: commit writes and syncs. 1 or 2: it hands the batch over and returns, so many batches may
       be on their way at once; posix disk only. Two need direct writes, else it is one. */
    uint32_t writer_threads;
    /* Without writer threads too: the next segment is made on a thread of its own. */
    bool segments_ahead;
    uint32_t segment_bytes;   /* 0: 64 MiB; a multiple of 4 KiB */
    uint32_t batch_bytes;     /* 0: 1 MiB; 8 KiB to 1 MiB, a multiple of 4 KiB */
    uint64_t proven_sequence; /* known durable from elsewhere: damage at or below it is not cut */
    /* Whoever opens it has what the log says up to here, as a snapshot: segments that end at or
       below it are not read at open, damage in them is found when they are. 0: all is read. */
    uint64_t trusted_sequence;
};

/* What opening or verifying found. Filled on failure too: it is there to name the damage. */
struct journal_report {
    enum status found;       /* OK; TRUNCATED: a torn tail above what is proven; DAMAGED */
    const char *reason;      /* a sentence for ever valid; null when found is OK */
    uint64_t first_sequence; /* oldest record kept; next_sequence when there is none */
    uint64_t next_sequence;  /* one above the last good record */
    uint64_t bad_sequence;   /* first bad or cut sequence; 0 when found is OK */
    uint64_t bad_offset;     /* byte offset of the damage in its segment file */
    uint64_t bad_end_offset; /* one above the last non-zero byte of a torn tail in that file */
    uint64_t nonzero_bytes;  /* non-zero bytes found after the end, all segments together */
    uint64_t
        cut_last_sequence; /* last sequence that a readable header above the cut names; 0: none */
    uint64_t
        missing_last_sequence; /* records from bad_sequence to here are in no file; 0: unknown */
    uint64_t proven_sequence;  /* highest sequence proven durable by what was read */
    uint32_t bad_segment;      /* number of the segment file */
    bool sealed;               /* the last batch is the seal of a clean stop */
};

struct journal_entry {
    uint64_t sequence;
    int64_t time_ns; /* log time, ns UTC */
    const uint8_t *body;
    uint32_t body_bytes;
};

/* One committed batch, without its records. */
struct journal_batch {
    uint64_t first_sequence;
    uint32_t count;
    uint32_t records_bytes; /* frames and bodies */
    uint32_t segment;
    uint64_t offset; /* of its header in the segment file, bytes */
    struct journal_note note;
    uint64_t durable_sequence; /* what was on stable storage when it was built */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
};

/* A reader's place. To seek, set next_sequence. */
struct journal_cursor {
    uint64_t next_sequence;
    void *reader; /* the backend's; null before the first poll */
};

struct journal_stat {
    uint64_t first_sequence;
    uint64_t next_sequence;
    uint64_t durable_sequence;
    uint64_t batches;      /* since open, seals not counted */
    uint64_t syncs;        /* since open */
    uint64_t used_bytes;   /* of the whole log: file headers, batches and their padding */
    uint64_t record_bytes; /* of what was read of it: frames and bodies alone */
    uint32_t segments;
    uint32_t segments_unread; /* at open (trusted_sequence): counted whole in used_bytes */
    bool direct;              /* writes pass by the page cache */
    struct journal_note note; /* of the last batch, a seal too; zeros when there is none */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
};

struct journal;

struct journal_ops {
    enum status (*commit)(struct journal *journal, const struct journal_note *note);
    enum status (*sync)(struct journal *journal);
    enum status (*poll)(struct journal *journal, struct journal_cursor *cursor,
                        struct journal_entry *out_entries, size_t max, size_t *out_count);
    enum status (*poll_batch)(struct journal *journal, struct journal_cursor *cursor,
                              struct journal_batch *out_batch);
    void (*cursor_close)(struct journal *journal, struct journal_cursor *cursor);
    enum status (*truncate_before)(struct journal *journal, uint64_t sequence);
    void (*stat)(struct journal *journal, struct journal_stat *out_stat);
    enum status (*close)(struct journal *journal, bool seal, const struct journal_note *note);
};

/* The part every backend begins with; its fields are the backends' and the functions' below. */
struct journal {
    const struct journal_ops *ops;
    uint8_t *batch_bytes;  /* first frame of the batch under construction */
    size_t batch_used;     /* bytes of its frames */
    size_t batch_capacity; /* bytes; 8 more are writable behind it */
    size_t reserved;       /* body bytes of the open reserve */
    uint64_t batch_first_sequence;
    uint64_t next_sequence;
    uint64_t waits_for; /* a commit waits until this sequence is durable */
    _Atomic uint64_t durable_sequence;
    _Atomic int failure; /* enum status */
};

static ALWAYS_INLINE size_t journal_frame_bytes(size_t body_bytes)
{
    return bytes_align_up(JOURNAL_FRAME_BYTES + body_bytes, 8);
}

/* Room for a body of up to `body_bytes_max`; null when the batch is full (never when it is empty,
 * unless the journal has failed or is read-only). */
static ALWAYS_INLINE uint8_t *journal_reserve(struct journal *journal, size_t body_bytes_max)
{
    ASSERT(body_bytes_max <= JOURNAL_BODY_BYTES_MAX);
    if (UNLIKELY(journal_frame_bytes(body_bytes_max) >
                 journal->batch_capacity - journal->batch_used)) {
        return NULL;
    }
    journal->reserved = body_bytes_max;
    return journal->batch_bytes + journal->batch_used + JOURNAL_FRAME_BYTES;
}

/* Finishes the record whose body was written into the reserved room; returns its sequence. */
static ALWAYS_INLINE uint64_t journal_append(struct journal *journal, int64_t time_ns,
                                             size_t body_bytes)
{
    ASSERT(body_bytes <= journal->reserved);
    uint8_t *at = journal->batch_bytes + journal->batch_used;
    bytes_store_le64(at, (uint64_t)time_ns);
    bytes_store_le32(at + 8, (uint32_t)body_bytes);
    /* Padding is zero by contract; the eight bytes behind the capacity are there for this store. */
    bytes_store_le64(at + JOURNAL_FRAME_BYTES + body_bytes, 0);
    journal->batch_used += journal_frame_bytes(body_bytes);
    journal->reserved = 0;
    return journal->next_sequence++;
}

/* Records appended and not committed. */
static inline uint64_t journal_uncommitted(const struct journal *journal)
{
    return journal->next_sequence - journal->batch_first_sequence;
}

/* Highest sequence that may be shown to the world (journal_options.ack says what that means). */
static inline uint64_t journal_durable(const struct journal *journal)
{
    return atomic_load_explicit(&journal->durable_sequence, memory_order_acquire);
}

/* Whether a commit now would not wait for a batch that is on its way. */
static inline bool journal_can_commit(const struct journal *journal)
{
    return journal_durable(journal) >= journal->waits_for;
}

/* False while a committed batch is on its way. */
static inline bool journal_idle(const struct journal *journal)
{
    return journal_durable(journal) + 1 == journal->batch_first_sequence;
}

/* OK, or the status of the write or sync that ended this journal. */
static inline enum status journal_failure(const struct journal *journal)
{
    return (enum status)atomic_load_explicit(&journal->failure, memory_order_acquire);
}

/* Makes the batch durable, or starts to (writer_threads); waits while as many batches are on their
 * way as there are writers. An empty batch is not written. */
MUST_USE static inline enum status journal_commit(struct journal *journal,
                                                  const struct journal_note *note)
{
    return journal->ops->commit(journal, note);
}

/* Waits until everything committed is durable. */
MUST_USE static inline enum status journal_sync(struct journal *journal)
{
    return journal->ops->sync(journal);
}

static inline struct journal_cursor journal_cursor_at(uint64_t sequence)
{
    return (struct journal_cursor){.next_sequence = sequence};
}

/* Up to `max` records from cursor->next_sequence on, fewer at the end of a batch, none at the end
 * of the log: appended records are seen at once, before they are durable. Bodies stay valid until
 * the next poll with this cursor or the next commit. NOT_FOUND: the sequence was truncated away;
 * DAMAGED: the bytes on disk are not what was written, cursor->next_sequence is the first bad one.
 */
MUST_USE static inline enum status journal_poll(struct journal *journal,
                                                struct journal_cursor *cursor,
                                                struct journal_entry *out_entries, size_t max,
                                                size_t *out_count)
{
    return journal->ops->poll(journal, cursor, out_entries, max, out_count);
}

/* The committed batch that holds cursor->next_sequence, and moves the cursor behind it: reads
 * headers alone, seals are passed over. END at the end. */
MUST_USE static inline enum status journal_poll_batch(struct journal *journal,
                                                      struct journal_cursor *cursor,
                                                      struct journal_batch *out_batch)
{
    return journal->ops->poll_batch(journal, cursor, out_batch);
}

static inline void journal_cursor_close(struct journal *journal, struct journal_cursor *cursor)
{
    journal->ops->cursor_close(journal, cursor);
}

/* Drops whole segments whose records are all below `sequence`. Nothing calls it by default. */
MUST_USE static inline enum status journal_truncate_before(struct journal *journal,
                                                           uint64_t sequence)
{
    return journal->ops->truncate_before(journal, sequence);
}

static inline void journal_stat(struct journal *journal, struct journal_stat *out_stat)
{
    journal->ops->stat(journal, out_stat);
}

/* Waits for what is committed, drops what is not, frees everything, whatever it returns. `seal`
 * writes the closing batch of a clean stop: all before it is proven durable. Its note is that of
 * the last batch. */
MUST_USE static inline enum status journal_close(struct journal *journal, bool seal)
{
    return journal->ops->close(journal, seal, NULL);
}

/* The same with a seal under a note of its own: a caller who has closed the other log meanwhile
 * knows more of it than the last batch says. A log that ends with such a seal keeps it. */
MUST_USE static inline enum status journal_close_sealed(struct journal *journal,
                                                        const struct journal_note *note)
{
    return journal->ops->close(journal, true, note);
}

#endif

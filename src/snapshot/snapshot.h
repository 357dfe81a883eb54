/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshot files: the state of a shard behind one command, so that a start replays what came after
 * it and not the whole log. A file holds two runs of bytes that this room does not look into (the
 * engine's canonical state; the streams) and a head that says which log they are of, where in it,
 * and what they hash to. docs/reference/snapshot-format.md draws the bytes.
 *
 *     DIR/snapshots/00000000000000001234.snapshot    the number is the command it stands behind
 *     DIR/snapshots/00000000000000005678.new         being made; taken away by the next maker
 *
 * A file gets its name when every byte of it is on stable storage. It is never changed afterwards.
 *
 * Owner: who opened the writer or the image closes it. Threads: one. Memory: a writer 1 MiB; an
 * image the two runs of bytes.
 * Errors: DAMAGED (bytes are not what was written), UNSUPPORTED (a later version), NOT_FOUND, those
 * of the disk. Order of calls: snapshot_begin, snapshot_add..., snapshot_add_streams,
 * snapshot_add..., snapshot_finish or snapshot_abandon; the rest any.
 */
#ifndef DOJIMA_SNAPSHOT_SNAPSHOT_H
#define DOJIMA_SNAPSHOT_SNAPSHOT_H

#include "base/status.h"
#include "host/digest.h"
#include "host/disk.h"
#include "host/memory.h"
#include "wire/native/command.h"

#define SNAPSHOT_VERSION 1u
#define SNAPSHOT_KEPT    2u /* a damaged one leaves the one before it */

/* Where in a log it stands, proven by the batch that holds that record. */
struct snapshot_place {
    uint64_t sequence;             /* of the last record that is in the state; 0 = none */
    uint64_t batch_first_sequence; /* of the batch that holds it */
    uint32_t batch_count;
    uint8_t chain[HOST_DIGEST_BYTES]; /* that batch's chain value: of all that was before, too */
};

struct snapshot_head {
    struct command_genesis genesis; /* of the log */
    struct snapshot_place commands;
    struct snapshot_place events;
    uint64_t time_ns;      /* log time */
    uint64_t event_hash;   /* running hash of all events up to there */
    uint64_t replay_per_s; /* commands a second that its maker replayed; 0 = not measured */
    uint32_t logic_version;
    /* Filled by the writer. */
    uint64_t state_bytes;
    uint64_t streams_bytes;
    uint8_t state_hash[HOST_DIGEST_BYTES]; /* SHA-256 of the canonical state */
    uint8_t file_hash[HOST_DIGEST_BYTES];  /* SHA-256 of all behind the head's page */
};

/* A folder of snapshots. */
struct snapshot_folder {
    struct host_disk *disk;
    const char *directory; /* the data directory: the files are in DIR/snapshots */
};

struct snapshot_writer;

/* Makes the folder if need be and takes away what an interrupted maker left there. Two makers at
 * once: the second gets BUSY. */
MUST_USE enum status snapshot_begin(const struct snapshot_folder *folder, uint64_t command_sequence,
                                    struct snapshot_writer **out_writer);
/* The next bytes: of the state at first. A failure is told by snapshot_finish. */
void snapshot_add(struct snapshot_writer *writer, const void *bytes, size_t count);
/* The state is complete: what is added now is of the streams. */
void snapshot_add_streams(struct snapshot_writer *writer);
/* Writes the rest, syncs, gives the file its name, syncs the folder; fills the fields of `head`
 * that are the writer's. Frees the writer whatever it returns; after a failure there is no file. */
MUST_USE enum status snapshot_finish(struct snapshot_writer *writer, struct snapshot_head *head);
/* Null is accepted. */
void snapshot_abandon(struct snapshot_writer *writer);

/* The command sequences of the snapshots that are there, newest first; `max` at most. None and no
 * folder are the same. */
MUST_USE enum status snapshot_list(const struct snapshot_folder *folder, uint64_t *out_sequences,
                                   size_t max, size_t *out_count);
/* Takes all but the newest `keep` away. */
MUST_USE enum status snapshot_drop_old(const struct snapshot_folder *folder, size_t keep);

/* The head alone: enough to know whether it is of a log. */
MUST_USE enum status snapshot_read_head(const struct snapshot_folder *folder,
                                        uint64_t command_sequence, struct snapshot_head *out_head);

struct snapshot_image {
    struct snapshot_head head;
    struct host_block state;   /* its first head.state_bytes */
    struct host_block streams; /* its first head.streams_bytes */
};

/* Reads it all; every byte is checked against the CRC of its block, with `hashes` against both
 * SHA-256 as well. */
MUST_USE enum status snapshot_read(const struct snapshot_folder *folder, uint64_t command_sequence,
                                   bool hashes, struct snapshot_image *out_image);
/* Zeroed and half-emptied ones are accepted: a block that was taken over is zeroed by its taker. */
void snapshot_image_close(struct snapshot_image *image);

#endif

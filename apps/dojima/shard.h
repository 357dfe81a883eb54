/* SPDX-License-Identifier: Apache-2.0
 *
 * One shard on this machine: its data directory with the two logs, the engine and the sequencer
 * over them, opened in the right order. Each log says how much of the other one is proven durable,
 * so the events log is looked at first, then the commands log is opened, then the events log.
 *
 *     DIR/commands/   the commands log      DIR/events/   the events log
 *     DIR/snapshots/  states to start from, newest first (shard_snapshot.h)
 *
 * Owner: the command that opened it. Threads: one. Memory: one block for the engine, one for the
 * sequencer. Errors: as journal and sequencer; `reason` tells what and where.
 * Order of calls: shard_open, shard_start, then the sequencer, shard_close or shard_discard.
 */
#ifndef DOJIMA_APPS_SHARD_H
#define DOJIMA_APPS_SHARD_H

#include "host/memory.h"
#include "journal/embedded/embedded.h"
#include "journal/memory/memory.h"
#include "sequencer/sequencer.h"
#include "snapshot/snapshot.h"

#define SHARD_REASON_BYTES  512
#define SHARD_SNAPSHOTS_MAX 8u

enum shard_mode {
    SHARD_FRESH,  /* the directory must be empty or not there */
    SHARD_RESUME, /* what is there is gone on with */
    SHARD_READ,   /* nothing is changed */
    SHARD_BESIDE, /* the same, beside the process that writes: what is there now is taken */
};

struct shard_options {
    const char *directory;
    enum shard_mode mode;
    enum journal_ack ack;
    bool at_once; /* commands are written by who commits them: less latency, less throughput */
    uint32_t segment_bytes;         /* 0 = the journal's own choice */
    uint32_t batch_bytes;           /* 0 = the journal's own choice */
    struct command_genesis genesis; /* of a log that is still empty */
    bool follow;                    /* SHARD_RESUME: the directory is for the log alone */
    bool full;
    bool snapshots; /* start from the newest good one, not from the beginning of the log */
    sequencer_on_released *on_released;
    sequencer_on_event *on_event;
    void *context;
};

struct shard {
    struct shard_options options;
    struct journal *commands; /* null once the sequencer has it: use it for polls and stat only */
    struct journal *events;
    struct journal_report commands_report;
    struct journal_report events_report;
    uint64_t commands_proven; /* durable by what the events log says */
    uint64_t events_proven;   /* durable by what the commands log says */
    const char *bad_log;      /* "commands" or "events": the one that shard_open refused; or null */
    bool commands_cut;        /* a torn tail was: the report says which */
    bool events_cut;
    bool events_not_begun; /* read only: a start was killed before it made the events log */
    struct journal_memory_store no_events;   /* stands for that log */
    struct command_genesis genesis;          /* the log's own, or the one of the options */
    uint64_t snapshots[SHARD_SNAPSHOTS_MAX]; /* those that may be started from, newest first */
    size_t snapshot_count;
    uint64_t commands_trusted; /* what the newest one holds of both logs */
    uint64_t events_trusted;
    struct snapshot_head base; /* the one that was: commands.sequence 0 = none */
    struct host_block streams; /* its streams, until somebody takes them over */
    struct host_block engine_block;
    struct host_block sequencer_block;
    struct engine *engine;
    struct sequencer *sequencer;
    struct sequencer_fault fault;
    bool prepared; /* the directory is there and may be used */
    bool made_directory;
    bool was_begun; /* by a start before this one, even if nothing is left of what it wrote */
    bool empty;     /* the commands log had no record at open */
    char reason[SHARD_REASON_BYTES];
};

/* Opens the two logs. EXISTS: SHARD_FRESH and the directory is not empty, or there is no log to
 * follow beside what it holds. NO_FILES: too few may be open; nothing was made. DAMAGED: also when
 * one of the logs or, unless SHARD_READ, the beginning of one is missing. After a failure the shard
 * is closed and `reason` tells why. */
MUST_USE enum status shard_open(struct shard *shard, const struct shard_options *options);

/* DAMAGED: the beginning of a log is missing; its report and `reason` tell what. */
MUST_USE enum status shard_check_beginnings(struct shard *shard);

/* Says on standard error what shard_open has cut from the logs, also when it failed after that. */
void shard_tell_cuts(const struct shard *shard);

/* Builds engine and sequencer over them. DAMAGED, MISMATCH: a snapshot is ahead of the log or of
 * another one. */
MUST_USE enum status shard_start(struct shard *shard);

/* The OPEN_SOURCE command of the log. NOT_FOUND: there is none among its first commands. */
MUST_USE enum status shard_read_source(struct shard *shard, struct command_open_source *out_source);

/* Fills `reason` from the sequencer's fault; returns its status. */
enum status shard_fault(struct shard *shard);

/* Zeroed and half-opened shards are accepted. */
MUST_USE enum status shard_close(struct shard *shard, bool seal);

/* Closes it and removes what shard_open made: for a log without a record, fresh or resumed, of an
 * input that cannot be read. */
void shard_discard(struct shard *shard);

/* SHA-256 over the canonical state, as 64 hex digits and a NUL. */
#define SHARD_HASH_DIGITS 64
MUST_USE enum status shard_state_hash(const struct shard *shard,
                                      char out_digits[SHARD_HASH_DIGITS + 1]);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The sequencer's inside, shared by its two halves: live.c (append and release) and recovery.c
 * (compare with what is logged).
 *
 * Owner: the sequencer. Threads: one. Memory: the arena of sequencer_open.
 * Errors: sequencer_fail keeps the first. Order of calls: see sequencer.h.
 */
#ifndef DOJIMA_SEQUENCER_STATE_H
#define DOJIMA_SEQUENCER_STATE_H

#include "base/hash.h"
#include "sequencer/sequencer.h"
#include "wire/native/command_codec.h"

/* Smallest frame of a command: so many fit one batch at most. */
#define BATCH_COMMANDS_MAX                                                                         \
    (JOURNAL_BATCH_BYTES_MAX / ((JOURNAL_FRAME_BYTES + COMMAND_HEADER_BYTES + 7) & ~7u))
#define COMMAND_BYTES_MAX (COMMAND_HEADER_BYTES + COMMAND_BODY_BYTES_MAX)

/* One under construction, and two batches of commands that may be on their way at once. */
#define HELD_MAX 3u

/* The events of one batch of commands, kept back until that batch is durable. */
struct held {
    uint8_t *bytes; /* as in engine/events.h */
    size_t used;
    uint64_t first_command;
    uint64_t commands;
    uint64_t events;
    int64_t submitted_ns; /* monotonic, of the first command */
    uint64_t *times_ns;   /* log time of each command */
};

/* Where recovery stands in the two logs. */
struct recovery {
    bool active;
    struct journal_cursor commands;
    struct journal_cursor batches; /* headers of the events log */
    struct journal_cursor events;  /* its records, when compared byte by byte */
    uint64_t command_last;         /* found at open */
    uint64_t event_last;           /* found at open */
    uint64_t batch_first;
    uint64_t batch_last; /* of the events batch being compared, 0 = none read yet */
    uint64_t batch_hash;
    uint64_t compared;
    uint64_t appended;
    struct journal_entry command_entries[64];
    size_t command_count, command_at;
    struct journal_entry event_entries[64];
    size_t event_count, event_at;
};

struct sequencer {
    struct sequencer_options options;
    struct sequencer_fault *fault;
    struct journal *commands;
    struct journal *events_log;
    struct engine *engine;
    struct events events; /* the engine writes here: the bytes of `building` */
    struct held held[HELD_MAX];
    unsigned building; /* index into held; behind it the oldest that waits for its batch */
    size_t event_bytes_max;
    size_t outcome_at; /* offset of the last command's events */
    uint64_t next_sequence;
    uint64_t time_ns;
    uint64_t applied_hash;  /* over every event the engine made */
    uint64_t appended_hash; /* over every event in the events log */
    uint64_t released;
    uint64_t events_since_ns; /* log time when the first uncommitted event was appended */
    bool releasing;           /* events are being shown: nothing may be submitted from there */
    struct sequencer_sample *sample;
    struct recovery recovery;
};

/* Keeps the first fault and returns its status. */
COLD enum status sequencer_fail(struct sequencer *sequencer, struct sequencer_fault fault);

/* Header and body in this version of the layout; returns the bytes. */
size_t sequencer_encode(uint8_t *out, const struct command *command, unsigned version);

/* Applies a command that has its sequence and time; its events are the outcome, not hashed yet. */
void sequencer_apply(struct sequencer *sequencer, const struct command *command);

/* Puts one event record behind the events log, with the time of its cause. */
MUST_USE enum status sequencer_append_event(struct sequencer *sequencer,
                                            const struct event_record *record, uint64_t time_ns);
MUST_USE enum status sequencer_commit_events(struct sequencer *sequencer);

MUST_USE enum status recovery_begin(struct sequencer *sequencer);
/* Compares the command with the next logged one, then applies and checks it. */
MUST_USE enum status recovery_follow(struct sequencer *sequencer, const struct command *command);
void recovery_end(struct sequencer *sequencer);

#endif

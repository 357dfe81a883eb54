/* SPDX-License-Identifier: Apache-2.0
 *
 * The total order of a shard: gives each command its sequence and log time, appends it to the
 * commands log, applies it to the engine, and keeps the events back until their cause is durable;
 * only then are they appended to the events log.
 *
 *     submit ──► commands log ──► engine ──► held events ──(cause durable)──► events log
 *
 * After a restart the same engine state comes from the commands log, or from a snapshot of that
 * state and the commands behind it. The events that the engine makes again are compared with the
 * events log by a running hash per batch (`full`: byte for byte), and those the log had not got yet
 * are appended. Either all at once (sequencer_recover), or by an importer that reads its input
 * again from the start (`follow`): each command it submits must be the next logged one, until the
 * log is used up.
 *
 * Owner: the thread that opened it. Threads: one. Memory: one arena, at open; the two journals are
 * the sequencer's from a successful open on and closed with it; the engine and the arena are not.
 * Errors: what the journals return, DAMAGED, MISMATCH, INVALID...; the fault names the sequence.
 * After one, every call but close returns it. Order of calls: sequencer_open; sequencer_recover
 * unless `follow`; then any; sequencer_close.
 */
#ifndef DOJIMA_SEQUENCER_SEQUENCER_H
#define DOJIMA_SEQUENCER_SEQUENCER_H

#include "base/arena.h"
#include "engine/engine.h"
#include "journal/journal.h"

struct sequencer;

/* Durable and handed on: every command up to `sequence`. `oldest_ns` is the time since the first
 * command of that batch was submitted. */
typedef void sequencer_on_released(void *context, uint64_t sequence, int64_t oldest_ns);

/* An event whose cause is durable, as it stands in the events log: header and body. It is appended
 * to the log then, and durable there some time later: until then its cause makes it again. Not
 * called for events that recovery compares. Nothing may be submitted from here or from on_released:
 * the next batch is not begun. */
typedef void sequencer_on_event(void *context, uint64_t event_sequence, uint64_t time_ns,
                                const uint8_t *bytes, size_t count);

struct sequencer_options {
    struct journal *commands;
    struct journal *events;
    struct engine *engine; /* fresh from engine_init, for the GENESIS of this log; or with a state
                              loaded into it: then what that state holds is not replayed */
    uint64_t event_hash;   /* running hash of all events up to a loaded state, else 0 */
    size_t held_bytes;     /* events of one batch of commands; 0 = 4 MiB; more is added for the
                              largest single command */
    bool follow;           /* submitted commands are compared with the log until it is used up */
    bool full;             /* logged events are compared byte by byte */
    bool read_only;        /* events missing in the log are counted and not appended */
    sequencer_on_released *on_released; /* or null */
    sequencer_on_event *on_event;       /* or null */
    void *context;
};

/* What ended a sequencer or its start. */
struct sequencer_fault {
    enum status status;
    const char *reason;        /* a sentence for ever valid; null when all is well */
    uint64_t command_sequence; /* 0 = none meant */
    uint64_t event_sequence;   /* first one meant, 0 = none */
    uint64_t event_last;       /* last one meant: a hash names a whole batch */
};

/* Wall-clock free stamps of one command, on the monotonic clock. */
struct sequencer_sample {
    int64_t submitted_ns;
    int64_t appended_ns;
    int64_t applied_ns;
    int64_t held_ns; /* events hashed and kept back */
};

struct sequencer_counts {
    uint64_t commands;         /* sequence of the last command applied */
    uint64_t events;           /* sequence of its last event */
    uint64_t event_hash;       /* running hash up to there */
    uint64_t commands_logged;  /* found in the log at open */
    uint64_t events_logged;    /* found in the log at open */
    uint64_t events_compared;  /* of those, found equal so far */
    uint64_t events_recovered; /* missing in the log, made again (and appended unless read_only) */
    uint64_t released;         /* sequence of the last command whose events are handed on */
};

/* The limits with which the log began. NOT_FOUND: the log is empty. */
MUST_USE enum status sequencer_read_genesis(struct journal *commands,
                                            struct command_genesis *out_genesis);

/* DAMAGED: the events log is ahead of the commands log, or the engine's state is ahead of one of
 * them. UNSUPPORTED: the commands behind the engine's state were dropped; the journals are then
 * still the caller's.
 * `fault` is the caller's and stays in use until close. A measuring arena gives null and tells the
 * bytes; the engine is there already. */
MUST_USE enum status sequencer_open(struct arena *arena, const struct sequencer_options *options,
                                    struct sequencer_fault *fault,
                                    struct sequencer **out_sequencer);

/* Applies the commands log, from the engine's state on, and compares its events. */
MUST_USE enum status sequencer_recover(struct sequencer *sequencer);

/* The same for at most `max` commands: END when the log is used up, else OK. */
MUST_USE enum status sequencer_recover_some(struct sequencer *sequencer, uint64_t max);

/* True while logged commands are left that were not submitted again. */
bool sequencer_following(const struct sequencer *sequencer);

/* Gives `command`, which engine_understands, its sequence and its log time, max(time of the last
 * one, header.time_ns), and applies it. It is durable, and its events are released, some time
 * after: see sequencer_tick. */
MUST_USE enum status sequencer_submit(struct sequencer *sequencer, struct command *command);

/* False if a submit now would first wait for the batch before it to become durable: the time to
 * refuse what may be refused. */
bool sequencer_ready(const struct sequencer *sequencer);

/* The events of the last submitted command, to be walked with event_next; valid until the next
 * call. They are not public: their cause may not be durable yet. */
struct events sequencer_outcome(const struct sequencer *sequencer);

/* The next submit fills `sample`, which stays the caller's. */
void sequencer_sample(struct sequencer *sequencer, struct sequencer_sample *sample);

/* One duty cycle: releases what became durable and starts to make durable what waits. `now_ns` is
 * the log time that a command would get now; UINT64_MAX lets no event wait for company. */
MUST_USE enum status sequencer_tick(struct sequencer *sequencer, uint64_t now_ns);

/* Everything submitted is durable and its events are in the events log, durable too. */
MUST_USE enum status sequencer_flush(struct sequencer *sequencer);

void sequencer_count(const struct sequencer *sequencer, struct sequencer_counts *out_counts);

/* Flushes unless a fault ended it, closes both journals, with the seal of a clean stop if `seal`.
 * Null is accepted. */
MUST_USE enum status sequencer_close(struct sequencer *sequencer, bool seal);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The past of a shard: a private engine that goes through its commands log, command by command, as
 * far as the caller wants. It reads the commands log alone, so a venue may be writing meanwhile.
 *
 * Owner: the caller. Threads: one. Memory: a block for the engine, one for its events; a second
 * engine while past_moment needs one. Errors: what the journal returns; INVALID: a record is no
 * command, or the log does not begin with GENESIS; UNSUPPORTED: a later release wrote it, or
 * changed the rules here; NO_MEMORY; past->sequence says where.
 * Order of calls: past_open; past_next and past_apply in turns, past_restart; past_close.
 */
#ifndef DOJIMA_EXPLAIN_PAST_H
#define DOJIMA_EXPLAIN_PAST_H

#include "engine/engine.h"
#include "host/memory.h"
#include "journal/journal.h"

#define PAST_ENTRIES 64

/* An engine in blocks of its own. */
struct past_engine {
    struct engine *engine;
    struct events events; /* of its last command */
    struct host_block block;
    struct host_block event_block;
};

struct past {
    struct journal *commands; /* the caller's */
    uint64_t last_sequence;   /* of the log, as far as it was good at open */
    uint64_t sequence;        /* of the last command applied, or the bad one */
    struct command_genesis genesis;
    struct past_engine now;
    struct past_engine moment;
    struct command command; /* the one that past_next gave */
    struct journal_cursor cursor;
    struct journal_entry entries[PAST_ENTRIES];
    size_t entry_count;
    size_t entry_at;
};

/* NOT_FOUND: the log is empty. A failed past is closed. */
MUST_USE enum status past_open(struct past *past, struct journal *commands);
void past_close(struct past *past);

/* Back to the empty venue. */
MUST_USE enum status past_restart(struct past *past);

/* Reads the next command into past->command; END behind the last. */
MUST_USE enum status past_next(struct past *past);

/* Applies it; past->now.events are its events. */
void past_apply(struct past *past);

/* The state in which past->command, read and not applied, meets its checks: timers that are due
 * fire first, and orders that leave in slices go. Mostly that is the state itself; where something
 * is due it is a second engine, loaded from the first and given a command that does nothing. Valid
 * until the next call of this room. */
MUST_USE enum status past_moment(struct past *past, const struct engine **out_engine);

#endif

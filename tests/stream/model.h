/* SPDX-License-Identifier: Apache-2.0
 *
 * The naive twin of a stream: the table of src/stream/README.md written down in the most obvious
 * way. It keeps every order for ever and every entry in one list, and knows nothing of chunks,
 * tables or what was kept back.
 *
 * Owner: a test. Threads: one. Memory: the heap, freely. Errors: aborts.
 * Order of calls: zeroed is empty; model_event for each event of the log from 1; model_end;
 * model_deinit.
 */
#ifndef DOJIMA_TESTS_STREAM_MODEL_H
#define DOJIMA_TESTS_STREAM_MODEL_H

#include "stream/stream.h"

#define MODEL_IDS 64u /* sessions, accounts and participants of the test are below */

/* An entry without its bytes. No padding: compared as bytes. */
struct model_entry {
    uint64_t id;
    uint64_t number;
    uint64_t event_sequence;
    uint64_t time_ns;
    uint64_t replaced_reference;
    uint64_t hash; /* of the event's bytes */
    uint32_t kind; /* enum stream_kind */
    uint32_t side; /* enum stream_side */
};

struct model_list {
    struct model_entry *at;
    size_t count;
    size_t capacity;
};

struct model_owner {
    uint64_t account;
    uint32_t session;
    uint32_t participant;
};

struct model {
    struct model_list entries;
    struct model_list public_kept; /* of the command under way */
    struct model_owner *owners;    /* by event sequence of ACCEPTED */
    size_t owner_capacity;
    uint64_t last[5][MODEL_IDS]; /* numbers given, by kind and id */
    uint32_t session_participant[MODEL_IDS];
    uint32_t account_participant[MODEL_IDS];
    uint32_t groups[MODEL_IDS]; /* by instrument */
    uint64_t cause;
    struct event before; /* the event before, header.id 0 = none */
    uint64_t events[256];
    uint64_t moved;       /* RESTED entries that took a REMOVED over */
    uint64_t both_sides;  /* trades of a session with itself */
    uint64_t by_stranger; /* refusals for an account of another participant */
};

void model_list_add(struct model_list *list, const struct model_entry *entry);
uint64_t model_hash(const uint8_t *bytes, size_t count);
struct model_entry model_entry_of(const struct stream_entry *entry);

void model_event(struct model *model, const struct journal_entry *record);
void model_end(struct model *model);
void model_deinit(struct model *model);

#endif

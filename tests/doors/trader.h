/* SPDX-License-Identifier: Apache-2.0
 *
 * A client that enters, replaces and cancels at random for as long as it is told to, and keeps a
 * book of its own of what it sent and what it was told: number by number, order by order, fill by
 * fill.
 *
 * Owner: a test. Threads: one. Memory: grows with what is told. Errors: `wrong` gets a sentence.
 * Order of calls: trader_open, trader_act often, trader_close.
 */
#ifndef DOJIMA_TESTS_DOORS_TRADER_H
#define DOJIMA_TESTS_DOORS_TRADER_H

#include "base/prng.h"
#include "client/dojima.h"

#define TRADER_WRONG_BYTES 200

enum trader_outcome {
    TRADER_UNUSED = 0,
    TRADER_SENT = 1,
    TRADER_ACCEPTED = 2,
    TRADER_REJECTED = 3,
    TRADER_NOT_SEQUENCED = 4,
    TRADER_REPLACEMENT = 5, /* sent as one */
    TRADER_REPLACED = 6,    /* and taken */
};

struct fill {
    uint64_t match;
    int64_t quantity;
    int64_t price;
    uint32_t reference;
    bool maker;
};

struct trader {
    struct dojima_session *session;
    struct prng prng;
    bool native;
    unsigned number; /* of the session at the venue */
    char name[7];
    uint64_t last_event;
    uint64_t downs;
    uint64_t lives;
    uint64_t sent;
    uint64_t not_sequenced;
    uint8_t *outcomes; /* by reference */
    size_t outcome_capacity;
    uint32_t highest;
    struct fill *fills;
    size_t fill_count;
    size_t fill_capacity;
    uint64_t accepted;
    bool queried; /* the question at the end was answered */
    char wrong[TRADER_WRONG_BYTES];
};

void trader_open(struct trader *trader, struct dojima_client *client,
                 const struct dojima_session_options *options, uint64_t seed);

/* Something at random, unless enough is unanswered. */
void trader_act(struct trader *trader);

enum trader_outcome trader_outcome(const struct trader *trader, uint32_t reference);
void trader_close(struct trader *trader);

#endif

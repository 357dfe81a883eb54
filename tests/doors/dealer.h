/* SPDX-License-Identifier: Apache-2.0
 *
 * A client that enters, replaces and cancels at random for as long as it is told to, and keeps a
 * book of its own of what it sent and what it was told: number by number, order by order, fill by
 * fill.
 *
 * Owner: a test. Threads: one. Memory: grows with what is told. Errors: `wrong` gets a sentence.
 * Order of calls: dealer_open, dealer_act often, dealer_close.
 */
#ifndef DOJIMA_TESTS_DOORS_DEALER_H
#define DOJIMA_TESTS_DOORS_DEALER_H

#include "base/prng.h"
#include "client/dojima.h"

#define DEALER_WRONG_BYTES 200

enum dealer_outcome {
    DEALER_UNUSED = 0,
    DEALER_SENT = 1,
    DEALER_ACCEPTED = 2,
    DEALER_REJECTED = 3,
    DEALER_NOT_SEQUENCED = 4,
    DEALER_REPLACEMENT = 5, /* sent as one */
    DEALER_REPLACED = 6,    /* and taken */
};

struct fill {
    uint64_t match;
    int64_t quantity;
    int64_t price;
    uint32_t reference;
    bool maker;
};

struct dealer {
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
    char wrong[DEALER_WRONG_BYTES];
};

void dealer_open(struct dealer *dealer, struct dojima_client *client,
                 const struct dojima_session_options *options, uint64_t seed);

/* Something at random, unless enough is unanswered. */
void dealer_act(struct dealer *dealer);

enum dealer_outcome dealer_outcome(const struct dealer *dealer, uint32_t reference);
void dealer_close(struct dealer *dealer);

#endif

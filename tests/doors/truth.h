/* SPDX-License-Identifier: Apache-2.0
 *
 * What the venue's events log says, read through `dojima log dump`, against what a dealer was told:
 * the same fills, in the same order, on the same side; each order that was accepted accepted once.
 *
 * Owner: a test. Threads: one. Memory: grows with the log. Errors: false, said on standard error.
 * Order of calls: truth_read, truth_compare for each dealer, truth_close.
 */
#ifndef DOJIMA_TESTS_DOORS_TRUTH_H
#define DOJIMA_TESTS_DOORS_TRUTH_H

#include "doors/dealer.h"
#include "doors/venue_process.h"

struct truth_session {
    struct fill *fills; /* reference: not told */
    size_t fill_count;
    size_t fill_capacity;
    uint32_t *accepted; /* references, as the log has them */
    size_t accepted_count;
    size_t accepted_capacity;
};

struct truth {
    struct truth_session *sessions; /* by number */
    size_t session_count;
    uint64_t trades;
    uint64_t events;
};

MUST_USE bool truth_read(struct truth *truth, const struct venue_process *venue,
                         size_t session_count);
MUST_USE bool truth_compare(const struct truth *truth, const struct dealer *dealer);
/* While there is more to be told: what the dealer was told is in the log, once, in the same order;
 * what else the log has, it was asked for. */
MUST_USE bool truth_holds(const struct truth *truth, const struct dealer *dealer);
void truth_close(struct truth *truth);

#endif

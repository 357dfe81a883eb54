/* SPDX-License-Identifier: Apache-2.0
 *
 * What a random run has met, and the least it must meet to prove anything.
 *
 * Owner: random_test. Threads: one. Memory: none. Errors: coverage_print tells. Order of calls:
 * coverage_note after each command, coverage_note_books now and then, coverage_print at the end.
 */
#ifndef DOJIMA_TESTS_ENGINE_COVERAGE_H
#define DOJIMA_TESTS_ENGINE_COVERAGE_H

#include "tests/engine/twin.h"

#define COVERAGE_INSTRUMENTS 16

/* Kinds of orders and of changes, counted when they are not refused. */
enum coverage_kind {
    COVERAGE_LIMIT,
    COVERAGE_MARKET,
    COVERAGE_IOC,
    COVERAGE_FOK,
    COVERAGE_POST_ONLY,
    COVERAGE_NEW,
    COVERAGE_CANCEL,
    COVERAGE_REDUCE,
    COVERAGE_REPLACE,
    COVERAGE_KIND_COUNT,
};

struct coverage {
    uint64_t commands;
    uint64_t commands_trading;
    uint64_t events[EVENT_KIND_COUNT + 1];
    uint64_t rejects[REJECT_COUNT + 1];
    uint64_t kinds[COVERAGE_KIND_COUNT];
    uint64_t removed[REASON_MINIMUM_NOT_FILLABLE + 1];
    uint64_t reduced[REASON_MINIMUM_NOT_FILLABLE + 1];
    uint64_t cancelled[REASON_MINIMUM_NOT_FILLABLE + 1];
    uint64_t places[PLACE_LOST + 1];
    uint64_t prevented[SELF_TRADE_DECREMENT + 1]; /* by mode */
    uint64_t decremented_rest;                    /* takers that rest behind a prevention */
    uint64_t trades[COVERAGE_INSTRUMENTS];        /* by instrument */
    uint64_t slides;                              /* accepted at another price than was asked */
    uint64_t protected_market;                    /* accepted, with a protection price */
    uint64_t day_slices;                          /* END_OF_DAY that did not reach the end */
    uint64_t day_slices_of_looks;                 /* of these, with room for events left */
    uint64_t tagged;                              /* accepted, and to leave with their session */
    uint64_t sweeps_left;       /* commands behind which the orders of a session still leave */
    uint64_t mass_cancels_left; /* commands behind which a mass cancel is not at its end */
    uint64_t budgets;           /* accepted with a rate that has a limit */
    size_t levels_max;          /* in one book */
    size_t orders_max;
};

/* The command that the twin has just applied. */
void coverage_note(struct coverage *coverage, const struct twin *twin);
void coverage_note_books(struct coverage *coverage, const struct twin *twin);

/* Prints the table; false if something was met too seldom. */
bool coverage_print(const struct coverage *coverage);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The venue's events log, read record by record, against what the seats sent and were told: one
 * first result for every name, executions that happened once and add up, refusals of whoever was
 * fenced.
 *
 * Owner: a test. Threads: one. Memory: 24 bytes a name. Errors: false, said on standard error.
 * Order of calls: audit_read once the venue has stopped.
 */
#ifndef DOJIMA_TESTS_DOORS_AUDIT_H
#define DOJIMA_TESTS_DOORS_AUDIT_H

#include "doors/seat.h"

struct audit {
    uint64_t events;
    uint64_t orders; /* accepted */
    uint64_t orders_traded;
    uint64_t refused; /* first results that are refusals */
    uint64_t crowded; /* of these, for want of room in the venue */
    uint64_t replaced;
    uint64_t trades;
    uint64_t lots; /* of one side */
    uint64_t replayed;
    uint64_t resolved;
    uint64_t fenced;
    uint64_t stale;        /* commands of senders that were fenced: all of them refused */
    uint64_t stale_ghosts; /* of these, orders that nobody else sent */
    uint64_t stale_ends;   /* of these, SESSION_LOST */
    uint64_t logons_late;  /* LOGONs whose incarnation somebody else had */
    uint64_t doubles;      /* names with two first results, executions beyond an order's total */
};

MUST_USE bool audit_read(struct audit *audit, const struct venue_process *venue,
                         const struct seats *seats);

#endif

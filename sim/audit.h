/* SPDX-License-Identifier: Apache-2.0
 *
 * The books are closed: a run is over, and everything it left behind is looked at by checkers that
 * know nothing of what the venue did, only of what it should have done.
 *
 *   checker "log"           both logs are sound to the last bit and sealed
 *   checker "order"         sequences dense, log time never back
 *   checker "twin"          the naive twin of the engine makes exactly the logged events
 *   checker "conservation"  of every order: what came in = executed + left + open
 *   checker "projection"    the book folded from the public streams is the engine's
 *   checker "door"          what was refused at the door is in no log
 *   checker "same state"    a last start computes the state that was there before
 *
 * Owner: the run. Threads: one. Memory: malloc, freed. Errors: findings.
 * Order of calls: audit_book while the venue is open; the others after it was closed.
 */
#ifndef DOJIMA_SIM_AUDIT_H
#define DOJIMA_SIM_AUDIT_H

#include "apps/dojima/venue.h"
#include "sim/finding.h"
#include "sim/seat.h"

/* The visible book, from the venue's events log alone, against the engine. */
void audit_book(struct venue *venue, struct finding_log *findings);

/* A hash over the engine's canonical state. */
uint64_t audit_state(const struct venue *venue);

/* Both logs under the data directory on `disk`, closed by a clean stop. */
void audit_logs(struct host_disk *disk, const struct command_genesis *genesis,
                struct finding_log *findings);

/* No command of the list is in the commands log. */
void audit_refused(struct host_disk *disk, const struct seat_refusal *refused, size_t count,
                   struct finding_log *findings);

/* audit_tally.c: the quantities of every order over the events of a log. */
void audit_tally(struct journal *events, struct finding_log *findings);

#endif

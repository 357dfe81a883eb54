/* SPDX-License-Identifier: Apache-2.0
 *
 * Somebody who hears everything that the venue shows to anybody and forgets nothing: every stream,
 * live and after every start. What was shown once must be there for ever, under the same number,
 * with the same bytes.
 *
 *   checker "dense"   numbers of a stream come one after the other
 *   checker "private first"  what is private of a command is heard before what is public of it
 *   checker "shown"   after a recovery the streams begin with what was shown before
 *
 * Owner: the run. Threads: one. Memory: malloc, 16 bytes an entry. Errors: findings.
 * Order of calls: observer_init; observer_connect after each start of the venue, observer_leave
 * before its end; observer_deinit.
 */
#ifndef DOJIMA_SIM_OBSERVER_H
#define DOJIMA_SIM_OBSERVER_H

#include "link/hub.h"
#include "sim/finding.h"

#define OBSERVER_KINDS 5u
#define OBSERVER_IDS   12u

struct observed {
    uint64_t event_sequence;
    uint64_t hash;
};

struct observed_stream {
    struct observed *entries; /* by number - 1 */
    uint64_t count;
    uint64_t capacity;
};

struct observer {
    struct finding_log *findings;
    struct port *port; /* null: the venue is down */
    struct observed_stream streams[OBSERVER_KINDS][OBSERVER_IDS];
    uint64_t shown;                              /* entries heard, ever */
    uint64_t public_cause;                       /* of the last public entry heard, highest */
    uint64_t told[OBSERVER_KINDS][OBSERVER_IDS]; /* before the stream was live */
    uint64_t digest;                             /* of all of them, in the order of hearing */
    bool may_be_damaged; /* what is compared, where a start does not read: the reading says so */
};

void observer_init(struct observer *observer, struct finding_log *findings);

/* Compares what `events` gives with what was shown. */
void observer_compare(struct observer *observer, struct journal *events, uint16_t shard);

MUST_USE enum status observer_connect(struct observer *observer, struct hub *hub);
void observer_leave(struct observer *observer);
void observer_deinit(struct observer *observer);

#endif

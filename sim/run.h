/* SPDX-License-Identifier: Apache-2.0
 *
 * One simulated life of a venue, wholly decided by its seed: the shipped venue (sequencer, engine,
 * both logs, recovery, streams, hub) on a simulated disk and clock, six clients at its ports, and
 * everything that goes wrong. Then all faults end, all clients must come to rest, and the books are
 * closed.
 *
 *      seats ──► ports ──► venue ──► logs ──► sim disk ◄── crash, kill, errors, full
 *        ▲                   │                              at every start: the checkers
 *        └──── streams ◄─────┴──► observer
 *
 *   checker "recovery"   the venue starts again after every failure that was not damage
 *   checker "snapshot"   a snapshot can be made beside the venue whenever nothing else fails
 *   checker "progress"   in the end everything is answered
 *   checker "probe"      damage that was done on purpose to a copy of the disk is found (probe.h)
 *
 * Owner: the program. Threads: one. Memory: malloc. Errors: findings.
 * Order of calls: run_seed.
 */
#ifndef DOJIMA_SIM_RUN_H
#define DOJIMA_SIM_RUN_H

#include "apps/dojima/venue.h"
#include "sim/finding.h"
#include "sim/observer.h"
#include "sim/probe.h"
#include "sim/seat.h"
#include "sim/setup.h"

/* The one thing that goes wrong in a life that is otherwise calm. All 0: nothing. */
struct run_point {
    uint64_t crash_at_call; /* of the disk, from 1 */
    enum sim_crash crash;
    uint64_t error_at_call;
    uint64_t error_at_read;
    enum status error;
};

struct run_options {
    uint64_t seed;
    uint64_t commands; /* of the clients, until they come to rest; 0 = the seed decides */
    const struct run_point *point; /* null: everything that the seed brings */
    FILE *history;                 /* or null */
};

struct run_counts {
    uint64_t turns;
    uint64_t commands; /* in the log at the end */
    uint64_t events;
    uint64_t shown;
    uint64_t starts;
    uint64_t crashes; /* power */
    uint64_t kills;   /* process */
    uint64_t errors;  /* of the disk */
    uint64_t stops;   /* clean */
    uint64_t jumps;   /* of the wall clock */
    uint64_t pauses;
    uint64_t snapshots;      /* made beside the venue */
    uint64_t from_snapshots; /* starts that went on from one */
    uint64_t probes;
    uint64_t upgrades;   /* LOGIC_VERSION */
    uint64_t groups_set; /* SET_GROUP */
    uint64_t disk_calls; /* until the clients come to rest, as the reads */
    uint64_t disk_reads;
    uint64_t sent; /* by clients, and what became of it: */
    uint64_t again;
    uint64_t fills;
    uint64_t fenced;
    uint64_t cuts;
    uint64_t refused;     /* at the door */
    uint64_t desk_sent;   /* by clients behind the gateway */
    uint64_t desk_events; /* that they heard, repeats included */
    uint64_t desk_restarts;
    uint64_t net_cuts; /* of their connections, in the middle of a piece */
};

struct run_result {
    struct finding_log findings;
    struct run_counts counts;
    uint64_t digest; /* of everything that was shown, and of the last state */
};

void run_seed(const struct setup *setup, const struct run_options *options,
              struct run_result *out_result);

#endif

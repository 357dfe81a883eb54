/* SPDX-License-Identifier: Apache-2.0
 *
 * Room for the log on its disk. Nothing is deleted by default, so one day a disk is full; a log
 * that finds that out by a failed write has stopped acknowledging already. This looks ahead
 * instead: as long as RESERVE_SEGMENTS segments more of both logs have room, all is well; below
 * that only what makes the venue smaller (cancels, reductions) is taken; below one the venue stops
 * by itself, everything durable and sealed.
 *
 *   free space   ... ──── 2 segments of each log ──── 1 segment of each log ──── 0
 *                 WHOLE            │          LOW             │       GONE
 *
 * The segments being written and those made ahead are not counted: a log in LOW or GONE still has
 * where to write its cancels and its seal.
 *
 * It asks with one call to the operating system, ten times a second: the data directory belongs on
 * a local disk.
 *
 * Owner: venue. Threads: the trading loop. Memory: none. Errors: a disk that does not tell leaves
 * the state as it is. Order of calls: reserve_open, reserve_look often, reserve_tell
 * after a change.
 */
#ifndef DOJIMA_APPS_RESERVE_H
#define DOJIMA_APPS_RESERVE_H

#include "host/disk.h"

#include <stdint.h>

#define RESERVE_SEGMENTS 2u
#define RESERVE_LOOK_NS  100000000

enum reserve_state {
    RESERVE_WHOLE = 0,
    RESERVE_LOW,
    RESERVE_GONE,
};

struct reserve {
    struct host_disk *disk;
    const char *directory;
    uint64_t pair_bytes; /* a segment of each log */
    uint64_t segments;   /* of each log that have room */
    int64_t looked_ns;   /* monotonic */
    enum reserve_state state;
};

/* Looks for the first time. */
void reserve_open(struct reserve *reserve, struct host_disk *disk, const char *directory,
                  uint64_t segment_bytes, int64_t now_ns);

/* Asks the disk, RESERVE_LOOK_NS after the last time at the earliest. True: the state changed. */
bool reserve_look(struct reserve *reserve, int64_t now_ns);

/* Says on standard error what the state means, and what to do. */
void reserve_tell(const struct reserve *reserve);

#endif

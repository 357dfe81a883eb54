/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes a snapshot of a data directory, beside the process that writes to it if there is one: opens
 * both logs read-only, starts from the newest good snapshot or the beginning, replays up to the
 * last command whose events are all logged, and writes the state there.
 *
 * Owner: the caller. Threads: one. Memory: an engine and its streams, as large as the venue's.
 * Errors: those of the shard and the snapshot; INTERRUPTED by a signal; `reason` tells what and
 * where. Order of calls: none.
 */
#ifndef DOJIMA_APPS_SNAPSHOT_MAKE_H
#define DOJIMA_APPS_SNAPSHOT_MAKE_H

#include "apps/dojima/shard.h"

struct snapshot_made {
    struct snapshot_head head; /* of the one made, or of the one that is there */
    uint64_t from;             /* command behind which the replay began, 0 = the beginning */
    uint64_t replayed;         /* commands */
    double replay_s;
    double write_s;
    bool nothing_new; /* the newest one stands where a new one would: none was made */
};

/* `quiet`: without a progress line. */
MUST_USE enum status snapshot_make(const char *directory, bool quiet,
                                   struct snapshot_made *out_made, char reason[SHARD_REASON_BYTES]);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A shard's snapshots at its start: which there are, which is good and of this log, and its state
 * in the engine. A damaged one is named on standard error, and the one before it is taken.
 *
 * Owner: shard.c. Threads: one. Memory: shard->streams. Errors: as shard.h.
 * Order of calls: shard_find_snapshots before the logs are opened, shard_load_snapshot with a fresh
 * engine.
 */
#ifndef DOJIMA_APPS_SHARD_SNAPSHOT_H
#define DOJIMA_APPS_SHARD_SNAPSHOT_H

#include "apps/dojima/shard.h"

/* Fills `snapshots`, and what the newest one proves of both logs. */
MUST_USE enum status shard_find_snapshots(struct shard *shard);

/* Loads the newest good one into the engine and fills `base` and `streams`; none of them is no
 * failure. MISMATCH: it is of another log; DAMAGED: the log ends before it. */
MUST_USE enum status shard_load_snapshot(struct shard *shard);

/* shard.c: a fresh engine in the place of the one that is there. */
MUST_USE enum status shard_build_engine(struct shard *shard);

#endif

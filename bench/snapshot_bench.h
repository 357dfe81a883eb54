/* SPDX-License-Identifier: Apache-2.0
 *
 * What `dojima_snapshot_bench` can measure; each function prints JSON objects, one a line.
 *
 * Owner: main. Threads: one; a worker inside snapshot_beside. Memory: the shard's. Errors: those of
 * the shard, said on standard error. Order of calls: snapshot_shard_prepare before.
 */
#ifndef DOJIMA_BENCH_SNAPSHOT_BENCH_H
#define DOJIMA_BENCH_SNAPSHOT_BENCH_H

#include "bench/snapshot_shard.h"

/* Starts from the snapshot, so many times. */
MUST_USE enum status snapshot_start(const struct snapshot_shard *of, uint64_t runs);

/* Orders through sequencer, engine and log in this thread, in pairs: with nothing beside, and while
 * another process makes a snapshot. */
MUST_USE enum status snapshot_beside(const struct snapshot_shard *of, uint64_t pairs);

#endif

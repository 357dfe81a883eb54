/* SPDX-License-Identifier: Apache-2.0
 *
 * A shard with many accounts and resting orders, its logs in a directory and a snapshot beside
 * them: what the benchmarks of snapshots start from.
 *
 * Owner: the caller. Threads: one. Memory: none. Errors: those of the shard, whose reason is said.
 * Order of calls: snapshot_shard_prepare; then any.
 */
#ifndef DOJIMA_BENCH_SNAPSHOT_SHARD_H
#define DOJIMA_BENCH_SNAPSHOT_SHARD_H

#include "apps/dojima/shard.h"

#define SNAPSHOT_SHARD_INSTRUMENTS 100u
#define SNAPSHOT_SHARD_FIRST_ACCOUNT                                                               \
    1000000u /* below are those that a venue opens for its sessions */

struct snapshot_shard {
    const char *directory;
    uint64_t orders;
    uint64_t accounts;
};

/* Fills the logs and makes a snapshot, unless the directory has a log. */
MUST_USE enum status snapshot_shard_prepare(const struct snapshot_shard *of);

/* To be started (shard_start) and recovered. */
MUST_USE enum status snapshot_shard_open(const struct snapshot_shard *of, struct shard *out_shard);

/* An order that rests, of account and price by `dice`: bids from 1 to 500, offers from 501 to 1000.
 * It has this number as its name. */
struct command snapshot_shard_order(const struct snapshot_shard *of, uint64_t dice,
                                    uint64_t number);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * W2: one pair of a crypto exchange, nearly all of its traffic being orders that follow the price.
 * Our own generator in the proportions that the exchange-core project describes for its tests:
 *
 *   each command draws a side; while that side holds fewer than half of the target it is refilled:
 *     refilling:  20% new resting orders, 10% cancels, 10% reductions, 60% moves
 *     steady:      5% orders that trade at once (31 IOC to 1 FOK), 2.5% cancels, 2.5% reductions,
 *                 90% moves
 *   what is cancelled, reduced or moved is one of the 512 oldest; a move goes 1% of the way to the
 *   last traded price, one unit at least; sizes are 1 + a b c with a, b, c from 0 to 5
 *
 * The generator watches a private engine, so it knows which orders rest and where the price is.
 *
 * Owner: the caller closes the workload. Threads: one. Memory: the steps. Errors: NO_MEMORY.
 * Order of calls: crypto_pair_open, workload_close.
 */
#ifndef DOJIMA_BENCH_CRYPTO_PAIR_H
#define DOJIMA_BENCH_CRYPTO_PAIR_H

#include "bench/workload.h"

struct crypto_pair_options {
    uint64_t seed;
    uint32_t commands; /* timed ones; those that fill the book at the start come on top */
    uint32_t orders;   /* resting, the target */
    uint32_t accounts;
};

/* Commands drawn in one of the two states. */
struct crypto_pair_shares {
    uint64_t commands;
    uint64_t entered; /* resting orders, or orders that trade at once */
    uint64_t cancelled;
    uint64_t reduced;
    uint64_t moved;
};

struct crypto_pair_mix {
    struct crypto_pair_shares refilling;
    struct crypto_pair_shares steady;
    uint64_t immediate; /* IOC */
    uint64_t whole;     /* FOK */
};

MUST_USE enum status crypto_pair_open(const struct crypto_pair_options *options,
                                      struct crypto_pair_mix *out_mix,
                                      struct workload *out_workload);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * W1: the life of orders in one busy equity, after the published description of the public
 * matching-engine benchmark; our own code, so its streams are alike and not the same.
 *
 * The middle price walks (geometric, its deviation over the run is the scenario's swing). Buys are
 * priced along the first half of the walk, sells along the second, each some ticks away from the
 * middle (power law, with a hump at 8 ticks), then all arrive in shuffled order: where the halves
 * lie apart, they cross. 15% of new orders are IOC. Of the others 20% are modified (one lot more,
 * four times in five one tick elsewhere), 95% cancelled after an exponential life whose median is
 * 0.431 ms; 2% of cancels, and of modifies of orders then cancelled, come again too late.
 *
 * Owner: the caller closes the workload. Threads: one. Memory: the steps. Errors: NO_MEMORY.
 * Order of calls: equity_book_open, workload_close.
 */
#ifndef DOJIMA_BENCH_EQUITY_BOOK_H
#define DOJIMA_BENCH_EQUITY_BOOK_H

#include "bench/workload.h"

struct equity_book_scenario {
    const char *name;
    double swing; /* deviation of the middle's logarithm at the end of the walk */
};

#define EQUITY_BOOK_SCENARIOS 5
extern const struct equity_book_scenario equity_book_scenarios[EQUITY_BOOK_SCENARIOS];

struct equity_book_mix {
    uint64_t new_orders;
    uint64_t immediate; /* of these */
    uint64_t cancels;
    uint64_t modifies;
};

MUST_USE enum status equity_book_open(const struct equity_book_scenario *scenario, uint64_t seed,
                                      uint32_t new_orders, struct equity_book_mix *out_mix,
                                      struct workload *out_workload);

#endif

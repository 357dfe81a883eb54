/* SPDX-License-Identifier: Apache-2.0
 *
 * W3: the generated equity day of flow/generate.h as engine commands, made before anything is
 * timed. Executions of the feed become immediate-or-cancel orders from the other side, which must
 * fill exactly the recorded order; the market's feed becomes an order entry stream.
 *
 * Owner: the caller closes the workload. Threads: one. Memory: the steps, and 16 bytes an order
 * while generating. Errors: NO_MEMORY, INVALID. Order of calls: equity_day_open, workload_close.
 */
#ifndef DOJIMA_BENCH_EQUITY_DAY_H
#define DOJIMA_BENCH_EQUITY_DAY_H

#include "bench/workload.h"
#include "flow/generate.h"

struct equity_day_options {
    uint64_t seed;
    uint64_t messages;
    uint32_t instruments;
    uint32_t live_target;
};

struct equity_day_mix {
    struct generate_mix feed;
    uint64_t entered_anew; /* replaces that became a cancel and a new order */
};

MUST_USE enum status equity_day_open(const struct equity_day_options *options,
                                     struct equity_day_mix *out_mix, struct workload *out_workload);

#endif

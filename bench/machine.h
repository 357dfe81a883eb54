/* SPDX-License-Identifier: Apache-2.0
 *
 * Where and when a figure was taken, in words.
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: "unknown". Order of calls: any.
 */
#ifndef DOJIMA_BENCH_MACHINE_H
#define DOJIMA_BENCH_MACHINE_H

struct machine {
    char processor[128];
    char kernel[128];
    char compiler[128];
    char date[32]; /* UTC, 2025-11-22T20:15:00Z */
    unsigned cores;
};

void machine_describe(struct machine *out_machine);

#endif

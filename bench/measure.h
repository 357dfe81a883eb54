/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read around a timed window: time, allocations, page faults; and the small statistics over
 * the runs.
 *
 * Owner: the caller. Threads: the thread that measures. Memory: none. Errors: none.
 * Order of calls: measure_start once, then window_begin and window_end in pairs.
 */
#ifndef DOJIMA_BENCH_MEASURE_H
#define DOJIMA_BENCH_MEASURE_H

#include "base/histogram.h"
#include "host/clock.h"

#include <stdbool.h>

/* A cheap clock for single commands: the time stamp counter where there is one. */
static ALWAYS_INLINE uint64_t measure_ticks(void)
{
#if defined(__x86_64__)
    /* Earlier loads are done before the counter is read, later ones do not begin before. */
    __builtin_ia32_lfence();
    uint64_t ticks = __builtin_ia32_rdtsc();
    __builtin_ia32_lfence();
    return ticks;
#else
    return (uint64_t)host_clock_monotonic_ns();
#endif
}

/* Pins the calling thread to a core and learns the counter's rate and the cost of reading it. */
void measure_start(unsigned core);
void measure_pin(unsigned core);
uint64_t measure_ns_of(uint64_t ticks);

/* Nanoseconds between two readings, the cost of reading them taken off. */
uint64_t measure_between_ns(uint64_t begin_ticks, uint64_t end_ticks);

/* Calls of malloc and its kin by this process so far; see allocations.c. */
uint64_t measure_allocations(void);

struct window {
    uint64_t elapsed_ns;
    uint64_t processor_ns; /* of this thread: without what other programs took */
    uint64_t allocations;
    uint64_t page_faults; /* minor and major, of this thread */
    int64_t begin_ns;
    uint64_t begin_processor_ns;
    uint64_t begin_allocations;
    uint64_t begin_page_faults;
};

/* Windows add up: a zeroed one is empty. */
void window_begin(struct window *window);
void window_end(struct window *window);

#define SERIES_MAX 64

struct series {
    double values[SERIES_MAX];
    unsigned count;
};

void series_add(struct series *series, double value);
double series_median(const struct series *series);
double series_min(const struct series *series);
double series_max(const struct series *series);

#endif

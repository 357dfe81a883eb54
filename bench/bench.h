/* SPDX-License-Identifier: Apache-2.0
 *
 * The benchmarks of this program: each makes its workload, runs it, prints its table and writes its
 * result file.
 *
 * Owner: main.c. Threads: one, but for calibration. Memory: freed before returning.
 * Errors: a status for the world; *out_passed is false when a check failed. Order of calls:
 * measure_start before.
 */
#ifndef DOJIMA_BENCH_BENCH_H
#define DOJIMA_BENCH_BENCH_H

#include "bench/calibrate.h"
#include "bench/venue.h"

struct bench_options {
    struct report_options report;
    const char *data;    /* directory for the logs that are replayed and for calibration */
    unsigned ahead_step; /* if ahead_given, else each benchmark's own */
    bool ahead_given;
    uint64_t messages; /* W3; 0 = 20 million, or 200,000 in a quick run */
    unsigned replay_runs;
    bool slice; /* one small run and nothing else: for instruction counts under a profiler */
};

MUST_USE enum status bench_w1(const struct bench_options *options, bool *out_passed);
MUST_USE enum status bench_w2(const struct bench_options *options, bool *out_passed);
MUST_USE enum status bench_w3(const struct bench_options *options, bool *out_passed);

/* W3's commands log: written through the sequencer, then recovered; engine and recovery runs take
 * turns. Part of w3. */
MUST_USE enum status bench_replay(const struct bench_options *options,
                                  const struct workload *workload, struct venue *venue,
                                  struct report *report);

/* The runs of one workload through the engine. */
struct bench_runs {
    struct series ns_a_command;
    struct series processor_ns_a_command; /* the same without what other programs took */
    struct histogram latency;
    struct venue_run first; /* walked: its events are the ones counted */
    struct window windows;  /* of all timed runs together */
    uint64_t hot_bytes;
    uint64_t orders_peak;
};

/* A walked run, `runs` timed ones, one sampled; all must end in the same state. */
void bench_run_engine(struct venue *venue, unsigned runs, struct bench_runs *out_runs);

/* Rate, nanoseconds, processor time and latency under `name`; then the windows' checks. */
void bench_report_engine(struct report *report, const char *name, const struct bench_runs *runs);

/* No allocation, no page fault. */
void bench_check_windows(struct report *report, const char *name, const struct window *windows);

/* One run for a profiler; prints "commands N ns X processor ns Y", a command each. */
MUST_USE enum status bench_slice(const struct workload *workload, unsigned ahead_step);

#endif

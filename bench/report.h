/* SPDX-License-Identifier: Apache-2.0
 *
 * What a benchmark found, as a table on standard output and as results/<name>.json: machine,
 * commit, calibration of the same minute, the mix that was really generated, figures with median,
 * lowest and highest over the runs, and checks with their limits.
 *
 * Owner: the caller. Threads: one. Memory: the JSON tree. Errors: report_close returns IO.
 * Order of calls: report_open, then any, report_close.
 */
#ifndef DOJIMA_BENCH_REPORT_H
#define DOJIMA_BENCH_REPORT_H

#include "base/status.h"
#include "bench/measure.h"

#include <stddef.h>

struct report {
    const char *name;
    const char *directory; /* null = only the table */
    void *root;
    bool passed;
    bool floors; /* whether floors decide; exact checks always do */
};

struct report_options {
    const char *directory;
    const char *commit; /* null = not known */
    unsigned core;
    unsigned runs;
    uint64_t seed;
    bool quick;
};

void report_open(struct report *report, const char *name, const struct report_options *options);

/* A single number into a section of the JSON, and a line of the table. */
void report_count(struct report *report, const char *section, const char *name, uint64_t value);
void report_real(struct report *report, const char *section, const char *name, double value);
void report_text(struct report *report, const char *section, const char *name, const char *value);

/* Median, lowest and highest. */
void report_series(struct report *report, const char *name, const char *unit,
                   const struct series *series);

/* `ns_a_command` over the runs, as such and as millions of commands a second. */
void report_rate(struct report *report, const char *name, const struct series *ns_a_command);

/* p50, p90, p99, p99.9, highest and how many were above 10 us, the mark of a stolen moment. */
void report_latency(struct report *report, const char *name, const struct histogram *histogram);

/* A limit that must hold: `value` at least, or at most, `limit`. A floor is a figure of speed: a
 * quick run prints it and does not fail by it. */
enum report_limit {
    REPORT_FLOOR,
    REPORT_AT_LEAST,
    REPORT_AT_MOST,
};
void report_check(struct report *report, const char *name, enum report_limit kind, double value,
                  double limit);

/* Share of `part` in `whole` in percent, at most 2 points off `specified`. */
void report_share(struct report *report, const char *name, uint64_t part, uint64_t whole,
                  double specified);

MUST_USE enum status report_close(struct report *report);

#endif

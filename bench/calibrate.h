/* SPDX-License-Identifier: Apache-2.0
 *
 * The machine of this minute: figures without it mean little on a shared host. Time stolen from a
 * spinning thread, how long both cores stall together, a round trip between two cores, a durable
 * write, a round trip through the loopback network.
 *
 * Owner: the caller. Threads: a second one is started and joined inside. Memory: small.
 * Errors: what fails is left out of the report and named there. Order of calls: measure_start
 * before.
 */
#ifndef DOJIMA_BENCH_CALIBRATE_H
#define DOJIMA_BENCH_CALIBRATE_H

#include "bench/report.h"

struct calibrate_options {
    const char *data; /* directory for the file that is written; null = no disk figure */
    unsigned core;    /* of the measuring thread */
    bool quick;
};

/* Adds the section "calibration" to the report. */
void calibrate(struct report *report, const struct calibrate_options *options);

#endif

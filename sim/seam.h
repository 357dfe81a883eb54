/* SPDX-License-Identifier: Apache-2.0
 *
 * The seam to the world, at link time: this library defines the functions of host/clock.h,
 * host/worker.h and host_disk_posix() of host/disk.h, so the venue that is linked with it is the
 * one that ships and still sees no machine. Time moves when the simulation says so, and by a
 * nanosecond whenever somebody looks; a worker's job runs in the one thread there is, when it is
 * due, in the order in which jobs were given.
 *
 *     kick ──► (due after a latency from the seed) ──► sim_workers_run     wait ──► now
 *
 * Owner: the run under way; one a process. Threads: one. Memory: malloc. Errors: none.
 * Order of calls: sim_seam_begin before anything of the venue is opened; any.
 */
#ifndef DOJIMA_SIM_SEAM_H
#define DOJIMA_SIM_SEAM_H

#include "base/prng.h"
#include "host/sim/disk.h"

/* What the clocks show at first, and the seed of the latencies of jobs. */
void sim_seam_begin(int64_t wall_ns, uint64_t seed);

/* The disk that the venue finds. */
void sim_seam_use_disk(struct sim_disk *disk);

void sim_clock_advance(int64_t ns);
/* The wall clock alone, back or forth. */
void sim_clock_jump(int64_t ns);

/* Jobs take at least `least_ns`, and up to `most_ns` of the disk's time. */
void sim_workers_set_latency(int64_t least_ns, int64_t most_ns);

/* Runs the jobs that are due. */
void sim_workers_run(void);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Seeded commands for the engine: a plausible crowded venue with every way to be refused mixed in.
 * It looks at the twin to name orders that are live and prices that trade, so the same seed gives
 * the same commands as long as the twin is right.
 *
 * Owner: a test. Threads: one. Memory: none. Errors: none.
 * Order of calls: workload_init, then workload_next, each command applied to the twin before the
 * next call.
 */
#ifndef DOJIMA_TESTS_ENGINE_WORKLOAD_H
#define DOJIMA_TESTS_ENGINE_WORKLOAD_H

#include "base/prng.h"
#include "tests/engine/twin.h"

#define WORKLOAD_INSTRUMENTS 11 /* listed at the start; a few more come later */

/* What differs between seeds: how large the pools are and how the orders stand. */
struct workload_profile {
    const char *name;
    struct command_genesis limits;
    size_t live_target;       /* resting orders aimed at */
    int64_t depth_ticks;      /* passive prices stand up to so far from the middle */
    uint32_t busy_percent;    /* of orders, to the first instrument alone */
    uint32_t sweeps_permille; /* of orders, so large that they clear many others */
};

#define WORKLOAD_PROFILE_COUNT 4
extern const struct workload_profile workload_profiles[WORKLOAD_PROFILE_COUNT];

#define WORKLOAD_KEPT 64 /* commands that may come again */

struct workload {
    struct prng prng;
    const struct workload_profile *profile;
    const struct twin *twin;
    uint64_t sequence; /* of the last command given */
    uint64_t time_ns;
    uint64_t names; /* client order ids made so far */
    uint32_t day;   /* of the last END_OF_DAY sent, yyyymmdd */
    struct command kept[WORKLOAD_KEPT];
    uint64_t kept_count; /* ever */
    bool filling;        /* books are to grow */
    bool spoiling;       /* whether bad values are mixed in */
};

/* The profile that a seed runs with. */
const struct workload_profile *workload_profile_of(uint64_t seed);

/* `twin` is fresh and has the limits of the profile. */
void workload_init(struct workload *workload, uint64_t seed, const struct twin *twin);
void workload_next(struct workload *workload, struct command *out);

#endif

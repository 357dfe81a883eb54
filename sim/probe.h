/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage on purpose, to a copy of the disk that a restart would find: a bit that turns over, a
 * batch that stands where another belongs, a record changed with every checksum made good again, a
 * note that tells another event hash. The venue must refuse to start, or lose nothing; what it
 * cuts, it must name, and it may cut only what nothing proves durable.
 *
 * Owner: the run. Threads: one. Memory: malloc, freed. Errors: findings, checker "probe".
 * Order of calls: probe_disk while no venue is open.
 */
#ifndef DOJIMA_SIM_PROBE_H
#define DOJIMA_SIM_PROBE_H

#include "base/prng.h"
#include "sim/observer.h"
#include "sim/setup.h"

struct probe {
    const struct setup *setup;
    const struct sim_disk *disk; /* stays as it is */
    const struct observer *observer;
    struct finding_log *findings;
    struct prng *prng;
};

/* One piece of damage of a kind that the seed chooses; false: there was nothing to damage. */
bool probe_disk(const struct probe *probe);

#endif

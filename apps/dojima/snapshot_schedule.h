/* SPDX-License-Identifier: Apache-2.0
 *
 * When a running venue has a snapshot made, and the process that makes it. The venue never waits
 * for it: a worker starts the process, waits for its end and looks at what it left.
 *
 * Owner: running.c. Threads: the trading loop; a worker inside. Memory: a thread's stack.
 * Errors: a maker that failed is named on standard error, and another tried later; so is, once, a
 * goal that cannot be held within the share of a processor.
 * Order of calls: snapshot_schedule_open, tick often, snapshot_schedule_close.
 */
#ifndef DOJIMA_APPS_SNAPSHOT_SCHEDULE_H
#define DOJIMA_APPS_SNAPSHOT_SCHEDULE_H

#include "config/config.h"
#include "host/process.h"
#include "host/worker.h"

#include <stdatomic.h>
#include <stdbool.h>

/* What decides. */
struct snapshot_plan {
    int64_t restart_goal_ns;
    int64_t interval_ns;
    int64_t load_ns;          /* what a start takes before it replays */
    unsigned processor_share; /* hundredths of one processor, 1 to 100 */
    uint64_t replay_per_s;    /* commands, the best that was seen, 0 = not known */
    uint64_t last_command;    /* behind which the newest snapshot stands, 0 = there is none */
    int64_t last_ns;          /* when the last try ended, or the venue began; monotonic */
    int64_t held_until_ns;    /* none before: what the last one used is not yet its share */
    bool told;                /* that goal and share contradict each other */
};

/* How long a start would replay, the log being durable up to `command`. */
int64_t snapshot_replay_ns(const struct snapshot_plan *plan, uint64_t command);

/* Whether one is due. */
bool snapshot_is_due(const struct snapshot_plan *plan, uint64_t command, int64_t now_ns);

/* Notes a try that ended now and had the processor for so long. */
void snapshot_note_try(struct snapshot_plan *plan, bool failed, int64_t used_ns, int64_t now_ns);

/* Whether it is to be told that the goal is not held because of the share: once. */
bool snapshot_misses_goal(struct snapshot_plan *plan, uint64_t command, int64_t now_ns);

struct snapshot_schedule {
    struct snapshot_plan plan;
    const char *directory;
    bool compact;
    struct host_worker *worker; /* null: none are made */
    struct host_process process;
    int64_t looked_ns;
    bool kicked;
    /* The worker's until `done`. */
    _Atomic bool done;
    enum status status;
    int code;
    uint64_t made_command;
    uint64_t made_replay_per_s;
};

/* `plan` tells the last snapshot and the rate. Without a thread none are made, and it is said. */
void snapshot_schedule_open(struct snapshot_schedule *schedule, const struct config *config,
                            const struct snapshot_plan *plan);

void snapshot_schedule_tick(struct snapshot_schedule *schedule, uint64_t command, int64_t now_ns);

/* Ends a maker that is at work. Zeroed ones are accepted. */
void snapshot_schedule_close(struct snapshot_schedule *schedule);

#endif

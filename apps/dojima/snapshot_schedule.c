/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/snapshot_schedule.h"

#include "apps/dojima/options.h"
#include "snapshot/snapshot.h"

#define LOOK_EVERY_NS       100000000
#define TRY_AGAIN_NS        60000000000
#define LEAST_PART          8        /* of the goal, for the replay, however long loading takes */
#define REPLAY_PER_S_UNSEEN 1000000u /* until it was measured */

int64_t snapshot_replay_ns(const struct snapshot_plan *plan, uint64_t command)
{
    uint64_t rate = plan->replay_per_s == 0 ? REPLAY_PER_S_UNSEEN : plan->replay_per_s;
    uint64_t behind = command > plan->last_command ? command - plan->last_command : 0;
    return (int64_t)((double)behind / (double)rate * 1e9);
}

bool snapshot_is_due(const struct snapshot_plan *plan, uint64_t command, int64_t now_ns)
{
    if (command <= plan->last_command || now_ns < plan->held_until_ns) {
        return false;
    }
    /* Half of what loading leaves of the goal: the other half is for what comes while one is made.
     */
    int64_t most_ns = (plan->restart_goal_ns - plan->load_ns) / 2;
    int64_t least_ns = plan->restart_goal_ns / LEAST_PART;
    return now_ns - plan->last_ns >= plan->interval_ns ||
           snapshot_replay_ns(plan, command) >= (most_ns > least_ns ? most_ns : least_ns);
}

void snapshot_note_try(struct snapshot_plan *plan, bool failed, int64_t used_ns, int64_t now_ns)
{
    int64_t held_ns = used_ns * (100 - (int64_t)plan->processor_share) / plan->processor_share;
    if (failed && held_ns < TRY_AGAIN_NS) {
        held_ns = TRY_AGAIN_NS;
    }
    plan->last_ns = now_ns;
    plan->held_until_ns = now_ns + held_ns;
}

bool snapshot_misses_goal(struct snapshot_plan *plan, uint64_t command, int64_t now_ns)
{
    bool misses = !plan->told && now_ns < plan->held_until_ns &&
                  plan->load_ns + snapshot_replay_ns(plan, command) >= plan->restart_goal_ns;
    plan->told = plan->told || misses;
    return misses;
}

/* In the worker: the process from its start to its end, and the head of what it left. */
static void on_job(void *context)
{
    struct snapshot_schedule *schedule = context;
    const char *const arguments[] = {"dojima",  "snapshot",
                                     "--data",  schedule->directory,
                                     "--quiet", schedule->compact ? "--compact" : NULL,
                                     NULL};
    schedule->status = host_process_run(&schedule->process, arguments, &schedule->code);
    struct snapshot_folder folder = {host_disk_posix(), schedule->directory};
    struct snapshot_head head;
    uint64_t newest = 0;
    size_t count = 0;
    if (snapshot_list(&folder, &newest, 1, &count) == STATUS_OK && count == 1 &&
        snapshot_read_head(&folder, newest, &head) == STATUS_OK) {
        schedule->made_command = newest;
        schedule->made_replay_per_s = head.replay_per_s;
    }
    atomic_store(&schedule->done, true);
}

void snapshot_schedule_open(struct snapshot_schedule *schedule, const struct config *config,
                            const struct snapshot_plan *plan)
{
    schedule->plan = *plan;
    schedule->plan.interval_ns = config_number(config, CONFIG_SNAPSHOT_INTERVAL);
    schedule->plan.restart_goal_ns = config_number(config, CONFIG_SNAPSHOT_RESTART_GOAL);
    schedule->plan.processor_share =
        (unsigned)config_number(config, CONFIG_SNAPSHOT_PROCESSOR_SHARE);
    schedule->compact = config_flag(config, CONFIG_SNAPSHOT_COMPACT);
    schedule->directory = config_text(config, CONFIG_DATA_DIRECTORY);
    if (config_word(config, CONFIG_SNAPSHOT_MAKE) == CONFIG_MAKE_OFF) {
        return;
    }
    if (host_worker_open(on_job, schedule, &schedule->worker) != STATUS_OK) {
        schedule->worker = NULL;
        complain("no snapshots will be made: there is no thread for it");
    }
}

static void take_result(struct snapshot_schedule *schedule, int64_t now_ns)
{
    host_worker_wait(schedule->worker); /* it is done: no wait */
    struct snapshot_plan *plan = &schedule->plan;
    bool failed = schedule->status != STATUS_OK || schedule->code != EXIT_OK;
    snapshot_note_try(plan, failed, schedule->process.used_ns, now_ns);
    if (schedule->status != STATUS_OK) {
        complain("the snapshot process cannot be started: %s", status_sentence(schedule->status));
    } else if (failed) {
        complain("no snapshot was made (exit code %d); the next try is in a minute",
                 schedule->code);
    }
    if (schedule->made_command > plan->last_command) {
        plan->last_command = schedule->made_command;
    }
    /* One that was disturbed says little: the best one is nearest to a start's. */
    if (schedule->made_replay_per_s > plan->replay_per_s) {
        plan->replay_per_s = schedule->made_replay_per_s;
    }
    schedule->kicked = false;
    atomic_store(&schedule->done, false);
}

static void tell_miss(const struct snapshot_plan *plan)
{
    complain("a start would now take longer than snapshot.restart_goal (%.1f s): more commands "
             "come than snapshots may be made for with %u%% of a processor; where one is free, "
             "raise snapshot.processor_share (said once; `dojima ctl status`: restart_replay_ms)",
             (double)plan->restart_goal_ns / 1e9, plan->processor_share);
}

void snapshot_schedule_tick(struct snapshot_schedule *schedule, uint64_t command, int64_t now_ns)
{
    if (schedule->worker == NULL || now_ns - schedule->looked_ns < LOOK_EVERY_NS) {
        return;
    }
    schedule->looked_ns = now_ns;
    if (schedule->kicked && atomic_load(&schedule->done)) {
        take_result(schedule, now_ns);
    }
    if (snapshot_misses_goal(&schedule->plan, command, now_ns)) {
        tell_miss(&schedule->plan);
    }
    if (!schedule->kicked && snapshot_is_due(&schedule->plan, command, now_ns)) {
        schedule->kicked = true;
        host_worker_kick(schedule->worker);
    }
}

void snapshot_schedule_close(struct snapshot_schedule *schedule)
{
    /* A maker that is killed leaves nothing but a file that the next one takes away. */
    while (schedule->kicked && !atomic_load(&schedule->done)) {
        host_process_end(&schedule->process);
        host_worker_yield();
    }
    host_worker_close(schedule->worker);
    schedule->worker = NULL;
}

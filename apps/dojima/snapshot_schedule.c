/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/snapshot_schedule.h"

#include "apps/dojima/options.h"
#include "snapshot/snapshot.h"

#define LOOK_EVERY_NS       100000000
#define TRY_AGAIN_NS        60000000000
#define REPLAY_PER_S_UNSEEN 200000u /* until it was measured: less than any machine we know */

bool snapshot_is_due(const struct snapshot_plan *plan, uint64_t command, int64_t now_ns)
{
    if (command <= plan->last_command || (plan->failed && now_ns - plan->last_ns < TRY_AGAIN_NS)) {
        return false;
    }
    if (now_ns - plan->last_ns >= plan->interval_ns) {
        return true;
    }
    /* Half of the goal: the other half is for loading, and for what comes while one is made. */
    uint64_t rate = plan->replay_per_s == 0 ? REPLAY_PER_S_UNSEEN : plan->replay_per_s;
    double replay_ns = (double)(command - plan->last_command) / (double)rate * 1e9;
    return replay_ns >= (double)plan->restart_goal_ns / 2;
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
    plan->failed = schedule->status != STATUS_OK || schedule->code != EXIT_OK;
    plan->last_ns = now_ns;
    if (schedule->status != STATUS_OK) {
        complain("the snapshot process cannot be started: %s", status_sentence(schedule->status));
    } else if (plan->failed) {
        complain("no snapshot was made (exit code %d); the next try is in a minute",
                 schedule->code);
    }
    if (schedule->made_command > plan->last_command) {
        plan->last_command = schedule->made_command;
    }
    if (schedule->made_replay_per_s != 0) {
        plan->replay_per_s = schedule->made_replay_per_s;
    }
    schedule->kicked = false;
    atomic_store(&schedule->done, false);
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/sim/swarm.h"

#include "apps/sim/bugs.h"
#include "sim/run.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIFE_SECONDS 60u
#define KEPT_BYTES   (1 << 30)
#define LL(number)   ((unsigned long long)(number))

/* What a child tells of its life. Checkers are words of the child: they travel as text. */
struct outcome {
    char checker[24];
    char detail[240];
    struct run_counts counts;
    uint64_t digest;
};

/* What is to be lived. */
struct task {
    const struct setup *setup;
    const struct swarm_options *options;
    const struct run_point *point; /* or null */
    uint64_t seed;
};

static struct outcome live(const struct task *task, FILE *history)
{
    struct outcome outcome = {0};
    struct run_result result;
    struct run_options run = {.seed = task->seed,
                              .commands = task->options->commands,
                              .point = task->point,
                              .history = history};
    run_seed(task->setup, &run, &result);
    if (sim_found(&result.findings)) {
        snprintf(outcome.checker, sizeof outcome.checker, "%s", result.findings.checker);
        snprintf(outcome.detail, sizeof outcome.detail, "%s", result.findings.detail);
    }
    outcome.counts = result.counts;
    outcome.digest = result.digest;
    return outcome;
}

static void child(const struct task *task, int out)
{
    const char *path = task->options->history;
    alarm(LIFE_SECONDS);
    /* A life starts its venue ten times: memory that is given back is found again page by page. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    FILE *history = NULL;
    if (path != NULL) {
        history = fopen(path, "w");
        if (history == NULL) {
            fprintf(stderr, "dojima-sim: %s cannot be written\n", path);
            _exit(2);
        }
    }
    struct outcome outcome = live(task, history);
    bool written = history == NULL || fclose(history) == 0;
    written = write(out, &outcome, sizeof outcome) == (ssize_t)sizeof outcome && written;
    _exit(written ? 0 : 2);
}

static void name_death(int status, struct outcome *outcome)
{
    bool hangs = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    bool aborts = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    snprintf(outcome->checker, sizeof outcome->checker, "%s",
             hangs    ? "progress"
             : aborts ? "assertion"
                      : "process");
    snprintf(outcome->detail, sizeof outcome->detail, "the process ended with %s %d",
             WIFSIGNALED(status) ? "signal" : "code",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* One life in a process of its own; false: none could be made. */
static bool one_life(const struct task *task, struct outcome *out_outcome)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    (void)fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        child(task, ends[1]);
    }
    close(ends[1]);
    *out_outcome = (struct outcome){0};
    ssize_t got = process < 0 ? 0 : read(ends[0], out_outcome, sizeof *out_outcome);
    close(ends[0]);
    int status = 0;
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (process > 0 && (got != (ssize_t)sizeof *out_outcome || status != 0)) {
        name_death(status, out_outcome);
    }
    return process > 0;
}

static void print_json(uint64_t seed, const struct outcome *outcome)
{
    const struct run_counts *c = &outcome->counts;
    printf("{\"seed\":%llu,\"checker\":%s%s%s,\"digest\":\"%016llx\",\"turns\":%llu,"
           "\"commands\":%llu,\"events\":%llu,\"shown\":%llu,\"starts\":%llu,\"crashes\":%llu,"
           "\"kills\":%llu,\"errors\":%llu,\"stops\":%llu,\"jumps\":%llu,\"pauses\":%llu,"
           "\"probes\":%llu,\"upgrades\":%llu,\"groups_set\":%llu,\"snapshots\":%llu,"
           "\"from_snapshots\":%llu,\"disk_calls\":%llu,"
           "\"sent\":%llu,\"again\":%llu,\"fills\":%llu,"
           "\"fenced\":%llu,\"cuts\":%llu}\n",
           LL(seed), outcome->checker[0] == '\0' ? "null" : "\"", outcome->checker,
           outcome->checker[0] == '\0' ? "" : "\"", LL(outcome->digest), LL(c->turns),
           LL(c->commands), LL(c->events), LL(c->shown), LL(c->starts), LL(c->crashes),
           LL(c->kills), LL(c->errors), LL(c->stops), LL(c->jumps), LL(c->pauses), LL(c->probes),
           LL(c->upgrades), LL(c->groups_set), LL(c->snapshots), LL(c->from_snapshots),
           LL(c->disk_calls), LL(c->sent), LL(c->again), LL(c->fills), LL(c->fenced), LL(c->cuts));
}

static void print_life(uint64_t seed, const struct outcome *outcome)
{
    const struct run_counts *c = &outcome->counts;
    printf("seed %llu: %llu commands, %llu events, %llu entries shown in %llu turns\n", LL(seed),
           LL(c->commands), LL(c->events), LL(c->shown), LL(c->turns));
    printf("  starts %llu, power lost %llu, killed %llu, disk errors %llu, clean stops %llu\n",
           LL(c->starts), LL(c->crashes), LL(c->kills), LL(c->errors), LL(c->stops));
    printf("  snapshots made %llu, starts from one %llu\n", LL(c->snapshots),
           LL(c->from_snapshots));
    printf("  rules upgraded %llu, groups set %llu\n", LL(c->upgrades), LL(c->groups_set));
    printf("  clock jumps %llu, pauses %llu, probes %llu, connections cut %llu\n", LL(c->jumps),
           LL(c->pauses), LL(c->probes), LL(c->cuts));
    printf("  sent %llu, sent again %llu, fills %llu, names fenced %llu\n", LL(c->sent),
           LL(c->again), LL(c->fills), LL(c->fenced));
    printf("  through the gateway: sent %llu, heard %llu, cut %llu, clients anew %llu\n",
           LL(c->desk_sent), LL(c->desk_events), LL(c->net_cuts), LL(c->desk_restarts));
    printf("  digest %016llx\n", LL(outcome->digest));
}

static void print_finding(const struct task *task, const struct outcome *outcome)
{
    fprintf(stderr, "seed %llu: %s: %s\n  again: dojima-sim --seed %llu", LL(task->seed),
            outcome->checker, outcome->detail, LL(task->seed));
    if (task->options->commands != 0) {
        fprintf(stderr, " --commands %llu", LL(task->options->commands));
    }
    fprintf(stderr, "\n");
}

static void add(struct run_counts *sum, const struct run_counts *c)
{
    sum->commands += c->commands;
    sum->events += c->events;
    sum->shown += c->shown;
    sum->starts += c->starts;
    sum->crashes += c->crashes;
    sum->kills += c->kills;
    sum->errors += c->errors;
    sum->stops += c->stops;
    sum->probes += c->probes;
    sum->upgrades += c->upgrades;
    sum->groups_set += c->groups_set;
    sum->snapshots += c->snapshots;
    sum->from_snapshots += c->from_snapshots;
    sum->fenced += c->fenced;
    sum->desk_sent += c->desk_sent;
    sum->desk_events += c->desk_events;
    sum->net_cuts += c->net_cuts;
    sum->desk_restarts += c->desk_restarts;
}

static bool shows_progress(const struct swarm_options *options)
{
    return !options->json && isatty(STDERR_FILENO);
}

static int no_process(void)
{
    fprintf(stderr, "dojima-sim: no process can be made\n");
    return 1;
}

static void print_sum(uint64_t lives, const struct run_counts *sum, uint64_t found)
{
    printf("%llu lives: %llu commands, %llu events, %llu entries shown\n", LL(lives),
           LL(sum->commands), LL(sum->events), LL(sum->shown));
    printf("%llu starts (%llu from one of %llu snapshots) after %llu losses of power, %llu kills, "
           "%llu disk errors and %llu clean stops; %llu probes, %llu names fenced, "
           "%llu upgrades of the rules, %llu groups set\n",
           LL(sum->starts), LL(sum->from_snapshots), LL(sum->snapshots), LL(sum->crashes),
           LL(sum->kills), LL(sum->errors), LL(sum->stops), LL(sum->probes), LL(sum->fenced),
           LL(sum->upgrades), LL(sum->groups_set));
    printf("through the gateway: sent %llu, heard %llu, cut %llu, clients anew %llu\n",
           LL(sum->desk_sent), LL(sum->desk_events), LL(sum->net_cuts), LL(sum->desk_restarts));
    printf("%llu went wrong\n", LL(found));
}

static int swarm_seeds(const struct setup *setup, const struct swarm_options *options)
{
    struct run_counts sum = {0};
    uint64_t found = 0;
    bool shows = options->many && shows_progress(options);
    for (uint64_t i = 0; i < options->count; i++) {
        struct outcome outcome;
        struct task task = {.setup = setup, .options = options, .seed = options->first + i};
        if (!one_life(&task, &outcome)) {
            return no_process();
        }
        add(&sum, &outcome.counts);
        if (options->json) {
            print_json(task.seed, &outcome);
        } else if (!options->many) {
            print_life(task.seed, &outcome);
        }
        if (outcome.checker[0] != '\0') {
            found++;
            print_finding(&task, &outcome);
        }
        if (shows) {
            fprintf(stderr, "\r%llu of %llu lives, %llu commands, %llu failures, %llu found ",
                    LL(i + 1), LL(options->count), LL(sum.commands),
                    LL(sum.crashes + sum.kills + sum.errors), LL(found));
        }
    }
    if (shows) {
        fprintf(stderr, "\n");
    }
    if (options->many && !options->json) {
        print_sum(options->count, &sum, found);
    }
    return found == 0 ? 0 : 1;
}

/* -- one failure, at every place -------------------------------------------------------------- */

/* Point `number` of those that the mode has; false: there are no more. */
static bool point_at(const struct swarm_options *options, const struct run_counts *calm,
                     uint64_t number, struct run_point *out_point)
{
    *out_point = (struct run_point){.error = STATUS_IO};
    if (options->mode == SWARM_CRASHES) {
        out_point->crash_at_call = number / SIM_CRASH_COUNT + 1;
        out_point->crash = (enum sim_crash)(number % SIM_CRASH_COUNT);
        return out_point->crash_at_call <= calm->disk_calls;
    }
    if (number < calm->disk_calls) {
        out_point->error_at_call = number + 1;
        return true;
    }
    out_point->error_at_read = number - calm->disk_calls + 1;
    return out_point->error_at_read <= calm->disk_reads;
}

static void print_point(const struct run_point *point, const struct outcome *outcome)
{
    static const char *const fates[SIM_CRASH_COUNT] = {"lost", "kept", "reordered", "torn"};
    fprintf(stderr, "%s %llu%s%s: %s: %s\n",
            point->crash_at_call != 0   ? "crash at call"
            : point->error_at_call != 0 ? "error of call"
                                        : "error of read",
            LL(point->crash_at_call + point->error_at_call + point->error_at_read),
            point->crash_at_call != 0 ? ", not synced: " : "",
            point->crash_at_call != 0 ? fates[point->crash] : "", outcome->checker,
            outcome->detail);
}

static int swarm_points(const struct setup *setup, const struct swarm_options *options)
{
    struct run_point point = {0};
    struct outcome outcome;
    struct task task = {
        .setup = setup, .options = options, .point = &point, .seed = options->first};
    if (!one_life(&task, &outcome)) {
        return no_process();
    }
    struct run_counts calm = outcome.counts;
    struct run_counts sum = {0};
    uint64_t found = outcome.checker[0] != '\0';
    uint64_t number = 0;
    for (; point_at(options, &calm, number, &point); number++) {
        if (!one_life(&task, &outcome)) {
            return no_process();
        }
        add(&sum, &outcome.counts);
        if (outcome.checker[0] != '\0') {
            found++;
            print_point(&point, &outcome);
        }
        if (shows_progress(options) && number % 16 == 0) {
            fprintf(stderr, "\r%llu lives, %llu found ", LL(number), LL(found));
        }
    }
    if (shows_progress(options)) {
        fprintf(stderr, "\n");
    }
    printf("a life of %llu commands, %llu calls to the disk and %llu reads:\n", LL(calm.sent),
           LL(calm.disk_calls), LL(calm.disk_reads));
    print_sum(number, &sum, found);
    return found == 0 ? 0 : 1;
}

/* -- planted bugs ----------------------------------------------------------------------------- */

/* The first seed whose life does not go well; 0: none. */
static uint64_t hunt(const struct setup *setup, const struct swarm_options *options,
                     struct outcome *out_outcome)
{
    for (uint64_t seed = options->first; seed < options->first + options->count; seed++) {
        struct task task = {.setup = setup, .options = options, .seed = seed};
        if (one_life(&task, out_outcome) && out_outcome->checker[0] != '\0') {
            return seed;
        }
    }
    return 0;
}

/* Each bug alone, under lives that do not know of it. */
static int swarm_bugs(const struct setup *setup, const struct swarm_options *options)
{
    unsigned caught = 0;
    if (!bugs_choose(1)) {
        fprintf(stderr, "dojima-sim: this build has no planted bugs; dojima-sim-planted has\n");
        return 2;
    }
    printf("| | planted bug | seed | checker |\n|---|---|---|---|\n");
    for (unsigned number = 1; number < PLANTED_COUNT; number++) {
        struct outcome outcome = {0};
        (void)bugs_choose(number);
        uint64_t seed = hunt(setup, options, &outcome);
        caught += seed != 0;
        printf("| %u | %s | %llu | %s |\n", number, bugs_meaning(number), LL(seed),
               seed != 0 ? outcome.checker : "not caught");
        (void)fflush(stdout);
    }
    (void)bugs_choose(0);
    struct outcome outcome = {0};
    uint64_t false_alarm = hunt(setup, options, &outcome);
    printf("\n%u of %u caught within %llu seeds each; without a bug %s\n", caught,
           (unsigned)PLANTED_COUNT - 1, LL(options->count),
           false_alarm == 0 ? "nothing is found" : "something is found too");
    return caught == PLANTED_COUNT - 1 && false_alarm == 0 ? 0 : 1;
}

static int swarm_mode(const struct setup *setup, const struct swarm_options *options)
{
    switch (options->mode) {
    case SWARM_LIVES:
        return swarm_seeds(setup, options);
    case SWARM_CRASHES:
    case SWARM_ERRORS:
        return swarm_points(setup, options);
    case SWARM_BUGS:
        return swarm_bugs(setup, options);
    }
    return 2;
}

int swarm(const struct swarm_options *options)
{
    struct setup setup;
    if (options->bug >= PLANTED_COUNT || !bugs_choose(options->bug)) {
        fprintf(stderr, "dojima-sim: no such bug is planted in this build\n");
        return 2;
    }
    (void)bugs_choose(0);
    setup_open(&setup);
    (void)bugs_choose(options->bug);
    int code = swarm_mode(&setup, options);
    setup_close(&setup);
    return code;
}

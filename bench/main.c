/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS        7u
#define RUNS_QUICK  2u
#define REPLAY_RUNS 3u
/* With this one the standing books of W1 come near the published ones: see bench/README.md. */
#define SEED 4u

struct benchmark {
    const char *name;
    enum status (*run)(const struct bench_options *options, bool *out_passed);
};

/* The machine of this minute alone: bench/wire asks for it before each of its runs. */
static enum status bench_calibration(const struct bench_options *options, bool *out_passed)
{
    struct report report;
    struct calibrate_options calibration = {
        .data = options->data, .core = options->report.core, .quick = options->report.quick};
    report_open(&report, "calibration", &options->report);
    calibrate(&report, &calibration);
    *out_passed = true;
    return report_close(&report);
}

static const struct benchmark benchmarks[] = {{"w1", bench_w1}, {"w2", bench_w2}, {"w3", bench_w3}};
static const struct benchmark machine_alone = {"calibration", bench_calibration};

static int usage(void)
{
    fprintf(stderr, "usage: dojima_bench w1|w2|w3|all|calibration [options]\n"
                    "  --quick            small counts, no floors\n"
                    "  --slice            one small run, for a profiler\n"
                    "  --runs N           timed runs (7)\n"
                    "  --replay-runs N    runs of recovery, in turns with the engine (3)\n"
                    "  --seed N           of the generators (4)\n"
                    "  --messages N       of w3\n"
                    "  --core N           to run on (the last)\n"
                    "  --ahead-step N     commands between the stages of look-ahead; 0: none\n"
                    "  --data DIR         empty directory for logs; none: no replay, no commit\n"
                    "  --results DIR      where to write NAME.json\n"
                    "  --commit TEXT      what to write there as the commit\n");
    return 2;
}

static bool number(const char *text, uint64_t max, uint64_t *out_value)
{
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > max) {
        return false;
    }
    *out_value = value;
    return true;
}

static bool set_option(struct bench_options *options, const char *name, const char *value)
{
    uint64_t parsed = 0;
    if (strcmp(name, "--ahead-step") == 0) {
        bool valid = number(value, 64, &parsed);
        options->ahead_given = true;
        options->ahead_step = (unsigned)parsed;
        return valid;
    } else if (strcmp(name, "--data") == 0) {
        options->data = value;
        return true;
    } else if (strcmp(name, "--results") == 0) {
        options->report.directory = value;
        return true;
    } else if (strcmp(name, "--commit") == 0) {
        options->report.commit = value;
        return true;
    }
    bool runs = strcmp(name, "--runs") == 0;
    if (runs || strcmp(name, "--replay-runs") == 0) {
        bool valid = number(value, SERIES_MAX, &parsed) && parsed > 0;
        *(runs ? &options->report.runs : &options->replay_runs) = (unsigned)parsed;
        return valid;
    } else if (strcmp(name, "--core") == 0) {
        bool valid = number(value, 1023, &parsed);
        options->report.core = (unsigned)parsed;
        return valid;
    } else if (strcmp(name, "--seed") == 0) {
        return number(value, UINT64_MAX, &options->report.seed);
    } else if (strcmp(name, "--messages") == 0) {
        /* Every message is a command, and what numbers orders has 32 bits. */
        return number(value, UINT32_C(1) << 30, &options->messages);
    }
    return false;
}

static bool parse(int count, char **arguments, struct bench_options *options)
{
    for (int i = 2; i < count; i++) {
        if (strcmp(arguments[i], "--quick") == 0) {
            options->report.quick = true;
            options->report.runs = RUNS_QUICK;
            options->replay_runs = 1;
        } else if (strcmp(arguments[i], "--slice") == 0) {
            options->slice = true;
        } else if (i + 1 == count || !set_option(options, arguments[i], arguments[i + 1])) {
            fprintf(stderr, "%s: no such option, or not a value for it\n", arguments[i]);
            return false;
        } else {
            i++;
        }
    }
    return true;
}

/* The hook must see what it is there to see. */
static void prove_hook(void)
{
    uint64_t before = measure_allocations();
    void *volatile bytes = malloc(64);
    free(bytes);
    ASSERT(measure_allocations() == before + 1);
}

static int run_one(const struct benchmark *benchmark, const struct bench_options *options)
{
    bool passed = false;
    enum status status = benchmark->run(options, &passed);
    fflush(stdout);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", benchmark->name, status_sentence(status));
        return status_exit_code(status);
    }
    return passed ? 0 : 1;
}

int main(int count, char **arguments)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct bench_options options = {
        .report = {.core = cores > 1 ? (unsigned)cores - 1 : 0, .runs = RUNS, .seed = SEED},
        .replay_runs = REPLAY_RUNS,
    };
    if (count < 2 || !parse(count, arguments, &options)) {
        return usage();
    }
    prove_hook();
    measure_start(options.report.core);
    bool all = strcmp(arguments[1], "all") == 0;
    bool known = all;
    int worst = 0;
    for (size_t i = 0; i < ARRAY_COUNT(benchmarks); i++) {
        if (all || strcmp(arguments[1], benchmarks[i].name) == 0) {
            int code = run_one(&benchmarks[i], &options);
            worst = code > worst ? code : worst;
            known = true;
        }
    }
    if (strcmp(arguments[1], machine_alone.name) == 0) {
        return run_one(&machine_alone, &options);
    }
    return known ? worst : usage();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"
#include "bench/crypto_pair.h"

#define COMMANDS       3000000u
#define COMMANDS_QUICK 100000u
#define COMMANDS_SLICE 20000u
#define ORDERS         1000u
#define ACCOUNTS       2000u
#define FLOOR_M_S      5.0
#define ORDERS_OFF_MAX 5.0 /* percent that the mean of resting orders may be off the target */

static void report_mix(struct report *report, const struct crypto_pair_mix *mix,
                       const struct venue_run *run)
{
    const struct crypto_pair_shares *refilling = &mix->refilling;
    const struct crypto_pair_shares *steady = &mix->steady;
    report_count(report, "mix", "commands", run->commands);
    report_count(report, "mix", "steady_commands", steady->commands);
    report_share(report, "steady_at_once", steady->entered, steady->commands, 5);
    report_share(report, "steady_cancel", steady->cancelled, steady->commands, 2.5);
    report_share(report, "steady_reduce", steady->reduced, steady->commands, 2.5);
    report_share(report, "steady_move", steady->moved, steady->commands, 90);
    report_count(report, "mix", "refilling_commands", refilling->commands);
    report_share(report, "refilling_new", refilling->entered, refilling->commands, 20);
    report_share(report, "refilling_cancel", refilling->cancelled, refilling->commands, 10);
    report_share(report, "refilling_reduce", refilling->reduced, refilling->commands, 10);
    report_share(report, "refilling_move", refilling->moved, refilling->commands, 60);
    report_share(report, "fok_of_at_once", mix->whole, mix->whole + mix->immediate, 100.0 / 32);
    double commands = (double)run->commands;
    report_real(report, "mix", "commands_that_trade_percent",
                100.0 * (double)run->trading_commands / commands);
    report_count(report, "mix", "trades", run->by_event[EVENT_TRADE]);
    report_count(report, "mix", "rejected", run->by_event[EVENT_REJECTED]);
    report_real(report, "mix", "events_a_command", (double)run->events / commands);
    report_count(report, "mix", "levels_peak", run->levels_peak);
    double mean = (double)run->orders_sum / (double)run->chunks;
    double off = 100.0 * (mean - ORDERS) / ORDERS;
    report_real(report, "mix", "orders_mean", mean);
    report_check(report, "orders_off_target_percent", REPORT_AT_MOST, off < 0 ? -off : off,
                 ORDERS_OFF_MAX);
}

static enum status run(const struct bench_options *options, const struct crypto_pair_mix *mix,
                       struct venue *venue, bool *out_passed)
{
    static struct bench_runs runs;
    struct report report;
    report_open(&report, "w2", &options->report);
    calibrate(&report, &(struct calibrate_options){.data = options->data,
                                                   .core = options->report.core,
                                                   .quick = options->report.quick});
    bench_run_engine(venue, options->report.runs, &runs);
    report_mix(&report, mix, &runs.first);
    bench_report_engine(&report, "engine", &runs);
    report_check(&report, "engine_m_s", REPORT_FLOOR, 1e3 / series_median(&runs.ns_a_command),
                 FLOOR_M_S);
    enum status status = report_close(&report);
    *out_passed = report.passed;
    return status;
}

enum status bench_w2(const struct bench_options *options, bool *out_passed)
{
    struct crypto_pair_options choose = {
        .seed = options->report.seed,
        .commands = options->slice          ? COMMANDS_SLICE
                    : options->report.quick ? COMMANDS_QUICK
                                            : COMMANDS,
        .orders = ORDERS,
        .accounts = ACCOUNTS,
    };
    struct crypto_pair_mix mix;
    struct workload workload;
    enum status status = crypto_pair_open(&choose, &mix, &workload);
    if (status != STATUS_OK) {
        return status;
    }
    if (options->slice) {
        status = bench_slice(&workload, options->ahead_step);
        *out_passed = true;
    } else {
        struct venue venue;
        status = venue_open(&venue, &workload, options->ahead_step);
        if (status == STATUS_OK) {
            status = run(options, &mix, &venue, out_passed);
            venue_close(&venue);
        }
    }
    workload_close(&workload);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"
#include "bench/equity_day.h"

#define MESSAGES          20000000u
#define MESSAGES_QUICK    200000u
#define MESSAGES_SLICE    60000u
#define INSTRUMENTS       8371u
#define INSTRUMENTS_SLICE 500u
#define FLOOR_M_S         2.5
#define HOT_BYTES_MAX     128
/* Shares of the order messages in percent: flow/generate.h has the counts. */
#define SHARE_ADD     46.81
#define SHARE_DELETE  39.41
#define SHARE_REPLACE 10.95
#define SHARE_EXECUTE 2.03
#define SHARE_REDUCE  0.81

static void report_mix(struct report *report, const struct equity_day_mix *day,
                       const struct venue_run *run)
{
    const struct generate_mix *mix = &day->feed;
    uint64_t all = mix->adds + mix->deletes + mix->replaces + mix->executes + mix->reduces;
    report_count(report, "mix", "messages", all);
    report_count(report, "mix", "instruments", INSTRUMENTS);
    report_share(report, "add", mix->adds, all, SHARE_ADD);
    report_share(report, "delete", mix->deletes, all, SHARE_DELETE);
    report_share(report, "replace", mix->replaces, all, SHARE_REPLACE);
    report_share(report, "execute", mix->executes, all, SHARE_EXECUTE);
    report_share(report, "reduce", mix->reduces, all, SHARE_REDUCE);
    report_count(report, "mix", "replaces_as_cancel_and_new", day->entered_anew);
    report_count(report, "mix", "commands", run->commands);
    report_count(report, "mix", "orders_live_peak", mix->live_peak);
    report_count(report, "mix", "levels_peak", run->levels_peak);
    report_count(report, "mix", "trades", run->by_event[EVENT_TRADE]);
    report_real(report, "mix", "events_a_command", (double)run->events / (double)run->commands);
    /* Each execution of the feed is one trade of one order, and nothing is refused. */
    report_check(report, "executions_not_one_trade", REPORT_AT_MOST,
                 (double)(mix->executes > run->by_event[EVENT_TRADE]
                              ? mix->executes - run->by_event[EVENT_TRADE]
                              : run->by_event[EVENT_TRADE] - mix->executes),
                 0);
    report_check(report, "rejected", REPORT_AT_MOST, (double)run->by_event[EVENT_REJECTED], 0);
}

static enum status run(const struct bench_options *options, const struct equity_day_mix *mix,
                       const struct workload *workload, struct venue *venue, bool *out_passed)
{
    static struct bench_runs runs;
    struct report report;
    report_open(&report, "w3", &options->report);
    calibrate(&report, &(struct calibrate_options){.data = options->data,
                                                   .core = options->report.core,
                                                   .quick = options->report.quick});
    bench_run_engine(venue, options->report.runs, &runs);
    report_mix(&report, mix, &runs.first);
    bench_report_engine(&report, "engine", &runs);
    report_count(&report, "memory", "orders", runs.orders_peak);
    report_count(&report, "memory", "hot_bytes", runs.hot_bytes);
    double hot = (double)runs.hot_bytes / (double)runs.orders_peak;
    report_real(&report, "memory", "hot_bytes_an_order", hot);
    if (!options->report.quick) { /* in a small book the empty places of tables weigh too much */
        report_check(&report, "hot_bytes_an_order", REPORT_AT_MOST, hot, HOT_BYTES_MAX);
    }
    report_check(&report, "engine_m_s", REPORT_FLOOR, 1e3 / series_median(&runs.ns_a_command),
                 FLOOR_M_S);
    enum status status = STATUS_OK;
    if (options->data != NULL) {
        status = bench_replay(options, workload, venue, &report);
    }
    enum status closed = report_close(&report);
    *out_passed = report.passed;
    return status == STATUS_OK ? closed : status;
}

enum status bench_w3(const struct bench_options *options, bool *out_passed)
{
    uint64_t messages = options->slice          ? MESSAGES_SLICE
                        : options->report.quick ? MESSAGES_QUICK
                                                : MESSAGES;
    struct equity_day_options choose = {
        .seed = options->report.seed,
        .messages = options->messages != 0 ? options->messages : messages,
        .instruments = options->slice && options->messages == 0 ? INSTRUMENTS_SLICE : INSTRUMENTS,
    };
    /* As recovery does, and as a gateway with a full socket buffer could. */
    unsigned ahead_step = options->ahead_given ? options->ahead_step
                                               : ENGINE_PREFETCH_DISTANCE / ENGINE_PREFETCH_STAGES;
    struct equity_day_mix mix;
    struct workload workload;
    enum status status = equity_day_open(&choose, &mix, &workload);
    if (status != STATUS_OK) {
        return status;
    }
    if (options->slice) {
        status = bench_slice(&workload, ahead_step);
        *out_passed = true;
    } else {
        struct venue venue;
        status = venue_open(&venue, &workload, ahead_step);
        if (status == STATUS_OK) {
            status = run(options, &mix, &workload, &venue, out_passed);
            venue_close(&venue);
        }
    }
    workload_close(&workload);
    return status;
}

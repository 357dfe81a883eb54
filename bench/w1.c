/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"
#include "bench/equity_book.h"
#include "bench/referee.h"

#include <stdio.h>

#define NEW_ORDERS       1000000u
#define NEW_ORDERS_QUICK 50000u
/* Shares in percent, from the published counts of the "normal" scenario. */
#define SHARE_NEW       50.10
#define SHARE_CANCEL    41.25
#define SHARE_MODIFY    8.65
#define SHARE_IMMEDIATE 15.0
/* The thinnest published book has 240 orders on average. A walk whose halves cross leaves none, and
 * is then another workload. */
#define ORDERS_MEAN_MIN 100

struct worst {
    const char *rooms_name;
    const char *engine_name;
    double rooms_ns;
    double engine_ns;
};

static void report_mix(struct report *report, const char *scenario,
                       const struct equity_book_mix *mix, const struct venue_run *run)
{
    uint64_t all = mix->new_orders + mix->cancels + mix->modifies;
    char title[64];
    snprintf(title, sizeof title, "%s_new", scenario);
    report_share(report, title, mix->new_orders, all, SHARE_NEW);
    snprintf(title, sizeof title, "%s_cancel", scenario);
    report_share(report, title, mix->cancels, all, SHARE_CANCEL);
    snprintf(title, sizeof title, "%s_modify", scenario);
    report_share(report, title, mix->modifies, all, SHARE_MODIFY);
    snprintf(title, sizeof title, "%s_ioc_of_new", scenario);
    report_share(report, title, mix->immediate, mix->new_orders, SHARE_IMMEDIATE);
    snprintf(title, sizeof title, "%s_orders_mean", scenario);
    report_count(report, "mix", title, run->orders_sum / run->chunks);
    snprintf(title, sizeof title, "%s_orders_peak", scenario);
    report_count(report, "mix", title, run->orders_peak);
    snprintf(title, sizeof title, "%s_levels_peak", scenario);
    report_count(report, "mix", title, run->levels_peak);
    snprintf(title, sizeof title, "%s_trades", scenario);
    report_count(report, "mix", title, run->by_event[EVENT_TRADE]);
    snprintf(title, sizeof title, "%s_too_late", scenario);
    report_count(report, "mix", title, run->by_event[EVENT_REJECTED]);
}

/* The match room behind the public benchmark's interface: the library as it is shipped. */
static enum status run_rooms(const struct bench_options *options, const char *scenario,
                             const struct workload *workload, struct report *report,
                             struct worst *worst)
{
    struct referee referee;
    enum status status = referee_open(&referee);
    if (status != STATUS_OK) {
        return status;
    }
    struct series ns_a_message = {.count = 0};
    struct window windows = {0};
    /* The first run is not counted: it meets cold caches and the library's own relocations. */
    for (unsigned i = 0; i <= options->report.runs; i++) {
        struct window window = referee_run(&referee, workload);
        if (i > 0) {
            series_add(&ns_a_message, (double)window.elapsed_ns / (double)workload->count);
            windows.allocations += window.allocations;
            windows.page_faults += window.page_faults;
        }
    }
    referee_close(&referee);
    char title[64];
    snprintf(title, sizeof title, "%s_rooms", scenario);
    report_rate(report, title, &ns_a_message);
    bench_check_windows(report, title, &windows);
    if (series_median(&ns_a_message) > worst->rooms_ns) {
        worst->rooms_ns = series_median(&ns_a_message);
        worst->rooms_name = scenario;
    }
    return STATUS_OK;
}

static enum status run_engine(const struct bench_options *options, const struct workload *workload,
                              struct bench_runs *runs)
{
    struct venue venue;
    enum status status = venue_open(&venue, workload, options->ahead_step);
    if (status == STATUS_OK) {
        bench_run_engine(&venue, options->report.runs, runs);
        venue_close(&venue);
    }
    return status;
}

static enum status run_scenario(const struct bench_options *options,
                                const struct equity_book_scenario *scenario, struct report *report,
                                struct worst *worst)
{
    static struct bench_runs runs;
    struct equity_book_mix mix;
    struct workload workload;
    enum status status =
        equity_book_open(scenario, options->report.seed,
                         options->report.quick ? NEW_ORDERS_QUICK : NEW_ORDERS, &mix, &workload);
    if (status != STATUS_OK) {
        return status;
    }
    status = run_engine(options, &workload, &runs);
    if (status == STATUS_OK) {
        char title[64];
        report_mix(report, scenario->name, &mix, &runs.first);
        if (!options->report.quick) {
            snprintf(title, sizeof title, "%s_orders_mean", scenario->name);
            report_check(report, title, REPORT_AT_LEAST,
                         (double)runs.first.orders_sum / (double)runs.first.chunks,
                         ORDERS_MEAN_MIN);
        }
        snprintf(title, sizeof title, "%s_engine", scenario->name);
        bench_report_engine(report, title, &runs);
        if (series_median(&runs.ns_a_command) > worst->engine_ns) {
            worst->engine_ns = series_median(&runs.ns_a_command);
            worst->engine_name = scenario->name;
        }
        status = run_rooms(options, scenario->name, &workload, report, worst);
    }
    workload_close(&workload);
    return status;
}

enum status bench_w1(const struct bench_options *options, bool *out_passed)
{
    struct report report;
    report_open(&report, "w1", &options->report);
    calibrate(&report, &(struct calibrate_options){.data = options->data,
                                                   .core = options->report.core,
                                                   .quick = options->report.quick});
    struct worst worst = {.rooms_ns = 0};
    enum status status = STATUS_OK;
    for (int i = 0; i < EQUITY_BOOK_SCENARIOS && status == STATUS_OK; i++) {
        status = run_scenario(options, &equity_book_scenarios[i], &report, &worst);
    }
    if (status == STATUS_OK) {
        report_text(&report, "worst", "rooms", worst.rooms_name);
        report_real(&report, "worst", "rooms_m_s", 1e3 / worst.rooms_ns);
        report_text(&report, "worst", "engine", worst.engine_name);
        report_real(&report, "worst", "engine_m_s", 1e3 / worst.engine_ns);
    }
    enum status closed = report_close(&report);
    *out_passed = report.passed;
    return status == STATUS_OK ? closed : status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"

#include "base/assert.h"

#include <stdio.h>
#include <string.h>

static void must_equal(const struct venue_run *run, const struct venue_run *first)
{
    /* The same commands give the same events and state: anything else is a bug, not a figure. */
    ASSERT(run->commands == first->commands && run->events == first->events &&
           run->state_crc == first->state_crc);
}

void bench_run_engine(struct venue *venue, unsigned runs, struct bench_runs *out_runs)
{
    memset(out_runs, 0, sizeof *out_runs);
    out_runs->first = venue_run(venue, VENUE_WALKED, NULL);
    for (unsigned i = 0; i < runs; i++) {
        struct venue_run run = venue_run(venue, VENUE_TIMED, NULL);
        must_equal(&run, &out_runs->first);
        series_add(&out_runs->ns_a_command, (double)run.window.elapsed_ns / (double)run.commands);
        series_add(&out_runs->processor_ns_a_command,
                   (double)run.window.processor_ns / (double)run.commands);
        out_runs->windows.elapsed_ns += run.window.elapsed_ns;
        out_runs->windows.allocations += run.window.allocations;
        out_runs->windows.page_faults += run.window.page_faults;
        out_runs->hot_bytes = run.hot_bytes;
        out_runs->orders_peak = run.orders_peak;
    }
    struct venue_run sampled = venue_run(venue, VENUE_SAMPLED, &out_runs->latency);
    must_equal(&sampled, &out_runs->first);
}

void bench_check_windows(struct report *report, const char *name, const struct window *windows)
{
    char title[64];
    snprintf(title, sizeof title, "%s_allocations", name);
    report_check(report, title, REPORT_AT_MOST, (double)windows->allocations, 0);
    snprintf(title, sizeof title, "%s_page_faults", name);
    report_check(report, title, REPORT_AT_MOST, (double)windows->page_faults, 0);
}

void bench_report_engine(struct report *report, const char *name, const struct bench_runs *runs)
{
    char title[64];
    report_rate(report, name, &runs->ns_a_command);
    snprintf(title, sizeof title, "%s_processor_ns", name);
    report_series(report, title, "ns", &runs->processor_ns_a_command);
    report_latency(report, name, &runs->latency);
    bench_check_windows(report, name, &runs->windows);
}

enum status bench_slice(const struct workload *workload, unsigned ahead_step)
{
    struct venue venue;
    enum status status = venue_open(&venue, workload, ahead_step);
    if (status == STATUS_OK) {
        struct venue_run run = venue_run(&venue, VENUE_TIMED, NULL);
        printf("commands %llu ns %.1f processor ns %.1f\n", (unsigned long long)run.commands,
               (double)run.window.elapsed_ns / (double)run.commands,
               (double)run.window.processor_ns / (double)run.commands);
        venue_close(&venue);
    }
    return status;
}

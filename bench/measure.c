/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/measure.h"

#include "base/assert.h"

#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#define RATE_NS     INT64_C(50000000)
#define COST_ROUNDS 1000

static struct {
    double ns_a_tick;
    uint64_t cost_ticks;
} clock_facts = {.ns_a_tick = 1};

void measure_pin(unsigned core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    /* A container may forbid it: then the figures are only noisier. */
    (void)sched_setaffinity(0, sizeof cores, &cores);
}

void measure_start(unsigned core)
{
    measure_pin(core);
    int64_t begin_ns = host_clock_monotonic_ns();
    uint64_t begin = measure_ticks();
    int64_t end_ns;
    do {
        end_ns = host_clock_monotonic_ns();
    } while (end_ns - begin_ns < RATE_NS);
    uint64_t end = measure_ticks();
    clock_facts.ns_a_tick = (double)(end_ns - begin_ns) / (double)(end - begin);
    uint64_t cost = UINT64_MAX;
    for (int i = 0; i < COST_ROUNDS; i++) {
        uint64_t first = measure_ticks();
        uint64_t second = measure_ticks();
        cost = second - first < cost ? second - first : cost;
    }
    clock_facts.cost_ticks = cost;
}

uint64_t measure_ns_of(uint64_t ticks)
{
    return (uint64_t)((double)ticks * clock_facts.ns_a_tick + 0.5);
}

uint64_t measure_between_ns(uint64_t begin_ticks, uint64_t end_ticks)
{
    uint64_t ticks = end_ticks - begin_ticks;
    return measure_ns_of(ticks > clock_facts.cost_ticks ? ticks - clock_facts.cost_ticks : 0);
}

static uint64_t page_faults(void)
{
    struct rusage usage;
    int failed = getrusage(RUSAGE_THREAD, &usage);
    ASSERT(failed == 0);
    return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

static uint64_t processor_ns(void)
{
    struct timespec time;
    int failed = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    ASSERT(failed == 0);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void window_begin(struct window *window)
{
    window->begin_allocations = measure_allocations();
    window->begin_page_faults = page_faults();
    window->begin_processor_ns = processor_ns();
    window->begin_ns = host_clock_monotonic_ns();
}

void window_end(struct window *window)
{
    window->elapsed_ns += (uint64_t)(host_clock_monotonic_ns() - window->begin_ns);
    window->processor_ns += processor_ns() - window->begin_processor_ns;
    window->page_faults += page_faults() - window->begin_page_faults;
    window->allocations += measure_allocations() - window->begin_allocations;
}

void series_add(struct series *series, double value)
{
    ASSERT(series->count < SERIES_MAX);
    unsigned at = series->count++;
    for (; at > 0 && series->values[at - 1] > value; at--) {
        series->values[at] = series->values[at - 1];
    }
    series->values[at] = value;
}

double series_median(const struct series *series)
{
    ASSERT(series->count > 0);
    unsigned half = series->count / 2;
    return series->count % 2 != 0 ? series->values[half]
                                  : (series->values[half - 1] + series->values[half]) / 2;
}

double series_min(const struct series *series)
{
    ASSERT(series->count > 0);
    return series->values[0];
}

double series_max(const struct series *series)
{
    ASSERT(series->count > 0);
    return series->values[series->count - 1];
}

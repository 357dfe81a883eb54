/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/report.h"

#include "base/assert.h"
#include "bench/machine.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define MIX_POINTS_MAX 2.0
#define STOLEN_NS      10000u
#define JSON_DIGITS    7

static json_t *section_of(struct report *report, const char *section)
{
    json_t *object = json_object_get(report->root, section);
    if (object == NULL) {
        object = json_object();
        json_object_set_new(report->root, section, object);
    }
    return object;
}

static void set(struct report *report, const char *section, const char *name, json_t *value)
{
    int failed = json_object_set_new(section_of(report, section), name, value);
    ASSERT(failed == 0);
}

void report_open(struct report *report, const char *name, const struct report_options *options)
{
    *report = (struct report){.name = name,
                              .directory = options->directory,
                              .root = json_object(),
                              .passed = true,
                              .floors = !options->quick};
    ASSERT(report->root != NULL);
    struct machine machine;
    machine_describe(&machine);
    json_object_set_new(report->root, "workload", json_string(name));
    json_object_set_new(report->root, "date", json_string(machine.date));
    json_object_set_new(report->root, "commit",
                        json_string(options->commit != NULL ? options->commit : "unknown"));
    json_object_set_new(report->root, "quick", json_boolean(options->quick));
    json_object_set_new(report->root, "runs", json_integer(options->runs));
    json_object_set_new(report->root, "seed", json_integer((json_int_t)options->seed));
    printf("%s\n", name);
    report_text(report, "machine", "processor", machine.processor);
    report_count(report, "machine", "cores", machine.cores);
    report_count(report, "machine", "core", options->core);
    report_text(report, "machine", "kernel", machine.kernel);
    report_text(report, "machine", "compiler", machine.compiler);
}

void report_count(struct report *report, const char *section, const char *name, uint64_t value)
{
    set(report, section, name, json_integer((json_int_t)value));
    printf("  %-12s %-34s %12llu\n", section, name, (unsigned long long)value);
}

void report_real(struct report *report, const char *section, const char *name, double value)
{
    set(report, section, name, json_real(value));
    printf("  %-12s %-34s %12.2f\n", section, name, value);
}

void report_text(struct report *report, const char *section, const char *name, const char *value)
{
    set(report, section, name, json_string(value));
    printf("  %-12s %-34s %s\n", section, name, value);
}

void report_series(struct report *report, const char *name, const char *unit,
                   const struct series *series)
{
    double median = series_median(series);
    double lowest = series_min(series);
    double highest = series_max(series);
    set(report, "figures", name,
        json_pack("{s:s, s:f, s:f, s:f, s:i}", "unit", unit, "median", median, "min", lowest, "max",
                  highest, "runs", (int)series->count));
    printf("  %-12s %-34s %12.2f %-8s (%.2f to %.2f, %u runs)\n", "figures", name, median, unit,
           lowest, highest, series->count);
}

void report_rate(struct report *report, const char *name, const struct series *ns_a_command)
{
    struct series millions = {.count = 0};
    for (unsigned i = 0; i < ns_a_command->count; i++) {
        series_add(&millions, 1e3 / ns_a_command->values[i]);
    }
    char title[64];
    report_series(report, name, "M/s", &millions);
    snprintf(title, sizeof title, "%s_ns", name);
    report_series(report, title, "ns", ns_a_command);
}

void report_latency(struct report *report, const char *name, const struct histogram *histogram)
{
    static const struct {
        const char *name;
        uint64_t parts;
    } marks[] = {{"p50", 5000}, {"p90", 9000}, {"p99", 9900}, {"p99.9", 9990}};
    json_t *object = json_object();
    json_object_set_new(object, "unit", json_string("ns"));
    json_object_set_new(object, "samples", json_integer((json_int_t)histogram->count));
    printf("  %-12s %-34s", "latency ns", name);
    for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
        uint64_t value = histogram_percentile(histogram, marks[i].parts, 10000);
        json_object_set_new(object, marks[i].name, json_integer((json_int_t)value));
        printf(" %s %llu", marks[i].name, (unsigned long long)value);
    }
    uint64_t stolen = 0;
    for (size_t i = histogram_bucket(STOLEN_NS) + 1; i < HISTOGRAM_BUCKET_COUNT; i++) {
        stolen += histogram->buckets[i];
    }
    json_object_set_new(object, "max", json_integer((json_int_t)histogram->value_max));
    json_object_set_new(object, "above_10us", json_integer((json_int_t)stolen));
    printf(" max %llu, above 10 us %llu of %llu\n", (unsigned long long)histogram->value_max,
           (unsigned long long)stolen, (unsigned long long)histogram->count);
    set(report, "latency", name, object);
}

void report_check(struct report *report, const char *name, enum report_limit kind, double value,
                  double limit)
{
    bool holds = kind == REPORT_AT_MOST ? value <= limit : value >= limit;
    bool decides = kind != REPORT_FLOOR || report->floors;
    if (!holds && decides) {
        report->passed = false;
    }
    const char *relation = kind == REPORT_AT_MOST ? "at most" : "at least";
    set(report, "checks", name,
        json_pack("{s:f, s:s, s:f, s:b, s:b}", "value", value, "relation", relation, "limit", limit,
                  "holds", (int)holds, "decides", (int)decides));
    printf("  %-12s %-34s %12.3f %s %.3f: %s\n", "check", name, value, relation, limit,
           holds     ? "holds"
           : decides ? "FAILS"
                     : "below, and does not decide in a quick run");
}

void report_share(struct report *report, const char *name, uint64_t part, uint64_t whole,
                  double specified)
{
    double share = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
    double points = share > specified ? share - specified : specified - share;
    bool holds = points <= MIX_POINTS_MAX;
    if (!holds) {
        report->passed = false;
    }
    set(report, "mix", name,
        json_pack("{s:f, s:f, s:b}", "percent", share, "specified", specified, "holds",
                  (int)holds));
    printf("  %-12s %-34s %12.2f %% of %.2f specified%s\n", "mix", name, share, specified,
           holds ? "" : ": FAILS, more than 2 points away");
}

enum status report_close(struct report *report)
{
    json_object_set_new(report->root, "passed", json_boolean(report->passed));
    int failed = 0;
    if (report->directory != NULL) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s.json", report->directory, report->name);
        failed = length < 0 || (size_t)length >= sizeof path ||
                 json_dump_file(report->root, path,
                                JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS)) != 0;
        printf("  %s %s\n", failed ? "could not write" : "wrote", path);
    }
    json_decref(report->root);
    report->root = NULL;
    return failed ? STATUS_IO : STATUS_OK;
}

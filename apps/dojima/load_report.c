/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/load.h"

#include <inttypes.h>
#include <string.h>

struct column {
    const char *name;
    uint64_t parts;
    uint64_t whole;
};

static const struct column columns[] = {
    {"p50", 50, 100}, {"p90", 90, 100}, {"p99", 99, 100}, {"p99.9", 999, 1000}, {"max", 1, 1}};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static uint64_t goodput(const struct load_result *result)
{
    uint64_t done = result->accepted + result->cancelled + result->change_refused;
    return result->elapsed_s > 0 ? (uint64_t)((double)done / result->elapsed_s) : 0;
}

static void print_row(const char *name, const struct histogram *histogram, FILE *out)
{
    fprintf(out, "  %-26s%10" PRIu64, name, histogram->count);
    for (size_t i = 0; i < COLUMN_COUNT && histogram->count > 0; i++) {
        fprintf(out, "%11.1f",
                (double)histogram_percentile(histogram, columns[i].parts, columns[i].whole) / 1e3);
    }
    fprintf(out, "\n");
}

void load_print(const struct load_options *options, const struct load_result *result, FILE *out)
{
    if (options->rate > 0) {
        fprintf(out, "open loop, %" PRIu64 " requests a second", options->rate);
    } else {
        fprintf(out, "closed loop, %" PRIu64 " under way a session", options->window);
    }
    fprintf(out, ", %u sessions, %.1f s, mix %u rest %u cancel %u take\n", options->session_count,
            result->elapsed_s, options->mix[0], options->mix[1], options->mix[2]);
    fprintf(out,
            "  sent %" PRIu64 ", not sent %" PRIu64 ", accepted %" PRIu64 ", rejected %" PRIu64
            ", cancelled %" PRIu64 ", already gone %" PRIu64 ", not sequenced %" PRIu64
            ", unanswered %" PRIu64 ", fills %" PRIu64 ", connections lost %" PRIu64 "\n",
            result->sent, result->not_sent, result->accepted, result->rejected, result->cancelled,
            result->change_refused, result->not_sequenced, result->unanswered, result->fills,
            result->downs);
    fprintf(out, "  goodput %" PRIu64 " requests a second\n", goodput(result));
    fprintf(out, "  %-26s%10s", "us", "count");
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        fprintf(out, "%11s", columns[i].name);
    }
    fprintf(out, "\n");
    print_row("order to its answer", &result->orders, out);
    print_row("cancel to its answer", &result->cancels, out);
    print_row("refusal at the door", &result->refused, out);
    print_row("schedule to send", &result->late, out);
}

static void print_json_row(const char *name, const struct histogram *histogram, FILE *out)
{
    static const char *const names[COLUMN_COUNT] = {"p50", "p90", "p99", "p99_9", "max"};
    fprintf(out, ",\"%s\":{\"count\":%" PRIu64, name, histogram->count);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        fprintf(out, ",\"%s_ns\":%" PRIu64, names[i],
                histogram_percentile(histogram, columns[i].parts, columns[i].whole));
    }
    fprintf(out, "}");
}

void load_print_json(const struct load_options *options, const struct load_result *result,
                     FILE *out)
{
    fprintf(out, "{\"loop\":\"%s\",\"rate\":%" PRIu64 ",\"window\":%" PRIu64 ",\"sessions\":%u",
            options->rate > 0 ? "open" : "closed", options->rate,
            options->rate > 0 ? 0 : options->window, options->session_count);
    fprintf(out,
            ",\"protocol\":\"%s\",\"elapsed_s\":%.3f,\"sent\":%" PRIu64 ",\"accepted\":%" PRIu64
            ",\"rejected\":%" PRIu64 ",\"cancelled\":%" PRIu64 ",\"already_gone\":%" PRIu64,
            options->session.protocol == DOJIMA_OUCH ? "ouch" : "native", result->elapsed_s,
            result->sent, result->accepted, result->rejected, result->cancelled,
            result->change_refused);
    fprintf(out,
            ",\"not_sequenced\":%" PRIu64 ",\"cancels_not_sequenced\":%" PRIu64
            ",\"unanswered\":%" PRIu64 ",\"not_sent\":%" PRIu64 ",\"fills\":%" PRIu64
            ",\"connections_lost\":%" PRIu64 ",\"goodput_per_s\":%" PRIu64,
            result->not_sequenced, result->cancels_not_sequenced, result->unanswered,
            result->not_sent, result->fills, result->downs, goodput(result));
    print_json_row("order", &result->orders, out);
    print_json_row("cancel", &result->cancels, out);
    print_json_row("refusal", &result->refused, out);
    print_json_row("late", &result->late, out);
    fprintf(out, "}\n");
}

/* One line a bucket that is not empty: the value, the share at or below it, the count so far, and
 * 1 / (1 - share). Source: the text that HdrHistogram calls its percentile distribution. */
bool load_write_hgrm(const struct load_result *result, const char *path)
{
    static struct histogram all;
    memset(&all, 0, sizeof all);
    histogram_merge(&all, &result->orders);
    histogram_merge(&all, &result->cancels);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        return false;
    }
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
            "1/(1-Percentile)");
    uint64_t seen = 0;
    for (size_t bucket = 0; bucket < HISTOGRAM_BUCKET_COUNT && seen < all.count; bucket++) {
        if (all.buckets[bucket] == 0) {
            continue;
        }
        seen += all.buckets[bucket];
        uint64_t last = histogram_bucket_last(bucket);
        double value = (double)(last < all.value_max ? last : all.value_max) / 1e3;
        double share = (double)seen / (double)all.count;
        fprintf(out, "%12.3f %2.12f %10" PRIu64, value, share, seen);
        if (seen < all.count) {
            fprintf(out, " %14.2f", 1.0 / (1.0 - share));
        }
        fprintf(out, "\n");
    }
    double mean = all.count > 0 ? (double)all.value_sum / (double)all.count / 1e3 : 0;
    fprintf(out, "#[Mean    = %12.3f]\n", mean);
    fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n",
            (double)all.value_max / 1e3, all.count);
    bool written = ferror(out) == 0;
    return fclose(out) == 0 && written;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/report.h"

#include "wire/native/command_codec.h"

#include <jansson.h>

#define LADDER_LEVELS 5

static double per_second(double count, double seconds)
{
    return seconds > 0 ? count / seconds : 0;
}

static void print_messages(const struct report *report, FILE *out)
{
    const struct importer_counts *counts = importer_count(report->importer);
    const struct flow_progress *progress = report->progress;
    fprintf(out, "messages            %14llu   %s%s\n", (unsigned long long)progress->messages_read,
            report->description->format_name,
            report->description->compressed ? ", compressed" : "");
    for (unsigned kind = 0; kind < FLOW_KIND_COUNT; kind++) {
        if (counts->by_kind[kind] > 0) {
            fprintf(out, "  %-18s%14llu\n", flow_kind_name((enum flow_kind)kind),
                    (unsigned long long)counts->by_kind[kind]);
        }
    }
    fprintf(out, "  by recorded type ");
    for (unsigned type = 0; type < 256; type++) {
        if (progress->by_type[type] > 0) {
            fprintf(out, type >= 0x21 && type <= 0x7e ? " %c %llu" : " 0x%02x %llu", type,
                    (unsigned long long)progress->by_type[type]);
        }
    }
    fputc('\n', out);
    if (progress->fills_consumed + progress->fills_unbooked > 0) {
        fprintf(out, "  fills booked by another record %llu, never booked %llu\n",
                (unsigned long long)progress->fills_consumed,
                (unsigned long long)progress->fills_unbooked);
    }
    if (progress->messages_missed + progress->messages_repeated + progress->packets_ignored > 0) {
        fprintf(out, "  packets: %llu messages missed, %llu repeated, %llu frames ignored\n",
                (unsigned long long)progress->messages_missed,
                (unsigned long long)progress->messages_repeated,
                (unsigned long long)progress->packets_ignored);
    }
}

static void print_executions(const struct report *report, FILE *out)
{
    const struct importer_counts *counts = importer_count(report->importer);
    uint64_t checked = counts->executions_checked;
    double share = checked > 0 ? 100.0 / (double)checked : 0;
    fprintf(out, "executions checked  %14llu\n", (unsigned long long)checked);
    fprintf(out, "  same order        %14llu   %6.2f%%  our queue filled the recorded order\n",
            (unsigned long long)counts->executions_same_order,
            share * (double)counts->executions_same_order);
    fprintf(out, "  same price        %14llu   %6.2f%%\n",
            (unsigned long long)counts->executions_same_price,
            share * (double)counts->executions_same_price);
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        {"off the book", counts->off_book_executions},
        {"hidden", counts->hidden_executions},
        {"prints and crosses", counts->trade_notes},
        {"unknown references", counts->unknown_references},
        {"references to gone", counts->gone_references},
        {"excess quantities", counts->excess_quantities},
        {"halts", counts->halts},
        {"cleared orders", counts->cleared_orders},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].count > 0) {
            fprintf(out, "%-20s%14llu\n", rows[i].name, (unsigned long long)rows[i].count);
        }
    }
    for (uint64_t i = 0; i < report->difference_count && i < REPORT_DIFFERENCES_MAX; i++) {
        const struct importer_difference *difference = &report->differences[i];
        fprintf(out, "  %s %llu: %s %s %u of order %llu recorded, the queue's head is %.*s\n",
                report->position_is_line ? "line" : "byte",
                (unsigned long long)difference->position, difference->symbol,
                side_name(difference->side), difference->quantity,
                (unsigned long long)difference->recorded,
                difference->expected.count > 0 ? difference->expected.count : 7,
                difference->expected.count > 0 ? difference->expected.bytes : "nothing");
    }
    if (report->difference_count > REPORT_DIFFERENCES_MAX) {
        fprintf(out, "  ... %llu differences in all: --differences FILE keeps them\n",
                (unsigned long long)report->difference_count);
    }
}

static void print_commands(const struct report *report, FILE *out)
{
    const struct importer_counts *counts = importer_count(report->importer);
    fprintf(out, "commands            %14llu\n", (unsigned long long)report->counts.commands);
    for (unsigned id = 1; id <= COMMAND_KIND_COUNT; id++) {
        if (counts->by_command[id] > 0) {
            fprintf(out, "  %-18s%14llu\n", command_name(id),
                    (unsigned long long)counts->by_command[id]);
        }
    }
    fprintf(out, "events              %14llu\n", (unsigned long long)report->counts.events);
    fprintf(out, "orders accepted     %14llu   live %llu\n",
            (unsigned long long)counts->orders_accepted, (unsigned long long)report->orders_live);
    fprintf(out, "trades              %14llu   volume %llu\n", (unsigned long long)counts->trades,
            (unsigned long long)counts->traded_volume);
    if (counts->entry_trades > 0) {
        fprintf(out, "  by recorded adds  %14llu   they crossed orders the input never removed\n",
                (unsigned long long)counts->entry_trades);
    }
    fprintf(out, "rejected            %14llu\n", (unsigned long long)counts->rejected);
    for (unsigned code = 1; code <= REJECT_COUNT; code++) {
        if (counts->by_reject[code] > 0) {
            fprintf(out, "  %-30s %llu\n", reject_name(code),
                    (unsigned long long)counts->by_reject[code]);
        }
    }
}

const char *report_price(int64_t units, unsigned scale, char out[REPORT_PRICE_BYTES])
{
    if (units == PRICE_NONE) {
        return "-";
    }
    uint64_t power = 1;
    for (unsigned i = 0; i < scale; i++) {
        power *= 10;
    }
    uint64_t size = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    snprintf(out, REPORT_PRICE_BYTES, "%s%llu.%0*llu", units < 0 ? "-" : "",
             (unsigned long long)(size / power), (int)scale, (unsigned long long)(size % power));
    return out;
}

static void print_ladder(const struct report *report, FILE *out)
{
    const struct importer_instrument *busiest = importer_busiest(report->importer);
    if (busiest == NULL) {
        return;
    }
    struct engine_level buys[LADDER_LEVELS];
    struct engine_level sells[LADDER_LEVELS];
    size_t buy_count =
        engine_levels(report->engine, busiest->number, SIDE_BUY, buys, LADDER_LEVELS);
    size_t sell_count =
        engine_levels(report->engine, busiest->number, SIDE_SELL, sells, LADDER_LEVELS);
    fprintf(out, "busiest of %u: %s, %llu messages\n", importer_instrument_count(report->importer),
            busiest->symbol, (unsigned long long)busiest->messages);
    fprintf(out, "  orders   quantity          buy          sell   quantity   orders\n");
    for (size_t i = 0; i < buy_count || i < sell_count; i++) {
        char price[REPORT_PRICE_BYTES];
        if (i < buy_count) {
            fprintf(out, "%8u %10lld %12s", buys[i].orders, (long long)buys[i].quantity.lots,
                    report_price(buys[i].price.units, busiest->price_scale, price));
        } else {
            fprintf(out, "%32s", "");
        }
        if (i < sell_count) {
            fprintf(out, "  %12s %10lld %8u",
                    report_price(sells[i].price.units, busiest->price_scale, price),
                    (long long)sells[i].quantity.lots, sells[i].orders);
        }
        fputc('\n', out);
    }
}

static void print_hop(FILE *out, const char *name, const struct histogram *histogram)
{
    if (histogram->count == 0) {
        return;
    }
    fprintf(out, "  %-18s%10llu %10llu %10llu %12llu\n", name,
            (unsigned long long)histogram_percentile(histogram, 1, 2),
            (unsigned long long)histogram_percentile(histogram, 99, 100),
            (unsigned long long)histogram_percentile(histogram, 999, 1000),
            (unsigned long long)histogram->value_max);
}

static void print_speed(const struct report *report, FILE *out)
{
    double commands = (double)report->counts.commands;
    fprintf(out, "elapsed             %14.3f s %.0f commands/s, %.0f messages/s\n",
            report->elapsed_s, per_second(commands, report->elapsed_s),
            per_second((double)report->progress->messages_read, report->elapsed_s));
    fprintf(out, "  ns, 1 in 16              p50        p99      p99.9          max\n");
    print_hop(out, "read", &report->hops->read);
    print_hop(out, "append", &report->hops->append);
    print_hop(out, "engine", &report->hops->engine);
    print_hop(out, "hold", &report->hops->hold);
    print_hop(out, "message", &report->hops->message);
    print_hop(out, "batch released", &report->hops->release);
    fprintf(out, "bytes a command     %14.1f   with padding %.1f; its events %.1f and %.1f\n",
            per_second((double)report->commands.record_bytes, commands),
            per_second((double)report->commands.used_bytes, commands),
            per_second((double)report->events.record_bytes, commands),
            per_second((double)report->events.used_bytes, commands));
    unsigned long long used_bytes = report->commands.used_bytes + report->events.used_bytes;
    unsigned long long batches = report->commands.batches + report->events.batches;
    unsigned long long syncs = report->commands.syncs + report->events.syncs;
    fprintf(out, "log bytes           %14llu   %llu batches, %llu syncs this run%s\n", used_bytes,
            batches, syncs, report->commands.direct ? ", past the page cache" : "");
}

void report_print(const struct report *report, FILE *out)
{
    print_messages(report, out);
    print_executions(report, out);
    print_commands(report, out);
    print_ladder(report, out);
    print_speed(report, out);
    if (report->counts.commands_logged > 0) {
        fprintf(out,
                "resumed             %14llu commands found, %llu of their events compared, "
                "%llu made again\n",
                (unsigned long long)report->counts.commands_logged,
                (unsigned long long)report->counts.events_compared,
                (unsigned long long)report->counts.events_recovered);
    }
    fprintf(out, "last sequence       %14llu\n", (unsigned long long)report->counts.commands);
    fprintf(out, "state hash          %s\n", report->state_hash);
}

static void set_number(json_t *object, const char *name, uint64_t number)
{
    if (json_object_set_new(object, name, json_integer((json_int_t)number)) != 0) {
        ASSERT(false); /* a name and an integer fail for want of memory alone */
    }
}

static void add_cut(json_t *cuts, const char *log, const struct journal_report *report)
{
    json_t *cut = json_object();
    json_object_set_new(cut, "log", json_string(log));
    set_number(cut, "first_sequence", report->bad_sequence);
    json_object_set_new(cut, "last_sequence",
                        report->cut_last_sequence != 0
                            ? json_integer((json_int_t)report->cut_last_sequence)
                            : json_null());
    set_number(cut, "segment", report->bad_segment);
    set_number(cut, "offset", report->bad_offset);
    set_number(cut, "nonzero_bytes", report->nonzero_bytes);
    json_object_set_new(cut, "reason", json_string(report->reason));
    json_array_append_new(cuts, cut);
}

/* What the start has cut from the ends of the two logs; empty after a clean stop. */
static json_t *cuts_of(const struct shard *shard)
{
    json_t *cuts = json_array();
    if (shard->commands_cut) {
        add_cut(cuts, "commands", &shard->commands_report);
    }
    if (shard->events_cut) {
        add_cut(cuts, "events", &shard->events_report);
    }
    return cuts;
}

enum status report_print_json(const struct report *report, FILE *out)
{
    const struct importer_counts *counts = importer_count(report->importer);
    json_t *object = json_object();
    if (object == NULL) {
        return STATUS_NO_MEMORY;
    }
    json_object_set_new(object, "format", json_string(report->description->format_name));
    set_number(object, "input_messages", report->progress->messages_read);
    set_number(object, "commands", report->counts.commands);
    set_number(object, "events", report->counts.events);
    set_number(object, "orders_live", report->orders_live);
    set_number(object, "executions_checked", counts->executions_checked);
    set_number(object, "executions_same_order", counts->executions_same_order);
    set_number(object, "executions_same_price", counts->executions_same_price);
    set_number(object, "unknown_references", counts->unknown_references);
    json_object_set_new(object, "elapsed_s", json_real(report->elapsed_s));
    double rate = per_second((double)report->counts.commands, report->elapsed_s);
    set_number(object, "commands_per_s", (uint64_t)rate);
    set_number(object, "engine_ns_p50", histogram_percentile(&report->hops->engine, 1, 2));
    set_number(object, "engine_ns_p99", histogram_percentile(&report->hops->engine, 99, 100));
    set_number(object, "last_sequence", report->counts.commands);
    json_object_set_new(object, "state_hash", json_string(report->state_hash));
    set_number(object, "journal_bytes", report->commands.used_bytes + report->events.used_bytes);
    json_object_set_new(object, "cuts", cuts_of(report->shard));
    set_number(object, "rejected", counts->rejected);
    int failed = json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    json_decref(object);
    fputc('\n', out);
    return failed == 0 ? STATUS_OK : STATUS_IO;
}

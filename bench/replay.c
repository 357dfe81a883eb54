/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "bench/bench.h"
#include "host/disk.h"
#include "journal/embedded/embedded.h"
#include "sequencer/sequencer.h"

#include <stdio.h>

#define FLOOR_RATIO 0.7
#define TICK_EVERY  64u

/* A sequencer over the two logs of the benchmark, and the engine it drives. */
struct shop {
    struct host_block block;
    struct engine *engine;
    struct sequencer *sequencer;
    struct sequencer_fault fault;
};

static enum status open_log(const char *data, enum journal_kind kind, struct journal **out_journal)
{
    char path[HOST_PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", data, kind == JOURNAL_COMMANDS ? "commands" : "events");
    /* Nothing here needs to survive a loss of power. */
    struct journal_options options = {.kind = kind, .ack = JOURNAL_ACK_MEMORY, .writer_threads = 1};
    struct journal_report report;
    return journal_embedded_open(host_disk_posix(), path, &options, &report, out_journal);
}

static enum status build(struct arena *arena, const struct workload *workload,
                         struct sequencer_options *options, struct shop *shop)
{
    struct command_genesis genesis = workload_genesis(workload);
    enum status status = engine_init(arena, &genesis, &shop->engine);
    options->engine = shop->engine;
    return status;
}

static enum status open_shop(const char *data, const struct workload *workload, struct shop *shop)
{
    *shop = (struct shop){.sequencer = NULL};
    struct sequencer_options options = {.held_bytes = 0};
    struct arena arena;
    arena_init_measure(&arena);
    enum status status = build(&arena, workload, &options, shop);
    /* The sequencer's part cannot be measured without an engine: held events twice, stamps. */
    size_t bytes = arena.used + ((size_t)64 << 20);
    if (status == STATUS_OK) {
        status = host_block_open(bytes, true, &shop->block);
    }
    if (status == STATUS_OK) {
        arena_init(&arena, shop->block.bytes, shop->block.count);
        status = build(&arena, workload, &options, shop);
    }
    if (status == STATUS_OK) {
        status = open_log(data, JOURNAL_COMMANDS, &options.commands);
    }
    if (status == STATUS_OK) {
        status = open_log(data, JOURNAL_EVENTS, &options.events);
    }
    if (status == STATUS_OK) {
        status = sequencer_open(&arena, &options, &shop->fault, &shop->sequencer);
    }
    return status;
}

static enum status close_shop(struct shop *shop)
{
    enum status status = sequencer_close(shop->sequencer, true);
    host_block_close(&shop->block);
    return status;
}

static enum status write_logs(const char *data, const struct workload *workload,
                              struct sequencer_counts *out_counts, uint64_t *out_elapsed_ns)
{
    struct shop shop;
    enum status status = open_shop(data, workload, &shop);
    size_t commands = workload_setup_count(workload) + workload->count;
    int64_t begin_ns = host_clock_monotonic_ns();
    for (size_t i = 0; i < commands && status == STATUS_OK; i++) {
        struct command command;
        workload_command(workload, i, &command);
        status = sequencer_submit(shop.sequencer, &command);
        if (status == STATUS_OK && i % TICK_EVERY == 0) {
            status = sequencer_tick(shop.sequencer, UINT64_MAX);
        }
    }
    if (status == STATUS_OK) {
        status = sequencer_flush(shop.sequencer);
    }
    *out_elapsed_ns = (uint64_t)(host_clock_monotonic_ns() - begin_ns);
    if (status == STATUS_OK) {
        sequencer_count(shop.sequencer, out_counts);
    }
    enum status closed = close_shop(&shop);
    return status == STATUS_OK ? closed : status;
}

static enum status recover(const char *data, const struct workload *workload,
                           const struct sequencer_counts *written, uint64_t *out_elapsed_ns)
{
    struct shop shop;
    enum status status = open_shop(data, workload, &shop);
    int64_t begin_ns = host_clock_monotonic_ns();
    if (status == STATUS_OK) {
        status = sequencer_recover(shop.sequencer);
    }
    *out_elapsed_ns = (uint64_t)(host_clock_monotonic_ns() - begin_ns);
    if (status == STATUS_OK) {
        struct sequencer_counts counts;
        sequencer_count(shop.sequencer, &counts);
        ASSERT(counts.commands == written->commands && counts.events == written->events &&
               counts.event_hash == written->event_hash &&
               counts.events_compared == written->events);
    }
    enum status closed = close_shop(&shop);
    return status == STATUS_OK ? closed : status;
}

enum status bench_replay(const struct bench_options *options, const struct workload *workload,
                         struct venue *venue, struct report *report)
{
    struct sequencer_counts written = {0};
    uint64_t elapsed_ns = 0;
    enum status status = write_logs(options->data, workload, &written, &elapsed_ns);
    double commands = (double)written.commands;
    struct series ns_a_command = {.count = 0};
    struct series ratios = {.count = 0};
    for (unsigned i = 0; i < options->replay_runs && status == STATUS_OK; i++) {
        struct venue_run run = venue_run(venue, VENUE_TIMED, NULL);
        uint64_t recover_ns = 0;
        status = recover(options->data, workload, &written, &recover_ns);
        double engine_ns = (double)run.window.elapsed_ns / (double)run.commands;
        double replay_ns = (double)recover_ns / commands;
        if (status == STATUS_OK) {
            series_add(&ns_a_command, replay_ns);
            series_add(&ratios, engine_ns / replay_ns);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    report_count(report, "replay", "commands", written.commands);
    report_count(report, "replay", "events_compared", written.events);
    report_real(report, "replay", "written_m_s", commands * 1e3 / (double)elapsed_ns);
    report_rate(report, "replay", &ns_a_command);
    report_series(report, "replay_to_engine", "ratio", &ratios);
    report_check(report, "replay_to_engine", REPORT_FLOOR, series_median(&ratios), FLOOR_RATIO);
    return STATUS_OK;
}

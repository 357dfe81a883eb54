/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a start from a snapshot takes, and of what it is made: a shard with so many accounts and
 * resting orders is written once (unless DIR is there already), a snapshot of it made, and then
 * started from again and again.
 *
 *   dojima_snapshot_bench DIR [ORDERS [ACCOUNTS [RUNS [BEHIND]]]]
 *
 * Prints one line a run, milliseconds: opening the logs, reading the snapshot and loading the
 * engine, replaying what came after it (BEHIND commands), loading the streams, all together, and
 * how much of that the kernel took: most of it clears pages at their first touch.
 */
#include "apps/dojima/shard.h"
#include "apps/dojima/snapshot_make.h"
#include "base/hash.h"
#include "host/clock.h"
#include "stream/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define INSTRUMENTS 100u

struct run {
    const char *directory;
    uint64_t orders;
    uint64_t accounts;
    uint64_t runs;
    uint64_t behind;
};

static double since_ms(int64_t begin_ns)
{
    return (double)(host_clock_monotonic_ns() - begin_ns) / 1e6;
}

static struct command_genesis limits_of(const struct run *run)
{
    return (struct command_genesis){.logic_version = 1,
                                    .max_assets = 256,
                                    .max_instruments = 1024,
                                    .max_accounts = (uint32_t)(run->accounts + run->accounts / 8),
                                    .max_sessions = 1024,
                                    .max_orders = (uint32_t)(run->orders + run->orders / 8),
                                    .max_levels = 262144,
                                    .max_events_per_command = 4096,
                                    .max_timers_per_command = 256,
                                    .max_recent_names = (uint32_t)(run->orders * 2),
                                    .resend_window_s = 86400};
}

static enum status submit(struct shard *shard, uint8_t id, struct command command)
{
    command.header.id = id;
    command.header.version = 1;
    command.header.time_ns = 1000000000;
    return sequencer_submit(shard->sequencer, &command);
}

static enum status list(struct shard *shard)
{
    enum status status =
        submit(shard, COMMAND_GENESIS, (struct command){.genesis = shard->genesis});
    for (uint32_t asset = 1; asset <= 2 && status == STATUS_OK; asset++) {
        status = submit(shard, COMMAND_LIST_ASSET,
                        (struct command){.list_asset = {asset, 4, {.bytes = "AB"}}});
    }
    for (uint32_t i = 1; i <= INSTRUMENTS && status == STATUS_OK; i++) {
        status = submit(shard, COMMAND_LIST_INSTRUMENT,
                        (struct command){.list_instrument = {.instrument = i,
                                                             .base_asset = 2,
                                                             .quote_asset = 1,
                                                             .price_scale = 4,
                                                             .tick = {1},
                                                             .lowest_price = {1},
                                                             .highest_price = {1000000},
                                                             .lot = {1},
                                                             .largest_quantity = {1000000},
                                                             .multiplier = 1,
                                                             .symbol = {.bytes = "RICE"}}});
    }
    return status;
}

/* Order `i` rests: bids from 1 to 500, offers from 501 to 1000. */
static enum status enter(struct shard *shard, const struct run *run, uint64_t i)
{
    uint64_t dice = hash_mix64(i + 1);
    bool sells = (dice & 1) != 0;
    return submit(
        shard, COMMAND_NEW_ORDER,
        (struct command){.new_order = {.account = i % run->accounts + 1,
                                       .price = {(int64_t)(dice >> 32) % 500 + (sells ? 501 : 1)},
                                       .quantity = {(int64_t)(dice >> 8) % 1000 + 1},
                                       .instrument = (uint32_t)(dice >> 20) % INSTRUMENTS + 1,
                                       .side = sells ? SIDE_SELL : SIDE_BUY,
                                       .order_type = ORDER_TYPE_LIMIT,
                                       .time_in_force = TIME_IN_FORCE_GTC,
                                       .capacity = CAPACITY_AGENCY,
                                       .client_order_id = text36_from_number(i + 1)}});
}

static enum status open_shard(const struct run *run, struct shard *shard)
{
    struct shard_options options = {.directory = run->directory,
                                    .mode = SHARD_RESUME,
                                    .ack = JOURNAL_ACK_MEMORY,
                                    .at_once = true,
                                    .genesis = limits_of(run),
                                    .snapshots = true};
    return shard_open(shard, &options);
}

static enum status fill(const struct run *run, struct shard *shard)
{
    enum status status = shard_start(shard);
    if (status == STATUS_OK) {
        status = list(shard);
    }
    for (uint64_t i = 1; i <= run->accounts && status == STATUS_OK; i++) {
        status = submit(shard, COMMAND_OPEN_ACCOUNT,
                        (struct command){.open_account = {.account = i,
                                                          .participant = (uint32_t)(i % 1000) + 1,
                                                          .unlimited = 1}});
    }
    for (uint64_t i = 0; i < run->orders && status == STATUS_OK; i++) {
        status = enter(shard, run, i);
    }
    return status == STATUS_OK ? sequencer_flush(shard->sequencer) : status;
}

/* Commands behind the snapshot: cancels that find nothing, the cheapest there are. */
static enum status add_behind(const struct run *run)
{
    struct shard shard;
    enum status status = open_shard(run, &shard);
    if (status == STATUS_OK) {
        status = shard_start(&shard);
    }
    if (status == STATUS_OK) {
        status = sequencer_recover(shard.sequencer);
    }
    for (uint64_t i = 0; i < run->behind && status == STATUS_OK; i++) {
        status = submit(&shard, COMMAND_CANCEL,
                        (struct command){.cancel = {.account = i % run->accounts + 1,
                                                    .client_order_id = text36_from("none")}});
    }
    enum status closed = shard_close(&shard, true);
    return status == STATUS_OK ? closed : status;
}

static enum status prepare(const struct run *run)
{
    struct shard shard;
    enum status status = open_shard(run, &shard);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s\n", shard.reason);
        return status;
    }
    bool fresh = shard.empty;
    status = fresh ? fill(run, &shard) : STATUS_OK;
    enum status closed = shard_close(&shard, fresh && status == STATUS_OK);
    struct snapshot_made made = {.from = 0};
    char reason[SHARD_REASON_BYTES] = "";
    if (status == STATUS_OK && closed == STATUS_OK && fresh) {
        status = snapshot_make(run->directory, false, &made, reason);
        printf("snapshot: command %" PRIu64 ", state %.1f MB, streams %.1f MB, replayed %" PRIu64
               " in %.2f s, written in %.2f s %s\n",
               made.head.commands.sequence, (double)made.head.state_bytes / 1e6,
               (double)made.head.streams_bytes / 1e6, made.replayed, made.replay_s, made.write_s,
               reason);
        status = status == STATUS_OK ? add_behind(run) : status;
    }
    return status == STATUS_OK ? closed : status;
}

static enum status load_streams(struct shard *shard)
{
    struct stream_options options = {.events = shard->events,
                                     .shard = shard->genesis.shard,
                                     .expected_orders = shard->genesis.max_orders};
    struct stream *stream;
    enum status status = stream_open(&options, &stream);
    struct stream_image image = {.bytes = shard->streams.bytes,
                                 .count = (size_t)shard->base.streams_bytes};
    if (status == STATUS_OK) {
        status = stream_load(stream, &image);
    }
    if (status == STATUS_OK) {
        status = stream_catch_up(stream);
    }
    stream_close(stream);
    return status;
}

/* In the kernel: clearing pages at their first touch, copying files. */
static double kernel_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_stime.tv_sec * 1e3 + (double)usage.ru_stime.tv_usec / 1e3;
}

static enum status start_once(const struct run *run)
{
    struct shard shard;
    double ms[4];
    double kernel_before = kernel_ms();
    int64_t begin_ns = host_clock_monotonic_ns();
    enum status status = open_shard(run, &shard);
    ms[0] = since_ms(begin_ns);
    int64_t step_ns = host_clock_monotonic_ns();
    if (status == STATUS_OK) {
        status = shard_start(&shard);
    }
    ms[1] = since_ms(step_ns);
    step_ns = host_clock_monotonic_ns();
    if (status == STATUS_OK) {
        status = sequencer_recover(shard.sequencer);
    }
    ms[2] = since_ms(step_ns);
    step_ns = host_clock_monotonic_ns();
    if (status == STATUS_OK) {
        status = load_streams(&shard);
    }
    ms[3] = since_ms(step_ns);
    double all = since_ms(begin_ns);
    double kernel_all = kernel_ms() - kernel_before;
    struct engine_counts counts = {0};
    if (status == STATUS_OK) {
        engine_count(shard.engine, &counts);
        printf("start: open %.1f, state %.1f, replay %.1f, streams %.1f, all %.1f ms, of it in the "
               "kernel %.1f; %" PRIu64 " orders, %" PRIu64 " accounts, behind command %" PRIu64
               "\n",
               ms[0], ms[1], ms[2], ms[3], all, kernel_all, counts.orders, counts.accounts,
               shard.base.commands.sequence);
    } else {
        fprintf(stderr, "%s: %s\n", status_name(status), shard.reason);
    }
    enum status closed = shard_close(&shard, true);
    return status == STATUS_OK ? closed : status;
}

static uint64_t number_of(int argc, char **argv, int at, uint64_t otherwise)
{
    return argc > at ? strtoull(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    struct run run = {.directory = argc > 1 ? argv[1] : NULL,
                      .orders = number_of(argc, argv, 2, 1200000),
                      .accounts = number_of(argc, argv, 3, 1000000),
                      .runs = number_of(argc, argv, 4, 5),
                      .behind = number_of(argc, argv, 5, 0)};
    if (run.directory == NULL || run.orders == 0 || run.accounts == 0) {
        fprintf(stderr, "dojima_snapshot_bench DIR [ORDERS [ACCOUNTS [RUNS [BEHIND]]]]\n");
        return 2;
    }
    enum status status = prepare(&run);
    for (uint64_t i = 0; i < run.runs && status == STATUS_OK; i++) {
        status = start_once(&run);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "%s\n", status_sentence(status));
    }
    return status == STATUS_OK ? 0 : 1;
}

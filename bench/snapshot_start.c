/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a start from a snapshot takes, and of what it is made: opening the logs, reading the
 * snapshot and loading the engine, replaying what came after it, loading the streams, all together,
 * and how much of that the kernel took: most of it clears pages at their first touch.
 */
#include "bench/snapshot_bench.h"
#include "host/clock.h"
#include "stream/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

static double since_ms(int64_t begin_ns)
{
    return (double)(host_clock_monotonic_ns() - begin_ns) / 1e6;
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

static enum status start_once(const struct snapshot_shard *of)
{
    struct shard shard;
    double ms[4];
    double kernel_before = kernel_ms();
    int64_t begin_ns = host_clock_monotonic_ns();
    enum status status = snapshot_shard_open(of, &shard);
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
        printf("{\"open_ms\": %.1f, \"state_ms\": %.1f, \"replay_ms\": %.1f, \"streams_ms\": %.1f, "
               "\"all_ms\": %.1f, \"kernel_ms\": %.1f, \"orders\": %" PRIu64
               ", \"accounts\": %" PRIu64 ", \"snapshot_bytes\": %" PRIu64 "}\n",
               ms[0], ms[1], ms[2], ms[3], all, kernel_all, (uint64_t)counts.orders,
               (uint64_t)counts.accounts, shard.base.state_bytes + shard.base.streams_bytes);
    } else {
        fprintf(stderr, "%s: %s\n", status_name(status), shard.reason);
    }
    enum status closed = shard_close(&shard, true);
    return status == STATUS_OK ? closed : status;
}

enum status snapshot_start(const struct snapshot_shard *of, uint64_t runs)
{
    enum status status = STATUS_OK;
    for (uint64_t i = 0; i < runs && status == STATUS_OK; i++) {
        status = start_once(of);
    }
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/venue.h"

#include "base/assert.h"
#include "base/crc32c.h"

#define EVENTS_KEPT_BYTES ((size_t)16 << 10)

static enum status build(struct venue *venue, struct arena *arena)
{
    struct command_genesis genesis = workload_genesis(venue->workload);
    return engine_init(arena, &genesis, &venue->engine);
}

enum status venue_open(struct venue *venue, const struct workload *workload, unsigned ahead_step)
{
    *venue = (struct venue){.workload = workload, .ahead_step = ahead_step};
    struct arena arena;
    arena_init_measure(&arena);
    enum status status = build(venue, &arena);
    if (status == STATUS_OK) {
        status = host_block_open(arena.used, true, &venue->engine_block);
    }
    struct command_genesis genesis = workload_genesis(workload);
    size_t chunk_bytes = VENUE_CHUNK_COMMANDS * sizeof(struct command);
    size_t events_bytes =
        EVENTS_KEPT_BYTES + 8 + (size_t)genesis.max_events_per_command * EVENT_RECORD_BYTES_MAX;
    if (status == STATUS_OK) {
        status = host_block_open(chunk_bytes + events_bytes, true, &venue->buffer_block);
    }
    if (status != STATUS_OK) {
        venue_close(venue);
        return status;
    }
    venue->chunk = venue->buffer_block.bytes;
    venue->events.bytes = (uint8_t *)venue->buffer_block.bytes + chunk_bytes;
    venue->events.capacity = events_bytes;
    return STATUS_OK;
}

void venue_close(struct venue *venue)
{
    host_block_close(&venue->engine_block);
    host_block_close(&venue->buffer_block);
    *venue = (struct venue){0};
}

void venue_restart(struct venue *venue)
{
    struct arena arena;
    arena_init(&arena, venue->engine_block.bytes, venue->engine_block.count);
    enum status status = build(venue, &arena);
    ASSERT(status == STATUS_OK);
    arena_seal(&arena);
    events_init(&venue->events, venue->events.bytes, venue->events.capacity);
    ASSERT(venue->events.capacity >= EVENTS_KEPT_BYTES + engine_event_bytes_max(venue->engine));
    venue->next = 0;
}

void venue_step(struct venue *venue)
{
    workload_command(venue->workload, venue->next++, venue->chunk);
    events_clear(&venue->events);
    engine_apply(venue->engine, venue->chunk, &venue->events);
}

static ALWAYS_INLINE void keep_few_events(struct events *events)
{
    if (UNLIKELY(events->used > EVENTS_KEPT_BYTES)) {
        events_clear(events);
    }
}

static ALWAYS_INLINE void ask_ahead(const struct venue *venue, size_t at, size_t count)
{
    if (venue->ahead_step == 0) {
        return;
    }
    for (unsigned stage = 0; stage < ENGINE_PREFETCH_STAGES; stage++) {
        size_t number = at + (size_t)venue->ahead_step * (ENGINE_PREFETCH_STAGES - stage);
        if (number < count) {
            engine_prefetch(venue->engine, &venue->chunk[number], stage);
        }
    }
}

/* The timed window. A function of its own, so that a profiler can be told to count here alone. */
void venue_window(struct venue *venue, size_t count);
NEVER_INLINE void venue_window(struct venue *venue, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ask_ahead(venue, i, count);
        engine_apply(venue->engine, &venue->chunk[i], &venue->events);
        keep_few_events(&venue->events);
    }
}

/* The same with a clock around one command in 16. */
static void sampled_window(struct venue *venue, size_t count, struct histogram *latency)
{
    for (size_t i = 0; i < count; i++) {
        ask_ahead(venue, i, count);
        if (i % VENUE_SAMPLE_EVERY == 0) {
            uint64_t begin = measure_ticks();
            engine_apply(venue->engine, &venue->chunk[i], &venue->events);
            uint64_t end = measure_ticks();
            histogram_record(latency, measure_between_ns(begin, end));
        } else {
            engine_apply(venue->engine, &venue->chunk[i], &venue->events);
        }
        keep_few_events(&venue->events);
    }
}

static void walk_events(const struct events *events, struct venue_run *run)
{
    struct event_record record;
    size_t at = 0;
    bool traded = false;
    while (event_next(events, &at, &record)) {
        ASSERT(record.bytes[0] <= EVENT_KIND_COUNT);
        run->by_event[record.bytes[0]]++;
        traded = traded || record.bytes[0] == EVENT_TRADE;
    }
    run->trading_commands += traded;
}

static void walked_window(struct venue *venue, size_t count, struct venue_run *run)
{
    for (size_t i = 0; i < count; i++) {
        events_clear(&venue->events);
        engine_apply(venue->engine, &venue->chunk[i], &venue->events);
        walk_events(&venue->events, run);
    }
}

static void fill_chunk(struct venue *venue, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        workload_command(venue->workload, venue->next++, &venue->chunk[i]);
    }
}

static void note_counts(const struct venue *venue, struct venue_run *run)
{
    struct engine_counts counts;
    engine_count(venue->engine, &counts);
    if (counts.orders > run->orders_peak) {
        run->orders_peak = counts.orders;
        run->hot_bytes = counts.hot_bytes;
    }
    run->levels_peak = counts.levels > run->levels_peak ? counts.levels : run->levels_peak;
    run->orders_sum += counts.orders;
    run->chunks++;
}

struct venue_run venue_run(struct venue *venue, enum venue_mode mode, struct histogram *latency)
{
    const struct workload *workload = venue->workload;
    struct venue_run run = {0};
    venue_restart(venue);
    size_t timed_from = workload_setup_count(workload) + workload->timed_from;
    size_t end = workload_setup_count(workload) + workload->count;
    while (venue->next < timed_from) {
        venue_step(venue);
    }
    while (venue->next < end) {
        size_t count = end - venue->next;
        count = count < VENUE_CHUNK_COMMANDS ? count : VENUE_CHUNK_COMMANDS;
        fill_chunk(venue, count);
        if (mode == VENUE_WALKED) {
            walked_window(venue, count, &run);
        } else if (mode == VENUE_SAMPLED) {
            sampled_window(venue, count, latency);
        } else {
            window_begin(&run.window);
            venue_window(venue, count);
            window_end(&run.window);
        }
        run.commands += count;
        note_counts(venue, &run);
    }
    run.events = engine_event_sequence(venue->engine);
    run.state_crc = venue_state_crc(venue->engine);
    return run;
}

static void on_state_bytes(void *context, const uint8_t *bytes, size_t count)
{
    uint32_t *crc = context;
    *crc = crc32c(*crc, bytes, count);
}

uint32_t venue_state_crc(const struct engine *engine)
{
    uint32_t crc = 0;
    engine_walk(engine, on_state_bytes, &crc);
    return crc;
}

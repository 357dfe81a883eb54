/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine under test: fresh for every run in the same memory, fed with a workload a chunk of
 * decoded commands at a time. Only venue_window, one call a chunk, is timed:
 *
 *   write a chunk of commands | begin, venue_window, end | look at counts | next chunk
 *
 * Events are written in full, as the sequencer would take them, into a buffer that is started anew
 * after each 16 KiB; nobody reads them in timed runs.
 *
 * Owner: the caller. Threads: one. Memory: one block for the arena, one for chunk and events, all
 * touched at open. Errors: NO_MEMORY, CONFIG. Order of calls: venue_open, venue_run...,
 * venue_close.
 */
#ifndef DOJIMA_BENCH_VENUE_H
#define DOJIMA_BENCH_VENUE_H

#include "bench/measure.h"
#include "bench/workload.h"
#include "engine/engine.h"

#define VENUE_CHUNK_COMMANDS 2048u
#define VENUE_SAMPLE_EVERY   16u

struct venue {
    const struct workload *workload;
    unsigned ahead_step; /* stage s of engine_prefetch stands this many commands times (stages - s)
                            before engine_apply; 0 = it is not called */
    struct host_block engine_block;
    struct host_block buffer_block;
    struct engine *engine;
    struct events events;
    struct command *chunk;
    size_t next; /* number of the command that comes next */
};

/* What one run found. */
struct venue_run {
    struct window window;
    uint64_t commands;    /* in the window */
    uint64_t orders_peak; /* resting, seen between chunks */
    uint64_t levels_peak;
    uint64_t orders_sum; /* resting, added up over the chunks */
    uint64_t chunks;
    uint64_t hot_bytes; /* at orders_peak */
    uint64_t events;    /* last event's sequence */
    uint32_t state_crc; /* of the engine's canonical bytes after the last command */
    uint64_t by_event[EVENT_KIND_COUNT + 1]; /* walked runs only */
    uint64_t trading_commands;               /* walked runs only */
};

enum venue_mode {
    VENUE_TIMED,   /* windows of whole chunks */
    VENUE_SAMPLED, /* one command in 16 by itself, into `latency` */
    VENUE_WALKED,  /* not timed: events are read and counted */
};

MUST_USE enum status venue_open(struct venue *venue, const struct workload *workload,
                                unsigned ahead_step);
void venue_close(struct venue *venue);

/* A fresh engine, then every command. `latency` only for VENUE_SAMPLED. */
struct venue_run venue_run(struct venue *venue, enum venue_mode mode, struct histogram *latency);

/* The next command of the workload, by itself: for generators that watch what it does. */
void venue_restart(struct venue *venue);
void venue_step(struct venue *venue);

uint32_t venue_state_crc(const struct engine *engine);

#endif

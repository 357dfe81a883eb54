/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of the importer: an engine, a sequencer over logs in memory, and an importer over them.
 *
 * Owner: the test. Threads: one. Memory: malloc. Errors: cmocka assertions.
 * Order of calls: include cmocka.h first; zeroed, venue_open, importer_apply..., venue_close.
 */
#ifndef DOJIMA_INTEGRATION_VENUE_H
#define DOJIMA_INTEGRATION_VENUE_H

#include "apps/dojima/importer.h"
#include "journal/memory/memory.h"

#include <stdlib.h>

struct venue {
    struct engine *engine;
    struct sequencer *sequencer;
    struct importer *importer;
    struct sequencer_fault fault;
    struct journal_memory_store stores[2];
    struct journal *commands;
    void *engine_bytes;
    void *sequencer_bytes;
};

static inline void venue_build(struct venue *venue, const struct command_genesis *genesis)
{
    struct arena arena;
    arena_init_measure(&arena);
    assert_int_equal(engine_init(&arena, genesis, &venue->engine), STATUS_OK);
    venue->engine_bytes = aligned_alloc(64, arena.used);
    assert_non_null(venue->engine_bytes);
    arena_init(&arena, venue->engine_bytes, arena.used);
    assert_int_equal(engine_init(&arena, genesis, &venue->engine), STATUS_OK);

    struct sequencer_options options = {.engine = venue->engine};
    struct journal_options log = {.kind = JOURNAL_COMMANDS};
    struct journal_report report;
    assert_int_equal(journal_memory_open(&venue->stores[0], &log, &report, &options.commands),
                     STATUS_OK);
    venue->commands = options.commands;
    log.kind = JOURNAL_EVENTS;
    assert_int_equal(journal_memory_open(&venue->stores[1], &log, &report, &options.events),
                     STATUS_OK);
    arena_init_measure(&arena);
    assert_int_equal(sequencer_open(&arena, &options, &venue->fault, &venue->sequencer), STATUS_OK);
    venue->sequencer_bytes = aligned_alloc(64, arena.used);
    assert_non_null(venue->sequencer_bytes);
    arena_init(&arena, venue->sequencer_bytes, arena.used);
    assert_int_equal(sequencer_open(&arena, &options, &venue->fault, &venue->sequencer), STATUS_OK);
}

/* `options` says what the importer is told beside sequencer, engine and genesis. */
static inline void venue_open(struct venue *venue, struct importer_options options)
{
    struct command_genesis genesis = engine_limits_small();
    genesis.max_instruments = 2048;
    genesis.max_assets = 2049;
    genesis.max_orders = 1u << 16;
    genesis.max_levels = 1u << 15;
    venue_build(venue, &genesis);
    options.sequencer = venue->sequencer;
    options.engine = venue->engine;
    options.genesis = genesis;
    assert_int_equal(importer_open(&options, &venue->importer), STATUS_OK);
    assert_int_equal(importer_begin(venue->importer), STATUS_OK);
}

static inline void venue_close(struct venue *venue)
{
    importer_close(venue->importer);
    assert_int_equal(sequencer_close(venue->sequencer, true), STATUS_OK);
    free(venue->engine_bytes);
    free(venue->sequencer_bytes);
    journal_memory_store_deinit(&venue->stores[0]);
    journal_memory_store_deinit(&venue->stores[1]);
    *venue = (struct venue){0};
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of the feed: a shard in memory (engine, sequencer over memory journals, stream,
 * hub) that an importer drives with recorded or generated order flow.
 *
 * Owner: the test. Threads: one. Memory: malloc. Errors: cmocka assertions.
 * Order of calls: world_open, world_step..., world_close; a port of the hub is closed before.
 */
#ifndef DOJIMA_TESTS_FEED_WORLD_H
#define DOJIMA_TESTS_FEED_WORLD_H

#include "apps/dojima/importer.h"
#include "flow/generate.h"
#include "journal/memory/memory.h"
#include "link/hub.h"

struct world {
    struct journal_memory_store stores[2];
    struct engine *engine;
    void *engine_bytes;
    struct sequencer *sequencer;
    void *sequencer_bytes;
    struct sequencer_fault fault;
    struct stream *stream;
    struct hub *hub;
    struct importer *importer;
    struct generator *generator; /* or null */
    struct flow_reader *flow;    /* or null */
    uint64_t messages;           /* of the flow, given */
    uint64_t instruments;
    /* Each public entry of the ITCH group, or null. */
    on_stream_entry *on_public;
    void *context;
};

/* A generated day (path null) of `messages` order messages by `seed`, or a recorded file. */
void world_open(struct world *world, const char *path, uint64_t seed, uint64_t messages);

/* Up to `count` more messages of the flow as one batch of commands, made durable and released;
 * false: the flow is at its end. */
bool world_step(struct world *world, unsigned count);

void world_close(struct world *world);

/* DOJIMA_DATA/`name`, or null if there is no such folder or file. */
const char *world_data(const char *name);

#endif

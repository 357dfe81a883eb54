/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of the gateway: a whole shard in memory (engine, sequencer over memory journals,
 * stream, hub), a gateway on loopback sockets in front of it, an identity store of the first run,
 * and a clock that the test moves.
 *
 * Owner: the test. Threads: one (passwords are checked by identity's own). Memory: malloc, a
 * temporary directory. Errors: cmocka assertions. Order of calls: world_open, any, world_close.
 */
#ifndef DOJIMA_TESTS_GATEWAY_WORLD_H
#define DOJIMA_TESTS_GATEWAY_WORLD_H

#include "gateway/admin/admin.h"
#include "gateway/gateway.h"
#include "identity/identity.h"
#include "journal/memory/memory.h"
#include "link/hub.h"
#include "net/net.h"
#include "sequencer/sequencer.h"

#define WORLD_SHARD      3u
#define WORLD_INSTRUMENT 1u
#define WORLD_TICK_NS    100000 /* by which each turn moves the clock */

struct world {
    struct journal_memory_store command_store;
    struct journal_memory_store event_store;
    struct engine *engine;
    void *engine_bytes;
    struct sequencer *sequencer;
    void *sequencer_bytes;
    struct sequencer_fault fault;
    struct journal *events; /* a reader's, for the stream: the store's own */
    struct stream *stream;
    struct hub *hub;
    struct net_loop *loop;
    struct identity *identity;
    struct identity *second_identity;
    struct identity_credential credentials[IDENTITY_FIRST_RUN_COUNT];
    struct gateway *gateway;
    struct gateway *second; /* another process's, for tests that open one */
    uint16_t second_port;   /* its OUCH door */
    uint16_t second_native_port;
    struct gateway_limits limits; /* set before world_open */
    uint16_t ouch_port;
    uint16_t native_port;
    char directory[64];
    int64_t now_ns;
    uint64_t trades;          /* TRADE events released */
    uint32_t refuse_commands; /* so many submits are not sequenced */
};

void world_open(struct world *world);

/* One turn of everything. */
void world_turn(struct world *world);

/* Turns until the condition holds; fails the test after a while. */
typedef bool world_condition(void *context);
void world_until(struct world *world, world_condition *condition, void *context);

/* A command of the operator, made durable. */
void world_submit(struct world *world, struct command *command);

/* An order of session 0 on the account of the second participant: IOC if `takes`, else it rests. */
void world_order(struct world *world, enum side side, int64_t price, int64_t lots, bool takes);

/* The gateway is gone without a word and a new one stands at the same shard. */
void world_restart_gateway(struct world *world);

/* One more gateway at the same shard, with an identity store of its own: another process. */
void world_open_second(struct world *world);

const struct identity_session *world_session(const struct world *world, size_t index);

void world_close(struct world *world);

#endif

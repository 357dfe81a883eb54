/* SPDX-License-Identifier: Apache-2.0
 *
 * The shard's side of the wall: gives each entry of a stream to the ports that subscribed to its
 * key, and lets a new subscription catch up from the log first, a bounded number of entries a tick,
 * so that a reader far behind never holds up the others.
 *
 *     stream ──entry──► hub ──(live subscriptions)──► port.handler.on_entry
 *                        └───(catching up: stream_read, HUB_READ_ENTRIES a tick)───┘
 *
 * Ports of the same process are hub_port objects; the link server makes one for each connection.
 *
 * Owner: the shard's loop. Threads: one. Memory: an object a port and a subscription, taken when
 * they are made, never per entry. Errors: NO_MEMORY; what the stream returns while catching up.
 * Order of calls: hub_open; hub_port_open...; hub_entry for each new entry, hub_tick often; every
 * port closed; hub_close.
 */
#ifndef DOJIMA_LINK_HUB_H
#define DOJIMA_LINK_HUB_H

#include "link/port.h"

#define HUB_READ_ENTRIES 256u

/* What the shard does with a command that a port submits. FULL: not sequenced; *out_refusal says
 * why and when to come again, and the port's on_refused is called. */
typedef enum status hub_on_submit(void *context, const struct command *command,
                                  struct port_refusal *out_refusal);

/* True while the shard would answer FULL to a new order. */
typedef bool hub_on_busy(void *context);

struct hub;

MUST_USE enum status hub_open(struct stream *stream, hub_on_submit *on_submit, void *context,
                              struct hub **out_hub);

/* Without it ports are never busy. `context` is that of hub_open. */
void hub_set_busy(struct hub *hub, hub_on_busy *on_busy);

/* A port in this process. Closing it ends its subscriptions. */
MUST_USE enum status hub_port_open(struct hub *hub, const struct port_handler *handler,
                                   void *context, struct port **out_port);

/* A new entry, to every live subscription of its key. */
void hub_entry(struct hub *hub, const struct stream_entry *entry);

/* True while a subscription has more to read than one tick gave it. */
bool hub_behind(const struct hub *hub);

/* Lets what is behind catch up. */
MUST_USE enum status hub_tick(struct hub *hub);

/* Tells every port that the shard is gone. */
void hub_lost(struct hub *hub);

/* Null is accepted. */
void hub_close(struct hub *hub);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The port of a gateway in a process of its own, to a shard's link server.
 *
 * Owner: the gateway. Threads: one, that of the loop, which the owner ticks. Memory: the
 * connection's buffers. Errors: IO: nobody listens there; UNSUPPORTED: another version of the link.
 * Order of calls: as link/port.h.
 */
#ifndef DOJIMA_LINK_REMOTE_H
#define DOJIMA_LINK_REMOTE_H

#include "link/port.h"
#include "net/net.h"

/* Connects and waits for the shard's greeting, at most some seconds. */
MUST_USE enum status port_remote_open(struct net_loop *loop, const char *address,
                                      const struct port_handler *handler, void *context,
                                      struct port **out_port);

/* The shard that answered. */
uint16_t port_remote_shard(const struct port *port);

#endif

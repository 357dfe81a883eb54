/* SPDX-License-Identifier: Apache-2.0
 *
 * Lets gateways of other processes stand at the hub: each connection to a Unix socket is a port, in
 * the frames of link/frame.h. Only this process's own user may connect. A gateway that does not
 * take what it subscribed to is cut; it comes again and catches up.
 *
 * Owner: the shard's loop. Threads: one. Memory: the connection's buffers. Errors: those of
 * net_listen. Order of calls: link_server_open, net_loop_tick in turn, link_server_close before the
 * hub.
 */
#ifndef DOJIMA_LINK_SERVER_H
#define DOJIMA_LINK_SERVER_H

#include "link/hub.h"
#include "net/net.h"

struct link_server;

/* The shard has drained and stops: each gateway is told, behind everything that waits for it. Null
 * is accepted. Next is link_server_close. */
void link_server_end(struct link_server *server);

/* `address` is "unix:/path". */
MUST_USE enum status link_server_open(struct hub *hub, struct net_loop *loop, const char *address,
                                      uint16_t shard, struct link_server **out_server);
/* Cuts every gateway. Null is accepted. */
void link_server_close(struct link_server *server);

#endif

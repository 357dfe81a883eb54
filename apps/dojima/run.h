/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a running venue, by its roles, composed on one loop:
 *
 *   engine   the venue itself, its hub, the socket for gateways of other processes
 *   gateway  OUCH and native entry, the operator's socket
 *   feed     ITCH over multicast and SoupBinTCP, snapshots, retransmission
 *
 * A process without the engine role reaches the venue through the link's socket.
 *
 * Owner: `dojima run`. Threads: the trading loop, that of the caller; password checks, handshakes
 * and the log's writer have threads of their own rooms. Memory: that of the parts.
 * Errors: said on standard error; the status gives the exit code.
 * Order of calls: running_open, running_tick until it fails or a stop is asked for, running_stop,
 * running_close.
 */
#ifndef DOJIMA_APPS_RUN_H
#define DOJIMA_APPS_RUN_H

#include "apps/dojima/snapshot_schedule.h"
#include "apps/dojima/venue.h"
#include "feed/feed.h"
#include "gateway/admin/admin.h"
#include "gateway/gateway.h"
#include "link/server.h"
#include "net/net.h"

struct running {
    const struct config *config;
    unsigned roles; /* bits of enum config_role */
    struct identity *identity;
    struct identity_credential credentials[IDENTITY_FIRST_RUN_COUNT];
    bool first_run; /* credentials were made, to be shown once */
    struct net_loop *loop;
    struct net_tls *tls; /* null: plain */
    struct venue venue;
    bool venue_is_open;
    struct snapshot_schedule snapshots;
    struct link_server *server;
    struct gateway *gateway;
    struct admin *admin;
    struct feed *feed;
    bool stop_asked; /* by the operator's socket */
    int64_t busy_ns; /* when there was something to do last */
};

MUST_USE enum status running_open(struct running *running, const struct config *config);

/* One turn of the loop; sleeps when it may (run.idle). */
MUST_USE enum status running_tick(struct running *running);

/* Says goodbye to every session and gives it time to take what it is owed (run.drain). */
void running_stop(struct running *running);

/* Makes everything durable, seals the log if all was well, frees everything. */
MUST_USE enum status running_close(struct running *running, enum status ended);

#endif

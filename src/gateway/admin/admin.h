/* SPDX-License-Identifier: Apache-2.0
 *
 * The operator's door: a Unix socket that only root and the venue's own user may use (asked of the
 * kernel, not of the client), one JSON object a line each way. `dojima ctl` is its client; the
 * objects are in docs/reference/admin.md.
 *
 *   {"do":"status"}                          {"ok":true,"status":{...}}
 *   {"do":"halt","instrument":"RICE"}        {"ok":true,"sequenced":true}
 *   {"do":"nonsense"}                        {"ok":false,"error":"...","remedy":"..."}
 *
 * Owner: apps/ or a test. Threads: one, that of the loop. Memory: a small buffer a connection;
 * JSON is a cold path and allocates. Errors: those of net at open; later what the port returns.
 * Order of calls: admin_open, then net_loop_tick and admin_tick in turn, admin_close.
 */
#ifndef DOJIMA_GATEWAY_ADMIN_ADMIN_H
#define DOJIMA_GATEWAY_ADMIN_ADMIN_H

#include "gateway/gateway.h"

struct admin;

/* One figure of the process for `status`: given to `put` as often as wished. */
typedef void admin_put(void *context, const char *name, uint64_t value);
typedef void admin_figures(void *context, admin_put *put, void *put_context);

/* A stretch of an order's way through the venue, ns, over what passed since it was last asked. */
struct admin_hop {
    const char *name;
    uint64_t count;
    uint64_t p50_ns;
    uint64_t p99_ns;
    uint64_t max_ns;
};
/* Hop `index` from 0; false: there is none. */
typedef bool admin_hops(void *context, size_t index, struct admin_hop *out_hop);

struct admin_options {
    struct port *port; /* open, its own; the admin takes its handler and context, ticks and closes
                          it; commands go as the operator: session 0 */
    struct net_loop *loop;
    const char *address;     /* "unix:/path/admin.sock" */
    struct gateway *gateway; /* whose sessions it shows, or null */
    admin_figures *figures;  /* what else `status` shows, or null */
    admin_hops *hops;        /* what `hops` shows, or null */
    void (*on_shutdown)(void *context);
    void *context; /* of figures, hops and on_shutdown */
};

MUST_USE enum status admin_open(const struct admin_options *options, struct admin **out_admin);
MUST_USE enum status admin_tick(struct admin *admin);
/* Null is accepted. */
void admin_close(struct admin *admin);

#endif

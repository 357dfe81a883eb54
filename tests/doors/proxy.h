/* SPDX-License-Identifier: Apache-2.0
 *
 * A wire that breaks: passes bytes both ways between clients and a venue and cuts each connection
 * after a number of bytes drawn at random, in the middle of whatever stands there.
 *
 * Owner: a test. Threads: one. Memory: a small object a connection. Errors: a connection that
 * cannot be passed on is closed. Order of calls: proxy_open, proxy_tick often, proxy_close.
 */
#ifndef DOJIMA_TESTS_DOORS_PROXY_H
#define DOJIMA_TESTS_DOORS_PROXY_H

#include "base/prng.h"
#include "net/net.h"

struct proxy_side {
    struct proxy *proxy;
    const char *venue;
    struct net_listener *listener;
};

struct proxy {
    struct net_loop *loop;
    struct prng prng;
    struct proxy_side sides[2]; /* OUCH, native */
    uint64_t bytes_max;         /* a connection lives at most so many; 0: for ever */
    uint64_t cuts;              /* connections that ended at their byte */
    uint64_t cuts_in_login;     /* of these, before the venue had said anything */
    uint64_t connections;
};

MUST_USE enum status proxy_open(struct proxy *proxy, uint64_t seed, const char *ouch,
                                const char *native);
void proxy_tick(struct proxy *proxy, int64_t wait_ns);
/* Address to connect to instead of the venue's. */
void proxy_address(const struct proxy *proxy, bool native, char out_address[32]);
void proxy_close(struct proxy *proxy);

#endif

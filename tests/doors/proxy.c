/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EARLY_BYTES 512 /* what a client says before the way to the venue is open: its login */

/* A client's connection and ours to the venue. */
struct pair {
    struct proxy *proxy; /* first, as in struct proxy_side: a connection's context is one of both */
    struct net_connection *client;
    struct net_connection *venue;
    uint64_t left; /* bytes until the cut; UINT64_MAX: none */
    bool answered; /* the venue has said something */
    bool venue_open;
    bool cut;
    size_t early_count;
    uint8_t early[EARLY_BYTES];
};

static void cut(struct pair *pair)
{
    pair->cut = true;
    if (pair->client != NULL) {
        net_flush(pair->client);
        net_cut(pair->client, "cut");
    }
    if (pair->venue != NULL) {
        if (pair->venue_open) {
            net_flush(pair->venue);
        }
        net_cut(pair->venue, "cut");
    }
}

/* Passes on what the draw allows. */
static size_t pass(struct pair *pair, struct net_connection *to, const uint8_t *bytes, size_t count)
{
    size_t now = pair->left < count ? (size_t)pair->left : count;
    if (pair->cut || (now > 0 && !net_send(to, bytes, now))) {
        cut(pair);
        return count;
    }
    if (pair->left != UINT64_MAX) {
        pair->left -= now;
        if (pair->left == 0) {
            pair->proxy->cuts++;
            pair->proxy->cuts_in_login += !pair->answered;
            cut(pair);
        }
    }
    return count;
}

static size_t client_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                           size_t count)
{
    struct pair *pair = context;
    (void)connection;
    if (pair->venue_open) {
        return pass(pair, pair->venue, bytes, count);
    }
    if (pair->cut || count > sizeof pair->early - pair->early_count) {
        cut(pair);
        return count;
    }
    memcpy(pair->early + pair->early_count, bytes, count);
    pair->early_count += count;
    return count;
}

static size_t venue_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                          size_t count)
{
    struct pair *pair = context;
    (void)connection;
    pair->answered = true;
    return pair->client == NULL ? count : pass(pair, pair->client, bytes, count);
}

static void free_if_gone(struct pair *pair)
{
    if (pair->client == NULL && pair->venue == NULL) {
        free(pair);
    }
}

static void client_closed(void *context, struct net_connection *connection, const char *reason)
{
    (void)connection;
    (void)reason;
    struct pair *pair = context;
    pair->client = NULL;
    if (pair->venue != NULL) {
        net_cut(pair->venue, "the client is gone");
    }
    free_if_gone(pair);
}

static void venue_closed(void *context, struct net_connection *connection, const char *reason)
{
    (void)connection;
    (void)reason;
    struct pair *pair = context;
    pair->venue = NULL;
    pair->venue_open = false;
    if (pair->client != NULL) {
        net_end(pair->client, "the venue is gone");
    }
    free_if_gone(pair);
}

static void venue_opened(void *context, struct net_connection *connection)
{
    struct pair *pair = context;
    pair->venue_open = true;
    (void)pass(pair, connection, pair->early, pair->early_count);
}

/* One connection in eight is cut within its login, the others anywhere. */
static uint64_t draw(struct proxy *proxy)
{
    if (proxy->bytes_max == 0) {
        return UINT64_MAX;
    }
    uint64_t most = prng_chance(&proxy->prng, 1, 8) ? 49 : proxy->bytes_max;
    return 1 + prng_below(&proxy->prng, most);
}

static void client_opened(void *context, struct net_connection *connection)
{
    struct proxy_side *side = context;
    struct proxy *proxy = side->proxy;
    struct pair *pair = calloc(1, sizeof *pair);
    struct net_options options = {
        .address = side->venue,
        .handler = {.on_opened = venue_opened, .on_bytes = venue_bytes, .on_closed = venue_closed},
        .context = pair,
    };
    if (pair == NULL || net_connect(proxy->loop, &options, &pair->venue) != STATUS_OK) {
        free(pair);
        net_cut(connection, "the venue cannot be reached");
        return;
    }
    *pair = (struct pair){
        .proxy = proxy, .client = connection, .venue = pair->venue, .left = draw(proxy)};
    proxy->connections++;
    net_set_context(connection, pair);
}

/* The context is the listener's until a pair stands behind the connection. */
static bool is_side(const void *context)
{
    const struct proxy_side *side = context;
    return side == &side->proxy->sides[0] || side == &side->proxy->sides[1];
}

static void first_closed(void *context, struct net_connection *connection, const char *reason)
{
    if (!is_side(context)) {
        client_closed(context, connection, reason);
    }
}

enum status proxy_open(struct proxy *proxy, uint64_t seed, const char *ouch, const char *native)
{
    *proxy = (struct proxy){0};
    prng_init(&proxy->prng, seed);
    enum status status = net_loop_open(&proxy->loop);
    for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
        proxy->sides[i] = (struct proxy_side){.proxy = proxy, .venue = i == 0 ? ouch : native};
        struct net_options options = {
            .address = "127.0.0.1:0",
            .handler = {.on_opened = client_opened,
                        .on_bytes = client_bytes,
                        .on_closed = first_closed},
            .context = &proxy->sides[i],
        };
        status = net_listen(proxy->loop, &options, &proxy->sides[i].listener);
    }
    return status;
}

void proxy_tick(struct proxy *proxy, int64_t wait_ns)
{
    net_loop_tick(proxy->loop, wait_ns);
}

void proxy_address(const struct proxy *proxy, bool native, char out_address[32])
{
    snprintf(out_address, 32, "127.0.0.1:%u", net_listener_port(proxy->sides[native].listener));
}

void proxy_close(struct proxy *proxy)
{
    net_loop_close(proxy->loop);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "link/server.h"

#include "link/frame.h"

#include <stdlib.h>

/* What a gateway may owe to read: it is on the same machine and should take it at once. */
#define OUT_BYTES_MAX  ((size_t)64 << 20)
#define ENDING_WAIT_NS 10000000

struct remote_gateway {
    struct link_server *server;
    struct remote_gateway *next;
    struct net_connection *connection;
    struct port *port;
    bool greeted;
};

struct link_server {
    struct hub *hub;
    struct net_loop *loop;
    struct net_listener *listener;
    struct remote_gateway *gateways;
    uint16_t shard;
    bool ended; /* each gateway was told so and takes what waits for it */
};

static void put(struct remote_gateway *gateway, const struct frame *frame)
{
    uint8_t *at = net_reserve(gateway->connection, FRAME_BYTES_MAX);
    if (at == NULL) {
        net_cut(gateway->connection, "the gateway does not take what it subscribed to");
        return;
    }
    net_commit(gateway->connection, frame_encode(at, frame));
}

static void on_entry(void *context, const struct stream_entry *entry)
{
    put(context, &(struct frame){.kind = FRAME_ENTRY, .entry = *entry});
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    put(context, &(struct frame){.kind = FRAME_LIVE, .key = key, .number = last_number});
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    put(context, &(struct frame){.kind = FRAME_REFUSED,
                                 .session = session,
                                 .input_sequence = input_sequence,
                                 .retry_after_us = refusal.retry_after_us,
                                 .code = refusal.code});
}

static void on_lost(void *context)
{
    const struct remote_gateway *gateway = context;
    net_end(gateway->connection, "the shard ends");
}

static const struct port_handler port_side = {
    .on_entry = on_entry, .on_live = on_live, .on_refused = on_refused, .on_lost = on_lost};

static enum status take(void *context, const struct frame *frame)
{
    struct remote_gateway *gateway = context;
    if (!gateway->greeted) {
        gateway->greeted = frame->kind == FRAME_HELLO && frame->version == FRAME_VERSION;
        return gateway->greeted ? STATUS_OK : STATUS_UNSUPPORTED;
    }
    switch (frame->kind) {
    case FRAME_SUBMIT:
        return port_submit(gateway->port, &frame->command);
    case FRAME_SUBSCRIBE:
        return port_subscribe(gateway->port, frame->key, frame->number);
    case FRAME_UNSUBSCRIBE:
        port_unsubscribe(gateway->port, frame->key);
        return STATUS_OK;
    case FRAME_HELLO:
    case FRAME_ENTRY:
    case FRAME_LIVE:
    case FRAME_REFUSED:
    case FRAME_ENDED:
        break;
    }
    return STATUS_INVALID;
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    enum status status;
    size_t used = frame_each(bytes, count, take, context, &status);
    if (status != STATUS_OK) {
        net_cut(connection, status == STATUS_UNSUPPORTED
                                ? "the gateway speaks another version of the link"
                                : "the gateway said something that is no frame");
    }
    return used;
}

static void on_opened(void *context, struct net_connection *connection)
{
    struct link_server *server = context;
    struct remote_gateway *gateway = calloc(1, sizeof *gateway);
    uint32_t user;
    net_set_context(connection, NULL);
    if (gateway == NULL || net_peer_user(connection, &user) != STATUS_OK || user != host_user() ||
        hub_port_open(server->hub, &port_side, gateway, &gateway->port) != STATUS_OK) {
        free(gateway);
        net_cut(connection, "only the venue's own user may be a gateway");
        return;
    }
    gateway->server = server;
    gateway->connection = connection;
    gateway->next = server->gateways;
    server->gateways = gateway;
    net_set_context(connection, gateway);
    put(gateway,
        &(struct frame){.kind = FRAME_HELLO, .version = FRAME_VERSION, .shard = server->shard});
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    struct remote_gateway *gateway = context;
    (void)connection;
    (void)reason;
    if (gateway == NULL || gateway->port == NULL) {
        return; /* it never became a port */
    }
    port_close(gateway->port);
    struct remote_gateway **link = &gateway->server->gateways;
    while (*link != gateway) {
        link = &(*link)->next;
    }
    *link = gateway->next;
    free(gateway);
}

enum status link_server_open(struct hub *hub, struct net_loop *loop, const char *address,
                             uint16_t shard, struct link_server **out_server)
{
    struct link_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return STATUS_NO_MEMORY;
    }
    *server = (struct link_server){.hub = hub, .loop = loop, .shard = shard};
    struct net_options options = {
        .address = address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = server,
        .out_bytes_max = OUT_BYTES_MAX,
    };
    enum status status = net_listen(loop, &options, &server->listener);
    if (status != STATUS_OK) {
        free(server);
        return status;
    }
    *out_server = server;
    return STATUS_OK;
}

void link_server_end(struct link_server *server)
{
    if (server == NULL) {
        return;
    }
    for (struct remote_gateway *i = server->gateways; i != NULL; i = i->next) {
        put(i, &(struct frame){.kind = FRAME_ENDED});
        net_end(i->connection, "the shard ends");
    }
    server->ended = true;
}

void link_server_close(struct link_server *server)
{
    if (server == NULL) {
        return;
    }
    net_listener_close(server->listener);
    for (struct remote_gateway *i = server->gateways; i != NULL && !server->ended; i = i->next) {
        net_cut(i->connection, "the shard ends");
    }
    while (server->gateways !=
           NULL) { /* on_closed takes each out, at the latest after net's bound */
        net_loop_tick(server->loop, server->ended ? ENDING_WAIT_NS : 0);
    }
    free(server);
}

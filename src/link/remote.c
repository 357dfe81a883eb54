/* SPDX-License-Identifier: Apache-2.0 */
#include "link/remote.h"

#include "host/clock.h"
#include "link/frame.h"

#include <stdlib.h>

#define GREETING_NS 5000000000
#define WAIT_NS     10000000
/* Commands that the shard has not read yet. */
#define OUT_BYTES_MAX ((size_t)4 << 20)

struct remote_port {
    struct port port;
    struct net_connection *connection; /* null: lost */
    struct net_loop *loop;
    enum status greeting; /* AGAIN: not yet */
    uint16_t shard;
    bool closing;
    bool ended; /* the shard has drained and said so */
};

static enum status put(struct remote_port *remote, const struct frame *frame)
{
    if (remote->connection == NULL) {
        return STATUS_IO;
    }
    uint8_t *at = net_reserve(remote->connection, FRAME_BYTES_MAX);
    if (at == NULL) {
        return STATUS_FULL;
    }
    net_commit(remote->connection, frame_encode(at, frame));
    return STATUS_OK;
}

static enum status remote_submit(struct port *port, const struct command *command)
{
    return put((struct remote_port *)port,
               &(struct frame){.kind = FRAME_SUBMIT, .command = *command});
}

static enum status remote_subscribe(struct port *port, struct stream_key key, uint64_t from)
{
    return put((struct remote_port *)port,
               &(struct frame){.kind = FRAME_SUBSCRIBE, .key = key, .number = from});
}

static void remote_unsubscribe(struct port *port, struct stream_key key)
{
    enum status status =
        put((struct remote_port *)port, &(struct frame){.kind = FRAME_UNSUBSCRIBE, .key = key});
    (void)status; /* lost or full: what still comes is passed over by who asked */
}

static enum status remote_tick(struct port *port)
{
    const struct remote_port *remote = (const struct remote_port *)port;
    if (remote->connection != NULL) {
        return STATUS_OK;
    }
    return remote->ended ? STATUS_END : STATUS_IO;
}

static void remote_close(struct port *port)
{
    struct remote_port *remote = (struct remote_port *)port;
    remote->closing = true;
    if (remote->connection != NULL) {
        net_cut(remote->connection, "the gateway ends");
        while (remote->connection != NULL) {
            net_loop_tick(remote->loop, 0);
        }
    }
    free(remote);
}

static const struct port_ops remote_ops = {
    .submit = remote_submit,
    .subscribe = remote_subscribe,
    .unsubscribe = remote_unsubscribe,
    .tick = remote_tick,
    .close = remote_close,
};

static enum status take(void *opaque, const struct frame *frame)
{
    struct remote_port *remote = opaque;
    const struct port_handler *handler = &remote->port.handler;
    void *context = remote->port.context;
    if (remote->greeting == STATUS_AGAIN) {
        remote->greeting = frame->kind == FRAME_HELLO && frame->version == FRAME_VERSION
                               ? STATUS_OK
                               : STATUS_UNSUPPORTED;
        remote->shard = frame->shard;
        return remote->greeting;
    }
    switch (frame->kind) {
    case FRAME_ENTRY:
        handler->on_entry(context, &frame->entry);
        return STATUS_OK;
    case FRAME_LIVE:
        handler->on_live(context, frame->key, frame->number);
        return STATUS_OK;
    case FRAME_REFUSED:
        handler->on_refused(context, frame->session, frame->input_sequence,
                            (struct port_refusal){frame->retry_after_us, frame->code});
        return STATUS_OK;
    case FRAME_ENDED:
        remote->ended = true;
        return STATUS_END;
    case FRAME_HELLO:
    case FRAME_SUBMIT:
    case FRAME_SUBSCRIBE:
    case FRAME_UNSUBSCRIBE:
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
        net_cut(connection, status == STATUS_END ? "the shard ends"
                                                 : "the shard said something that is no frame");
    }
    return used;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    struct remote_port *remote = context;
    (void)connection;
    (void)reason;
    remote->connection = NULL;
    if (remote->greeting == STATUS_OK && !remote->closing) {
        remote->port.handler.on_lost(remote->port.context);
    }
}

static void on_opened(void *context, struct net_connection *connection)
{
    (void)connection;
    enum status status = put(context, &(struct frame){.kind = FRAME_HELLO,
                                                      .version = FRAME_VERSION,
                                                      .shard = FRAME_SHARD_UNKNOWN});
    (void)status; /* a new connection has room */
}

enum status port_remote_open(struct net_loop *loop, const char *address,
                             const struct port_handler *handler, void *context,
                             struct port **out_port)
{
    struct remote_port *remote = calloc(1, sizeof *remote);
    if (remote == NULL) {
        return STATUS_NO_MEMORY;
    }
    *remote = (struct remote_port){
        .port = {.ops = &remote_ops, .handler = *handler, .context = context},
        .loop = loop,
        .greeting = STATUS_AGAIN,
    };
    struct net_options options = {
        .address = address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = remote,
        .out_bytes_max = OUT_BYTES_MAX,
    };
    enum status status = net_connect(loop, &options, &remote->connection);
    int64_t end_ns = host_clock_monotonic_ns() + GREETING_NS;
    while (status == STATUS_OK && remote->greeting == STATUS_AGAIN) {
        net_loop_tick(loop, WAIT_NS);
        if (remote->greeting != STATUS_AGAIN) {
            break; /* it may be cut already: by us, for its version */
        }
        if (remote->connection == NULL || host_clock_monotonic_ns() > end_ns) {
            status = STATUS_IO;
        }
    }
    if (status == STATUS_OK) {
        status = remote->greeting;
    }
    if (status != STATUS_OK) {
        remote->greeting = STATUS_AGAIN; /* nobody is to be told */
        remote_close(&remote->port);
        return status;
    }
    *out_port = &remote->port;
    return STATUS_OK;
}

uint16_t port_remote_shard(const struct port *port)
{
    return ((const struct remote_port *)port)->shard;
}

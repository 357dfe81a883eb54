/* SPDX-License-Identifier: Apache-2.0 */
#include "net/state.h"

#include "base/assert.h"
#include "host/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_FIRST     ((size_t)4 << 10)
#define DISCARD_BYTES 4096u

static void to_end_of_tick(struct net_connection *connection)
{
    if (!connection->dirty) {
        connection->dirty = true;
        connection->next_dirty = connection->loop->dirty;
        connection->loop->dirty = connection;
    }
}

static void ask(struct net_connection *connection, unsigned ready)
{
    struct net_loop *loop = connection->loop;
    if (!connection->in_poll) {
        enum status status = host_poll_add(loop->poll, connection->socket, ready, connection);
        if (status != STATUS_OK) {
            net_cut(connection, status_sentence(status));
            return;
        }
        connection->in_poll = true;
    } else if (connection->asked != ready) {
        host_poll_change(loop->poll, connection->socket, ready, connection);
    }
    connection->asked = ready;
}

static void leave_poll(struct net_connection *connection)
{
    if (connection->in_poll) {
        host_poll_remove(connection->loop->poll, connection->socket);
        connection->in_poll = false;
    }
}

static void set_reason(struct net_connection *connection, const char *reason)
{
    if (reason != connection->reason) {
        (void)snprintf(connection->reason, sizeof connection->reason, "%s", reason);
    }
}

void net_cut(struct net_connection *connection, const char *reason)
{
    if (connection->state == CONNECTION_GONE) {
        return;
    }
    bool handshaking = connection->state == CONNECTION_HANDSHAKING;
    set_reason(connection, reason);
    connection->state = CONNECTION_GONE;
    leave_poll(connection);
    if (!handshaking) { /* else it is freed when the handshaker gives the socket back */
        to_end_of_tick(connection);
    }
}

void net_end(struct net_connection *connection, const char *reason)
{
    if (connection->state == CONNECTION_OPEN) {
        set_reason(connection, reason);
        connection->state = CONNECTION_ENDING;
        connection->end_ns = host_clock_monotonic_ns() + NET_END_NS;
        to_end_of_tick(connection);
    } else if (connection->state < CONNECTION_OPEN) {
        net_cut(connection, reason);
    }
}

struct net_connection *connection_new(struct net_loop *loop, const struct net_options *options,
                                      int socket)
{
    struct net_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return NULL;
    }
    *connection = (struct net_connection){
        .kind = TAG_CONNECTION,
        .loop = loop,
        .handler = options->handler,
        .context = options->context,
        .tls = options->tls,
        .socket = socket,
        .out_max = options->out_bytes_max == 0 ? NET_OUT_BYTES_DEFAULT : options->out_bytes_max,
        .next = loop->connections,
    };
    if (loop->connections != NULL) {
        loop->connections->previous = connection;
    }
    loop->connections = connection;
    return connection;
}

void connection_free(struct net_connection *connection)
{
    struct net_loop *loop = connection->loop;
    connection->state = CONNECTION_GONE;
    leave_poll(connection);
    if (connection->handler.on_closed != NULL) {
        connection->handler.on_closed(connection->context, connection, connection->reason);
    }
    tls_stream_close(connection->stream);
    host_socket_close(connection->socket, false);
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        loop->connections = connection->next;
    }
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    if (connection->listener != NULL) {
        connection->listener->connections--;
        loop->listener_closed |= connection->listener->closed;
    }
    free(connection->in);
    free(connection->out);
    free(connection);
}

void connection_opened(struct net_connection *connection)
{
    connection->in = malloc(NET_IN_BYTES);
    if (connection->in == NULL) {
        net_cut(connection, status_sentence(STATUS_NO_MEMORY));
        return;
    }
    connection->state = CONNECTION_OPEN;
    ask(connection, HOST_READY_READ);
    if (connection->state == CONNECTION_OPEN && connection->handler.on_opened != NULL) {
        connection->handler.on_opened(connection->context, connection);
    }
    if (connection->state == CONNECTION_OPEN && connection->stream != NULL) {
        connection->read_again = true; /* the library may hold bytes that no poll tells of */
        to_end_of_tick(connection);
    }
}

void connection_begin(struct net_connection *connection)
{
    struct net_loop *loop = connection->loop;
    if (connection->tls == NULL) {
        connection_opened(connection);
        return;
    }
    leave_poll(connection);
    enum status status = STATUS_OK;
    if (loop->handshaker == NULL) {
        status = handshaker_open(loop->wake, &loop->handshaker);
    }
    if (status == STATUS_OK && connection->stream == NULL) {
        status = tls_stream_open(connection->tls, connection->socket, NULL, &connection->stream);
    }
    if (status == STATUS_OK) {
        status =
            handshaker_start(loop->handshaker, connection->stream, connection->socket, connection);
    }
    if (status != STATUS_OK) {
        net_cut(connection, status_sentence(status));
        return;
    }
    connection->state = CONNECTION_HANDSHAKING;
}

static enum status receive(struct net_connection *connection, void *bytes, size_t capacity,
                           size_t *out_count)
{
    return connection->stream != NULL
               ? tls_stream_read(connection->stream, bytes, capacity, out_count)
               : host_socket_read(connection->socket, bytes, capacity, out_count);
}

static void give(struct net_connection *connection)
{
    size_t used = connection->in_count;
    if (connection->handler.on_bytes != NULL) {
        used = connection->handler.on_bytes(connection->context, connection, connection->in,
                                            connection->in_count);
    }
    ASSERT(used <= connection->in_count);
    if (connection->state != CONNECTION_OPEN) {
        return;
    }
    connection->in_count -= used;
    if (used > 0 && connection->in_count > 0) {
        memmove(connection->in, connection->in + used, connection->in_count);
    }
    if (connection->in_count == NET_IN_BYTES) {
        net_cut(connection, "a message is longer than the venue reads");
    }
}

static void on_end(struct net_connection *connection)
{
    connection->peer_ended = true;
    net_end(connection, "the peer closed the connection");
}

void connection_read(struct net_connection *connection)
{
    for (unsigned i = 0; i < NET_READS_MAX && connection->state == CONNECTION_OPEN; i++) {
        size_t room = NET_IN_BYTES - connection->in_count;
        size_t count = 0;
        enum status status =
            receive(connection, connection->in + connection->in_count, room, &count);
        if (status == STATUS_AGAIN) {
            return;
        }
        if (status == STATUS_END) {
            on_end(connection);
            return;
        }
        if (status != STATUS_OK) {
            net_cut(connection, "the connection broke");
            return;
        }
        connection->in_count += count;
        give(connection);
        if (count < room && connection->stream == NULL) {
            return; /* the kernel had no more: spares the call that says so */
        }
    }
    if (connection->state == CONNECTION_OPEN && connection->stream != NULL) {
        connection->read_again = true;
        to_end_of_tick(connection);
    }
}

static bool write_some(struct net_connection *connection)
{
    while (connection->out_begin < connection->out_end) {
        const uint8_t *at = connection->out + connection->out_begin;
        size_t count = connection->out_end - connection->out_begin;
        size_t written = 0;
        enum status status = connection->stream != NULL
                                 ? tls_stream_write(connection->stream, at, count, &written)
                                 : host_socket_write(connection->socket, at, count, &written);
        if (status == STATUS_AGAIN) {
            return true;
        }
        if (status != STATUS_OK) {
            return false;
        }
        connection->out_begin += written;
    }
    connection->out_begin = 0;
    connection->out_end = 0;
    return true;
}

void net_flush(struct net_connection *connection)
{
    bool open = connection->state == CONNECTION_OPEN;
    if (!open && connection->state != CONNECTION_ENDING) {
        return;
    }
    if (!write_some(connection)) {
        net_cut(connection, open ? "the connection broke" : connection->reason);
        return;
    }
    unsigned ready = open ? (unsigned)HOST_READY_READ : 0u;
    ask(connection, net_waiting(connection) > 0 ? ready | (unsigned)HOST_READY_WRITE : ready);
}

/* Everything is written. */
static void linger(struct net_connection *connection)
{
    if (connection->peer_ended) {
        net_cut(connection, connection->reason);
        return;
    }
    tls_stream_end(connection->stream);
    host_socket_end(connection->socket);
    connection->state = CONNECTION_LINGERING;
    ask(connection, HOST_READY_READ);
}

/* Below TLS: the bytes are nobody's. */
static void discard(struct net_connection *connection)
{
    uint8_t nobodys[DISCARD_BYTES];
    size_t count = 0;
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < NET_READS_MAX && status == STATUS_OK; i++) {
        status = host_socket_read(connection->socket, nobodys, sizeof nobodys, &count);
    }
    if (status != STATUS_OK && status != STATUS_AGAIN) {
        net_cut(connection, connection->reason);
    }
}

static void on_connected(struct net_connection *connection, unsigned ready)
{
    enum status status = host_socket_connected(connection->socket);
    if (status != STATUS_OK) {
        net_cut(connection, "nobody listens there, or the network refused");
    } else if ((ready & HOST_READY_WRITE) != 0) {
        connection_begin(connection);
    }
}

void connection_ready(struct net_connection *connection, unsigned ready)
{
    switch (connection->state) {
    case CONNECTION_CONNECTING:
        on_connected(connection, ready);
        break;
    case CONNECTION_OPEN:
        if ((ready & HOST_READY_WRITE) != 0) {
            to_end_of_tick(connection);
        }
        if ((ready & ((unsigned)HOST_READY_READ | (unsigned)HOST_READY_BROKEN)) != 0) {
            connection_read(connection);
        }
        break;
    case CONNECTION_ENDING:
        if ((ready & HOST_READY_BROKEN) != 0) {
            net_cut(connection, connection->reason);
        } else {
            to_end_of_tick(connection);
        }
        break;
    case CONNECTION_LINGERING:
        discard(connection);
        break;
    case CONNECTION_HANDSHAKING:
    case CONNECTION_GONE:
        break;
    }
}

bool connection_finish(struct net_connection *connection)
{
    net_flush(connection); /* still marked dirty: what it does to itself is seen below */
    if (connection->state == CONNECTION_ENDING && net_waiting(connection) == 0) {
        linger(connection);
    }
    if (connection->state == CONNECTION_GONE) {
        return true;
    }
    connection->dirty = false;
    if (connection->read_again) {
        to_end_of_tick(connection);
    }
    return false;
}

enum status net_connect(struct net_loop *loop, const struct net_options *options,
                        struct net_connection **out_connection)
{
    struct host_address address;
    enum status status = loop->closing ? STATUS_END : STATUS_OK;
    if (status == STATUS_OK) {
        status = host_address_parse(options->address, &address);
    }
    if (status == STATUS_OK && options->tls == NULL && !host_address_is_loopback(&address)) {
        status = STATUS_DENIED;
    }
    int socket = -1;
    if (status == STATUS_OK) {
        status = host_socket_connect(&address, &socket);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct tls_stream *stream = NULL; /* now, while the caller's name is there */
    if (options->tls != NULL) {
        status = tls_stream_open(options->tls, socket, options->tls_name, &stream);
    }
    struct net_connection *connection =
        status == STATUS_OK ? connection_new(loop, options, socket) : NULL;
    if (connection == NULL) {
        tls_stream_close(stream);
        host_socket_close(socket, false);
        return status == STATUS_OK ? STATUS_NO_MEMORY : status;
    }
    connection->stream = stream;
    host_address_print(&address, connection->peer);
    ask(connection, HOST_READY_WRITE);
    *out_connection = connection;
    return STATUS_OK;
}

void net_set_context(struct net_connection *connection, void *context)
{
    connection->context = context;
}

const char *net_peer(const struct net_connection *connection)
{
    return connection->peer;
}

enum status net_peer_user(const struct net_connection *connection, uint32_t *out_user)
{
    return host_socket_peer_user(connection->socket, out_user);
}

/* Room behind what waits, by moving it to the front or by a larger buffer. */
static bool make_room(struct net_connection *connection, size_t waiting, size_t count)
{
    if (connection->out_begin > 0 && connection->out_capacity - waiting >= count) {
        memmove(connection->out, connection->out + connection->out_begin, waiting);
        connection->out_begin = 0;
        connection->out_end = waiting;
        return true;
    }
    size_t capacity = connection->out_capacity == 0 ? OUT_FIRST : connection->out_capacity;
    while (capacity - connection->out_end < count) {
        capacity *= 2;
    }
    uint8_t *out = realloc(connection->out, capacity);
    if (out == NULL) {
        return false;
    }
    connection->out = out;
    connection->out_capacity = capacity;
    return true;
}

uint8_t *net_reserve(struct net_connection *connection, size_t count)
{
    size_t waiting = net_waiting(connection);
    connection->reserved = 0;
    if (connection->state != CONNECTION_OPEN || count > connection->out_max - waiting) {
        return NULL;
    }
    if ((connection->out == NULL || connection->out_capacity - connection->out_end < count) &&
        !make_room(connection, waiting, count)) {
        return NULL;
    }
    connection->reserved = count;
    return connection->out + connection->out_end;
}

void net_commit(struct net_connection *connection, size_t count)
{
    ASSERT(count <= connection->reserved);
    connection->reserved = 0;
    if (connection->state == CONNECTION_OPEN) { /* else it was cut between the two */
        connection->out_end += count;
        to_end_of_tick(connection);
    }
}

bool net_send(struct net_connection *connection, const void *bytes, size_t count)
{
    uint8_t *at = net_reserve(connection, count);
    if (at == NULL) {
        return false;
    }
    memcpy(at, bytes, count);
    net_commit(connection, count);
    return true;
}

size_t net_waiting(const struct net_connection *connection)
{
    return connection->out_end - connection->out_begin;
}

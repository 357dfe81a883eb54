/* SPDX-License-Identifier: Apache-2.0 */
#include "net/net.h"

#include "base/assert.h"
#include "host/clock.h"
#include "net/handshaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READY_MAX           128u
#define ACCEPTS_A_TICK      64u
#define READS_A_TICK        8u
#define CONNECTIONS_DEFAULT 1024u
#define OUT_FIRST           ((size_t)4 << 10)
#define END_NS              5000000000

enum tag_kind { TAG_WAKE, TAG_LISTENER, TAG_CONNECTION };

enum connection_state {
    CONNECTING,
    HANDSHAKING,
    OPEN,
    ENDING, /* writes what waits, reads nothing */
    GONE,   /* on_closed and free at the end of the tick */
};

struct net_listener {
    enum tag_kind kind;
    struct net_loop *loop;
    struct net_listener *next;
    struct net_options options;
    uint32_t connections;
    int socket;
    bool closed; /* freed when its last connection goes */
};

struct net_connection {
    enum tag_kind kind;
    enum connection_state state;
    struct net_loop *loop;
    struct net_listener *listener; /* null: it was connected from here */
    struct net_connection *next, *previous;
    struct net_connection *next_dirty;
    struct net_handler handler;
    void *context;
    struct net_tls *tls;
    struct tls_stream *stream;
    uint8_t *in;
    size_t in_count;
    uint8_t *out;
    size_t out_begin, out_end, out_capacity, out_max;
    size_t reserved;
    int64_t end_ns; /* when ENDING gives up */
    int socket;
    unsigned asked;  /* of the poll set; 0: not in it */
    bool dirty;      /* in the list of those with something to do at the end of the tick */
    bool read_again; /* the input had more than one tick takes */
    bool opened;
    char tls_name[64];
    char peer[HOST_ADDRESS_TEXT_BYTES];
    char reason[NET_REASON_BYTES];
};

struct net_loop {
    enum tag_kind kind; /* TAG_WAKE */
    int poll;
    int wake;
    struct handshaker *handshaker; /* opened with the first TLS connection */
    struct net_listener *listeners;
    struct net_connection *connections;
    struct net_connection *dirty;
    int64_t swept_ns;
};

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
    if (connection->asked == ready) {
        return;
    }
    if (connection->asked == 0) {
        enum status status = host_poll_add(loop->poll, connection->socket, ready, connection);
        if (status != STATUS_OK) {
            net_cut(connection, status_sentence(status));
            return;
        }
    } else {
        host_poll_change(loop->poll, connection->socket, ready, connection);
    }
    connection->asked = ready;
}

static void leave_poll(struct net_connection *connection)
{
    if (connection->asked != 0) {
        host_poll_remove(connection->loop->poll, connection->socket);
        connection->asked = 0;
    }
}

void net_cut(struct net_connection *connection, const char *reason)
{
    if (connection->state == GONE) {
        return;
    }
    if (connection->state != HANDSHAKING) { /* else the handshake's thread has the socket still */
        leave_poll(connection);
    }
    snprintf(connection->reason, sizeof connection->reason, "%s", reason);
    bool handshaking = connection->state == HANDSHAKING;
    connection->state = GONE;
    if (!handshaking) {
        to_end_of_tick(connection);
    }
}

void net_end(struct net_connection *connection, const char *reason)
{
    if (connection->state == OPEN && net_waiting(connection) > 0) {
        snprintf(connection->reason, sizeof connection->reason, "%s", reason);
        connection->state = ENDING;
        connection->end_ns = host_clock_monotonic_ns() + END_NS;
        to_end_of_tick(connection);
    } else if (connection->state != ENDING) {
        net_cut(connection, reason);
    }
}

static struct net_connection *connection_new(struct net_loop *loop,
                                             const struct net_options *options, int socket)
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
    if (options->tls_name != NULL) {
        snprintf(connection->tls_name, sizeof connection->tls_name, "%s", options->tls_name);
    }
    if (loop->connections != NULL) {
        loop->connections->previous = connection;
    }
    loop->connections = connection;
    return connection;
}

static void listener_free(struct net_listener *listener)
{
    struct net_listener **link = &listener->loop->listeners;
    while (*link != listener) {
        link = &(*link)->next;
    }
    *link = listener->next;
    free(listener);
}

static void connection_free(struct net_connection *connection)
{
    struct net_loop *loop = connection->loop;
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
    struct net_listener *listener = connection->listener;
    if (listener != NULL) {
        listener->connections--;
        if (listener->closed && listener->connections == 0) {
            listener_free(listener);
        }
    }
    free(connection->in);
    free(connection->out);
    free(connection);
}

static void opened(struct net_connection *connection)
{
    connection->in = malloc(NET_IN_BYTES);
    if (connection->in == NULL) {
        net_cut(connection, status_sentence(STATUS_NO_MEMORY));
        return;
    }
    connection->state = OPEN;
    connection->opened = true;
    ask(connection, HOST_READY_READ);
    if (connection->state == OPEN && connection->handler.on_opened != NULL) {
        connection->handler.on_opened(connection->context, connection);
    }
    if (connection->stream != NULL && connection->state == OPEN) {
        connection->read_again = true; /* the library may hold bytes that no poll tells of */
        to_end_of_tick(connection);
    }
}

/* The socket is connected: TLS first, or ready. */
static void begin(struct net_connection *connection)
{
    struct net_loop *loop = connection->loop;
    if (connection->tls == NULL) {
        opened(connection);
        return;
    }
    leave_poll(connection);
    enum status status = STATUS_OK;
    if (loop->handshaker == NULL) {
        status = handshaker_open(loop->wake, &loop->handshaker);
    }
    if (status == STATUS_OK) {
        status = tls_stream_open(connection->tls, connection->socket,
                                 connection->tls_name[0] == '\0' ? NULL : connection->tls_name,
                                 &connection->stream);
    }
    if (status == STATUS_OK) {
        status =
            handshaker_start(loop->handshaker, connection->stream, connection->socket, connection);
    }
    if (status != STATUS_OK) {
        net_cut(connection, status_sentence(status));
        return;
    }
    connection->state = HANDSHAKING;
}

static void take_handshakes(struct net_loop *loop)
{
    struct handshake done;
    while (loop->handshaker != NULL && handshaker_done(loop->handshaker, &done)) {
        struct net_connection *connection = done.tag;
        if (connection->state == GONE) { /* it was cut meanwhile */
            to_end_of_tick(connection);
        } else if (done.status != STATUS_OK) {
            connection->state = CONNECTING;
            net_cut(connection, done.reason[0] != '\0' ? done.reason : "the TLS handshake failed");
        } else {
            opened(connection);
        }
    }
}

static void accept_some(struct net_listener *listener)
{
    uint32_t max = listener->options.connections_max;
    for (unsigned i = 0; i < ACCEPTS_A_TICK && !listener->closed; i++) {
        int socket;
        struct host_address peer;
        if (host_socket_accept(listener->socket, &socket, &peer) != STATUS_OK) {
            return;
        }
        if (listener->connections >= (max == 0 ? CONNECTIONS_DEFAULT : max)) {
            host_socket_close(socket, true);
            continue;
        }
        struct net_connection *connection =
            connection_new(listener->loop, &listener->options, socket);
        if (connection == NULL) {
            host_socket_close(socket, true);
            return;
        }
        connection->listener = listener;
        listener->connections++;
        host_address_print(&peer, connection->peer);
        begin(connection);
    }
}

static enum status receive(struct net_connection *connection, size_t *out_count)
{
    uint8_t *at = connection->in + connection->in_count;
    size_t room = NET_IN_BYTES - connection->in_count;
    return connection->stream != NULL ? tls_stream_read(connection->stream, at, room, out_count)
                                      : host_socket_read(connection->socket, at, room, out_count);
}

static void give(struct net_connection *connection)
{
    size_t used = connection->handler.on_bytes(connection->context, connection, connection->in,
                                               connection->in_count);
    ASSERT(used <= connection->in_count);
    if (connection->state != OPEN) {
        return;
    }
    connection->in_count -= used;
    memmove(connection->in, connection->in + used, connection->in_count);
    if (connection->in_count == NET_IN_BYTES) {
        net_cut(connection, "a message is longer than the venue reads");
    }
}

static void read_some(struct net_connection *connection)
{
    for (unsigned i = 0; i < READS_A_TICK && connection->state == OPEN; i++) {
        size_t count = 0;
        enum status status = receive(connection, &count);
        if (status == STATUS_AGAIN) {
            return;
        }
        if (status != STATUS_OK) {
            net_cut(connection, status == STATUS_END ? "the peer closed the connection"
                                                     : "the connection broke");
            return;
        }
        bool filled = connection->in_count + count == NET_IN_BYTES;
        connection->in_count += count;
        give(connection);
        if (!filled && connection->stream == NULL) {
            return;
        }
    }
    if (connection->state == OPEN && connection->stream != NULL) {
        connection->read_again = true;
        to_end_of_tick(connection);
    }
}

void net_flush(struct net_connection *connection)
{
    bool open = connection->state == OPEN || connection->state == ENDING;
    while (open && connection->out_begin < connection->out_end) {
        const uint8_t *at = connection->out + connection->out_begin;
        size_t count = connection->out_end - connection->out_begin;
        size_t written = 0;
        enum status status = connection->stream != NULL
                                 ? tls_stream_write(connection->stream, at, count, &written)
                                 : host_socket_write(connection->socket, at, count, &written);
        if (status == STATUS_AGAIN) {
            ask(connection, (connection->state == OPEN ? (unsigned)HOST_READY_READ : 0u) |
                                (unsigned)HOST_READY_WRITE);
            return;
        }
        if (status != STATUS_OK) {
            net_cut(connection, "the connection broke");
            return;
        }
        connection->out_begin += written;
    }
    if (!open) {
        return;
    }
    connection->out_begin = 0;
    connection->out_end = 0;
    if (connection->state == OPEN) {
        ask(connection, HOST_READY_READ);
    }
}

static void on_ready(struct net_connection *connection, unsigned ready)
{
    if (connection->state == CONNECTING) {
        enum status status = host_socket_connected(connection->socket);
        if (status != STATUS_OK) {
            net_cut(connection, "nobody listens there, or the network refused");
        } else if ((ready & HOST_READY_WRITE) != 0) {
            begin(connection);
        }
        return;
    }
    if ((ready & HOST_READY_WRITE) != 0) {
        to_end_of_tick(connection);
    }
    if (connection->state == OPEN && (ready & (HOST_READY_READ | HOST_READY_BROKEN)) != 0) {
        read_some(connection);
    } else if (connection->state == ENDING && (ready & HOST_READY_BROKEN) != 0) {
        net_cut(connection, connection->reason);
    }
}

static void finish_tick(struct net_loop *loop)
{
    struct net_connection *list = loop->dirty;
    loop->dirty = NULL;
    while (list != NULL) {
        struct net_connection *connection = list;
        list = connection->next_dirty;
        net_flush(connection); /* still marked: what it does to itself is seen below */
        if (connection->state == ENDING && net_waiting(connection) == 0) {
            connection->state = GONE;
            leave_poll(connection);
        }
        if (connection->state == GONE) {
            connection_free(connection);
            continue;
        }
        connection->dirty = false;
        if (connection->read_again) {
            to_end_of_tick(connection);
        }
    }
}

/* Those that end and whose peer does not take the rest. */
static void sweep(struct net_loop *loop)
{
    int64_t now_ns = host_clock_monotonic_ns();
    if (now_ns - loop->swept_ns < END_NS / 10) {
        return;
    }
    loop->swept_ns = now_ns;
    for (struct net_connection *i = loop->connections; i != NULL; i = i->next) {
        if (i->state == ENDING && now_ns > i->end_ns) {
            char reason[NET_REASON_BYTES];
            memcpy(reason, i->reason, sizeof reason);
            net_cut(i, reason);
        }
    }
}

/* TLS connections whose input the last tick did not finish. */
static void read_rest(struct net_loop *loop)
{
    for (struct net_connection *i = loop->dirty; i != NULL; i = i->next_dirty) {
        if (i->read_again) {
            i->read_again = false;
            read_some(i);
        }
    }
}

void net_loop_tick(struct net_loop *loop, int64_t wait_ns)
{
    struct host_ready_event events[READY_MAX];
    size_t count = host_poll_wait(loop->poll, loop->dirty != NULL ? 0 : wait_ns, events, READY_MAX);
    read_rest(loop);
    for (size_t i = 0; i < count; i++) {
        enum tag_kind kind;
        memcpy(&kind, events[i].tag, sizeof kind);
        if (kind == TAG_WAKE) {
            host_wake_clear(loop->wake);
            take_handshakes(loop);
        } else if (kind == TAG_LISTENER) {
            accept_some(events[i].tag);
        } else {
            on_ready(events[i].tag, events[i].ready);
        }
    }
    sweep(loop);
    finish_tick(loop);
}

void net_loop_wake(struct net_loop *loop)
{
    host_wake_notify(loop->wake);
}

enum status net_loop_open(struct net_loop **out_loop)
{
    struct net_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return STATUS_NO_MEMORY;
    }
    *loop = (struct net_loop){.kind = TAG_WAKE, .poll = -1, .wake = -1};
    enum status status = host_poll_open(&loop->poll);
    if (status == STATUS_OK) {
        status = host_wake_open(&loop->wake);
    }
    if (status == STATUS_OK) {
        status = host_poll_add(loop->poll, loop->wake, HOST_READY_READ, loop);
    }
    if (status != STATUS_OK) {
        net_loop_close(loop);
        return status;
    }
    *out_loop = loop;
    return STATUS_OK;
}

void net_loop_close(struct net_loop *loop)
{
    if (loop == NULL) {
        return;
    }
    while (loop->listeners != NULL && !loop->listeners->closed) {
        net_listener_close(loop->listeners);
    }
    for (struct net_listener *i = loop->listeners; i != NULL; i = i->next) {
        if (!i->closed) {
            host_poll_remove(loop->poll, i->socket);
            host_socket_close(i->socket, false);
            i->closed = true;
        }
    }
    struct handshaker *handshaker = loop->handshaker;
    handshaker_close(handshaker); /* closes the streams it has: not ours any more */
    loop->handshaker = NULL;
    for (struct net_connection *i = loop->connections; i != NULL; i = i->next) {
        if (!i->opened && i->stream != NULL && (i->state == HANDSHAKING || i->state == GONE)) {
            i->stream = NULL;
        }
        if (i->state == HANDSHAKING) {
            i->state = CONNECTING;
        }
        net_cut(i, "the loop ends");
    }
    while (loop->connections != NULL) {
        connection_free(loop->connections);
    }
    if (loop->wake >= 0) {
        host_wake_close(loop->wake);
    }
    if (loop->poll >= 0) {
        host_poll_close(loop->poll);
    }
    free(loop);
}

enum status net_listen(struct net_loop *loop, const struct net_options *options,
                       struct net_listener **out_listener)
{
    struct host_address address;
    enum status status = host_address_parse(options->address, &address);
    if (status == STATUS_OK && options->tls == NULL && !host_address_is_loopback(&address)) {
        status = STATUS_DENIED;
    }
    int socket;
    if (status == STATUS_OK) {
        status = host_socket_listen(&address, &socket);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct net_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        host_socket_close(socket, false);
        return STATUS_NO_MEMORY;
    }
    *listener = (struct net_listener){.kind = TAG_LISTENER,
                                      .loop = loop,
                                      .options = *options,
                                      .socket = socket,
                                      .next = loop->listeners};
    listener->options.address = NULL; /* the caller's text */
    status = host_poll_add(loop->poll, socket, HOST_READY_READ, listener);
    if (status != STATUS_OK) {
        host_socket_close(socket, false);
        free(listener);
        return status;
    }
    loop->listeners = listener;
    *out_listener = listener;
    return STATUS_OK;
}

uint16_t net_listener_port(const struct net_listener *listener)
{
    return host_socket_port(listener->socket);
}

void net_listener_close(struct net_listener *listener)
{
    if (listener == NULL || listener->closed) {
        return;
    }
    host_poll_remove(listener->loop->poll, listener->socket);
    host_socket_close(listener->socket, false);
    listener->closed = true;
    if (listener->connections == 0) {
        listener_free(listener);
    }
}

enum status net_connect(struct net_loop *loop, const struct net_options *options,
                        struct net_connection **out_connection)
{
    struct host_address address;
    enum status status = host_address_parse(options->address, &address);
    if (status == STATUS_OK && options->tls == NULL && !host_address_is_loopback(&address)) {
        status = STATUS_DENIED;
    }
    int socket;
    if (status == STATUS_OK) {
        status = host_socket_connect(&address, &socket);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct net_connection *connection = connection_new(loop, options, socket);
    if (connection == NULL) {
        host_socket_close(socket, false);
        return STATUS_NO_MEMORY;
    }
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

uint8_t *net_reserve(struct net_connection *connection, size_t count)
{
    size_t waiting = connection->out_end - connection->out_begin;
    if (connection->state != OPEN || count > connection->out_max - waiting) {
        return NULL;
    }
    if (connection->out_capacity - connection->out_end < count) {
        memmove(connection->out, connection->out + connection->out_begin, waiting);
        connection->out_begin = 0;
        connection->out_end = waiting;
    }
    if (connection->out_capacity - connection->out_end < count) {
        size_t capacity = connection->out_capacity == 0 ? OUT_FIRST : connection->out_capacity;
        while (capacity - waiting < count) {
            capacity *= 2;
        }
        uint8_t *out = realloc(connection->out, capacity);
        if (out == NULL) {
            return NULL;
        }
        connection->out = out;
        connection->out_capacity = capacity;
    }
    connection->reserved = count;
    return connection->out + connection->out_end;
}

void net_commit(struct net_connection *connection, size_t count)
{
    ASSERT(count <= connection->reserved);
    connection->out_end += count;
    connection->reserved = 0;
    to_end_of_tick(connection);
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

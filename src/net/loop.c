/* SPDX-License-Identifier: Apache-2.0 */
#include "net/net.h"

#include "base/assert.h"
#include "host/clock.h"
#include "net/state.h"

#include <stdlib.h>
#include <string.h>

#define READY_MAX           128u
#define CONNECTIONS_DEFAULT 1024u
#define SWEEP_NS            100000000

/* One connection taken; false: no more for now. */
static bool accept_one(struct net_listener *listener)
{
    struct net_loop *loop = listener->loop;
    uint32_t max = listener->options.connections_max;
    int socket;
    struct host_address peer;
    enum status status = host_socket_accept(listener->socket, &socket, &peer);
    if (status == STATUS_NO_FILES || status == STATUS_NO_MEMORY) {
        host_poll_remove(loop->poll, listener->socket); /* or each tick would try in vain */
        listener->asleep = true;
    }
    if (status != STATUS_OK) {
        return false;
    }
    if (listener->connections >= (max == 0 ? CONNECTIONS_DEFAULT : max)) {
        host_socket_close(socket, true);
        return true;
    }
    struct net_connection *connection = connection_new(loop, &listener->options, socket);
    if (connection == NULL) {
        host_socket_close(socket, true);
        return false;
    }
    connection->listener = listener;
    listener->connections++;
    host_address_print(&peer, connection->peer);
    connection_begin(connection);
    return true;
}

static void accept_some(struct net_listener *listener)
{
    for (unsigned i = 0; i < NET_ACCEPTS_MAX && !listener->closed && !listener->asleep; i++) {
        if (!accept_one(listener)) {
            return;
        }
    }
}

static void take_handshakes(struct net_loop *loop)
{
    struct handshake done;
    while (loop->handshaker != NULL && handshaker_done(loop->handshaker, &done)) {
        struct net_connection *connection = done.tag;
        if (connection->state == CONNECTION_GONE) { /* it was cut meanwhile */
            connection_free(connection);
        } else if (done.status != STATUS_OK) {
            connection->state = CONNECTION_CONNECTING;
            net_cut(connection, done.reason);
        } else {
            connection_opened(connection);
        }
    }
}

/* What waits for time: ends that the peer does not take, listeners without descriptors. */
static void sweep(struct net_loop *loop)
{
    int64_t now_ns = host_clock_monotonic_ns();
    loop->polled_ns = now_ns;
    if (now_ns - loop->swept_ns < SWEEP_NS) {
        return;
    }
    loop->swept_ns = now_ns;
    for (struct net_connection *i = loop->connections; i != NULL; i = i->next) {
        bool ends = i->state == CONNECTION_ENDING || i->state == CONNECTION_LINGERING;
        if (ends && now_ns > i->end_ns) {
            net_cut(i, i->reason);
        }
    }
    for (struct net_listener *i = loop->listeners; i != NULL; i = i->next) {
        if (i->asleep && !i->closed &&
            host_poll_add(loop->poll, i->socket, HOST_READY_READ, i) == STATUS_OK) {
            i->asleep = false;
        }
    }
}

static void free_listeners(struct net_loop *loop)
{
    loop->listener_closed = false;
    struct net_listener **link = &loop->listeners;
    while (*link != NULL) {
        struct net_listener *listener = *link;
        if (listener->closed && listener->connections == 0) {
            *link = listener->next;
            free(listener);
        } else {
            link = &listener->next;
        }
    }
}

static void finish_tick(struct net_loop *loop)
{
    struct net_connection *list = loop->dirty;
    loop->dirty = NULL;
    while (list != NULL) {
        struct net_connection *connection = list;
        list = connection->next_dirty;
        if (connection_finish(connection)) {
            connection_free(connection);
        }
    }
    if (loop->listener_closed) {
        free_listeners(loop);
    }
}

/* TLS connections whose input the last tick did not finish. */
static void read_rest(struct net_loop *loop)
{
    for (struct net_connection *i = loop->dirty; i != NULL; i = i->next_dirty) {
        if (i->read_again) {
            i->read_again = false;
            connection_read(i);
        }
    }
}

bool net_loop_tick(struct net_loop *loop, int64_t wait_ns)
{
    UNINITIALIZED struct host_ready_event events[READY_MAX];
    size_t count = host_poll_wait(loop->poll, loop->dirty != NULL ? 0 : wait_ns, events, READY_MAX);
    sweep(loop); /* before the events: a listener that falls asleep now does so for a while */
    read_rest(loop);
    for (size_t i = 0; i < count; i++) {
        enum tag_kind kind;
        memcpy(&kind, events[i].tag, sizeof kind);
        switch (kind) {
        case TAG_WAKE:
            host_wake_clear(loop->wake);
            break;
        case TAG_LISTENER:
            accept_some(events[i].tag);
            break;
        case TAG_CONNECTION:
            connection_ready(events[i].tag, events[i].ready);
            break;
        }
    }
    take_handshakes(loop); /* after the events: it frees what none of them names */
    finish_tick(loop);
    return count > 0;
}

int64_t net_loop_polled_ns(const struct net_loop *loop)
{
    return loop->polled_ns;
}

void net_loop_flush(struct net_loop *loop)
{
    for (struct net_connection *i = loop->dirty; i != NULL; i = i->next_dirty) {
        net_flush(i);
    }
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
    loop->closing = true;
    for (struct net_listener *i = loop->listeners; i != NULL; i = i->next) {
        net_listener_close(i);
    }
    handshaker_close(loop->handshaker); /* gives the streams it had back */
    while (loop->connections != NULL) {
        struct net_connection *connection = loop->connections;
        if (connection->state == CONNECTION_HANDSHAKING) {
            connection->state = CONNECTION_CONNECTING;
        }
        net_cut(connection, "the loop ends");
        connection_free(connection);
    }
    free_listeners(loop);
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
    enum status status = loop->closing ? STATUS_END : STATUS_OK;
    if (status == STATUS_OK) {
        status = host_address_parse(options->address, &address);
    }
    if (status == STATUS_OK && options->tls == NULL && !host_address_is_loopback(&address)) {
        status = STATUS_DENIED;
    }
    int socket = -1;
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

void net_listener_abandon(struct net_listener *listener)
{
    if (listener == NULL) {
        return;
    }
    for (struct net_connection *i = listener->loop->connections; i != NULL; i = i->next) {
        if (i->listener == listener && i->context == listener->options.context) {
            i->handler = (struct net_handler){0};
            i->context = NULL;
            net_cut(i, "its listener is gone");
        }
    }
}

void net_listener_close(struct net_listener *listener)
{
    if (listener == NULL || listener->closed) {
        return;
    }
    if (!listener->asleep) {
        host_poll_remove(listener->loop->poll, listener->socket);
    }
    host_socket_close(listener->socket, false);
    listener->closed = true;
    listener->loop->listener_closed = true; /* freed at the end of a tick: an event may name it */
}

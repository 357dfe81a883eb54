/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/net.h"

#include "base/assert.h"
#include "base/prng.h"
#include "host/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
    struct piece *next;
    int64_t due_ns;
    size_t count;
    uint8_t bytes[];
};

enum line {
    LINE_CONNECTING, /* from here; due at connect_ns */
    LINE_COMING,     /* to a listener; its loop has not seen it yet */
    LINE_OPEN,
    LINE_ENDING, /* the last words are on the wire, nothing is read */
    LINE_GONE,   /* on_closed at the end of a tick */
};

struct net_connection {
    struct net_connection *next;
    struct net_loop *loop;
    struct net_connection *peer; /* null: gone, or not there yet */
    struct net_handler handler;
    void *context;
    struct piece *first; /* on the wire to here */
    struct piece *last;
    uint8_t *in; /* NET_IN_BYTES */
    size_t in_count;
    uint8_t *out;
    size_t out_count;
    size_t out_capacity;
    size_t out_max;
    size_t flying; /* bytes on the wire to the peer */
    int64_t connect_ns;
    enum line line;
    bool peer_ended; /* what is on the wire is the last */
    char address[HOST_ADDRESS_TEXT_BYTES];
    char reason[NET_REASON_BYTES];
};

struct net_listener {
    struct net_listener *next;
    struct net_loop *loop;
    struct net_options options;
    char address[HOST_ADDRESS_TEXT_BYTES];
};

struct net_loop {
    struct net_connection *connections;
    int64_t polled_ns;
};

/* The one network of this process. */
static struct {
    struct net_listener *listeners;
    struct prng prng;
    int64_t latency_most_ns;
    uint32_t cuts;
    uint64_t cut_count;
} network;

void sim_net_begin(uint64_t seed, int64_t latency_most_ns, uint32_t cuts)
{
    ASSERT(network.listeners == NULL);
    prng_init(&network.prng, seed);
    network.latency_most_ns = latency_most_ns;
    network.cuts = cuts;
    network.cut_count = 0;
}

void sim_net_calm(void)
{
    network.cuts = 0;
}

uint64_t sim_net_cuts(void)
{
    return network.cut_count;
}

static int64_t latency(void)
{
    return prng_between(&network.prng, 1000, network.latency_most_ns);
}

/* -- ends ------------------------------------------------------------------------------------- */

static void drop_wire(struct net_connection *connection)
{
    while (connection->first != NULL) {
        struct piece *piece = connection->first;
        connection->first = piece->next;
        free(piece);
    }
    connection->last = NULL;
}

static void part(struct net_connection *connection)
{
    if (connection->peer != NULL) {
        connection->peer->peer = NULL;
        connection->peer->peer_ended = true;
        connection->peer = NULL;
    }
}

void net_cut(struct net_connection *connection, const char *reason)
{
    if (connection->line == LINE_GONE) {
        return;
    }
    if (reason != connection->reason) {
        (void)snprintf(connection->reason, sizeof connection->reason, "%s", reason);
    }
    connection->line = LINE_GONE;
    part(connection);
}

void net_end(struct net_connection *connection, const char *reason)
{
    if (connection->line != LINE_OPEN) {
        if (connection->line < LINE_OPEN) {
            net_cut(connection, reason);
        }
        return;
    }
    net_flush(connection);
    (void)snprintf(connection->reason, sizeof connection->reason, "%s", reason);
    connection->line = LINE_ENDING;
    part(connection);
}

static void release(struct net_connection *connection)
{
    struct net_connection **link = &connection->loop->connections;
    while (*link != connection) {
        link = &(*link)->next;
    }
    *link = connection->next;
    connection->line = LINE_GONE;
    part(connection);
    if (connection->handler.on_closed != NULL) {
        connection->handler.on_closed(connection->context, connection, connection->reason);
    }
    drop_wire(connection);
    free(connection->in);
    free(connection->out);
    free(connection);
}

/* -- bytes ------------------------------------------------------------------------------------ */

static void put_piece(struct net_connection *to, const uint8_t *bytes, size_t count)
{
    struct piece *piece = malloc(sizeof *piece + count);
    ASSERT(piece != NULL);
    piece->next = NULL;
    piece->count = count;
    piece->due_ns = host_clock_monotonic_ns() + latency();
    if (to->last != NULL && to->last->due_ns > piece->due_ns) {
        piece->due_ns = to->last->due_ns; /* bytes keep their order */
    }
    memcpy(piece->bytes, bytes, count);
    *(to->last == NULL ? &to->first : &to->last->next) = piece;
    to->last = piece;
}

void net_flush(struct net_connection *connection)
{
    size_t at = 0;
    while (connection->peer != NULL && at < connection->out_count) {
        size_t left = connection->out_count - at;
        size_t count =
            prng_chance(&network.prng, 1, 4) ? 1 + (size_t)prng_below(&network.prng, left) : left;
        put_piece(connection->peer, connection->out + at, count);
        connection->flying += count;
        at += count;
    }
    connection->out_count = 0;
}

uint8_t *net_reserve(struct net_connection *connection, size_t count)
{
    if (connection->line != LINE_OPEN ||
        connection->out_count + connection->flying + count > connection->out_max) {
        return NULL;
    }
    if (connection->out_count + count > connection->out_capacity) {
        connection->out_capacity = 2 * (connection->out_count + count);
        connection->out = realloc(connection->out, connection->out_capacity);
        ASSERT(connection->out != NULL);
    }
    return connection->out + connection->out_count;
}

void net_commit(struct net_connection *connection, size_t count)
{
    connection->out_count += count;
}

bool net_send(struct net_connection *connection, const void *bytes, size_t count)
{
    uint8_t *at = net_reserve(connection, count);
    if (at != NULL) {
        memcpy(at, bytes, count);
        net_commit(connection, count);
    }
    return at != NULL;
}

size_t net_waiting(const struct net_connection *connection)
{
    return connection->out_count + connection->flying;
}

/* What is there goes to the owner, again and again until it uses nothing. */
static void give(struct net_connection *connection)
{
    size_t used = 1;
    while (connection->line == LINE_OPEN && connection->in_count > 0 && used > 0) {
        used = connection->handler.on_bytes(connection->context, connection, connection->in,
                                            connection->in_count);
        memmove(connection->in, connection->in + used, connection->in_count - used);
        connection->in_count -= used;
    }
    if (connection->in_count == NET_IN_BYTES) {
        net_cut(connection, "a message is longer than may be");
    }
}

/* The wire breaks in the middle of this piece: a beginning of it arrives, and neither side hears
 * more. */
static void break_wire(struct net_connection *connection, size_t *count)
{
    *count = (size_t)prng_below(&network.prng, *count + 1);
    network.cut_count++;
    drop_wire(connection);
    if (connection->peer != NULL) {
        drop_wire(connection->peer);
    }
    part(connection);
    connection->peer_ended = true;
}

/* False: there is no room for it yet. */
static bool take_piece(struct net_connection *connection)
{
    struct piece *piece = connection->first;
    size_t count = piece->count;
    if (count > NET_IN_BYTES - connection->in_count) {
        return false;
    }
    connection->first = piece->next;
    connection->last = piece->next == NULL ? NULL : connection->last;
    if (connection->peer != NULL) {
        connection->peer->flying -= count;
    }
    if (prng_chance(&network.prng, network.cuts, 100000)) {
        break_wire(connection, &count);
    }
    memcpy(connection->in + connection->in_count, piece->bytes, count);
    connection->in_count += count;
    free(piece);
    give(connection);
    return true;
}

/* -- a turn ----------------------------------------------------------------------------------- */

static struct net_connection *make(struct net_loop *loop, const struct net_options *options)
{
    struct net_connection *connection = calloc(1, sizeof *connection);
    uint8_t *in = malloc(NET_IN_BYTES);
    ASSERT(connection != NULL && in != NULL);
    connection->loop = loop;
    connection->handler = options->handler;
    connection->context = options->context;
    connection->in = in;
    connection->out_max =
        options->out_bytes_max == 0 ? NET_OUT_BYTES_DEFAULT : options->out_bytes_max;
    connection->next = loop->connections;
    loop->connections = connection;
    return connection;
}

static void reach(struct net_connection *connection)
{
    struct net_listener *listener = network.listeners;
    while (listener != NULL && strcmp(listener->address, connection->address) != 0) {
        listener = listener->next;
    }
    if (listener == NULL) {
        net_cut(connection, "nobody listens");
        return;
    }
    struct net_connection *other = make(listener->loop, &listener->options);
    other->line = LINE_COMING;
    (void)snprintf(other->address, sizeof other->address, "127.0.0.1:1");
    other->peer = connection;
    connection->peer = other;
    connection->line = LINE_OPEN;
    connection->handler.on_opened(connection->context, connection);
}

static void serve(struct net_connection *connection, int64_t now_ns)
{
    if (connection->line == LINE_CONNECTING && now_ns >= connection->connect_ns) {
        reach(connection);
    } else if (connection->line == LINE_COMING) {
        connection->line = LINE_OPEN;
        connection->handler.on_opened(connection->context, connection);
    }
    bool room = true;
    while (connection->line == LINE_OPEN && connection->first != NULL && room &&
           connection->first->due_ns <= now_ns) {
        room = take_piece(connection);
    }
    if (connection->line == LINE_OPEN && connection->peer_ended && connection->first == NULL) {
        net_cut(connection, "the peer has closed");
    }
}

bool net_loop_tick(struct net_loop *loop, int64_t wait_ns)
{
    (void)wait_ns;
    bool any = loop->connections != NULL;
    loop->polled_ns = host_clock_monotonic_ns();
    for (struct net_connection *i = loop->connections; i != NULL; i = i->next) {
        serve(i, loop->polled_ns);
    }
    net_loop_flush(loop);
    struct net_connection *next;
    for (struct net_connection *i = loop->connections; i != NULL; i = next) {
        next = i->next;
        if (i->line >= LINE_ENDING) {
            release(i);
        }
    }
    return any;
}

void net_loop_flush(struct net_loop *loop)
{
    for (struct net_connection *i = loop->connections; i != NULL; i = i->next) {
        if (i->line == LINE_OPEN && i->out_count > 0) {
            net_flush(i);
        }
    }
}

int64_t net_loop_polled_ns(const struct net_loop *loop)
{
    return loop->polled_ns;
}

void net_loop_wake(struct net_loop *loop)
{
    (void)loop; /* it never sleeps */
}

enum status net_loop_open(struct net_loop **out_loop)
{
    *out_loop = calloc(1, sizeof **out_loop);
    return *out_loop == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void net_loop_close(struct net_loop *loop)
{
    while (loop != NULL && loop->connections != NULL) {
        release(loop->connections);
    }
    struct net_listener *listener = network.listeners;
    while (loop != NULL && listener != NULL) {
        struct net_listener *next = listener->next;
        if (listener->loop == loop) {
            net_listener_close(listener);
        }
        listener = next;
    }
    free(loop);
}

/* -- doors ------------------------------------------------------------------------------------ */

enum status net_listen(struct net_loop *loop, const struct net_options *options,
                       struct net_listener **out_listener)
{
    struct net_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return STATUS_NO_MEMORY;
    }
    listener->loop = loop;
    listener->options = *options;
    (void)snprintf(listener->address, sizeof listener->address, "%s", options->address);
    listener->next = network.listeners;
    network.listeners = listener;
    *out_listener = listener;
    return STATUS_OK;
}

uint16_t net_listener_port(const struct net_listener *listener)
{
    const char *colon = strrchr(listener->address, ':');
    return (uint16_t)(colon == NULL ? 0 : strtoul(colon + 1, NULL, 10));
}

void net_listener_abandon(struct net_listener *listener)
{
    struct net_connection *i = listener == NULL ? NULL : listener->loop->connections;
    for (; i != NULL; i = i->next) {
        if (i->context == listener->options.context) {
            i->handler = (struct net_handler){0};
            net_cut(i, "the listener is gone");
        }
    }
}

void net_listener_close(struct net_listener *listener)
{
    struct net_listener **link = &network.listeners;
    while (listener != NULL && *link != listener) {
        link = &(*link)->next;
    }
    if (listener != NULL) {
        *link = listener->next;
        free(listener);
    }
}

enum status net_connect(struct net_loop *loop, const struct net_options *options,
                        struct net_connection **out_connection)
{
    struct net_connection *connection = make(loop, options);
    (void)snprintf(connection->address, sizeof connection->address, "%s", options->address);
    connection->line = LINE_CONNECTING;
    connection->connect_ns = host_clock_monotonic_ns() + latency();
    *out_connection = connection;
    return STATUS_OK;
}

void net_set_context(struct net_connection *connection, void *context)
{
    connection->context = context;
}

const char *net_peer(const struct net_connection *connection)
{
    return connection->address;
}

enum status net_peer_user(const struct net_connection *connection, uint32_t *out_user)
{
    (void)connection;
    (void)out_user;
    return STATUS_UNSUPPORTED;
}

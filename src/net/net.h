/* SPDX-License-Identifier: Apache-2.0
 *
 * One loop over many connections: TCP and Unix sockets, plain or TLS 1.3. Bytes come in by a
 * callback that says how many of them it used; bytes go out through a bounded buffer that is
 * written once a tick, or at once with net_flush. A TLS handshake is done by a thread of the loop's
 * own, so that a slow or malicious one never holds the loop up.
 *
 *     listen ─► accept ─(tls: handshake thread)─► on_opened ─► on_bytes ... ─► on_closed
 *     connect ─► connected ─(tls: handshake thread)─► on_opened ...
 *
 * Plain TCP is allowed on loopback addresses alone.
 *
 * A peer that closes its side ends the connection, once what waits for it is written.
 *
 * Owner: who opened the loop. Threads: one a loop; no two threads share one. Memory: an object and
 * an input buffer of NET_IN_BYTES a connection, an output buffer that grows to its bound; nothing
 * per message. Errors: those of host/socket.h at open; DENIED: plain on another address than
 * loopback. Later a connection that fails is closed with a reason.
 * Order of calls: net_loop_open, net_listen and net_connect, net_loop_tick in turn, net_loop_close.
 * In a callback everything is allowed but net_loop_tick and net_loop_close.
 */
#ifndef DOJIMA_NET_NET_H
#define DOJIMA_NET_NET_H

#include "base/status.h"
#include "host/socket.h"
#include "net/tls.h"

#define NET_IN_BYTES          ((size_t)64 << 10) /* a message must fit */
#define NET_OUT_BYTES_DEFAULT ((size_t)1 << 20)

struct net_loop;
struct net_listener;
struct net_connection;

struct net_handler {
    /* Ready to use. `context` is that of the listener or of net_connect until net_set_context. */
    void (*on_opened)(void *context, struct net_connection *connection);
    /* What has come in and was not used yet; returns how many bytes were used. What is left is
     * given again, with more, when more comes; NET_IN_BYTES of it end the connection. */
    size_t (*on_bytes)(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count);
    /* The connection is gone after this call. Also for one that on_opened never came for. `reason`
     * is a sentence, valid during the call. */
    void (*on_closed)(void *context, struct net_connection *connection, const char *reason);
};

struct net_options {
    const char *address;  /* "127.0.0.1:9101", "[::1]:0", "unix:/path" */
    struct net_tls *tls;  /* null: plain */
    const char *tls_name; /* net_connect: the name the certificate must have; null: none is asked */
    struct net_handler handler;
    void *context;
    size_t out_bytes_max;     /* 0: NET_OUT_BYTES_DEFAULT */
    uint32_t connections_max; /* of a listener, handshakes included; 0: 1024. More are reset */
};

MUST_USE enum status net_loop_open(struct net_loop **out_loop);

/* Waits at most `wait_ns` (0: polls) for something to do and does it: accepts, reads, gives bytes
 * to the callbacks, writes what waits. True: there was something, and more may come soon. */
bool net_loop_tick(struct net_loop *loop, int64_t wait_ns);

/* Ends a wait from another thread. */
void net_loop_wake(struct net_loop *loop);

/* Closes every listener and connection, with on_closed, where net_listen and net_connect return
 * END. Null is accepted. */
void net_loop_close(struct net_loop *loop);

MUST_USE enum status net_listen(struct net_loop *loop, const struct net_options *options,
                                struct net_listener **out_listener);
uint16_t net_listener_port(const struct net_listener *listener); /* 0: a Unix socket */
/* Cuts the connections whose context is still the listener's own, those that shake hands among
 * them, without a callback: nothing names that context from here. Null is accepted. */
void net_listener_abandon(struct net_listener *listener);
/* Its connections live on. Null is accepted. */
void net_listener_close(struct net_listener *listener);

/* Begins to connect; on_opened or on_closed comes from a later tick. INVALID: no such address, or
 * no name that a certificate can have. */
MUST_USE enum status net_connect(struct net_loop *loop, const struct net_options *options,
                                 struct net_connection **out_connection);

void net_set_context(struct net_connection *connection, void *context);
const char *net_peer(const struct net_connection *connection); /* address text */
/* User of the other end of a Unix socket; of another: UNSUPPORTED. */
MUST_USE enum status net_peer_user(const struct net_connection *connection, uint32_t *out_user);

/* Room for `count` bytes to encode into; null: the bound is reached, or the connection is going.
 * Valid until the next call for this connection. */
uint8_t *net_reserve(struct net_connection *connection, size_t count);
/* The first `count` of the reserved bytes are to be sent. */
void net_commit(struct net_connection *connection, size_t count);
/* Both in one, a copy: false if there was no room and nothing was taken. */
MUST_USE bool net_send(struct net_connection *connection, const void *bytes, size_t count);
/* Bytes that wait to be taken by the peer. */
size_t net_waiting(const struct net_connection *connection);
/* Monotonic time when the poll of the last tick came back: what it read was there by then. */
int64_t net_loop_polled_ns(const struct net_loop *loop);
/* Writes now what the kernel takes: of every connection, for what was committed outside a tick. */
void net_loop_flush(struct net_loop *loop);
/* The same of one connection. */
void net_flush(struct net_connection *connection);

/* Ends it now, what waits is not written: no more callbacks but on_closed, which comes from this
 * tick or the next; during a TLS handshake, when the handshake's thread lets go of it. */
void net_cut(struct net_connection *connection, const char *reason);
/* Ends it once everything that waits is written and the peer has closed too, so that our last words
 * reach it; at the latest after five seconds. No more callbacks but on_closed. */
void net_end(struct net_connection *connection, const char *reason);

#endif

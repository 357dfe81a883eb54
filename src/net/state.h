/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of the room share: loop.c (life cycle, tick, listeners), connection.c (bytes in
 * and out). Nobody else includes this.
 *
 *     CONNECTING ──► HANDSHAKING ──► OPEN ──► ENDING ──► LINGERING ──► GONE
 *          └────────────────────────► ┘                               ▲
 *                 net_cut, a failure: from every state ───────────────┘
 *
 * LINGERING: everything is written, the peer was told that no more comes, and what it still sends
 * is thrown away until it closes too. To close at once instead would make the kernel answer its
 * bytes with a reset, which takes away our last words before the peer has read them.
 *
 * Owner: the loop. Threads: the loop's. Memory: malloc, a connection and its buffers.
 * Errors: as each function says. Order of calls: none.
 */
#ifndef DOJIMA_NET_STATE_H
#define DOJIMA_NET_STATE_H

#include "net/handshaker.h"
#include "net/net.h"

#define NET_END_NS      5000000000 /* ENDING and LINGERING together */
#define NET_ACCEPTS_MAX 64u        /* a listener and tick */
#define NET_READS_MAX   8u         /* a connection and tick */

enum tag_kind {
    TAG_WAKE,
    TAG_LISTENER,
    TAG_CONNECTION,
};

enum connection_state {
    CONNECTION_CONNECTING,
    CONNECTION_HANDSHAKING, /* the handshaker has socket and stream */
    CONNECTION_OPEN,
    CONNECTION_ENDING,    /* writes what waits, reads nothing */
    CONNECTION_LINGERING, /* reads for nobody until the peer closes */
    CONNECTION_GONE,      /* on_closed and free at the end of the tick */
};

/* Each of the three kinds that a poll tells of begins with its kind. */
struct net_listener {
    enum tag_kind kind;
    struct net_loop *loop;
    struct net_listener *next;
    struct net_options options;
    uint32_t connections;
    int socket;
    bool closed; /* freed at the end of a tick once its last connection went */
    bool asleep; /* out of descriptors: not in the poll set until the next sweep */
};

struct net_connection {
    enum tag_kind kind;
    enum connection_state state;
    struct net_loop *loop;
    struct net_listener *listener; /* null: it was connected from here */
    struct net_connection *next;
    struct net_connection *previous;
    struct net_connection *next_dirty;
    struct net_handler handler;
    void *context;
    struct net_tls *tls;
    struct tls_stream *stream; /* null: plain */
    uint8_t *in;               /* NET_IN_BYTES */
    size_t in_count;
    uint8_t *out;
    size_t out_begin;
    size_t out_end;
    size_t out_capacity;
    size_t out_max;
    size_t reserved;
    int64_t end_ns; /* when ENDING or LINGERING gives up */
    int socket;
    unsigned asked;  /* of the poll set */
    bool in_poll;    /* in the poll set */
    bool dirty;      /* in the list of those with something to do at the end of the tick */
    bool read_again; /* the input had more than one tick takes */
    bool peer_ended; /* it sends no more */
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
    int64_t polled_ns; /* when the tick's poll came back */
    bool closing;
    bool listener_closed; /* one of them may have to be freed */
};

/* Null: no memory, the socket is the caller's still. */
struct net_connection *connection_new(struct net_loop *loop, const struct net_options *options,
                                      int socket);
/* Tells on_closed. */
void connection_free(struct net_connection *connection);
/* The socket is connected: TLS first, or open at once. */
void connection_begin(struct net_connection *connection);
void connection_opened(struct net_connection *connection);
void connection_ready(struct net_connection *connection, unsigned ready);
void connection_read(struct net_connection *connection);
/* The end of a tick: true if it is gone and to be freed. */
bool connection_finish(struct net_connection *connection);

#endif

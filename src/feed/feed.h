/* SPDX-License-Identifier: Apache-2.0
 *
 * Market data out: the public stream as ITCH 5.0.
 *
 *   port ──entry──► itch_out ──► history ──► MoldUDP64 on lines A and B, retransmission
 *                                  │  └──► SoupBinTCP from any sequence
 *                                  └► book ─► snapshots (GLIMPSE), proof of the book
 *
 * One sequence for all of them: that of the public stream, from 1 on for as long as the log is
 * kept. A reader over TCP is given what it takes; one that takes nothing for some seconds is told
 * and cut. Nobody here can hold the trading loop up. docs/reference/feed.md.
 *
 * Owner: `dojima run`. Threads: one, that of the loop. Memory: the history grows with the stream.
 * Errors: those of net and host/socket.h at open; later what the port returns, NO_MEMORY, INVALID
 * for an entry that is no ITCH message. Order of calls: feed_open, net_loop_tick and feed_tick in
 * turn, feed_close.
 */
#ifndef DOJIMA_FEED_FEED_H
#define DOJIMA_FEED_FEED_H

#include "link/port.h"
#include "net/net.h"

struct feed;

/* Addresses as net takes them; an empty one is a door that is not there. */
struct feed_options {
    struct port
        *port; /* open, its own; the feed takes its handler and context, ticks and closes it */
    struct net_loop *loop;
    struct net_tls *tls; /* of the TCP ports, or null: plain */
    const char *session; /* at most 10 characters: MoldUDP64 and SoupBinTCP session */
    const char *soup_listen;
    const char *glimpse_listen;
    const char *group_a;
    const char *group_b;
    const char *proof_group;
    const char *retransmission_listen;
    const char *interface; /* address that multicast leaves by */
    unsigned ttl;
    size_t buffer_bytes; /* of a TCP reader, 0 = 8 MiB */
};

struct feed_counts {
    uint64_t messages;      /* last sequence */
    uint64_t packets;       /* MoldUDP64, each line counted once */
    uint64_t retransmitted; /* packets */
    uint64_t readers;       /* over TCP, now */
    uint64_t cut_slow;
};

/* After a failure `out_failed`, if not null, is the address that could not be opened. */
MUST_USE enum status feed_open(const struct feed_options *options, struct feed **out_feed,
                               const char **out_failed);
/* `now_ns` is monotonic. */
MUST_USE enum status feed_tick(struct feed *feed, int64_t now_ns);
/* True: something is ready to leave, and the loop should not sleep long. */
bool feed_busy(const struct feed *feed);
void feed_count(const struct feed *feed, struct feed_counts *out_counts);
/* Port numbers in use, for addresses with port 0; 0 = not there. */
uint16_t feed_soup_port(const struct feed *feed);
uint16_t feed_glimpse_port(const struct feed *feed);
uint16_t feed_retransmission_port(const struct feed *feed);
/* Null is accepted. */
void feed_close(struct feed *feed);

#endif

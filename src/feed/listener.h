/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole reader of the feed: books made from ITCH alone and proven against the venue's hash. It
 * begins with sequence 1 or behind a snapshot, and reads MoldUDP64 from two lines, asking for what
 * both lost, or SoupBinTCP, coming back to where it was when the connection is lost.
 *
 *   (snapshot) ─► lines A and B + retransmission ─► arbiter ─┐
 *            └──► SoupBinTCP ────────────────────────────────┴─► book, on_message ─► hash == proof?
 *
 * Owner: who opened it. Threads: one, that of the loop. Memory: arbiter, book, 16 bytes for each of
 * the last 65,536 sequences. Errors: those of net and host/socket.h at open; listener_tick returns
 * END when the session is over, MISMATCH when book and proof differ, INVALID for a message that no
 * book takes, IO when the venue does not answer; `reason` has the sentence.
 * Order of calls: listener_open, net_loop_tick and listener_tick in turn, listener_close.
 */
#ifndef DOJIMA_FEED_LISTENER_H
#define DOJIMA_FEED_LISTENER_H

#include "feed/book.h"
#include "feed/proof.h"
#include "feed/soup_reader.h"

#define LISTENER_HASHES ((uint64_t)1 << 16) /* of the last sequences; a power of two */

/* Addresses as net takes them; null or empty: not used. With lines, `soup` is not used. */
struct listener_options {
    struct net_loop *loop;
    struct net_tls *tls; /* of the TCP ports, or null: plain */
    const char *tls_name;
    const char *lines[2];       /* multicast groups, or unicast addresses to receive on */
    const char *interface;      /* address that multicast is joined on */
    const char *retransmission; /* UDP: who gives again what both lines lost */
    const char *proof_group;
    const char *soup;
    const char *snapshot;
    const char *user;
    const char *password;
    arbiter_on_message *on_message; /* each message, after the book has it; null: none */
    void *context;
    unsigned drop_percent; /* of packets thrown away on each line, to try the repair; 0 = none */
};

struct listener_counts {
    uint64_t messages;
    uint64_t proofs;   /* that were equal */
    uint64_t requests; /* for retransmission */
    uint64_t reconnects;
    uint64_t snapshot_messages;
    uint64_t dropped; /* by drop_percent */
};

struct listener_hash {
    uint64_t sequence;
    uint64_t hash;
};

enum listener_state {
    LISTENER_SNAPSHOT = 1, /* a snapshot is on its way */
    LISTENER_READS = 2,
};

struct listener {
    struct listener_options options;
    struct feed_book book;
    struct arbiter arbiter;
    struct soup_reader soup;
    struct listener_hash *hashes; /* by sequence modulo LISTENER_HASHES */
    struct feed_proof proof;      /* that waits for its sequence; sequence 0 = none */
    int lines[2];                 /* sockets, -1 = none */
    int proofs;
    int requests;
    struct host_address server; /* of retransmission */
    enum listener_state state;
    enum status failed;
    uint64_t next;       /* sequence */
    uint64_t asked_end;  /* requests are under way up to here */
    uint64_t stuck_next; /* what `next` was at progress_ns */
    int64_t progress_ns; /* when a gap last moved */
    int64_t asked_ns;
    int64_t gap_ns; /* when it was first seen; 0 = none */
    int64_t retry_ns;
    unsigned attempts;     /* to connect, in a row */
    uint64_t snapshot_end; /* sequence behind the snapshot, 0 = not told yet */
    uint64_t dice;
    struct listener_counts counts;
    char reason[200];
};

MUST_USE enum status listener_open(struct listener *listener,
                                   const struct listener_options *options, int64_t now_ns);

/* One duty cycle: takes what the sockets have, asks for what is missing, compares. */
MUST_USE enum status listener_tick(struct listener *listener, int64_t now_ns);

/* Zeroed and half-opened ones are accepted. */
void listener_close(struct listener *listener);

#endif

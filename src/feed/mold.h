/* SPDX-License-Identifier: Apache-2.0
 *
 * MoldUDP64 out: packets of up to 1,400 bytes to lines A and B, a heartbeat after a second without
 * any, and an answer to each request for a range (one packet, as many of the messages asked for as
 * fit; at most so many answers a second, since a request may name a sender that is not its own).
 *
 * Owner: the feed. Threads: one. Memory: fixed, at open. Errors: those of host/socket.h at open;
 * what the network does not take later is for retransmission. Order of calls: mold_open, mold_begin
 * once the history has all there was, mold_tick..., mold_close.
 */
#ifndef DOJIMA_FEED_MOLD_H
#define DOJIMA_FEED_MOLD_H

#include "feed/feed.h"
#include "feed/history.h"
#include "host/socket.h"
#include "wire/itch/moldudp64.h"

#define MOLD_PACKET_BYTES_MAX 1400u

struct mold {
    const struct history *history;
    struct host_address lines[2];
    unsigned line_count;
    int sender;  /* -1: no line */
    int answers; /* -1: no retransmission */
    struct history_cursor cursor;
    bool begun;
    char session[MOLDUDP64_SESSION_BYTES];
    int64_t sent_ns;
    int64_t asked_ns;  /* when requests were looked for */
    int64_t bucket_ns; /* of answers */
    unsigned answers_left;
    uint64_t packets, retransmitted;
};

MUST_USE enum status mold_open(struct mold *mold, const struct feed_options *options,
                               const struct history *history, const char **out_failed);
/* Everything in the history is history: packets begin behind it. */
void mold_begin(struct mold *mold);
void mold_tick(struct mold *mold, int64_t now_ns);
/* True: there are messages that the lines have not been sent. */
bool mold_waits(const struct mold *mold);
/* Zeroed and half-opened ones are accepted. */
void mold_close(struct mold *mold);

#endif

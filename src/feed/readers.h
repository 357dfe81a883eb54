/* SPDX-License-Identifier: Apache-2.0
 *
 * ITCH over SoupBinTCP: readers of the history from any sequence on, and snapshots (GLIMPSE): R and
 * H of every instrument, A of every order in book order, then G with the sequence to go on from, 20
 * digits. A reader is given as much as it takes; one that takes nothing for ten seconds while
 * something waits is told so and cut. Anyone may log on, with any user name: the data are public.
 *
 * Owner: the feed. Threads: one. Memory: an object a connection; a snapshot is made when it is
 * asked for. Errors: those of net_listen. Order of calls: readers_open, readers_tick...,
 * readers_close; the loop must be ticked once more after that.
 */
#ifndef DOJIMA_FEED_READERS_H
#define DOJIMA_FEED_READERS_H

#include "feed/book.h"
#include "feed/feed.h"
#include "feed/history.h"

struct reader;
struct readers;

/* What a listener's connections are told apart by before they are readers. */
struct reader_door {
    struct reader *reader; /* null: this is a door */
    struct readers *readers;
    bool is_snapshot;
};

struct readers {
    const struct feed_options *options;
    const struct history *history;
    const struct feed_book *book;
    struct reader_door doors[2];         /* stream, snapshots */
    struct net_listener *soup, *glimpse; /* null: not there */
    struct reader *first;
    uint64_t count;
    uint64_t cut_slow;
    bool begun; /* the history has all there was: before that nobody is let in */
    bool closing;
    bool behind; /* a reader would have taken more in the last tick */
};

MUST_USE enum status readers_open(struct readers *readers, const struct feed_options *options,
                                  const struct history *history, const struct feed_book *book,
                                  const char **out_failed);
void readers_begin(struct readers *readers);
void readers_tick(struct readers *readers, int64_t now_ns);
/* Ends every session. Zeroed ones are accepted. */
void readers_close(struct readers *readers);

#endif

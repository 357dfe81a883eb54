/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine role: one shard with its streams and the hub behind which gateways and feed stand.
 * What the configuration lists and the log does not have yet (assets, instruments, accounts of the
 * identity store) is listed by logged commands when it opens.
 *
 *   ports ──command──► hub ──► sequencer ──event, its cause durable──► stream ──entry──► hub ──►
 * ports
 *
 * Owner: `dojima run`. Threads: one, the trading loop. Memory: that of shard, stream and hub.
 * Errors: those of the shard; `reason` tells what and where. Order of calls: venue_open, venue_tick
 * often, venue_close after every port is closed.
 */
#ifndef DOJIMA_APPS_VENUE_H
#define DOJIMA_APPS_VENUE_H

#include "apps/dojima/hops.h"
#include "apps/dojima/reserve.h"
#include "apps/dojima/shard.h"
#include "config/config.h"
#include "identity/identity.h"
#include "link/hub.h"
#include "net/net.h"

struct venue_counts {
    uint64_t refused_at_the_door; /* NOT SEQUENCED: too much at once */
    uint64_t refused_for_space;   /* NOT SEQUENCED: LOG_NEARLY_FULL */
    uint64_t ticks;               /* TICK commands of our own */
};

struct venue {
    struct shard shard;
    struct stream *stream;
    struct host_block streams; /* of the snapshot it was started from: the stream's */
    struct hub *hub;
    uint64_t replay_per_s;       /* commands, at the start; 0 = too few to tell */
    int64_t replay_ns;           /* at the start; 0 = there was no log */
    int64_t tick_ns;             /* how often time is carried into a quiet log */
    uint64_t last_time_ns;       /* wall clock of the last command */
    int64_t turn_began_ns;       /* monotonic, this turn's first command, 0 = none yet */
    int64_t long_since_ns;       /* turns have been too long since then, 0 = the last was not */
    uint32_t trading_day;        /* yyyymmdd of the day that is open */
    enum status failed;          /* what a callback could not return */
    bool closed_for_turn;        /* this turn takes no more new orders */
    bool releasing;              /* entries are being given out: nothing may be sequenced now */
    const struct net_loop *loop; /* whose polls bring what ports submit */
    struct reserve reserve;      /* room for the log; GONE: who runs this stops it, and seals */
    struct hops hops;
    struct venue_counts counts;
    char reason[SHARD_REASON_BYTES];
};

/* After a failure nothing is left open and `reason` tells why. */
MUST_USE enum status venue_open(struct venue *venue, const struct config *config,
                                const struct identity *identity);

/* One duty cycle: releases, starts the next commit, lets readers catch up, carries time, ends the
 * trading day at midnight UTC. */
MUST_USE enum status venue_tick(struct venue *venue);

/* True while there is something to poll for: a batch on its way to the disk, a reader behind. */
bool venue_busy(const struct venue *venue);

/* A command of the venue's own, session 0: listings, ticks, the end of the day. */
MUST_USE enum status venue_submit(struct venue *venue, struct command *command);

/* Everything submitted is durable and given to the ports. */
MUST_USE enum status venue_flush(struct venue *venue);

/* `seal`: a clean stop. A venue that failed to open is accepted. */
MUST_USE enum status venue_close(struct venue *venue, bool seal);

#endif

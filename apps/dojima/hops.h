/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the time of an order goes inside the venue: one new order at a time is followed from the
 * socket to the socket, the next one when it is through; histograms hop by hop.
 *
 *   read ─► decoded ─► sequenced, appended ─► matched ─► held ─► handed to the disk ─► durable ─►
 *   encoded ─► sent
 *
 * These times are monotonic and stay here: none gets into log, state or hash.
 *
 * Owner: the trading loop. Threads: one. Memory: 15 KiB a hop, in place. Errors: none.
 * Order of calls: zeroed; hops_begin, the stamps in their order, hops_sent; any else.
 */
#ifndef DOJIMA_APPS_HOPS_H
#define DOJIMA_APPS_HOPS_H

#include "base/histogram.h"
#include "sequencer/sequencer.h"

enum hop {
    HOP_DECODE, /* from the poll that found it: what stood before it in the sockets included */
    HOP_APPEND, /* sequence and time, into the batch of the commands log */
    HOP_MATCH,  /* the engine */
    HOP_HOLD,   /* its events hashed and kept back */
    HOP_GATHER, /* until the batch goes to the disk: of the two before it one is there first */
    HOP_COMMIT, /* until the loop sees it durable */
    HOP_ENCODE, /* events logged and given to their streams, messages made: the whole batch */
    HOP_SEND,   /* the sockets took the messages */
    HOP_WHOLE,
    HOP_COUNT,
};

struct hops {
    struct histogram histograms[HOP_COUNT];
    struct sequencer_sample sample;
    uint64_t sequence; /* of the order that is followed, 0 = none */
    int64_t read_ns;
    int64_t decoded_ns;
    int64_t handed_ns;
    int64_t durable_ns;
    int64_t encoded_ns; /* 0 = not yet */
};

const char *hop_name(enum hop hop);

/* False while another order is followed. True: `hops->sample` is to be filled for `sequence`, whose
 * bytes the poll found at `read_ns`. */
bool hops_begin(struct hops *hops, uint64_t sequence, int64_t read_ns);
/* The batch that holds it is on its way, or was found durable; calls that come again change
 * nothing. */
void hops_handed(struct hops *hops);
void hops_durable(struct hops *hops);
void hops_encoded(struct hops *hops);
/* Ends it, if it was encoded. */
void hops_sent(struct hops *hops);

#endif

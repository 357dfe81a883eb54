/* SPDX-License-Identifier: Apache-2.0
 *
 * The listener's end of MoldUDP64: packets of lines A and B and answers of the retransmission
 * server, in any order, any number of times, become messages in the order of their sequence, each
 * once. What is ahead of a gap is held until the gap is filled.
 *
 *     line A ──┐                        ┌─► on_message, 1 2 3 4 ...
 *     line B ──┼─► arbiter_take ─► held ┤
 *     answers ─┘                        └─► arbiter_gap: ask for these
 *
 * Owner: a listener. Threads: one. Memory: ARBITER_HELD slots of one message, at init.
 * Errors: INVALID: no packet of this session, or a message that ITCH does not have the room for;
 * nothing of it is used. What on_message returns ends the call and is returned.
 * Order of calls: arbiter_init, any, arbiter_deinit.
 */
#ifndef DOJIMA_FEED_ARBITER_H
#define DOJIMA_FEED_ARBITER_H

#include "base/status.h"
#include "wire/itch/itch.h"
#include "wire/itch/moldudp64.h"

#include <stdbool.h>

#define ARBITER_HELD ((uint64_t)1 << 16) /* sequences ahead of the next one; a power of two */

struct arbiter_held {
    uint64_t sequence; /* 0 = empty */
    uint8_t count;
    uint8_t bytes[ITCH_LENGTH_MAX];
};

struct arbiter_counts {
    uint64_t packets;  /* good ones */
    uint64_t invalid;  /* not of this session, or no packets */
    uint64_t messages; /* given on */
    uint64_t again;    /* came when they were given or held already: the other line, usually */
    uint64_t gaps;     /* that were seen to open */
    uint64_t too_far;  /* ahead by more than ARBITER_HELD: not kept, to be asked for again */
};

typedef enum status arbiter_on_message(void *context, uint64_t sequence, const uint8_t *message,
                                       size_t count);

struct arbiter {
    struct arbiter_held *held; /* by sequence modulo ARBITER_HELD */
    uint64_t held_count;
    uint64_t next;  /* sequence wanted */
    uint64_t known; /* highest sequence told of, one way or another */
    char session[MOLDUDP64_SESSION_BYTES];
    bool has_session;
    bool ended; /* the end of the session was told; over when next > known */
    struct arbiter_counts counts;
};

/* `next`: the sequence to begin with, at least 1. */
MUST_USE enum status arbiter_init(struct arbiter *arbiter, uint64_t next);

/* One packet. The first good one tells the session; only its packets are taken from then on. */
MUST_USE enum status arbiter_take(struct arbiter *arbiter, const uint8_t *packet, size_t bytes,
                                  arbiter_on_message *on_message, void *context);

/* The sequences missing now, before what is held or up to what is known to exist; false: none. */
bool arbiter_gap(const struct arbiter *arbiter, uint64_t *out_from, uint64_t *out_count);

/* Begins again behind a snapshot: what is held from `next` on is given, what is before is dropped.
 * A `next` that is behind the present one changes nothing. */
MUST_USE enum status arbiter_skip(struct arbiter *arbiter, uint64_t next,
                                  arbiter_on_message *on_message, void *context);

/* Everything that the session had was given. */
bool arbiter_is_over(const struct arbiter *arbiter);

void arbiter_deinit(struct arbiter *arbiter);

#endif

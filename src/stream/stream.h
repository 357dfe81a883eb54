/* SPDX-License-Identifier: Apache-2.0
 *
 * The one place that gives out dense numbers. A stream is a selection of the events log: each of
 * its entries is one event, seen from one side, with the stream's own number 1, 2, 3, ...
 * Everything that a client can ask to be told again (OUCH and ITCH over SoupBinTCP, MoldUDP64
 * retransmission, native resend, drop copy, snapshots) is a range of a stream.
 *
 *   session      what happened to the orders a session entered, and refusals of what it sent
 *   account      the same for an account's orders, whoever sent them
 *   participant  the same for all accounts of a participant: drop copy
 *   public       what everyone may see: directory, phases, visible book, trades; group 1 has the
 *                instruments that fit ITCH, group 2 the others
 *
 * Which event goes where, and in which order, is written in README.md; it follows from the events
 * alone, so numbers are the same after any restart and on any replica. A TRADE stands twice in a
 * stream that owns both sides: first as maker, then as taker.
 *
 * Owner: the shard that feeds it, or a tool that reads a log. Threads: one. Memory: grows with the
 * number of entries (the index) and of live orders (their owners); never on the order path within
 * what stream_open was told to expect. Errors: what the journal returns; NO_MEMORY.
 * Order of calls: stream_open, stream_apply for each event of the log from the first on, in order;
 * stream_read between; stream_close.
 */
#ifndef DOJIMA_STREAM_STREAM_H
#define DOJIMA_STREAM_STREAM_H

#include "base/status.h"
#include "journal/journal.h"
#include "wire/native/event.h"

#include <stdbool.h>

#define STREAM_PUBLIC_GROUP 1u /* instruments listed with itch = 1 */
#define STREAM_OTHERS_GROUP 2u

enum stream_kind {
    STREAM_PUBLIC = 1,      /* id: the group */
    STREAM_SESSION = 2,     /* id: the session */
    STREAM_ACCOUNT = 3,     /* id: the account */
    STREAM_PARTICIPANT = 4, /* id: the participant */
};

/* From which side an entry sees its event. */
enum stream_side {
    STREAM_WHOLE = 0, /* the event has one owner, or none */
    STREAM_MAKER = 1, /* a TRADE, for the owner of the order that rested */
    STREAM_TAKER = 2, /* a TRADE, for the owner of the order that came */
    STREAM_YOURS = 3, /* a SESSION_OPENED, for the port whose LOGON it answers */
};

struct stream_key {
    uint64_t id;
    enum stream_kind kind;
};

struct stream_entry {
    struct stream_key key;
    uint64_t number; /* in this stream, dense from 1; 0: SESSION_OPENED, SESSION_CLOSED, told
                        to their session outside the numbers */
    uint64_t event_sequence; /* in the events log */
    uint64_t time_ns;        /* log time of the cause */
    const uint8_t *bytes;    /* the event as it is in the log: header and body (event_codec.h) */
    uint32_t count;          /* bytes */
    enum stream_side side;
    /* Public RESTED of an order that was moved by a REPLACE: the place it left, whose REMOVED has
     * no number of its own. 0 = a new place. */
    uint64_t replaced_reference;
};

/* `entry` and its bytes are valid during the call. False ends a stream_read early. */
typedef bool on_stream_entry(void *context, const struct stream_entry *entry);

struct stream;

struct stream_options {
    struct journal *events;    /* read for ranges; stays the caller's; null: no stream_read */
    on_stream_entry *on_entry; /* each new entry of every stream, private ones before the public
                                  ones of the same command; its result is ignored; it must not
                                  make the log go on; null: none */
    void *context;
    uint16_t shard;           /* of the log: the low bits of an order id */
    uint64_t expected_orders; /* live ones, for the first size of the table of owners */
};

MUST_USE enum status stream_open(const struct stream_options *options, struct stream **out_stream);

/* The next event of the log. Public entries are kept back until the command's private ones are
 * given out: they come with the first event of the next command or at stream_settle. */
MUST_USE enum status stream_apply(struct stream *stream, uint64_t event_sequence, uint64_t time_ns,
                                  const uint8_t *bytes, size_t count);

/* Applies what the events log has behind the last event applied, and settles. */
MUST_USE enum status stream_catch_up(struct stream *stream);
/* The same up to that event, which is the last one of its command. */
MUST_USE enum status stream_catch_up_to(struct stream *stream, uint64_t event_sequence);

/* Nothing more of the last command will come: gives out what was kept back. */
MUST_USE enum status stream_settle(struct stream *stream);

/* Highest number given out; 0 = the stream is empty or does not exist. */
uint64_t stream_last(const struct stream *stream, struct stream_key key);

/* Highest event sequence applied. */
uint64_t stream_event_sequence(const struct stream *stream);

/* Up to `max` entries from number `from` (at least 1) on. */
struct stream_range {
    struct stream_key key;
    uint64_t from;
    uint64_t max;
};

/* Gives the entries of a range; *out_next is the number to go on from. The last SESSION_OPENED of a
 * session comes in its place, behind the number that was given out before it, or first if the range
 * begins later. NOT_FOUND: the log no longer holds it. Reading past the end gives none. */
MUST_USE enum status stream_read(struct stream *stream, const struct stream_range *range,
                                 on_stream_entry *on_entry, void *context, uint64_t *out_next);

/* Bytes of all streams for a snapshot, piece by piece. Nothing may be kept back. */
typedef void on_stream_bytes(void *context, const uint8_t *bytes, size_t count);
void stream_save(const struct stream *stream, on_stream_bytes *on_bytes, void *context);

/* Where saved bytes stand, and how to give them back. */
struct stream_image {
    const uint8_t *bytes;
    size_t count;
    void (*release)(void *context); /* or null */
    void *context;
};

/* Fills a stream fresh from stream_open with what was saved; it takes the image, whose index it
 * goes on using, and releases it when it is closed. INVALID (bytes that stream_save did not give;
 * the stream is then of no use but to close) or NO_MEMORY. */
MUST_USE enum status stream_load(struct stream *stream, const struct stream_image *image);

/* Null is accepted. */
void stream_close(struct stream *stream);

#endif

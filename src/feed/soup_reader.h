/* SPDX-License-Identifier: Apache-2.0
 *
 * The listener's end of ITCH over SoupBinTCP: one connection that logs on, asks for messages from a
 * sequence on and gives them on in order, for the stream and for snapshots.
 *
 *   CONNECTING ─► LOGGING_ON ─► READS ─► OVER (the session ended, or `reason` tells why)
 *
 * Owner: a listener. Threads: one, that of the loop. Memory: in place. Errors: those of net_connect
 * at open; later the state OVER. What on_message returns, if it is not OK, ends the connection and
 * is kept in `failed`. Order of calls: soup_reader_open, soup_reader_tick in turn with the loop,
 * soup_reader_close, after which it may be opened again.
 */
#ifndef DOJIMA_FEED_SOUP_READER_H
#define DOJIMA_FEED_SOUP_READER_H

#include "feed/arbiter.h"
#include "net/net.h"
#include "wire/soup/soup.h"

enum soup_reader_state {
    SOUP_READER_CLOSED = 0,
    SOUP_READER_CONNECTING = 1,
    SOUP_READER_LOGGING_ON = 2,
    SOUP_READER_READS = 3,
    SOUP_READER_OVER = 4,
};

struct soup_reader_options {
    struct net_loop *loop;
    struct net_tls *tls; /* null: plain */
    const char *tls_name;
    const char *address;
    const char *user;     /* up to 6 characters */
    const char *password; /* up to 10 */
    uint64_t from;        /* sequence, at least 1 */
    arbiter_on_message *on_message;
    void *context;
};

struct soup_reader {
    struct soup_reader_options options;
    struct net_connection *connection;
    enum soup_reader_state state;
    enum status failed;
    uint64_t next;        /* sequence of the message that comes next */
    uint64_t connections; /* logged on */
    bool session_ended;   /* the venue said so */
    int64_t sent_ns, heard_ns, now_ns;
    char session[SOUP_SESSION_BYTES + 1];
    char reason[160]; /* of OVER */
    char said[160];   /* last debug text of the venue */
};

MUST_USE enum status soup_reader_open(struct soup_reader *reader,
                                      const struct soup_reader_options *options, int64_t now_ns);
void soup_reader_tick(struct soup_reader *reader, int64_t now_ns);
/* Zeroed ones are accepted. The loop is ticked until the connection is gone. */
void soup_reader_close(struct soup_reader *reader);

#endif

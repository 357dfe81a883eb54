/* SPDX-License-Identifier: Apache-2.0
 *
 * The sessions of the outside world: any number of listening addresses, OUCH or native, with one
 * table of sessions behind them, so that a session is live once whichever door it came through.
 * What all protocols share is here: the SoupBinTCP session layer, who may log on, budgets, the
 * logon with the next incarnation, replay of a session's stream from any number and the live part
 * after it. What differs, the messages, is behind gateway/protocol.h: OUCH 5.0 as told in
 * docs/reference/ouch-mapping.md, native in the layouts of wire/native/sbe.h.
 *
 *   client ◄─soup─► connection ─► session ─command─► port ─► (the shard)
 *                                    ▲                         │
 *                                    └────── stream entries ───┘
 *
 * SoupBinTCP sequence numbers are the numbers of the session's stream: each entry is exactly one
 * message, and the same entry is always the same message, byte for byte, so a client that asks
 * again from any number gets what it would have got, from any gateway, after any restart.
 *
 * Owner: apps/ or a test. Threads: one, that of the loop. Memory: a fixed table of connections; an
 * OUCH session's orders grow with its stream. Errors: those of net at open; NO_MEMORY; later what
 * the port returns. Order of calls: gateway_open, gateway_listen, then net_loop_tick and
 * gateway_tick in turn; gateway_stop, with ticks until it is true, for a friendly end;
 * gateway_close.
 */
#ifndef DOJIMA_GATEWAY_GATEWAY_H
#define DOJIMA_GATEWAY_GATEWAY_H

#include "base/status.h"
#include "wire/native/domain.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gateway;
struct identity;
struct net_loop;
struct net_tls;
struct port;

/* Nanoseconds of a clock that never goes back: durations only. */
typedef int64_t gateway_clock(void *context);

struct gateway_limits {
    uint32_t connections_max; /* 0: 1024; more are cut at once */
    int64_t login_timeout_ns; /* 0: 10 s from the connection to the login's end */
    int64_t heartbeat_ns;     /* 0: 1 s without a message from us: a heartbeat */
    int64_t silence_ns;       /* 0: 15 s without a byte from the client: cut */
    int64_t stall_ns;         /* 0: 10 s in which a client takes nothing of what waits: cut */
    size_t out_bytes_max;     /* 0: 1 MiB that a socket may hold; the rest waits in the log */
    uint32_t valid_for_us;    /* of commands, 0: 10 s */
};

struct gateway_options {
    struct port
        *port; /* open; the gateway takes its handler and context, and ticks and closes it */
    struct net_loop *loop;
    struct identity *identity;
    gateway_clock *clock;
    void *clock_context;
    struct gateway_limits limits;
};

enum gateway_protocol {
    GATEWAY_OUCH = 1,
    GATEWAY_NATIVE = 2,
};

struct gateway_counts {
    uint64_t connections;      /* open now */
    uint64_t connections_ever; /* since open */
    uint64_t sessions_live;    /* logged on now */
    uint64_t logins_accepted;  /* since open, as the next three */
    uint64_t logins_rejected;  /* not authorised or not available */
    uint64_t commands;         /* handed to the port */
    uint64_t not_sequenced;    /* refused at the door: budget, overload */
    uint64_t messages;         /* sequenced messages given to connections, replays included */
    uint64_t cut_slow;         /* clients that did not take what they asked for */
};

/* One row a session that was logged on since this gateway started. */
struct gateway_session_state {
    char name[7]; /* SoupBinTCP username, NUL-ended */
    uint32_t session;
    uint32_t incarnation;
    uint64_t next_number;    /* of the stream, as far as this gateway has seen it */
    uint64_t input_sequence; /* of the last command of this incarnation */
    enum gateway_protocol protocol;
    bool live;     /* a connection is logged on */
    char peer[64]; /* its address; empty when there is none */
};

MUST_USE enum status gateway_open(const struct gateway_options *options,
                                  struct gateway **out_gateway);

/* One more door. `address` as net takes it; `tls` null: plain, on loopback only. `out_number`, if
 * not null, gets the TCP port, which is news for ":0". */
MUST_USE enum status gateway_listen(struct gateway *gateway, enum gateway_protocol protocol,
                                    const char *address, struct net_tls *tls, uint16_t *out_number);

/* One duty cycle: password checks that ended, timers, the port. Does not tick the loop. IO: the
 * shard is gone; every connection was told and cut. */
MUST_USE enum status gateway_tick(struct gateway *gateway);

/* Tells every session why, by a SESSION_NOTED in its stream, so that who is away or resumes later
 * reads it too; then sends "end of session" once the client has it, and takes no new connection. If
 * the log takes no note within a second, the end comes without. True when no session's connection
 * is left: nobody waits for one that never logged on or was refused. To be called until then, or
 * for as long as wished. */
bool gateway_stop(struct gateway *gateway, enum session_note note);

void gateway_count(const struct gateway *gateway, struct gateway_counts *out_counts);

/* Calls for each session; false ends it. */
typedef bool gateway_on_session(void *context, const struct gateway_session_state *state);
void gateway_sessions(const struct gateway *gateway, gateway_on_session *on_session, void *context);

/* Cuts what is left. Null is accepted. */
void gateway_close(struct gateway *gateway);

#endif

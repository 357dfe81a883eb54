/* SPDX-License-Identifier: Apache-2.0
 *
 * The client's side of one SoupBinTCP session as a state machine without a socket: time and bytes
 * in, actions out. It lives across connections: it knows the number of the next message, so that
 * each logon asks for what is missing and no message is given twice, and how long to wait before
 * the next attempt.
 *
 *           due             connected           A                 Z, J, logged out
 *   WAITING ───► CONNECTING ─────────► LOGGING_ON ───► LIVE ─────────────────────► OVER
 *      ▲             │                     │             │
 *      └─────────────┴── lost, time out ───┴─────────────┘
 *
 * Owner: a session of the client. Threads: one. Memory: in place. Errors: none; what is wrong with
 * the peer is an action CUT with a sentence. Order of calls: soup_client_init; soup_client_due and
 * _connecting, _connected with the bytes to send, _read until it uses nothing, _tick often, _lost
 * when the connection is gone.
 */
#ifndef DOJIMA_CLIENT_SOUP_CLIENT_H
#define DOJIMA_CLIENT_SOUP_CLIENT_H

#include "wire/soup/soup.h"

#define SOUP_CLIENT_SECOND_NS      INT64_C(1000000000)
#define SOUP_CLIENT_LOGIN_NS       (20 * SOUP_CLIENT_SECOND_NS) /* connection to answer */
#define SOUP_CLIENT_BACKOFF_FACTOR 100                          /* longest wait, in first waits */

enum soup_client_state {
    SOUP_CLIENT_WAITING = 1,
    SOUP_CLIENT_CONNECTING = 2,
    SOUP_CLIENT_LOGGING_ON = 3,
    SOUP_CLIENT_LIVE = 4,
    SOUP_CLIENT_OVER = 5,
    SOUP_CLIENT_REFUSED = 6, /* over: name or password were not taken */
};

struct soup_client {
    int64_t backoff_first_ns; /* 0: one attempt alone */
    int64_t backoff_ns;       /* the next wait */
    int64_t due_ns;           /* WAITING: not before */
    int64_t began_ns;         /* of this connection */
    int64_t heard_ns;
    int64_t sent_ns;
    uint64_t next_number; /* 0: whatever comes next */
    uint64_t seed;        /* of the jitter */
    enum soup_client_state state;
    struct soup_login login;              /* sequence: set at each logon */
    char session[SOUP_SESSION_BYTES + 1]; /* as the venue named it */
};

enum soup_client_action_kind {
    CLIENT_NOTHING = 0,
    CLIENT_OPENED = 1,     /* logged on: messages from next_number on follow */
    CLIENT_MESSAGE = 2,    /* `payload`, numbered `number` */
    CLIENT_UNNUMBERED = 3, /* `payload` in no stream: debug text or unsequenced data */
    CLIENT_HEARTBEAT = 4,  /* send one */
    CLIENT_CUT = 5,        /* end the connection because of `reason` */
};

struct soup_client_action {
    const uint8_t *payload;
    size_t payload_bytes;
    uint64_t number;
    const char *reason;
    enum soup_client_action_kind kind;
};

/* The texts of `login` are the caller's; `next_number` 0: only what is new. */
void soup_client_init(struct soup_client *client, const struct soup_login *login,
                      uint64_t next_number, int64_t backoff_first_ns);

/* WAITING, and the wait is over: connect now. */
bool soup_client_due(const struct soup_client *client, int64_t now_ns);
void soup_client_connecting(struct soup_client *client, int64_t now_ns);

/* Writes the login packet, SOUP_LOGIN_BYTES of it. */
size_t soup_client_connected(struct soup_client *client, int64_t now_ns, uint8_t *out);

/* The next packet of `bytes`; *out_used = 0: more bytes are wanted. */
struct soup_client_action soup_client_read(struct soup_client *client, int64_t now_ns,
                                           const uint8_t *bytes, size_t count, size_t *out_used);

/* Something was sent. */
void soup_client_sent(struct soup_client *client, int64_t now_ns);

/* HEARTBEAT, CUT or nothing. */
struct soup_client_action soup_client_tick(struct soup_client *client, int64_t now_ns);

/* The connection is gone; afterwards WAITING or over. */
void soup_client_lost(struct soup_client *client, int64_t now_ns);

/* No more attempts. */
void soup_client_finish(struct soup_client *client);

static inline bool soup_client_is_over(const struct soup_client *client)
{
    return client->state >= SOUP_CLIENT_OVER;
}

#endif

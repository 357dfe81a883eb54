/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's side of one SoupBinTCP connection as a state machine without a socket: bytes and
 * time in, actions out. Everything that a client may do wrong in framing or order ends here.
 *
 *              L                good password          session opened
 *   ─► LOGIN ────► CHECKING ───────────────► OPENING ───────────────► LIVE
 *        │            │ bad: J                  │ lost                  │ O, silence, wrong packet
 *        └─ time out ─┴────────────────────────┴───────────────────────┴──► OVER
 *
 * Owner: a connection of the gateway. Threads: one. Memory: in place. Errors: none; what is wrong
 * is an action. Order of calls: soup_session_init, then any; soup_session_checked and _opened when
 * their answers are there. After SOUP_ACTION_CUT or _LOGOUT nothing more is to be read.
 */
#ifndef DOJIMA_GATEWAY_SOUP_SESSION_H
#define DOJIMA_GATEWAY_SOUP_SESSION_H

#include "wire/soup/soup.h"

enum soup_state {
    SOUP_STATE_LOGIN = 1,    /* connected, said nothing */
    SOUP_STATE_CHECKING = 2, /* said who it is: the password is being checked */
    SOUP_STATE_OPENING = 3,  /* known: its session is being opened in the log */
    SOUP_STATE_LIVE = 4,     /* accepted */
    SOUP_STATE_OVER = 5,
};

struct soup_session_limits {
    int64_t login_timeout_ns; /* from init to LIVE */
    int64_t heartbeat_ns;     /* of silence of ours */
    int64_t silence_ns;       /* of the client's, then it is taken for dead */
};

struct soup_session {
    struct soup_session_limits limits;
    int64_t began_ns;
    int64_t heard_ns;
    int64_t sent_ns;
    enum soup_state state;
};

enum soup_action_kind {
    SOUP_ACTION_NONE = 0,      /* nothing to do; more bytes are wanted */
    SOUP_ACTION_LOGIN = 1,     /* check `login`, then call soup_session_checked */
    SOUP_ACTION_MESSAGE = 2,   /* hand `payload` on */
    SOUP_ACTION_HEARTBEAT = 3, /* send one */
    SOUP_ACTION_LOGOUT = 4,    /* the client is done: close */
    SOUP_ACTION_CUT = 5,       /* say why, close */
    SOUP_ACTION_DEBUG = 6,     /* a debug packet of the client's, `payload` */
};

struct soup_action {
    const char *reason; /* CUT: a sentence for ever valid */
    const uint8_t *payload;
    uint32_t payload_bytes;
    struct soup_login login;
    enum soup_action_kind kind;
    bool silent; /* CUT: for silence, not for something wrong */
};

void soup_session_init(struct soup_session *session, const struct soup_session_limits *limits,
                       int64_t now_ns);

/* Takes at most one packet from `bytes`; *out_consumed is what it used, 0 when more is wanted.
 * Packets that ask for nothing (heartbeats) are consumed with SOUP_ACTION_NONE. */
struct soup_action soup_session_read(struct soup_session *session, int64_t now_ns,
                                     const uint8_t *bytes, size_t count, size_t *out_consumed);

/* What time alone asks for. */
struct soup_action soup_session_tick(struct soup_session *session, int64_t now_ns);

/* The login was good: OPENING; or not: the connection is over once the reject is sent. */
void soup_session_checked(struct soup_session *session, bool good);

/* The login accepted packet is on its way. */
void soup_session_opened(struct soup_session *session, int64_t now_ns);

/* Something was sent. */
static inline void soup_session_sent(struct soup_session *session, int64_t now_ns)
{
    session->sent_ns = now_ns;
}

#endif

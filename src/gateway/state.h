/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of the gateway share: gateway.c (life cycle, duty cycle), connection.c (sockets
 * and the soup machine), session.c (sessions, the port). Nobody else includes this.
 *
 * Owner: the gateway. Threads: one. Memory: malloc at open; a session when it first logs on, kept
 * until close: its fold is what makes the next logon cheap. Errors: as each function says.
 * Order of calls: none.
 */
#ifndef DOJIMA_GATEWAY_STATE_H
#define DOJIMA_GATEWAY_STATE_H

#include "gateway/directory.h"
#include "gateway/gateway.h"
#include "gateway/protocol.h"
#include "gateway/soup_session.h"
#include "identity/bucket.h"
#include "identity/identity.h"
#include "link/port.h"
#include "net/net.h"

#define GATEWAY_TIMER_NS      5000000 /* connections and sessions are looked at this often */
#define GATEWAY_LISTENERS_MAX 8u
#define GATEWAY_NOTE_NS       1000000000 /* a stop waits so long for its notes to be in the log */
#define GATEWAY_RETRY_NS      1000000    /* until the port is asked again when it was full */

/* What a callback of net gets: both begin with it. */
enum context_kind {
    CONTEXT_LISTENER = 0,
    CONTEXT_CONNECTION = 1,
    CONTEXT_NOBODY = 2, /* the gateway is gone */
};

struct gateway_listener {
    enum context_kind kind;
    struct gateway *gateway;
    struct net_listener *net;
    enum gateway_protocol protocol;
};

struct gateway_connection {
    enum context_kind kind;
    struct gateway *gateway;
    struct gateway_listener *listener;
    struct net_connection *net; /* null: a free slot */
    struct gateway_session *session;
    struct soup_login login;
    struct soup_session soup;
    uint64_t tag;       /* of the password check: index and a count of the slot's uses */
    uint64_t next_send; /* stream number of the next sequenced message */
    uint8_t *reserved;  /* between gateway_connection_begin and _finish */
    size_t waiting;     /* bytes in the socket's buffer when it was last looked at */
    int64_t stalled_ns; /* when it last took something, or nothing waited */
    uint8_t challenge[IDENTITY_CHALLENGE_BYTES];
    bool challenged; /* the challenge is out and was not answered */
    bool ending;     /* it only waits for its last bytes to go */
    bool farewell;   /* a session was on it when the gateway stopped: it may read to the end */
};

enum session_step {
    SESSION_IDLE = 0,       /* nobody is logged on */
    SESSION_READING = 1,    /* catching up with its stream, or asking where it ends */
    SESSION_LOGGING_ON = 2, /* LOGON is under way */
    SESSION_LIVE = 3,
};

struct gateway_session {
    struct gateway *gateway;
    struct gateway_session *next;
    const struct identity_session *identity;
    const struct protocol_ops *protocol;
    void *state;
    struct gateway_connection *connection; /* null: nobody */
    struct bucket orders;
    struct bucket cancels;
    uint64_t next_number;    /* first entry that was not seen, by the fold if there is one */
    uint64_t input_sequence; /* last one used in this incarnation */
    uint64_t end_input;      /* input sequence of SESSION_LOST, to know its refusal */
    int64_t retry_ns;        /* LOGON or SESSION_LOST: not before */
    uint64_t before_input;   /* input sequence and incarnation before a LOGON under way */
    uint32_t before_incarnation;
    uint32_t incarnation; /* ours, 0 = none */
    uint32_t last_seen;   /* highest in SESSION_OPENED */
    enum gateway_protocol kind;
    enum session_step step;
    enum session_end end_reason;
    bool subscribed;
    bool read_through; /* the stream has given all that was there */
    bool resume;       /* to be subscribed again once the socket has room */
    bool open;         /* our incarnation is the one that the engine listens to */
    bool before_open;
    bool end_owed;          /* SESSION_LOST has to be sent */
    bool note_owed;         /* the note of a stop has to be sent */
    enum session_note note; /* NONE: the gateway does not stop */
    uint64_t noted_number;  /* of the note in the stream, 0 = it is not there yet */
};

struct gateway {
    struct gateway_options options;
    struct port *port;
    struct gateway_connection *connections;
    struct gateway_session *sessions; /* a list: as many as ever logged on here */
    struct gateway_session **by_number;
    struct gateway_listener *listeners[GATEWAY_LISTENERS_MAX];
    struct directory directory;
    struct gateway_counts counts;
    int64_t timer_ns;
    int64_t note_end_ns;                        /* of a stop */
    int64_t now_ns;                             /* of the callback or tick under way */
    uint8_t unsent[PROTOCOL_MESSAGE_BYTES_MAX]; /* what nobody is there to be told */
    uint32_t by_number_count;
    uint32_t listener_count;
    bool directory_live;
    bool in_entry; /* a shard in this process may be showing events: no submit from inside */
    bool stopping;
    bool lost;
    enum status failure; /* NO_MEMORY inside a callback: told by the next tick */
};

static inline int64_t gateway_now(const struct gateway *gateway)
{
    return gateway->options.clock(gateway->options.clock_context);
}

/* connection.c */
MUST_USE enum status gateway_connection_listen(struct gateway_listener *listener,
                                               const char *address, struct net_tls *tls,
                                               uint16_t *out_number);
void gateway_connection_unlisten(struct gateway_listener *listener);
const char *gateway_connection_peer(const struct gateway_connection *connection);

/* Room for `payload_bytes` behind a packet header, or null: the socket is full. Nothing is sent
 * before gateway_connection_finish. */
uint8_t *gateway_connection_begin(struct gateway_connection *connection, size_t payload_bytes_max);
void gateway_connection_finish(struct gateway_connection *connection, enum soup_type type,
                               size_t payload_bytes);
/* A '+' packet, if there is room. */
void gateway_connection_debug(struct gateway_connection *connection, const void *text,
                              size_t count);
void gateway_connection_tell(struct gateway_connection *connection, const char *text);
/* Whether it is worth to go on with a replay: half of the socket's room is free. */
bool gateway_connection_has_room(const struct gateway_connection *connection);
bool gateway_connection_accept(struct gateway_connection *connection, uint64_t first_number);
/* J, then the end. */
void gateway_connection_reject(struct gateway_connection *connection, enum soup_reject reason);
/* Tells why and ends; `end` is what the engine hears of its session. */
void gateway_connection_cut(struct gateway_connection *connection, const char *reason,
                            enum session_end end);
/* Cuts it and answers no callback of it any more. */
void gateway_connection_forget(struct gateway_connection *connection);
/* Z, then the end. */
void gateway_connection_goodbye(struct gateway_connection *connection);
void gateway_connection_tick(struct gateway_connection *connection, int64_t now_ns);
/* A password check has ended. */
void gateway_connection_checked(struct gateway *gateway, const struct identity_result *result);

/* session.c */
extern const struct port_handler gateway_port_handler;

/* The connection has proved who it is: it takes the session over and logs on. */
void gateway_session_take(struct gateway_connection *connection,
                          const struct identity_session *identity);
/* The connection no longer speaks for its session. */
void gateway_session_leave(struct gateway_connection *connection, enum session_end end);
void gateway_session_message(struct gateway_connection *connection, const uint8_t *bytes,
                             size_t count);
/* The gateway stops: a session that is live is told so in its stream. */
void gateway_session_note(struct gateway_session *session, enum session_note note);
/* Its client is to have a note that it has not yet. */
bool gateway_session_waits_for_note(const struct gateway_connection *connection);
void gateway_session_tick(struct gateway_session *session, int64_t now_ns);
void gateway_session_free(struct gateway_session *session);

#endif

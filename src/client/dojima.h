/* SPDX-License-Identifier: Apache-2.0
 *
 * The C client of a Dojima venue: sessions over SoupBinTCP that log on, send orders in OUCH 5.0 or
 * the native protocol, hear of every execution exactly once and in order, and come back by
 * themselves after a lost connection at the number where they stood.
 *
 *   dojima_client_tick ──► on_live ──► on_event 1, 2, 3 ... ──► on_down ──► (again) on_live ...
 *
 * Every event of a session has a number, dense from 1, the same for ever: keep the number of the
 * last event that you dealt with, start the next run behind it, and nothing is lost or seen twice.
 * What was sent and not answered when a connection broke is sent again after the next logon; the
 * venue tells a repeat from a new order by its reference.
 *
 * Owner: the application. Threads: one a client object. Memory: a session keeps what is not
 * answered yet and, in the native protocol, one small row an order. Errors: enum dojima_result;
 * nothing is sent on failure. Order of calls: dojima_client_open, dojima_session_open,
 * dojima_client_tick again and again, any of the sends in between or inside callbacks,
 * dojima_client_close. In a callback everything is allowed but tick and close.
 */
#ifndef DOJIMA_CLIENT_DOJIMA_H
#define DOJIMA_CLIENT_DOJIMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOJIMA_PRICE_MARKET    INT64_MIN /* no limit */
#define DOJIMA_ID_BYTES        40        /* of an order's name with its NUL */
#define DOJIMA_SYMBOL_BYTES    17        /* of a symbol with its NUL */
#define DOJIMA_OUCH_DECIMALS   4         /* of a price in OUCH */
#define DOJIMA_CHALLENGE_BYTES 32
#define DOJIMA_SIGNATURE_BYTES 64 /* Ed25519 */

enum dojima_result {
    DOJIMA_OK = 0,
    DOJIMA_NOT_LIVE = 1, /* not logged on now: wait for on_live */
    DOJIMA_FULL = 2,     /* too much waits for the socket: tick, then try again */
    DOJIMA_INVALID = 3,  /* a field is out of its range, or not sayable in this protocol */
    DOJIMA_NO_MEMORY = 4,
    DOJIMA_NETWORK = 5,       /* the address is none, or cannot be reached from here */
    DOJIMA_CONFIGURATION = 6, /* the trusted certificate, or a secret over plain TCP elsewhere */
};

/* One plain sentence, for ever valid. */
const char *dojima_result_sentence(enum dojima_result result);

enum dojima_protocol {
    DOJIMA_OUCH = 1,
    DOJIMA_NATIVE = 2,
};

enum dojima_side {
    DOJIMA_BUY = 1,
    DOJIMA_SELL = 2,
};

enum dojima_time_in_force {
    DOJIMA_DAY = 1,
    DOJIMA_IOC = 4,
    DOJIMA_FOK = 5,
    DOJIMA_GTC = 2, /* native alone */
};

struct dojima_order {
    int64_t price;       /* units of 10^-4 in OUCH, of the instrument in native; or MARKET */
    int64_t quantity;    /* total */
    int64_t minimum;     /* IOC: so much at once or nothing; 0 = any */
    uint32_t reference;  /* rises with each order of the session; 0: the next one is chosen */
    uint32_t instrument; /* native */
    char symbol[DOJIMA_SYMBOL_BYTES]; /* OUCH, at most 8 characters */
    enum dojima_side side;
    enum dojima_time_in_force time_in_force;
    bool post_only;            /* rests behind the best opposite price instead of trading */
    bool cancel_on_disconnect; /* native; OUCH sessions have it from the venue */
};

enum dojima_event_kind {
    DOJIMA_ACCEPTED = 1,
    DOJIMA_REJECTED = 2,       /* the order, replace or request was refused; `reason` says why */
    DOJIMA_REPLACED = 3,       /* `original` goes on as `reference`, or shrank under its own */
    DOJIMA_EXECUTED = 4,       /* `quantity` at `price`; `match` names the trade on both sides */
    DOJIMA_CANCELLED = 5,      /* `quantity` less of it; `reason` says why */
    DOJIMA_REFUSED_CHANGE = 6, /* a cancel or reduction, or a replace by the same reference */
    DOJIMA_MASS_CANCELLED = 7,
    DOJIMA_RESOLVED = 8, /* answer to dojima_resolve, or a repeat that was told its first result */
    DOJIMA_QUERIED = 9,  /* answer to dojima_query; `reference` is the next free one */
    DOJIMA_OTHER = 10,   /* any other message of the stream; its bytes tell */
    DOJIMA_NOTED = 11,   /* the venue says something of itself, as that it stops: `reason` */
};

/* "accepted", "executed", ... */
const char *dojima_event_name(enum dojima_event_kind kind);

struct dojima_event {
    enum dojima_event_kind kind;
    uint64_t number;   /* of the session's stream */
    uint64_t time_ns;  /* native: UTC since 1970; OUCH: since midnight */
    uint64_t sequence; /* native: of the event in the venue's log; OUCH: 0 */
    uint64_t
        order_id; /* sequence of the order's ACCEPTED event, its name at the venue; 0 = not told */
    uint64_t match; /* of EXECUTED */
    int64_t price;
    int64_t quantity;
    int64_t remaining;     /* open; -1: this protocol does not say */
    uint32_t reference;    /* of the order now; 0: not one of ours that we know */
    uint32_t original;     /* of REPLACED: the order's reference before; native: of a
                              REJECTED replace the order that is as it was */
    uint32_t instrument;   /* native */
    enum dojima_side side; /* 0: not told */
    bool maker;            /* of EXECUTED: our order rested */
    uint16_t code;         /* of REJECTED: OUCH or native reject code; 0 = none */
    const char *reason;    /* a word or sentence, for ever valid; null = none */
    const uint8_t *bytes;  /* the message as it came, valid during the call */
    size_t count;
};

struct dojima_session;

/* All of them may be null. */
struct dojima_handler {
    /* Logged on; `next_number` is that of the event that comes next. */
    void (*on_live)(void *context, struct dojima_session *session, uint64_t next_number);
    void (*on_event)(void *context, struct dojima_session *session,
                     const struct dojima_event *event);
    /* Refused at the door: in no log, to be sent again when `retry_after_us` is over. `kind` is the
     * word of the venue. */
    void (*on_not_sequenced)(void *context, struct dojima_session *session, uint32_t reference,
                             uint32_t retry_after_us, const char *kind);
    /* The connection is gone, or was not to be had. `final`: it will not be tried again. */
    void (*on_down)(void *context, struct dojima_session *session, const char *reason, bool final);
};

enum dojima_state {
    DOJIMA_STATE_WAITING = 1, /* for the next attempt */
    DOJIMA_STATE_CONNECTING = 2,
    DOJIMA_STATE_LOGGING_ON = 3,
    DOJIMA_STATE_LIVE = 4,
    DOJIMA_STATE_OVER = 5,    /* logged out, refused, or the venue ended the session */
    DOJIMA_STATE_REFUSED = 6, /* over: name, password or signature were not taken */
};

struct dojima_session_options {
    const char *address; /* "127.0.0.1:9101" */
    enum dojima_protocol protocol;
    const char *username; /* at most 6 characters */
    const char *password; /* at most 10 characters */
    /* Instead of a password, which is null then: signs "dojima logon v1", a zero byte, the username
     * padded with blanks to 6 bytes, and the challenge. False: it cannot, the logon ends. */
    bool (*sign)(void *context, const uint8_t challenge[DOJIMA_CHALLENGE_BYTES],
                 uint8_t out_signature[DOJIMA_SIGNATURE_BYTES]);
    uint64_t next_number;    /* first event wanted, from 1; 0: only what is new */
    bool plain;              /* no TLS: loopback addresses alone */
    const char *trusted;     /* PEM file with the venue's certificate; null: the system's */
    const char *server_name; /* that the certificate must have; null: none is asked */
    uint32_t reconnect_ms;   /* first wait, doubled to a hundredfold; 0: never again */
    bool forget;             /* do not keep what is unanswered: nothing is ever sent again */
    struct dojima_handler handler;
    void *context;
};

struct dojima_client;

enum dojima_result dojima_client_open(struct dojima_client **out_client);

/* Waits at most `wait_ns` (0: polls) and does what there is to do. */
void dojima_client_tick(struct dojima_client *client, int64_t wait_ns);

/* Cuts what is open, without logging out. Null is accepted. */
void dojima_client_close(struct dojima_client *client);

/* Begins to connect. The texts are copied. */
enum dojima_result dojima_session_open(struct dojima_client *client,
                                       const struct dojima_session_options *options,
                                       struct dojima_session **out_session);

/* Logs out once everything that waits is sent; on_down(final) follows. */
void dojima_session_log_out(struct dojima_session *session);

/* Breaks the connection as a network would: for tests of what comes after. */
void dojima_session_break(struct dojima_session *session);

enum dojima_state dojima_session_state(const struct dojima_session *session);
const char *dojima_session_name(const struct dojima_session *session);
uint64_t dojima_session_next_number(const struct dojima_session *session);
/* Of the next order: above every one seen in the stream or sent. */
uint32_t dojima_session_next_reference(const struct dojima_session *session);
/* Sent, and neither answered nor refused yet. */
size_t dojima_session_unanswered(const struct dojima_session *session);

/* `out_reference`, if not null, gets the reference of the order. */
enum dojima_result dojima_enter(struct dojima_session *session, const struct dojima_order *order,
                                uint32_t *out_reference);

/* `original` goes on with the new price and the new total (what was executed included), under a
 * new reference, 0: the next one. Its time in force has to be given again. */
struct dojima_change {
    int64_t price;
    int64_t quantity;
    uint32_t original;
    uint32_t reference;
    enum dojima_time_in_force time_in_force;
};
enum dojima_result dojima_replace(struct dojima_session *session,
                                  const struct dojima_change *change, uint32_t *out_reference);

enum dojima_result dojima_cancel(struct dojima_session *session, uint32_t reference);

/* All orders of the session; those of one instrument (native) or symbol (OUCH) when it is given. */
enum dojima_result dojima_mass_cancel(struct dojima_session *session, uint32_t instrument,
                                      const char *symbol);

/* Native: what became of an order; one that the venue never saw can not be entered any more. */
enum dojima_result dojima_resolve(struct dojima_session *session, uint32_t reference);

/* Asks for the next free reference. The answer stands behind everything that came of what was sent
 * before. OUCH answers in a session's past look the same: ask when the past has been read. */
enum dojima_result dojima_query(struct dojima_session *session);

/* Any message of the protocol, made by the caller; never sent again by itself. */
enum dojima_result dojima_send(struct dojima_session *session, const void *bytes, size_t count);

/* Bytes that wait for the socket. */
size_t dojima_session_waiting(const struct dojima_session *session);

/* Writes now what the socket takes. */
void dojima_session_flush(struct dojima_session *session);

#endif

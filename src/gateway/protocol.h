/* SPDX-License-Identifier: Apache-2.0
 *
 * What one entry protocol is to the session layer: how a client's message becomes a command and how
 * an entry of the session's stream becomes a message. Pure code over a state that is a fold of the
 * stream, plus what is known of the commands under way.
 *
 * Two implementations: ouch/ouch_session.h, native/native_session.h.
 *
 * Owner: a session of the gateway. Threads: one. Memory: the state's own. Errors: NO_MEMORY.
 * Order of calls: open; apply, if there is one, for each entry once, in order; encode for an entry
 * that was applied, as often as asked; decode, then submitted; refused; fenced when a new
 * incarnation begins; close.
 */
#ifndef DOJIMA_GATEWAY_PROTOCOL_H
#define DOJIMA_GATEWAY_PROTOCOL_H

#include "gateway/directory.h"
#include "gateway/gateway.h"
#include "stream/stream.h"
#include "wire/native/command.h"

/* Bytes of the largest message of any protocol. */
#define PROTOCOL_MESSAGE_BYTES_MAX 512u

/* Who speaks, from its identity. */
struct protocol_who {
    uint64_t account;
    uint32_t session;
    uint32_t participant;
};

enum protocol_outcome {
    PROTOCOL_COMMAND = 1, /* `command` is to be submitted */
    PROTOCOL_REPEAT = 2,  /* it was sent before: the original stands in the stream */
    PROTOCOL_WRONG = 3,   /* no message of this protocol: the client is told `reason` */
    PROTOCOL_DENIED = 4,  /* not for this door: refused with `code` */
};

struct protocol_intent {
    struct command command; /* without session and incarnation; input sequence 0:
                               the gateway counts */
    const char *reason;     /* WRONG: a sentence for ever valid */
    enum reject code;       /* DENIED */
    uint64_t reference;     /* by which the client knows it, 0 = none */
};

/* A command that was not sequenced. */
struct protocol_refusal {
    uint64_t input_sequence; /* of one that was submitted, 0 = it was not */
    uint64_t reference;      /* of one that was not submitted */
    uint32_t retry_after_us; /* 0 = at once, or never for what is wrong */
    enum reject code;        /* the nearest: RATE_LIMITED, INPUT_SEQUENCE_NOT_ABOVE_LAST, ... */
};

struct protocol_ops {
    bool uses_directory; /* no logon before the instruments are known */
    enum status (*open)(const struct protocol_who *who, void **out_state);
    /* Null is accepted. */
    void (*close)(void *state);
    /* Null: a message needs nothing but its entry. The stream is then read from its end at a logon,
     * and older entries only when a client asks for them; else from 1 before the first logon. */
    enum status (*apply)(void *state, const struct stream_entry *entry, const struct event *event);
    /* Payload of the message; at most PROTOCOL_MESSAGE_BYTES_MAX bytes. */
    size_t (*encode)(const void *state, const struct directory *directory,
                     const struct stream_entry *entry, const struct event *event, uint8_t *out);
    enum protocol_outcome (*decode)(const void *state, const struct directory *directory,
                                    const uint8_t *bytes, size_t count,
                                    struct protocol_intent *out_intent);
    /* A glance at a message, for a venue that has more than it can do: what the client knows a new
     * order or a replace by, 0 for anything else, and for what was sent before. May be null. */
    uint64_t (*new_order)(const void *state, const uint8_t *bytes, size_t count);
    /* The request went to the port. NO_MEMORY ends the session. */
    enum status (*submitted)(void *state, const struct protocol_intent *intent,
                             uint64_t input_sequence);
    /* Forgets what was submitted and writes what the client is told, as payload of a debug packet:
     * at most PROTOCOL_MESSAGE_BYTES_MAX bytes. */
    size_t (*refused)(void *state, const struct protocol_refusal *refusal, uint8_t *out);
    /* What was under way is in the stream by now, or was never seen. */
    void (*fenced)(void *state);
};

#endif

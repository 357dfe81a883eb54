/* SPDX-License-Identifier: Apache-2.0
 *
 * What a session of the client says and hears, in bytes: an intent to the message of its protocol,
 * a message of the stream to an event. Two implementations, OUCH 5.0 and native; a session holds
 * one of them.
 *
 *   native names of orders   ALICE1-17     session's name, reference
 *   native query             ALICE1?17     a name that no order has
 *
 * Owner: a session of the client. Threads: one. Memory: the table of orders, native alone.
 * Errors: INVALID: not sayable, or no message; NO_MEMORY. Order of calls: zeroed, any,
 * messages_deinit.
 */
#ifndef DOJIMA_CLIENT_MESSAGES_H
#define DOJIMA_CLIENT_MESSAGES_H

#include "base/status.h"
#include "client/dojima.h"

#define MESSAGES_INTENT_BYTES_MAX 192

enum intent_kind {
    INTENT_ENTER = 1,
    INTENT_REPLACE = 2,
    INTENT_CANCEL = 3,
    INTENT_MASS_CANCEL = 4,
    INTENT_RESOLVE = 5,
    INTENT_QUERY = 6,
};

struct intent {
    enum intent_kind kind;
    uint32_t reference; /* ENTER, REPLACE: the new one; MASS_CANCEL: its own; else the order's */
    struct dojima_order order;   /* ENTER; of MASS_CANCEL symbol and instrument */
    struct dojima_change change; /* REPLACE */
};

/* Reference by the venue's order id, open addressing; an order leaves when it is gone. */
struct order_row {
    uint64_t order_id; /* 0 = empty */
    uint32_t reference;
};

struct messages {
    char username[7];
    uint32_t session; /* as the venue numbers it; native: to tell maker from taker */
    struct order_row *rows;
    size_t row_count;
    size_t row_capacity;    /* a power of two, or 0 */
    uint64_t last_sequence; /* native: of the event before, also of the connection before: the two
                               sides of a trade with oneself differ by nothing else */
};

/* Refused at the door. */
struct refusal {
    uint64_t input_sequence; /* native */
    uint32_t reference;      /* OUCH */
    uint32_t retry_after_us;
    char kind[32];
};

struct messages_ops {
    /* `out` has MESSAGES_INTENT_BYTES_MAX; native leaves room for the input sequence. */
    enum status (*encode)(const struct messages *messages, const struct intent *intent,
                          uint8_t *out, size_t *out_count);
    /* Fills everything but `number`, `bytes` and `count`. */
    enum status (*decode)(struct messages *messages, const uint8_t *bytes, size_t count,
                          struct dojima_event *out_event);
    /* False: it tells of something else. */
    bool (*refused)(const uint8_t *bytes, size_t count, struct refusal *out_refusal);
    /* Writes the input sequence into a message that encode made; null: there is none. */
    void (*number)(uint8_t *bytes, uint64_t input_sequence);
    bool reference_rises; /* the venue takes only references above the last */
};

extern const struct messages_ops ouch_messages;
extern const struct messages_ops native_messages;

void messages_deinit(struct messages *messages);

#endif

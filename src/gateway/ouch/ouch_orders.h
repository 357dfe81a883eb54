/* SPDX-License-Identifier: Apache-2.0
 *
 * What an OUCH session's stream said of its orders: a fold, fed with every entry once, in order.
 * Nothing is forgotten, because a client may ask again from number 1: an order's UserRefNum changes
 * with each replace, so each UserRefNum is a row of its own that knows since which stream number it
 * stands, and a message of long ago finds the row that stood then.
 *
 *   order 5 ──► row 131072 ──► row "9" since #8 ──previous──► row "4" since #3
 *
 * Owner: a session of the gateway. Threads: one. Memory: malloc, some 150 bytes a UserRefNum.
 * Errors: NO_MEMORY, then the fold is of no use. Order of calls: zeroed, any, ouch_orders_deinit.
 */
#ifndef DOJIMA_GATEWAY_OUCH_OUCH_ORDERS_H
#define DOJIMA_GATEWAY_OUCH_OUCH_ORDERS_H

#include "gateway/ouch/order_name.h"
#include "stream/stream.h"

struct ouch_order {
    uint64_t accepted; /* event sequence of its ACCEPTED: the order id without its shard */
    uint64_t since;    /* stream number that gave the order this UserRefNum */
    struct price price;
    struct quantity total;    /* what was executed included */
    struct quantity open;     /* 0: the order is gone */
    struct quantity reducing; /* what requests under way will take off */
    uint32_t user_ref_num;    /* 0: it was not entered through OUCH */
    uint32_t previous;        /* row + 1 of the order's UserRefNum before, 0 = none */
    uint32_t instrument;
    enum side side;
    enum time_in_force time_in_force;
    enum order_type order_type;
    enum post_only post_only;
    enum capacity capacity;
    char client_id[OUCH_CLIENT_ID_BYTES];
    bool replaced; /* a later row has taken the order over */
};

/* Row + 1 by a 64-bit key, open addressing; 0 = empty. A table that has become too small is moved
 * to the next a few rows at a time: an order must not wait for all of them. Meanwhile both are
 * asked, and the newer row is the answer. */
struct ouch_table {
    uint32_t *rows;
    uint32_t *old_rows;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t old_capacity;
    uint32_t moved; /* rows of the old one that the new one has; while there is an old one */
    uint32_t to_move;
};

#define OUCH_CHUNK_ROWS 4096u

struct ouch_orders {
    struct ouch_order **chunks; /* of OUCH_CHUNK_ROWS rows: what was written is never copied */
    uint32_t count;             /* rows */
    uint32_t chunk_count;
    uint32_t chunk_capacity;
    struct ouch_table by_accepted; /* the newest row of an order */
    struct ouch_table by_user_ref_num;
    uint64_t last_number;          /* of the stream, applied */
    uint32_t highest_user_ref_num; /* seen in any entry */
};

/* `event` is the entry's, decoded; entries at or below last_number change nothing. */
MUST_USE enum status ouch_orders_apply(struct ouch_orders *orders, const struct stream_entry *entry,
                                       const struct event *event);

/* The newest row of a UserRefNum; null if the stream named none. */
const struct ouch_order *ouch_orders_find(const struct ouch_orders *orders, uint32_t user_ref_num);

/* Requests under way will take `lots` more off the newest row of a UserRefNum (less: negative);
 * false if the stream named none. */
bool ouch_orders_reducing(struct ouch_orders *orders, uint32_t user_ref_num, int64_t lots);

/* The row of an order that stood just after stream number `number`; null if unknown. */
const struct ouch_order *ouch_orders_at(const struct ouch_orders *orders, uint64_t order_id,
                                        uint64_t number);

/* The row before it of the same order, or null. */
const struct ouch_order *ouch_orders_previous(const struct ouch_orders *orders,
                                              const struct ouch_order *order);

void ouch_orders_deinit(struct ouch_orders *orders);

#endif

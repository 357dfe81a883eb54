/* SPDX-License-Identifier: Apache-2.0
 *
 * OUCH 5.0 as a protocol of the gateway. The mapping of messages to commands and of events to
 * messages is docs/reference/ouch-mapping.md; decode is in ouch_entry.c, encode in ouch_outcome.c.
 *
 * Owner: a session of the gateway. Threads: one. Memory: malloc. Errors: NO_MEMORY.
 * Order of calls: as gateway/protocol.h.
 */
#ifndef DOJIMA_GATEWAY_OUCH_OUCH_SESSION_H
#define DOJIMA_GATEWAY_OUCH_OUCH_SESSION_H

#include "gateway/ouch/ouch_orders.h"
#include "gateway/ouch/request_name.h"
#include "gateway/protocol.h"

extern const struct protocol_ops ouch_protocol;

/* A request whose outcome the stream has not shown yet. */
struct ouch_pending {
    uint64_t input_sequence;
    struct price price;
    struct quantity quantity; /* ENTER, REPLACE: total; REDUCE: how much less */
    uint32_t user_ref_num;    /* the new one of ENTER, REPLACE, MASS_CANCEL, RESOLVE (which puts
                                 order entry on); else the order's */
    enum side side;
    uint8_t command; /* enum command_id */
    bool in_row;     /* REDUCE: its quantity is counted in the order's row */
    bool disables;   /* MASS_CANCEL: order entry goes off with it */
    char client_id[OUCH_CLIENT_ID_BYTES];
};

struct ouch_session {
    struct protocol_who who;
    struct ouch_orders orders;
    struct ouch_pending *pending; /* in the order of input sequences; inside the store */
    size_t pending_count;
    size_t pending_beside;   /* REDUCE of orders that had no row yet */
    size_t pending_switches; /* those that put order entry on or off */
    uint32_t disabled_by;    /* UserRefNum of the last that the stream has, 0 = none */
    uint32_t enabled_by;     /* the same; the higher one holds */
    struct ouch_pending *pending_store;
    size_t pending_capacity; /* of the store */
};

/* An order by its UserRefNum, as far as stream and requests under way tell. */
struct ouch_known {
    struct price price;
    struct quantity total; /* what is being reduced already taken off */
    struct quantity open;  /* the same; of a pending order its total */
    enum side side;
    char client_id[OUCH_CLIENT_ID_BYTES];
    enum time_in_force time_in_force;
    bool pending; /* time_in_force is not known */
};

/* False: neither the stream nor a request under way names it. */
bool ouch_session_known(const struct ouch_session *session, uint32_t user_ref_num,
                        struct ouch_known *out_known);

/* Highest UserRefNum used, requests under way included. */
uint32_t ouch_session_highest(const struct ouch_session *session);

enum protocol_outcome ouch_entry_decode(const void *state, const struct directory *directory,
                                        const uint8_t *bytes, size_t count,
                                        struct protocol_intent *out_intent);

size_t ouch_outcome_encode(const void *state, const struct directory *directory,
                           const struct stream_entry *entry, const struct event *event,
                           uint8_t *out);

/* Whether the client has put its order entry off, requests under way included. */
bool ouch_session_disabled(const struct ouch_session *session);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The C interface of the public matching-engine benchmark, in our own words: the names and layouts
 * are facts of its published contract (flash1-dev/matching-engine-benchmark, api/), nothing else is
 * taken. A harness loads the library, calls init, one function per message, flush, and asks for the
 * book's state in between; the engine pushes reports of 64 bytes.
 *
 * Owner: the harness. Threads: the harness calls from one. Memory: messages are valid during the
 * call. Errors: none. Order of calls: engine_init, messages and queries, engine_flush,
 * engine_shutdown.
 */
#ifndef DOJIMA_APPS_REFEREE_ABI_H
#define DOJIMA_APPS_REFEREE_ABI_H

#include "base/compiler.h"

struct referee_new_order {
    uint64_t order_id;
    uint64_t sequence;
    int64_t price_ticks;
    uint32_t quantity;
    uint8_t side; /* 0 buy, 1 sell */
    uint8_t ioc;  /* 1 = immediate or cancel */
    uint8_t zero[2];
};
_Static_assert(sizeof(struct referee_new_order) == 32, "layout of the contract");

struct referee_cancel {
    uint64_t order_id;
    uint64_t sequence;
};
_Static_assert(sizeof(struct referee_cancel) == 16, "layout of the contract");

struct referee_modify {
    uint64_t order_id;
    uint64_t sequence;
    int64_t price_ticks;
    uint32_t quantity;
    uint8_t side;
    uint8_t zero[3];
};
_Static_assert(sizeof(struct referee_modify) == 32, "layout of the contract");

enum referee_report_type {
    REFEREE_ORDER_ACK = 0,
    REFEREE_TRADE = 1,
    REFEREE_CANCEL_ACK = 2,
    REFEREE_MODIFY_ACK = 3,
    REFEREE_CANCEL_REJECT = 4,
    REFEREE_MODIFY_REJECT = 5,
};

struct referee_report {
    uint8_t type; /* enum referee_report_type */
    uint8_t side;
    uint8_t zero[6];
    uint64_t sequence; /* of the message that caused it */
    uint64_t order_id;
    int64_t price_ticks; /* of a trade: the maker's */
    uint32_t quantity;
    uint32_t zero_2;
    uint64_t maker_order_id; /* trade only */
    uint64_t taker_order_id; /* trade only */
    uint64_t zero_3;
};
_Static_assert(sizeof(struct referee_report) == 64, "layout of the contract");

/* The queue of reports, chosen by the harness. */
struct referee_transport {
    void *(*create)(uint32_t capacity);
    int (*push)(void *queue, const struct referee_report *report); /* 0 = full, try again */
    uint32_t (*drain)(void *queue, struct referee_report *out, uint32_t max);
    void (*flush)(void *queue);
    void (*destroy)(void *queue);
};

/* Optional: a queue of the engine's own. */
EXPORTED const struct referee_transport *engine_get_transport(void);

EXPORTED void engine_init(uint64_t seed, const struct referee_transport *transport, void *queue);
EXPORTED void engine_shutdown(void);
EXPORTED void engine_on_new_order(const struct referee_new_order *message);
EXPORTED void engine_on_cancel(const struct referee_cancel *message);
EXPORTED void engine_on_modify(const struct referee_modify *message);
EXPORTED void engine_flush(void);
/* INT64_MIN and INT64_MAX when the side is empty. */
EXPORTED int64_t engine_query_best_bid(void);
EXPORTED int64_t engine_query_best_ask(void);
EXPORTED uint64_t engine_query_depth_at(int64_t price_ticks, uint8_t side);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by tools/schemagen from schema/: do not edit. The words of the domain: scalars that do
 * not mix, closed sets, reject codes.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_DOMAIN_H
#define DOJIMA_WIRE_NATIVE_DOMAIN_H

#include "base/compiler.h"

#include <stdbool.h>

/* 10^-price_scale of the quote asset; PRICE_NONE = none. */
struct price {
    int64_t units;
};
#define PRICE_NONE INT64_MIN

/* 10^-quantity_scale of the base asset. */
struct quantity {
    int64_t lots;
};

/* Client order ids and other names: `count` printable bytes, the rest zero. */
#define TEXT36_BYTES_MAX 36
struct text36 {
    uint8_t count;
    char bytes[39];
};

/* Short names, filled with zeros at the end. */
struct chars16 {
    char bytes[16];
};

struct bytes32 {
    uint8_t bytes[32];
};

/* which way an order goes */
enum side {
    SIDE_BUY = 1,  /* wants the base asset */
    SIDE_SELL = 2, /* gives the base asset */
};
/* Null if `value` is not of the set. */
const char *side_name(unsigned value);

/* how an order is priced */
enum order_type {
    ORDER_TYPE_LIMIT = 1,  /* no worse than its price */
    ORDER_TYPE_MARKET = 2, /* any price; what finds no counterpart is cancelled */
};
/* Null if `value` is not of the set. */
const char *order_type_name(unsigned value);

/* how long an order lives */
enum time_in_force {
    TIME_IN_FORCE_DAY = 1, /* until END_OF_DAY */
    TIME_IN_FORCE_GTC = 2, /* until it is cancelled */
    TIME_IN_FORCE_GTD = 3, /* until its expiry time */
    TIME_IN_FORCE_IOC = 4, /* trades at once, the rest is cancelled */
    TIME_IN_FORCE_FOK = 5, /* trades at once and whole, or not at all */
};
/* Null if `value` is not of the set. */
const char *time_in_force_name(unsigned value);

/* what to do with an order that would take liquidity */
enum post_only {
    POST_ONLY_OFF = 0,    /* it may take liquidity */
    POST_ONLY_REJECT = 1, /* refuse it */
    POST_ONLY_SLIDE = 2,  /* rest it one tick behind the best opposite price */
};
/* Null if `value` is not of the set. */
const char *post_only_name(unsigned value);

/* for whom a participant trades */
enum capacity {
    CAPACITY_AGENCY = 1,             /* for a client */
    CAPACITY_PRINCIPAL = 2,          /* for itself */
    CAPACITY_RISKLESS_PRINCIPAL = 3, /* for a client, through its own account */
};
/* Null if `value` is not of the set. */
const char *capacity_name(unsigned value);

/* whether a replaced order keeps its place in the queue */
enum place {
    PLACE_KEPT = 1, /* same price, quantity not larger: the place is kept */
    PLACE_LOST = 2, /* any other change: it goes to the back */
};
/* Null if `value` is not of the set. */
const char *place_name(unsigned value);

/* why quantity left an order without a trade */
enum reason {
    REASON_REQUESTED = 1,        /* its owner asked */
    REASON_IOC_REMAINDER = 2,    /* immediate-or-cancel: nothing more to trade with */
    REASON_FOK_NOT_FILLABLE = 3, /* fill-or-kill: it could not be filled whole */
    REASON_MARKET_REMAINDER = 4, /* a market order found no more counterpart */
    REASON_MATCH_LIMIT = 5,      /* the command reached max_events_per_command */
    REASON_EXPIRED = 6,          /* its expiry time came */
    REASON_END_OF_DAY = 7,       /* a DAY order at the end of the trading day */
    REASON_REPLACED = 8,         /* replaced: the order goes to another place */
    REASON_REPLAY_RECONCILE = 9, /* recorded flow traded it elsewhere in the queue than our book */
    REASON_OFF_BOOK_EXECUTION = 10, /* recorded flow executed it at another price than its own */
};
/* Null if `value` is not of the set. */
const char *reason_name(unsigned value);

/* Why a command was refused; cause and remedy in docs/reference/rejects.md. */
enum reject {
    REJECT_NONE = 0,
    REJECT_UNKNOWN_SESSION = 1,
    REJECT_STALE_INCARNATION = 2,
    REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST = 3,
    REJECT_COMMAND_EXPIRED = 4,
    REJECT_INVALID_FIELD = 5,
    REJECT_INCOMPATIBLE_FIELDS = 6,
    REJECT_UNKNOWN_ACCOUNT = 7,
    REJECT_ACCOUNT_NOT_OF_PARTICIPANT = 8,
    REJECT_UNKNOWN_INSTRUMENT = 9,
    REJECT_DUPLICATE_ORDER_ID = 10,
    REJECT_UNKNOWN_ORDER = 11,
    REJECT_PRICE_NOT_ON_TICK = 12,
    REJECT_PRICE_OUT_OF_RANGE = 13,
    REJECT_QUANTITY_NOT_POSITIVE = 14,
    REJECT_QUANTITY_NOT_ON_LOT = 15,
    REJECT_QUANTITY_TOO_LARGE = 16,
    REJECT_QUANTITY_ABOVE_OPEN = 17,
    REJECT_QUANTITY_NOT_ABOVE_EXECUTED = 18,
    REJECT_NOTIONAL_OVERFLOW = 19,
    REJECT_POST_ONLY_WOULD_TRADE = 20,
    REJECT_EXPIRY_NOT_IN_FUTURE = 21,
    REJECT_ORDER_POOL_FULL = 22,
    REJECT_LEVEL_POOL_FULL = 23,
    REJECT_ALREADY_EXISTS = 24,
    REJECT_TABLE_FULL = 25,
    REJECT_UNKNOWN_ASSET = 26,
    REJECT_NOTIONAL_NOT_EXACT = 27,
    REJECT_TRADING_DAY_NOT_LATER = 28,
    REJECT_INCARNATION_NOT_ABOVE_LAST = 29,
    REJECT_BALANCE_TOO_SMALL = 30,
};
#define REJECT_COUNT 30
const char *reject_name(unsigned value);
const char *reject_cause(unsigned value);
const char *reject_remedy(unsigned value);

#endif

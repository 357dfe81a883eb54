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
    REASON_DISCONNECTED = 11,       /* its session ended, and it was to go with it */
    REASON_DEAD_MAN = 12,           /* its session was silent for longer than it promised */
    REASON_MASS_CANCEL = 13,        /* a mass cancel took it */
    REASON_SELF_TRADE = 14, /* it would have traded with an order of its own self-trade group */
    REASON_MINIMUM_NOT_FILLABLE = 15, /* its minimum quantity could not be traded at once */
};
/* Null if `value` is not of the set. */
const char *reason_name(unsigned value);

/* what happens to an order when its session ends */
enum on_disconnect {
    ON_DISCONNECT_DEFAULT = 0, /* what the session said at logon; orders of session 0 stay */
    ON_DISCONNECT_KEEP = 1,    /* it stays */
    ON_DISCONNECT_CANCEL = 2,  /* it leaves; orders of session 0 stay */
};
/* Null if `value` is not of the set. */
const char *on_disconnect_name(unsigned value);

/* what an instrument takes */
enum phase {
    PHASE_OPEN = 1,   /* everything */
    PHASE_HALTED = 2, /* cancels and reductions, until trading resumes */
    PHASE_CLOSED = 3, /* cancels and reductions, until the next opening */
};
/* Null if `value` is not of the set. */
const char *phase_name(unsigned value);

/* why a phase changes */
enum phase_reason {
    PHASE_REASON_SCHEDULED = 1,  /* the trading calendar */
    PHASE_REASON_OPERATOR = 2,   /* the operator decided */
    PHASE_REASON_NEWS = 3,       /* news are expected or out */
    PHASE_REASON_VOLATILITY = 4, /* prices moved too far */
    PHASE_REASON_TECHNICAL = 5,  /* something does not work */
};
/* Null if `value` is not of the set. */
const char *phase_reason_name(unsigned value);

/* why an incarnation of a session ended */
enum session_end {
    SESSION_END_LOGGED_OUT = 1,   /* its owner said so */
    SESSION_END_DISCONNECTED = 2, /* the connection broke */
    SESSION_END_SILENT = 3,       /* no heartbeat came */
    SESSION_END_CUT = 4,          /* the venue cut it: slow, wrong, or the operator asked */
    SESSION_END_GATEWAY_LOST = 5, /* the gateway that held it is gone */
};
/* Null if `value` is not of the set. */
const char *session_end_name(unsigned value);

/* what a kill switch stops */
enum block_target {
    BLOCK_TARGET_PARTICIPANT = 1, /* all its accounts */
    BLOCK_TARGET_ACCOUNT = 2,     /* one account */
    BLOCK_TARGET_SESSION = 3,     /* one session */
};
/* Null if `value` is not of the set. */
const char *block_target_name(unsigned value);

/* what an administrative command wants */
enum admin_kind {
    ADMIN_KIND_NOTE = 1,    /* the session is told something */
    ADMIN_KIND_RESERVE = 2, /* numbers for messages while the log is down */
    ADMIN_KIND_FILL = 3,    /* the reserve back, with how many were used */
};
/* Null if `value` is not of the set. */
const char *admin_kind_name(unsigned value);

/* what a session is told */
enum session_note {
    SESSION_NOTE_NONE = 0, /* nothing: no note */
    SESSION_NOTE_VENUE_STOPS =
        1, /* the venue stops: its connections end; log on again when it runs */
    SESSION_NOTE_GATEWAY_STOPS = 2, /* this gateway stops, the venue goes on: log on at another */
};
/* Null if `value` is not of the set. */
const char *session_note_name(unsigned value);

/* what happens when two orders of one self-trade group would trade */
enum self_trade {
    SELF_TRADE_NONE = 0,          /* they trade */
    SELF_TRADE_CANCEL_NEWEST = 1, /* the taker is cancelled, the maker stays */
    SELF_TRADE_CANCEL_OLDEST = 2, /* the maker is cancelled, the taker goes on */
    SELF_TRADE_CANCEL_BOTH = 3,   /* both are cancelled */
    SELF_TRADE_DECREMENT = 4, /* both lose what they would have traded; the larger one goes on */
};
/* Null if `value` is not of the set. */
const char *self_trade_name(unsigned value);

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
    REJECT_INSTRUMENT_HALTED = 31,
    REJECT_INSTRUMENT_CLOSED = 32,
    REJECT_BLOCKED = 33,
    REJECT_RATE_LIMITED = 34,
    REJECT_OPERATOR_ONLY = 35,
    REJECT_VALID_FOR_TOO_LONG = 36,
    REJECT_UNKNOWN_PARTICIPANT = 37,
    REJECT_MASS_CANCEL_UNDER_WAY = 38,
    REJECT_NAME_FENCED = 39,
    REJECT_NAME_TABLE_FULL = 40,
    REJECT_RESEND_OFF = 41,
    REJECT_RESERVE_HELD = 42,
    REJECT_RESERVE_TOO_SMALL = 43,
    REJECT_LOG_NEARLY_FULL = 44,
    REJECT_LOGIC_NOT_LATER = 45,
    REJECT_LOGIC_UNKNOWN = 46,
    REJECT_MINIMUM_OUT_OF_RANGE = 47,
    REJECT_LATER_RULES = 48,
};
#define REJECT_COUNT 48

/* Versions of the engine's rules that this release knows: schema/logic.def. */
#define LOGIC_OLDEST 1u
#define LOGIC_NEWEST 2u

const char *reject_name(unsigned value);
const char *reject_cause(unsigned value);
const char *reject_remedy(unsigned value);

#endif

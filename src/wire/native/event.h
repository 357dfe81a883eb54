/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by tools/schemagen from schema/events.def: do not edit. The events as structs; their
 * bytes are in event_codec.h.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_EVENT_H
#define DOJIMA_WIRE_NATIVE_EVENT_H

#include "wire/native/domain.h"
#include "wire/native/header.h"

enum event_id {
    EVENT_VENUE_OPENED = 1,
    EVENT_ASSET_LISTED = 2,
    EVENT_INSTRUMENT_LISTED = 3,
    EVENT_ACCOUNT_OPENED = 4,
    EVENT_SESSION_OPENED = 5,
    EVENT_DAY_ENDED = 6,
    EVENT_SOURCE_OPENED = 7,
    EVENT_REJECTED = 8,
    EVENT_ACCEPTED = 9,
    EVENT_RESTED = 10,
    EVENT_REDUCED = 11,
    EVENT_REMOVED = 12,
    EVENT_REPLACED = 13,
    EVENT_TRADE = 14,
    EVENT_CANCELLED = 15,
    EVENT_PHASE = 16,
    EVENT_SESSION_CLOSED = 17,
    EVENT_MASS_CANCELLED = 18,
    EVENT_DEAD_MAN_SET = 19,
    EVENT_BLOCK_SET = 20,
    EVENT_REPLAYED = 21,
    EVENT_RESOLVED = 22,
    EVENT_SESSION_NOTED = 23,
    EVENT_SESSION_RESERVED = 24,
    EVENT_SESSION_FILLED = 25,
    EVENT_GROUP_SET = 26,
    EVENT_PREVENTED = 27,
    EVENT_LOGIC_CHANGED = 28,
};
#define EVENT_KIND_COUNT 28

/* the log begins */
struct event_venue_opened {
    uint16_t shard;         /* id; this log's shard */
    uint16_t logic_version; /* version; rules that apply from here */
};
#define EVENT_VENUE_OPENED_VERSION     1
#define EVENT_VENUE_OPENED_FIXED_BYTES 4
#define EVENT_VENUE_OPENED_BYTES_MAX   4

/* an asset is known */
struct event_asset_listed {
    uint32_t asset;      /* id; its number */
    uint8_t scale;       /* digits; one minor unit is 10^-scale of the asset */
    struct chars16 code; /* text; its short name */
};
#define EVENT_ASSET_LISTED_VERSION     1
#define EVENT_ASSET_LISTED_FIXED_BYTES 21
#define EVENT_ASSET_LISTED_BYTES_MAX   21

/* an instrument is known; its phase is OPEN */
struct event_instrument_listed {
    uint32_t instrument;     /* id; its number */
    uint32_t base_asset;     /* id; what is traded */
    uint32_t quote_asset;    /* id; what it is priced in */
    uint8_t price_scale;     /* digits; one price unit is 10^-price_scale of the quote asset */
    uint8_t quantity_scale;  /* digits; one lot unit is 10^-quantity_scale of the base asset */
    uint8_t negative_prices; /* 0 or 1; whether prices below zero are legal */
    uint8_t
        itch; /* 0 or 1; whether it fits OUCH and ITCH: 4 decimals, 32-bit shares, 8 characters */
    struct price tick;                /* price units; prices are multiples of it */
    struct price lowest_price;        /* price units; no order below it */
    struct price highest_price;       /* price units; no order above it */
    struct quantity lot;              /* lots; quantities are multiples of it */
    struct quantity largest_quantity; /* lots; no order above it */
    int64_t multiplier;               /* units; base units a lot stands for */
    struct chars16 symbol;            /* text; its short name */
};
#define EVENT_INSTRUMENT_LISTED_VERSION     1
#define EVENT_INSTRUMENT_LISTED_FIXED_BYTES 80
#define EVENT_INSTRUMENT_LISTED_BYTES_MAX   80

/* an account is known */
struct event_account_opened {
    uint64_t account;          /* id; its number */
    uint32_t participant;      /* id; its owner */
    uint32_t self_trade_group; /* id; 0 = none */
};
#define EVENT_ACCOUNT_OPENED_VERSION     2
#define EVENT_ACCOUNT_OPENED_FIXED_BYTES 16
#define EVENT_ACCOUNT_OPENED_BYTES_MAX   16

/* a session has a new incarnation; older ones are fenced */
struct event_session_opened {
    uint32_t session;     /* id; which */
    uint32_t incarnation; /* count; its new incarnation */
    uint32_t participant; /* id; whose */
    uint32_t user;        /* id; as whom */
};
#define EVENT_SESSION_OPENED_VERSION     1
#define EVENT_SESSION_OPENED_FIXED_BYTES 16
#define EVENT_SESSION_OPENED_BYTES_MAX   16

/* the trading day is closed */
struct event_day_ended {
    uint32_t trading_day;    /* yyyymmdd; which */
    uint32_t orders_expired; /* count; DAY orders that ended with it */
};
#define EVENT_DAY_ENDED_VERSION     1
#define EVENT_DAY_ENDED_FIXED_BYTES 8
#define EVENT_DAY_ENDED_BYTES_MAX   8

/* an importer begins */
struct event_source_opened {
    uint16_t source; /* id; its number in command headers */
};
#define EVENT_SOURCE_OPENED_VERSION     1
#define EVENT_SOURCE_OPENED_FIXED_BYTES 2
#define EVENT_SOURCE_OPENED_BYTES_MAX   2

/* a command is refused */
struct event_rejected {
    uint64_t account;    /* id; whose, 0 = none */
    int64_t limit;       /* the limit's unit; the limit that was broken, 0 = none */
    int64_t value;       /* the limit's unit; the value that broke it */
    uint32_t session;    /* id; who sent it, 0 = none */
    uint32_t instrument; /* id; 0 = none */
    uint32_t budget; /* count; commands of this kind that the session may send at once from here;
                        4294967295 = no limit */
    uint16_t code;   /* reject; see rejects.md */
    uint8_t command; /* command id; what was refused */
    struct text36 client_order_id;     /* text; the order it named, if any */
    struct text36 new_client_order_id; /* text; of a REPLACE: the name it asked for; else empty */
};
#define EVENT_REJECTED_VERSION     1
#define EVENT_REJECTED_FIXED_BYTES 39
#define EVENT_REJECTED_BYTES_MAX   113

/* an order is in; its order id is this event's sequence and the shard */
struct event_accepted {
    uint64_t account; /* id; whose order */
    struct price
        price; /* price units; limit price as it counts: after a slide; none for a market order */
    struct quantity quantity;  /* lots; total */
    uint64_t expire_time;      /* ns; GTD only, else 0 */
    uint32_t instrument;       /* id; what */
    uint32_t session;          /* id; who entered it, 0 = none */
    uint32_t participant;      /* id; owner of the account */
    uint32_t user;             /* id; 0 = none */
    uint32_t self_trade_group; /* id; 0 = none */
    uint32_t budget; /* count; orders that the session may send at once from here; 4294967295 = no
                        limit */
    enum side side;  /* side; which way */
    enum order_type order_type;       /* order_type; how priced */
    enum time_in_force time_in_force; /* time_in_force; how long */
    enum post_only post_only;         /* post_only; whether it may take liquidity */
    enum capacity capacity;           /* capacity; for whom */
    uint8_t cancel_on_disconnect;     /* 0 or 1; whether it leaves when its session ends */
    struct text36 client_order_id;    /* text; its name */
};
#define EVENT_ACCEPTED_VERSION     1
#define EVENT_ACCEPTED_FIXED_BYTES 62
#define EVENT_ACCEPTED_BYTES_MAX   99

/* an order has a place in the visible book; its reference is this event's sequence */
struct event_rested {
    uint64_t order_id;        /* order id; which order */
    struct price price;       /* price units; where */
    struct quantity quantity; /* lots; visible quantity */
    uint32_t instrument;      /* id; what */
    enum side side;           /* side; which way */
};
#define EVENT_RESTED_VERSION     1
#define EVENT_RESTED_FIXED_BYTES 29
#define EVENT_RESTED_BYTES_MAX   29

/* a resting order is smaller and keeps its place */
struct event_reduced {
    uint64_t order_id;         /* order id; which order */
    uint64_t reference;        /* order reference; its place */
    struct quantity quantity;  /* lots; how much less */
    struct quantity remaining; /* lots; what is open */
    uint32_t instrument;       /* id; what */
    enum side side;            /* side; which way */
    enum reason reason;        /* reason; why */
};
#define EVENT_REDUCED_VERSION     1
#define EVENT_REDUCED_FIXED_BYTES 38
#define EVENT_REDUCED_BYTES_MAX   38

/* a resting order has left its place without a trade */
struct event_removed {
    uint64_t order_id;        /* order id; which order */
    uint64_t reference;       /* order reference; the place it left */
    struct quantity quantity; /* lots; what was open */
    uint32_t instrument;      /* id; what */
    enum side side;           /* side; which way */
    enum reason reason;       /* reason; why; REPLACED: the order lives on */
};
#define EVENT_REMOVED_VERSION     1
#define EVENT_REMOVED_FIXED_BYTES 30
#define EVENT_REMOVED_BYTES_MAX   30

/* an order has new terms */
struct event_replaced {
    uint64_t order_id;         /* order id; which order, the same for life */
    struct price price;        /* price units; new limit price */
    struct quantity quantity;  /* lots; new total */
    struct quantity remaining; /* lots; what is open */
    uint32_t instrument;       /* id; what */
    uint32_t budget;  /* count; orders that the session may send at once from here; 4294967295 = no
                         limit */
    enum side side;   /* side; which way */
    enum place place; /* place; whether it kept its place */
    struct text36 client_order_id; /* text; its name from here */
};
#define EVENT_REPLACED_VERSION     1
#define EVENT_REPLACED_FIXED_BYTES 42
#define EVENT_REPLACED_BYTES_MAX   79

/* two orders traded; the trade id is this event's sequence */
struct event_trade {
    uint64_t maker_order_id;         /* order id; the order that rested */
    uint64_t maker_reference;        /* order reference; its place */
    uint64_t taker_order_id;         /* order id; the order that came */
    struct price price;              /* price units; the maker's price */
    struct quantity quantity;        /* lots; how much */
    struct quantity maker_remaining; /* lots; 0 = the maker is filled and gone */
    struct quantity taker_remaining; /* lots; what the taker still wants */
    uint64_t maker_account;          /* id; whose order rested */
    uint64_t taker_account;          /* id; whose order came */
    uint32_t maker_session;          /* id; 0 = none */
    uint32_t taker_session;          /* id; 0 = none */
    uint32_t instrument;             /* id; what */
    enum side taker_side;            /* side; which way the taker went */
};
#define EVENT_TRADE_VERSION     1
#define EVENT_TRADE_FIXED_BYTES 85
#define EVENT_TRADE_BYTES_MAX   85

/* an order, or what was left of it, ended without having a place in the book */
struct event_cancelled {
    uint64_t order_id;        /* order id; which order */
    struct quantity quantity; /* lots; what was open */
    uint32_t instrument;      /* id; what */
    enum side side;           /* side; which way */
    enum reason reason;       /* reason; why */
};
#define EVENT_CANCELLED_VERSION     1
#define EVENT_CANCELLED_FIXED_BYTES 22
#define EVENT_CANCELLED_BYTES_MAX   22

/* an instrument is in a phase from here */
struct event_phase {
    uint32_t instrument;      /* id; 0 = all that are listed */
    enum phase phase;         /* phase; which */
    enum phase_reason reason; /* phase_reason; why */
};
#define EVENT_PHASE_VERSION     1
#define EVENT_PHASE_FIXED_BYTES 6
#define EVENT_PHASE_BYTES_MAX   6

/* an incarnation of a session is over; a new logon is needed */
struct event_session_closed {
    uint32_t session;     /* id; which */
    uint32_t incarnation; /* count; the one that ended */
    uint32_t orders; /* count; with cancel on disconnect: they leave now or in the next commands */
    enum session_end reason; /* session_end; why */
};
#define EVENT_SESSION_CLOSED_VERSION     1
#define EVENT_SESSION_CLOSED_FIXED_BYTES 13
#define EVENT_SESSION_CLOSED_BYTES_MAX   13

/* a mass cancel has reached its end */
struct event_mass_cancelled {
    uint64_t account;     /* id; as asked */
    uint64_t tag;         /* number; as asked */
    uint32_t asked_by;    /* id; the session that asked, 0 = the operator */
    uint32_t participant; /* id; whose orders, 0 = any */
    uint32_t instrument;  /* id; as asked */
    uint32_t session;     /* id; as asked */
    uint32_t orders;      /* count; that it took */
    uint8_t side;         /* side, or 0; as asked */
};
#define EVENT_MASS_CANCELLED_VERSION     1
#define EVENT_MASS_CANCELLED_FIXED_BYTES 37
#define EVENT_MASS_CANCELLED_BYTES_MAX   37

/* a session has a dead man's timer, or none */
struct event_dead_man_set {
    uint32_t session;    /* id; which */
    uint32_t timeout_ms; /* ms; 0 = off */
};
#define EVENT_DEAD_MAN_SET_VERSION     1
#define EVENT_DEAD_MAN_SET_FIXED_BYTES 8
#define EVENT_DEAD_MAN_SET_BYTES_MAX   8

/* a kill switch is on or off */
struct event_block_set {
    uint64_t number;          /* id; of the participant, account or session */
    enum block_target target; /* block_target; what the number is of */
    uint8_t blocked;          /* 0 or 1; from here */
};
#define EVENT_BLOCK_SET_VERSION     1
#define EVENT_BLOCK_SET_FIXED_BYTES 10
#define EVENT_BLOCK_SET_BYTES_MAX   10

/* a command came again: its first result stands, nothing was done */
struct event_replayed {
    uint64_t account;        /* id; whose order */
    uint64_t event_sequence; /* sequence; of the first result: ACCEPTED, REPLACED or REJECTED */
    uint32_t session;        /* id; who sent it again, 0 = none */
    uint16_t code;           /* reject; of the first result, 0 = accepted or replaced */
    uint8_t command;         /* command id; what came again */
    struct text36 client_order_id; /* text; the name it gives */
};
#define EVENT_REPLAYED_VERSION     1
#define EVENT_REPLAYED_FIXED_BYTES 23
#define EVENT_REPLAYED_BYTES_MAX   60

/* what became of a client order id */
struct event_resolved {
    uint64_t account;        /* id; whose order */
    uint64_t event_sequence; /* sequence; of the result: ACCEPTED, REPLACED or REJECTED; 0 = never
                                seen, fenced now */
    uint32_t session;        /* id; who asked, 0 = none */
    uint16_t code; /* reject; of the result, 0 = accepted or replaced; NAME_FENCED = never seen */
    struct text36 client_order_id; /* text; which */
};
#define EVENT_RESOLVED_VERSION     1
#define EVENT_RESOLVED_FIXED_BYTES 22
#define EVENT_RESOLVED_BYTES_MAX   59

/* a session is told something */
struct event_session_noted {
    uint32_t session;       /* id; which */
    uint32_t incarnation;   /* count; its incarnation then */
    enum session_note note; /* session_note; what */
};
#define EVENT_SESSION_NOTED_VERSION     1
#define EVENT_SESSION_NOTED_FIXED_BYTES 9
#define EVENT_SESSION_NOTED_BYTES_MAX   9

/* one number of a session is kept for an administrative message while the log is down; unused, it
 * says nothing */
struct event_session_reserved {
    uint32_t session;     /* id; which */
    uint32_t incarnation; /* count; the one that may use it */
    uint8_t place;        /* count; in its reserve, from 1 */
    uint8_t count;        /* count; of the reserve */
};
#define EVENT_SESSION_RESERVED_VERSION     1
#define EVENT_SESSION_RESERVED_FIXED_BYTES 10
#define EVENT_SESSION_RESERVED_BYTES_MAX   10

/* a reserve is given back: what was used came first, the rest is a gap */
struct event_session_filled {
    uint64_t first_event; /* sequence; of the reserve's first SESSION_RESERVED */
    uint32_t session;     /* id; which */
    uint32_t incarnation; /* count; the one that held it */
    uint8_t used;         /* count; numbers that were sent with a message */
    uint8_t unused;       /* count; numbers behind them that were not */
};
#define EVENT_SESSION_FILLED_VERSION     1
#define EVENT_SESSION_FILLED_FIXED_BYTES 18
#define EVENT_SESSION_FILLED_BYTES_MAX   18

/* a self-trade group has a mode from here */
struct event_group_set {
    uint32_t self_trade_group; /* id; which */
    enum self_trade mode;      /* self_trade; which */
};
#define EVENT_GROUP_SET_VERSION     1
#define EVENT_GROUP_SET_FIXED_BYTES 5
#define EVENT_GROUP_SET_BYTES_MAX   5

/* two orders of one self-trade group did not trade; REDUCED or REMOVED with SELF_TRADE follows for
 * the book */
struct event_prevented {
    uint64_t maker_order_id;         /* order id; the order that rests */
    uint64_t maker_reference;        /* order reference; its place */
    uint64_t taker_order_id;         /* order id; the order that came */
    struct price price;              /* price units; the maker's price */
    struct quantity quantity;        /* lots; what would have traded */
    struct quantity maker_cancelled; /* lots; how much the maker lost, 0 = nothing */
    struct quantity taker_cancelled; /* lots; how much the taker lost, 0 = nothing */
    struct quantity maker_remaining; /* lots; 0 = the maker is gone */
    struct quantity taker_remaining; /* lots; what the taker still wants; 0 = it is gone */
    uint32_t maker_session;          /* id; 0 = none */
    uint32_t taker_session;          /* id; 0 = none */
    uint32_t instrument;             /* id; what */
    uint32_t self_trade_group;       /* id; of both */
    enum side taker_side;            /* side; which way the taker went */
    enum self_trade mode;            /* self_trade; of the group */
};
#define EVENT_PREVENTED_VERSION     1
#define EVENT_PREVENTED_FIXED_BYTES 90
#define EVENT_PREVENTED_BYTES_MAX   90

/* later rules apply from the next command on */
struct event_logic_changed {
    uint16_t before;        /* version; those so far */
    uint16_t logic_version; /* version; those from here */
};
#define EVENT_LOGIC_CHANGED_VERSION     1
#define EVENT_LOGIC_CHANGED_FIXED_BYTES 4
#define EVENT_LOGIC_CHANGED_BYTES_MAX   4

/* Largest body of any event, without its header. */
#define EVENT_BODY_BYTES_MAX 113

/* A decoded event; `header.id` says which member is meant. */
struct event {
    struct event_header header;
    union {
        struct event_venue_opened venue_opened;
        struct event_asset_listed asset_listed;
        struct event_instrument_listed instrument_listed;
        struct event_account_opened account_opened;
        struct event_session_opened session_opened;
        struct event_day_ended day_ended;
        struct event_source_opened source_opened;
        struct event_rejected rejected;
        struct event_accepted accepted;
        struct event_rested rested;
        struct event_reduced reduced;
        struct event_removed removed;
        struct event_replaced replaced;
        struct event_trade trade;
        struct event_cancelled cancelled;
        struct event_phase phase;
        struct event_session_closed session_closed;
        struct event_mass_cancelled mass_cancelled;
        struct event_dead_man_set dead_man_set;
        struct event_block_set block_set;
        struct event_replayed replayed;
        struct event_resolved resolved;
        struct event_session_noted session_noted;
        struct event_session_reserved session_reserved;
        struct event_session_filled session_filled;
        struct event_group_set group_set;
        struct event_prevented prevented;
        struct event_logic_changed logic_changed;
    };
};

#endif

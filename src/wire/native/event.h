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
};
#define EVENT_KIND_COUNT 15

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

/* an instrument is known */
struct event_instrument_listed {
    uint32_t instrument;    /* id; its number */
    uint8_t price_scale;    /* digits; one price unit is 10^-price_scale of the quote asset */
    uint8_t quantity_scale; /* digits; one lot unit is 10^-quantity_scale of the base asset */
    struct price tick;      /* price units; prices are multiples of it */
    struct quantity lot;    /* lots; quantities are multiples of it */
    struct chars16 symbol;  /* text; its short name */
};
#define EVENT_INSTRUMENT_LISTED_VERSION     1
#define EVENT_INSTRUMENT_LISTED_FIXED_BYTES 38
#define EVENT_INSTRUMENT_LISTED_BYTES_MAX   38

/* an account is known */
struct event_account_opened {
    uint64_t account;     /* id; its number */
    uint32_t participant; /* id; its owner */
};
#define EVENT_ACCOUNT_OPENED_VERSION     1
#define EVENT_ACCOUNT_OPENED_FIXED_BYTES 12
#define EVENT_ACCOUNT_OPENED_BYTES_MAX   12

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
    uint64_t account;              /* id; whose, 0 = none */
    int64_t limit;                 /* the limit's unit; the limit that was broken, 0 = none */
    int64_t value;                 /* the limit's unit; the value that broke it */
    uint32_t session;              /* id; who sent it, 0 = none */
    uint32_t instrument;           /* id; 0 = none */
    uint16_t code;                 /* reject; see rejects.md */
    uint8_t command;               /* command id; what was refused */
    struct text36 client_order_id; /* text; the order it named, if any */
};
#define EVENT_REJECTED_VERSION     1
#define EVENT_REJECTED_FIXED_BYTES 35
#define EVENT_REJECTED_BYTES_MAX   72

/* an order is in; its order id is this event's sequence and the shard */
struct event_accepted {
    uint64_t account; /* id; whose order */
    struct price
        price; /* price units; limit price as it counts: after a slide; none for a market order */
    struct quantity quantity;         /* lots; total */
    uint64_t expire_time;             /* ns; GTD only, else 0 */
    uint32_t instrument;              /* id; what */
    uint32_t session;                 /* id; who entered it, 0 = none */
    uint32_t participant;             /* id; owner of the account */
    uint32_t user;                    /* id; 0 = none */
    uint32_t self_trade_group;        /* id; 0 = none */
    enum side side;                   /* side; which way */
    enum order_type order_type;       /* order_type; how priced */
    enum time_in_force time_in_force; /* time_in_force; how long */
    enum post_only post_only;         /* post_only; whether it may take liquidity */
    enum capacity capacity;           /* capacity; for whom */
    struct text36 client_order_id;    /* text; its name */
};
#define EVENT_ACCEPTED_VERSION     1
#define EVENT_ACCEPTED_FIXED_BYTES 57
#define EVENT_ACCEPTED_BYTES_MAX   94

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
    uint64_t order_id;             /* order id; which order, the same for life */
    struct price price;            /* price units; new limit price */
    struct quantity quantity;      /* lots; new total */
    struct quantity remaining;     /* lots; what is open */
    uint32_t instrument;           /* id; what */
    enum side side;                /* side; which way */
    enum place place;              /* place; whether it kept its place */
    struct text36 client_order_id; /* text; its name from here */
};
#define EVENT_REPLACED_VERSION     1
#define EVENT_REPLACED_FIXED_BYTES 38
#define EVENT_REPLACED_BYTES_MAX   75

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

/* Largest body of any event, without its header. */
#define EVENT_BODY_BYTES_MAX 94

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
    };
};

#endif

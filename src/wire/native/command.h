/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by tools/schemagen from schema/commands.def: do not edit. The commands as structs; their
 * bytes are in command_codec.h.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_COMMAND_H
#define DOJIMA_WIRE_NATIVE_COMMAND_H

#include "wire/native/domain.h"
#include "wire/native/header.h"

enum command_id {
    COMMAND_GENESIS = 1,
    COMMAND_LIST_ASSET = 2,
    COMMAND_LIST_INSTRUMENT = 3,
    COMMAND_OPEN_ACCOUNT = 4,
    COMMAND_LOGON = 5,
    COMMAND_TICK = 6,
    COMMAND_END_OF_DAY = 7,
    COMMAND_NEW_ORDER = 8,
    COMMAND_CANCEL = 9,
    COMMAND_REDUCE = 10,
    COMMAND_REPLACE = 11,
    COMMAND_OPEN_SOURCE = 12,
    COMMAND_SET_PHASE = 13,
    COMMAND_SESSION_LOST = 14,
    COMMAND_MASS_CANCEL = 15,
    COMMAND_SET_DEAD_MAN = 16,
    COMMAND_SET_BLOCK = 17,
    COMMAND_RESOLVE = 18,
    COMMAND_SESSION_ADMIN = 19,
    COMMAND_SET_GROUP = 20,
    COMMAND_LOGIC_VERSION = 21,
};
#define COMMAND_KIND_COUNT 21

/* the first command of every log: the shard and every limit that can change an outcome */
struct command_genesis {
    uint16_t shard;                  /* id; this log's shard */
    uint16_t logic_version;          /* version; rules that apply from here */
    uint32_t max_assets;             /* count; largest number of assets */
    uint32_t max_instruments;        /* count; largest number of instruments */
    uint32_t max_accounts;           /* count; largest number of accounts */
    uint32_t max_sessions;           /* count; largest number of sessions */
    uint32_t max_orders;             /* count; largest number of live orders */
    uint32_t max_levels;             /* count; largest number of price levels with orders */
    uint32_t max_events_per_command; /* count; a match stops there */
    uint32_t max_timers_per_command; /* count; orders that leave by timers and sweeps before one
                                        command applies */
    uint32_t max_recent_names; /* count; client order ids that are remembered, live ones included; 0
                                  = live ones alone, no resend */
    uint32_t
        resend_window_s; /* s; how long an id is remembered after its order is gone: 60 and up */
};
#define COMMAND_GENESIS_VERSION     1
#define COMMAND_GENESIS_FIXED_BYTES 44
#define COMMAND_GENESIS_BYTES_MAX   44

/* makes an asset known */
struct command_list_asset {
    uint32_t asset;      /* id; its number */
    uint8_t scale;       /* digits; one minor unit is 10^-scale of the asset */
    struct chars16 code; /* text; its short name */
};
#define COMMAND_LIST_ASSET_VERSION     1
#define COMMAND_LIST_ASSET_FIXED_BYTES 21
#define COMMAND_LIST_ASSET_BYTES_MAX   21

/* makes an instrument known */
struct command_list_instrument {
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
#define COMMAND_LIST_INSTRUMENT_VERSION     1
#define COMMAND_LIST_INSTRUMENT_FIXED_BYTES 80
#define COMMAND_LIST_INSTRUMENT_BYTES_MAX   80

/* makes an account known */
struct command_open_account {
    uint64_t account;          /* id; its number */
    uint32_t participant;      /* id; its owner */
    uint32_t self_trade_group; /* id; 0 = none */
    uint8_t unlimited; /* 0 or 1; no balance or limit is checked: replay, simulation, referee */
};
#define COMMAND_OPEN_ACCOUNT_VERSION     1
#define COMMAND_OPEN_ACCOUNT_FIXED_BYTES 17
#define COMMAND_OPEN_ACCOUNT_BYTES_MAX   17

/* opens the header's session with the header's incarnation */
struct command_logon {
    uint32_t participant;   /* id; who logs on */
    uint32_t user;          /* id; as whom */
    uint32_t orders_per_s;  /* 1/s; new orders and replaces; at most 1000000, 0 = no limit */
    uint32_t orders_burst;  /* count; how many of them at once; at most 1000000 */
    uint32_t cancels_per_s; /* 1/s; cancels, reductions, mass cancels, resolves; at most 1000000, 0
                               = no limit */
    uint32_t cancels_burst; /* count; how many of them at once; at most 1000000 */
    uint8_t cancel_on_disconnect; /* 0 or 1; what on_disconnect DEFAULT means in its orders */
};
#define COMMAND_LOGON_VERSION     1
#define COMMAND_LOGON_FIXED_BYTES 25
#define COMMAND_LOGON_BYTES_MAX   25

/* carries time: due timers fire */
struct command_tick {
    uint8_t no_fields; /* C wants one member; never encoded */
};
#define COMMAND_TICK_VERSION     1
#define COMMAND_TICK_FIXED_BYTES 0
#define COMMAND_TICK_BYTES_MAX   0

/* closes the trading day: DAY orders expire */
struct command_end_of_day {
    uint32_t trading_day; /* yyyymmdd; the day that ends */
};
#define COMMAND_END_OF_DAY_VERSION     1
#define COMMAND_END_OF_DAY_FIXED_BYTES 4
#define COMMAND_END_OF_DAY_BYTES_MAX   4

/* enters an order */
struct command_new_order {
    uint64_t account;                 /* id; whose order */
    struct price price;               /* price units; limit price; none for a market order */
    struct quantity quantity;         /* lots; total */
    uint64_t expire_time;             /* ns; GTD only, else 0 */
    uint32_t instrument;              /* id; what */
    uint32_t self_trade_group;        /* id; 0 = the account's */
    enum side side;                   /* side; which way */
    enum order_type order_type;       /* order_type; how priced */
    enum time_in_force time_in_force; /* time_in_force; how long */
    enum post_only post_only;         /* post_only; whether it may take liquidity */
    enum capacity capacity;           /* capacity; for whom */
    enum on_disconnect on_disconnect; /* on_disconnect; what happens to it when its session ends */
    struct quantity
        minimum_quantity; /* lots; IOC only: it trades so much at once, or nothing; 0 = any */
    struct text36 client_order_id; /* text; its name, unique among the account's live orders */
};
#define COMMAND_NEW_ORDER_VERSION     2
#define COMMAND_NEW_ORDER_FIXED_BYTES 54
#define COMMAND_NEW_ORDER_BYTES_MAX   91

/* takes a live order back */
struct command_cancel {
    uint64_t account;              /* id; whose order */
    struct text36 client_order_id; /* text; which order */
};
#define COMMAND_CANCEL_VERSION     1
#define COMMAND_CANCEL_FIXED_BYTES 8
#define COMMAND_CANCEL_BYTES_MAX   45

/* makes a live order smaller; it keeps its place */
struct command_reduce {
    uint64_t account;              /* id; whose order */
    struct quantity quantity;      /* lots; how much less; all that is open removes the order */
    enum reason reason;            /* reason; why */
    struct text36 client_order_id; /* text; which order */
};
#define COMMAND_REDUCE_VERSION     1
#define COMMAND_REDUCE_FIXED_BYTES 17
#define COMMAND_REDUCE_BYTES_MAX   54

/* changes price, total quantity and name of a live order */
struct command_replace {
    uint64_t account;                  /* id; whose order */
    struct price price;                /* price units; new limit price */
    struct quantity quantity;          /* lots; new total, what was executed included */
    struct text36 client_order_id;     /* text; the order's name so far */
    struct text36 new_client_order_id; /* text; its name from here; may be the same */
};
#define COMMAND_REPLACE_VERSION     1
#define COMMAND_REPLACE_FIXED_BYTES 24
#define COMMAND_REPLACE_BYTES_MAX   98

/* names the input that an importer reads, so that a later run can tell it from another */
struct command_open_source {
    uint64_t bytes;         /* bytes; its size */
    struct bytes32 digest;  /* SHA-256; of all its bytes */
    uint16_t source_number; /* id; the number of the source in command headers */
};
#define COMMAND_OPEN_SOURCE_VERSION     1
#define COMMAND_OPEN_SOURCE_FIXED_BYTES 42
#define COMMAND_OPEN_SOURCE_BYTES_MAX   42

/* opens, halts or closes trading; the operator's alone */
struct command_set_phase {
    uint32_t instrument;      /* id; 0 = all that are listed */
    enum phase phase;         /* phase; from here */
    enum phase_reason reason; /* phase_reason; why */
};
#define COMMAND_SET_PHASE_VERSION     1
#define COMMAND_SET_PHASE_FIXED_BYTES 6
#define COMMAND_SET_PHASE_BYTES_MAX   6

/* ends the header's incarnation; its orders with cancel on disconnect leave */
struct command_session_lost {
    enum session_end reason; /* session_end; why */
};
#define COMMAND_SESSION_LOST_VERSION     1
#define COMMAND_SESSION_LOST_FIXED_BYTES 1
#define COMMAND_SESSION_LOST_BYTES_MAX   1

/* takes many live orders back: all that fit every field; orders of session 0 stay */
struct command_mass_cancel {
    uint64_t account;     /* id; 0 = all accounts of the participant */
    uint64_t tag;         /* number; the sender's own, told again in MASS_CANCELLED */
    uint32_t participant; /* id; 0 = the session's; for the operator: any */
    uint32_t instrument;  /* id; 0 = all */
    uint32_t orders_of;   /* id; the session that entered the orders, 0 = any */
    uint8_t side;         /* side, or 0; 0 = both */
};
#define COMMAND_MASS_CANCEL_VERSION     1
#define COMMAND_MASS_CANCEL_FIXED_BYTES 29
#define COMMAND_MASS_CANCEL_BYTES_MAX   29

/* a timer of the header's session, wound up by each of its commands */
struct command_set_dead_man {
    uint32_t
        timeout_ms; /* ms; of silence, then its orders with cancel on disconnect leave; 0 = off */
};
#define COMMAND_SET_DEAD_MAN_VERSION     1
#define COMMAND_SET_DEAD_MAN_FIXED_BYTES 4
#define COMMAND_SET_DEAD_MAN_BYTES_MAX   4

/* the kill switch: new orders and replaces are refused, cancels pass; the operator's alone */
struct command_set_block {
    uint64_t number;          /* id; of the participant, account or session */
    enum block_target target; /* block_target; what the number is of */
    uint8_t blocked;          /* 0 or 1; from here */
};
#define COMMAND_SET_BLOCK_VERSION     1
#define COMMAND_SET_BLOCK_FIXED_BYTES 10
#define COMMAND_SET_BLOCK_BYTES_MAX   10

/* asks what became of a client order id; one that was never seen is fenced */
struct command_resolve {
    uint64_t account;              /* id; whose order */
    struct text36 client_order_id; /* text; which order */
};
#define COMMAND_RESOLVE_VERSION     1
#define COMMAND_RESOLVE_FIXED_BYTES 8
#define COMMAND_RESOLVE_BYTES_MAX   45

/* an administrative message of the header's session; the gateway's alone, it takes no input
 * sequence */
struct command_session_admin {
    enum admin_kind kind;   /* admin_kind; what is wanted */
    enum session_note note; /* session_note; NOTE: what the session is told; else NONE */
    uint8_t count; /* count; RESERVE: how many numbers, at most 6; FILL: how many of them were used;
                      NOTE: 0 */
};
#define COMMAND_SESSION_ADMIN_VERSION     1
#define COMMAND_SESSION_ADMIN_FIXED_BYTES 3
#define COMMAND_SESSION_ADMIN_BYTES_MAX   3

/* what happens when orders of a self-trade group would trade; the operator's alone */
struct command_set_group {
    uint32_t self_trade_group; /* id; 1 to max_accounts */
    enum self_trade mode;      /* self_trade; from here; a group that was never set has NONE */
};
#define COMMAND_SET_GROUP_VERSION     1
#define COMMAND_SET_GROUP_FIXED_BYTES 5
#define COMMAND_SET_GROUP_BYTES_MAX   5

/* later rules apply behind it; the operator's alone */
struct command_logic_version {
    uint16_t logic_version; /* version; see versions.md */
};
#define COMMAND_LOGIC_VERSION_VERSION     1
#define COMMAND_LOGIC_VERSION_FIXED_BYTES 2
#define COMMAND_LOGIC_VERSION_BYTES_MAX   2

/* Largest body of any command, without its header. */
#define COMMAND_BODY_BYTES_MAX 98

/* A decoded command; `header.id` says which member is meant. */
struct command {
    struct command_header header;
    union {
        struct command_genesis genesis;
        struct command_list_asset list_asset;
        struct command_list_instrument list_instrument;
        struct command_open_account open_account;
        struct command_logon logon;
        struct command_tick tick;
        struct command_end_of_day end_of_day;
        struct command_new_order new_order;
        struct command_cancel cancel;
        struct command_reduce reduce;
        struct command_replace replace;
        struct command_open_source open_source;
        struct command_set_phase set_phase;
        struct command_session_lost session_lost;
        struct command_mass_cancel mass_cancel;
        struct command_set_dead_man set_dead_man;
        struct command_set_block set_block;
        struct command_resolve resolve;
        struct command_session_admin session_admin;
        struct command_set_group set_group;
        struct command_logic_version logic_version;
    };
};

#endif

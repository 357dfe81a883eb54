/* SPDX-License-Identifier: Apache-2.0
 *
 * Recorded order flow as one stream of normalised messages, whatever the file: LOBSTER message CSV,
 * Nasdaq ITCH 5.0 (raw or gzip), MoldUDP64 captures of it, Databento DBN market-by-order. The
 * format is found by content, files are never loaded whole, and what cannot be read is refused with
 * its place. Mapping rules and refusals: docs/reference/input-formats.md.
 *
 * Owner: the caller closes what it opened. Threads: one a reader. Memory: fixed windows (about 1
 * MiB), and for DBN one small entry a live order and instrument, up to the limits of the options.
 * Errors: INVALID, TRUNCATED, UNSUPPORTED, OVERFLOW, FULL, NOT_FOUND, IO...; the reason and the
 * byte offset or line are in struct flow_error. A reader that has failed keeps failing the same
 * way. Order of calls: flow_open, flow_next until END, flow_close.
 */
#ifndef DOJIMA_FLOW_READER_H
#define DOJIMA_FLOW_READER_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum flow_format {
    FLOW_FORMAT_DETECT = 0, /* by content */
    FLOW_FORMAT_LOBSTER,
    FLOW_FORMAT_ITCH,            /* two-byte big-endian length before each message */
    FLOW_FORMAT_ITCH_UNPREFIXED, /* the two bytes are there but zero: length by type */
    FLOW_FORMAT_ITCH_PCAP,       /* MoldUDP64 packets in a classic pcap file */
    FLOW_FORMAT_DBN,
};

enum flow_kind {
    FLOW_ADD,     /* new order: order_id, side, price, quantity */
    FLOW_REDUCE,  /* order_id loses `quantity`; at zero it is gone */
    FLOW_DELETE,  /* order_id is gone */
    FLOW_REPLACE, /* order_id becomes new_order_id (may be the same) at price, open quantity */
    FLOW_EXECUTE, /* `quantity` of order_id traded at the order's own price */
    FLOW_EXECUTE_PRICED, /* the same at `price`; see `printable` */
    FLOW_EXECUTE_HIDDEN, /* volume against an order nobody saw: counted only */
    FLOW_TRADE_NOTE,     /* crosses, broken trades, trade prints: counted only */
    FLOW_HALT,           /* trading state of the instrument: code */
    FLOW_INSTRUMENT,     /* instrument, symbol, scale, tick */
    FLOW_CLEAR,          /* every order of the instrument is gone */
    FLOW_SYSTEM,         /* system event: code */
    FLOW_IGNORED,        /* known but of no use here, or unknown: counted by raw_type */
};
#define FLOW_KIND_COUNT (FLOW_IGNORED + 1)

enum flow_side {
    FLOW_SIDE_NONE = 0,
    FLOW_SIDE_BUY,
    FLOW_SIDE_SELL,
};

#define FLOW_PRICE_NONE INT64_MIN /* no price, as price.units */

/* Fields that a kind does not name are zero (price: FLOW_PRICE_NONE). */
struct flow_message {
    uint64_t
        source_index; /* number of the file's message, from 0; it has gaps where one was consumed */
    uint64_t position;     /* byte offset in the (decompressed) input, or line from 1 (LOBSTER) */
    uint64_t time_ns;      /* LOBSTER, ITCH: since midnight; DBN: ts_recv, since 1970 UTC */
    uint64_t order_id;     /* the file's own */
    uint64_t new_order_id; /* FLOW_REPLACE */
    int64_t price;         /* units of 10^-price_scale */
    int64_t tick;          /* FLOW_INSTRUMENT: smallest step in the same units, 0 = not said */
    uint64_t match_number; /* executions and prints of ITCH, else 0 */
    const char *symbol;    /* not terminated, no trailing blanks; valid until the next flow_next */
    uint32_t quantity;
    uint32_t instrument; /* ITCH stock locate, DBN instrument_id, LOBSTER 0 */
    uint8_t symbol_length;
    uint8_t kind;        /* enum flow_kind */
    uint8_t side;        /* enum flow_side: of the resting order */
    uint8_t price_scale; /* 4 (LOBSTER, ITCH) or 9 (DBN) */
    uint8_t raw_type;    /* the file's type: ITCH letter, LOBSTER digit, DBN action or rtype */
    uint8_t code;   /* FLOW_SYSTEM: ITCH event code; FLOW_HALT: 'H' halted, 'Q', 'P', 'T' trading */
    bool printable; /* FLOW_EXECUTE_PRICED: false when a later print repeats the volume */
    bool snapshot;  /* DBN: the record rebuilds the book as it was at the start */
};

struct flow_options {
    enum flow_format format;
    int64_t tick;             /* DBN: in 10^-9; 0 = from the definition file beside the input */
    uint32_t live_orders_max; /* DBN: entries kept to know what is open; 0 = 8,388,608 */
};

struct flow_error {
    enum status status;
    bool of_the_file; /* it could not be opened: there is no position */
    bool at_line; /* `position` is a line (from 1), else a byte offset of the decompressed input */
    uint64_t position;
    char reason[256];
};

/* What the file as a whole says. */
struct flow_description {
    enum flow_format format;
    const char *format_name; /* "lobster", "itch", "itch-unprefixed", "itch-pcap", "dbn" */
    bool compressed;
    char symbol[24];      /* LOBSTER: from the file name, else "" */
    uint32_t trading_day; /* yyyymmdd from the file name (LOBSTER, Nasdaq's day files), else 0 */
    bool time_is_utc;     /* time_ns counts from 1970 UTC, else from the venue's midnight */
};

struct flow_progress {
    uint64_t bytes_read;        /* of the file as it lies on disk */
    uint64_t bytes_total;       /* 0 = not known */
    uint64_t messages_read;     /* of the file; consumed and ignored ones included */
    uint64_t by_type[256];      /* messages_read by raw_type */
    uint64_t fills_consumed;    /* DBN: C and M records that only booked a fill */
    uint64_t fills_unbooked;    /* DBN: executions no C or M booked before their event ended */
    uint64_t messages_missed;   /* pcap: holes in the sequence of a session */
    uint64_t messages_repeated; /* pcap: seen before, from a second line; not given out */
    uint64_t packets_ignored;   /* pcap: frames that are not UDP over IPv4 */
};

struct flow_reader;

/* `options` may be null. On failure `error` says why and there is nothing to close. */
MUST_USE enum status flow_open(const char *path, const struct flow_options *options,
                               struct flow_error *error, struct flow_reader **out_reader);

/* The same over bytes that outlive the reader; `name` stands for the file name. */
MUST_USE enum status flow_open_memory(const char *name, const uint8_t *bytes, size_t count,
                                      const struct flow_options *options, struct flow_error *error,
                                      struct flow_reader **out_reader);

/* END after the last message. After any failure flow_failure tells the reason. */
MUST_USE enum status flow_next(struct flow_reader *reader, struct flow_message *out_message);

const struct flow_error *flow_failure(const struct flow_reader *reader);
const struct flow_description *flow_describe(const struct flow_reader *reader);
const struct flow_progress *flow_progress(struct flow_reader *reader);

/* Null is allowed. */
void flow_close(struct flow_reader *reader);

/* "itch-unprefixed" -> FLOW_FORMAT_ITCH_UNPREFIXED; NOT_FOUND for a word that names none. */
MUST_USE enum status flow_format_parse(const char *word, enum flow_format *out_format);
const char *flow_format_name(enum flow_format format);
const char *flow_kind_name(enum flow_kind kind);

/* "line 12: reason" or "byte 120: reason" in at most `capacity` bytes with the NUL. */
void flow_error_describe(const struct flow_error *error, char *out_text, size_t capacity);

#endif

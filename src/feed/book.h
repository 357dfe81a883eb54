/* SPDX-License-Identifier: Apache-2.0
 *
 * The visible books of all instruments, made from ITCH messages alone: what the feed's snapshots
 * are taken from, and what a listener keeps. It knows nothing of the engine.
 *
 * The hash is the L3 proof of DESIGN in ITCH units: the wrapping sum of book_proof_order over all
 * orders, with the price in ten thousandths and the quantity in shares.
 *
 * Owner: the feed, or a listener. Threads: one. Memory: malloc; 48 bytes a slot of a table that
 * doubles when half full. Errors: INVALID: an unknown message, or one that does not fit the book
 * (an order that is not there, more shares than it has); NO_MEMORY. Order of calls: feed_book_init,
 * any, feed_book_deinit.
 */
#ifndef DOJIMA_FEED_BOOK_H
#define DOJIMA_FEED_BOOK_H

#include "base/status.h"
#include "wire/itch/itch.h"

#include <stdbool.h>

struct feed_order {
    uint64_t reference; /* 0 = an empty slot */
    uint32_t price;     /* 4 decimals */
    uint32_t shares;
    uint16_t locate;
    char side; /* 'B' or 'S' */
};

struct feed_stock {
    char stock[8]; /* blank-padded */
    uint32_t round_lot;
    bool listed;
    uint8_t trading_state; /* 'T', 'H' ... */
    uint64_t executions;
    uint64_t shares; /* executed */
    uint32_t last_price;
};

struct feed_book {
    struct feed_order *slots;
    size_t mask, count;
    struct feed_stock *stocks; /* by locate, 65,536 of them */
    uint64_t hash;
    uint64_t messages;
    uint64_t time_ns; /* since midnight, of the last message */
};

MUST_USE enum status feed_book_init(struct feed_book *book);
void feed_book_deinit(struct feed_book *book);

/* One message, of any ITCH 5.0 type; those that change no book are counted only. */
MUST_USE enum status feed_book_apply(struct feed_book *book, const uint8_t *message, size_t count);

/* Null: no such order. */
const struct feed_order *feed_book_find(const struct feed_book *book, uint64_t reference);

/* The orders of one instrument, or of all (locate 0), in book order: by instrument, buys before
 * sells, best price first, then by reference. To be freed by the caller; NO_MEMORY. */
MUST_USE enum status feed_book_sorted(const struct feed_book *book, uint16_t locate,
                                      struct feed_order **out_orders, size_t *out_count);

#endif

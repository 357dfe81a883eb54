/* SPDX-License-Identifier: Apache-2.0
 *
 * Recorded order flow as commands: adds, reductions, deletes and replaces become commands of one
 * built-in session and account; a visible execution is checked against the engine's own queue.
 *
 *   recorded execution ──► is the named order the head of the engine's queue at the best price?
 *                            yes: an IOC of that size from the other side must fill exactly it
 *                            no:  a difference is counted, the order is reduced REPLAY_RECONCILE
 *
 * so the book stays the market's and each execution says whether price-time priority explains it.
 * Everything an importer does follows from the input and the engine alone: the same input gives the
 * same commands, which is what --resume relies on. Rules: docs/reference/replay-mapping.md.
 *
 * Owner: the command that opened it. Threads: one. Memory: the tables of known orders and
 * instruments, malloc. Errors: NO_MEMORY and what the sequencer returns.
 * Order of calls: importer_open, importer_begin, importer_apply..., importer_close.
 */
#ifndef DOJIMA_APPS_IMPORTER_H
#define DOJIMA_APPS_IMPORTER_H

#include "engine/engine.h"
#include "flow/reader.h"
#include "sequencer/sequencer.h"

#define IMPORTER_SOURCE       1u
#define IMPORTER_SESSION      1u
#define IMPORTER_ACCOUNT      1u
#define IMPORTER_PARTICIPANT  1u
#define IMPORTER_SYMBOL_BYTES 24u

/* A recorded execution that price-time priority does not explain. */
struct importer_difference {
    uint64_t position;      /* byte offset or line in the input */
    uint64_t recorded;      /* the order the input names */
    int64_t price;          /* recorded, units of the instrument */
    int64_t best;           /* the engine's best price on that side, PRICE_NONE = side empty */
    struct text36 expected; /* name of the engine's head of queue there, empty = none */
    uint32_t quantity;
    enum side side;
    uint8_t price_scale;
    char symbol[IMPORTER_SYMBOL_BYTES + 1];
};

typedef void importer_on_difference(void *context, const struct importer_difference *difference);

struct importer_options {
    struct sequencer *sequencer;
    const struct engine *engine;
    struct command_genesis genesis;
    struct command_open_source input;
    const char *symbol;   /* LOBSTER: replaces the one of the file name; or null */
    int64_t tick;         /* 0 = what the input says, else 1; units of 10^-price_scale */
    uint32_t trading_day; /* yyyymmdd: its midnight is added to times of day; 0 = none */
    bool time_is_utc;     /* times of the input count from 1970 */
    importer_on_difference *on_difference; /* or null */
    void *context;
};

struct importer_counts {
    uint64_t executions_checked; /* visible, of a live known order, at its own price */
    uint64_t executions_same_order;
    uint64_t executions_same_price;
    uint64_t unknown_references; /* to orders never seen */
    uint64_t gone_references;    /* to orders seen before that are not live any more, or refused */
    uint64_t excess_quantities;  /* reductions and executions of more than was open */
    uint64_t off_book_executions;
    uint64_t off_book_volume;
    uint64_t hidden_executions;
    uint64_t hidden_volume;
    uint64_t trade_notes;
    uint64_t trade_note_volume;
    uint64_t halts;
    uint64_t clears;
    uint64_t cleared_orders;
    uint64_t orders_accepted;
    uint64_t trades;
    uint64_t traded_volume;
    uint64_t entry_trades; /* of those, made by a recorded add or replace: stale orders crossed */
    uint64_t rejected;
    uint64_t by_reject[REJECT_COUNT + 1];
    uint64_t by_command[COMMAND_KIND_COUNT + 1];
    uint64_t by_kind[FLOW_KIND_COUNT]; /* messages handed to the importer */
};

struct importer_instrument {
    uint64_t messages;
    uint64_t live;   /* orders, as the input says */
    uint32_t key;    /* the input's number */
    uint32_t number; /* the engine's, from 1; 0 = a free slot */
    uint8_t price_scale;
    char symbol[IMPORTER_SYMBOL_BYTES + 1];
};

struct importer;

MUST_USE enum status importer_open(const struct importer_options *options,
                                   struct importer **out_importer);

/* Genesis, source, quote asset, account, session. */
MUST_USE enum status importer_begin(struct importer *importer);

MUST_USE enum status importer_apply(struct importer *importer, const struct flow_message *message);

const struct importer_counts *importer_count(const struct importer *importer);

/* The instrument with most messages, or null. */
const struct importer_instrument *importer_busiest(const struct importer *importer);
uint32_t importer_instrument_count(const struct importer *importer);

/* Null is accepted. */
void importer_close(struct importer *importer);

#endif

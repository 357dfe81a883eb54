/* SPDX-License-Identifier: Apache-2.0
 *
 * A seeded day of equity order flow in the shape of ITCH 5.0: thousands of instruments of zipf-like
 * popularity, adds that never cross, executions of the order that really is at the head of the
 * queue at the best price, sizes and distances by the quantiles of measured days, calm and burst
 * arrivals.
 *
 * Shares of the order messages, of 19,958,748 (the real day of 2017-01-30, by its totals):
 *   add A 9,341,772   delete D 7,866,354   replace U 2,184,517   execute E 404,350   reduce X
 * 161,755 Live orders grow to the target over the first third of the day and are held there.
 *
 * Owner: the caller closes what it opened. Threads: one. Memory: 32 bytes a live order and the
 * levels. Errors: INVALID options, NO_MEMORY. The same seed and options give the same bytes with
 * every compiler. Order of calls: generate_open, generate_next until END, generate_close.
 */
#ifndef DOJIMA_FLOW_GENERATE_H
#define DOJIMA_FLOW_GENERATE_H

#include "flow/reader.h"

#define GENERATE_INSTRUMENTS_DEFAULT 8371
#define GENERATE_INSTRUMENTS_MAX     65535 /* a stock locate has 16 bits */
#define GENERATE_MESSAGES_MAX        ((uint64_t)1 << 40)
#define GENERATE_LIVE_MAX            100000000

struct generate_options {
    uint64_t seed;
    uint64_t messages;    /* order messages; system events and the directory come on top */
    uint32_t instruments; /* 0 = GENERATE_INSTRUMENTS_DEFAULT */
    uint32_t live_target; /* 0 = 6% of messages: 1.2 M of 20 M */
};

/* What was really generated. */
struct generate_mix {
    uint64_t adds;
    uint64_t deletes;
    uint64_t replaces;
    uint64_t executes;
    uint64_t reduces;
    uint64_t executed_shares;
    uint64_t live;
    uint64_t live_peak;
    uint64_t live_target;
};

struct generator;

MUST_USE enum status generate_open(const struct generate_options *options,
                                   struct generator **out_generator);

/* The next message, equal in every field to what flow_next reads from its bytes; END after the day.
 */
MUST_USE enum status generate_next(struct generator *generator, struct flow_message *out_message);

struct generate_mix generate_mix(const struct generator *generator);

/* The middle price around which orders of the instrument are placed now, in 10^-4 dollars. */
uint32_t generate_middle(const struct generator *generator, uint32_t instrument);

void generate_close(struct generator *generator);

/* How far the worst share lies from its specification, in hundredths of a percentage point: 200 is
 * the most that a benchmark of this mix may accept. */
uint32_t generate_mix_deviation(const struct generate_mix *mix);

#endif

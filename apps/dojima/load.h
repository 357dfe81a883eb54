/* SPDX-License-Identifier: Apache-2.0
 *
 * A load on a venue: sessions of the C client that send at scheduled times whatever the answers do
 * (open loop), or keep a number of requests under way (closed loop), and what came of it.
 *
 * In an open loop the latency of a request runs from the time it was scheduled, not from when it
 * could be sent: a venue that stalls is charged for all that would have been sent meanwhile.
 *
 * Owner: `dojima load`. Threads: one. Memory: 64 Ki slots a session. Errors: exit codes, said on
 * standard error. Order of calls: load_open, load_measure, a report, load_close.
 */
#ifndef DOJIMA_APPS_LOAD_H
#define DOJIMA_APPS_LOAD_H

#include "base/histogram.h"
#include "base/prng.h"
#include "client/dojima.h"

#include <stdio.h>

#define LOAD_SESSIONS_MAX 256
#define LOAD_SYMBOLS_MAX  64
#define LOAD_SLOTS        (1u << 16) /* requests of a session that may be under way */

struct load_symbol {
    char symbol[DOJIMA_SYMBOL_BYTES];
    uint32_t instrument;
};

struct load_options {
    struct dojima_session_options session; /* without name, password, handler */
    const char *credentials;               /* file: "NAME PASSWORD" a line */
    uint64_t rate;                         /* requests a second over all sessions; 0: closed loop */
    uint64_t window;                       /* closed loop: under way, a session */
    uint64_t seconds;
    uint64_t warmup_seconds; /* before, not counted */
    uint64_t seed;
    unsigned session_count;
    unsigned mix[3]; /* percent: orders that rest, cancels, orders that take */
    struct load_symbol symbols[LOAD_SYMBOLS_MAX];
    unsigned symbol_count;
};

/* Everything within the measured seconds. */
struct load_result {
    struct histogram orders;  /* ns to the answer to a new order: accepted or rejected */
    struct histogram cancels; /* ns to the answer to a cancel */
    struct histogram refused; /* ns to NOT SEQUENCED */
    struct histogram late;    /* ns from schedule to send: the generator's own share */
    uint64_t sent;
    uint64_t
        not_sent; /* open loop: due, but socket or slots were full: the venue did not keep up */
    uint64_t accepted;
    uint64_t rejected;
    uint64_t cancelled;
    uint64_t change_refused; /* cancels of what was gone already */
    uint64_t not_sequenced;
    uint64_t cancels_not_sequenced; /* of these */
    uint64_t fills;
    uint64_t unanswered; /* at the end, after a wait */
    uint64_t downs;      /* connections lost */
    double elapsed_s;
};

struct load;

/* Opens all sessions and waits until they are logged on; an exit code. */
int load_open(const struct load_options *options, struct load **out_load);
int load_measure(struct load *load, struct load_result *out_result);
void load_close(struct load *load);

void load_print(const struct load_options *options, const struct load_result *result, FILE *out);
void load_print_json(const struct load_options *options, const struct load_result *result,
                     FILE *out);
/* All answers as percentiles, in the text form that HdrHistogram's plotters read; microseconds.
 * False: it could not be written. */
bool load_write_hgrm(const struct load_result *result, const char *path);

#endif

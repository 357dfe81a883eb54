/* SPDX-License-Identifier: Apache-2.0
 *
 * What a replay tells at its end: a table for people, one JSON object for programs.
 *
 * Owner: nobody. Threads: one. Memory: jansson's for a moment. Errors: NO_MEMORY.
 * Order of calls: any.
 */
#ifndef DOJIMA_APPS_REPORT_H
#define DOJIMA_APPS_REPORT_H

#include "apps/dojima/importer.h"
#include "apps/dojima/shard.h"
#include "base/histogram.h"

#include <stdio.h>

#define REPORT_DIFFERENCES_MAX 5

/* Latency of one command in sixteen, hop by hop. */
struct report_hops {
    struct histogram read;    /* the input: to a decoded message */
    struct histogram append;  /* the command: encoded and in the batch of the commands log */
    struct histogram engine;  /* applied */
    struct histogram hold;    /* its events hashed and kept back */
    struct histogram message; /* all of them, mapping and check of one message included */
    struct histogram release; /* the oldest command of a batch, until its events are released */
};

struct report {
    const struct flow_description *description;
    const struct flow_progress *progress;
    const struct importer *importer;
    const struct engine *engine;
    const struct shard *shard; /* as it was opened: what was cut */
    const struct report_hops *hops;
    struct importer_difference differences[REPORT_DIFFERENCES_MAX];
    uint64_t difference_count; /* of all, those not kept included */
    bool position_is_line;
    double elapsed_s;
    uint64_t orders_live;
    struct sequencer_counts counts;
    struct journal_stat commands;
    struct journal_stat events;
    char state_hash[SHARD_HASH_DIGITS + 1];
};

void report_print(const struct report *report, FILE *out);
MUST_USE enum status report_print_json(const struct report *report, FILE *out);

/* A price in units of 10^-scale, as people write it. */
#define REPORT_PRICE_BYTES 32
const char *report_price(int64_t units, unsigned scale, char out[REPORT_PRICE_BYTES]);

#endif

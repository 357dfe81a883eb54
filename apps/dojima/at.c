/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/at.h"

#include "apps/dojima/options.h"
#include "apps/dojima/past_log.h"
#include "host/signal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_DEFAULT 10
#define PIECE         4096u /* commands between two looks for a signal */

enum at_option {
    AT_DATA,
    AT_INSTRUMENT,
    AT_DEPTH,
    AT_ACCOUNT,
    AT_JSON,
};

const struct option_spec at_options[] = {
    [AT_DATA] = {"data", "DIR", "the data directory (dojima-data)", NULL},
    [AT_INSTRUMENT] = {"instrument", "N", "this instrument alone (all with orders)", NULL},
    [AT_DEPTH] = {"depth", "N", "price levels a side (10)", NULL},
    [AT_ACCOUNT] = {"account", "N", "the open orders of this account (of all)", NULL},
    [AT_JSON] = {"json", NULL, "one JSON object", NULL},
    {NULL, NULL, NULL, NULL},
};

const char at_details[] =
    "Replays the commands log up to SEQ, a command sequence or `end`, and shows the venue as it\n"
    "stood behind that command: counts, sessions, phases, the ladder of each book, open orders by\n"
    "account, and the hash of the state. Balances are not shown: the ledger is not there yet.\n"
    "Nothing is changed, and a venue may run on the directory meanwhile.\n";

static bool read_option(struct at_job *job, const struct options *options)
{
    uint64_t number = 0;
    switch ((enum at_option)options->index) {
    case AT_DATA:
        job->directory = options->value;
        return true;
    case AT_INSTRUMENT:
        if (!options_number(options, 1, UINT32_MAX, &number)) {
            return false;
        }
        job->instrument = (uint32_t)number;
        return true;
    case AT_DEPTH:
        if (!options_number(options, 0, AT_DEPTH_MAX, &number)) {
            return false;
        }
        job->depth = (size_t)number;
        return true;
    case AT_ACCOUNT:
        return options_number(options, 1, UINT64_MAX, &job->account);
    case AT_JSON:
        job->json = true;
        return true;
    }
    return false;
}

static bool read_sequence(const char *text, uint64_t *out_sequence)
{
    char *stopped = NULL;
    if (text[0] == 'e' && text[1] == 'n' && text[2] == 'd' && text[3] == '\0') {
        *out_sequence = UINT64_MAX;
        return true;
    }
    errno = 0;
    *out_sequence = strtoull(text, &stopped, 10);
    return text[0] >= '0' && text[0] <= '9' && *stopped == '\0' && errno == 0 && *out_sequence > 0;
}

static enum status go_to(struct past_log *log, uint64_t sequence)
{
    struct past *past = &log->past;
    while (past->sequence < sequence) {
        enum status status = past_next(past);
        if (status != STATUS_OK) {
            return status;
        }
        past_apply(past);
        if (past->sequence % PIECE == 0 && !past_log_progress(log, past->sequence, sequence)) {
            return STATUS_INTERRUPTED;
        }
    }
    return STATUS_OK;
}

static enum status hash_state(struct at_job *job, struct past_log *log)
{
    log->shard.engine = log->past.now.engine; /* lent: the shard read no state of its own */
    enum status status = shard_state_hash(&log->shard, job->state_hash);
    log->shard.engine = NULL;
    return status;
}

static bool on_order(void *context, const struct engine_resting *order)
{
    struct at_job *job = context;
    if (job->account == 0 || order->order.account == job->account) {
        job->orders[job->order_count++] = *order;
    }
    return true;
}

static int by_account(const void *a, const void *b)
{
    const struct engine_order *left = &((const struct engine_resting *)a)->order;
    const struct engine_order *right = &((const struct engine_resting *)b)->order;
    if (left->account != right->account) {
        return left->account < right->account ? -1 : 1;
    }
    return left->order_id < right->order_id ? -1 : left->order_id > right->order_id;
}

/* The open orders that are asked for, by account. */
static enum status at_read_orders(struct at_job *job)
{
    struct engine_counts counts;
    engine_count(job->engine, &counts);
    job->orders = calloc(counts.orders + 1, sizeof *job->orders);
    if (job->orders == NULL) {
        return STATUS_NO_MEMORY;
    }
    uint32_t last = engine_limits(job->engine)->max_instruments;
    for (uint32_t i = 1; i <= last; i++) {
        if (job->instrument == 0 || job->instrument == i) {
            engine_each_order(job->engine, i, SIDE_BUY, on_order, job);
            engine_each_order(job->engine, i, SIDE_SELL, on_order, job);
        }
    }
    qsort(job->orders, job->order_count, sizeof *job->orders, by_account);
    return STATUS_OK;
}

static int show(struct at_job *job, struct past_log *log, uint64_t sequence)
{
    if (sequence == UINT64_MAX) {
        sequence = log->past.last_sequence;
    }
    if (sequence > log->past.last_sequence) {
        complain("the log in %s ends at command %llu: there is no state behind %llu",
                 job->directory, (unsigned long long)log->past.last_sequence,
                 (unsigned long long)sequence);
        int warned = past_log_warn(log);
        past_log_close(log);
        return warned == EXIT_OK ? EXIT_BAD_INPUT : warned;
    }
    enum status status = go_to(log, sequence);
    progress_end(&log->progress);
    job->engine = log->past.now.engine;
    if (status == STATUS_OK) {
        status = hash_state(job, log);
    }
    if (status != STATUS_OK) {
        return past_log_failed(log, status);
    }
    if (job->instrument != 0 && engine_instrument(job->engine, job->instrument) == NULL) {
        complain("instrument %u is not listed behind command %llu", job->instrument,
                 (unsigned long long)sequence);
        past_log_close(log);
        return EXIT_BAD_INPUT;
    }
    if (job->account != 0 && !engine_knows_account(job->engine, job->account)) {
        complain("account %llu is not open behind command %llu", (unsigned long long)job->account,
                 (unsigned long long)sequence);
        past_log_close(log);
        return EXIT_BAD_INPUT;
    }
    status = at_read_orders(job);
    if (status == STATUS_OK) {
        if (job->json) {
            at_print_json(job);
        } else {
            at_print_text(job);
        }
        past_log_close(log);
    }
    free(job->orders);
    return status == STATUS_OK ? EXIT_OK : past_log_failed(log, status);
}

int run_at(const struct app_command *command, int argc, char **argv)
{
    struct at_job job = {.directory = "dojima-data", .depth = DEPTH_DEFAULT};
    struct options options;
    uint64_t sequence = 0;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(&job, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END && (options_argument_count(&options) != 1 ||
                                !read_sequence(options_argument(&options, 0), &sequence))) {
        complain("name one command sequence, from 1, or `end`: dojima at SEQ");
        next = OPTIONS_BAD;
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    struct past_log log;
    int code = past_log_open(&log, job.directory);
    return code != EXIT_OK ? code : show(&job, &log, sequence);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/why.h"

#include "apps/dojima/options.h"
#include "apps/dojima/past_log.h"
#include "host/signal.h"
#include "wire/native/text36.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD_DEFAULT 10

enum why_option {
    WHY_DATA,
    WHY_OPERATOR,
    WHY_AHEAD,
    WHY_JSON,
};

const struct option_spec why_options[] = {
    [WHY_DATA] = {"data", "DIR", "the data directory (dojima-data)", NULL},
    [WHY_OPERATOR] = {"operator", NULL, "name other participants' orders, too", NULL},
    [WHY_AHEAD] = {"ahead", "N", "orders ahead in the queue that are named (10)", NULL},
    [WHY_JSON] = {"json", NULL, "one JSON object", NULL},
    {NULL, NULL, NULL, NULL},
};

const char why_details[] =
    "Replays the commands log to the instant of each command that touched an order and tells what\n"
    "was checked with which numbers, the place in the queue and who was ahead, each fill, and why\n"
    "it was refused, cancelled or expired. The order is named by\n"
    "  131072              its order id, or a command sequence; order:N and command:N say which\n"
    "  7/a1                an account and a client order id of it; of several days: which ones\n"
    "A command that entered, replaced, reduced or cancelled an order leads to that order's story;\n"
    "another one is told by itself. Without --operator only orders of the same participant are\n"
    "named. Nothing is changed, and a venue may run on the directory meanwhile.\n"
    "Fees are not told: the ledger is not there yet.\n";

struct why_job {
    struct subject subject;
    const char *argument;
    const char *directory;
    uint64_t ahead_max;
    bool operator_view;
    bool json;
};

static bool read_option(struct why_job *job, const struct options *options)
{
    switch ((enum why_option)options->index) {
    case WHY_DATA:
        job->directory = options->value;
        return true;
    case WHY_OPERATOR:
        job->operator_view = true;
        return true;
    case WHY_AHEAD:
        return options_number(options, 0, UINT32_MAX, &job->ahead_max);
    case WHY_JSON:
        job->json = true;
        return true;
    }
    return false;
}

/* All digits, above 0, within 64 bits, up to `end`. */
static bool read_number(const char *text, const char *end, uint64_t *out_number)
{
    char *stopped = NULL;
    errno = 0;
    uint64_t number = strtoull(text, &stopped, 10);
    bool good = text[0] >= '0' && text[0] <= '9' && stopped == end && errno == 0 && number > 0;
    if (good) {
        *out_number = number;
    }
    return good;
}

static bool read_subject(const char *argument, struct subject *out_subject)
{
    const char *slash = strchr(argument, '/');
    const char *number = argument;
    struct subject subject = {.kind = SUBJECT_NUMBER};
    if (slash != NULL) {
        size_t count = strlen(slash + 1);
        subject.kind = SUBJECT_NAME;
        if (count == 0 || count > TEXT36_BYTES_MAX ||
            !read_number(argument, slash, &subject.account)) {
            return false;
        }
        subject.name = text36_from(slash + 1);
    } else {
        if (strncmp(argument, "order:", strlen("order:")) == 0) {
            subject.kind = SUBJECT_ORDER;
            number += strlen("order:");
        } else if (strncmp(argument, "command:", strlen("command:")) == 0) {
            subject.kind = SUBJECT_COMMAND;
            number += strlen("command:");
        }
        if (!read_number(number, number + strlen(number), &subject.number)) {
            return false;
        }
    }
    *out_subject = subject;
    return true;
}

static void tell_not_found(const struct why_job *job, const struct past_log *log)
{
    unsigned long long commands = (unsigned long long)log->past.last_sequence;
    struct engine_counts counts;
    engine_count(log->past.now.engine, &counts);
    switch (job->subject.kind) {
    case SUBJECT_NAME:
        complain("account %llu never gave an order the name %s: the log in %s holds commands 1 to "
                 "%llu and %llu accounts",
                 (unsigned long long)job->subject.account, strchr(job->argument, '/') + 1,
                 job->directory, commands, (unsigned long long)counts.accounts);
        break;
    case SUBJECT_COMMAND:
        complain("there is no command %llu: the log in %s holds commands 1 to %llu",
                 (unsigned long long)job->subject.number, job->directory, commands);
        break;
    case SUBJECT_NUMBER:
    case SUBJECT_ORDER:
        complain("no order has the id %llu%s: the log in %s holds commands 1 to %llu of shard %u; "
                 "`dojima log dump %s` lists them",
                 (unsigned long long)job->subject.number,
                 job->subject.kind == SUBJECT_ORDER ? "" : ", and no command that sequence",
                 job->directory, commands, log->past.genesis.shard, job->directory);
        break;
    }
}

static int tell(struct why_job *job, struct past_log *log)
{
    struct story story;
    story_init(&story, &log->past, &job->subject);
    story.operator_view = job->operator_view;
    story.ahead_max = (uint32_t)job->ahead_max;
    story.on_progress = past_log_progress;
    story.context = log;
    int code = EXIT_OK;
    enum status status = story_find(&story);
    if (status == STATUS_OK && story.candidate_count == 1) {
        status = story_tell(&story);
    }
    progress_end(&log->progress);
    if (status == STATUS_NOT_FOUND) {
        tell_not_found(job, log);
        code = past_log_warn(log) == EXIT_OK ? status_exit_code(status) : EXIT_CHECK_FAILED;
        past_log_close(log);
    } else if (status != STATUS_OK) {
        code = past_log_failed(log, status);
    } else {
        if (story.candidate_count > 1) {
            why_print_candidates(&story, job->json);
            code = EXIT_BAD_INPUT;
        } else if (job->json) {
            why_print_json(&story);
        } else {
            why_print_text(&story);
        }
        int warned = past_log_warn(log);
        code = code == EXIT_OK ? warned : code;
        past_log_close(log);
    }
    story_deinit(&story);
    return code;
}

int run_why(const struct app_command *command, int argc, char **argv)
{
    struct why_job job = {.directory = "dojima-data", .ahead_max = AHEAD_DEFAULT};
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(&job, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END && options_argument_count(&options) != 1) {
        complain("name one order or command: dojima why ORDER|SEQ|ACCOUNT/CLIENT-ORDER-ID");
        next = OPTIONS_BAD;
    }
    if (next == OPTIONS_END) {
        job.argument = options_argument(&options, 0);
        if (!read_subject(job.argument, &job.subject)) {
            complain("'%s' is no order id, no command sequence and no ACCOUNT/CLIENT-ORDER-ID such "
                     "as 7/a1",
                     job.argument);
            next = OPTIONS_BAD;
        }
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    struct past_log log;
    int code = past_log_open(&log, job.directory);
    return code != EXIT_OK ? code : tell(&job, &log);
}

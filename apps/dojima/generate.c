/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/generate.h"

#include "apps/dojima/options.h"
#include "apps/dojima/progress.h"
#include "flow/itch_write.h"
#include "flow/output.h"
#include "host/signal.h"
#include "host/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES_DEFAULT 1000000
#define SEED_DEFAULT     1
#define LOOK_UP_EVERY    1024u
#define DEVIATION_MAX    200u  /* hundredths of a percentage point */
#define CHECKED_MESSAGES 10000 /* in fewer, chance alone may leave the specification */
#define PATH_BYTES_MAX   4096u

/* The day whose shares the generator follows: flow/generate.h. */
#define DAY_ADDS     9341772.0
#define DAY_DELETES  7866354.0
#define DAY_REPLACES 2184517.0
#define DAY_EXECUTES 404350.0
#define DAY_REDUCES  161755.0
#define DAY_MESSAGES (DAY_ADDS + DAY_DELETES + DAY_REPLACES + DAY_EXECUTES + DAY_REDUCES)

enum generate_option {
    GENERATE_OUT,
    GENERATE_MESSAGES,
    GENERATE_INSTRUMENTS,
    GENERATE_SEED,
    GENERATE_LIVE,
};

const struct option_spec generate_options[] = {
    [GENERATE_OUT] = {"out", "FILE", "the file to write; a name ending in .gz is compressed", NULL},
    [GENERATE_MESSAGES] = {"messages", "N", "order messages (1000000)", NULL},
    [GENERATE_INSTRUMENTS] = {"instruments", "N", "instruments (8371)", NULL},
    [GENERATE_SEED] = {"seed", "N", "the same seed gives the same bytes (1)", NULL},
    [GENERATE_LIVE] = {"live", "N", "live orders to grow to (6% of the messages)", NULL},
    {NULL, NULL, NULL, NULL},
};

const char generate_details[] =
    "Writes ITCH 5.0 with two-byte length prefixes: a directory, then adds, deletes, replaces,\n"
    "executions and reductions in the shares of a measured day, and prints the mix. A mix that\n"
    "leaves the specification by 2 percentage points or more is a failed check; of a day of fewer\n"
    "than 10000 messages the mix is printed and not checked, because chance alone may do that.\n";

struct generate_job {
    const char *path;
    struct generate_options options;
    struct generator *generator;
    struct output *out;
    uint64_t bytes;
};

static enum status write_claimed(struct generate_job *job, const char *part);
static enum status write_day(struct generate_job *job);
static void print_mix(const struct generate_mix *mix, const struct generate_job *job);

static bool read_option(struct generate_job *job, const struct options *options)
{
    uint64_t number = 0;
    switch ((enum generate_option)options->index) {
    case GENERATE_OUT:
        job->path = options->value;
        return true;
    case GENERATE_MESSAGES:
        return options_number(options, 1, GENERATE_MESSAGES_MAX, &job->options.messages);
    case GENERATE_INSTRUMENTS:
        if (!options_number(options, 1, GENERATE_INSTRUMENTS_MAX, &number)) {
            return false;
        }
        job->options.instruments = (uint32_t)number;
        return true;
    case GENERATE_SEED:
        return options_number(options, 0, UINT64_MAX, &job->options.seed);
    case GENERATE_LIVE:
        if (!options_number(options, 1, GENERATE_LIVE_MAX, &number)) {
            return false;
        }
        job->options.live_target = (uint32_t)number;
        return true;
    }
    return false;
}

/* Written beside its place and renamed when whole: what is half-written is never found. */
static enum status write_file(struct generate_job *job)
{
    char part[PATH_BYTES_MAX];
    if (snprintf(part, sizeof part, "%s.part", job->path) >= (int)sizeof part) {
        complain("the path of --out is too long");
        return STATUS_USAGE;
    }
    if (!host_stream_may_replace(job->path)) {
        complain("%s is a directory or a device: name a file with --out", job->path);
        return STATUS_USAGE;
    }
    struct host_stream claim;
    enum status status = host_stream_create(part, &claim);
    if (status != STATUS_OK) {
        complain(status == STATUS_BUSY
                     ? "another generate is writing %s: wait until it has ended, or choose another "
                       "--out"
                     : "%s cannot be written: choose another --out",
                 status == STATUS_BUSY ? job->path : part);
        return status == STATUS_BUSY ? status : STATUS_USAGE;
    }
    status = write_claimed(job, part);
    host_stream_close(&claim); /* last: until then nobody else may touch the part */
    return status;
}

static enum status write_claimed(struct generate_job *job, const char *part)
{
    enum status status = output_open(part, output_wants_gzip(job->path), &job->out);
    if (status == STATUS_OK) {
        status = write_day(job);
    }
    enum status closed = output_close(job->out);
    status = status == STATUS_OK ? closed : status;
    if (status == STATUS_OK && rename(part, job->path) != 0) {
        status = STATUS_IO;
    }
    if (status != STATUS_OK) {
        (void)remove(part);
        complain(status == STATUS_INTERRUPTED
                     ? "%s: interrupted, nothing is left of it"
                     : "%s could not be written: make room on its disk, or choose another --out",
                 job->path);
    }
    return status;
}

int run_generate(const struct app_command *command, int argc, char **argv)
{
    struct generate_job job = {
        .options = {.seed = SEED_DEFAULT, .messages = MESSAGES_DEFAULT},
    };
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(&job, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END &&
        (job.path == NULL || job.path[0] == '\0' || options_argument_count(&options) != 0)) {
        complain("name the file to write with --out; see `dojima help generate`");
        next = OPTIONS_BAD;
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    enum status status = generate_open(&job.options, &job.generator);
    if (status != STATUS_OK) {
        complain("no such day can be generated: %s", status_sentence(status));
        return status_exit_code(status);
    }
    status = write_file(&job);
    struct generate_mix mix = generate_mix(job.generator);
    generate_close(job.generator);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    print_mix(&mix, &job);
    if (job.options.messages < CHECKED_MESSAGES) {
        printf("  not checked: in fewer than %d messages chance alone may leave it\n",
               CHECKED_MESSAGES);
    } else if (generate_mix_deviation(&mix) >= DEVIATION_MAX) {
        complain("the mix left its specification: more --messages or fewer --live bring it closer");
        return EXIT_CHECK_FAILED;
    }
    return EXIT_OK;
}

static enum status write_day(struct generate_job *job)
{
    struct progress progress;
    progress_begin(&progress, "generate");
    enum status status = STATUS_OK;
    for (uint64_t steps = 0; status == STATUS_OK; steps++) {
        if (steps % LOOK_UP_EVERY == 0) {
            progress_show(&progress, steps, job->options.messages, steps);
            if (host_signal_stop() != 0) {
                status = STATUS_INTERRUPTED;
                break;
            }
        }
        struct flow_message message;
        uint8_t bytes[ITCH_WRITE_BYTES_MAX];
        size_t count = 0;
        status = generate_next(job->generator, &message);
        if (status == STATUS_OK) {
            status = itch_write(&message, bytes, &count);
        }
        if (status == STATUS_OK) {
            status = output_write(job->out, bytes, count);
        }
        job->bytes += count;
    }
    progress_end(&progress);
    return status == STATUS_END ? STATUS_OK : status;
}

static void print_mix(const struct generate_mix *mix, const struct generate_job *job)
{
    const struct {
        const char *name;
        uint64_t count;
        double share;
    } rows[] = {
        {"add", mix->adds, DAY_ADDS},
        {"delete", mix->deletes, DAY_DELETES},
        {"replace", mix->replaces, DAY_REPLACES},
        {"execute", mix->executes, DAY_EXECUTES},
        {"reduce", mix->reduces, DAY_REDUCES},
    };
    uint64_t all = mix->adds + mix->deletes + mix->replaces + mix->executes + mix->reduces;
    printf("%s: %llu bytes, %llu order messages, seed %llu\n", job->path,
           (unsigned long long)job->bytes, (unsigned long long)all,
           (unsigned long long)job->options.seed);
    printf("  message          count    share  specified\n");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        printf("  %-8s %13llu  %6.2f%%    %6.2f%%\n", rows[i].name,
               (unsigned long long)rows[i].count,
               all > 0 ? 100.0 * (double)rows[i].count / (double)all : 0.0,
               100.0 * rows[i].share / DAY_MESSAGES);
    }
    printf("  live orders %llu at the end, %llu at most, %llu aimed at; %llu shares executed\n",
           (unsigned long long)mix->live, (unsigned long long)mix->live_peak,
           (unsigned long long)mix->live_target, (unsigned long long)mix->executed_shares);
    uint32_t deviation = generate_mix_deviation(mix);
    printf("  worst share is %u.%02u points off\n", deviation / 100, deviation % 100);
}

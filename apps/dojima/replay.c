/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/fingerprint.h"
#include "apps/dojima/importer.h"
#include "apps/dojima/options.h"
#include "apps/dojima/progress.h"
#include "apps/dojima/replay_input.h"
#include "apps/dojima/replay_settings.h"
#include "apps/dojima/report.h"
#include "apps/dojima/shard.h"
#include "host/clock.h"
#include "host/signal.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE_EVERY  16u
#define LOOK_UP_EVERY 1024u /* messages between looks at the clock and for a signal */
#define NAP_NS        5000000

/* One run of the command. */
struct replay {
    struct replay_settings settings;
    struct shard shard;
    struct flow_reader *reader;
    struct importer *importer;
    FILE *differences;
    struct progress progress;
    struct report report;
    struct report_hops hops;
};

static enum status replay_open(struct replay *replay);
static enum status replay_input(struct replay *replay);
static enum status replay_finish(struct replay *replay, int64_t begin_ns);
static int replay_end(struct replay *replay, enum status status);

int run_replay(const struct app_command *command, int argc, char **argv)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        complain("no memory");
        return EXIT_CONFIGURATION;
    }
    int next = replay_settings_read(&replay->settings, command, argc, argv);
    if (next != OPTIONS_END) {
        free(replay);
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    int64_t begin_ns = host_clock_monotonic_ns();
    enum status status = replay_open(replay);
    if (status == STATUS_OK) {
        begin_ns = host_clock_monotonic_ns();
        status = replay_input(replay);
    }
    if (status == STATUS_OK) {
        status = replay_finish(replay, begin_ns);
    }
    int code = replay_end(replay, status);
    free(replay);
    return code;
}

static void on_released(void *context, uint64_t sequence, int64_t oldest_ns)
{
    struct replay *replay = context;
    (void)sequence;
    histogram_record(&replay->hops.release, (uint64_t)oldest_ns);
}

static void on_difference(void *context, const struct importer_difference *difference)
{
    struct replay *replay = context;
    struct report *report = &replay->report;
    if (report->difference_count < REPORT_DIFFERENCES_MAX) {
        report->differences[report->difference_count] = *difference;
    }
    report->difference_count++;
    if (replay->differences != NULL) {
        unsigned scale = difference->price_scale;
        char price[REPORT_PRICE_BYTES];
        char best[REPORT_PRICE_BYTES];
        fprintf(replay->differences, "%llu,%s,%s,%s,%u,%llu,%.*s,%s\n",
                (unsigned long long)difference->position, difference->symbol,
                side_name(difference->side), report_price(difference->price, scale, price),
                difference->quantity, (unsigned long long)difference->recorded,
                difference->expected.count, difference->expected.bytes,
                report_price(difference->best, scale, best));
    }
}

/* A log that is gone on with must be of this very input. */
static enum status compare_source(struct replay *replay, const struct command_open_source *input)
{
    struct command_open_source logged;
    enum status status = shard_read_source(&replay->shard, &logged);
    if (status != STATUS_OK) {
        complain("the commands log in %s names no input file: it was not made by replay",
                 replay->settings.shard_options.directory);
        return STATUS_USAGE;
    }
    if (logged.bytes != input->bytes ||
        memcmp(&logged.digest, &input->digest, sizeof logged.digest) != 0) {
        complain("%s is not the file that %s was made from (%llu bytes, now %llu, or another "
                 "SHA-256): resume with the same file, or choose another --data directory",
                 replay->settings.path, replay->settings.shard_options.directory,
                 (unsigned long long)logged.bytes, (unsigned long long)input->bytes);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* The limits are the log's for life: others on the command line would not be obeyed. */
static enum status compare_limits(const struct replay *replay)
{
    const struct command_genesis *logged = &replay->shard.genesis;
    const struct replay_limits *said = &replay->settings.limits;
    const struct {
        const char *option;
        uint32_t said;
        uint32_t logged;
    } rows[] = {
        {"--max-orders", said->max_orders, logged->max_orders},
        {"--max-levels", said->max_levels, logged->max_levels},
        {"--max-instruments", said->max_instruments, logged->max_instruments},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].said != 0 && rows[i].said != rows[i].logged) {
            complain("the log in %s was begun with %s %u, not %u: leave the option out, or choose "
                     "another --data directory",
                     replay->settings.shard_options.directory, rows[i].option, rows[i].logged,
                     rows[i].said);
            return STATUS_USAGE;
        }
    }
    return STATUS_OK;
}

static enum status open_importer(struct replay *replay, const struct command_open_source *input)
{
    const struct flow_description *description = flow_describe(replay->reader);
    bool dbn = description->format == FLOW_FORMAT_DBN;
    struct importer_options options = {
        .sequencer = replay->shard.sequencer,
        .engine = replay->shard.engine,
        .genesis = replay->shard.genesis,
        .input = *input,
        .symbol = replay->settings.symbol,
        .tick = dbn ? replay->settings.tick_e9
                    : replay->settings.tick_e9 / REPLAY_INPUT_TICK_UNITS_OF_4,
        .trading_day = description->trading_day,
        .time_is_utc = description->time_is_utc,
        .on_difference = on_difference,
        .context = replay,
    };
    return importer_open(&options, &replay->importer);
}

static enum status replay_open(struct replay *replay)
{
    struct command_open_source input;
    enum status status = replay_input_open(&replay->settings, &replay->reader);
    if (status != STATUS_OK) {
        return status;
    }
    status = fingerprint_file(replay->settings.path, &input);
    if (status != STATUS_OK) {
        if (status != STATUS_INTERRUPTED) {
            complain("%s could not be read to its end: %s", replay->settings.path,
                     status_sentence(status));
        }
        return status;
    }
    input.source_number = IMPORTER_SOURCE;
    replay->settings.shard_options.on_released = on_released;
    replay->settings.shard_options.context = replay;
    replay->settings.shard_options.genesis = replay_limits_genesis(
        &replay->settings.limits, input.bytes, flow_describe(replay->reader)->compressed);
    if (replay->settings.shard_options.segment_bytes == 0) {
        replay->settings.shard_options.segment_bytes = replay_limits_segment_bytes(input.bytes);
    }
    status = shard_open(&replay->shard, &replay->settings.shard_options);
    shard_tell_cuts(&replay->shard);
    if (status != STATUS_OK) {
        complain("%s", replay->shard.reason);
        return status;
    }
    if (replay->shard.empty && replay->settings.shard_options.mode == SHARD_RESUME) {
        complain("%s holds no command to go on behind: begun anew, with the first message of %s",
                 replay->settings.shard_options.directory, replay->settings.path);
    }
    if (!replay->shard.empty) {
        status = compare_source(replay, &input);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = shard_start(&replay->shard);
    if (status != STATUS_OK) {
        complain("%s", replay->shard.reason);
        return status;
    }
    status = compare_limits(replay);
    if (status != STATUS_OK) {
        return status;
    }
    if (replay->settings.differences_path != NULL) {
        replay->differences = fopen(replay->settings.differences_path, "w");
        if (replay->differences == NULL) {
            complain("%s cannot be written: name a file of a folder that is there with "
                     "--differences",
                     replay->settings.differences_path);
            return STATUS_USAGE;
        }
        fputs("position,symbol,side,price,quantity,recorded,expected,best\n", replay->differences);
    }
    return open_importer(replay, &input);
}

/* Where the recorded clock and ours met, for --speed. */
struct pace {
    bool begun;
    uint64_t message_ns;
    int64_t clock_ns;
};

static void show_progress(struct replay *replay)
{
    const struct flow_progress *read = flow_progress(replay->reader);
    progress_show(&replay->progress, read->bytes_read, read->bytes_total, read->messages_read);
}

/* Waits until the message is due; what is durable meanwhile is released. */
static enum status keep_pace(struct replay *replay, struct pace *pace, uint64_t message_ns)
{
    show_progress(replay); /* a recorded pause may be hours: the line stays alive */
    if (sequencer_following(replay->shard.sequencer)) {
        return STATUS_OK;
    }
    if (!pace->begun || message_ns < pace->message_ns) {
        *pace = (struct pace){true, message_ns, host_clock_monotonic_ns()};
        return STATUS_OK;
    }
    double wait_ns =
        (double)(message_ns - pace->message_ns) * 1000.0 / (double)replay->settings.speed_e3;
    while (host_signal_stop() == 0) {
        int64_t now = host_clock_monotonic_ns();
        double left = wait_ns - (double)(now - pace->clock_ns);
        if (left <= 0) {
            return STATUS_OK;
        }
        enum status status = sequencer_tick(replay->shard.sequencer, UINT64_MAX);
        if (status != STATUS_OK) {
            return status;
        }
        show_progress(replay);
        host_clock_sleep_until(now + (left < NAP_NS ? (int64_t)left : NAP_NS));
    }
    return STATUS_INTERRUPTED;
}

static void record_sample(struct report_hops *hops, const struct sequencer_sample *sample,
                          const int64_t stamps[3])
{
    histogram_record(&hops->read, (uint64_t)(stamps[1] - stamps[0]));
    histogram_record(&hops->message, (uint64_t)(stamps[2] - stamps[0]));
    if (sample->held_ns != 0) {
        histogram_record(&hops->append, (uint64_t)(sample->appended_ns - sample->submitted_ns));
        histogram_record(&hops->engine, (uint64_t)(sample->applied_ns - sample->appended_ns));
        histogram_record(&hops->hold, (uint64_t)(sample->held_ns - sample->applied_ns));
    }
}

/* Reads the next message and waits until it is due. */
static enum status read_message(struct replay *replay, struct pace *pace,
                                struct flow_message *out_message)
{
    enum status status = flow_next(replay->reader, out_message);
    if (status == STATUS_OK && replay->settings.speed_e3 != 0 && out_message->time_ns != 0) {
        status = keep_pace(replay, pace, out_message->time_ns);
    }
    return status;
}

/* One message in sixteen takes the time at every hop; at a recorded speed the wait counts as
 * reading. */
static enum status step_sampled(struct replay *replay, struct pace *pace)
{
    struct flow_message message;
    struct sequencer_sample sample = {0};
    int64_t stamps[3];
    stamps[0] = host_clock_monotonic_ns();
    enum status status = read_message(replay, pace, &message);
    if (status != STATUS_OK) {
        return status;
    }
    stamps[1] = host_clock_monotonic_ns();
    sequencer_sample(replay->shard.sequencer, &sample);
    status = importer_apply(replay->importer, &message);
    sequencer_sample(replay->shard.sequencer, NULL);
    stamps[2] = host_clock_monotonic_ns();
    if (!sequencer_following(replay->shard.sequencer)) {
        record_sample(&replay->hops, &sample, stamps);
    }
    return status;
}

static enum status step(struct replay *replay, struct pace *pace)
{
    struct flow_message message;
    enum status status = read_message(replay, pace, &message);
    return status == STATUS_OK ? importer_apply(replay->importer, &message) : status;
}

static enum status replay_input(struct replay *replay)
{
    struct pace pace = {0};
    enum status status = importer_begin(replay->importer);
    progress_begin(&replay->progress, replay->settings.shard_options.follow ? "resume" : "replay");
    for (uint64_t steps = 0; status == STATUS_OK; steps++) {
        if (steps % LOOK_UP_EVERY == 0) {
            show_progress(replay);
            if (host_signal_stop() != 0) {
                status = STATUS_INTERRUPTED;
                break;
            }
        }
        status = steps % SAMPLE_EVERY == 0 ? step_sampled(replay, &pace) : step(replay, &pace);
    }
    progress_end(&replay->progress);
    return status == STATUS_END ? STATUS_OK : status;
}

/* Everything durable, then the report. */
static enum status replay_finish(struct replay *replay, int64_t begin_ns)
{
    struct report *report = &replay->report;
    struct shard *shard = &replay->shard;
    if (sequencer_following(shard->sequencer)) {
        complain("the log in %s holds more than %s gives: it was made with other options",
                 replay->settings.shard_options.directory, replay->settings.path);
        return STATUS_USAGE;
    }
    enum status status = sequencer_flush(shard->sequencer);
    if (status != STATUS_OK) {
        return status;
    }
    report->elapsed_s = (double)(host_clock_monotonic_ns() - begin_ns) / 1e9;
    report->description = flow_describe(replay->reader);
    report->progress = flow_progress(replay->reader);
    report->importer = replay->importer;
    report->engine = shard->engine;
    report->shard = shard;
    report->hops = &replay->hops;
    report->position_is_line = report->description->format == FLOW_FORMAT_LOBSTER;
    struct engine_counts counts;
    engine_count(shard->engine, &counts);
    report->orders_live = counts.orders;
    sequencer_count(shard->sequencer, &report->counts);
    journal_stat(shard->commands, &report->commands);
    journal_stat(shard->events, &report->events);
    status = shard_state_hash(shard, report->state_hash);
    if (status != STATUS_OK) {
        complain("the state hash cannot be computed: %s", status_sentence(status));
        return status;
    }
    if (!replay->settings.json) {
        report_print(report, stdout);
        return STATUS_OK;
    }
    status = report_print_json(report, stdout);
    return status == STATUS_IO ? STATUS_OK : status; /* main tells of it: the logs are good */
}

static int exit_code_of(enum status status)
{
    return status == STATUS_EXISTS ? EXIT_BAD_INPUT : status_exit_code(status);
}

/* Says why it ended, where nobody has said it yet. */
static void explain(struct replay *replay, enum status status)
{
    const struct flow_error *error = replay->reader != NULL ? flow_failure(replay->reader) : NULL;
    if (replay->shard.fault.status == STATUS_MISMATCH &&
        sequencer_following(replay->shard.sequencer)) {
        shard_fault(&replay->shard);
        complain("%s: resume with the --format, --tick and --instrument of the first run (%s)",
                 replay->settings.shard_options.directory, replay->shard.reason);
    } else if (replay->shard.fault.status != STATUS_OK && replay->shard.sequencer != NULL) {
        shard_fault(&replay->shard);
        complain("%s: %s", replay->settings.shard_options.directory, replay->shard.reason);
    } else if (error != NULL && error->status == status) {
        char reason[512];
        flow_error_describe(error, reason, sizeof reason);
        complain("%s: %s", replay->settings.path, reason);
    } else if (status == STATUS_NO_MEMORY) {
        complain("no memory for the table of known orders");
    }
}

static int replay_end(struct replay *replay, enum status status)
{
    bool failed = status != STATUS_OK && status != STATUS_INTERRUPTED;
    bool running = replay->importer != NULL;
    bool followed = running && sequencer_following(replay->shard.sequencer);
    if (failed && running) {
        explain(replay, status);
    }
    if (status == STATUS_MISMATCH && followed) {
        status = STATUS_USAGE; /* the same file read in another way: said so above */
    }
    uint64_t messages = replay->reader != NULL ? flow_progress(replay->reader)->messages_read : 0;
    bool opened = replay->shard.commands != NULL;
    bool made_here = replay->settings.shard_options.mode == SHARD_FRESH || replay->shard.empty;
    if (failed && opened && made_here && replay->shard.fault.status == STATUS_OK) {
        /* The input is bad: what was read of it must not stand in the way of the next try. */
        shard_discard(&replay->shard);
    } else {
        enum status closed = shard_close(&replay->shard, !failed);
        if (closed != STATUS_OK && !failed) {
            complain("%s", replay->shard.reason);
            status = closed;
        }
    }
    if (status == STATUS_INTERRUPTED && running) {
        complain("stopped cleanly after %llu messages%s; --resume goes on",
                 (unsigned long long)messages, followed ? ", while reading the log back" : "");
    }
    importer_close(replay->importer);
    flow_close(replay->reader);
    if (replay->differences != NULL && fclose(replay->differences) != 0 && status == STATUS_OK) {
        complain("%s could not be written: make room on its disk",
                 replay->settings.differences_path);
        status = STATUS_IO;
    }
    return exit_code_of(status);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/fingerprint.h"
#include "apps/dojima/importer.h"
#include "apps/dojima/options.h"
#include "apps/dojima/progress.h"
#include "apps/dojima/replay_limits.h"
#include "apps/dojima/report.h"
#include "apps/dojima/shard.h"
#include "host/clock.h"
#include "host/signal.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES_DEFAULT   (256u << 10)
#define TICK_SCALE            9u /* --tick is read in 10^-9, the finest scale of any format */
#define TICK_UNITS_OF_4       100000
#define SAMPLE_EVERY          16u
#define LOOK_UP_EVERY         1024u /* messages between looks at the clock and for a signal */
#define NAP_NS                5000000
#define SEGMENT_BYTES_LOWEST  65536u
#define SEGMENT_BYTES_HIGHEST (1u << 30)
#define SPEED_SCALE           3u

enum replay_option {
    REPLAY_DATA,
    REPLAY_ACK,
    REPLAY_RESUME,
    REPLAY_JSON,
    REPLAY_FORMAT,
    REPLAY_INSTRUMENT,
    REPLAY_TICK,
    REPLAY_SPEED,
    REPLAY_DIFFERENCES,
    REPLAY_MAX_ORDERS,
    REPLAY_MAX_LEVELS,
    REPLAY_MAX_INSTRUMENTS,
    REPLAY_SEGMENT_BYTES,
    REPLAY_BATCH_BYTES,
};

const struct option_spec replay_options[] = {
    [REPLAY_DATA] = {"data", "DIR", "where the logs go (./dojima-data)", NULL},
    [REPLAY_ACK] = {"ack", "fsync|memory", "what durable means (fsync)", "fsync memory"},
    [REPLAY_RESUME] = {"resume", NULL, "go on behind the last durable command", NULL},
    [REPLAY_JSON] = {"json", NULL, "one JSON object instead of the table", NULL},
    [REPLAY_FORMAT] = {"format", "NAME",
                       "lobster, itch, itch-unprefixed, itch-pcap or dbn (by content)",
                       "lobster itch itch-unprefixed itch-pcap dbn"},
    [REPLAY_INSTRUMENT] = {"instrument", "SYMBOL", "LOBSTER: the symbol (from the file name)",
                           NULL},
    [REPLAY_TICK] = {"tick", "PRICE", "price step, such as 0.01 (from the input, else its finest)",
                     NULL},
    [REPLAY_SPEED] = {"speed", "max|real|N", "pace: N times real time (max)", "max real"},
    [REPLAY_DIFFERENCES] = {"differences", "FILE", "write every difference as a CSV line", NULL},
    [REPLAY_MAX_ORDERS] = {"max-orders", "N", "live orders at most (by the size of the input)",
                           NULL},
    [REPLAY_MAX_LEVELS] = {"max-levels", "N", "price levels at most (by the size of the input)",
                           NULL},
    [REPLAY_MAX_INSTRUMENTS] = {"max-instruments", "N", "instruments at most (16384)", NULL},
    [REPLAY_SEGMENT_BYTES] = {"segment-bytes", "N",
                              "size of a log segment (by the size of the input)", NULL},
    [REPLAY_BATCH_BYTES] = {"batch-bytes", "N",
                            "largest batch of commands made durable at once (256 KiB)", NULL},
    {NULL, NULL, NULL, NULL},
};

const char replay_details[] =
    "Reads LOBSTER message files, Nasdaq ITCH 5.0 (raw, gzip, MoldUDP64 captures) and Databento\n"
    "DBN market-by-order, maps every message to commands, checks every visible execution against\n"
    "the engine's queue and keeps everything in two logs below --data. Log time is the time of "
    "the\n"
    "file, so the same file gives the same state hash at any speed.\n\n"
    "Ctrl-C stops cleanly; --resume reads the input again from its start, compares what it gives\n"
    "with the log, and goes on behind it. Another input, or a data directory that is not empty\n"
    "without --resume, is refused.\n";

/* One run of the command. */
struct replay {
    const char *path;
    const char *differences_path;
    const char *symbol;
    struct shard_options shard_options;
    struct flow_options flow_options;
    struct replay_limits limits;
    int64_t tick_e9;  /* 0 = not said */
    int64_t speed_e3; /* 0 = max */
    bool json;
    struct shard shard;
    struct flow_reader *reader;
    struct importer *importer;
    FILE *differences;
    struct report report;
    struct report_hops hops;
};

static enum status replay_open(struct replay *replay);
static enum status replay_input(struct replay *replay);
static enum status replay_finish(struct replay *replay, int64_t begin_ns);
static int replay_end(struct replay *replay, enum status status);

static bool read_number32(const struct options *options, uint32_t lowest, uint32_t highest,
                          uint32_t *out_number)
{
    uint64_t number;
    if (!options_number(options, lowest, highest, &number)) {
        return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

static bool read_speed(const struct options *options, int64_t *out_speed_e3)
{
    if (strcmp(options->value, "max") == 0) {
        *out_speed_e3 = 0;
        return true;
    }
    if (strcmp(options->value, "real") == 0) {
        *out_speed_e3 = 1000;
        return true;
    }
    return options_decimal(options, SPEED_SCALE, out_speed_e3);
}

static bool read_option(struct replay *replay, const struct options *options)
{
    struct shard_options *shard = &replay->shard_options;
    int word = 0;
    switch ((enum replay_option)options->index) {
    case REPLAY_DATA:
        shard->directory = options->value;
        return true;
    case REPLAY_ACK:
        if (!options_word(options, "fsync memory", &word)) {
            return false;
        }
        shard->ack = word == 0 ? JOURNAL_ACK_FSYNC : JOURNAL_ACK_MEMORY;
        return true;
    case REPLAY_RESUME:
        shard->mode = SHARD_RESUME;
        shard->follow = true;
        return true;
    case REPLAY_JSON:
        replay->json = true;
        return true;
    case REPLAY_FORMAT:
        if (flow_format_parse(options->value, &replay->flow_options.format) != STATUS_OK) {
            complain("--format knows lobster, itch, itch-unprefixed, itch-pcap and dbn, not '%s'",
                     options->value);
            return false;
        }
        return true;
    case REPLAY_INSTRUMENT:
        replay->symbol = options->value;
        return true;
    case REPLAY_TICK:
        return options_decimal(options, TICK_SCALE, &replay->tick_e9);
    case REPLAY_SPEED:
        return read_speed(options, &replay->speed_e3);
    case REPLAY_DIFFERENCES:
        replay->differences_path = options->value;
        return true;
    case REPLAY_MAX_ORDERS:
        return read_number32(options, 1, 1u << 30, &replay->limits.max_orders);
    case REPLAY_MAX_LEVELS:
        return read_number32(options, 1, 1u << 30, &replay->limits.max_levels);
    case REPLAY_MAX_INSTRUMENTS:
        return read_number32(options, 1, 1u << 24, &replay->limits.max_instruments);
    case REPLAY_SEGMENT_BYTES:
        if (!read_number32(options, SEGMENT_BYTES_LOWEST, SEGMENT_BYTES_HIGHEST,
                           &shard->segment_bytes)) {
            return false;
        }
        shard->segment_bytes = (uint32_t)bytes_align_up(shard->segment_bytes, HOST_DISK_PAGE_BYTES);
        return true;
    case REPLAY_BATCH_BYTES:
        if (!read_number32(options, 8192, JOURNAL_BATCH_BYTES_MAX, &shard->batch_bytes)) {
            return false;
        }
        shard->batch_bytes = (uint32_t)bytes_align_up(shard->batch_bytes, HOST_DISK_PAGE_BYTES);
        return true;
    }
    return false;
}

int run_replay(const struct app_command *command, int argc, char **argv)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        complain("no memory");
        return EXIT_CONFIGURATION;
    }
    replay->shard_options.directory = "dojima-data";
    replay->shard_options.batch_bytes = BATCH_BYTES_DEFAULT;
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(replay, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END && options_argument_count(&options) != 1) {
        complain("name one input file; see `dojima help replay`");
        next = OPTIONS_BAD;
    }
    if (next != OPTIONS_END) {
        free(replay);
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    replay->path = options_argument(&options, 0);
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

/* The reason is said here; the status alone goes on. */
static enum status open_reader(struct replay *replay)
{
    struct flow_error error = {.status = STATUS_OK};
    replay->flow_options.tick = replay->tick_e9;
    enum status status = flow_open(replay->path, &replay->flow_options, &error, &replay->reader);
    if (status != STATUS_OK) {
        char reason[512];
        flow_error_describe(&error, reason, sizeof reason);
        complain("%s: %s", replay->path, reason);
        return status;
    }
    const struct flow_description *description = flow_describe(replay->reader);
    if (replay->symbol != NULL && description->format != FLOW_FORMAT_LOBSTER) {
        complain("--instrument names the symbol of a LOBSTER file; %s is %s, which names its own",
                 replay->path, description->format_name);
        return STATUS_USAGE;
    }
    if (description->format != FLOW_FORMAT_DBN && replay->tick_e9 % TICK_UNITS_OF_4 != 0) {
        complain("--tick: prices of a %s file have four decimals", description->format_name);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* A log that is gone on with must be of this very input. */
static enum status compare_source(struct replay *replay, const struct command_open_source *input)
{
    struct command_open_source logged;
    enum status status = shard_read_source(&replay->shard, &logged);
    if (status != STATUS_OK) {
        complain("the commands log in %s names no input file: it was not made by replay",
                 replay->shard_options.directory);
        return STATUS_USAGE;
    }
    if (logged.bytes != input->bytes ||
        memcmp(&logged.digest, &input->digest, sizeof logged.digest) != 0) {
        complain("%s is not the file that %s was made from (%llu bytes, now %llu, or another "
                 "SHA-256): resume with the same file, or choose another --data directory",
                 replay->path, replay->shard_options.directory, (unsigned long long)logged.bytes,
                 (unsigned long long)input->bytes);
        return STATUS_USAGE;
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
        .symbol = replay->symbol,
        .tick = dbn ? replay->tick_e9 : replay->tick_e9 / TICK_UNITS_OF_4,
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
    enum status status = open_reader(replay);
    if (status != STATUS_OK) {
        return status;
    }
    status = fingerprint_file(replay->path, &input);
    if (status != STATUS_OK) {
        complain("%s: %s", replay->path, status_sentence(status));
        return status;
    }
    input.source = IMPORTER_SOURCE;
    replay->shard_options.on_released = on_released;
    replay->shard_options.context = replay;
    replay->shard_options.genesis = replay_limits_genesis(
        &replay->limits, input.bytes, flow_describe(replay->reader)->compressed);
    if (replay->shard_options.segment_bytes == 0) {
        replay->shard_options.segment_bytes = replay_limits_segment_bytes(input.bytes);
    }
    status = shard_open(&replay->shard, &replay->shard_options);
    if (status != STATUS_OK) {
        complain("%s", replay->shard.reason);
        return status;
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
    if (replay->differences_path != NULL) {
        replay->differences = fopen(replay->differences_path, "w");
        if (replay->differences == NULL) {
            complain("%s cannot be written", replay->differences_path);
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

/* Waits until the message is due; what is durable meanwhile is released. */
static enum status keep_pace(struct replay *replay, struct pace *pace, uint64_t message_ns)
{
    if (sequencer_following(replay->shard.sequencer)) {
        return STATUS_OK;
    }
    if (!pace->begun || message_ns < pace->message_ns) {
        *pace = (struct pace){true, message_ns, host_clock_monotonic_ns()};
        return STATUS_OK;
    }
    double wait_ns = (double)(message_ns - pace->message_ns) * 1000.0 / (double)replay->speed_e3;
    while (host_signal_stop() == 0) {
        int64_t now = host_clock_monotonic_ns();
        double left = wait_ns - (double)(now - pace->clock_ns);
        if (left <= 0) {
            return STATUS_OK;
        }
        enum status status = sequencer_tick(replay->shard.sequencer);
        if (status != STATUS_OK) {
            return status;
        }
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

/* One message in sixteen takes the time at every hop. */
static enum status step_sampled(struct replay *replay)
{
    struct flow_message message;
    struct sequencer_sample sample = {0};
    int64_t stamps[3];
    stamps[0] = host_clock_monotonic_ns();
    enum status status = flow_next(replay->reader, &message);
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
    enum status status = flow_next(replay->reader, &message);
    if (status == STATUS_OK && replay->speed_e3 != 0 && message.time_ns != 0) {
        status = keep_pace(replay, pace, message.time_ns);
    }
    return status == STATUS_OK ? importer_apply(replay->importer, &message) : status;
}

static enum status replay_input(struct replay *replay)
{
    struct progress progress;
    struct pace pace = {0};
    enum status status = importer_begin(replay->importer);
    progress_begin(&progress, replay->shard_options.follow ? "resume" : "replay");
    for (uint64_t steps = 0; status == STATUS_OK; steps++) {
        if (steps % LOOK_UP_EVERY == 0) {
            const struct flow_progress *read = flow_progress(replay->reader);
            progress_show(&progress, read->bytes_read, read->bytes_total, read->messages_read);
            if (host_signal_stop() != 0) {
                status = STATUS_INTERRUPTED;
                break;
            }
        }
        status = steps % SAMPLE_EVERY == 0 && replay->speed_e3 == 0 ? step_sampled(replay)
                                                                    : step(replay, &pace);
    }
    progress_end(&progress);
    return status == STATUS_END ? STATUS_OK : status;
}

/* Everything durable, then the report. */
static enum status replay_finish(struct replay *replay, int64_t begin_ns)
{
    struct report *report = &replay->report;
    struct shard *shard = &replay->shard;
    if (sequencer_following(shard->sequencer)) {
        complain("the log in %s holds more than %s gives: it was made with other options",
                 replay->shard_options.directory, replay->path);
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
    if (replay->json) {
        return report_print_json(report, stdout);
    }
    report_print(report, stdout);
    return STATUS_OK;
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
                 replay->shard_options.directory, replay->shard.reason);
    } else if (replay->shard.fault.status != STATUS_OK && replay->shard.sequencer != NULL) {
        shard_fault(&replay->shard);
        complain("%s: %s", replay->shard_options.directory, replay->shard.reason);
    } else if (error != NULL && error->status == status) {
        char reason[512];
        flow_error_describe(error, reason, sizeof reason);
        complain("%s: %s", replay->path, reason);
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
    if (failed && opened && replay->shard_options.mode == SHARD_FRESH &&
        replay->shard.fault.status == STATUS_OK) {
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
        complain("stopped cleanly after %llu messages; --resume goes on",
                 (unsigned long long)messages);
    }
    importer_close(replay->importer);
    flow_close(replay->reader);
    if (replay->differences != NULL && fclose(replay->differences) != 0 && status == STATUS_OK) {
        complain("%s could not be written", replay->differences_path);
        status = STATUS_IO;
    }
    return exit_code_of(status);
}

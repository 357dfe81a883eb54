/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/replay_settings.h"

#include "journal/embedded/format.h"

#include <string.h>

#define BATCH_BYTES_DEFAULT  (256u << 10)
#define TICK_SCALE           9u /* --tick is read in 10^-9, the finest scale of any format */
#define SEGMENT_BYTES_LOWEST 65536u
#define SPEED_SCALE          3u
#define SYMBOL_BYTES_MAX     16 /* of an instrument in the log */

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
    "without --resume, is refused, and so are --max-orders, --max-levels and --max-instruments "
    "that\n"
    "differ from those that the log was begun with.\n";

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

/* Cut or bent, it would be another instrument. */
static bool read_symbol(const struct options *options, const char **out_symbol)
{
    size_t length = strlen(options->value);
    bool good = length >= 1 && length <= SYMBOL_BYTES_MAX;
    for (size_t i = 0; i < length && good; i++) {
        good = options->value[i] > ' ' && options->value[i] <= '~';
    }
    if (!good) {
        complain("--instrument wants 1 to %d printable ASCII characters without blanks, not '%s'",
                 SYMBOL_BYTES_MAX, options->value);
        return false;
    }
    *out_symbol = options->value;
    return true;
}

static bool read_option(struct replay_settings *settings, const struct options *options)
{
    struct shard_options *shard = &settings->shard_options;
    int word = 0;
    switch ((enum replay_option)options->index) {
    case REPLAY_DATA:
        shard->directory = options->value;
        if (options->value[0] == '\0') {
            complain("--data wants the path of a directory, not an empty one");
            return false;
        }
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
        settings->json = true;
        return true;
    case REPLAY_FORMAT:
        if (flow_format_parse(options->value, &settings->flow_options.format) != STATUS_OK) {
            complain("--format knows lobster, itch, itch-unprefixed, itch-pcap and dbn, not '%s'",
                     options->value);
            return false;
        }
        return true;
    case REPLAY_INSTRUMENT:
        return read_symbol(options, &settings->symbol);
    case REPLAY_TICK:
        return options_decimal(options, TICK_SCALE, &settings->tick_e9);
    case REPLAY_SPEED:
        return read_speed(options, &settings->speed_e3);
    case REPLAY_DIFFERENCES:
        settings->differences_path = options->value;
        return true;
    case REPLAY_MAX_ORDERS:
        return read_number32(options, 1, 1u << 30, &settings->limits.max_orders);
    case REPLAY_MAX_LEVELS:
        return read_number32(options, 1, 1u << 30, &settings->limits.max_levels);
    case REPLAY_MAX_INSTRUMENTS:
        return read_number32(options, 1, 1u << 24, &settings->limits.max_instruments);
    case REPLAY_SEGMENT_BYTES:
        if (!read_number32(options, SEGMENT_BYTES_LOWEST, FORMAT_SEGMENT_BYTES_MAX,
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

int replay_settings_read(struct replay_settings *settings, const struct app_command *command,
                         int argc, char **argv)
{
    *settings = (struct replay_settings){
        .shard_options = {.directory = "dojima-data", .batch_bytes = BATCH_BYTES_DEFAULT},
    };
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(settings, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END &&
        (options_argument_count(&options) != 1 || options_argument(&options, 0)[0] == '\0')) {
        complain("name one input file; see `dojima help replay`");
        return OPTIONS_BAD;
    }
    if (next == OPTIONS_END) {
        settings->path = options_argument(&options, 0);
    }
    return next;
}

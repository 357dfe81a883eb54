/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/shard.h"

#include "apps/dojima/finding.h"
#include "apps/dojima/missing.h"
#include "apps/dojima/options.h"
#include "apps/dojima/shard_snapshot.h"
#include "host/digest.h"
#include "host/machine.h"
#include "host/stream.h"
#include "wire/native/command_codec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two locks; of each log the segment before, the one written to and the next; a directory that is
 * listed or synced meanwhile; the list of differences; and room. */
#define OPEN_FILES_MIN 12u

static enum status open_beside_writer(struct shard *shard);
static enum status open_commands(struct shard *shard);
static enum status open_events(struct shard *shard);
static enum status close_logs(struct shard *shard);

PRINTF_LIKE(3, 4)
static enum status refuse(struct shard *shard, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shard->reason, sizeof shard->reason, format, arguments);
    va_end(arguments);
    return status;
}

static bool only_reads(const struct shard *shard)
{
    return shard->options.mode == SHARD_READ || shard->options.mode == SHARD_BESIDE;
}

static void path_of(const struct shard *shard, const char *name, char out_path[HOST_PATH_BYTES_MAX])
{
    snprintf(out_path, HOST_PATH_BYTES_MAX, "%s/%s", shard->options.directory, name);
}

struct names {
    bool any;
    bool log;
};

static bool on_any_name(void *context, const char *name)
{
    struct names *names = context;
    names->any = true;
    names->log = names->log || strcmp(name, "commands") == 0 || strcmp(name, "events") == 0;
    return true;
}

/* Before anything is made that would then have to go away again. */
static enum status check_open_files(struct shard *shard)
{
    unsigned free = host_machine_free_files(OPEN_FILES_MIN);
    if (only_reads(shard) || free >= OPEN_FILES_MIN) {
        return STATUS_OK;
    }
    return refuse(shard, STATUS_NO_FILES,
                  "only %u more files may be open and a log needs %u: raise the limit, as with "
                  "`ulimit -n 1024`",
                  free, OPEN_FILES_MIN);
}

static enum status prepare_directory(struct shard *shard)
{
    struct host_disk *disk = host_disk_posix();
    const char *directory = shard->options.directory;
    if (strlen(directory) + 16 > HOST_PATH_BYTES_MAX) {
        return refuse(shard, STATUS_OVERFLOW, "the path of the data directory is too long");
    }
    if (directory[0] == '\0') {
        return refuse(shard, STATUS_USAGE, "name a data directory: its path is empty");
    }
    struct names names = {0};
    enum status status = disk->ops->list(disk, directory, on_any_name, &names);
    shard->was_begun = names.log;
    if (status == STATUS_OK && names.any && !names.log && shard->options.follow) {
        return refuse(shard, STATUS_EXISTS,
                      "%s holds no log but other files: name the --data directory that is to be "
                      "gone on with, or an empty one to begin",
                      directory);
    }
    if (status == STATUS_OK && names.any && shard->options.mode == SHARD_FRESH) {
        return refuse(shard, STATUS_EXISTS,
                      "%s is not empty: go on with --resume, or choose another --data directory",
                      directory);
    }
    if (status == STATUS_NOT_FOUND && only_reads(shard)) {
        return refuse(shard, status,
                      "there is no directory %s: name the --data directory of a replay", directory);
    }
    if (status == STATUS_NOT_FOUND) {
        status = disk->ops->make_directory(disk, directory);
        if (status == STATUS_NOT_FOUND) {
            return refuse(shard, status,
                          "the parent of %s does not exist or is no directory: make it first",
                          directory);
        }
        if (status == STATUS_EXISTS) {
            return refuse(shard, status,
                          "%s is there and is no directory: choose another --data directory",
                          directory);
        }
        shard->made_directory = status == STATUS_OK;
    }
    if (status != STATUS_OK) {
        return refuse(shard, status,
                      "%s cannot be used as a data directory (%s): choose another --data directory",
                      directory, status_sentence(status));
    }
    shard->prepared = true;
    return STATUS_OK;
}

static enum status refuse_log(struct shard *shard, const char *log, enum status status,
                              const struct journal_report *report)
{
    struct finding finding = {shard->options.directory, log, report};
    struct text text;
    char lock[HOST_PATH_BYTES_MAX];
    shard->bad_log = log;
    int length = snprintf(lock, sizeof lock, "%s/%s/LOCK", shard->options.directory, log);
    text_init(&text, shard->reason, sizeof shard->reason);
    const char *what =
        length > 0 && (size_t)length < sizeof lock ? host_stream_what(lock) : "nothing";
    if (status == STATUS_INVALID && strcmp(what, "a regular file") != 0 &&
        strcmp(what, "nothing") != 0) {
        text_format(&text, "%s is %s and not the log's lock file: move it away", lock, what);
        return status;
    }
    finding_tell_refusal(&finding, status, &text);
    return status;
}

static enum status refuse_missing(struct shard *shard, const char *log, uint64_t proven_sequence,
                                  struct journal_report *report)
{
    struct text text;
    shard->bad_log = log;
    text_init(&text, shard->reason, sizeof shard->reason);
    missing_tell_log(shard->options.directory, log, proven_sequence, report, &text);
    return STATUS_DAMAGED;
}

enum status shard_check_beginnings(struct shard *shard)
{
    const char *directory = shard->options.directory;
    struct text text;
    text_init(&text, shard->reason, sizeof shard->reason);
    if (missing_tell_beginning(directory, "commands", &shard->commands_report, &text)) {
        shard->bad_log = "commands";
    } else if (missing_tell_beginning(directory, "events", &shard->events_report, &text)) {
        shard->bad_log = "events";
    } else {
        return STATUS_OK;
    }
    return STATUS_DAMAGED;
}

/* What the events log knows of the commands log, without changing anything. */
static uint64_t commands_proven(const struct shard *shard)
{
    char path[HOST_PATH_BYTES_MAX];
    path_of(shard, "events", path);
    struct journal_options options = {
        .kind = JOURNAL_EVENTS, .read_only = true, .trusted_sequence = shard->events_trusted};
    struct journal_report report;
    struct journal *events;
    if (journal_embedded_open(host_disk_posix(), path, &options, &report, &events) != STATUS_OK) {
        return 0;
    }
    struct journal_stat stat;
    journal_stat(events, &stat);
    enum status closed = journal_close(events, false);
    return closed == STATUS_OK ? stat.note.proven_sequence : 0;
}

static void lift(uint64_t *sequence, uint64_t to)
{
    *sequence = *sequence < to ? to : *sequence;
}

/* Of a commands log that could not be opened: nobody else is at it, and it has no record. */
static bool nothing_written(const struct shard *shard)
{
    char path[HOST_PATH_BYTES_MAX];
    path_of(shard, "commands/LOCK", path);
    struct host_disk *disk = host_disk_posix();
    struct host_file *lock;
    enum status status = disk->ops->lock(disk, path, &lock);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND; /* not even its directory was made */
    }
    path_of(shard, "commands", path);
    struct journal_options options = {.kind = JOURNAL_COMMANDS, .read_only = true};
    struct journal_report report;
    struct journal *commands;
    status = journal_embedded_open(disk, path, &options, &report, &commands);
    bool nothing = status == STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        nothing = commands->next_sequence == 1;
        enum status closed = journal_close(commands, false);
        (void)closed; /* only read */
    }
    lock->ops->close(lock);
    return nothing;
}

enum status shard_open(struct shard *shard, const struct shard_options *options)
{
    *shard = (struct shard){.options = *options, .genesis = options->genesis};
    enum status status = check_open_files(shard);
    if (status == STATUS_OK) {
        status = prepare_directory(shard);
    }
    if (status == STATUS_OK && options->snapshots) {
        status = shard_find_snapshots(shard);
    }
    if (status == STATUS_OK && options->mode == SHARD_BESIDE) {
        status = open_beside_writer(shard);
    } else if (status == STATUS_OK) {
        lift(&shard->commands_proven, commands_proven(shard));
        status = open_commands(shard);
        status = status == STATUS_OK ? open_events(shard) : status;
    }
    if (status == STATUS_OK && !only_reads(shard)) {
        status = shard_check_beginnings(shard);
    }
    if (status == STATUS_OK && options->mode == SHARD_FRESH &&
        shard->commands->next_sequence != 1) {
        status = refuse(shard, STATUS_EXISTS, "another process has just written to %s",
                        options->directory);
        shard->prepared = false;
    }
    if (status != STATUS_OK) {
        /* Only what this process holds: files behind another's lock are the other's. */
        if (shard->prepared && options->mode == SHARD_FRESH && status != STATUS_BUSY &&
            (shard->commands != NULL || nothing_written(shard))) {
            shard_discard(shard);
        } else {
            enum status closed = close_logs(shard);
            (void)closed; /* the first failure is the one to tell */
        }
        return status;
    }
    shard->empty = shard->commands->next_sequence == 1;
    return STATUS_OK;
}

static struct journal_options journal_options_of(const struct shard *shard, enum journal_kind kind)
{
    /* A batch fits one segment, behind the segment's header page. */
    uint32_t segment_bytes = shard->options.segment_bytes;
    uint32_t batch_bytes = shard->options.batch_bytes;
    if (segment_bytes != 0 && batch_bytes > segment_bytes - HOST_DISK_PAGE_BYTES) {
        batch_bytes = segment_bytes - HOST_DISK_PAGE_BYTES;
    }
    return (struct journal_options){
        .kind = kind,
        .trusted_sequence =
            kind == JOURNAL_COMMANDS ? shard->commands_trusted : shard->events_trusted,
        .ack = shard->options.ack,
        .read_only = only_reads(shard),
        /* The events are written seldom, and nobody waits for them. */
        .writer_threads = only_reads(shard)          ? 0
                          : kind == JOURNAL_COMMANDS ? 2
                                                     : 1,
        .segments_ahead = !only_reads(shard),
        .segment_bytes = segment_bytes,
        .batch_bytes = batch_bytes,
    };
}

/* The commands log gets its first file before the events log does. */
static enum status open_commands(struct shard *shard)
{
    char path[HOST_PATH_BYTES_MAX];
    path_of(shard, "commands", path);
    if (!missing_log(shard->options.directory, "events") &&
        missing_log(shard->options.directory, "commands")) {
        return refuse_missing(shard, "commands", shard->commands_proven, &shard->commands_report);
    }
    struct journal_options options = journal_options_of(shard, JOURNAL_COMMANDS);
    options.proven_sequence = shard->commands_proven;
    options.writer_threads = shard->options.at_once ? 0 : options.writer_threads;
    enum status status = journal_embedded_open(host_disk_posix(), path, &options,
                                               &shard->commands_report, &shard->commands);
    if (status != STATUS_OK) {
        shard->commands = NULL;
        return refuse_log(shard, "commands", status, &shard->commands_report);
    }
    shard->commands_cut = !options.read_only && shard->commands_report.found == STATUS_TRUNCATED;
    return STATUS_OK;
}

/* The first command is written when both logs have their first file: as long as there was none, a
 * start that was killed may have left the events log out. */
static bool events_not_begun(const struct shard *shard)
{
    const struct journal_report *report = &shard->commands_report;
    return report->found == STATUS_OK && report->next_sequence == 1 && !report->sealed;
}

static enum status open_events(struct shard *shard)
{
    char path[HOST_PATH_BYTES_MAX];
    path_of(shard, "events", path);
    struct journal_stat commands;
    journal_stat(shard->commands, &commands);
    struct journal_options options = journal_options_of(shard, JOURNAL_EVENTS);
    lift(&shard->events_proven, commands.note.proven_sequence);
    options.proven_sequence = shard->events_proven;
    /* Smaller batches of events than of commands would only cost commits. */
    options.batch_bytes = 0;
    bool absent = missing_log(shard->options.directory, "events");
    if (absent && !events_not_begun(shard)) {
        return refuse_missing(shard, "events", shard->events_proven, &shard->events_report);
    }
    shard->events_not_begun = absent && options.read_only;
    enum status status = shard->events_not_begun
                             ? journal_memory_open(&shard->no_events, &options,
                                                   &shard->events_report, &shard->events)
                             : journal_embedded_open(host_disk_posix(), path, &options,
                                                     &shard->events_report, &shard->events);
    if (status != STATUS_OK) {
        shard->events = NULL;
        return refuse_log(shard, "events", status, &shard->events_report);
    }
    shard->events_cut = !options.read_only && shard->events_report.found == STATUS_TRUNCATED;
    return STATUS_OK;
}

/* The events first: each of them has its cause in what is read of the commands later. */
static enum status open_beside_writer(struct shard *shard)
{
    char path[HOST_PATH_BYTES_MAX];
    struct journal_stat stat;
    struct journal_options options = journal_options_of(shard, JOURNAL_EVENTS);
    path_of(shard, "events", path);
    enum status status = journal_embedded_open(host_disk_posix(), path, &options,
                                               &shard->events_report, &shard->events);
    if (status != STATUS_OK) {
        shard->events = NULL;
        return refuse_log(shard, "events", status, &shard->events_report);
    }
    journal_stat(shard->events, &stat);
    options = journal_options_of(shard, JOURNAL_COMMANDS);
    options.proven_sequence = stat.note.proven_sequence;
    path_of(shard, "commands", path);
    status = journal_embedded_open(host_disk_posix(), path, &options, &shard->commands_report,
                                   &shard->commands);
    if (status != STATUS_OK) {
        shard->commands = NULL;
        return refuse_log(shard, "commands", status, &shard->commands_report);
    }
    return STATUS_OK;
}

void shard_tell_cuts(const struct shard *shard)
{
    const struct finding cuts[] = {
        {shard->options.directory, shard->commands_cut ? "commands" : NULL,
         &shard->commands_report},
        {shard->options.directory, shard->events_cut ? "events" : NULL, &shard->events_report},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
        if (cuts[i].log != NULL) {
            char line[SHARD_REASON_BYTES];
            struct text text;
            text_init(&text, line, sizeof line);
            finding_tell_cut(&cuts[i], &text);
            complain("%s", line);
        }
    }
}

enum status shard_build_engine(struct shard *shard)
{
    host_block_close(&shard->engine_block);
    struct arena arena;
    arena_init_measure(&arena);
    enum status status = engine_init(&arena, &shard->genesis, &shard->engine);
    if (status == STATUS_UNSUPPORTED) {
        return refuse(shard, status,
                      "%s begins with version %u of the rules, this release knows up to %u: start "
                      "the release that wrote it, or a later one",
                      shard->options.directory, (unsigned)shard->genesis.logic_version,
                      (unsigned)LOGIC_NEWEST);
    }
    if (status != STATUS_OK) {
        return refuse(shard, status,
                      "the engine refuses these limits: a limit is 0 or "
                      "contradicts another");
    }
    uint64_t machine_bytes = host_memory_bytes();
    status = machine_bytes != 0 && arena.used > machine_bytes - machine_bytes / 8
                 ? STATUS_NO_MEMORY
                 : host_block_open(arena.used, !only_reads(shard), &shard->engine_block);
    if (status != STATUS_OK) {
        return refuse(shard, status,
                      "the engine needs %zu MiB of memory: choose smaller --max-orders and "
                      "--max-levels, in a venue limits.orders and limits.levels",
                      arena.used >> 20);
    }
    arena_init_zeroed(&arena, shard->engine_block.bytes, shard->engine_block.count);
    status = engine_init(&arena, &shard->genesis, &shard->engine);
    ASSERT(status == STATUS_OK);
    arena_seal(&arena);
    return STATUS_OK;
}

enum status shard_start(struct shard *shard)
{
    enum status status = STATUS_OK;
    if (!shard->empty) {
        status = sequencer_read_genesis(shard->commands, &shard->genesis);
        if (status != STATUS_OK) {
            return refuse(shard, status, "the commands log in %s does not begin with GENESIS",
                          shard->options.directory);
        }
    }
    status = shard_build_engine(shard);
    if (status == STATUS_OK && !shard->empty) {
        status = shard_load_snapshot(shard);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct sequencer_options options = {
        .commands = shard->commands,
        .events = shard->events,
        .engine = shard->engine,
        .follow = shard->options.follow,
        .full = shard->options.full,
        .read_only = only_reads(shard),
        .event_hash = shard->base.event_hash,
        .on_released = shard->options.on_released,
        .on_event = shard->options.on_event,
        .context = shard->options.context,
    };
    struct arena arena;
    arena_init_measure(&arena);
    status = sequencer_open(&arena, &options, &shard->fault, &shard->sequencer);
    ASSERT(status == STATUS_OK);
    status = host_block_open(arena.used, !only_reads(shard), &shard->sequencer_block);
    if (status != STATUS_OK) {
        return refuse(shard, status, "the sequencer needs %zu MiB of memory", arena.used >> 20);
    }
    arena_init_zeroed(&arena, shard->sequencer_block.bytes, shard->sequencer_block.count);
    status = sequencer_open(&arena, &options, &shard->fault, &shard->sequencer);
    return status == STATUS_OK ? STATUS_OK : shard_fault(shard);
}

enum status shard_fault(struct shard *shard)
{
    const struct sequencer_fault *fault = &shard->fault;
    struct text text;
    text_init(&text, shard->reason, sizeof shard->reason);
    text_add(&text, fault->reason);
    if (fault->command_sequence != 0) {
        text_format(&text, ", at command %llu", (unsigned long long)fault->command_sequence);
    }
    if (fault->event_sequence != 0 && fault->event_last > fault->event_sequence) {
        text_format(&text, ", events %llu to %llu", (unsigned long long)fault->event_sequence,
                    (unsigned long long)fault->event_last);
    } else if (fault->event_sequence != 0) {
        text_format(&text, ", at event %llu", (unsigned long long)fault->event_sequence);
    }
    if (fault->status != STATUS_MISMATCH) {
        text_format(&text, " (%s)", status_sentence(fault->status));
    }
    return fault->status;
}

enum status shard_read_source(struct shard *shard, struct command_open_source *out_source)
{
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[8];
    struct command command = {0};
    size_t count = 0;
    enum status status =
        journal_poll(shard->commands, &cursor, entries, ARRAY_COUNT(entries), &count);
    bool found = false;
    for (size_t i = 0; i < count && status == STATUS_OK && !found; i++) {
        status = command_header_decode(entries[i].body, entries[i].body_bytes, &command.header);
        if (status == STATUS_OK && command.header.id == COMMAND_OPEN_SOURCE) {
            status = command_body_decode(entries[i].body + COMMAND_HEADER_BYTES,
                                         entries[i].body_bytes - COMMAND_HEADER_BYTES, &command);
            found = status == STATUS_OK;
        }
    }
    journal_cursor_close(shard->commands, &cursor);
    if (status == STATUS_OK && !found) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        *out_source = command.open_source;
    }
    return status;
}

static enum status close_logs(struct shard *shard)
{
    enum status status = STATUS_OK;
    if (shard->commands != NULL) {
        status = journal_close(shard->commands, false);
    }
    if (shard->events != NULL) {
        enum status events = journal_close(shard->events, false);
        status = status == STATUS_OK ? events : status;
    }
    shard->commands = NULL;
    shard->events = NULL;
    return status;
}

enum status shard_close(struct shard *shard, bool seal)
{
    enum status status;
    if (shard->sequencer != NULL) {
        status = sequencer_close(shard->sequencer, seal);
        shard->sequencer = NULL;
        shard->commands = NULL;
        shard->events = NULL;
        if (status != STATUS_OK && shard->fault.status == STATUS_OK) {
            status = refuse(shard, status, "the logs in %s could not be closed: %s",
                            shard->options.directory, status_sentence(status));
        }
    } else {
        status = close_logs(shard);
    }
    shard->engine = NULL;
    host_block_close(&shard->streams);
    host_block_close(&shard->engine_block);
    host_block_close(&shard->sequencer_block);
    return status;
}

static bool on_log_file(void *context, const char *name)
{
    char path[HOST_PATH_BYTES_MAX + HOST_NAME_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    (void)remove(path);
    return true;
}

static void remove_log(const struct shard *shard, const char *name)
{
    char path[HOST_PATH_BYTES_MAX];
    path_of(shard, name, path);
    struct host_disk *disk = host_disk_posix();
    if (disk->ops->list(disk, path, on_log_file, path) == STATUS_OK) {
        (void)remove(path);
    }
}

void shard_discard(struct shard *shard)
{
    ASSERT(shard->options.mode == SHARD_FRESH ||
           (shard->options.mode == SHARD_RESUME && shard->empty));
    enum status closed = shard_close(shard, false);
    (void)closed; /* it goes away whatever closing said */
    remove_log(shard, "commands");
    remove_log(shard, "events");
    if (shard->made_directory) {
        (void)remove(shard->options.directory);
    }
}

static void on_state_bytes(void *context, const uint8_t *bytes, size_t count)
{
    host_digest_add(context, bytes, count);
}

enum status shard_state_hash(const struct shard *shard, char out_digits[SHARD_HASH_DIGITS + 1])
{
    struct host_digest *digest;
    enum status status = host_digest_open(&digest);
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t value[HOST_DIGEST_BYTES];
    host_digest_begin(digest);
    engine_walk(shard->engine, on_state_bytes, digest);
    host_digest_end(digest, value);
    host_digest_close(digest);
    for (size_t i = 0; i < HOST_DIGEST_BYTES; i++) {
        snprintf(out_digits + 2 * i, 3, "%02x", value[i]);
    }
    return STATUS_OK;
}

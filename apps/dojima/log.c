/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/log.h"
#include "apps/dojima/finding.h"
#include "apps/dojima/options.h"
#include "host/signal.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX 2048

enum log_option {
    LOG_JSON,
    LOG_FROM,
    LOG_TO,
    LOG_ONLY,
    LOG_FULL,
};

const struct option_spec log_options[] = {
    [LOG_JSON] = {"json", NULL, "JSON: one object a line (dump), one object (others)", NULL},
    [LOG_FROM] = {"from", "N", "dump: first command sequence (1)", NULL},
    [LOG_TO] = {"to", "N", "dump: last command sequence (the end)", NULL},
    [LOG_ONLY] = {"only", "commands|events", "dump: one of the two logs", "commands events"},
    [LOG_FULL] = {"full", NULL, "verify: compare every event byte by byte", NULL},
    {NULL, NULL, NULL, NULL},
};

const char log_details[] =
    "dump    writes the commands, each followed by the events it caused, as text or JSON lines.\n"
    "stat    tells sequences, bytes, segments and how the logs ended.\n"
    "verify  reads every byte of both logs, then replays the commands through a fresh engine and\n"
    "        compares the running event hash of every batch. The first bad sequence is named.\n"
    "compact rewrites finished segments with zstd, in less space; records, batches and\n"
    "        chain stay what they are, and every command reads both. A venue may run meanwhile.\n"
    "Nothing is changed by the first three.\n";

static int log_dump(struct log_job *job);
static int log_stat(struct log_job *job);

static const struct {
    const char *name;
    int (*run)(struct log_job *job);
} actions[] = {
    {"dump", log_dump}, {"stat", log_stat}, {"verify", log_verify}, {"compact", log_compact}};

static bool read_option(struct log_job *job, const struct options *options)
{
    int word = 0;
    switch ((enum log_option)options->index) {
    case LOG_JSON:
        job->json = true;
        return true;
    case LOG_FROM:
        return options_number(options, 1, UINT64_MAX, &job->from);
    case LOG_TO:
        return options_number(options, 1, UINT64_MAX, &job->to);
    case LOG_ONLY:
        if (!options_word(options, "commands events", &word)) {
            return false;
        }
        job->only_commands = word == 0;
        job->only_events = word == 1;
        return true;
    case LOG_FULL:
        job->shard_options.full = true;
        return true;
    }
    return false;
}

int run_log(const struct app_command *command, int argc, char **argv)
{
    struct log_job job = {.from = 1, .to = UINT64_MAX, .shard_options = {.mode = SHARD_READ}};
    struct options options;
    options_begin(&options, command, argc, argv);
    int next = options_next(&options);
    while (next >= 0) {
        next = read_option(&job, &options) ? options_next(&options) : OPTIONS_BAD;
    }
    if (next == OPTIONS_END && options_argument_count(&options) != 2) {
        complain("say what to do and where: dojima log dump|stat|verify|compact DIR");
        next = OPTIONS_BAD;
    }
    if (next == OPTIONS_END && job.from > job.to) {
        complain(
            "--from %llu is behind --to %llu: name a first command that is not behind the last",
            (unsigned long long)job.from, (unsigned long long)job.to);
        next = OPTIONS_BAD;
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    job.shard_options.directory = options_argument(&options, 1);
    host_signal_catch_stop();
    for (size_t i = 0; i < ARRAY_COUNT(actions); i++) {
        if (strcmp(options_argument(&options, 0), actions[i].name) == 0) {
            return actions[i].run(&job);
        }
    }
    complain("log knows dump, stat, verify and compact, not '%s'", options_argument(&options, 0));
    return EXIT_BAD_INPUT;
}

static enum status open_shard(struct log_job *job)
{
    enum status status = shard_open(&job->shard, &job->shard_options);
    if (status != STATUS_OK) {
        complain("%s", job->shard.reason);
    }
    return status;
}

void log_close_shard(struct log_job *job)
{
    enum status closed = shard_close(&job->shard, false);
    (void)closed; /* only read: there is nothing left to lose */
}

/* A cursor with the records it has polled. */
struct reading {
    struct journal *journal;
    struct journal_cursor cursor;
    struct journal_entry entries[64];
    size_t count;
    size_t at;
    enum status status;
};

/* The next record without taking it; null at the end or after a failure. */
static const struct journal_entry *peek(struct reading *reading)
{
    if (reading->at == reading->count && reading->status == STATUS_OK) {
        reading->at = 0;
        reading->count = 0;
        reading->status = journal_poll(reading->journal, &reading->cursor, reading->entries,
                                       ARRAY_COUNT(reading->entries), &reading->count);
    }
    return reading->at < reading->count ? &reading->entries[reading->at] : NULL;
}

static enum status decode_command(const struct journal_entry *entry, struct command *out_command)
{
    enum status status =
        command_header_decode(entry->body, entry->body_bytes, &out_command->header);
    if (status == STATUS_OK) {
        out_command->header.sequence = entry->sequence;
        out_command->header.time_ns = (uint64_t)entry->time_ns;
        status = command_body_decode(entry->body + COMMAND_HEADER_BYTES,
                                     entry->body_bytes - COMMAND_HEADER_BYTES, out_command);
    }
    return status;
}

static enum status decode_event(const struct journal_entry *entry, struct event *out_event)
{
    enum status status = event_header_decode(entry->body, entry->body_bytes, &out_event->header);
    if (status == STATUS_OK) {
        out_event->header.sequence = entry->sequence;
        out_event->header.time_ns = (uint64_t)entry->time_ns;
        status = event_body_decode(entry->body + EVENT_HEADER_BYTES,
                                   entry->body_bytes - EVENT_HEADER_BYTES, out_event);
    }
    return status;
}

static enum status print_command(const struct log_job *job, const struct journal_entry *entry)
{
    struct command command = {0};
    char line[LINE_BYTES_MAX];
    struct text text;
    enum status status = decode_command(entry, &command);
    if (status != STATUS_OK) {
        return status;
    }
    text_init(&text, line, sizeof line);
    if (job->json) {
        command_describe_json(&command, &text);
    } else {
        command_describe_text(&command, &text);
    }
    printf("%s\n", line);
    return STATUS_OK;
}

static enum status print_event(const struct log_job *job, const struct journal_entry *entry)
{
    struct event event = {0};
    char line[LINE_BYTES_MAX];
    struct text text;
    enum status status = decode_event(entry, &event);
    if (status != STATUS_OK) {
        return status;
    }
    if (event.header.cause < job->from || event.header.cause > job->to) {
        return STATUS_OK;
    }
    text_init(&text, line, sizeof line);
    if (job->json) {
        event_describe_json(&event, &text);
    } else {
        event_describe_text(&event, &text);
    }
    printf("%s%s\n", job->json || job->only_events ? "" : "  ", line);
    return STATUS_OK;
}

/* Events up to those that the command `cause` made. */
static enum status print_events_until(const struct log_job *job, struct reading *events,
                                      uint64_t cause)
{
    const struct journal_entry *entry;
    while ((entry = peek(events)) != NULL) {
        if (entry->body_bytes >= EVENT_HEADER_BYTES && bytes_load_le64(entry->body + 4) > cause) {
            break;
        }
        enum status status = print_event(job, entry);
        if (status != STATUS_OK) {
            return status;
        }
        events->at++;
    }
    return events->status;
}

/* The first event of a command at or behind `from`: halving, because causes only rise. */
static uint64_t first_event_of(struct shard *shard, uint64_t from)
{
    uint64_t low = 1;
    uint64_t high = shard->events->next_sequence;
    struct journal_cursor cursor = journal_cursor_at(1);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct journal_entry entry;
        size_t count = 0;
        cursor.next_sequence = middle;
        enum status status = journal_poll(shard->events, &cursor, &entry, 1, &count);
        if (status != STATUS_OK || count == 0 || entry.body_bytes < EVENT_HEADER_BYTES) {
            low = 1; /* damaged: go through all of it and meet the damage where it is */
            break;
        }
        if (bytes_load_le64(entry.body + 4) < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    journal_cursor_close(shard->events, &cursor);
    return low;
}

static enum status dump(struct log_job *job, struct reading *commands, struct reading *events)
{
    enum status status = STATUS_OK;
    const struct journal_entry *entry;
    while (status == STATUS_OK && (entry = peek(commands)) != NULL && entry->sequence <= job->to) {
        uint64_t sequence = entry->sequence;
        if (!job->only_events) {
            status = print_command(job, entry);
        }
        commands->at++;
        if (status == STATUS_OK && !job->only_commands) {
            status = print_events_until(job, events, sequence);
        }
        if (ferror(stdout)) {
            break; /* main says so */
        }
        if (host_signal_stop() != 0) {
            return STATUS_INTERRUPTED;
        }
    }
    return status == STATUS_OK ? commands->status : status;
}

/* Which log, where, and what opening it found there. */
static void tell_unreadable(const struct log_job *job, const struct reading *commands,
                            const struct reading *events, enum status status)
{
    bool in_commands = commands->status != STATUS_OK;
    const struct reading *bad = in_commands ? commands : events;
    struct finding finding = {job->shard_options.directory, in_commands ? "commands" : "events",
                              in_commands ? &job->shard.commands_report
                                          : &job->shard.events_report};
    if (bad->status != STATUS_DAMAGED || finding.report->found != STATUS_DAMAGED) {
        complain("the %s log in %s cannot be read at sequence %llu: %s", finding.log,
                 finding.directory, (unsigned long long)bad->cursor.next_sequence,
                 status_sentence(status));
        return;
    }
    char line[SHARD_REASON_BYTES];
    struct text text;
    text_init(&text, line, sizeof line);
    finding_tell_refusal(&finding, STATUS_DAMAGED, &text);
    complain("%s", line);
}

static int log_dump(struct log_job *job)
{
    enum status status = open_shard(job);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    struct reading commands = {.journal = job->shard.commands,
                               .cursor = journal_cursor_at(job->from)};
    struct reading events = {
        .journal = job->shard.events,
        .cursor = journal_cursor_at(job->from == 1 ? 1 : first_event_of(&job->shard, job->from))};
    status = dump(job, &commands, &events);
    fflush(stdout);
    if (status == STATUS_NOT_FOUND && shard_check_beginnings(&job->shard) != STATUS_OK) {
        status = STATUS_DAMAGED;
        complain("%s", job->shard.reason);
    } else if (status != STATUS_OK && status != STATUS_INTERRUPTED) {
        tell_unreadable(job, &commands, &events, status);
    }
    journal_cursor_close(job->shard.commands, &commands.cursor);
    journal_cursor_close(job->shard.events, &events.cursor);
    log_close_shard(job);
    return status_exit_code(status);
}

static const char *ending_of(const struct journal_report *report)
{
    return report->found != STATUS_OK ? report->reason
           : report->sealed           ? "sealed by a clean stop"
                                      : "open: not stopped cleanly";
}

static void print_stat(const struct log_job *job, const char *name, struct journal *journal,
                       const struct journal_report *report)
{
    struct journal_stat stat;
    journal_stat(journal, &stat);
    char chain[2 * JOURNAL_CHAIN_BYTES + 1];
    for (size_t i = 0; i < JOURNAL_CHAIN_BYTES; i++) {
        snprintf(chain + 2 * i, 3, "%02x", stat.chain[i]);
    }
    unsigned long long records = stat.next_sequence - stat.first_sequence;
    if (job->json) {
        printf("\"%s\": {\"first_sequence\": %llu, \"next_sequence\": %llu, \"segments\": %u, "
               "\"used_bytes\": %llu, \"record_bytes\": %llu, \"event_hash\": \"%016llx\", "
               "\"proven_sequence\": %llu, \"sealed\": %s, \"found\": \"%s\", \"chain\": \"%s\"}",
               name, (unsigned long long)stat.first_sequence,
               (unsigned long long)stat.next_sequence, stat.segments,
               (unsigned long long)stat.used_bytes, (unsigned long long)stat.record_bytes,
               (unsigned long long)stat.note.running_hash,
               (unsigned long long)report->proven_sequence, report->sealed ? "true" : "false",
               status_name(report->found), chain);
        return;
    }
    printf("%s\n", name);
    printf("  records     %14llu   %llu to %llu\n", records,
           (unsigned long long)stat.first_sequence, (unsigned long long)(stat.next_sequence - 1));
    printf("  bytes       %14llu   %.1f a record; with padding %llu, %.1f\n",
           (unsigned long long)stat.record_bytes,
           records > 0 ? (double)stat.record_bytes / (double)records : 0.0,
           (unsigned long long)stat.used_bytes,
           records > 0 ? (double)stat.used_bytes / (double)records : 0.0);
    printf("  segments    %14u   %s\n", stat.segments, ending_of(report));
    printf("  event hash  %016llx   up to the last batch\n",
           (unsigned long long)stat.note.running_hash);
    printf("  chain       %s\n", chain);
}

static int log_stat(struct log_job *job)
{
    enum status status = open_shard(job);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    fputs(job->json ? "{" : "", stdout);
    print_stat(job, "commands", job->shard.commands, &job->shard.commands_report);
    fputs(job->json ? ", " : "", stdout);
    print_stat(job, "events", job->shard.events, &job->shard.events_report);
    fputs(job->json ? "}\n" : "", stdout);
    log_close_shard(job);
    return EXIT_OK;
}

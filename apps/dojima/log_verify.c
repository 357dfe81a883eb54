/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/finding.h"
#include "apps/dojima/log.h"
#include "apps/dojima/options.h"
#include "apps/dojima/progress.h"
#include "host/signal.h"
#include "host/stream.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES_MAX 2048
#define PIECE          4096u /* commands between looks for a signal */

/* What verify says: one line, or one object. */
static int tell(const struct log_job *job, const char *log, uint64_t sequence, const char *reason,
                uint64_t commands, uint64_t events)
{
    bool good = reason == NULL;
    if (job->json) {
        char line[LINE_BYTES_MAX];
        struct text text;
        text_init(&text, line, sizeof line);
        text_format(&text, "{\"ok\": %s, \"commands\": %llu, \"events\": %llu",
                    good ? "true" : "false", (unsigned long long)commands,
                    (unsigned long long)events);
        if (!good) {
            text_format(&text, ", \"log\": \"%s\", \"bad_sequence\": %llu, \"reason\": ", log,
                        (unsigned long long)sequence);
            text_add_json(&text, reason, strlen(reason));
        }
        printf("%s}\n", line);
    } else if (good) {
        printf("%s: both logs are whole; %llu commands make the %llu events that are logged%s\n",
               job->shard_options.directory, (unsigned long long)commands,
               (unsigned long long)events,
               job->shard_options.full ? ", byte for byte" : ", by their running hash");
    } else {
        printf("%s: BAD %s log at sequence %llu: %s\n", job->shard_options.directory, log,
               (unsigned long long)sequence, reason);
    }
    return good ? EXIT_OK : EXIT_CHECK_FAILED;
}

/* What a start would cut: no sound log, but one that goes on. */
struct torn {
    const char *log; /* null: nothing is */
    uint64_t sequence;
    char reason[SHARD_REASON_BYTES];
};

/* Every byte of one log, as far as the other one proves it; false: *out_code settles it. */
static bool verify_bytes(struct log_job *job, const char *log, uint64_t proven_sequence,
                         struct torn *torn, int *out_code)
{
    char path[HOST_PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", job->shard_options.directory, log); /* shard_open fits */
    struct journal_report report;
    enum status status = journal_embedded_verify(host_disk_posix(), path, proven_sequence, &report);
    if (status == STATUS_OK) {
        return true;
    }
    if (status != STATUS_DAMAGED) {
        complain("the %s log in %s cannot be read (%s): check its disk and permissions", log,
                 job->shard_options.directory, status_sentence(status));
        *out_code = status_exit_code(status);
        return false;
    }
    bool is_torn = report.found == STATUS_TRUNCATED;
    char reason[SHARD_REASON_BYTES];
    struct finding finding = {job->shard_options.directory, log, &report};
    struct text text;
    text_init(&text, reason, sizeof reason);
    text_format(&text, "%s (segment %u, byte %llu%s)", report.reason, report.bad_segment,
                (unsigned long long)report.bad_offset,
                !is_torn                    ? ""
                : report.nonzero_bytes == 0 ? "; the next start would mend it"
                                            : "; the next start would cut it");
    finding_tell_missing(&finding, &text);
    if (!is_torn) {
        *out_code = tell(job, log, report.bad_sequence, reason, 0, 0);
        return false;
    }
    if (torn->log == NULL) {
        torn->log = log;
        torn->sequence = report.bad_sequence;
        memcpy(torn->reason, reason, sizeof reason);
    }
    return true;
}

static enum status replay_log(struct log_job *job)
{
    struct progress progress;
    progress_begin(&progress, "verify");
    struct sequencer_counts counts = {0};
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = sequencer_recover_some(job->shard.sequencer, PIECE);
        sequencer_count(job->shard.sequencer, &counts);
        progress_show(&progress, counts.commands, counts.commands_logged, counts.commands);
        if (status == STATUS_OK && host_signal_stop() != 0) {
            status = STATUS_INTERRUPTED;
        }
    }
    progress_end(&progress);
    return status == STATUS_END ? STATUS_OK : status;
}

static int verify_events(struct log_job *job, const struct torn *torn)
{
    if (job->shard.empty && job->shard.events->next_sequence > 1) {
        return tell(job, "commands", 1,
                    "it holds no command, and the events log holds what commands have caused", 0,
                    0);
    }
    enum status status = job->shard.empty ? STATUS_OK : shard_start(&job->shard);
    struct sequencer_counts counts = {0};
    if (status == STATUS_OK && !job->shard.empty) {
        status = replay_log(job);
        sequencer_count(job->shard.sequencer, &counts);
    }
    if (status == STATUS_OK && torn->log != NULL) {
        return tell(job, torn->log, torn->sequence, torn->reason, 0, 0);
    }
    if (status == STATUS_OK) {
        if (job->shard.events_not_begun && !job->json) {
            printf("there is no events log yet: a start was killed before it made it, the next "
                   "one does\n");
        }
        if (counts.events_recovered > 0 && !job->json) {
            printf("%llu events of the last commands are not in the events log yet: the next "
                   "start appends them\n",
                   (unsigned long long)counts.events_recovered);
        }
        return tell(job, "", 0, NULL, counts.commands, counts.events_compared);
    }
    if (job->shard.fault.status == STATUS_OK) {
        if (status != STATUS_INTERRUPTED) {
            complain("%s", job->shard.reason);
        }
        return status_exit_code(status);
    }
    const struct sequencer_fault *fault = &job->shard.fault;
    shard_fault(&job->shard);
    if (fault->status == STATUS_NO_FILES || fault->status == STATUS_NO_MEMORY ||
        fault->status == STATUS_DENIED || fault->status == STATUS_IO) {
        complain("the logs in %s cannot be read: %s", job->shard_options.directory,
                 job->shard.reason);
        return status_exit_code(fault->status); /* says nothing about the log */
    }
    bool in_events = fault->event_sequence != 0;
    return tell(job, in_events ? "events" : "commands",
                in_events ? fault->event_sequence : fault->command_sequence, job->shard.reason, 0,
                0);
}

/* What shard_open or shard_check_beginnings has refused. */
static int tell_refusal(const struct log_job *job)
{
    const struct shard *shard = &job->shard;
    bool commands = strcmp(shard->bad_log, "commands") == 0;
    return tell(job, shard->bad_log,
                commands ? shard->commands_report.bad_sequence : shard->events_report.bad_sequence,
                shard->reason, 0, 0);
}

static int verify_shard(struct log_job *job)
{
    struct shard *shard = &job->shard;
    if (shard_check_beginnings(shard) != STATUS_OK) {
        return tell_refusal(job);
    }
    int code = EXIT_OK;
    struct torn torn = {.log = NULL};
    if (verify_bytes(job, "commands", shard->commands_proven, &torn, &code) &&
        (shard->events_not_begun ||
         verify_bytes(job, "events", shard->events_proven, &torn, &code))) {
        code = verify_events(job, &torn);
    }
    return code;
}

/* The two logs are read one after the other: what is written meanwhile would look like a loss. */
static bool is_written_to(const struct log_job *job, const char *log)
{
    char path[HOST_PATH_BYTES_MAX];
    struct host_file *lock = NULL;
    int length = snprintf(path, sizeof path, "%s/%s/LOCK", job->shard_options.directory, log);
    if (length <= 0 || (size_t)length >= sizeof path ||
        strcmp(host_stream_what(path), "a regular file") != 0) {
        return false; /* whatever is wrong there, the reading finds it */
    }
    struct host_disk *disk = host_disk_posix();
    enum status status = disk->ops->lock(disk, path, &lock);
    if (status == STATUS_OK) {
        lock->ops->close(lock);
    }
    return status == STATUS_BUSY;
}

/* Opened as a start opens it, so that verify finds good what a start takes. */
int log_verify(struct log_job *job)
{
    if (is_written_to(job, "commands") || is_written_to(job, "events")) {
        complain("another process writes to the logs in %s: stop it first, or verify a copy made "
                 "after that",
                 job->shard_options.directory);
        return status_exit_code(STATUS_BUSY);
    }
    enum status status = shard_open(&job->shard, &job->shard_options);
    if (job->shard.bad_log != NULL && (status == STATUS_DAMAGED || status == STATUS_MISMATCH)) {
        return tell_refusal(job);
    }
    if (status != STATUS_OK) {
        complain("%s", job->shard.reason);
        return status_exit_code(status);
    }
    int code = verify_shard(job);
    log_close_shard(job);
    return code;
}

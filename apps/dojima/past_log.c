/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/past_log.h"

#include "apps/dojima/finding.h"
#include "apps/dojima/options.h"
#include "host/signal.h"

static void close_shard(struct past_log *log)
{
    enum status closed = shard_close(&log->shard, false);
    (void)closed; /* only read: there is nothing left to lose */
}

int past_log_open(struct past_log *log, const char *directory)
{
    struct shard_options options = {.directory = directory, .mode = SHARD_READ};
    *log = (struct past_log){.past = {.commands = NULL}};
    enum status status = shard_open(&log->shard, &options);
    if (status == STATUS_OK) {
        status = shard_check_beginnings(&log->shard);
        if (status != STATUS_OK) {
            complain("%s", log->shard.reason);
            close_shard(log);
            return status_exit_code(status);
        }
    } else {
        complain("%s", log->shard.reason);
        return status_exit_code(status);
    }
    uint64_t first = log->shard.commands_report.first_sequence;
    if (first > 1 && first < log->shard.commands->next_sequence) {
        complain("commands before %llu were dropped from the log in %s: without them nothing can "
                 "be told",
                 (unsigned long long)first, directory);
        close_shard(log);
        return EXIT_CHECK_FAILED;
    }
    status = past_open(&log->past, log->shard.commands);
    if (status == STATUS_NOT_FOUND) {
        complain("the commands log in %s holds no command yet", directory);
    } else if (status != STATUS_OK) {
        return past_log_failed(log, status);
    }
    if (status != STATUS_OK) {
        close_shard(log);
        return status_exit_code(status);
    }
    progress_begin(&log->progress, "replay");
    return EXIT_OK;
}

bool past_log_progress(void *context, uint64_t done, uint64_t total)
{
    struct past_log *log = context;
    progress_show(&log->progress, done, total, done);
    return host_signal_stop() == 0;
}

static void tell_damage(const struct past_log *log)
{
    char line[SHARD_REASON_BYTES];
    struct text text;
    struct finding finding = {log->shard.options.directory, "commands",
                              &log->shard.commands_report};
    text_init(&text, line, sizeof line);
    finding_tell_refusal(&finding, STATUS_DAMAGED, &text);
    complain("%s", line);
}

int past_log_failed(struct past_log *log, enum status status)
{
    const char *directory = log->shard.options.directory;
    progress_end(&log->progress);
    if (status == STATUS_DAMAGED && log->shard.commands_report.found == STATUS_DAMAGED) {
        tell_damage(log);
    } else if (status == STATUS_NO_MEMORY) {
        complain("a private engine with the limits of the log in %s finds no memory", directory);
    } else if (status == STATUS_MISMATCH) {
        complain("command %llu: what the engine did is not what its checks lead to; this is a "
                 "fault of this program, see `dojima log verify %s`",
                 (unsigned long long)log->past.sequence, directory);
    } else if (status != STATUS_INTERRUPTED) {
        complain("the commands log in %s cannot be read at sequence %llu: %s; `dojima log verify "
                 "%s` tells more",
                 directory, (unsigned long long)log->past.sequence, status_sentence(status),
                 directory);
    }
    past_log_close(log);
    return status_exit_code(status);
}

int past_log_warn(const struct past_log *log)
{
    if (log->shard.commands_report.found != STATUS_DAMAGED) {
        return EXIT_OK;
    }
    tell_damage(log);
    complain("what came behind it is not told");
    return EXIT_CHECK_FAILED;
}

void past_log_close(struct past_log *log)
{
    past_close(&log->past);
    close_shard(log);
}

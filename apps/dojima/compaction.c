/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/compaction.h"

#include "apps/dojima/progress.h"
#include "host/signal.h"

#include <stdio.h>

static enum status explain(struct compaction *compaction, const struct journal_compaction *log,
                           enum status status)
{
    if (status == STATUS_DAMAGED) {
        snprintf(compaction->reason, sizeof compaction->reason,
                 "segment %u of %s is not compacted: %s", log->next_number, log->directory,
                 log->reason != NULL ? log->reason : status_sentence(status));
    } else if (status != STATUS_INTERRUPTED) {
        snprintf(compaction->reason, sizeof compaction->reason, "%s cannot be compacted: %s",
                 log->directory, status_sentence(status));
    }
    return status;
}

static enum status compact_log(struct compaction *compaction, const char *name, uint64_t sequence,
                               struct progress *progress)
{
    char directory[HOST_PATH_BYTES_MAX];
    snprintf(directory, sizeof directory, "%s/%s", compaction->directory, name);
    struct journal_compaction log = {
        .disk = host_disk_posix(), .directory = directory, .through_sequence = sequence};
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = host_signal_stop() != 0 ? STATUS_INTERRUPTED : journal_embedded_compact(&log);
        if (progress != NULL) {
            uint32_t done = compaction->segments + log.segments;
            progress_show(progress, done, 0, done);
        }
    }
    compaction->segments += log.segments;
    compaction->bytes_before += log.bytes_before;
    compaction->bytes_after += log.bytes_after;
    return status == STATUS_END ? STATUS_OK : explain(compaction, &log, status);
}

enum status compaction_run(struct compaction *compaction)
{
    struct progress progress;
    if (!compaction->quiet) {
        progress_begin(&progress, "compact");
    }
    struct progress *shown = compaction->quiet ? NULL : &progress;
    enum status status = compact_log(compaction, "commands", compaction->commands_sequence, shown);
    if (status == STATUS_OK) {
        status = compact_log(compaction, "events", compaction->events_sequence, shown);
    }
    if (!compaction->quiet) {
        progress_end(&progress);
    }
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/compaction.h"
#include "apps/dojima/log.h"
#include "apps/dojima/options.h"

#include <stdio.h>

static int tell(const struct log_job *job, const struct compaction *compaction)
{
    if (job->json) {
        printf("{\"segments\": %u, \"bytes_before\": %llu, \"bytes_after\": %llu}\n",
               compaction->segments, (unsigned long long)compaction->bytes_before,
               (unsigned long long)compaction->bytes_after);
    } else if (compaction->segments == 0) {
        printf("%s: no finished segment is left to compact\n", compaction->directory);
    } else {
        printf("%s: %u segments compacted, from %.1f to %.1f MB\n", compaction->directory,
               compaction->segments, (double)compaction->bytes_before / 1e6,
               (double)compaction->bytes_after / 1e6);
    }
    return EXIT_OK;
}

int log_compact(struct log_job *job)
{
    job->shard_options.mode = SHARD_BESIDE;
    enum status status = shard_open(&job->shard, &job->shard_options);
    if (status != STATUS_OK) {
        complain("%s", job->shard.reason);
        return status_exit_code(status);
    }
    struct compaction compaction = {
        .directory = job->shard_options.directory,
        .commands_sequence = job->shard.commands_report.proven_sequence,
        .events_sequence = job->shard.events_report.proven_sequence,
    };
    log_close_shard(job);
    status = compaction_run(&compaction);
    if (status != STATUS_OK) {
        if (compaction.reason[0] != '\0') {
            complain("%s", compaction.reason);
        }
        return status_exit_code(status);
    }
    return tell(job, &compaction);
}

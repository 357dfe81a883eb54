/* SPDX-License-Identifier: Apache-2.0
 *
 * What the actions of `dojima log` share: the directory that is looked at, and how.
 *
 * Owner: run_log. Threads: one. Memory: none. Errors: the actions return exit codes and say why.
 * Order of calls: one action a job.
 */
#ifndef DOJIMA_APPS_LOG_H
#define DOJIMA_APPS_LOG_H

#include "apps/dojima/shard.h"

struct log_job {
    struct shard_options shard_options;
    uint64_t from;
    uint64_t to;
    bool json;
    bool only_commands;
    bool only_events;
    struct shard shard;
};

/* Reads every byte of both logs, then replays the commands through a fresh engine. */
int log_verify(struct log_job *job);

/* Rewrites finished segments with zstd. */
int log_compact(struct log_job *job);

void log_close_shard(struct log_job *job);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The past of a data directory for the commands that look into it (`why`, `at`): opened for reading
 * beside whatever runs on it, with the reasons in words where that does not work.
 *
 * Owner: the command. Threads: one. Memory: that of shard and past. Errors: exit codes, said on
 * standard error. Order of calls: past_log_open, past_log_failed after a failure, past_log_close.
 */
#ifndef DOJIMA_APPS_PAST_LOG_H
#define DOJIMA_APPS_PAST_LOG_H

#include "apps/dojima/progress.h"
#include "apps/dojima/shard.h"
#include "explain/past.h"

struct past_log {
    struct shard shard;
    struct past past;
    struct progress progress;
};

/* EXIT_OK, or it is said what is wrong and nothing is open. */
int past_log_open(struct past_log *log, const char *directory);

/* Draws; false when somebody wants to stop. `context` is the past_log. */
bool past_log_progress(void *context, uint64_t done, uint64_t total);

/* Says why going through the past ended early; the exit code. */
int past_log_failed(struct past_log *log, enum status status);

/* Commands behind a damaged place cannot be told of: says so. The exit code. */
int past_log_warn(const struct past_log *log);

void past_log_close(struct past_log *log);

#endif

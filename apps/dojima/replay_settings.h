/* SPDX-License-Identifier: Apache-2.0
 *
 * What the command line of `dojima replay` says.
 *
 * Owner: the command. Threads: one. Memory: none; texts are those of the command line.
 * Errors: said on standard error. Order of calls: replay_settings_read first.
 */
#ifndef DOJIMA_APPS_REPLAY_SETTINGS_H
#define DOJIMA_APPS_REPLAY_SETTINGS_H

#include "apps/dojima/options.h"
#include "apps/dojima/replay_limits.h"
#include "apps/dojima/shard.h"
#include "flow/reader.h"

struct replay_settings {
    const char *path;
    const char *differences_path; /* or null, as symbol */
    const char *symbol;
    struct shard_options shard_options;
    struct flow_options flow_options;
    struct replay_limits limits;
    int64_t tick_e9;  /* in 10^-9; 0 = not said */
    int64_t speed_e3; /* thousandths of real time; 0 = as fast as it goes */
    bool json;
};

/* OPTIONS_END: all is said; OPTIONS_BAD, OPTIONS_HELP: end here. */
MUST_USE int replay_settings_read(struct replay_settings *settings,
                                  const struct app_command *command, int argc, char **argv);

#endif

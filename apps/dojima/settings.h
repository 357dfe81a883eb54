/* SPDX-License-Identifier: Apache-2.0
 *
 * The venue's configuration as every command reads it: dojima.toml (or --config FILE), conf.d/
 * beside it, environment, flags. Says itself what is wrong, on standard error.
 *
 * A command puts SETTINGS_OPTIONS into its option table, hands each option it reads to
 * settings_take first, then calls settings_load.
 *
 * Owner: the command. Threads: one. Memory: the config's. Errors: CONFIG and what reading files
 * returns, all said already: end with status_exit_code.
 * Order of calls: zeroed is ready; settings_take..., settings_load, config_close.
 */
#ifndef DOJIMA_APPS_SETTINGS_H
#define DOJIMA_APPS_SETTINGS_H

#include "apps/dojima/options.h"
#include "config/config.h"

#define SETTINGS_FLAGS_MAX 64
#define SETTINGS_FILES_MAX 256
#define SETTINGS_FILE      "dojima.toml"
#define SETTINGS_FOLDER    "conf.d"

#define SETTINGS_OPTIONS                                                                           \
    {"config", "FILE", "configuration (dojima.toml if it is there); conf.d/ beside it too", NULL}, \
        {"set", "KEY=VALUE", "one setting, such as run.idle=sleep; may be repeated", NULL},        \
        {"data", "DIR", "data directory: data.directory", NULL},                                   \
        {"ack", "fsync|memory", "when a command is durable: data.acknowledge", "fsync memory"},    \
        {"idle", "spin|sleep", "what an idle loop does: run.idle", "spin sleep"},                  \
    {                                                                                              \
        "role", "ROLE,...", "what this process runs: run.roles", "engine gateway feed"             \
    }

struct settings_flag {
    const char *flag; /* as messages call it */
    const char *path;
    const char *value;
    char path_bytes[64]; /* of --set */
};

struct settings {
    const char *file; /* --config; null: dojima.toml, if it is there */
    struct settings_flag flags[SETTINGS_FLAGS_MAX];
    size_t flag_count;
    size_t file_count; /* read by settings_load */
};

enum settings_taken {
    SETTINGS_NOT_MINE = 0,
    SETTINGS_TAKEN = 1,
    SETTINGS_BAD = 2, /* said: end with EXIT_BAD_INPUT */
};

/* The option that options_next just gave. */
MUST_USE enum settings_taken settings_take(struct settings *settings,
                                           const struct options *options);

MUST_USE enum status settings_load(struct settings *settings, struct config **out_config);

/* The same without a word: CONFIG leaves `*out_config` with its problems to print. */
MUST_USE enum status settings_read(struct settings *settings, struct config **out_config);

/* A PATH setting that is relative to data.directory; false: it does not fit (said). */
MUST_USE bool settings_path(const struct config *config, enum config_key key, char *out_path,
                            size_t capacity);

#endif

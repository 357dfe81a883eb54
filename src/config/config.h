/* SPDX-License-Identifier: Apache-2.0
 *
 * The settings of the venue, by the list in schema/config.def, from layers that each overrule those
 * before:
 *
 *   built-in defaults  <  dojima.toml  <  conf.d/ *.toml by name  <  environment  <  flags
 *
 * A setting may come once a file; rows of a table ([[instrument]]) add up over all files and
 * replace the built-in rows. In the environment `ouch.listen` is DOJIMA_OUCH__LISTEN. Everything is
 * checked: an unknown key, a value of the wrong type or out of range, and settings that contradict
 * each other are problems, told as a compiler would:
 *
 *   dojima.toml:3:1: unknown key 'ouch.listn'; did you mean 'ouch.listen'?
 *     listn = "0.0.0.0:9101"
 *     ^
 *
 * The room reads no file and no environment itself: its caller passes bytes (apps/dojima/settings.h
 * does, for every command).
 *
 * Owner: the caller. Threads: one while layers are added; any reader after config_finish. Memory:
 * malloc; texts live as long as the config. Errors: CONFIG with problems to print; NO_MEMORY.
 * Order of calls: config_open, config_add_file..., config_add_environment, config_add_flag...,
 * config_finish (must be OK before any value is read), config_text ..., config_close.
 */
#ifndef DOJIMA_CONFIG_CONFIG_H
#define DOJIMA_CONFIG_CONFIG_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* CONFIG_OUCH_LISTEN, CONFIG_INSTRUMENT_SYMBOL, ... */
enum config_key {
#define SETTING(name, path, type, initial, lowest, highest, words, meaning)       CONFIG_##name,
#define COLUMN(table, name, path, type, initial, lowest, highest, words, meaning) CONFIG_##name,
#include "schema/config.def"
    CONFIG_KEY_COUNT,
};

enum config_table {
    CONFIG_TABLE_NONE = 0,
#define TABLE(name, path, meaning) CONFIG_TABLE_##name,
#include "schema/config.def"
    CONFIG_TABLE_COUNT,
};

enum config_type {
    CONFIG_TYPE_TEXT,
    CONFIG_TYPE_PATH,
    CONFIG_TYPE_ADDRESS,
    CONFIG_TYPE_WORD,
    CONFIG_TYPE_WORDS,
    CONFIG_TYPE_FLAG,
    CONFIG_TYPE_COUNT,
    CONFIG_TYPE_BYTES,
    CONFIG_TYPE_DURATION,
    CONFIG_TYPE_DECIMAL,
};

/* The words of some settings, by their index in the list. */
enum config_acknowledge { CONFIG_ACKNOWLEDGE_FSYNC, CONFIG_ACKNOWLEDGE_MEMORY };
enum config_idle { CONFIG_IDLE_SPIN, CONFIG_IDLE_SLEEP };
enum config_make { CONFIG_MAKE_AUTO, CONFIG_MAKE_OFF };
enum config_role {
    CONFIG_ROLE_ENGINE = 1,
    CONFIG_ROLE_GATEWAY = 2,
    CONFIG_ROLE_FEED = 4
}; /* bits */

enum config_layer {
    CONFIG_LAYER_DEFAULT,
    CONFIG_LAYER_FILE,
    CONFIG_LAYER_ENVIRONMENT,
    CONFIG_LAYER_FLAG,
};

/* What the list says of a key. */
struct config_spec {
    const char *path;    /* "ouch.listen"; of a column, its name in the row */
    const char *initial; /* default; empty in a column: must be given */
    const char *words;   /* blank-separated */
    const char *meaning;
    int64_t lowest; /* numbers; of texts, bytes */
    int64_t highest;
    enum config_type type;
    enum config_table table; /* CONFIG_TABLE_NONE: a setting */
};

/* Where a value came from. */
struct config_origin {
    const char *source; /* file name, variable, flag; "" = built in */
    unsigned line;      /* from 1; 0 = no place in a text */
    unsigned column;    /* characters, from 1 */
    enum config_layer layer;
};

struct config;

MUST_USE enum status config_open(struct config **out_config);

/* One file's bytes; `name` is what messages call it. Problems are collected, so that all files are
 * looked at: config_finish tells. */
MUST_USE enum status config_add_file(struct config *config, const char *name, const char *bytes,
                                     size_t count);

/* `environment` is a null-ended list of NAME=value. Names without DOJIMA_ and a double underscore
 * are somebody else's. */
MUST_USE enum status config_add_environment(struct config *config, char *const *environment);

/* `flag` is what messages call it ("--ouch"), `path` a setting's name; the value is the plain text,
 * without quotes. */
MUST_USE enum status config_add_flag(struct config *config, const char *flag, const char *path,
                                     const char *value);

/* Checks what belongs together. CONFIG: there are problems, in this or an earlier layer. */
MUST_USE enum status config_finish(struct config *config);

/* All problems, ready to print, each with its line and caret; "" = none. */
const char *config_problems(const struct config *config);
size_t config_problem_count(const struct config *config);

const struct config_spec *config_spec(enum config_key key);
const char *config_table_name(enum config_table table);

/* Settings. The key's type must fit: TEXT, PATH, ADDRESS, DECIMAL as text; WORD its index in the
 * list; WORDS bits 1 << index; COUNT, BYTES, DURATION (ns) and FLAG as a number. */
const char *config_text(const struct config *config, enum config_key key);
int64_t config_number(const struct config *config, enum config_key key);
unsigned config_word(const struct config *config, enum config_key key);
unsigned config_words(const struct config *config, enum config_key key);
bool config_flag(const struct config *config, enum config_key key);

/* Rows of a table, in the order they were read, and their columns. */
size_t config_row_count(const struct config *config, enum config_table table);
const char *config_text_at(const struct config *config, enum config_key column, size_t row);
int64_t config_number_at(const struct config *config, enum config_key column, size_t row);
bool config_flag_at(const struct config *config, enum config_key column, size_t row);
/* A DECIMAL in units of 10^-scale. OVERFLOW: more decimals than that, or too large; never so for
 * the scale that the row itself states. */
MUST_USE enum status config_decimal_at(const struct config *config, enum config_key column,
                                       size_t row, unsigned scale, int64_t *out_units);

struct config_origin config_origin(const struct config *config, enum config_key key, size_t row);

/* The value as a file would state it: "64MiB", true, ["engine", "feed"]. */
void config_describe(const struct config *config, enum config_key key, size_t row,
                     struct text *text);

/* Null is accepted. */
void config_close(struct config *config);

#endif

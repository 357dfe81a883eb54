/* SPDX-License-Identifier: Apache-2.0
 *
 * What a config is made of, for the files of this room: sources, values with their origin, rows.
 *
 * Owner, Threads, Memory, Errors, Order of calls: as config.h.
 */
#ifndef DOJIMA_CONFIG_LAYERS_H
#define DOJIMA_CONFIG_LAYERS_H

#include "config/config.h"
#include "config/toml.h"
#include "config/value.h"

#define CONFIG_PROBLEMS_MAX      20u
#define CONFIG_PROBLEMS_BYTES    16384u
#define CONFIG_ROWS_MAX          65535u
#define CONFIG_ENVIRONMENT       "DOJIMA_"
#define CONFIG_ENVIRONMENT_BYTES 128u

/* Something that values came from; lives as long as the config. */
struct config_source {
    struct config_source *next;
    char *name;
    char *bytes; /* a file's text, or the plain value */
    size_t count;
    struct toml document; /* files only */
    enum config_layer layer;
};

struct config_cell {
    struct config_value value;
    struct config_origin origin;
    bool given; /* false: a column without a default that its row does not state */
};

struct config_rows {
    struct config_cell *cells; /* row by row, the table's columns in the order of the list */
    struct config_origin *origins;
    size_t count;
    size_t capacity;
    bool built_in; /* what is there came from no file */
};

struct config {
    struct config_cell settings[CONFIG_KEY_COUNT]; /* columns have none */
    struct config_rows rows[CONFIG_TABLE_COUNT];
    struct config_source *sources;
    struct text problems;
    size_t problem_count;
    bool finished;
    char problem_bytes[CONFIG_PROBLEMS_BYTES];
};

/* The rows that hold when no file has any: text of a file. */
extern const char config_built_in[];

/* The table's first column and how many it has. */
enum config_key config_first_column(enum config_table table);
size_t config_column_count(enum config_table table);

/* Writes one problem down, with the line that `origin` names if it is in a file. */
void config_problem(struct config *config, const struct config_origin *origin, const char *message);

/* What must fit together, over all layers. */
void config_check(struct config *config);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A strict subset of TOML 1.0 as a list of nodes in the order of the text, each with its place.
 * What the subset leaves out is refused with the reason (README.md), never guessed at.
 *
 *   ouch.listen = "127.0.0.1:9101"      1 TABLE ouch (of root)   2 TEXT listen (of 1)
 *   [[instrument]]                      3 ROWS instrument (of root)   4 ROW (of 3)
 *   symbol = "ACME"                     5 TEXT symbol (of 4)
 *
 * Owner: the caller. Threads: one. Memory: malloc, at most 16,384 nodes and a copy of the strings.
 * Errors: INVALID after at least one problem was told: a bad line is skipped, so one run names
 * many; NO_MEMORY, OVERFLOW (larger than 1 MiB or too many nodes, told as a problem too). Order of
 * calls: toml_parse, reads, toml_deinit. Source: the TOML 1.0.0 specification.
 */
#ifndef DOJIMA_CONFIG_TOML_H
#define DOJIMA_CONFIG_TOML_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define TOML_BYTES_MAX (1u << 20)
#define TOML_NODES_MAX 16384u
#define TOML_PARTS_MAX 8u /* of a dotted key */

enum toml_kind {
    TOML_ROOT,
    TOML_TABLE,
    TOML_ROWS, /* an array of tables: its children are ROWs */
    TOML_ROW,
    TOML_TEXT,
    TOML_NUMBER,
    TOML_FLAG,
    TOML_ARRAY, /* its children are TEXT, NUMBER and FLAG without key */
};

/* How a table came to be, which decides what may still be added to it. */
enum toml_made {
    TOML_MADE_BETWEEN, /* as a part of a longer [header]: its own may follow */
    TOML_MADE_HEADER,
    TOML_MADE_DOTTED,
};

/* A place in the text, in lines and characters from 1. */
struct toml_place {
    unsigned line;
    unsigned column;
};

struct toml_node {
    const char *key;         /* "" where there is none */
    const char *text;        /* TEXT; NUL-terminated, and no NUL within */
    int64_t number;          /* NUMBER; FLAG as 0 or 1; ROWS: index of the last ROW */
    uint32_t parent;         /* index of a node before this one; 0 = the root */
    struct toml_place place; /* of the key */
    struct toml_place value; /* of the value; of a table, its header */
    enum toml_kind kind;
    enum toml_made made; /* of a TABLE */
    uint32_t next;       /* in the same bucket; 0 = the last */
};

struct toml {
    struct toml_node *nodes; /* the first is the root */
    uint32_t count;
    uint32_t capacity;
    uint32_t *buckets; /* nodes by parent and key; 0 = none */
    char *strings;
    size_t strings_used;
};

typedef void toml_on_problem(void *context, struct toml_place place, const char *message);

/* The document holds what could be read, also after INVALID; `document` is deinit'ed by the caller
 * in every case. */
MUST_USE enum status toml_parse(const char *bytes, size_t count, toml_on_problem *on_problem,
                                void *context, struct toml *document);

/* Zeroed is accepted. */
void toml_deinit(struct toml *document);

#endif

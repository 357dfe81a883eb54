/* SPDX-License-Identifier: Apache-2.0
 *
 * The lists of src/wire/ (OUCH, ITCH) as tables, beside those of schema/ in tables.h.
 *
 * Owner: schemagen. Threads: one. Memory: constant tables. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_TOOLS_SCHEMAGEN_WIRE_TABLES_H
#define DOJIMA_TOOLS_SCHEMAGEN_WIRE_TABLES_H

#include <stddef.h>

/* A message (its fields follow it) or, when `letter` is 0, a field. */
struct wire_row {
    const char *name;
    const char *direction; /* message: "IN", "OUT" or "" */
    const char *rule;      /* message: of the appendage, "NONE" without one */
    const char *meaning;   /* message */
    const char *kind;      /* field: number, letter, price, price8, text */
    const char *set;       /* field: of the closed sets, or null */
    unsigned offset;       /* field */
    unsigned bytes;        /* message: without appendage */
    char letter;           /* message */
};

struct wire_set {
    const char *name;
    const char *meaning;
};

struct wire_value {
    const char *set;
    const char *name;
    const char *meaning;
    unsigned value;
};

struct wire_tag {
    const char *name;
    const char *kind;
    const char *meaning;
    unsigned number;
    unsigned bytes;
};

extern const struct wire_row ouch_rows[];
extern const size_t ouch_row_count;
extern const struct wire_row itch_rows[];
extern const size_t itch_row_count;
extern const struct wire_set ouch_sets[];
extern const size_t ouch_set_count;
extern const struct wire_value ouch_values[];
extern const size_t ouch_value_count;
extern const struct wire_tag ouch_tags[];
extern const size_t ouch_tag_count;

#endif

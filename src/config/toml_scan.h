/* SPDX-License-Identifier: Apache-2.0
 *
 * The characters of a TOML text: blanks, line ends, keys and single values, with their places.
 * toml.c makes a tree of them; nobody else uses it.
 *
 * Owner: the parser. Threads: one. Memory: unescaped strings go to `strings`, which has one byte
 * more than the text. Errors: false after a problem was told.
 * Order of calls: toml_scan_check once, then any.
 */
#ifndef DOJIMA_CONFIG_TOML_SCAN_H
#define DOJIMA_CONFIG_TOML_SCAN_H

#include "config/toml.h"

struct toml_scan {
    const char *at;
    const char *end;
    const char *line_start;
    const char *counted; /* columns are counted up to here: a long line is gone over once */
    unsigned line;
    unsigned column; /* of `counted` */
    bool failed;
    char *strings; /* where the next string goes */
    toml_on_problem *on_problem;
    void *context;
};

void toml_scan_problem(struct toml_scan *scan, struct toml_place place, const char *message);
struct toml_place toml_scan_place(struct toml_scan *scan);

/* The whole text is valid UTF-8 without control characters but tabs and line ends. */
bool toml_scan_check(struct toml_scan *scan);

bool toml_scan_ended(const struct toml_scan *scan);
/* At the end of the text, at a line end or a comment. */
bool toml_scan_line_ends(const struct toml_scan *scan);
bool toml_scan_at(const struct toml_scan *scan, char character);
/* Steps over the character if it is the next. */
bool toml_scan_take(struct toml_scan *scan, char character);
void toml_scan_blanks(struct toml_scan *scan);
/* To the first character of the next line. */
void toml_scan_skip_line(struct toml_scan *scan);
/* Over blanks, comments and line ends within an array; false at the end of the text. */
bool toml_scan_lines(struct toml_scan *scan);

/* One part of a key: bare or quoted. */
bool toml_scan_key(struct toml_scan *scan, const char **out_text);

/* One string, number or flag; fills kind, text and number. */
bool toml_scan_value(struct toml_scan *scan, struct toml_node *out_node);

#endif

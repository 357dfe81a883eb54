/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as people read them: prices and quantities with their decimal point, times in UTC, lines
 * that are broken at the width of the terminal.
 *
 * Owner: `why` and `at`. Threads: one. Memory: the caller's text. Errors: the text is cut.
 * Order of calls: any.
 */
#ifndef DOJIMA_APPS_TOLD_H
#define DOJIMA_APPS_TOLD_H

#include "base/text.h"
#include "wire/native/command.h"

/* How text goes out. */
struct told {
    int columns;
    bool color;
};

enum told_color {
    TOLD_PLAIN,
    TOLD_BOLD,
    TOLD_DIM,
    TOLD_GOOD,
    TOLD_BAD,
};

/* For standard output as it is. */
struct told told_begin(void);

/* One paragraph: its first line `first` characters in, the others `rest`. */
void told_line(const struct told *told, enum told_color color, int first, int rest,
               const char *line);

/* 12345 of scale 2: 123.45. Price none: "none". */
void told_scaled(int64_t units, unsigned scale, struct text *out);
void told_price(struct price price, const struct command_list_instrument *terms, struct text *out);
void told_quantity(struct quantity quantity, const struct command_list_instrument *terms,
                   struct text *out);

/* 2026-01-31 09:30:00.000000001 */
void told_time(uint64_t time_ns, struct text *out);

void told_int128(int128 number, struct text *out);

/* The characters before the padding. */
void told_symbol(const struct chars16 *symbol, struct text *out);

#endif

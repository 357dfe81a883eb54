/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/told.h"

#include "base/calendar.h"
#include "host/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS_MOST 120

struct told told_begin(void)
{
    int columns = host_terminal_columns(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR");
    return (struct told){.columns = columns > COLUMNS_MOST ? COLUMNS_MOST : columns,
                         .color = host_terminal_is(STDOUT_FILENO) &&
                                  (no_color == NULL || no_color[0] == '\0')};
}

void told_line(const struct told *told, enum told_color color, int first, int rest,
               const char *line)
{
    static const char *const on[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m"};
    int indent = first;
    const char *off = told->color && color != TOLD_PLAIN ? "\x1b[0m" : "";
    do {
        size_t room = told->columns > indent + 20 ? (size_t)(told->columns - indent) : 20;
        size_t count = strlen(line);
        if (count > room) {
            count = room;
            while (count > 0 && line[count] != ' ') {
                count--;
            }
            count = count == 0 ? strcspn(line, " ") : count; /* a word longer than the line */
        }
        printf("%s%*s%.*s%s\n", told->color ? on[color] : "", indent, "", (int)count, line, off);
        line += count + (line[count] == ' ');
        indent = rest;
    } while (line[0] != '\0');
}

void told_scaled(int64_t units, unsigned scale, struct text *out)
{
    char digits[32];
    uint64_t size = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    int length = snprintf(digits, sizeof digits, "%0*" PRIu64, (int)scale + 1, size);
    text_add(out, units < 0 ? "-" : "");
    text_add_bytes(out, digits, (size_t)length - scale);
    if (scale > 0) {
        text_add(out, ".");
        text_add(out, digits + length - (int)scale);
    }
}

void told_price(struct price price, const struct command_list_instrument *terms, struct text *out)
{
    if (price.units == PRICE_NONE) {
        text_add(out, "none");
    } else {
        told_scaled(price.units, terms != NULL ? terms->price_scale : 0, out);
    }
}

void told_quantity(struct quantity quantity, const struct command_list_instrument *terms,
                   struct text *out)
{
    told_scaled(quantity.lots, terms != NULL ? terms->quantity_scale : 0, out);
}

void told_time(uint64_t time_ns, struct text *out)
{
    uint32_t day = calendar_day(time_ns);
    uint64_t in_day = time_ns % CALENDAR_NS_PER_DAY;
    uint64_t second = in_day / 1000000000;
    text_format(out, "%04u-%02u-%02u %02u:%02u:%02u.%09u", day / 10000, day / 100 % 100, day % 100,
                (unsigned)(second / 3600), (unsigned)(second / 60 % 60), (unsigned)(second % 60),
                (unsigned)(in_day % 1000000000));
}

void told_int128(int128 number, struct text *out)
{
    char digits[40];
    size_t at = sizeof digits;
    bool negative = number < 0;
    do {
        int digit = (int)(number % 10);
        digits[--at] = (char)('0' + (negative ? -digit : digit));
        number /= 10;
    } while (number != 0);
    text_add(out, negative ? "-" : "");
    text_add_bytes(out, digits + at, sizeof digits - at);
}

void told_symbol(const struct chars16 *symbol, struct text *out)
{
    size_t count = 0;
    while (count < sizeof symbol->bytes && symbol->bytes[count] != '\0') {
        count++;
    }
    text_add_bytes(out, symbol->bytes, count);
}

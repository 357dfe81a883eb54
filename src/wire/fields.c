/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/fields.h"

#include "wire/blank.h"

#include <inttypes.h>

uint64_t fields_number(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

/* Bytes as they are if printable, else as hex, so that no peer writes into a terminal. */
static void plain(const uint8_t *at, size_t bytes, struct text *out)
{
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] > ' ' && at[i] < 0x7f && at[i] != '\\') {
            text_add_bytes(out, (const char *)at + i, 1);
        } else {
            text_format(out, "\\x%02x", at[i]);
        }
    }
}

static void quoted(const uint8_t *at, size_t bytes, enum fields_style style, struct text *out)
{
    if (style == FIELDS_FOR_JSON) {
        text_add_json(out, (const char *)at, bytes);
    } else {
        plain(at, bytes, out);
    }
}

static void price(uint64_t value, unsigned decimals, struct text *out)
{
    uint64_t scale = decimals == 4 ? 10000 : 100000000;
    text_format(out, "%" PRIu64 ".%0*" PRIu64, value / scale, (int)decimals, value % scale);
}

void fields_describe(const struct fields_row *row, const uint8_t *value, enum fields_style style,
                     struct text *out)
{
    const char *quote = style == FIELDS_FOR_JSON ? "\"" : "";
    text_add(out, style == FIELDS_FOR_JSON ? ",\"" : " ");
    text_add(out, row->name);
    text_add(out, style == FIELDS_FOR_JSON ? "\":" : "=");
    switch ((enum fields_kind)row->kind) {
    case FIELDS_NUMBER:
        if (row->bytes == 1) {
            quoted(value, 1, style, out);
        } else if (row->bytes == 8) {
            text_format(out, "%s%" PRIu64 "%s", quote, fields_number(value, 8), quote);
        } else {
            text_format(out, "%" PRIu64, fields_number(value, row->bytes));
        }
        break;
    case FIELDS_PRICE:
    case FIELDS_PRICE8:
        text_add(out, quote);
        price(fields_number(value, row->bytes), row->kind == FIELDS_PRICE ? 4 : 8, out);
        text_add(out, quote);
        break;
    case FIELDS_TEXT:
        quoted(value, blank_length((const char *)value, row->bytes), style, out);
        break;
    }
}

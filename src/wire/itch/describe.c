/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/itch/describe.h"

#include "wire/itch/itch.h"

/* A row without a name begins a message: `offset` is its letter, `bytes` its length. */
static const struct fields_row rows[] = {
#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    {#name, NULL, letter, bytes, 0, 0}, {NULL, "locate", 1, 2, FIELDS_NUMBER, 0},                  \
        {NULL, "tracking", 3, 2, FIELDS_NUMBER, 0}, {NULL, "time_ns", 5, 6, FIELDS_NUMBER, 0},
#define ITCH_NUMBER(bits, field, offset) {NULL, #field, offset, (bits) / 8, FIELDS_NUMBER, 0},
#define ITCH_PRICE(field, offset)        {NULL, #field, offset, 4, FIELDS_PRICE, 0},
#define ITCH_PRICE8(field, offset)       {NULL, #field, offset, 8, FIELDS_PRICE8, 0},
#define ITCH_TEXT(field, offset, length) {NULL, #field, offset, length, FIELDS_TEXT, 0},
#define ITCH_END(name)
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END
};

enum status itch_describe(const uint8_t *at, size_t bytes, enum fields_style style,
                          struct text *out)
{
    if (bytes == 0) {
        return STATUS_TRUNCATED;
    }
    size_t length = itch_length(at[0]);
    if (length == 0) {
        return STATUS_UNSUPPORTED;
    }
    if (bytes != length) {
        return bytes < length ? STATUS_TRUNCATED : STATUS_INVALID;
    }
    size_t row = 0;
    while (rows[row].message == NULL || rows[row].offset != at[0]) {
        row++;
    }
    text_add(out, style == FIELDS_FOR_JSON ? "{\"message\":\"" : "");
    text_add(out, rows[row].message);
    text_add(out, style == FIELDS_FOR_JSON ? "\"" : "");
    for (row++; row < ARRAY_COUNT(rows) && rows[row].message == NULL; row++) {
        fields_describe(&rows[row], at + rows[row].offset, style, out);
    }
    text_add(out, style == FIELDS_FOR_JSON ? "}" : "");
    return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/schemagen/wire_tables.h"

#include "base/compiler.h"

#define FIELD_ROW(field, kind, set, offset, bytes)                                                 \
    {field, NULL, NULL, NULL, kind, set, offset, bytes, 0},

const struct wire_row ouch_rows[] = {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning)                                \
    {#name, #direction, #rule, meaning, NULL, NULL, 0, bytes, letter},
#define OUCH_NUMBER(bits, field, offset)                                                           \
    FIELD_ROW(#field, (bits) == 8 ? "letter" : "number", NULL, offset, (bits) / 8)
#define OUCH_CODE(bits, field, offset, set)                                                        \
    FIELD_ROW(#field, (bits) == 8 ? "letter" : "number", #set, offset, (bits) / 8)
#define OUCH_PRICE(field, offset)        FIELD_ROW(#field, "price", NULL, offset, 8)
#define OUCH_TEXT(field, offset, length) FIELD_ROW(#field, "text", NULL, offset, length)
#include "src/wire/ouch/ouch.def"
};
const size_t ouch_row_count = ARRAY_COUNT(ouch_rows);

const struct wire_row itch_rows[] = {
#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    {#name, "", "NONE", "", NULL, NULL, 0, bytes, letter},                                         \
        FIELD_ROW("locate", "number", NULL, 1, 2) FIELD_ROW("tracking", "number", NULL, 3, 2)      \
            FIELD_ROW("time_ns", "number", NULL, 5, 6)
#define ITCH_NUMBER(bits, field, offset)                                                           \
    FIELD_ROW(#field, (bits) == 8 ? "letter" : "number", NULL, offset, (bits) / 8)
#define ITCH_PRICE(field, offset)        FIELD_ROW(#field, "price", NULL, offset, 4)
#define ITCH_PRICE8(field, offset)       FIELD_ROW(#field, "price8", NULL, offset, 8)
#define ITCH_TEXT(field, offset, length) FIELD_ROW(#field, "text", NULL, offset, length)
#define ITCH_END(name)
#include "src/wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END
};
const size_t itch_row_count = ARRAY_COUNT(itch_rows);

const struct wire_set ouch_sets[] = {
#define OUCH_SET(name, meaning) {#name, meaning},
#include "src/wire/ouch/codes.def"
};
const size_t ouch_set_count = ARRAY_COUNT(ouch_sets);

const struct wire_value ouch_values[] = {
#define OUCH_VALUE(set, SET, NAME, value, meaning) {#set, #NAME, meaning, value},
#include "src/wire/ouch/codes.def"
};
const size_t ouch_value_count = ARRAY_COUNT(ouch_values);

const struct wire_tag ouch_tags[] = {
#define OUCH_TAG(NAME, number, kind, bytes, meaning) {#NAME, #kind, meaning, number, bytes},
#include "src/wire/ouch/codes.def"
};
const size_t ouch_tag_count = ARRAY_COUNT(ouch_tags);

/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/ouch/describe.h"

#include <inttypes.h>

/* A row without a name begins a message: `offset` is its letter, `bytes` its length without
 * appendage, `kind` its rule of the appendage, `set` its direction. */
static const struct fields_row rows[] = {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning)                                \
    {#name, NULL, letter, bytes, OUCH_APPENDAGE_##rule, OUCH_##direction},
#define OUCH_NUMBER(bits, field, offset) {NULL, #field, offset, (bits) / 8, FIELDS_NUMBER, 0},
#define OUCH_CODE(bits, field, offset, set)                                                        \
    {NULL, #field, offset, (bits) / 8, FIELDS_NUMBER, OUCH_SET_##set},
#define OUCH_PRICE(field, offset)        {NULL, #field, offset, 8, FIELDS_PRICE, 0},
#define OUCH_TEXT(field, offset, length) {NULL, #field, offset, length, FIELDS_TEXT, 0},
#include "wire/ouch/ouch.def"
};

enum tag_kind { TAG_NUMBER, TAG_PRICE, TAG_OFFSET, TAG_LETTER, TAG_TEXT };

static const uint8_t tag_kinds[256] = {
#define OUCH_TAG(NAME, number, kind, bytes, meaning) [number] = TAG_##kind,
#include "wire/ouch/codes.def"
};

/* Signed, 4 decimals. */
static void describe_offset(const struct ouch_element *element, enum fields_style style,
                            struct text *out)
{
    int32_t value = (int32_t)(uint32_t)ouch_element_number(element);
    int64_t size = value < 0 ? -(int64_t)value : value;
    text_format(out,
                style == FIELDS_FOR_JSON ? "\"%s%" PRId64 ".%04" PRId64 "\""
                                         : "%s%" PRId64 ".%04" PRId64,
                value < 0 ? "-" : "", size / 10000, size % 10000);
}

static void describe_element(const struct ouch_element *element, enum fields_style style,
                             struct text *out)
{
    char number[8];
    struct text name;
    text_init(&name, number, sizeof number);
    text_format(&name, "tag%u", element->tag);
    struct fields_row row = {.name = ouch_tag_name(element->tag), .bytes = element->bytes};
    if (row.name == NULL) {
        row.name = number;
    }
    if (element->bytes != ouch_tag_bytes(element->tag)) {
        row.kind = FIELDS_TEXT;
        fields_describe(&row, element->value, style, out);
        return;
    }
    switch ((enum tag_kind)tag_kinds[element->tag]) {
    case TAG_OFFSET:
        text_format(out, style == FIELDS_FOR_JSON ? ",\"%s\":" : " %s=", row.name);
        describe_offset(element, style, out);
        return;
    case TAG_PRICE:
        row.kind = FIELDS_PRICE;
        break;
    case TAG_TEXT:
        row.kind = FIELDS_TEXT;
        break;
    case TAG_NUMBER:
        if (element->bytes == 1) {
            text_format(out, style == FIELDS_FOR_JSON ? ",\"%s\":%u" : " %s=%u", row.name,
                        element->value[0]);
            return;
        }
        row.kind = FIELDS_NUMBER;
        break;
    case TAG_LETTER:
        row.kind = FIELDS_NUMBER;
        break;
    }
    fields_describe(&row, element->value, style, out);
}

static void describe_appendage(const struct ouch_appendage *appendage, enum fields_style style,
                               struct text *out)
{
    struct ouch_element element;
    size_t at = 0;
    bool json = style == FIELDS_FOR_JSON;
    if (json && appendage->count > 0) {
        text_add(out, ",\"appendage\":[");
    }
    for (bool first = true; ouch_appendage_next(appendage, &at, &element); first = false) {
        if (json) {
            text_format(out, "%s{\"tag\":%u", first ? "" : ",", element.tag);
        }
        describe_element(&element, style, out);
        text_add(out, json ? "}" : "");
    }
    text_add(out, json && appendage->count > 0 ? "]" : "");
}

enum status ouch_describe(enum ouch_direction direction, const uint8_t *at, size_t bytes,
                          enum fields_style style, struct text *out)
{
    enum status status = ouch_check(direction, at, bytes);
    if (status != STATUS_OK) {
        return status;
    }
    size_t row = 0;
    while (rows[row].message == NULL || rows[row].offset != at[0] ||
           rows[row].set != (unsigned)direction) {
        row++;
    }
    struct ouch_appendage appendage;
    status = ouch_appendage_decode(at, bytes, rows[row].bytes, (enum ouch_rule)rows[row].kind,
                                   &appendage);
    if (status != STATUS_OK) {
        return status;
    }
    bool json = style == FIELDS_FOR_JSON;
    text_add(out, json ? "{\"message\":\"" : "");
    text_add(out, rows[row].message);
    text_add(out, json ? "\"" : "");
    for (row++; row < ARRAY_COUNT(rows) && rows[row].message == NULL; row++) {
        const uint8_t *value = at + rows[row].offset;
        fields_describe(&rows[row], value, style, out);
        if (!json && rows[row].set != OUCH_SET_none) {
            const char *meaning = ouch_value_meaning(
                (enum ouch_set)rows[row].set, (unsigned)fields_number(value, rows[row].bytes));
            text_format(out, " (%s)", meaning != NULL ? meaning : "?");
        }
    }
    describe_appendage(&appendage, style, out);
    text_add(out, json ? "}" : "");
    return STATUS_OK;
}

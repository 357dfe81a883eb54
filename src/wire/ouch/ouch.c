/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/ouch/ouch.h"

#include "base/assert.h"
#include "wire/blank.h"

struct kind {
    const char *name;
    uint16_t bytes;
    uint8_t rule;
};

static const struct kind kinds[2][256] = {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning)                                \
    [OUCH_##direction][letter] = {#name, bytes, OUCH_APPENDAGE_##rule},
#include "wire/ouch/ouch.def"
};

enum status ouch_appendage_decode(const uint8_t *at, size_t bytes, size_t fixed,
                                  enum ouch_rule rule, struct ouch_appendage *out_appendage)
{
    struct ouch_appendage appendage = {0};
    if (bytes < fixed) {
        return STATUS_TRUNCATED;
    }
    size_t behind = bytes - fixed;
    if (behind == 0 && rule != OUCH_APPENDAGE_REQUIRED) {
        *out_appendage = appendage;
        return STATUS_OK;
    }
    if (rule == OUCH_APPENDAGE_NONE) {
        return STATUS_INVALID;
    }
    if (behind < 2) {
        return STATUS_TRUNCATED;
    }
    appendage.bytes = at + fixed + 2;
    appendage.count = bytes_load_be16(at + fixed);
    appendage.stated = true;
    if (appendage.count > behind - 2) {
        return STATUS_TRUNCATED;
    }
    if (appendage.count < behind - 2 || appendage.count > OUCH_APPENDAGE_BYTES_MAX) {
        return STATUS_INVALID;
    }
    for (size_t next = 0; next < appendage.count;) {
        size_t element = appendage.bytes[next];
        if (element == 0 || element > appendage.count - next - 1) {
            return STATUS_INVALID;
        }
        next += 1 + element;
    }
    *out_appendage = appendage;
    return STATUS_OK;
}

size_t ouch_appendage_encode(const struct ouch_appendage *appendage, size_t fixed,
                             enum ouch_rule rule, uint8_t *out)
{
    ASSERT(appendage->count <= OUCH_APPENDAGE_BYTES_MAX);
    if (rule == OUCH_APPENDAGE_NONE) {
        ASSERT(appendage->count == 0);
        return fixed;
    }
    if (rule == OUCH_APPENDAGE_OPTIONAL && appendage->count == 0 && !appendage->stated) {
        return fixed;
    }
    bytes_store_be16(out + fixed, appendage->count);
    if (appendage->count > 0) {
        memcpy(out + fixed + 2, appendage->bytes, appendage->count);
    }
    return fixed + 2 + appendage->count;
}

size_t ouch_length(enum ouch_direction direction, uint8_t letter)
{
    return kinds[direction][letter].bytes;
}

const char *ouch_name(enum ouch_direction direction, uint8_t letter)
{
    return kinds[direction][letter].name;
}

enum status ouch_check(enum ouch_direction direction, const uint8_t *at, size_t bytes)
{
    if (bytes == 0) {
        return STATUS_TRUNCATED;
    }
    const struct kind *kind = &kinds[direction][at[0]];
    if (kind->name == NULL) {
        return STATUS_UNSUPPORTED;
    }
    struct ouch_appendage ignored;
    return ouch_appendage_decode(at, bytes, kind->bytes, (enum ouch_rule)kind->rule, &ignored);
}

bool ouch_appendage_next(const struct ouch_appendage *appendage, size_t *at,
                         struct ouch_element *out_element)
{
    if (*at >= appendage->count) {
        return false;
    }
    uint8_t length = appendage->bytes[*at];
    out_element->tag = appendage->bytes[*at + 1];
    out_element->value = appendage->bytes + *at + 2;
    out_element->bytes = (uint8_t)(length - 1);
    *at += 1u + length;
    return true;
}

enum status ouch_appendage_find(const struct ouch_appendage *appendage, enum ouch_tag tag,
                                struct ouch_element *out_element)
{
    struct ouch_element found = {0};
    struct ouch_element element;
    size_t at = 0;
    while (ouch_appendage_next(appendage, &at, &element)) {
        if (element.tag != (uint8_t)tag) {
            continue;
        }
        if (found.value != NULL || element.bytes != ouch_tag_bytes(element.tag)) {
            return STATUS_INVALID;
        }
        found = element;
    }
    if (found.value == NULL) {
        return STATUS_NOT_FOUND;
    }
    *out_element = found;
    return STATUS_OK;
}

uint64_t ouch_element_number(const struct ouch_element *element)
{
    ASSERT(element->bytes <= sizeof(uint64_t));
    uint64_t value = 0;
    for (size_t i = 0; i < element->bytes; i++) {
        value = value << 8 | element->value[i];
    }
    return value;
}

struct tag_row {
    const char *name;
    size_t bytes;
};

static const struct tag_row tags[256] = {
#define OUCH_TAG(NAME, number, kind, bytes, meaning) [number] = {#NAME, bytes},
#include "wire/ouch/codes.def"
};

size_t ouch_tag_bytes(uint8_t tag)
{
    return tags[tag].bytes;
}

const char *ouch_tag_name(uint8_t tag)
{
    return tags[tag].name;
}

/* Length byte and tag of a new element; returns where its value goes. */
static uint8_t *element_add(struct ouch_appendage_writer *writer, enum ouch_tag tag, size_t bytes)
{
    ASSERT(bytes > 0 && writer->count + 2 + bytes <= OUCH_APPENDAGE_BYTES_MAX);
    uint8_t *at = writer->bytes + writer->count;
    at[0] = (uint8_t)(bytes + 1);
    at[1] = (uint8_t)tag;
    writer->count = (uint16_t)(writer->count + 2 + bytes);
    return at + 2;
}

void ouch_appendage_add_number(struct ouch_appendage_writer *writer, enum ouch_tag tag,
                               uint64_t value)
{
    size_t bytes = tags[tag].bytes;
    uint8_t *at = element_add(writer, tag, bytes);
    for (size_t i = bytes; i > 0; i--) {
        at[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

void ouch_appendage_add_text(struct ouch_appendage_writer *writer, enum ouch_tag tag,
                             const char *text)
{
    size_t bytes = tags[tag].bytes;
    uint8_t *at = element_add(writer, tag, bytes);
    blank_set((char *)at, bytes, text, strlen(text));
}

struct ouch_appendage ouch_appendage_view(const struct ouch_appendage_writer *writer)
{
    return (struct ouch_appendage){
        .bytes = writer->bytes, .count = writer->count, .stated = writer->count > 0};
}

struct value_row {
    const char *meaning;
    uint16_t set;
    uint16_t value;
};

static const struct value_row value_rows[] = {
#define OUCH_VALUE(set, SET, NAME, value, meaning) {meaning, OUCH_SET_##set, value},
#include "wire/ouch/codes.def"
};

const char *ouch_value_meaning(enum ouch_set set, unsigned value)
{
    for (size_t i = 0; i < ARRAY_COUNT(value_rows); i++) {
        if (value_rows[i].set == (unsigned)set && value_rows[i].value == value) {
            return value_rows[i].meaning;
        }
    }
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Nasdaq OUCH 5.0: one struct a message, ouch_encode_<name> and ouch_decode_<name> between it and
 * its bytes, the appendage (optional fields: length, tag, value) as a view with an iterator and a
 * writer, and the closed sets as constants. Layouts are in ouch.def, sets and tags in codes.def,
 * nowhere else.
 *
 *   | fields ... | u16 bytes of the appendage | u8 length | u8 tag | value | u8 length | ...
 *                                              (a length counts the tag and the value)
 *
 * Owner: the caller. Threads: any. Memory: a decoded appendage points into the caller's bytes.
 * Errors: TRUNCATED when the message ends early; INVALID when it goes on or its appendage does not
 * tile; values are passed as they stand on the wire. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_OUCH_OUCH_H
#define DOJIMA_WIRE_OUCH_OUCH_H

#include "base/bytes.h"
#include "base/status.h"

#include <stdbool.h>

#define OUCH_PRICE_SCALE         4                    /* decimals of a price */
#define OUCH_PRICE_MARKET        UINT64_C(0x7fffffff) /* the price of a market order */
#define OUCH_QUANTITY_MAX        999999
#define OUCH_APPENDAGE_BYTES_MAX 256 /* every tag once is less */
#define OUCH_LENGTH_MAX          (66 + 2 + OUCH_APPENDAGE_BYTES_MAX)

enum ouch_direction {
    OUCH_IN = 0,  /* client to venue: payload of a SoupBinTCP U packet */
    OUCH_OUT = 1, /* venue to client: payload of an S packet */
};

enum ouch_rule {
    OUCH_APPENDAGE_NONE = 0,
    OUCH_APPENDAGE_REQUIRED = 1,
    OUCH_APPENDAGE_OPTIONAL = 2,
};

enum ouch_set {
    OUCH_SET_none = 0,
#define OUCH_SET(name, meaning) OUCH_SET_##name,
#include "wire/ouch/codes.def"
};

/* OUCH_SIDE_BUY, OUCH_REJECT_HALTED, ... */
enum ouch_value {
#define OUCH_VALUE(set, SET, NAME, value, meaning) OUCH_##SET##_##NAME = (value),
#include "wire/ouch/codes.def"
};

enum ouch_tag {
#define OUCH_TAG(NAME, number, kind, bytes, meaning) OUCH_TAG_##NAME = (number),
#include "wire/ouch/codes.def"
};

/* Optional fields as they stand on the wire, already known to tile. Zeroed: none. */
struct ouch_appendage {
    const uint8_t *bytes;
    uint16_t count;
    bool stated; /* OPTIONAL messages: the 16-bit length is there, even when it is 0 */
};

/* One optional field. */
struct ouch_element {
    const uint8_t *value;
    uint8_t tag; /* enum ouch_tag, or a tag we do not know */
    uint8_t bytes;
};

struct ouch_appendage_writer {
    uint16_t count;
    uint8_t bytes[OUCH_APPENDAGE_BYTES_MAX];
};

/* struct ouch_enter_order { uint32_t user_ref_num; ... struct ouch_appendage appendage; } */
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning) struct ouch_##name {
#define OUCH_NUMBER(bits, field, offset)                            uint##bits##_t field;
#define OUCH_TEXT(field, offset, length)                            char field[length];
#define OUCH_END(name)                                                                             \
    struct ouch_appendage appendage;                                                               \
    }                                                                                              \
    ;
#include "wire/ouch/ouch.def"

/* OUCH_<name>_BYTES: without appendage and its length. */
enum ouch_size {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning) OUCH_##name##_BYTES = (bytes),
#include "wire/ouch/ouch.def"
};

enum ouch_letter {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning) OUCH_##name##_LETTER = (letter),
#include "wire/ouch/ouch.def"
};

/* What stands behind the fields of a message of `fixed` bytes: checks every bound. */
MUST_USE enum status ouch_appendage_decode(const uint8_t *at, size_t bytes, size_t fixed,
                                           enum ouch_rule rule,
                                           struct ouch_appendage *out_appendage);

/* Writes it behind the fields; returns the bytes of the whole message. */
size_t ouch_appendage_encode(const struct ouch_appendage *appendage, size_t fixed,
                             enum ouch_rule rule, uint8_t *out);

/* The message of which `at` holds `bytes` bytes, its letter already looked at. */
#define OUCH_MESSAGE(name, direction, letter, count, rule, meaning)                                \
    MUST_USE static inline enum status ouch_decode_##name(const uint8_t *at, size_t bytes,         \
                                                          struct ouch_##name *out_message)         \
    {                                                                                              \
        struct ouch_appendage appendage;                                                           \
        enum status status =                                                                       \
            ouch_appendage_decode(at, bytes, count, OUCH_APPENDAGE_##rule, &appendage);            \
        if (UNLIKELY(status != STATUS_OK)) {                                                       \
            return status;                                                                         \
        }                                                                                          \
        out_message->appendage = appendage;
#define OUCH_NUMBER(bits, field, offset) out_message->field = bytes_load_be##bits(at + (offset));
#define OUCH_TEXT(field, offset, length) memcpy(out_message->field, at + (offset), length);
#define OUCH_END(name)                                                                             \
    return STATUS_OK;                                                                              \
    }
#include "wire/ouch/ouch.def"

/* Writes the message and returns its bytes, at most OUCH_LENGTH_MAX: OUCH_<name>_BYTES, 2 and those
 * of the appendage. */
#define OUCH_MESSAGE(name, direction, code, count, rule, meaning)                                  \
    static inline size_t ouch_encode_##name(const struct ouch_##name *message, uint8_t *at)        \
    {                                                                                              \
        enum { fixed = (count), appendage_rule = OUCH_APPENDAGE_##rule };                          \
        at[0] = (code);
#define OUCH_NUMBER(bits, field, offset) bytes_store_be##bits(at + (offset), message->field);
#define OUCH_TEXT(field, offset, length) memcpy(at + (offset), message->field, length);
#define OUCH_END(name)                                                                             \
    return ouch_appendage_encode(&message->appendage, fixed, (enum ouch_rule)appendage_rule, at);  \
    }
#include "wire/ouch/ouch.def"

/* Bytes of a message without appendage, and its name ("enter_order"); 0 and null: no such message.
 */
size_t ouch_length(enum ouch_direction direction, uint8_t letter);
const char *ouch_name(enum ouch_direction direction, uint8_t letter);

/* Checks letter, length and appendage of any message without giving its fields. UNSUPPORTED: no
 * such letter. */
MUST_USE enum status ouch_check(enum ouch_direction direction, const uint8_t *at, size_t bytes);

/* The next element from offset *at on (0 at first); false at the end. */
bool ouch_appendage_next(const struct ouch_appendage *appendage, size_t *at,
                         struct ouch_element *out_element);

/* NOT_FOUND: no such element; INVALID: it has not the bytes its tag asks for, or stands there
 * twice. */
MUST_USE enum status ouch_appendage_find(const struct ouch_appendage *appendage, enum ouch_tag tag,
                                         struct ouch_element *out_element);

/* Value of an element of 1, 2, 4 or 8 bytes as a big-endian number. */
uint64_t ouch_element_number(const struct ouch_element *element);

/* Bytes that a tag's value has; 0 = a tag we do not know. */
size_t ouch_tag_bytes(uint8_t tag);
const char *ouch_tag_name(uint8_t tag); /* "MAX_FLOOR", or null */

/* Appends one element; a text is blank-padded. The writer starts zeroed. */
void ouch_appendage_add_number(struct ouch_appendage_writer *writer, enum ouch_tag tag,
                               uint64_t value);
void ouch_appendage_add_text(struct ouch_appendage_writer *writer, enum ouch_tag tag,
                             const char *text);
struct ouch_appendage ouch_appendage_view(const struct ouch_appendage_writer *writer);

/* Meaning of a value in its set ("trading is halted"), or null. */
const char *ouch_value_meaning(enum ouch_set set, unsigned value);

#endif

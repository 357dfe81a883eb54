/* SPDX-License-Identifier: Apache-2.0
 *
 * Big-endian messages of fixed layout, told for people and programs from a table of their fields:
 * what the describe functions of OUCH and ITCH share. Cold path.
 *
 *   text   enter_order user_ref_num=113 side=B quantity=225 symbol=CVLT price=16.1208
 *   JSON   {"message":"enter_order","user_ref_num":113,...,"price":"16.1208"}
 *
 * Owner: nobody. Threads: any. Memory: the caller's text. Errors: the text is cut. Order of calls:
 * any.
 */
#ifndef DOJIMA_WIRE_FIELDS_H
#define DOJIMA_WIRE_FIELDS_H

#include "base/text.h"

#include <stddef.h>

enum fields_kind {
    FIELDS_NUMBER, /* 2, 4, 6 or 8 bytes; in JSON a string from 8 bytes on, a letter if 1 byte */
    FIELDS_PRICE,  /* 4 decimals */
    FIELDS_PRICE8, /* 8 decimals */
    FIELDS_TEXT,   /* blank-padded */
};

struct fields_row {
    const char *message; /* "enter_order" */
    const char *name;    /* "side" */
    uint16_t offset;
    uint16_t bytes;
    uint8_t kind; /* enum fields_kind */
    uint8_t set;  /* of the format's closed sets, 0 = none */
};

enum fields_style {
    FIELDS_FOR_PEOPLE, /* " name=value" */
    FIELDS_FOR_JSON,   /* ,"name":value */
};

/* One field of `row` at `value` (the field's first byte). */
void fields_describe(const struct fields_row *row, const uint8_t *value, enum fields_style style,
                     struct text *out);

/* A big-endian number of 1 to 8 bytes. */
uint64_t fields_number(const uint8_t *at, size_t bytes);

#endif

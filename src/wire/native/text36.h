/* SPDX-License-Identifier: Apache-2.0
 *
 * Names in messages: up to 36 printable bytes (0x21 to 0x7e), zero-filled in structs so that equal
 * names are equal bytes, a count byte and only the bytes themselves in records.
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: false. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_TEXT36_H
#define DOJIMA_WIRE_NATIVE_TEXT36_H

#include "base/bytes.h"
#include "wire/native/domain.h"

static ALWAYS_INLINE size_t text36_encode(uint8_t *out, const struct text36 *in)
{
    out[0] = in->count;
    memcpy(out + 1, in->bytes, in->count);
    return 1u + in->count;
}

/* Reads at in[*at] within `bytes` and moves *at behind it; false if it ends too early or is too
 * long. */
static ALWAYS_INLINE bool text36_decode(const uint8_t *in, size_t bytes, size_t *at,
                                        struct text36 *out)
{
    if (*at >= bytes) {
        return false;
    }
    size_t count = in[*at];
    if (count > TEXT36_BYTES_MAX || count > bytes - *at - 1) {
        return false;
    }
    memset(out, 0, sizeof *out);
    out->count = (uint8_t)count;
    memcpy(out->bytes, in + *at + 1, count);
    *at += 1 + count;
    return true;
}

/* At least one byte, all printable, the rest zero. */
bool text36_valid(const struct text36 *text);
bool chars16_valid(const struct chars16 *chars);

/* From a C string or a decimal number; a longer string is a bug. */
struct text36 text36_from(const char *string);
struct text36 text36_from_number(uint64_t number);
struct chars16 chars16_from(const char *string);

static ALWAYS_INLINE bool text36_equal(const struct text36 *a, const struct text36 *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an OUCH message (the first byte: 0 inbound, else outbound): no crash, and what
 * decodes encodes to the same bytes again and can be described in any room.
 */
#include "base/assert.h"
#include "wire/ouch/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static size_t again_in(const uint8_t *at, size_t bytes, uint8_t *out)
{
    switch (at[0]) {
#define IN(name, code)                                                                             \
    case code: {                                                                                   \
        struct ouch_##name message;                                                                \
        return ouch_decode_##name(at, bytes, &message) == STATUS_OK                                \
                   ? ouch_encode_##name(&message, out)                                             \
                   : 0;                                                                            \
    }
#define OUT(name, code)
#define OUCH_MESSAGE(name, direction, code, size, rule, meaning) direction(name, code)
#include "wire/ouch/ouch.def"
#undef IN
#undef OUT
    default:
        return 0;
    }
}

static size_t again_out(const uint8_t *at, size_t bytes, uint8_t *out)
{
    switch (at[0]) {
#define IN(name, code)
#define OUT(name, code)                                                                            \
    case code: {                                                                                   \
        struct ouch_##name message;                                                                \
        return ouch_decode_##name(at, bytes, &message) == STATUS_OK                                \
                   ? ouch_encode_##name(&message, out)                                             \
                   : 0;                                                                            \
    }
#define OUCH_MESSAGE(name, direction, code, size, rule, meaning) direction(name, code)
#include "wire/ouch/ouch.def"
#undef IN
#undef OUT
    default:
        return 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count < 2) {
        return 0;
    }
    enum ouch_direction direction = bytes[0] == 0 ? OUCH_IN : OUCH_OUT;
    const uint8_t *at = bytes + 1;
    count--;
    bool good = ouch_check(direction, at, count) == STATUS_OK;
    uint8_t out[OUCH_LENGTH_MAX];
    size_t written = direction == OUCH_IN ? again_in(at, count, out) : again_out(at, count, out);
    ASSERT(written == (good ? count : 0));
    ASSERT(written == 0 || memcmp(out, at, written) == 0);
    char large_bytes[4096];
    char small_bytes[40];
    struct text large;
    struct text small;
    text_init(&large, large_bytes, sizeof large_bytes);
    text_init(&small, small_bytes, sizeof small_bytes);
    ASSERT((ouch_describe(direction, at, count, FIELDS_FOR_JSON, &large) == STATUS_OK) == good);
    ASSERT((ouch_describe(direction, at, count, FIELDS_FOR_PEOPLE, &large) == STATUS_OK) == good);
    ASSERT((ouch_describe(direction, at, count, FIELDS_FOR_PEOPLE, &small) == STATUS_OK) == good);
    return 0;
}

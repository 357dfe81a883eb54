/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a MoldUDP64 packet, and each of its blocks (or the bytes themselves) as an ITCH
 * message: no crash, blocks that tile can be walked without a bound, and what has the right length
 * is described in any room. As a range that is asked for again: taken when it is a header and
 * nothing else, and the same bytes when it is written.
 */
#include "base/assert.h"
#include "wire/itch/describe.h"
#include "wire/itch/itch.h"
#include "wire/itch/moldudp64.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void try_message(const uint8_t *bytes, size_t count)
{
    char large_bytes[1024];
    char small_bytes[24];
    struct text large;
    struct text small;
    text_init(&large, large_bytes, sizeof large_bytes);
    text_init(&small, small_bytes, sizeof small_bytes);
    bool good = count > 0 && itch_length(bytes[0]) == count;
    ASSERT((itch_describe(bytes, count, FIELDS_FOR_JSON, &large) == STATUS_OK) == good);
    ASSERT((itch_describe(bytes, count, FIELDS_FOR_PEOPLE, &small) == STATUS_OK) == good);
    ASSERT(!large.truncated);
}

static void try_range(const uint8_t *bytes, size_t count)
{
    struct moldudp64_header range;
    uint8_t again[MOLDUDP64_HEADER_BYTES];
    bool good = count == MOLDUDP64_HEADER_BYTES;
    ASSERT((moldudp64_decode_range(bytes, count, &range) == STATUS_OK) == good);
    if (good) {
        moldudp64_encode(&range, again);
        ASSERT(memcmp(again, bytes, sizeof again) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    try_message(bytes, count);
    try_range(bytes, count);
    struct moldudp64_header header;
    if (moldudp64_decode(bytes, count, &header) != STATUS_OK ||
        header.count == MOLDUDP64_END_OF_SESSION) {
        return 0;
    }
    size_t at = MOLDUDP64_HEADER_BYTES;
    for (unsigned i = 0; i < header.count; i++) {
        size_t length = bytes_load_be16(bytes + at);
        try_message(bytes + at + 2, length);
        at += 2 + length;
    }
    ASSERT(at == count);
    return 0;
}

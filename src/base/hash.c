/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

/* Two independent lanes over zero-filled 8-byte words; the length is folded in at the start, so
 * "a" and "a\0" differ. */
struct hash128 hash_key(uint64_t seed, const uint8_t *bytes, size_t count)
{
    uint64_t low = hash_mix64(seed ^ 0x243f6a8885a308d3u) ^ count;
    uint64_t high = hash_mix64(seed + 0x13198a2e03707344u) + count;
    while (count > 0) {
        uint64_t word = 0;
        size_t part = count < 8 ? count : 8;
        if (part == 8) {
            word = bytes_load_le64(bytes);
        } else {
            memcpy(&word, bytes, part);
        }
        low = hash_fold(low ^ word, 0xa0761d6478bd642fu) + 0x082efa98ec4e6c89u;
        high = hash_fold(high ^ (word + 0x452821e638d01377u), 0xe7037ed1a0b428dbu) ^ word;
        bytes += part;
        count -= part;
    }
    return (struct hash128){.low = hash_mix64(low), .high = hash_mix64(high)};
}

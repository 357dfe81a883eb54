/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc32c.h"

#include "base/bytes.h"

#if defined(__SSE4_2__)
#include <nmmintrin.h>

/* The x86-64 baseline of the build has the instruction, so nothing is chosen at run time. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    uint64_t state = crc ^ 0xffffffffu;
    for (; count >= 8; count -= 8, at += 8) {
        state = _mm_crc32_u64(state, bytes_load_le64(at));
    }
    uint32_t tail = (uint32_t)state;
    for (; count > 0; count--, at++) {
        tail = _mm_crc32_u8(tail, *at);
    }
    return tail ^ 0xffffffffu;
}
#else
uint32_t crc32c(uint32_t crc, const void *bytes, size_t count)
{
    return crc32c_by_table(crc, bytes, count);
}
#endif

/* Sixteen entries, four bits a step: small enough to be written out and read against the RFC. */
static const uint32_t nibble_table[16] = {
    0x00000000u, 0x105ec76fu, 0x20bd8edeu, 0x30e349b1u, 0x417b1dbcu, 0x5125dad3u,
    0x61c69362u, 0x7198540du, 0x82f63b78u, 0x92a8fc17u, 0xa24bb5a6u, 0xb21572c9u,
    0xc38d26c4u, 0xd3d3e1abu, 0xe330a81au, 0xf36e6f75u,
};

uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    uint32_t state = crc ^ 0xffffffffu;
    for (; count > 0; count--, at++) {
        state ^= *at;
        state = nibble_table[state & 15] ^ (state >> 4);
        state = nibble_table[state & 15] ^ (state >> 4);
    }
    return state ^ 0xffffffffu;
}

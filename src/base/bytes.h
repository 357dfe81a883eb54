/* SPDX-License-Identifier: Apache-2.0
 *
 * Explicit loads and stores on byte pointers: little-endian for our own formats, big-endian for
 * ITCH, OUCH and MoldUDP64. Each compiles to one move (and a swap).
 *
 * Owner: nobody. Threads: any. Memory: the caller owns the bytes and has checked the bounds.
 * Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_BASE_BYTES_H
#define DOJIMA_BASE_BYTES_H

#include "base/compiler.h"

#include <stddef.h>
#include <string.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "this port knows little-endian machines only: add swaps to base/bytes.h"
#endif

#define BYTES_ACCESSORS(bits, swap)                                                                \
    static ALWAYS_INLINE uint##bits##_t bytes_load_le##bits(const uint8_t *at)                     \
    {                                                                                              \
        uint##bits##_t value;                                                                      \
        memcpy(&value, at, sizeof value);                                                          \
        return value;                                                                              \
    }                                                                                              \
    static ALWAYS_INLINE void bytes_store_le##bits(uint8_t *at, uint##bits##_t value)              \
    {                                                                                              \
        memcpy(at, &value, sizeof value);                                                          \
    }                                                                                              \
    static ALWAYS_INLINE uint##bits##_t bytes_load_be##bits(const uint8_t *at)                     \
    {                                                                                              \
        return swap(bytes_load_le##bits(at));                                                      \
    }                                                                                              \
    static ALWAYS_INLINE void bytes_store_be##bits(uint8_t *at, uint##bits##_t value)              \
    {                                                                                              \
        bytes_store_le##bits(at, swap(value));                                                     \
    }

BYTES_ACCESSORS(16, __builtin_bswap16)
BYTES_ACCESSORS(32, __builtin_bswap32)
BYTES_ACCESSORS(64, __builtin_bswap64)
#undef BYTES_ACCESSORS

/* One byte, for tables that paste the number of bits into a name. */
static ALWAYS_INLINE uint8_t bytes_load_be8(const uint8_t *at)
{
    return at[0];
}

static ALWAYS_INLINE void bytes_store_be8(uint8_t *at, uint8_t value)
{
    at[0] = value;
}

/* Six-byte big-endian timestamp of ITCH. */
static ALWAYS_INLINE uint64_t bytes_load_be48(const uint8_t *at)
{
    return (uint64_t)bytes_load_be16(at) << 32 | bytes_load_be32(at + 2);
}

static ALWAYS_INLINE void bytes_store_be48(uint8_t *at, uint64_t value)
{
    bytes_store_be16(at, (uint16_t)(value >> 32));
    bytes_store_be32(at + 2, (uint32_t)value);
}

/* `value` rounded up to a multiple of `unit`, a power of two. */
static ALWAYS_INLINE size_t bytes_align_up(size_t value, size_t unit)
{
    return (value + unit - 1) & ~(unit - 1);
}

#endif

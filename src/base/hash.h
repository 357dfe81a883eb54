/* SPDX-License-Identifier: Apache-2.0
 *
 * Fast non-cryptographic mixing: index keys and the running event hash. Not for tampering: that is
 * the SHA-256 chain of the journal.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 * Source: the finaliser is splitmix64's (Steele, Lea, Flood, OOPSLA 2014); folding a 64 x 64 bit
 * product is the idea of wyhash (Wang Yi), in our own arrangement.
 */
#ifndef DOJIMA_BASE_HASH_H
#define DOJIMA_BASE_HASH_H

#include "base/bytes.h"

struct hash128 {
    uint64_t low;
    uint64_t high;
};

static ALWAYS_INLINE uint64_t hash_mix64(uint64_t value)
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9u;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebu;
    value ^= value >> 31;
    return value;
}

/* For keys that are given out one after the other and looked up while they are young: sixteen
 * neighbours stand side by side, so a table of small slots finds them in one or two cache lines. */
static ALWAYS_INLINE uint64_t hash_neighbours(uint64_t key)
{
    return hash_mix64(key >> 4) << 4 | (key & 15);
}

static ALWAYS_INLINE uint64_t hash_fold(uint64_t a, uint64_t b)
{
    uint128 product = (uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Folds `count` bytes (a multiple of 8, at least 8) into `state`. Boundary-free: the result over a
 * stream of records depends on the records alone, not on how they were batched. */
static ALWAYS_INLINE uint64_t hash_running(uint64_t state, const uint8_t *bytes, size_t count)
{
    size_t at = 0;
    for (; at + 16 <= count; at += 16) {
        state = hash_fold(bytes_load_le64(bytes + at) ^ 0x9e3779b97f4a7c15u ^ state,
                          bytes_load_le64(bytes + at + 8) ^ 0xe7037ed1a0b428dbu);
        state += 0x8ebc6af09c88c6e3u;
    }
    if (at < count) {
        state = hash_fold(bytes_load_le64(bytes + at) ^ 0x9e3779b97f4a7c15u ^ state,
                          0xd6e8feb86659fd93u);
        state += 0x8ebc6af09c88c6e3u;
    }
    return state;
}

#endif

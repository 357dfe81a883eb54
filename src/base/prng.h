/* SPDX-License-Identifier: Apache-2.0
 *
 * A small seeded generator for tests, simulation and generated flow; never for secrets, never in
 * the engine.
 *
 * Owner: the caller. Threads: one a generator. Memory: none. Errors: none.
 * Order of calls: prng_init first. Source: xoshiro256** (Blackman, Vigna, 2018; public domain
 * idea).
 */
#ifndef DOJIMA_BASE_PRNG_H
#define DOJIMA_BASE_PRNG_H

#include "base/hash.h"

struct prng {
    uint64_t state[4];
};

static inline void prng_init(struct prng *prng, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15u;
        prng->state[i] = hash_mix64(seed);
    }
}

static inline uint64_t prng_next(struct prng *prng)
{
    uint64_t *s = prng->state;
    uint64_t scrambled = s[1] * 5;
    uint64_t result = (scrambled << 7 | scrambled >> 57) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* Uniform in [0, bound), bound > 0. The bias of the multiply-shift is below 2^-32 for bounds we
 * use. */
static inline uint64_t prng_below(struct prng *prng, uint64_t bound)
{
    return (uint64_t)(((uint128)prng_next(prng) * bound) >> 64);
}

/* Uniform in [low, high]. */
static inline int64_t prng_between(struct prng *prng, int64_t low, int64_t high)
{
    return low + (int64_t)prng_below(prng, (uint64_t)(high - low) + 1);
}

/* True with a chance of `parts` in `whole`. */
static inline int prng_chance(struct prng *prng, uint64_t parts, uint64_t whole)
{
    return prng_below(prng, whole) < parts;
}

/* Uniform in [0, 1): generators only, never near the engine. */
static inline double prng_unit(struct prng *prng)
{
    return (double)(prng_next(prng) >> 11) * 0x1.0p-53;
}

#endif

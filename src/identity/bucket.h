/* SPDX-License-Identifier: Apache-2.0
 *
 * A token bucket in integers: so many a second, so many at once. Tokens are kept in parts of 10^-9,
 * so a rate of 3 a second loses nothing to rounding, however often it is asked.
 *
 * Owner: the caller. Threads: one a bucket. Memory: in place. Errors: none.
 * Order of calls: bucket_init, then any. Time is monotonic ns; a step back counts as no time.
 */
#ifndef DOJIMA_IDENTITY_BUCKET_H
#define DOJIMA_IDENTITY_BUCKET_H

#include "base/compiler.h"

#include <stdbool.h>

#define BUCKET_PARTS 1000000000u /* of a token; so one ns refills `per_second` parts */

struct bucket {
    uint64_t parts; /* what is left */
    uint64_t parts_max;
    uint64_t per_second; /* tokens; 0 = never refilled */
    int64_t time_ns;     /* of the last refill */
};

/* Starts full. */
static inline void bucket_init(struct bucket *bucket, uint32_t per_second, uint32_t burst,
                               int64_t now_ns)
{
    uint64_t parts_max = (uint64_t)burst * BUCKET_PARTS;
    *bucket = (struct bucket){
        .parts = parts_max, .parts_max = parts_max, .per_second = per_second, .time_ns = now_ns};
}

static inline void bucket_refill(struct bucket *bucket, int64_t now_ns)
{
    if (now_ns <= bucket->time_ns) {
        return;
    }
    uint64_t elapsed_ns = (uint64_t)now_ns - (uint64_t)bucket->time_ns;
    uint128 parts = (uint128)elapsed_ns * bucket->per_second + bucket->parts;
    bucket->parts = parts < bucket->parts_max ? (uint64_t)parts : bucket->parts_max;
    bucket->time_ns = now_ns;
}

/* Takes `tokens`, all or none. */
static inline bool bucket_take(struct bucket *bucket, uint32_t tokens, int64_t now_ns)
{
    bucket_refill(bucket, now_ns);
    uint64_t wanted = (uint64_t)tokens * BUCKET_PARTS;
    if (wanted > bucket->parts) {
        return false;
    }
    bucket->parts -= wanted;
    return true;
}

/* Whole tokens left. */
static inline uint32_t bucket_left(const struct bucket *bucket)
{
    return (uint32_t)(bucket->parts / BUCKET_PARTS);
}

/* How long after the last refill until one token can be taken: 0 = now, INT64_MAX = never. */
static inline int64_t bucket_retry_after_ns(const struct bucket *bucket)
{
    if (bucket->parts >= BUCKET_PARTS) {
        return 0;
    }
    if (bucket->per_second == 0 || bucket->parts_max < BUCKET_PARTS) {
        return INT64_MAX;
    }
    uint64_t missing = BUCKET_PARTS - bucket->parts;
    return (int64_t)((missing + bucket->per_second - 1) / bucket->per_second);
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts of values by size, log-linear: exact below 64, then 32 buckets an octave, so a percentile
 * is at most 3.2% above the true one over the whole range of 64 bits. For latencies.
 *
 *     value   0 ... 63   64 ... 127   128 ... 255   ...
 *     bucket  0 ... 63   64 ... 95     96 ... 127   ...     width 1, 2, 4, ...
 *
 * Owner: the caller. Threads: one a histogram; merge those of others. Memory: 15 KiB, in place.
 * Errors: none. Order of calls: zeroed is empty; then any.
 */
#ifndef DOJIMA_BASE_HISTOGRAM_H
#define DOJIMA_BASE_HISTOGRAM_H

#include "base/compiler.h"

#include <stddef.h>

#define HISTOGRAM_BUCKET_COUNT 1920

struct histogram {
    uint64_t count;
    uint64_t value_min; /* of what was recorded; meaningless while count is 0 */
    uint64_t value_max;
    uint64_t value_sum; /* wraps */
    uint64_t buckets[HISTOGRAM_BUCKET_COUNT];
};

static ALWAYS_INLINE size_t histogram_bucket(uint64_t value)
{
    if (value < 64) {
        return (size_t)value;
    }
    unsigned shift = 58u - (unsigned)__builtin_clzll(value);
    return ((size_t)(shift + 1) << 5) + (size_t)(value >> shift) - 32;
}

static ALWAYS_INLINE void histogram_record(struct histogram *histogram, uint64_t value)
{
    if (histogram->count == 0 || value < histogram->value_min) {
        histogram->value_min = value;
    }
    if (value > histogram->value_max) {
        histogram->value_max = value;
    }
    histogram->count++;
    histogram->value_sum += value;
    histogram->buckets[histogram_bucket(value)]++;
}

/* The largest value that falls into `bucket`. */
uint64_t histogram_bucket_last(size_t bucket);

/* The smallest value that `parts` in `whole` of those recorded do not exceed, rounded up to the end
 * of its bucket and never above the largest recorded: 99, 100 is p99. 0 when empty. */
uint64_t histogram_percentile(const struct histogram *histogram, uint64_t parts, uint64_t whole);

void histogram_merge(struct histogram *histogram, const struct histogram *other);

#endif

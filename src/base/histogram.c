/* SPDX-License-Identifier: Apache-2.0 */
#include "base/histogram.h"

#include "base/assert.h"

uint64_t histogram_bucket_last(size_t bucket)
{
    ASSERT(bucket < HISTOGRAM_BUCKET_COUNT);
    if (bucket < 64) {
        return bucket;
    }
    unsigned shift = (unsigned)(bucket >> 5) - 1;
    uint64_t first = (uint64_t)((bucket & 31) + 32) << shift;
    return first + (((uint64_t)1 << shift) - 1);
}

uint64_t histogram_percentile(const struct histogram *histogram, uint64_t parts, uint64_t whole)
{
    ASSERT(whole > 0 && parts <= whole);
    if (histogram->count == 0) {
        return 0;
    }
    uint128 product = (uint128)histogram->count * parts + whole - 1;
    uint64_t wanted = (uint64_t)(product / whole);
    uint64_t seen = 0;
    for (size_t bucket = 0; bucket < HISTOGRAM_BUCKET_COUNT; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen >= wanted && seen > 0) {
            uint64_t last = histogram_bucket_last(bucket);
            return last < histogram->value_max ? last : histogram->value_max;
        }
    }
    return histogram->value_max;
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    if (other->count == 0) {
        return;
    }
    if (histogram->count == 0 || other->value_min < histogram->value_min) {
        histogram->value_min = other->value_min;
    }
    if (other->value_max > histogram->value_max) {
        histogram->value_max = other->value_max;
    }
    histogram->count += other->count;
    histogram->value_sum += other->value_sum;
    for (size_t bucket = 0; bucket < HISTOGRAM_BUCKET_COUNT; bucket++) {
        histogram->buckets[bucket] += other->buckets[bucket];
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/hops.h"

#include "base/assert.h"
#include "host/clock.h"

const char *hop_name(enum hop hop)
{
    static const char *const names[HOP_COUNT] = {
        [HOP_DECODE] = "decode", [HOP_APPEND] = "append", [HOP_MATCH] = "match",
        [HOP_HOLD] = "hold",     [HOP_GATHER] = "gather", [HOP_COMMIT] = "commit",
        [HOP_ENCODE] = "encode", [HOP_SEND] = "send",     [HOP_WHOLE] = "whole",
    };
    ASSERT(hop < HOP_COUNT);
    return names[hop];
}

bool hops_begin(struct hops *hops, uint64_t sequence, int64_t read_ns)
{
    if (hops->sequence != 0) {
        return false;
    }
    hops->sequence = sequence;
    hops->read_ns = read_ns;
    hops->decoded_ns = host_clock_monotonic_ns();
    hops->handed_ns = 0;
    hops->durable_ns = 0;
    hops->encoded_ns = 0;
    return true;
}

static void stamp(const struct hops *hops, int64_t *time_ns)
{
    if (hops->sequence != 0 && *time_ns == 0) {
        *time_ns = host_clock_monotonic_ns();
    }
}

void hops_handed(struct hops *hops)
{
    stamp(hops, &hops->handed_ns);
}

void hops_durable(struct hops *hops)
{
    stamp(hops, &hops->durable_ns);
}

void hops_encoded(struct hops *hops)
{
    /* A batch that filled up is handed over and found durable inside a submit. */
    hops_handed(hops);
    hops_durable(hops);
    stamp(hops, &hops->encoded_ns);
}

static void record(struct hops *hops, enum hop hop, int64_t from_ns, int64_t to_ns)
{
    histogram_record(&hops->histograms[hop], to_ns > from_ns ? (uint64_t)(to_ns - from_ns) : 0);
}

void hops_sent(struct hops *hops)
{
    if (hops->sequence == 0 || hops->encoded_ns == 0) {
        return;
    }
    int64_t sent_ns = host_clock_monotonic_ns();
    const struct sequencer_sample *sample = &hops->sample;
    record(hops, HOP_DECODE, hops->read_ns, hops->decoded_ns);
    record(hops, HOP_APPEND, hops->decoded_ns, sample->appended_ns);
    record(hops, HOP_MATCH, sample->appended_ns, sample->applied_ns);
    record(hops, HOP_HOLD, sample->applied_ns, sample->held_ns);
    record(hops, HOP_GATHER, sample->held_ns, hops->handed_ns);
    record(hops, HOP_COMMIT, hops->handed_ns, hops->durable_ns);
    record(hops, HOP_ENCODE, hops->durable_ns, hops->encoded_ns);
    record(hops, HOP_SEND, hops->encoded_ns, sent_ns);
    record(hops, HOP_WHOLE, hops->read_ns, sent_ns);
    hops->sequence = 0;
}

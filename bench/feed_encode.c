/* SPDX-License-Identifier: Apache-2.0
 *
 * How fast public entries become ITCH messages, packed into MoldUDP64 packets: the events of a
 * plausible mix are encoded over and over on one core, from the bytes of the log to those of the
 * packet. Prints events a second, the best and the median of several runs; the floor is issue 3's.
 *
 *     dojima_feed_bench [--runs N] [--floor EVENTS_PER_S]
 *
 * Owner: bench/. Threads: one. Memory: static. Errors: exit 1 below the floor, 2 usage.
 * Order of calls: none.
 */
#include "base/assert.h"
#include "base/prng.h"
#include "feed/itch_out.h"
#include "host/clock.h"
#include "wire/itch/moldudp64.h"
#include "wire/native/event_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS       4096u /* different ones; they fit the second cache */
#define PASSES       1000u
#define RUNS         7u
#define RUNS_MAX     99u
#define FLOOR        5000000.0
#define PACKET_BYTES 1400u

struct logged {
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    uint32_t count;
    uint64_t replaced;
};

static struct logged logged[EVENTS];

static void log_event(struct logged *out, enum event_id id, struct event event)
{
    event.header.id = (uint8_t)id;
    event_header_encode(out->bytes, (uint8_t)id, 1, 7);
    out->count =
        (uint32_t)(EVENT_HEADER_BYTES + event_body_encode(out->bytes + EVENT_HEADER_BYTES, &event));
}

/* Shares near those of a real day (flow/generate.h): 47 A, 39 D, 11 U, 2 E, 1 X. */
static void make(struct prng *prng, uint64_t number, struct logged *out)
{
    unsigned dice = (unsigned)prng_below(prng, 100);
    uint32_t instrument = 1 + (uint32_t)prng_below(prng, 64);
    struct price price = {prng_between(prng, 100000, 2000000)};
    struct quantity quantity = {prng_between(prng, 1, 1000)};
    enum side side = prng_chance(prng, 1, 2) ? SIDE_BUY : SIDE_SELL;
    *out = (struct logged){0};
    if (dice < 58) {
        out->replaced = dice >= 47 ? number : 0;
        log_event(out, EVENT_RESTED,
                  (struct event){.rested = {.order_id = number << 16,
                                            .price = price,
                                            .quantity = quantity,
                                            .instrument = instrument,
                                            .side = side}});
    } else if (dice < 97) {
        log_event(out, EVENT_REMOVED,
                  (struct event){.removed = {.order_id = number << 16,
                                             .reference = number,
                                             .quantity = quantity,
                                             .instrument = instrument,
                                             .side = side,
                                             .reason = REASON_REQUESTED}});
    } else if (dice < 99) {
        log_event(out, EVENT_TRADE,
                  (struct event){.trade = {.maker_order_id = number << 16,
                                           .maker_reference = number,
                                           .taker_order_id = number << 17,
                                           .price = price,
                                           .quantity = quantity,
                                           .instrument = instrument,
                                           .taker_side = side}});
    } else {
        log_event(out, EVENT_REDUCED,
                  (struct event){.reduced = {.order_id = number << 16,
                                             .reference = number,
                                             .quantity = quantity,
                                             .remaining = quantity,
                                             .instrument = instrument,
                                             .side = side,
                                             .reason = REASON_REQUESTED}});
    }
}

static void encode(struct itch_out *out, const struct stream_entry *entry, uint8_t *at,
                   size_t *out_count)
{
    enum status status = itch_out_encode(out, entry, at, out_count);
    ASSERT(status == STATUS_OK);
}

static void list(struct itch_out *out)
{
    uint8_t message[ITCH_LENGTH_MAX];
    for (uint32_t instrument = 1; instrument <= 64; instrument++) {
        struct logged listing = {0};
        log_event(&listing, EVENT_INSTRUMENT_LISTED,
                  (struct event){.instrument_listed = {.instrument = instrument,
                                                       .price_scale = 4,
                                                       .itch = 1,
                                                       .lot = {1},
                                                       .symbol = {.bytes = "RICE"}}});
        struct stream_entry entry = {.bytes = listing.bytes, .count = listing.count};
        size_t count = 0;
        encode(out, &entry, message, &count);
    }
}

/* Events a second of one run; the packets' bytes are folded so that nothing is left out. */
static double run(struct itch_out *out, uint64_t *fold)
{
    static uint8_t packet[PACKET_BYTES];
    struct moldudp64_header header = {.session = "DOJIMA   ", .sequence = 1};
    size_t used = MOLDUDP64_HEADER_BYTES;
    uint64_t number = 0;
    int64_t begin_ns = host_clock_monotonic_ns();
    for (unsigned pass = 0; pass < PASSES; pass++) {
        for (unsigned i = 0; i < EVENTS; i++) {
            number++;
            struct stream_entry entry = {.number = number,
                                         .event_sequence = number,
                                         .time_ns = number * 1000,
                                         .bytes = logged[i].bytes,
                                         .count = logged[i].count,
                                         .replaced_reference = logged[i].replaced};
            size_t count = 0;
            encode(out, &entry, packet + used + 2, &count);
            bytes_store_be16(packet + used, (uint16_t)count);
            used += 2 + count;
            header.count++;
            if (PACKET_BYTES - used < 2 + ITCH_LENGTH_MAX) {
                moldudp64_encode(&header, packet);
                *fold = hash_running(*fold, packet, used / 8 * 8);
                header.sequence += header.count;
                header.count = 0;
                used = MOLDUDP64_HEADER_BYTES;
            }
        }
    }
    return (double)number * 1e9 / (double)(host_clock_monotonic_ns() - begin_ns);
}

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

int main(int argc, char **argv)
{
    unsigned long runs = RUNS;
    double floor = FLOOR;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--runs") == 0) {
            runs = strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--floor") == 0) {
            floor = strtod(argv[i + 1], NULL);
        } else {
            runs = 0;
        }
    }
    if (runs == 0 || runs > RUNS_MAX || argc % 2 == 0) {
        fprintf(stderr, "usage: dojima_feed_bench [--runs N] [--floor EVENTS_PER_S]\n");
        return 2;
    }
    struct itch_out out;
    struct prng prng;
    double figures[RUNS_MAX];
    uint64_t fold = 0;
    itch_out_init(&out);
    list(&out);
    prng_init(&prng, 1);
    for (unsigned i = 0; i < EVENTS; i++) {
        make(&prng, i + 1, &logged[i]);
    }
    for (unsigned long i = 0; i < runs; i++) {
        figures[i] = run(&out, &fold);
    }
    itch_out_deinit(&out);
    qsort(figures, runs, sizeof figures[0], compare);
    double median = figures[runs / 2];
    printf("{\"name\":\"feed_encode\",\"events\":%llu,\"median_events_per_s\":%.0f,"
           "\"best_events_per_s\":%.0f,\"floor\":%.0f,\"fold\":\"%016llx\"}\n",
           (unsigned long long)EVENTS * PASSES * runs, median, figures[runs - 1], floor,
           (unsigned long long)fold);
    return median >= floor ? 0 : 1;
}

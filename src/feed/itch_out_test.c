/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: each kind of public entry is exactly one ITCH 5.0 message, byte by byte, with exact prices,
 * and what does not fit is refused and never cut. Method: entries by hand, expected bytes written
 * out from the specification's layouts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/itch_out.h"
#include "wire/native/event_codec.h"

#include <string.h>

#define DAY_NS   UINT64_C(86400000000000)
#define TIME_NS  (UINT64_C(20000) * DAY_NS + UINT64_C(0x1f1e1d1c1b1a))
#define SEQUENCE UINT64_C(0x0102030405060708)

/* locate 7, tracking 0, time of day */
#define HEADER(letter) letter "\x00\x07\x00\x00\x1f\x1e\x1d\x1c\x1b\x1a"

struct bench {
    struct itch_out out;
    uint8_t message[ITCH_LENGTH_MAX];
    size_t count;
};

static enum status put(struct bench *bench, enum event_id id, uint64_t replaced, struct event event)
{
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    event.header.id = (uint8_t)id;
    event_header_encode(bytes, (uint8_t)id, 1, SEQUENCE);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
    struct stream_entry entry = {.key = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC},
                                 .number = 1,
                                 .event_sequence = SEQUENCE,
                                 .time_ns = TIME_NS,
                                 .bytes = bytes,
                                 .count = (uint32_t)count,
                                 .replaced_reference = replaced};
    bench->count = 0;
    memset(bench->message, 0xee, sizeof bench->message);
    return itch_out_encode(&bench->out, &entry, bench->message, &bench->count);
}

static enum status put_listing(struct bench *bench, uint32_t instrument, uint8_t price_scale,
                               uint8_t quantity_scale, const char *symbol)
{
    struct event event = {.instrument_listed = {.instrument = instrument,
                                                .base_asset = 2,
                                                .quote_asset = 1,
                                                .price_scale = price_scale,
                                                .quantity_scale = quantity_scale,
                                                .itch = 1,
                                                .tick = {1},
                                                .lowest_price = {1},
                                                .highest_price = {1000000},
                                                .lot = {quantity_scale == 0 ? 100 : 1000},
                                                .largest_quantity = {1000000},
                                                .multiplier = 1}};
    memcpy(event.instrument_listed.symbol.bytes, symbol, strlen(symbol));
    return put(bench, EVENT_INSTRUMENT_LISTED, 0, event);
}

static enum status put_rested(struct bench *bench, uint64_t replaced, int64_t price, int64_t lots)
{
    return put(bench, EVENT_RESTED, replaced,
               (struct event){.rested = {.order_id = 99,
                                         .price = {price},
                                         .quantity = {lots},
                                         .instrument = 7,
                                         .side = SIDE_SELL}});
}

static void expect(const struct bench *bench, const char *bytes, size_t count)
{
    assert_int_equal(bench->count, count);
    assert_memory_equal(bench->message, bytes, count);
    for (size_t i = count; i < sizeof bench->message; i++) {
        assert_int_equal(bench->message[i], 0xee);
    }
}
#define EXPECT(bench, bytes) expect(bench, bytes, sizeof(bytes) - 1)

static int open_bench(void **state)
{
    static struct bench bench;
    itch_out_init(&bench.out);
    assert_int_equal(put_listing(&bench, 7, 2, 0, "RICE"), STATUS_OK);
    *state = &bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    itch_out_deinit(&bench->out);
    return 0;
}

static void a_listing_is_a_directory_message(void **state)
{
    struct bench *bench = *state;
    EXPECT(bench, HEADER("R") "RICE    "
                              "  "
                              "\x00\x00\x00\x64"
                              "YCZ P   N"
                              "\x00\x00\x00\x00"
                              "N");
}

static void a_place_is_an_add(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put_rested(bench, 0, 1234, 300), STATUS_OK); /* 12.34 */
    EXPECT(bench, HEADER("A") "\x01\x02\x03\x04\x05\x06\x07\x08"
                              "S"
                              "\x00\x00\x01\x2c"
                              "RICE    "
                              "\x00\x01\xe2\x08"); /* 123,400 */
}

static void a_place_that_follows_another_is_a_replace(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put_rested(bench, 0x1112, 1, 1), STATUS_OK);
    EXPECT(bench, HEADER("U") "\x00\x00\x00\x00\x00\x00\x11\x12"
                              "\x01\x02\x03\x04\x05\x06\x07\x08"
                              "\x00\x00\x00\x01"
                              "\x00\x00\x00\x64");
}

static void a_trade_is_an_execution_of_the_maker(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, EVENT_TRADE, 0,
                         (struct event){.trade = {.maker_order_id = 1,
                                                  .maker_reference = 0x2223,
                                                  .taker_order_id = 2,
                                                  .price = {1234},
                                                  .quantity = {60},
                                                  .maker_remaining = {40},
                                                  .instrument = 7,
                                                  .taker_side = SIDE_BUY}}),
                     STATUS_OK);
    EXPECT(bench, HEADER("E") "\x00\x00\x00\x00\x00\x00\x22\x23"
                              "\x00\x00\x00\x3c"
                              "\x01\x02\x03\x04\x05\x06\x07\x08");
}

static void less_is_a_cancel_and_gone_a_delete(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, EVENT_REDUCED, 0,
                         (struct event){.reduced = {.order_id = 1,
                                                    .reference = 0x2223,
                                                    .quantity = {20},
                                                    .remaining = {5},
                                                    .instrument = 7,
                                                    .side = SIDE_BUY,
                                                    .reason = REASON_REQUESTED}}),
                     STATUS_OK);
    EXPECT(bench, HEADER("X") "\x00\x00\x00\x00\x00\x00\x22\x23"
                              "\x00\x00\x00\x14");
    assert_int_equal(put(bench, EVENT_REMOVED, 0,
                         (struct event){.removed = {.order_id = 1,
                                                    .reference = 0x2223,
                                                    .quantity = {5},
                                                    .instrument = 7,
                                                    .side = SIDE_BUY,
                                                    .reason = REASON_REQUESTED}}),
                     STATUS_OK);
    EXPECT(bench, HEADER("D") "\x00\x00\x00\x00\x00\x00\x22\x23");
}

static void phases_are_trading_actions(void **state)
{
    struct bench *bench = *state;
    struct event event = {
        .phase = {.instrument = 7, .phase = PHASE_HALTED, .reason = PHASE_REASON_NEWS}};
    assert_int_equal(put(bench, EVENT_PHASE, 0, event), STATUS_OK);
    EXPECT(bench, HEADER("H") "RICE    H T1  ");
    event.phase.phase = PHASE_OPEN;
    event.phase.reason = PHASE_REASON_SCHEDULED;
    assert_int_equal(put(bench, EVENT_PHASE, 0, event), STATUS_OK);
    EXPECT(bench, HEADER("H") "RICE    T     ");
    event.phase = (struct event_phase){
        .instrument = 0, .phase = PHASE_HALTED, .reason = PHASE_REASON_OPERATOR};
    assert_int_equal(put(bench, EVENT_PHASE, 0, event), STATUS_OK); /* all of them */
    EXPECT(bench, "H\x00\x00\x00\x00\x1f\x1e\x1d\x1c\x1b\x1a"
                  "        H O1  ");
    event.phase.reason = PHASE_REASON_TECHNICAL;
    assert_int_equal(put(bench, EVENT_PHASE, 0, event), STATUS_OK);
    EXPECT(bench, "H\x00\x00\x00\x00\x1f\x1e\x1d\x1c\x1b\x1a"
                  "        H O1  ");
}

static void the_end_of_the_day_is_a_system_event(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(
        put(bench, EVENT_DAY_ENDED, 0, (struct event){.day_ended = {.trading_day = 20260101}}),
        STATUS_OK);
    EXPECT(bench, "S\x00\x00\x00\x00\x1f\x1e\x1d\x1c\x1b\x1a"
                  "C");
}

static void shares_are_whole_units_of_the_asset(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put_listing(bench, 7, 4, 3, "RICE"), STATUS_OK); /* a lot unit: 1/1000 */
    assert_int_equal(bytes_load_be32(bench->message + 21), 1);        /* round lot */
    assert_int_equal(put_rested(bench, 0, 1, 5000), STATUS_OK);
    assert_int_equal(bytes_load_be32(bench->message + 20), 5);
    assert_int_equal(bytes_load_be32(bench->message + 32), 1);
    assert_int_equal(put_rested(bench, 0, 1, 5001), STATUS_INVALID);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put_rested(bench, 0, INT64_C(42949672), 1), STATUS_OK);
    assert_int_equal(put_rested(bench, 0, INT64_C(42949673), 1), STATUS_INVALID);
    assert_int_equal(put_rested(bench, 0, INT64_MAX, 1), STATUS_INVALID);
    assert_int_equal(put_rested(bench, 0, -1, 1), STATUS_INVALID);
    assert_int_equal(put_rested(bench, 0, 1, INT64_C(4294967295)), STATUS_OK);
    assert_int_equal(put_rested(bench, 0, 1, INT64_C(4294967296)), STATUS_INVALID);
    assert_int_equal(put_listing(bench, 65536, 4, 0, "BIG"), STATUS_INVALID);
    assert_int_equal(put_listing(bench, 8, 5, 0, "FINE"), STATUS_INVALID);
    assert_int_equal(put(bench, EVENT_REMOVED, 0,
                         (struct event){.removed = {.reference = 1,
                                                    .quantity = {1},
                                                    .instrument = 9,
                                                    .side = SIDE_BUY,
                                                    .reason = REASON_REQUESTED}}),
                     STATUS_INVALID); /* not listed */
    assert_int_equal(bench->count, 0);
}

static void private_and_broken_entries_are_refused(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, EVENT_CANCELLED, 0,
                         (struct event){.cancelled = {.order_id = 1,
                                                      .quantity = {1},
                                                      .instrument = 7,
                                                      .side = SIDE_BUY,
                                                      .reason = REASON_REQUESTED}}),
                     STATUS_INVALID);
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    struct event event = {
        .rested = {.price = {1}, .quantity = {1}, .instrument = 7, .side = SIDE_BUY}};
    event.header.id = EVENT_RESTED;
    event_header_encode(bytes, EVENT_RESTED, 1, 1);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
    for (size_t cut = 0; cut < count; cut++) {
        struct stream_entry entry = {.bytes = bytes, .count = (uint32_t)cut};
        assert_int_not_equal(itch_out_encode(&bench->out, &entry, bench->message, &bench->count),
                             STATUS_OK);
    }
}

int main(void)
{
#define ENTRY_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        ENTRY_TEST(a_listing_is_a_directory_message),
        ENTRY_TEST(a_place_is_an_add),
        ENTRY_TEST(a_place_that_follows_another_is_a_replace),
        ENTRY_TEST(a_trade_is_an_execution_of_the_maker),
        ENTRY_TEST(less_is_a_cancel_and_gone_a_delete),
        ENTRY_TEST(phases_are_trading_actions),
        ENTRY_TEST(the_end_of_the_day_is_a_system_event),
        ENTRY_TEST(shares_are_whole_units_of_the_asset),
        ENTRY_TEST(what_does_not_fit_is_refused),
        ENTRY_TEST(private_and_broken_entries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

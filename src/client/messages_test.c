/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what the client says is what the wire room reads, and events come back with the right
 * order. Method: requests decoded with the decoders of wire/, events encoded with its encoders.
 */
#include "client/messages.h"
#include "wire/native/sbe.h"
#include "wire/ouch/ouch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct intent enter = {
    .kind = INTENT_ENTER,
    .reference = 17,
    .order = {.price = 1013500,
              .quantity = 300,
              .instrument = 2,
              .symbol = "SILK",
              .side = DOJIMA_SELL,
              .time_in_force = DOJIMA_FOK},
};

static void ouch_says_an_order(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1"};
    uint8_t bytes[MESSAGES_INTENT_BYTES_MAX];
    size_t count;
    assert_int_equal(ouch_messages.encode(&messages, &enter, bytes, &count), STATUS_OK);
    struct ouch_enter_order message;
    assert_int_equal(ouch_decode_enter_order(bytes, count, &message), STATUS_OK);
    assert_int_equal(message.user_ref_num, 17);
    assert_int_equal(message.side, OUCH_SIDE_SELL);
    assert_int_equal(message.quantity, 300);
    assert_memory_equal(message.symbol, "SILK    ", 8);
    assert_int_equal(message.price, 1013500);
    assert_int_equal(message.time_in_force, OUCH_TIME_IN_FORCE_IOC);
    struct ouch_element element;
    assert_int_equal(ouch_appendage_find(&message.appendage, OUCH_TAG_MIN_QUANTITY, &element),
                     STATUS_OK);
    assert_int_equal(ouch_element_number(&element), 300);
    struct intent some = enter;
    some.order.time_in_force = DOJIMA_IOC;
    some.order.minimum = 120;
    assert_int_equal(ouch_messages.encode(&messages, &some, bytes, &count), STATUS_OK);
    assert_int_equal(ouch_decode_enter_order(bytes, count, &message), STATUS_OK);
    assert_int_equal(ouch_appendage_find(&message.appendage, OUCH_TAG_MIN_QUANTITY, &element),
                     STATUS_OK);
    assert_int_equal(ouch_element_number(&element), 120);
}

static void what_a_protocol_cannot_say_is_not_sent(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1"};
    uint8_t bytes[MESSAGES_INTENT_BYTES_MAX];
    size_t count = 77;
    struct intent intent = enter;
    intent.order.quantity = 1000000;
    assert_int_equal(ouch_messages.encode(&messages, &intent, bytes, &count), STATUS_INVALID);
    static const int64_t minimums[] = {-1, 300, 301};
    for (size_t i = 0; i < sizeof minimums / sizeof minimums[0]; i++) {
        intent = enter;
        intent.order.time_in_force = DOJIMA_IOC;
        intent.order.minimum = minimums[i];
        assert_int_equal(ouch_messages.encode(&messages, &intent, bytes, &count), STATUS_INVALID);
    }
    intent = enter;
    intent.order.time_in_force = DOJIMA_GTC;
    assert_int_equal(ouch_messages.encode(&messages, &intent, bytes, &count), STATUS_INVALID);
    intent = enter;
    memcpy(intent.order.symbol, "TOOLONGXX", 10);
    assert_int_equal(ouch_messages.encode(&messages, &intent, bytes, &count), STATUS_INVALID);
    intent = enter;
    intent.order.instrument = 0;
    assert_int_equal(native_messages.encode(&messages, &intent, bytes, &count), STATUS_INVALID);
    assert_int_equal(count, 77);
}

static void native_says_an_order(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1"};
    uint8_t bytes[MESSAGES_INTENT_BYTES_MAX];
    size_t count;
    struct command command;
    assert_int_equal(native_messages.encode(&messages, &enter, bytes, &count), STATUS_OK);
    native_messages.number(bytes, 5);
    assert_int_equal(sbe_command_decode(bytes, count, &command), STATUS_OK);
    assert_int_equal(command.header.id, COMMAND_NEW_ORDER);
    assert_int_equal(command.header.input_sequence, 5);
    assert_int_equal(command.new_order.quantity.lots, 300);
    assert_int_equal(command.new_order.instrument, 2);
    assert_int_equal(command.new_order.time_in_force, TIME_IN_FORCE_FOK);
    assert_string_equal(command.new_order.client_order_id.bytes, "ALICE1-17");
}

static void ouch_hears_a_fill(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1"};
    struct ouch_order_executed executed = {.time_ns = 9,
                                           .user_ref_num = 4,
                                           .quantity = 25,
                                           .price = 1000000,
                                           .liquidity = OUCH_LIQUIDITY_ADDED,
                                           .match_number = 1234};
    uint8_t bytes[OUCH_LENGTH_MAX];
    size_t count = ouch_encode_order_executed(&executed, bytes);
    struct dojima_event event;
    assert_int_equal(ouch_messages.decode(&messages, bytes, count, &event), STATUS_OK);
    assert_int_equal(event.kind, DOJIMA_EXECUTED);
    assert_int_equal(event.reference, 4);
    assert_int_equal(event.match, 1234);
    assert_int_equal(event.quantity, 25);
    assert_true(event.maker);
    /* cut anywhere it is no message */
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(ouch_messages.decode(&messages, bytes, i, &event), STATUS_OK);
    }
}

static struct dojima_event hear(struct messages *messages, const struct event *in)
{
    uint8_t bytes[SBE_EVENT_BYTES_MAX];
    struct dojima_event event;
    size_t count = sbe_event_encode(bytes, in, SBE_BUDGET_UNLIMITED);
    assert_int_equal(native_messages.decode(messages, bytes, count, &event), STATUS_OK);
    return event;
}

static struct event accepted(uint64_t sequence, const char *name)
{
    struct event event = {
        .header = {.id = EVENT_ACCEPTED, .version = EVENT_ACCEPTED_VERSION, .sequence = sequence}};
    event.accepted = (struct event_accepted){.price = {100},
                                             .quantity = {10},
                                             .instrument = 1,
                                             .session = 7,
                                             .side = SIDE_BUY,
                                             .order_type = ORDER_TYPE_LIMIT,
                                             .time_in_force = TIME_IN_FORCE_DAY,
                                             .capacity = CAPACITY_AGENCY,
                                             .client_order_id = text36_from(name)};
    return event;
}

static struct event trade(uint64_t sequence, uint64_t maker, uint64_t taker)
{
    struct event event = {
        .header = {.id = EVENT_TRADE, .version = EVENT_TRADE_VERSION, .sequence = sequence}};
    event.trade = (struct event_trade){.maker_order_id = maker << 16 | 3,
                                       .taker_order_id = taker << 16 | 3,
                                       .price = {100},
                                       .quantity = {4},
                                       .maker_remaining = {6},
                                       .taker_remaining = {0},
                                       .maker_session = 7,
                                       .taker_session = 7,
                                       .instrument = 1,
                                       .taker_side = SIDE_SELL};
    return event;
}

static void native_knows_its_orders_by_the_venues_id(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1", .session = 7};
    struct event in = accepted(1000, "ALICE1-8");
    struct dojima_event event = hear(&messages, &in);
    assert_int_equal(event.kind, DOJIMA_ACCEPTED);
    assert_int_equal(event.reference, 8);
    in = accepted(1001, "ALICE1-9");
    (void)hear(&messages, &in);
    /* with itself: the maker's side, then the taker's */
    in = trade(1002, 1000, 1001);
    event = hear(&messages, &in);
    assert_true(event.maker);
    assert_int_equal(event.reference, 8);
    assert_int_equal(event.side, DOJIMA_BUY);
    assert_int_equal(event.remaining, 6);
    event = hear(&messages, &in);
    assert_false(event.maker);
    assert_int_equal(event.reference, 9);
    assert_int_equal(messages.row_count, 1); /* the taker is filled and forgotten */
    in = accepted(1003, "someone-9");
    event = hear(&messages, &in);
    assert_int_equal(event.reference, 0);
    messages_deinit(&messages);
}

static void native_hears_a_prevention_from_each_side(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1", .session = 7};
    struct event in = accepted(1000, "ALICE1-8");
    (void)hear(&messages, &in);
    in = accepted(1001, "ALICE1-9");
    (void)hear(&messages, &in);
    in = (struct event){
        .header = {.id = EVENT_PREVENTED, .version = EVENT_PREVENTED_VERSION, .sequence = 1002}};
    in.prevented = (struct event_prevented){.maker_order_id = 1000 << 16 | 3,
                                            .taker_order_id = 1001 << 16 | 3,
                                            .price = {100},
                                            .quantity = {4},
                                            .maker_cancelled = {4},
                                            .taker_cancelled = {4},
                                            .maker_remaining = {6},
                                            .taker_remaining = {0},
                                            .maker_session = 7,
                                            .taker_session = 7,
                                            .instrument = 1,
                                            .self_trade_group = 5,
                                            .taker_side = SIDE_SELL,
                                            .mode = SELF_TRADE_DECREMENT};
    struct dojima_event event = hear(&messages, &in);
    assert_int_equal(event.kind, DOJIMA_CANCELLED);
    assert_int_equal(event.reference, 8);
    assert_int_equal(event.side, DOJIMA_BUY);
    assert_int_equal(event.quantity, 4);
    assert_int_equal(event.remaining, 6);
    assert_string_equal(event.reason, "SELF_TRADE");
    event = hear(&messages, &in);
    assert_int_equal(event.reference, 9);
    assert_int_equal(event.side, DOJIMA_SELL);
    assert_int_equal(messages.row_count, 1); /* the taker is gone and forgotten */
    in.header.sequence = 1003;
    in.prevented.taker_session = 0;
    assert_int_equal(hear(&messages, &in).reference, 8);
    messages_deinit(&messages);
}

static void a_stop_is_heard_in_both_protocols(void **state)
{
    (void)state;
    struct messages messages = {.username = "ALICE1", .session = 7};
    struct ouch_system_event stops = {.time_ns = 9, .event_code = OUCH_EVENT_CODE_GATEWAY_STOPS};
    struct ouch_system_event nothing = {.time_ns = 9, .event_code = OUCH_EVENT_CODE_NO_MESSAGE};
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct dojima_event event;
    size_t count = ouch_encode_system_event(&stops, bytes);
    assert_int_equal(ouch_messages.decode(&messages, bytes, count, &event), STATUS_OK);
    assert_int_equal(event.kind, DOJIMA_NOTED);
    assert_string_equal(event.reason, "this gateway stops, the venue goes on");
    count = ouch_encode_system_event(&nothing, bytes);
    assert_int_equal(ouch_messages.decode(&messages, bytes, count, &event), STATUS_OK);
    assert_int_equal(event.kind, DOJIMA_OTHER);
    struct event in = {
        .header = {.id = EVENT_SESSION_NOTED, .version = EVENT_SESSION_NOTED_VERSION},
        .session_noted = {.session = 7, .incarnation = 1, .note = SESSION_NOTE_VENUE_STOPS}};
    event = hear(&messages, &in);
    assert_int_equal(event.kind, DOJIMA_NOTED);
    assert_string_equal(event.reason, "VENUE_STOPS");
    messages_deinit(&messages);
}

/* Thousands of orders that come and go in an order of their own: none is lost in the table. */
static void the_table_of_orders_keeps_what_is_live(void **state)
{
    (void)state;
    struct messages messages = {.username = "A", .session = 7};
    for (uint64_t i = 1; i <= 3000; i++) {
        char name[16];
        snprintf(name, sizeof name, "A-%u", (unsigned)i);
        struct event in = accepted(i * 7919, name);
        (void)hear(&messages, &in);
        if (i % 3 == 0) {
            in = trade(1000000 + i, 1, (i - 2) * 7919);
            in.trade.maker_session = 0;
            assert_int_equal(hear(&messages, &in).reference, i - 2);
        }
    }
    assert_int_equal(messages.row_count, 2000);
    for (uint64_t i = 1; i <= 3000; i++) {
        struct event in = trade(2000000 + i, 1, i * 7919);
        in.trade.maker_session = 0;
        assert_int_equal(hear(&messages, &in).reference, i % 3 == 1 ? 0 : i);
    }
    assert_int_equal(messages.row_count, 0);
    messages_deinit(&messages);
}

static void refusals_at_the_door_are_understood(void **state)
{
    (void)state;
    static const char words[] = "NOT SEQUENCED UserRefNum 12 RATE_LIMITED retry after 250 us";
    struct refusal refusal;
    assert_true(ouch_messages.refused((const uint8_t *)words, sizeof words - 1, &refusal));
    assert_int_equal(refusal.reference, 12);
    assert_int_equal(refusal.retry_after_us, 250);
    assert_string_equal(refusal.kind, "RATE_LIMITED");
    assert_false(ouch_messages.refused((const uint8_t *)"hello", 5, &refusal));
    struct sbe_not_sequenced message = {.input_sequence = 3, .retry_after_us = 9, .code = 0};
    uint8_t bytes[SBE_NOT_SEQUENCED_BYTES];
    size_t count = sbe_not_sequenced_encode(bytes, &message);
    assert_true(native_messages.refused(bytes, count, &refusal));
    assert_int_equal(refusal.input_sequence, 3);
    assert_string_equal(refusal.kind, "OVERLOADED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ouch_says_an_order),
        cmocka_unit_test(what_a_protocol_cannot_say_is_not_sent),
        cmocka_unit_test(native_says_an_order),
        cmocka_unit_test(ouch_hears_a_fill),
        cmocka_unit_test(native_knows_its_orders_by_the_venues_id),
        cmocka_unit_test(native_hears_a_prevention_from_each_side),
        cmocka_unit_test(a_stop_is_heard_in_both_protocols),
        cmocka_unit_test(the_table_of_orders_keeps_what_is_live),
        cmocka_unit_test(refusals_at_the_door_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

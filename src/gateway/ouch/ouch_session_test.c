/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: OUCH messages become the commands of docs/reference/ouch-mapping.md, every entry becomes
 * one message, and the same entry is the same message whenever it is asked for. Method: a fold fed
 * by hand with events; each message is encoded when its entry is new and again at the end, when the
 * fold has seen everything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "gateway/ouch/ouch_session.h"
#include "wire/native/event_codec.h"
#include "wire/ouch/ouch.h"

#include <stdlib.h>

#define ENTRIES_MAX 4096
#define SESSION     7u
#define ACCOUNT     70u

struct kept {
    struct stream_entry entry;
    struct event event;
    uint8_t message[PROTOCOL_MESSAGE_BYTES_MAX];
    size_t count;
};

struct stage {
    struct ouch_session *session;
    struct directory directory;
    struct kept kept[ENTRIES_MAX];
    uint64_t count;
    uint64_t event_sequence;
    uint64_t input_sequence;
};

static int setup(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct protocol_who who = {.account = ACCOUNT, .session = SESSION, .participant = 1};
    void *session;
    assert_non_null(stage);
    assert_int_equal(ouch_protocol.open(&who, &session), STATUS_OK);
    stage->session = session;
    struct event listed = {.header = {.id = EVENT_INSTRUMENT_LISTED}};
    listed.instrument_listed = (struct event_instrument_listed){
        .instrument = 3, .price_scale = 4, .itch = 1, .symbol = chars16_from("RICE")};
    assert_int_equal(directory_apply(&stage->directory, &listed), STATUS_OK);
    listed.instrument_listed.instrument = 4;
    listed.instrument_listed.itch = 0;
    listed.instrument_listed.symbol = chars16_from("BULK");
    assert_int_equal(directory_apply(&stage->directory, &listed), STATUS_OK);
    *state = stage;
    return 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    ouch_protocol.close(stage->session);
    directory_deinit(&stage->directory);
    free(stage);
    return 0;
}

/* The next entry of the stream; its event sequence is returned, its message is kept. */
static uint64_t feed(struct stage *stage, uint8_t id, const struct event *event,
                     enum stream_side side)
{
    assert_true(stage->count < ENTRIES_MAX);
    struct kept *kept = &stage->kept[stage->count++];
    stage->event_sequence += 3;
    kept->event = *event;
    kept->event.header.id = id;
    kept->entry = (struct stream_entry){.number = stage->count,
                                        .event_sequence = stage->event_sequence,
                                        .time_ns = 86400000000000u * 20000 + stage->count,
                                        .side = side};
    assert_int_equal(ouch_protocol.apply(stage->session, &kept->entry, &kept->event), STATUS_OK);
    kept->count = ouch_protocol.encode(stage->session, &stage->directory, &kept->entry,
                                       &kept->event, kept->message);
    assert_int_equal(ouch_check(OUCH_OUT, kept->message, kept->count), STATUS_OK);
    return stage->event_sequence;
}

static const struct kept *last(const struct stage *stage)
{
    return &stage->kept[stage->count - 1];
}

static struct text36 name(uint32_t user_ref_num)
{
    struct order_name order_name = {.session = SESSION, .user_ref_num = user_ref_num};
    memset(order_name.client_id, ' ', sizeof order_name.client_id);
    return order_name_encode(&order_name);
}

static uint64_t feed_accepted(struct stage *stage, uint32_t user_ref_num, int64_t lots)
{
    struct event event = {0};
    event.accepted = (struct event_accepted){.account = ACCOUNT,
                                             .price = {10000},
                                             .quantity = {lots},
                                             .instrument = 3,
                                             .session = SESSION,
                                             .side = SIDE_BUY,
                                             .order_type = ORDER_TYPE_LIMIT,
                                             .time_in_force = TIME_IN_FORCE_DAY,
                                             .capacity = CAPACITY_PRINCIPAL,
                                             .client_order_id = name(user_ref_num)};
    return feed(stage, EVENT_ACCEPTED, &event, STREAM_WHOLE) << 16 | 5;
}

static void feed_replaced(struct stage *stage, uint64_t order_id, uint32_t user_ref_num,
                          int64_t lots)
{
    struct event event = {0};
    event.replaced = (struct event_replaced){.order_id = order_id,
                                             .price = {10100},
                                             .quantity = {lots},
                                             .remaining = {lots},
                                             .instrument = 3,
                                             .side = SIDE_BUY,
                                             .place = PLACE_LOST,
                                             .client_order_id = name(user_ref_num)};
    feed(stage, EVENT_REPLACED, &event, STREAM_WHOLE);
}

static void feed_trade(struct stage *stage, uint64_t order_id, int64_t lots, int64_t remaining)
{
    struct event event = {0};
    event.trade = (struct event_trade){.maker_order_id = order_id,
                                       .taker_order_id = 1 << 16,
                                       .price = {10000},
                                       .quantity = {lots},
                                       .maker_remaining = {remaining},
                                       .instrument = 3,
                                       .taker_side = SIDE_SELL};
    feed(stage, EVENT_TRADE, &event, STREAM_MAKER);
}

static void feed_rejected(struct stage *stage, uint8_t command, enum reject code,
                          uint32_t user_ref_num)
{
    struct event event = {0};
    event.rejected = (struct event_rejected){.account = ACCOUNT,
                                             .session = SESSION,
                                             .code = (uint16_t)code,
                                             .command = command,
                                             .client_order_id = name(user_ref_num)};
    feed(stage, EVENT_REJECTED, &event, STREAM_WHOLE);
}

static void feed_refused_replace(struct stage *stage, uint32_t original, uint32_t user_ref_num)
{
    struct event event = {0};
    event.rejected = (struct event_rejected){.account = ACCOUNT,
                                             .session = SESSION,
                                             .code = REJECT_PRICE_NOT_ON_TICK,
                                             .command = COMMAND_REPLACE,
                                             .client_order_id = name(original),
                                             .new_client_order_id = name(user_ref_num)};
    feed(stage, EVENT_REJECTED, &event, STREAM_WHOLE);
}

static struct ouch_enter_order enter(uint32_t user_ref_num)
{
    struct ouch_enter_order message = {.user_ref_num = user_ref_num,
                                       .side = 'B',
                                       .quantity = 100,
                                       .price = 10000,
                                       .time_in_force = '0',
                                       .display = 'Y',
                                       .capacity = 'P',
                                       .sweep = 'N',
                                       .cross_type = 'N'};
    memcpy(message.symbol, "RICE    ", 8);
    memcpy(message.client_order_id, "ab-9          ", 14);
    return message;
}

/* Decodes and, if it is a command, submits: what the gateway does. */
static enum protocol_outcome take(struct stage *stage, const uint8_t *bytes, size_t count,
                                  struct protocol_intent *out_intent)
{
    enum protocol_outcome outcome =
        ouch_protocol.decode(stage->session, &stage->directory, bytes, count, out_intent);
    if (outcome == PROTOCOL_COMMAND) {
        assert_int_equal(
            ouch_protocol.submitted(stage->session, out_intent, ++stage->input_sequence),
            STATUS_OK);
    }
    return outcome;
}

static enum protocol_outcome take_enter(struct stage *stage, const struct ouch_enter_order *message,
                                        struct protocol_intent *out_intent)
{
    uint8_t bytes[OUCH_LENGTH_MAX];
    return take(stage, bytes, ouch_encode_enter_order(message, bytes), out_intent);
}

static enum protocol_outcome take_cancel(struct stage *stage, uint32_t user_ref_num,
                                         uint32_t quantity, struct protocol_intent *out_intent)
{
    struct ouch_cancel_order message = {.user_ref_num = user_ref_num, .quantity = quantity};
    uint8_t bytes[OUCH_LENGTH_MAX];
    return take(stage, bytes, ouch_encode_cancel_order(&message, bytes), out_intent);
}

static void an_order_becomes_a_command_once(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    struct ouch_enter_order message = enter(5);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    const struct command_new_order *order = &intent.command.new_order;
    assert_int_equal(intent.command.header.id, COMMAND_NEW_ORDER);
    assert_int_equal(order->account, ACCOUNT);
    assert_int_equal(order->instrument, 3);
    assert_int_equal(order->price.units, 10000);
    assert_int_equal(order->quantity.lots, 100);
    assert_int_equal(order->order_type, ORDER_TYPE_LIMIT);
    assert_string_equal(order->client_order_id.bytes, "7.5.ab-9");
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_REPEAT);
    message.user_ref_num = 4;
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_REPEAT);
    message.user_ref_num = 0;
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_REPEAT);
    message.user_ref_num = 6;
    message.price = OUCH_PRICE_MARKET;
    message.time_in_force = '3';
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.order_type, ORDER_TYPE_MARKET);
    assert_true(intent.command.new_order.price.units == PRICE_NONE);
}

/* Each becomes a command that breaks exactly the rule the mapping names. */
static void what_the_venue_has_not_is_left_to_the_engine_to_refuse(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    struct ouch_enter_order messages[8];
    for (uint32_t i = 0; i < 8; i++) {
        messages[i] = enter(10 + i);
    }
    messages[0].side = '?';
    messages[1].time_in_force = '6';
    messages[2].display = 'N';
    messages[3].capacity = 'O';
    messages[4].cross_type = 'O';
    memcpy(messages[5].client_order_id, "a b           ", 14);
    struct ouch_appendage_writer writer = {0};
    ouch_appendage_add_number(&writer, OUCH_TAG_MAX_FLOOR, 10);
    messages[6].appendage = ouch_appendage_view(&writer);
    messages[7].sweep = 'x';
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(take_enter(stage, &messages[i], &intent), PROTOCOL_COMMAND);
        assert_int_equal(intent.command.new_order.order_type, ORDER_TYPE_MARKET);
        assert_int_equal(intent.command.new_order.time_in_force, TIME_IN_FORCE_DAY);
        assert_int_equal(intent.command.new_order.instrument, 3);
        assert_true(text36_valid(&intent.command.new_order.client_order_id));
    }
    struct ouch_enter_order message = enter(20);
    memcpy(message.symbol, "NOSUCH  ", 8);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.instrument, 0);
    message = enter(21);
    memcpy(message.symbol, "BULK    ", 8); /* listed, but not for OUCH */
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.instrument, 0);
}

static void appendages_that_apply_are_taken(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    struct ouch_appendage_writer writer = {0};
    struct ouch_enter_order message = enter(1);
    message.time_in_force = '3';
    ouch_appendage_add_number(&writer, OUCH_TAG_MIN_QUANTITY, 100);
    message.appendage = ouch_appendage_view(&writer);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.time_in_force, TIME_IN_FORCE_FOK);
    assert_int_equal(intent.command.new_order.order_type, ORDER_TYPE_LIMIT);
    writer = (struct ouch_appendage_writer){0};
    ouch_appendage_add_number(&writer, OUCH_TAG_MIN_QUANTITY, 60);
    message.user_ref_num = 3;
    message.appendage = ouch_appendage_view(&writer);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.time_in_force, TIME_IN_FORCE_IOC);
    assert_int_equal(intent.command.new_order.minimum_quantity.lots, 60);
    writer = (struct ouch_appendage_writer){0};
    ouch_appendage_add_text(&writer, OUCH_TAG_POST_ONLY, "P");
    message = enter(4);
    message.appendage = ouch_appendage_view(&writer);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.post_only, POST_ONLY_SLIDE);
}

static void a_cancel_counts_what_is_under_way(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint64_t order_id = feed_accepted(stage, 1, 100);
    assert_int_equal(take_cancel(stage, 1, 60, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.header.id, COMMAND_REDUCE);
    assert_int_equal(intent.command.reduce.quantity.lots, 40);
    assert_int_equal(take_cancel(stage, 1, 50, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.reduce.quantity.lots, 10);
    struct event event = {0};
    event.reduced = (struct event_reduced){.order_id = order_id,
                                           .quantity = {40},
                                           .remaining = {60},
                                           .instrument = 3,
                                           .side = SIDE_BUY,
                                           .reason = REASON_REQUESTED};
    feed(stage, EVENT_REDUCED, &event, STREAM_WHOLE);
    struct ouch_order_canceled canceled;
    assert_int_equal(
        ouch_decode_order_canceled(last(stage)->message, last(stage)->count, &canceled), STATUS_OK);
    assert_int_equal(canceled.quantity, 40);
    assert_int_equal(canceled.reason, OUCH_CANCEL_REASON_USER);
    feed_rejected(stage, COMMAND_REDUCE, REJECT_QUANTITY_ABOVE_OPEN, 1);
    assert_int_equal(last(stage)->message[0], 'I');
    assert_int_equal(take_cancel(stage, 1, 50, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.reduce.quantity.lots, 10);
    feed_trade(stage, order_id, 55, 5);
    assert_int_equal(take_cancel(stage, 1, 10, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.header.id, COMMAND_CANCEL); /* less than was executed */
    assert_int_equal(take_cancel(stage, 99, 0, &intent), PROTOCOL_COMMAND);
    assert_string_equal(intent.command.cancel.client_order_id.bytes, "7.99");
}

/* What a prevention took is neither open nor part of the order's quantity any more. */
static void a_prevention_is_told_and_counted(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint64_t order_id = feed_accepted(stage, 1, 100);
    struct event event = {0};
    event.prevented = (struct event_prevented){.maker_order_id = 1 << 16,
                                               .taker_order_id = order_id,
                                               .price = {9900},
                                               .quantity = {30},
                                               .maker_cancelled = {30},
                                               .taker_cancelled = {30},
                                               .maker_remaining = {0},
                                               .taker_remaining = {70},
                                               .instrument = 3,
                                               .self_trade_group = 5,
                                               .taker_side = SIDE_BUY,
                                               .mode = SELF_TRADE_DECREMENT};
    feed(stage, EVENT_PREVENTED, &event, STREAM_TAKER);
    struct ouch_aiq_canceled canceled;
    assert_int_equal(ouch_decode_aiq_canceled(last(stage)->message, last(stage)->count, &canceled),
                     STATUS_OK);
    assert_int_equal(canceled.user_ref_num, 1);
    assert_int_equal(canceled.decrement_shares, 30);
    assert_int_equal(canceled.execution_price, 9900);
    assert_int_equal(canceled.aiq_strategy, 'D');
    assert_int_equal(take_cancel(stage, 1, 60, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.header.id, COMMAND_REDUCE);
    assert_int_equal(intent.command.reduce.quantity.lots, 10);
}

static void a_group_is_two_digits(void **state)
{
    static const struct {
        const char *text;
        uint32_t group;
        bool taken;
    } cases[] = {{"07", 7, true}, {"7 ", 7, true},  {"99", 99, true},
                 {"  ", 0, true}, {" 7", 0, false}, {"7x", 0, false}};
    struct stage *stage = *state;
    for (uint32_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct protocol_intent intent;
        struct ouch_enter_order message = enter(i + 1);
        struct ouch_appendage_writer writer = {0};
        ouch_appendage_add_text(&writer, OUCH_TAG_AIQ_GROUP_ID, cases[i].text);
        message.appendage = ouch_appendage_view(&writer);
        assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
        const struct command_new_order *order = &intent.command.new_order;
        assert_int_equal(order->self_trade_group, cases[i].group);
        /* what is not taken is left to the engine to refuse */
        assert_int_equal(order->order_type, cases[i].taken ? ORDER_TYPE_LIMIT : ORDER_TYPE_MARKET);
    }
}

static void an_order_under_way_can_be_cancelled_and_replaced(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct ouch_enter_order message = enter(1);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    struct ouch_replace_order replace = {.orig_user_ref_num = 1,
                                         .user_ref_num = 2,
                                         .quantity = 80,
                                         .price = 9900,
                                         .time_in_force = '0',
                                         .display = 'Y',
                                         .sweep = 'N'};
    memcpy(replace.client_order_id, "second        ", 14);
    assert_int_equal(take(stage, bytes, ouch_encode_replace_order(&replace, bytes), &intent),
                     PROTOCOL_COMMAND);
    assert_string_equal(intent.command.replace.client_order_id.bytes, "7.1.ab-9");
    assert_string_equal(intent.command.replace.new_client_order_id.bytes, "7.2.second");
    assert_int_equal(take_cancel(stage, 2, 30, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.reduce.quantity.lots, 50);
    assert_string_equal(intent.command.reduce.client_order_id.bytes, "7.2.second");
    ouch_protocol.fenced(stage->session);
    assert_int_equal(stage->session->pending_count, 0);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND); /* never seen */
}

/* Two replaces of one order under way; the second is refused before the first is answered. */
static void a_refused_replace_uses_its_number_over_a_restart(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct ouch_order_rejected rejected;
    feed_accepted(stage, 1, 100);
    struct ouch_replace_order replace = {.orig_user_ref_num = 1,
                                         .user_ref_num = 2,
                                         .quantity = 80,
                                         .price = 9900,
                                         .time_in_force = '0',
                                         .display = 'Y',
                                         .sweep = 'N'};
    memset(replace.client_order_id, ' ', sizeof replace.client_order_id);
    assert_int_equal(take(stage, bytes, ouch_encode_replace_order(&replace, bytes), &intent),
                     PROTOCOL_COMMAND);
    replace.user_ref_num = 3;
    size_t count = ouch_encode_replace_order(&replace, bytes);
    assert_int_equal(take(stage, bytes, count, &intent), PROTOCOL_COMMAND);
    feed_refused_replace(stage, 1, 3);
    const struct kept *kept = last(stage);
    assert_int_equal(ouch_decode_order_rejected(kept->message, kept->count, &rejected), STATUS_OK);
    assert_int_equal(rejected.user_ref_num, 3);
    assert_int_equal(rejected.reason, OUCH_REJECT_INVALID_PRICE);
    assert_int_equal(stage->session->pending_count, 1);
    assert_int_equal(stage->session->pending[0].user_ref_num, 2);
    feed_refused_replace(stage, 1, 1); /* a modify: the order has the number, and lives */
    assert_int_equal(last(stage)->message[0], 'I');

    struct protocol_who who = stage->session->who;
    ouch_protocol.close(stage->session);
    void *opened = NULL;
    assert_int_equal(ouch_protocol.open(&who, &opened), STATUS_OK);
    stage->session = opened;
    for (uint64_t i = 0; i < stage->count; i++) {
        const struct kept *old = &stage->kept[i];
        uint8_t again[PROTOCOL_MESSAGE_BYTES_MAX];
        assert_int_equal(ouch_protocol.apply(stage->session, &old->entry, &old->event), STATUS_OK);
        assert_int_equal(ouch_protocol.encode(stage->session, &stage->directory, &old->entry,
                                              &old->event, again),
                         old->count);
        assert_memory_equal(again, old->message, old->count);
    }
    assert_int_equal(ouch_session_highest(stage->session), 3);
    assert_int_equal(take(stage, bytes, count, &intent), PROTOCOL_REPEAT);
    replace.user_ref_num = 4;
    assert_int_equal(take(stage, bytes, ouch_encode_replace_order(&replace, bytes), &intent),
                     PROTOCOL_COMMAND);
}

static void a_refusal_at_the_door_frees_its_number(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint8_t out[PROTOCOL_MESSAGE_BYTES_MAX];
    struct ouch_enter_order message = enter(1);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    struct protocol_refusal refusal = {
        .input_sequence = 1, .retry_after_us = 250, .code = REJECT_NONE};
    size_t count = ouch_protocol.refused(stage->session, &refusal, out);
    out[count] = '\0';
    assert_string_equal((char *)out, "NOT SEQUENCED UserRefNum 1 OVERLOADED retry after 250 us");
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
}

static void queries_and_mass_cancels_are_answered_in_the_stream(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint8_t bytes[OUCH_LENGTH_MAX];
    feed_accepted(stage, 41, 10);
    bytes[0] = 'Q';
    assert_int_equal(take(stage, bytes, 1, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.header.id, COMMAND_RESOLVE);
    struct event event = {0};
    event.resolved = (struct event_resolved){
        .session = SESSION, .client_order_id = intent.command.resolve.client_order_id};
    feed(stage, EVENT_RESOLVED, &event, STREAM_WHOLE);
    struct ouch_account_query_response answer;
    assert_int_equal(
        ouch_decode_account_query_response(last(stage)->message, last(stage)->count, &answer),
        STATUS_OK);
    assert_int_equal(answer.next_user_ref_num, 42);
    struct ouch_mass_cancel mass = {.user_ref_num = 42};
    memcpy(mass.firm, "FIRM", 4);
    memcpy(mass.symbol, "RICE    ", 8);
    assert_int_equal(take(stage, bytes, ouch_encode_mass_cancel(&mass, bytes), &intent),
                     PROTOCOL_COMMAND);
    assert_int_equal(intent.command.mass_cancel.instrument, 3);
    assert_int_equal(intent.command.mass_cancel.orders_of, SESSION);
    event.mass_cancelled = (struct event_mass_cancelled){.tag = intent.command.mass_cancel.tag,
                                                         .asked_by = SESSION,
                                                         .instrument = 3,
                                                         .session = SESSION};
    feed(stage, EVENT_MASS_CANCELLED, &event, STREAM_WHOLE);
    struct ouch_mass_cancel_response done;
    assert_int_equal(
        ouch_decode_mass_cancel_response(last(stage)->message, last(stage)->count, &done),
        STATUS_OK);
    assert_int_equal(done.user_ref_num, 42);
    assert_memory_equal(done.firm, "FIRM", 4);
    assert_memory_equal(done.symbol, "RICE    ", 8);
    assert_int_equal(ouch_session_highest(stage->session), 42);
}

/* Off, on, and off again before the first answer: what was asked last holds, in the stream and on
 * the way there. */
static void order_entry_goes_off_and_on(void **state)
{
    struct stage *stage = *state;
    struct protocol_intent intent;
    uint8_t bytes[OUCH_LENGTH_MAX];
    struct event event = {0};
    feed_accepted(stage, 10, 10);
    struct ouch_disable_order_entry disable = {.user_ref_num = 11};
    memcpy(disable.firm, "FIRM", 4);
    size_t count = ouch_encode_disable_order_entry(&disable, bytes);
    assert_int_equal(take(stage, bytes, count, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.header.id, COMMAND_MASS_CANCEL);
    assert_int_equal(intent.command.mass_cancel.orders_of, SESSION);
    assert_int_equal(intent.command.mass_cancel.instrument, 0);
    event.mass_cancelled = (struct event_mass_cancelled){
        .tag = intent.command.mass_cancel.tag, .asked_by = SESSION, .session = SESSION};
    struct event off = event;
    assert_int_equal(take(stage, bytes, count, &intent), PROTOCOL_REPEAT);
    struct ouch_enter_order message = enter(12);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.account, 0);
    struct ouch_replace_order replace = {.orig_user_ref_num = 10,
                                         .user_ref_num = 13,
                                         .quantity = 80,
                                         .price = 9900,
                                         .time_in_force = '0',
                                         .display = 'Y',
                                         .sweep = 'N'};
    memset(replace.client_order_id, ' ', sizeof replace.client_order_id);
    assert_int_equal(take(stage, bytes, ouch_encode_replace_order(&replace, bytes), &intent),
                     PROTOCOL_COMMAND);
    assert_int_equal(intent.command.replace.account, 0);
    assert_int_equal(take_cancel(stage, 10, 0, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.cancel.account, ACCOUNT);
    struct ouch_enable_order_entry enable = {.user_ref_num = 14};
    memcpy(enable.firm, "FIRM", 4);
    assert_int_equal(take(stage, bytes, ouch_encode_enable_order_entry(&enable, bytes), &intent),
                     PROTOCOL_COMMAND);
    event.resolved = (struct event_resolved){
        .session = SESSION, .client_order_id = intent.command.resolve.client_order_id};
    message = enter(15);
    assert_int_equal(take_enter(stage, &message, &intent), PROTOCOL_COMMAND);
    assert_int_equal(intent.command.new_order.account, ACCOUNT);
    feed(stage, EVENT_RESOLVED, &event, STREAM_WHOLE);
    struct ouch_enable_response enabled;
    assert_int_equal(
        ouch_decode_enable_response(last(stage)->message, last(stage)->count, &enabled), STATUS_OK);
    assert_int_equal(enabled.user_ref_num, 14);
    assert_memory_equal(enabled.firm, "FIRM", 4);
    feed(stage, EVENT_MASS_CANCELLED, &off, STREAM_WHOLE); /* it was many orders: told late */
    struct ouch_disable_response disabled;
    assert_int_equal(
        ouch_decode_disable_response(last(stage)->message, last(stage)->count, &disabled),
        STATUS_OK);
    assert_int_equal(disabled.user_ref_num, 11);
    assert_memory_equal(disabled.firm, "FIRM", 4);
    assert_false(ouch_session_disabled(stage->session));
    disable.user_ref_num = 16;
    assert_int_equal(take(stage, bytes, ouch_encode_disable_order_entry(&disable, bytes), &intent),
                     PROTOCOL_COMMAND);
    assert_true(ouch_session_disabled(stage->session));
    struct protocol_refusal refusal = {.input_sequence = stage->input_sequence};
    assert_true(ouch_protocol.refused(stage->session, &refusal, bytes) > 0);
    assert_false(ouch_session_disabled(stage->session)); /* it was never sequenced */
    feed_rejected(stage, COMMAND_NEW_ORDER, REJECT_UNKNOWN_ACCOUNT, 12);
    struct ouch_order_rejected rejected;
    assert_int_equal(
        ouch_decode_order_rejected(last(stage)->message, last(stage)->count, &rejected), STATUS_OK);
    assert_int_equal(rejected.reason, OUCH_REJECT_FIRM_NOT_AUTHORIZED);
}

static void names_of_requests_go_both_ways(void **state)
{
    (void)state;
    struct firm_request request = {.user_ref_num = UINT32_MAX, .firm = {'\xff', ' ', '\0', 'z'}};
    struct firm_request back;
    uint32_t next;
    struct text36 text = enable_name_encode(UINT32_MAX, &request);
    assert_true(text36_valid(&text));
    assert_true(enable_name_decode(&text, &back));
    assert_int_equal(back.user_ref_num, UINT32_MAX);
    assert_memory_equal(back.firm, request.firm, sizeof back.firm);
    assert_false(query_name_decode(&text, &next));
    text = query_name_encode(UINT32_MAX, 5);
    assert_true(query_name_decode(&text, &next));
    assert_int_equal(next, 5);
    assert_false(enable_name_decode(&text, &back));
    static const char *const none[] = {"7.E1",           "7.E1.",
                                       "7.E.4649524d",   "7.E1.4649524",
                                       "7.E1.4649524dd", "7.E1.4649524D",
                                       "7.Q1.4649524d",  "7.E1,4649524d",
                                       "E1.4649524d",    "7.E4294967296.4649524d"};
    for (size_t i = 0; i < ARRAY_COUNT(none); i++) {
        text = text36_from(none[i]);
        assert_false(enable_name_decode(&text, &back));
        assert_false(query_name_decode(&text, &next));
    }
    memcpy(request.firm, "FIRM", 4);
    request.disables = true;
    back = mass_cancel_tag_decode(mass_cancel_tag_encode(&request));
    assert_true(back.disables);
    assert_memory_equal(back.firm, "FIRM", 4);
    memcpy(request.firm, "\xff\xff\xff\xff", 4);
    request.disables = false;
    assert_false(mass_cancel_tag_decode(mass_cancel_tag_encode(&request)).disables);
}

/* The orders of a random session, a few replaces each; every message asked for again at the end. */
static void every_entry_is_the_same_message_for_ever(void **state)
{
    struct stage *stage = *state;
    struct prng prng;
    uint64_t ids[64];
    uint32_t next = 1;
    size_t orders = 0;
    prng_init(&prng, 20261123);
    while (stage->count < 3000) {
        size_t pick = orders == 0 ? 0 : (size_t)prng_below(&prng, orders);
        uint64_t action = prng_below(&prng, 10);
        if (orders < 64 && action < 3) {
            ids[orders++] = feed_accepted(stage, next++, 1000);
        } else if (orders > 0 && action < 6) {
            feed_replaced(stage, ids[pick], next++, 900);
        } else if (orders > 0 && action < 9) {
            feed_trade(stage, ids[pick], 1, 500);
        } else {
            feed_rejected(stage, COMMAND_NEW_ORDER, REJECT_PRICE_NOT_ON_TICK, next++);
        }
    }
    uint32_t replaced = 0;
    for (uint64_t i = 0; i < stage->count; i++) {
        const struct kept *kept = &stage->kept[i];
        uint8_t again[PROTOCOL_MESSAGE_BYTES_MAX];
        size_t count = ouch_protocol.encode(stage->session, &stage->directory, &kept->entry,
                                            &kept->event, again);
        assert_int_equal(count, kept->count);
        assert_memory_equal(again, kept->message, count);
        replaced += kept->message[0] == 'U';
    }
    assert_true(replaced > 500);
    assert_int_equal(ouch_session_highest(stage->session), next - 1);
}

static void names_go_both_ways_and_fit(void **state)
{
    (void)state;
    struct order_name full = {
        .session = UINT32_MAX, .user_ref_num = UINT32_MAX, .client_id = "12345678901234"};
    struct text36 text = order_name_encode(&full);
    struct order_name back;
    assert_int_equal(text.count, TEXT36_BYTES_MAX);
    assert_true(order_name_decode(&text, &back));
    assert_int_equal(back.session, full.session);
    assert_int_equal(back.user_ref_num, full.user_ref_num);
    assert_memory_equal(back.client_id, full.client_id, sizeof full.client_id);
    const char *none[] = {"",
                          "7",
                          "7.",
                          ".7",
                          "7.x",
                          "07.1",
                          "7.01",
                          "7.1.",
                          "4294967296.1",
                          "7.4294967296",
                          "7.1.123456789012345",
                          "a.1"};
    for (size_t i = 1; i < ARRAY_COUNT(none); i++) {
        text = text36_from(none[i]);
        assert_false(order_name_decode(&text, &back));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_order_becomes_a_command_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_venue_has_not_is_left_to_the_engine_to_refuse,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(appendages_that_apply_are_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cancel_counts_what_is_under_way, setup, teardown),
        cmocka_unit_test_setup_teardown(a_prevention_is_told_and_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_group_is_two_digits, setup, teardown),
        cmocka_unit_test_setup_teardown(an_order_under_way_can_be_cancelled_and_replaced, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_refused_replace_uses_its_number_over_a_restart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_refusal_at_the_door_frees_its_number, setup, teardown),
        cmocka_unit_test_setup_teardown(queries_and_mass_cancels_are_answered_in_the_stream, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_entry_is_the_same_message_for_ever, setup, teardown),
        cmocka_unit_test_setup_teardown(order_entry_goes_off_and_on, setup, teardown),
        cmocka_unit_test(names_go_both_ways_and_fit),
        cmocka_unit_test(names_of_requests_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

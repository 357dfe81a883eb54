/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the twin itself reads docs/reference/engine-rules.md rightly. Method: small cases worked
 * out by hand from the page, in the notation of small_venue.h.
 */
#include "tests/engine/small_venue.h"
#include "wire/native/text36.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *digit(int i)
{
    static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    return digits[i];
}

static void better_prices_then_earlier_orders(void **state)
{
    (void)state;
    assert_string_equal(SELL("a", 10, 105, GTC), "A 10@105, R 10@105");
    assert_string_equal(SELL("b", 4, 100, GTC), "A 4@100, R 4@100");
    assert_string_equal(SELL("c", 6, 100, GTC), "A 6@100, R 6@100");
    assert_string_equal(BUY("d", 12, 105, GTC), "A 12@105, T 4@100 0/8, T 6@100 0/2, T 2@105 8/0");
    assert_string_equal(BUY("e", 10, 105, GTC), "A 10@105, T 8@105 0/2, R 2@105");
    assert_string_equal(SELL("f", 2, 110, IOC), "A 2@110, C 2 IOC_REMAINDER");
    assert_string_equal(SELL("g", 4, PRICE_NONE, IOC, MARKET),
                        "A 4@0, T 2@105 0/2, C 2 MARKET_REMAINDER");
}

static void ids_are_event_sequences(void **state)
{
    (void)state;
    /* The opening made 7 events. */
    BUY("a", 2, 100, GTC);
    assert_int_equal(small.twin.events[0].header.sequence, 8);
    assert_int_equal(small.twin.events[1].rested.order_id, 8 * 65536 + 9);
    SELL("b", 2, 100, GTC);
    assert_int_equal(small.twin.events[1].trade.maker_order_id, 8 * 65536 + 9);
    assert_int_equal(small.twin.events[1].trade.maker_reference, 9);
    assert_int_equal(small.twin.events[1].trade.taker_order_id, 10 * 65536 + 9);
}

static void all_or_nothing(void **state)
{
    (void)state;
    SELL("a", 4, 100, GTC);
    SELL("b", 4, 110, GTC);
    assert_string_equal(BUY("c", 6, 105, FOK), "A 6@105, C 6 FOK_NOT_FILLABLE");
    assert_string_equal(BUY("c", 6, 110, FOK), "A 6@110, T 4@100 0/2, T 2@110 2/0");
}

static void post_only_never_trades(void **state)
{
    (void)state;
    SELL("a", 4, 100, GTC);
    assert_string_equal(BUY("b", 2, 100, GTC, .post_only = POST_ONLY_REJECT),
                        "J POST_ONLY_WOULD_TRADE 100 100");
    assert_string_equal(BUY("b", 2, 120, GTC, .post_only = POST_ONLY_SLIDE), "A 2@95, R 2@95");
    assert_string_equal(small_replace("b", "b", 2, 100), "P 2/2@95 KEPT");
    assert_string_equal(SELL("c", 2, 50, GTC, .instrument = 2), "A 2@50, R 2@50");
    assert_string_equal(BUY("d", 2, 60, GTC, .instrument = 2, .post_only = POST_ONLY_SLIDE),
                        "J POST_ONLY_WOULD_TRADE 50 60");
}

static void replacing(void **state)
{
    (void)state;
    BUY("a", 10, 100, GTC);
    BUY("b", 10, 100, GTC);
    assert_string_equal(small_replace("a", "a2", 10, 100), "P 10/10@100 KEPT");
    assert_string_equal(small_cancel("a"), "J UNKNOWN_ORDER 0 0");
    assert_string_equal(SELL("s", 4, 100, IOC), "A 4@100, T 4@100 6/0");
    assert_string_equal(small_replace("a2", "a2", 8, 100), "P 8/4@100 KEPT, D 2/4 REPLACED");
    assert_string_equal(small_replace("a2", "a2", 4, 100), "J QUANTITY_NOT_ABOVE_EXECUTED 4 4");
    assert_string_equal(small_replace("a2", "b", 8, 100), "J DUPLICATE_ORDER_ID 0 655369");
    assert_string_equal(small_replace("a2", "a3", 10, 100),
                        "P 10/6@100 LOST, X 4 REPLACED, R 6@100");
    assert_string_equal(SELL("s", 2, 100, IOC), "A 2@100, T 2@100 8/0"); /* b is first now */
    SELL("c", 4, 110, GTC);
    assert_string_equal(small_replace("a3", "a3", 12, 110),
                        "P 12/8@110 LOST, X 6 REPLACED, T 4@110 0/4, R 4@110");
}

static void reducing(void **state)
{
    (void)state;
    BUY("a", 10, 100, GTC);
    assert_string_equal(small_reduce("a", 0, REASON_REQUESTED), "J QUANTITY_NOT_POSITIVE 0 0");
    assert_string_equal(small_reduce("a", 3, REASON_REQUESTED), "J QUANTITY_NOT_ON_LOT 2 3");
    assert_string_equal(small_reduce("a", 12, REASON_REQUESTED), "J QUANTITY_ABOVE_OPEN 10 12");
    assert_string_equal(small_reduce("a", 4, REASON_REPLAY_RECONCILE), "D 4/6 REPLAY_RECONCILE");
    assert_string_equal(small_replace("a", "a", 6, 100),
                        "P 6/6@100 KEPT"); /* the total is less too */
    assert_string_equal(small_reduce("a", 6, REASON_OFF_BOOK_EXECUTION), "X 6 OFF_BOOK_EXECUTION");
}

static void orders_expire_in_order_and_slowly(void **state)
{
    (void)state;
    BUY("late", 2, 100, GTD(3000));
    BUY("first", 4, 100, GTD(2000));
    BUY("second", 6, 100, GTD(2000));
    assert_string_equal(BUY("x", 2, 100, GTD(1000)), "J EXPIRY_NOT_IN_FUTURE 1000 1000");
    assert_string_equal(small_tick_at(1999), "");
    assert_string_equal(small_tick_at(2000), "X 4 EXPIRED");
    assert_string_equal(small_tick_at(1), "X 6 EXPIRED"); /* engine time does not go back */
    assert_string_equal(small_tick_at(2999), "");
    assert_string_equal(small_tick_at(4000), "X 2 EXPIRED");
}

static void the_day_ends_in_slices(void **state)
{
    (void)state;
    SELL("s1", 2, 150, DAY);
    SELL("s2", 4, 145, DAY);
    BUY("other", 6, 100, DAY, .instrument = 2);
    BUY("kept", 2, 95, GTC);
    for (int i = 0; i < 6; i++) {
        BUY(digit(i), 8, 100, DAY);
    }
    assert_string_equal(small_end_of_day(20300141), "J INVALID_FIELD 0 1");
    assert_string_equal(small_end_of_day(20300102),
                        "X 8 END_OF_DAY, X 8 END_OF_DAY, X 8 END_OF_DAY, X 8 END_OF_DAY, "
                        "X 8 END_OF_DAY, X 8 END_OF_DAY, X 4 END_OF_DAY");
    assert_string_equal(small_end_of_day(20300102),
                        "X 2 END_OF_DAY, X 6 END_OF_DAY, day 20300102 9");
    assert_string_equal(small_end_of_day(20300102), "J TRADING_DAY_NOT_LATER 20300102 20300102");
    assert_string_equal(small_end_of_day(20300103), "day 20300103 0");
}

static void years_have_four_digits(void **state)
{
    (void)state;
    assert_string_equal(small_end_of_day(101), "J INVALID_FIELD 0 1");
    assert_string_equal(small_end_of_day(9991231), "J INVALID_FIELD 0 1");
    assert_string_equal(small_end_of_day(100000101), "J INVALID_FIELD 0 1");
    assert_string_equal(small_end_of_day(4294961231), "J INVALID_FIELD 0 1");
    assert_string_equal(small_end_of_day(10000101), "day 10000101 0");
    assert_string_equal(small_end_of_day(99991231), "day 99991231 0");
}

/* What enters behind the walk stays for the next day, what enters before it leaves. */
static void the_walk_goes_on_where_it_stood(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        BUY(digit(i), 8, 100, DAY);
    }
    small_end_of_day(20300102);
    BUY("behind", 2, 105, DAY);
    BUY("before", 4, 100, DAY);
    SELL("sell", 6, 150, DAY);
    assert_string_equal(small_end_of_day(20300102),
                        "X 8 END_OF_DAY, X 4 END_OF_DAY, X 6 END_OF_DAY, day 20300102 10");
    assert_string_equal(small_end_of_day(20300103), "X 2 END_OF_DAY, day 20300103 1");
}

/* Seven DAY orders fill the slice; nothing is left, so the day ends with the eighth event. */
static void a_full_slice_can_be_the_last(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++) {
        BUY(digit(i), 8, 100, DAY);
    }
    BUY("kept", 2, 95, GTC);
    assert_string_equal(small_end_of_day(20300102),
                        "X 8 END_OF_DAY, X 8 END_OF_DAY, X 8 END_OF_DAY, X 8 END_OF_DAY, "
                        "X 8 END_OF_DAY, X 8 END_OF_DAY, X 8 END_OF_DAY, day 20300102 7");
}

static void a_match_stops_at_the_limit(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        SELL(digit(i), 2, 100, GTC);
    }
    assert_string_equal(BUY("f", 14, 100, FOK), "A 14@100, C 14 MATCH_LIMIT");
    assert_string_equal(BUY("g", 20, 100, GTC),
                        "A 20@100, T 2@100 0/18, T 2@100 0/16, T 2@100 0/14, T 2@100 0/12, "
                        "T 2@100 0/10, T 2@100 0/8, C 8 MATCH_LIMIT");
    assert_string_equal(BUY("h", 20, 100, GTC), "A 20@100, T 2@100 0/18, T 2@100 0/16, R 16@100");
}

static void pools_are_full(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        BUY(digit(i), 2, 50 + 5 * i, GTC);
    }
    assert_string_equal(BUY("x", 2, 95, GTC), "J LEVEL_POOL_FULL 9 0");
    assert_string_equal(small_replace("1", "1", 2, 95), "J LEVEL_POOL_FULL 9 0");
    assert_string_equal(small_replace("1", "1", 2, 60), "P 2/2@60 LOST, X 2 REPLACED, R 2@60");
    assert_string_equal(BUY("x", 2, 95, GTC), "A 2@95, R 2@95");
    BUY("y", 2, 60, GTC);
    BUY("z", 2, 60, GTC);
    assert_string_equal(SELL("v", 2, 95, IOC), "J ORDER_POOL_FULL 12 0");
    assert_string_equal(small_cancel("z"), "X 2 REQUESTED");
    assert_string_equal(SELL("v", 2, 95, IOC), "A 2@95, T 2@95 0/0");
}

static void terms_are_checked_in_order(void **state)
{
    (void)state;
    assert_string_equal(BUY("a", 3, 101, GTC, .account = 5), "J UNKNOWN_ACCOUNT 0 5");
    assert_string_equal(BUY("a", 3, 101, GTC, .instrument = 5), "J UNKNOWN_INSTRUMENT 0 5");
    assert_string_equal(BUY("a", 3, 101, GTC, MARKET), "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(BUY("a", -2, 101, GTC), "J QUANTITY_NOT_POSITIVE 0 -2");
    assert_string_equal(BUY("a", 3, 101, GTC), "J QUANTITY_NOT_ON_LOT 2 3");
    assert_string_equal(BUY("a", 1002, 101, GTC), "J QUANTITY_TOO_LARGE 1000 1002");
    assert_string_equal(BUY("a", 2, 49, GTC), "J PRICE_OUT_OF_RANGE 50 49");
    assert_string_equal(BUY("a", 2, 201, GTC), "J PRICE_OUT_OF_RANGE 200 201");
    assert_string_equal(BUY("a", 2, 101, GTC), "J PRICE_NOT_ON_TICK 5 101");
    assert_string_equal(BUY("a", 2, 100, GTC, .account = 2), "J BALANCE_TOO_SMALL 0 200");
    assert_string_equal(BUY("bad name", 3, 101, GTC), "J INVALID_FIELD 0 13");
}

static const char *from_session(uint8_t id, uint32_t incarnation, uint64_t input_sequence)
{
    struct command command = {
        .header = {
            .id = id, .session = 3, .incarnation = incarnation, .input_sequence = input_sequence}};
    if (id == COMMAND_LOGON) {
        command.logon.participant = 8; /* not the owner of account 1 */
    } else if (id == COMMAND_CANCEL) {
        command.cancel.account = 1;
        command.cancel.client_order_id = text36_from("x");
    }
    return small_apply(&command);
}

static void sessions_are_fenced(void **state)
{
    (void)state;
    assert_string_equal(from_session(COMMAND_TICK, 1, 1), "J UNKNOWN_SESSION 0 3");
    assert_string_equal(from_session(COMMAND_LOGON, 0, 0), "J INCARNATION_NOT_ABOVE_LAST 0 0");
    assert_string_equal(from_session(COMMAND_LOGON, 2, 10), "session 3.2");
    assert_string_equal(from_session(COMMAND_TICK, 1, 11), "J STALE_INCARNATION 2 1");
    assert_string_equal(from_session(COMMAND_TICK, 2, 10), "J INPUT_SEQUENCE_NOT_ABOVE_LAST 10 10");
    assert_string_equal(from_session(COMMAND_CANCEL, 2, 12), "J ACCOUNT_NOT_OF_PARTICIPANT 7 8");
    assert_string_equal(from_session(COMMAND_TICK, 2, 12),
                        "J INPUT_SEQUENCE_NOT_ABOVE_LAST 12 12"); /* used by the refused one */
    assert_string_equal(from_session(COMMAND_TICK, 2, 13), "");
    assert_string_equal(from_session(COMMAND_LOGON, 3, 0), "session 3.3");
    assert_string_equal(from_session(COMMAND_TICK, 3, 1), "");
}

static void commands_have_a_last_moment(void **state)
{
    (void)state;
    struct command command = {
        .header = {.id = COMMAND_TICK, .time_ns = START_NS, .valid_for_us = 1}};
    small_tick_at(2000);
    assert_string_equal(small_apply(&command), "");
    small_tick_at(2001);
    assert_string_equal(small_apply(&command), "J COMMAND_EXPIRED 2000 2001");
    command.header =
        (struct command_header){.id = COMMAND_GENESIS, .time_ns = 1, .valid_for_us = 1};
    assert_string_equal(small_apply(&command), "J ALREADY_EXISTS 0 0");
}

static const char *phase(uint32_t instrument, enum phase to)
{
    struct command command = {.header.id = COMMAND_SET_PHASE};
    command.set_phase = (struct command_set_phase){instrument, to, PHASE_REASON_OPERATOR};
    return small_apply(&command);
}

static void phases_stop_what_may_trade(void **state)
{
    (void)state;
    BUY("a", 10, 100, GTC);
    assert_string_equal(phase(3, PHASE_HALTED), "J UNKNOWN_INSTRUMENT 0 3");
    assert_string_equal(phase(1, PHASE_HALTED), "phase");
    assert_string_equal(BUY("b", 10, 100, GTC), "J INSTRUMENT_HALTED 0 1");
    assert_string_equal(small_replace("a", "a", 8, 100), "J INSTRUMENT_HALTED 0 1");
    assert_string_equal(small_reduce("a", 2, REASON_REQUESTED), "D 2/8 REQUESTED");
    assert_string_equal(BUY("b", 10, 100, GTC, .instrument = 2), "A 10@100, R 10@100");
    assert_string_equal(phase(0, PHASE_CLOSED), "phase");
    assert_string_equal(BUY("c", 10, 100, GTC, .instrument = 2), "J INSTRUMENT_CLOSED 0 2");
    assert_string_equal(small_cancel("a"), "X 8 REQUESTED");
    assert_string_equal(phase(2, PHASE_OPEN), "phase");
    assert_string_equal(BUY("c", 10, 100, GTC, .instrument = 2), "A 10@100, R 10@100");
}

static const char *set_block(enum block_target target, uint64_t number, uint8_t blocked)
{
    struct command command = {.header.id = COMMAND_SET_BLOCK};
    command.set_block = (struct command_set_block){number, target, blocked};
    return small_apply(&command);
}

static void kill_switches_let_cancels_pass(void **state)
{
    (void)state;
    BUY("a", 10, 100, GTC);
    assert_string_equal(set_block(BLOCK_TARGET_PARTICIPANT, 8, 1), "J UNKNOWN_PARTICIPANT 0 8");
    assert_string_equal(set_block(BLOCK_TARGET_ACCOUNT, 1, 1), "block_set");
    assert_string_equal(BUY("b", 10, 100, GTC), "J BLOCKED 0 2");
    assert_string_equal(set_block(BLOCK_TARGET_PARTICIPANT, 7, 1), "block_set");
    assert_string_equal(small_replace("a", "a", 8, 100), "J BLOCKED 0 1");
    assert_string_equal(set_block(BLOCK_TARGET_PARTICIPANT, 7, 0), "block_set");
    assert_string_equal(BUY("b", 10, 100, GTC), "J BLOCKED 0 2");
    assert_string_equal(small_cancel("a"), "X 10 REQUESTED");
    assert_string_equal(set_block(BLOCK_TARGET_ACCOUNT, 1, 0), "block_set");
    assert_string_equal(BUY("b", 10, 100, GTC), "A 10@100, R 10@100");
}

/* Session 5 belongs to the owner of account 1. */
static const char *log_on(uint32_t incarnation, struct command_logon logon)
{
    struct command command = {
        .header = {.id = COMMAND_LOGON, .session = 5, .incarnation = incarnation}, .logon = logon};
    command.logon.participant = 7;
    return small_apply(&command);
}

static const char *from_owner(struct command *command, uint32_t incarnation)
{
    command->header.session = 5;
    command->header.incarnation = incarnation;
    command->header.input_sequence = small.sequence + 1;
    return small_apply(command);
}

static const char *owner_buys(const char *name, int64_t lots, enum on_disconnect on_disconnect)
{
    struct command command = {.header.id = COMMAND_NEW_ORDER};
    command.new_order = (struct command_new_order){.account = 1,
                                                   .price = {100},
                                                   .quantity = {lots},
                                                   .instrument = 1,
                                                   .side = SIDE_BUY,
                                                   .order_type = ORDER_TYPE_LIMIT,
                                                   .time_in_force = TIME_IN_FORCE_GTC,
                                                   .capacity = CAPACITY_AGENCY,
                                                   .on_disconnect = on_disconnect,
                                                   .client_order_id = text36_from(name)};
    return from_owner(&command, 1);
}

static void rates_are_token_buckets(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){.orders_per_s = 1000, .orders_burst = 2});
    assert_string_equal(owner_buys("a", 2, ON_DISCONNECT_KEEP), "A 2@100, R 2@100");
    assert_int_equal(small.twin.events[0].accepted.budget, 1);
    small.time_ns += 400000;
    assert_string_equal(owner_buys("b", 2, ON_DISCONNECT_KEEP), "A 2@100, R 2@100");
    assert_int_equal(small.twin.events[0].accepted.budget, 0);
    assert_string_equal(owner_buys("c", 2, ON_DISCONNECT_KEEP), "J RATE_LIMITED 600 0");
    struct command command = {.header.id = COMMAND_CANCEL, .cancel = {1, text36_from("a")}};
    assert_string_equal(from_owner(&command, 1), "X 2 REQUESTED");
    small.time_ns += 599999;
    assert_string_equal(owner_buys("c", 2, ON_DISCONNECT_KEEP), "J RATE_LIMITED 1 0");
    small.time_ns += 1;
    assert_string_equal(owner_buys("c", 2, ON_DISCONNECT_KEEP), "A 2@100, R 2@100");
    small.time_ns = START_NS;
}

static void tagged_orders_leave_with_their_session(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){.cancel_on_disconnect = 1});
    owner_buys("a", 2, ON_DISCONNECT_DEFAULT);
    owner_buys("b", 4, ON_DISCONNECT_KEEP);
    owner_buys("c", 6, ON_DISCONNECT_CANCEL);
    struct command command = {.header.id = COMMAND_SESSION_LOST};
    command.session_lost.reason = SESSION_END_SILENT;
    assert_string_equal(from_owner(&command, 1),
                        "closed 5.1 2, X 2 DISCONNECTED, X 6 DISCONNECTED");
    assert_string_equal(owner_buys("d", 2, ON_DISCONNECT_KEEP), "J STALE_INCARNATION 1 1");
    assert_string_equal(log_on(2, (struct command_logon){0}), "session 5.2");
}

static void a_silent_session_loses_its_tagged_orders(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){0});
    owner_buys("a", 2, ON_DISCONNECT_CANCEL);
    struct command command = {.header.id = COMMAND_SET_DEAD_MAN, .set_dead_man = {9}};
    assert_string_equal(from_owner(&command, 1), "J INVALID_FIELD 0 1");
    command.set_dead_man.timeout_ms = 10;
    assert_string_equal(from_owner(&command, 1), "dead_man_set");
    small.time_ns += 9999999;
    owner_buys("b", 4, ON_DISCONNECT_CANCEL); /* winds it up again */
    assert_string_equal(small_tick_at(small.time_ns + 9999999), "");
    assert_string_equal(small_tick_at(small.time_ns + 10000000), "X 2 DEAD_MAN, X 4 DEAD_MAN");
    small.time_ns = START_NS;
}

static const char *administer(enum admin_kind kind, enum session_note note, uint8_t count)
{
    struct command command = {
        .header = {.id = COMMAND_SESSION_ADMIN, .session = 5, .incarnation = 1},
        .session_admin = {.kind = kind, .note = note, .count = count}};
    return small_apply(&command);
}

static void a_gateway_speaks_for_its_session(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){0});
    owner_buys("a", 2, ON_DISCONNECT_CANCEL);
    struct command command = {.header.id = COMMAND_SET_DEAD_MAN, .set_dead_man = {10}};
    assert_string_equal(from_owner(&command, 1), "dead_man_set");
    small.time_ns += 9999999;
    /* No input sequence is asked or used, and the client stays silent. */
    assert_string_equal(administer(ADMIN_KIND_NOTE, SESSION_NOTE_VENUE_STOPS, 0), "session_noted");
    assert_int_equal(small.twin.events[0].session_noted.note, SESSION_NOTE_VENUE_STOPS);
    assert_string_equal(administer(ADMIN_KIND_FILL, SESSION_NOTE_NONE, 0),
                        "J RESERVE_TOO_SMALL 0 0");
    assert_string_equal(small_tick_at(small.time_ns + 1), "X 2 DEAD_MAN");
    assert_string_equal(administer(ADMIN_KIND_RESERVE, SESSION_NOTE_NONE, 7),
                        "J INVALID_FIELD 0 3");
    assert_string_equal(administer(ADMIN_KIND_RESERVE, SESSION_NOTE_NONE, 3),
                        "1 of 3, 2 of 3, 3 of 3");
    uint64_t first_event = small.twin.events[0].header.sequence;
    assert_string_equal(administer(ADMIN_KIND_RESERVE, SESSION_NOTE_NONE, 1), "J RESERVE_HELD 3 0");
    assert_string_equal(administer(ADMIN_KIND_FILL, SESSION_NOTE_NONE, 4),
                        "J RESERVE_TOO_SMALL 3 4");
    char filled[40];
    (void)snprintf(filled, sizeof filled, "filled %" PRIu64 " 2+1", first_event);
    assert_string_equal(administer(ADMIN_KIND_FILL, SESSION_NOTE_NONE, 2), filled);
    assert_string_equal(administer(ADMIN_KIND_RESERVE, SESSION_NOTE_NONE, 1), "1 of 1");
    log_on(2, (struct command_logon){0});
    assert_string_equal(administer(ADMIN_KIND_NOTE, SESSION_NOTE_VENUE_STOPS, 0),
                        "J STALE_INCARNATION 2 1");
    small.time_ns = START_NS;
}

static void administrative_messages_have_a_bucket_of_their_own(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){.orders_per_s = 1, .orders_burst = 1});
    for (int i = 0; i < 20; i++) {
        assert_string_equal(administer(ADMIN_KIND_NOTE, SESSION_NOTE_GATEWAY_STOPS, 0),
                            "session_noted");
    }
    assert_string_equal(administer(ADMIN_KIND_NOTE, SESSION_NOTE_GATEWAY_STOPS, 0),
                        "J RATE_LIMITED 100000 0");
    assert_string_equal(owner_buys("a", 2, ON_DISCONNECT_KEEP), "A 2@100, R 2@100");
}

static void a_mass_cancel_goes_on_by_itself(void **state)
{
    (void)state;
    log_on(1, (struct command_logon){0});
    for (int i = 0; i < 9; i++) {
        owner_buys(digit(i), 2, ON_DISCONNECT_KEEP);
    }
    BUY("operator", 2, 100, GTC);
    struct command command = {.header.id = COMMAND_MASS_CANCEL};
    command.mass_cancel.tag = 77;
    command.mass_cancel.side = SIDE_BUY;
    assert_string_equal(from_owner(&command, 1),
                        "X 2 MASS_CANCEL, X 2 MASS_CANCEL, X 2 MASS_CANCEL, X 2 MASS_CANCEL, "
                        "X 2 MASS_CANCEL, X 2 MASS_CANCEL, X 2 MASS_CANCEL, X 2 MASS_CANCEL");
    assert_string_equal(small_cancel("nobody"), "X 2 MASS_CANCEL, J UNKNOWN_ORDER 0 0");
    assert_string_equal(from_owner(&command, 1), "mass 77 9, mass 77 0");
    assert_string_equal(small_cancel("operator"), "X 2 REQUESTED");
}

/* The same venue, with room for three names. */
static int open_venue_with_names(void **state)
{
    small.names_at_open = 3;
    int result = small_open(state);
    small.names_at_open = 0;
    return result;
}

static void names_are_remembered(void **state)
{
    (void)state;
    const uint64_t window_ns = UINT64_C(60000000000);
    struct command resolve = {.header.id = COMMAND_RESOLVE, .resolve = {1, text36_from("b")}};
    assert_string_equal(BUY("a", 2, 100, GTC), "A 2@100, R 2@100"); /* event 8 */
    assert_string_equal(BUY("a", 2, 100, GTC), "again 8 OK");
    assert_string_equal(BUY("a", 4, 100, GTC), "J DUPLICATE_ORDER_ID 8 0");
    assert_string_equal(small_apply(&resolve), "resolved 0 NAME_FENCED");
    assert_string_equal(BUY("b", 2, 100, GTC), "J NAME_FENCED 0 0");
    assert_string_equal(BUY("c", 3, 100, GTC), "J QUANTITY_NOT_ON_LOT 2 3"); /* event 14 */
    assert_string_equal(BUY("c", 3, 100, GTC), "again 14 QUANTITY_NOT_ON_LOT");
    assert_string_equal(BUY("d", 2, 100, GTC), "J NAME_TABLE_FULL 3 0");
    assert_string_equal(small_cancel("a"), "X 2 REQUESTED");
    small.time_ns += window_ns - 1;
    assert_string_equal(BUY("a", 2, 100, GTC), "again 8 OK");
    small.time_ns += 1;
    assert_string_equal(BUY("a", 4, 100, GTC), "A 4@100, R 4@100");
    small.time_ns = START_NS;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SMALL_CASE(better_prices_then_earlier_orders),
        SMALL_CASE(ids_are_event_sequences),
        SMALL_CASE(all_or_nothing),
        SMALL_CASE(post_only_never_trades),
        SMALL_CASE(replacing),
        SMALL_CASE(reducing),
        SMALL_CASE(orders_expire_in_order_and_slowly),
        SMALL_CASE(the_day_ends_in_slices),
        SMALL_CASE(years_have_four_digits),
        SMALL_CASE(the_walk_goes_on_where_it_stood),
        SMALL_CASE(a_full_slice_can_be_the_last),
        SMALL_CASE(a_match_stops_at_the_limit),
        SMALL_CASE(pools_are_full),
        SMALL_CASE(terms_are_checked_in_order),
        SMALL_CASE(sessions_are_fenced),
        SMALL_CASE(commands_have_a_last_moment),
        SMALL_CASE(phases_stop_what_may_trade),
        SMALL_CASE(kill_switches_let_cancels_pass),
        SMALL_CASE(rates_are_token_buckets),
        SMALL_CASE(tagged_orders_leave_with_their_session),
        SMALL_CASE(a_silent_session_loses_its_tagged_orders),
        SMALL_CASE(a_gateway_speaks_for_its_session),
        SMALL_CASE(administrative_messages_have_a_bucket_of_their_own),
        SMALL_CASE(a_mass_cancel_goes_on_by_itself),
        cmocka_unit_test_setup_teardown(names_are_remembered, open_venue_with_names, small_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

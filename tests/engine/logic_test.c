/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the version of the rules changes by command alone, forward alone, and what a rule says
 * depends on it. Method: the same commands before and behind a LOGIC_VERSION, worked out by hand
 * from docs/reference/engine-rules.md; a genesis of rules that nobody knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/engine/small_venue.h"

#include <stdio.h>
#include <string.h>

static const char *apply_rules(uint16_t version)
{
    struct command command = {.header.id = COMMAND_LOGIC_VERSION};
    command.logic_version.logic_version = version;
    return small_apply(&command);
}

static int open_oldest(void **state)
{
    small.logic_at_open = LOGIC_OLDEST;
    int result = small_open(state);
    small.logic_at_open = 0;
    return result;
}

static void rules_change_forward_alone(void **state)
{
    (void)state;
    assert_int_equal(engine_logic(small.subject.engine), 1);
    assert_string_equal(apply_rules(0), "J LOGIC_NOT_LATER 1 0");
    assert_string_equal(apply_rules(1), "J LOGIC_NOT_LATER 1 1");
    assert_string_equal(apply_rules(2), "logic_changed");
    assert_int_equal(engine_logic(small.subject.engine), 2);
    assert_string_equal(apply_rules(2), "J LOGIC_NOT_LATER 2 2");
    assert_string_equal(apply_rules(1), "J LOGIC_NOT_LATER 2 1");
}

static void rules_are_the_operators(void **state)
{
    (void)state;
    struct command command = {.header = {.id = COMMAND_LOGON, .session = 5, .incarnation = 1}};
    command.logon.participant = 7;
    assert_string_equal(small_apply(&command), "session 5.1");
    command = (struct command){
        .header = {
            .id = COMMAND_LOGIC_VERSION, .session = 5, .incarnation = 1, .input_sequence = 1}};
    command.logic_version.logic_version = 2;
    assert_string_equal(small_apply(&command), "J OPERATOR_ONLY 0 5");
}

static void a_protection_price_came_with_the_second_rules(void **state)
{
    (void)state;
    SELL("a", 2, 100, GTC);
    SELL("b", 2, 105, GTC);
    SELL("c", 2, 110, GTC);
    assert_string_equal(BUY("m", 6, 105, IOC, MARKET), "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(apply_rules(2), "logic_changed");
    assert_string_equal(BUY("m", 6, 105, IOC, MARKET), "A 6@105, T 2@100 0/4, T 2@105 0/2, "
                                                       "C 2 MARKET_REMAINDER");
    assert_string_equal(BUY("m", 4, 105, FOK, MARKET), "A 4@105, C 4 FOK_NOT_FILLABLE");
    assert_string_equal(BUY("m", 2, 110, FOK, MARKET), "A 2@110, T 2@110 0/0");
    /* It is a price like any other. */
    assert_string_equal(BUY("m", 2, 107, IOC, MARKET), "J PRICE_NOT_ON_TICK 5 107");
    assert_string_equal(BUY("m", 2, 205, IOC, MARKET), "J PRICE_OUT_OF_RANGE 200 205");
    assert_string_equal(SELL("m", 2, 45, IOC, MARKET), "J PRICE_OUT_OF_RANGE 50 45");
    assert_string_equal(BUY("m", 4, 100, IOC, MARKET, .account = 2), "J BALANCE_TOO_SMALL 0 400");
    /* It lifts no other limit of MARKET. */
    assert_string_equal(BUY("m", 2, 100, GTC, MARKET), "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(BUY("m", 2, 100, IOC, MARKET, .post_only = POST_ONLY_SLIDE),
                        "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(BUY("m", 2, PRICE_NONE, IOC, MARKET), "A 2@0, C 2 MARKET_REMAINDER");
}

static void a_minimum_quantity_came_with_the_second_rules(void **state)
{
    (void)state;
    SELL("a", 2, 100, GTC);
    SELL("b", 2, 105, GTC);
    assert_string_equal(BUY("m", 6, 105, IOC, .minimum_quantity = {4}),
                        "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(apply_rules(2), "logic_changed");
    assert_string_equal(BUY("m", 6, 105, GTC, .minimum_quantity = {4}),
                        "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(BUY("m", 6, 105, FOK, .minimum_quantity = {4}),
                        "J INCOMPATIBLE_FIELDS 0 0");
    assert_string_equal(BUY("m", 6, 105, IOC, .minimum_quantity = {-2}),
                        "J MINIMUM_OUT_OF_RANGE 6 -2");
    assert_string_equal(BUY("m", 6, 105, IOC, .minimum_quantity = {8}),
                        "J MINIMUM_OUT_OF_RANGE 6 8");
    assert_string_equal(BUY("m", 6, 105, IOC, .minimum_quantity = {3}),
                        "J QUANTITY_NOT_ON_LOT 2 3");
    assert_string_equal(BUY("m", 6, 100, IOC, .minimum_quantity = {4}),
                        "A 6@100, C 6 MINIMUM_NOT_FILLABLE");
    assert_string_equal(BUY("m", 8, 105, IOC, .minimum_quantity = {6}),
                        "A 8@105, C 8 MINIMUM_NOT_FILLABLE");
    assert_string_equal(BUY("m", 6, 105, IOC, .minimum_quantity = {4}),
                        "A 6@105, T 2@100 0/4, T 2@105 0/2, C 2 IOC_REMAINDER");
    SELL("a", 2, 100, GTC);
    assert_string_equal(BUY("m", 2, PRICE_NONE, IOC, MARKET, .minimum_quantity = {2}),
                        "A 2@0, T 2@100 0/0");
    /* Six trades and the last event are all that fits a command here. */
    static const char *const names[] = {"1", "2", "3", "4", "5", "6", "7"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        SELL(names[i], 2, 110, GTC);
    }
    assert_string_equal(BUY("m", 14, 110, IOC, .minimum_quantity = {14}),
                        "A 14@110, C 14 MATCH_LIMIT");
}

/* The hash of a name's body is that of the oldest layout that says all: the same order, sent again
 * behind the upgrade, is the same order. */
static void an_order_from_before_the_upgrade_is_known_behind_it(void **state)
{
    (void)state;
    assert_string_equal(BUY("a", 2, 100, GTC), "A 2@100, R 2@100");
    uint64_t accepted = small.twin.event_sequence - 1;
    char again[32];
    snprintf(again, sizeof again, "again %llu OK", (unsigned long long)accepted);
    assert_string_equal(BUY("a", 2, 100, GTC), again);
    assert_string_equal(apply_rules(2), "logic_changed");
    assert_string_equal(BUY("a", 2, 100, GTC), again);
    assert_non_null(strstr(BUY("a", 2, 100, GTC, .minimum_quantity = {2}), "DUPLICATE_ORDER_ID"));
}

/* REASON grew with later releases; a REDUCE that was wrong in two fields is refused for the first
 * one in all of them. */
static void a_reason_of_a_later_release_is_none_for_a_reduce(void **state)
{
    (void)state;
    assert_string_equal(small_reduce("", 2, REASON_MASS_CANCEL), "J INVALID_FIELD 0 4");
    assert_string_equal(small_reduce("", 2, REASON_SELF_TRADE), "J INVALID_FIELD 0 3");
    assert_string_equal(small_reduce("", 2, REASON_MINIMUM_NOT_FILLABLE), "J INVALID_FIELD 0 3");
    assert_string_equal(small_reduce("", 2, (enum reason)255), "J INVALID_FIELD 0 3");
}

static int open_oldest_that_remembers(void **state)
{
    small.names_at_open = 16;
    int result = open_oldest(state);
    small.names_at_open = 0;
    return result;
}

static void rules_that_nobody_knows_open_no_engine(void **state)
{
    (void)state;
    static const uint16_t unknown[] = {0, LOGIC_NEWEST + 1, UINT16_MAX};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        struct command_genesis genesis = engine_limits_small();
        genesis.logic_version = unknown[i];
        struct arena arena;
        struct engine *engine;
        arena_init_measure(&arena);
        assert_int_equal(engine_init(&arena, &genesis, &engine), STATUS_UNSUPPORTED);
    }
}

#define OLDEST_CASE(function) cmocka_unit_test_setup_teardown(function, open_oldest, small_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OLDEST_CASE(rules_change_forward_alone),
        OLDEST_CASE(rules_are_the_operators),
        OLDEST_CASE(a_protection_price_came_with_the_second_rules),
        OLDEST_CASE(a_minimum_quantity_came_with_the_second_rules),
        cmocka_unit_test_setup_teardown(an_order_from_before_the_upgrade_is_known_behind_it,
                                        open_oldest_that_remembers, small_close),
        OLDEST_CASE(a_reason_of_a_later_release_is_none_for_a_reduce),
        cmocka_unit_test(rules_that_nobody_knows_open_no_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

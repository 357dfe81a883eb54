/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: self-trade prevention is what docs/reference/engine-rules.md says. Method: small cases of
 * each mode worked out by hand from the page, in the notation of small_venue.h.
 */
#include "tests/engine/small_venue.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *set_group(uint32_t group, enum self_trade mode)
{
    struct command command = {.header.id = COMMAND_SET_GROUP};
    command.set_group = (struct command_set_group){group, mode};
    return small_apply(&command);
}
#define OWN GTC, .self_trade_group = 5

static void orders_of_a_group_do_not_trade(void **state)
{
    (void)state;
    SELL("a", 4, 100, OWN);
    assert_string_equal(BUY("b", 4, 100, OWN), "A 4@100, T 4@100 0/0");
    assert_string_equal(set_group(5, SELF_TRADE_CANCEL_NEWEST), "group_set");
    SELL("a", 4, 100, OWN);
    SELL("c", 2, 95, GTC);
    assert_string_equal(BUY("b", 10, 100, OWN), "A 10@100, T 2@95 0/8, S 4@100 4/0 CANCEL_NEWEST");
    assert_string_equal(set_group(5, SELF_TRADE_CANCEL_OLDEST), "group_set");
    SELL("c", 2, 100, GTC);
    assert_string_equal(BUY("b", 10, 100, OWN), "A 10@100, S 4@100 0/10 CANCEL_OLDEST, "
                                                "X 4 SELF_TRADE, T 2@100 0/8, R 8@100");
    assert_string_equal(set_group(5, SELF_TRADE_CANCEL_BOTH), "group_set");
    assert_string_equal(SELL("a", 2, 90, OWN), "A 2@90, S 2@100 0/0 CANCEL_BOTH, X 8 SELF_TRADE");
    assert_string_equal(set_group(5, SELF_TRADE_NONE), "group_set");
    SELL("a", 4, 100, OWN);
    assert_string_equal(BUY("b", 4, 100, OWN), "A 4@100, T 4@100 0/0");
}

static void a_decrement_takes_the_smaller_from_both(void **state)
{
    (void)state;
    set_group(5, SELF_TRADE_DECREMENT);
    SELL("a", 4, 110, OWN);
    assert_string_equal(BUY("b", 10, 110, OWN),
                        "A 10@110, S 4@110 0/6 DECREMENT, X 4 SELF_TRADE, R 6@110");
    assert_string_equal(small_replace("b", "b", 6, 110), "P 6/6@110 KEPT"); /* its total is 6 now */
    assert_string_equal(SELL("c", 2, 110, OWN), "A 2@110, S 2@110 4/0 DECREMENT, D 2/4 SELF_TRADE");
    assert_string_equal(SELL("d", 2, 110, GTC), "A 2@110, T 2@110 2/0");
    SELL("e", 4, 120, OWN);
    assert_string_equal(small_replace("b", "b", 8, 120),
                        "P 8/6@120 LOST, X 2 REPLACED, "
                        "S 4@120 0/2 DECREMENT, X 4 SELF_TRADE, R 2@120");
    assert_string_equal(small_replace("b", "b", 4, 120), "P 4/2@120 KEPT"); /* 2 were executed */
}

static void another_participant_trades(void **state)
{
    (void)state;
    struct command command = {.header.id = COMMAND_OPEN_ACCOUNT};
    command.open_account = (struct command_open_account){3, 8, 5, 1};
    assert_string_equal(small_apply(&command), "account_opened");
    set_group(5, SELF_TRADE_CANCEL_OLDEST);
    SELL("a", 4, 100, OWN);
    assert_string_equal(BUY("b", 2, 100, GTC, .account = 3), "A 2@100, T 2@100 2/0");
    SELL("c", 2, 95, GTC, .account = 3); /* the account's group */
    assert_string_equal(BUY("d", 2, 95, GTC, .account = 3),
                        "A 2@95, S 2@95 0/2 CANCEL_OLDEST, X 2 SELF_TRADE, R 2@95");
}

static void what_is_prevented_fills_no_order(void **state)
{
    (void)state;
    SELL("a", 4, 100, OWN);
    SELL("b", 4, 105, GTC);
    set_group(5, SELF_TRADE_CANCEL_OLDEST);
    assert_string_equal(BUY("c", 6, 105, FOK, .self_trade_group = 5),
                        "A 6@105, C 6 FOK_NOT_FILLABLE");
    assert_string_equal(BUY("c", 4, 105, FOK, .self_trade_group = 5),
                        "A 4@105, S 4@100 0/4 CANCEL_OLDEST, X 4 SELF_TRADE, T 4@105 0/0");
    SELL("a", 4, 105, OWN);
    SELL("b", 4, 100, GTC);
    for (enum self_trade mode = SELF_TRADE_CANCEL_NEWEST; mode <= SELF_TRADE_DECREMENT; mode++) {
        set_group(5, mode);
        assert_string_equal(BUY("c", 6, 105, FOK, .self_trade_group = 5),
                            "A 6@105, C 6 FOK_NOT_FILLABLE");
    }
    assert_string_equal(BUY("c", 4, 105, FOK, .self_trade_group = 5), "A 4@105, T 4@100 0/0");
}

static void a_prevention_fits_while_fewer_than_six_events_stand(void **state)
{
    (void)state;
    set_group(5, SELF_TRADE_CANCEL_OLDEST);
    static const char *const own[] = {"1", "2", "3", "4"};
    for (size_t i = 0; i < ARRAY_COUNT(own); i++) {
        SELL(own[i], 2, 100, OWN);
    }
    assert_string_equal(BUY("b", 20, 100, FOK, .self_trade_group = 5),
                        "A 20@100, C 20 MATCH_LIMIT");
    assert_string_equal(BUY("b", 20, 100, OWN),
                        "A 20@100, S 2@100 0/20 CANCEL_OLDEST, X 2 SELF_TRADE, "
                        "S 2@100 0/20 CANCEL_OLDEST, X 2 SELF_TRADE, "
                        "S 2@100 0/20 CANCEL_OLDEST, X 2 SELF_TRADE, C 20 MATCH_LIMIT");
    SELL("n", 2, 95, GTC);
    SELL("p", 2, 100, OWN);
    SELL("q", 2, 100, OWN);
    assert_string_equal(BUY("b", 20, 100, OWN),
                        "A 20@100, T 2@95 0/18, S 2@100 0/18 CANCEL_OLDEST, X 2 SELF_TRADE, "
                        "S 2@100 0/18 CANCEL_OLDEST, X 2 SELF_TRADE, C 18 MATCH_LIMIT");
}

static void groups_are_the_operators(void **state)
{
    (void)state;
    assert_string_equal(set_group(0, SELF_TRADE_DECREMENT), "J INVALID_FIELD 0 1");
    assert_string_equal(set_group(33, SELF_TRADE_DECREMENT), "J TABLE_FULL 32 33");
    assert_string_equal(set_group(32, (enum self_trade)5), "J INVALID_FIELD 0 2");
    assert_string_equal(set_group(32, SELF_TRADE_DECREMENT), "group_set");
    struct command command = {.header = {.id = COMMAND_LOGON, .session = 5, .incarnation = 1}};
    command.logon.participant = 7;
    assert_string_equal(small_apply(&command), "session 5.1");
    command = (struct command){
        .header = {.id = COMMAND_SET_GROUP, .session = 5, .incarnation = 1, .input_sequence = 1}};
    command.set_group = (struct command_set_group){1, SELF_TRADE_NONE};
    assert_string_equal(small_apply(&command), "J OPERATOR_ONLY 0 5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SMALL_CASE(orders_of_a_group_do_not_trade),
        SMALL_CASE(a_decrement_takes_the_smaller_from_both),
        SMALL_CASE(another_participant_trades),
        SMALL_CASE(what_is_prevented_fills_no_order),
        SMALL_CASE(a_prevention_fits_while_fewer_than_six_events_stand),
        SMALL_CASE(groups_are_the_operators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

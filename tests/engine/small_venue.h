/* SPDX-License-Identifier: Apache-2.0
 *
 * A small venue for cases worked out by hand from docs/reference/engine-rules.md: each command goes
 * to the twin and to the engine, which must give the same records; the events come back in a short
 * notation.
 *
 *   A 10@100        ACCEPTED total@price       R 10@100       RESTED open@price
 *   T 4@100 0/6     TRADE lots@price, open of maker/taker     X 10 REASON    REMOVED
 *   D 3/7 REASON    REDUCED by/open            C 6 REASON     CANCELLED
 *   P 10/6@100 KEPT REPLACED total/open@price  J CODE l v     REJECTED limit value
 *   day 20300101 7  DAY_ENDED                  session 1.2    SESSION_OPENED
 *   closed 1.2 3    SESSION_CLOSED, orders     mass 5 3       MASS_CANCELLED tag, orders
 *   again 8 OK      REPLAYED first, result     resolved 8 OK  RESOLVED first, result
 *   S 4@100 0/6 MODE  PREVENTED lots@price, open of maker/taker
 *
 * Owner: a test of cmocka. Threads: one. Memory: the twin's and the engine's. Errors: a difference
 * fails the test. Order of calls: small_open as set-up, any, small_close as tear-down.
 */
#ifndef DOJIMA_TESTS_ENGINE_SMALL_VENUE_H
#define DOJIMA_TESTS_ENGINE_SMALL_VENUE_H

#include "tests/engine/subject.h"
#include "tests/engine/twin.h"

#define EVENTS_PER_COMMAND 8
#define TIMERS_PER_COMMAND 1
#define START_NS           UINT64_C(1000)

struct small_venue {
    struct twin twin;
    struct subject subject;
    uint64_t sequence; /* of the last command */
    uint64_t time_ns;  /* of commands that have none */
    char notes[2000];
    uint32_t names_at_open; /* max_recent_names */
    uint16_t logic_at_open; /* 0 = the newest rules */
};
extern struct small_venue small;

/* Two instruments alike (tick 5, lot 2, prices 50 to 200), account 1 that may trade, 2 that may
 * not. */
int small_open(void **state);
int small_close(void **state);

/* The notation of the events, one line, separated by commas; valid until the next call. Account 1
 * where none is given. */
const char *small_apply(struct command *command);
const char *small_order(const struct command_new_order *in, const char *name);
const char *small_cancel(const char *name);
const char *small_reduce(const char *name, int64_t lots, enum reason reason);
const char *small_replace(const char *name, const char *new_name, int64_t lots, int64_t price);
const char *small_tick_at(uint64_t time);
const char *small_end_of_day(uint32_t day);

#define BUY(name, lots, at, ...)                                                                   \
    small_order(                                                                                   \
        &(struct command_new_order){                                                               \
            .side = SIDE_BUY, .quantity = {lots}, .price = {at}, __VA_ARGS__},                     \
        name)
#define SELL(name, lots, at, ...)                                                                  \
    small_order(                                                                                   \
        &(struct command_new_order){                                                               \
            .side = SIDE_SELL, .quantity = {lots}, .price = {at}, __VA_ARGS__},                    \
        name)
#define IOC       .time_in_force = TIME_IN_FORCE_IOC
#define FOK       .time_in_force = TIME_IN_FORCE_FOK
#define DAY       .time_in_force = TIME_IN_FORCE_DAY
#define GTC       .time_in_force = TIME_IN_FORCE_GTC
#define GTD(time) .time_in_force = TIME_IN_FORCE_GTD, .expire_time = (time)
#define MARKET    .order_type = ORDER_TYPE_MARKET

#define SMALL_CASE(function) cmocka_unit_test_setup_teardown(function, small_open, small_close)

#endif

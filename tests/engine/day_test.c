/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the end of a day with many orders that stay and few that leave is spread over slices of
 * bounded work, and nothing but the state decides how it goes on. Method: books of GTC orders with
 * some DAY orders among them, on three instruments, walked in slices
 *  - beside the twin, with the number of slices worked out by hand;
 *  - with an engine loaded from the bytes after every slice, which must make the same events;
 *  - while the order on which the walk stands is cancelled, replaced or filled between slices:
 *    engine_check aborts if the next slice would have to search its place in the queue.
 * And: no order id is made from an event sequence that does not fit into one.
 */
#include "base/assert.h"
#include "base/prng.h"
#include "engine/snapshot/record.h"
#include "tests/engine/subject.h"
#include "tests/engine/twin.h"
#include "wire/native/text36.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define INSTRUMENTS 3
#define EVENTS      8
#define LOOKS       (4 * EVENTS) /* orders a slice looks at, as docs/reference/engine-rules.md */
#define TRADING_DAY 20300102
#define SHARD       5
#define NOBODY      UINT64_C(1000000) /* no order has this number as its name */

struct venue {
    struct command_genesis limits;
    struct twin twin;
    struct subject subject;
    uint64_t sequence;
    uint64_t orders; /* entered so far: their names */
};

static void compare(struct venue *venue)
{
    const char *difference =
        subject_compare(&venue->subject, venue->twin.events, venue->twin.event_count);
    if (difference != NULL) {
        fail_msg("engine and twin at command %" PRIu64 ": %s", venue->sequence, difference);
    }
    engine_check(venue->subject.engine);
}

static void apply(struct venue *venue, struct command *command)
{
    venue->sequence++;
    command->header.sequence = venue->sequence;
    command->header.version = 1;
    twin_apply(&venue->twin, command);
    subject_apply(&venue->subject, command);
    compare(venue);
}

static void venue_open(struct venue *venue)
{
    *venue = (struct venue){.limits = engine_limits_small()};
    venue->limits.shard = SHARD;
    venue->limits.max_events_per_command = EVENTS;
    venue->limits.max_timers_per_command = 1;
    twin_init(&venue->twin, &venue->limits);
    subject_open(&venue->subject, &venue->limits);
    apply(venue, &(struct command){.header.id = COMMAND_GENESIS, .genesis = venue->limits});
    for (uint32_t i = 1; i <= 2; i++) {
        apply(venue, &(struct command){.header.id = COMMAND_LIST_ASSET,
                                       .list_asset = {.asset = i, .scale = 2, .code = {"MONEY"}}});
    }
    for (uint32_t i = 1; i <= INSTRUMENTS; i++) {
        apply(venue, &(struct command){.header.id = COMMAND_LIST_INSTRUMENT,
                                       .list_instrument = {.instrument = i,
                                                           .base_asset = 1,
                                                           .quote_asset = 2,
                                                           .tick = {1},
                                                           .lowest_price = {1},
                                                           .highest_price = {1000},
                                                           .lot = {1},
                                                           .largest_quantity = {1000},
                                                           .multiplier = 1,
                                                           .symbol = {"THING"}}});
    }
    apply(venue,
          &(struct command){.header.id = COMMAND_OPEN_ACCOUNT,
                            .open_account = {.account = 1, .participant = 1, .unlimited = 1}});
}

static void venue_close(struct venue *venue)
{
    subject_close(&venue->subject);
    twin_deinit(&venue->twin);
}

/* The next order, of one lot; its name is its number. */
static struct command order(struct venue *venue, uint32_t instrument, enum side side, int64_t price,
                            enum time_in_force time_in_force)
{
    return (struct command){.header.id = COMMAND_NEW_ORDER,
                            .new_order = {.account = 1,
                                          .instrument = instrument,
                                          .side = side,
                                          .price = {price},
                                          .quantity = {1},
                                          .order_type = ORDER_TYPE_LIMIT,
                                          .time_in_force = time_in_force,
                                          .capacity = CAPACITY_AGENCY,
                                          .client_order_id = text36_from_number(venue->orders++)}};
}

static void enter(struct venue *venue, uint32_t instrument, enum side side, int64_t price,
                  enum time_in_force time_in_force)
{
    struct command command = order(venue, instrument, side, price, time_in_force);
    apply(venue, &command);
}

static struct command end_of_day(void)
{
    return (struct command){.header.id = COMMAND_END_OF_DAY, .end_of_day.trading_day = TRADING_DAY};
}

static bool day_has_ended(const struct venue *venue)
{
    size_t count = venue->twin.event_count;
    return count > 0 && venue->twin.events[count - 1].header.id == EVENT_DAY_ENDED;
}

/* `count` orders a side at `prices` prices; every `day_every`-th is a DAY order, 0 = none. */
static void fill(struct venue *venue, uint32_t instrument, uint32_t count, uint32_t prices,
                 uint32_t day_every)
{
    for (uint32_t i = 0; i < count; i++) {
        bool leaves = day_every != 0 && i % day_every == day_every - 1;
        enum time_in_force time_in_force = leaves ? TIME_IN_FORCE_DAY : TIME_IN_FORCE_GTC;
        enter(venue, instrument, SIDE_BUY, 100 - i % prices, time_in_force);
        enter(venue, instrument, SIDE_SELL, 200 + i % prices, time_in_force);
    }
}

/* One long queue, many levels, few leaving: 1,000 looks a side at the first two, none at the third
 * but for its last order. */
static void a_slice_looks_at_so_many_orders(void **state)
{
    (void)state;
    static struct venue venue;
    venue_open(&venue);
    fill(&venue, 1, 500, 1, 250);
    fill(&venue, 2, 500, 40, 100);
    enter(&venue, 3, SIDE_SELL, 300, TIME_IN_FORCE_DAY);
    uint32_t looks = 4 * 500 + 1;
    uint32_t slices = 1;
    struct command command = end_of_day();
    apply(&venue, &command);
    while (!day_has_ended(&venue)) {
        assert_true(venue.twin.event_count < EVENTS - 1); /* it was not the events that ran out */
        slices++;
        command = end_of_day();
        apply(&venue, &command);
    }
    assert_int_equal(slices, (looks + LOOKS - 1) / LOOKS);
    assert_int_equal(venue.twin.events[venue.twin.event_count - 1].day_ended.orders_expired,
                     2 * 2 + 2 * 5 + 1);
    printf("%u orders looked at in %u slices\n", looks, slices);
    venue_close(&venue);
}

/* The engine from its own bytes; the twin goes on as it is. */
static void restart(struct venue *venue)
{
    struct state_bytes bytes = {0};
    struct state_bytes again = {0};
    subject_walk(&venue->subject, &bytes);
    subject_close(&venue->subject);
    subject_open(&venue->subject, &venue->limits);
    enum status status =
        engine_load(venue->subject.engine, bytes.bytes, bytes.count, &venue->subject.events);
    assert_int_equal(status, STATUS_OK);
    engine_check(venue->subject.engine);
    subject_walk(&venue->subject, &again);
    assert_int_equal(again.count, bytes.count);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.count);
    state_bytes_free(&bytes);
    state_bytes_free(&again);
}

static void a_restart_between_slices_changes_nothing(void **state)
{
    (void)state;
    static struct venue venue;
    static struct venue unbroken;
    struct venue *both[] = {&venue, &unbroken};
    uint32_t slices = 0;
    for (size_t i = 0; i < ARRAY_COUNT(both); i++) {
        venue_open(both[i]);
        fill(both[i], 1, 90, 1, 9);
        fill(both[i], 2, 120, 25, 40);
        fill(both[i], 3, 30, 3, 2);
    }
    do {
        struct command command = end_of_day();
        restart(&venue);
        for (size_t i = 0; i < ARRAY_COUNT(both); i++) {
            apply(both[i], &command);
        }
        assert_int_equal(venue.subject.events.used, unbroken.subject.events.used);
        assert_memory_equal(venue.subject.events.bytes, unbroken.subject.events.bytes,
                            venue.subject.events.used);
        slices++;
    } while (!day_has_ended(&venue));
    assert_true(slices > 15);
    printf("%u slices, a restart before each\n", slices);
    venue_close(&venue);
    venue_close(&unbroken);
}

/* The name of the order that the walk looked at last, if it is still there. */
static uint64_t standing_at(const struct venue *venue)
{
    const struct twin_walk *walk = &venue->twin.walk;
    const struct twin_account *account = twin_find_account(&venue->twin, 1);
    for (uint64_t name = 0; name < venue->orders; name++) {
        struct text36 text = text36_from_number(name);
        const struct twin_order *found = twin_find_order(account, &text);
        if (found != NULL && found->reference == walk->reference) {
            return name;
        }
    }
    return NOBODY;
}

static void disturb(struct venue *venue, struct prng *prng)
{
    const struct twin_walk walk = venue->twin.walk;
    struct text36 name = text36_from_number(standing_at(venue));
    struct command command = {.header.id = COMMAND_CANCEL,
                              .cancel = {.account = 1, .client_order_id = name}};
    uint64_t dice = prng_below(prng, 8);
    if (dice == 0) { /* to the back of its queue, before the walk again */
        command = (struct command){.header.id = COMMAND_REPLACE,
                                   .replace = {.account = 1,
                                               .price = {walk.price},
                                               .quantity = {2},
                                               .client_order_id = name,
                                               .new_client_order_id = name}};
    } else if (dice == 1) { /* to a better price, behind it */
        enum side side = walk.side;
        int64_t better = side == SIDE_BUY ? walk.price + 1 : walk.price - 1;
        command = order(venue, walk.instrument, side, better, TIME_IN_FORCE_DAY);
    } else if (dice <= 3) { /* all that the walk has passed, and some more */
        enum side side = walk.side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
        command = order(venue, walk.instrument, side, walk.price, TIME_IN_FORCE_IOC);
        command.new_order.quantity.lots = (int64_t)prng_between(prng, 1, 6);
    } else if (dice == 4) { /* fills the slots that are free */
        command = order(venue, 3, SIDE_BUY, 50, TIME_IN_FORCE_GTC);
    }
    apply(venue, &command);
}

static void the_walk_keeps_its_place_when_orders_leave(void **state)
{
    (void)state;
    uint64_t disturbances = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        static struct venue venue;
        struct prng prng;
        prng_init(&prng, seed);
        venue_open(&venue);
        for (uint32_t i = 1; i <= 2; i++) {
            fill(&venue, i, 100, (uint32_t)prng_between(&prng, 1, 5),
                 (uint32_t)prng_between(&prng, 2, 30));
        }
        do {
            struct command command = end_of_day();
            apply(&venue, &command);
            for (uint64_t i = prng_below(&prng, 8); i > 0 && !day_has_ended(&venue); i--) {
                disturb(&venue, &prng);
                disturbances++;
                if (venue.twin.event_count > 0 && prng_below(&prng, 10) == 0) {
                    restart(&venue);
                }
            }
            command = (struct command){.header.id = COMMAND_TICK};
            if (!day_has_ended(&venue)) {
                apply(&venue, &command);
            }
        } while (!day_has_ended(&venue));
        venue_close(&venue);
    }
    assert_true(disturbances > 500);
    printf("%" PRIu64 " disturbances\n", disturbances);
}

/* The order on which the walk stands is filled, its slot goes to one of another queue, and that one
 * leaves: the mark must not follow it there. */
static void the_slot_of_the_marked_order_is_used_again(void **state)
{
    (void)state;
    static struct venue venue;
    const int newcomers = 20; /* more than were filled at last */
    venue_open(&venue);
    enter(&venue, 2, SIDE_BUY, 100, TIME_IN_FORCE_GTC);
    for (uint32_t i = 0; i < 3 * LOOKS; i++) {
        enter(&venue, 1, SIDE_BUY, 100, TIME_IN_FORCE_GTC);
    }
    struct command command = end_of_day();
    apply(&venue, &command);
    assert_int_equal(standing_at(&venue), LOOKS);
    command = order(&venue, 1, SIDE_SELL, 100, TIME_IN_FORCE_IOC);
    command.new_order.quantity.lots = LOOKS;
    while (standing_at(&venue) != NOBODY) { /* a command trades with six of them */
        apply(&venue, &command);
    }
    uint64_t first = venue.orders;
    for (int i = 0; i < newcomers; i++) {
        enter(&venue, 2, SIDE_BUY, 100, TIME_IN_FORCE_GTC);
    }
    for (uint64_t name = venue.orders - 1; name >= first; name--) {
        command =
            (struct command){.header.id = COMMAND_CANCEL,
                             .cancel = {.account = 1, .client_order_id = text36_from_number(name)}};
        apply(&venue, &command);
    }
    do {
        command = end_of_day();
        apply(&venue, &command);
    } while (!day_has_ended(&venue));
    venue_close(&venue);
}

/* An engine whose event sequence is this; everything else is as venue_open left it. */
static enum status load_at_sequence(struct venue *venue, uint64_t event_sequence)
{
    struct state_bytes bytes = {0};
    subject_walk(&venue->subject, &bytes);
    bytes_store_le64(bytes.bytes + 1 + COMMAND_GENESIS_FIXED_BYTES + 8, event_sequence);
    subject_close(&venue->subject);
    subject_open(&venue->subject, &venue->limits);
    enum status status =
        engine_load(venue->subject.engine, bytes.bytes, bytes.count, &venue->subject.events);
    state_bytes_free(&bytes);
    return status;
}

static void an_order_id_has_48_bits_of_sequence(void **state)
{
    (void)state;
    static struct venue venue;
    const uint64_t last = (UINT64_C(1) << 48) - 1;
    venue_open(&venue);
    assert_int_equal(load_at_sequence(&venue, last - 1), STATUS_OK);
    struct command command = order(&venue, 1, SIDE_BUY, 100, TIME_IN_FORCE_GTC);
    command.header.sequence = venue.sequence + 1;
    command.header.version = 1;
    subject_apply(&venue.subject, &command);
    struct engine_order found;
    assert_true(engine_find(venue.subject.engine, 1, &command.new_order.client_order_id, &found));
    assert_int_equal(found.order_id, last << 16 | SHARD);
    command = order(&venue, 1, SIDE_BUY, 100, TIME_IN_FORCE_GTC);
    command.header.sequence = venue.sequence + 2;
    command.header.version = 1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        subject_apply(&venue.subject, &command);
        _exit(0);
    }
    int wait_status = 0;
    assert_int_equal(waitpid(child, &wait_status, 0), child);
    assert_true(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGABRT);
    venue_close(&venue);
}

static void a_state_beyond_order_ids_is_refused(void **state)
{
    (void)state;
    static struct venue venue;
    venue_open(&venue);
    assert_int_equal(load_at_sequence(&venue, UINT64_C(1) << 48), STATUS_INVALID);
    venue_close(&venue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_looks_at_so_many_orders),
        cmocka_unit_test(a_restart_between_slices_changes_nothing),
        cmocka_unit_test(the_walk_keeps_its_place_when_orders_leave),
        cmocka_unit_test(the_slot_of_the_marked_order_is_used_again),
        cmocka_unit_test(an_order_id_has_48_bits_of_sequence),
        cmocka_unit_test(a_state_beyond_order_ids_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

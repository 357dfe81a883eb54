/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a C or M that only books a fill is consumed, any other is not, and the table of live orders
 * keeps what it must for any history. Method: the patterns one by one, then a seeded random run
 * against an array indexed by order id.
 */
#include "flow/dbn_fill.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct fixture {
    struct dbn_instruments instruments;
    struct dbn_fill fill;
    struct dbn_instrument *instrument;
};

static void set_up(struct fixture *fixture, size_t live_max)
{
    *fixture = (struct fixture){0};
    assert_int_equal(dbn_instruments_put(&fixture->instruments, 9, &fixture->instrument),
                     STATUS_OK);
    dbn_fill_init(&fixture->fill, &fixture->instruments, live_max);
}

static void tear_down(struct fixture *fixture)
{
    dbn_fill_deinit(&fixture->fill);
    dbn_instruments_deinit(&fixture->instruments);
}

static void add(struct fixture *fixture, uint64_t order, int64_t price, uint32_t quantity)
{
    struct dbn_change change = {order, price, quantity};
    assert_int_equal(dbn_fill_add(&fixture->fill, fixture->instrument, &change), STATUS_OK);
}

static bool execute(struct fixture *fixture, uint64_t order, int64_t price, uint32_t quantity)
{
    struct dbn_change change = {order, price, quantity};
    bool own_price = false;
    assert_int_equal(dbn_fill_execute(&fixture->fill, fixture->instrument, &change, &own_price),
                     STATUS_OK);
    return own_price;
}

static uint32_t cancel(struct fixture *fixture, uint64_t order, uint32_t quantity)
{
    struct dbn_change change = {order, 0, quantity};
    return dbn_fill_cancel(&fixture->fill, fixture->instrument, &change);
}

static bool modify(struct fixture *fixture, uint64_t order, int64_t price, uint32_t quantity)
{
    struct dbn_change change = {order, price, quantity};
    return dbn_fill_modify(&fixture->fill, fixture->instrument, &change);
}

static void a_whole_fill_and_its_cancel(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100);
    add(&f, 1, 50, 4);
    assert_true(execute(&f, 1, 50, 4));
    assert_int_equal(cancel(&f, 1, 4), 0);
    assert_int_equal(f.fill.count, 0);
    assert_int_equal(dbn_fill_end_event(f.instrument), 0);
    tear_down(&f);
}

static void fills_and_modifies_in_turn_or_together(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100);
    add(&f, 1, 50, 10);
    assert_true(execute(&f, 1, 50, 1));
    assert_false(modify(&f, 1, 50, 9));
    assert_true(execute(&f, 1, 50, 2));
    assert_true(execute(&f, 1, 50, 3));
    assert_false(modify(&f, 1, 50, 7)); /* books the 2 */
    assert_false(modify(&f, 1, 50, 4)); /* books the 3 */
    assert_true(modify(&f, 1, 50, 3));  /* the owner's */
    assert_int_equal(dbn_fill_end_event(f.instrument), 0);
    assert_true(execute(&f, 1, 50, 1));
    assert_false(modify(&f, 1, 50, 2)); /* both in one */
    tear_down(&f);
}

static void what_is_more_than_booking_stays(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100);
    add(&f, 1, 50, 10);
    assert_true(execute(&f, 1, 50, 4));
    assert_int_equal(cancel(&f, 1, 9), 5); /* books 4, cancels 5 */
    assert_true(execute(&f, 1, 50, 1));
    assert_true(modify(&f, 1, 51, 0)); /* another price */
    add(&f, 2, 50, 10);
    assert_true(execute(&f, 2, 50, 10));
    assert_true(modify(&f, 2, 50, 10)); /* an iceberg shows its next part */
    assert_int_equal(dbn_fill_end_event(f.instrument), 0);
    assert_int_equal(cancel(&f, 2, 10), 10);
    add(&f, 3, 50, 5);
    assert_false(execute(&f, 3, 49, 1)); /* not at its own price */
    tear_down(&f);
}

static void a_fill_belongs_to_its_event(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100);
    add(&f, 1, 50, 10);
    assert_true(execute(&f, 1, 50, 4));
    assert_int_equal(dbn_fill_end_event(f.instrument), 1);
    assert_int_equal(cancel(&f, 1, 4), 4);
    assert_true(execute(&f, 77, 50, 4)); /* never added */
    assert_int_equal(cancel(&f, 77, 4), 0);
    assert_int_equal(cancel(&f, 77, 4), 4);
    assert_true(modify(&f, 78, 50, 4));
    add(&f, 5, 50, 1);
    dbn_fill_clear(f.instrument);
    assert_true(modify(&f, 5, 50, 1));
    tear_down(&f);
}

static void another_instrument_has_its_own_ids(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100);
    add(&f, 1, 50, 10);
    struct dbn_instrument *other = NULL;
    assert_int_equal(dbn_instruments_put(&f.instruments, 10, &other), STATUS_OK);
    struct dbn_change change = {1, 50, 10};
    assert_int_equal(dbn_fill_cancel(&f.fill, other, &change), 10);
    f.instrument = dbn_instruments_find(&f.instruments, 9);
    assert_true(execute(&f, 1, 50, 1));
    assert_int_equal(dbn_fill_end_event(dbn_instruments_find(&f.instruments, 10)), 0);
    assert_false(modify(&f, 1, 50, 9));
    tear_down(&f);
}

static void the_limit_counts_live_orders_only(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1000);
    for (uint64_t round = 0; round < 100; round++) {
        for (uint64_t order = 0; order < 800; order++) {
            add(&f, round * 800 + order, 50, 1);
        }
        if (round % 2 == 0) {
            dbn_fill_clear(f.instrument);
            continue;
        }
        for (uint64_t order = 0; order < 800; order++) {
            assert_int_equal(cancel(&f, round * 800 + order, 1), 1);
        }
    }
    enum status status = STATUS_OK;
    for (uint64_t order = 0; order < 2000 && status == STATUS_OK; order++) {
        struct dbn_change change = {1000000 + order, 50, 1};
        status = dbn_fill_add(&f.fill, f.instrument, &change);
    }
    assert_int_equal(status, STATUS_FULL);
    assert_true(f.fill.slot_count <= 8192);
    tear_down(&f);
}

#define IDS 40

static void random_history(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 100000);
    struct prng prng;
    prng_init(&prng, 17);
    uint32_t open[IDS] = {0};
    uint32_t waiting[IDS] = {0};
    uint32_t consumed = 0;
    for (int step = 0; step < 200000; step++) {
        uint64_t id = prng_below(&prng, IDS);
        uint32_t quantity = 1 + (uint32_t)prng_below(&prng, 20);
        switch (prng_below(&prng, 5)) {
        case 0:
            if (open[id] == 0 && waiting[id] == 0) {
                add(&f, id * 1000003, 50, quantity);
                open[id] = quantity;
            }
            break;
        case 1:
            if (open[id] > 0) {
                quantity = quantity < open[id] ? quantity : open[id];
                assert_true(execute(&f, id * 1000003, 50, quantity));
                open[id] -= quantity;
                waiting[id] += quantity;
            }
            break;
        case 2: {
            uint32_t booked = quantity < waiting[id] ? quantity : waiting[id];
            assert_int_equal(cancel(&f, id * 1000003, quantity), quantity - booked);
            waiting[id] -= booked;
            quantity -= booked;
            open[id] -= quantity < open[id] ? quantity : open[id];
            consumed += booked > 0;
            break;
        }
        case 3:
            if (waiting[id] > 0) {
                assert_false(modify(&f, id * 1000003, 50, open[id]));
                waiting[id] = 0;
                consumed++;
            }
            break;
        default:
            if (step % 64 == 0) {
                uint32_t unbooked = 0;
                for (int i = 0; i < IDS; i++) {
                    unbooked += waiting[i] > 0;
                    waiting[i] = 0;
                }
                assert_int_equal(dbn_fill_end_event(f.instrument), unbooked);
            }
        }
    }
    assert_true(consumed > 10000);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_fill_and_its_cancel),
        cmocka_unit_test(fills_and_modifies_in_turn_or_together),
        cmocka_unit_test(what_is_more_than_booking_stays),
        cmocka_unit_test(a_fill_belongs_to_its_event),
        cmocka_unit_test(another_instrument_has_its_own_ids),
        cmocka_unit_test(the_limit_counts_live_orders_only),
        cmocka_unit_test(random_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

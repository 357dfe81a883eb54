/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the table finds exactly the live orders, and remembers every number ever seen. Method:
 * seeded adds and removes against plain arrays; dense, sparse and colliding numbers, through
 * several doublings.
 */
#include "apps/dojima/known_orders.h"
#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IDS 3000u

static uint64_t id_of(uint64_t index, int shape)
{
    return shape == 0 ? index : shape == 1 ? hash_mix64(index) : index * 448 * 4096;
}

static void run(int shape)
{
    static bool live[IDS];
    static bool seen[IDS];
    memset(live, 0, sizeof live);
    memset(seen, 0, sizeof seen);
    struct known_orders known = {0};
    struct prng prng;
    prng_init(&prng, (uint64_t)shape + 1);
    uint64_t count = 0;
    for (int step = 0; step < 60000; step++) {
        uint64_t index = prng_below(&prng, IDS);
        uint64_t id = id_of(index, shape);
        struct known_order *found = known_orders_find(&known, id);
        assert_int_equal(found != NULL, live[index]);
        assert_int_equal(known_orders_seen(&known, id), seen[index]);
        if (found != NULL) {
            assert_int_equal(found->open, index + 1);
        }
        if (live[index] && prng_chance(&prng, step < 30000 ? 1 : 3, 4)) {
            known_orders_remove(&known, id);
            live[index] = false;
            count--;
        } else if (!live[index]) {
            struct known_order order = {
                .order_id = id, .open = (uint32_t)index + 1, .side_index = (uint32_t)index % 4 * 2};
            assert_int_equal(known_orders_add(&known, &order), STATUS_OK);
            assert_int_equal(known_orders_see(&known, id), STATUS_OK);
            live[index] = true;
            seen[index] = true;
            count++;
        }
        assert_int_equal(known.live, count);
    }
    uint64_t listed = 0;
    for (uint32_t instrument = 0; instrument < 4; instrument++) {
        struct known_order *orders = NULL;
        size_t orders_count = 0;
        assert_int_equal(known_orders_of(&known, instrument, &orders, &orders_count), STATUS_OK);
        for (size_t i = 0; i < orders_count; i++) {
            assert_int_equal(orders[i].side_index >> 1, instrument);
            assert_true(i == 0 || orders[i].entry > orders[i - 1].entry);
        }
        listed += orders_count;
        free(orders);
    }
    assert_int_equal(listed, count);
    known_orders_deinit(&known);
}

static void dense_numbers(void **state)
{
    (void)state;
    run(0);
}

static void sparse_numbers(void **state)
{
    (void)state;
    run(1);
}

static void regular_numbers(void **state)
{
    (void)state;
    run(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_numbers),
        cmocka_unit_test(sparse_numbers),
        cmocka_unit_test(regular_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

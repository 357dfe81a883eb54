/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the index finds every live name and no other, while it grows through all its sizes.
 * Method: random adds, finds and removes against a plain array; keys of few hash bits force long
 * runs.
 */
#include "engine/book/names.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ORDERS 20000

struct fixture {
    struct arena arena;
    struct names names;
    struct order *orders;
    bool *live;
};

static void open_fixture(struct fixture *fixture)
{
    arena_init_measure(&fixture->arena);
    names_init(&fixture->names, &fixture->arena, ORDERS);
    size_t bytes = fixture->arena.used;
    arena_init(&fixture->arena, aligned_alloc(64, bytes), bytes);
    names_init(&fixture->names, &fixture->arena, ORDERS);
    fixture->orders = calloc(ORDERS, sizeof *fixture->orders);
    fixture->live = calloc(ORDERS, sizeof *fixture->live);
    assert_non_null(fixture->orders);
    assert_non_null(fixture->live);
}

static void close_fixture(struct fixture *fixture)
{
    free(fixture->arena.bytes);
    free(fixture->orders);
    free(fixture->live);
}

static void run(uint64_t seed, uint64_t hash_mask)
{
    struct fixture fixture;
    open_fixture(&fixture);
    struct prng prng;
    prng_init(&prng, seed);
    uint32_t count = 0;
    for (uint32_t i = 0; i < ORDERS; i++) {
        fixture.orders[i].name_key =
            (struct hash128){.low = hash_mix64(i + seed) & hash_mask, .high = i};
    }
    for (int step = 0; step < 400000; step++) {
        /* Grows to the full pool, then shrinks, then wanders. */
        uint32_t index = (uint32_t)prng_below(&prng, ORDERS);
        struct hash128 key = fixture.orders[index].name_key;
        uint32_t found = names_find(&fixture.names, fixture.orders, key);
        assert_int_equal(found, fixture.live[index] ? index : POOL_NONE);
        bool add_wanted = step < 150000 || prng_chance(&prng, 1, 2);
        if (!fixture.live[index] && add_wanted) {
            names_add(&fixture.names, key, index);
            fixture.live[index] = true;
            count++;
        } else if (fixture.live[index] && (!add_wanted || prng_chance(&prng, 1, 8))) {
            names_remove(&fixture.names, key, index);
            fixture.live[index] = false;
            count--;
        }
        assert_int_equal(fixture.names.count, count);
    }
    assert_true(fixture.names.now.mask > 16384);
    close_fixture(&fixture);
}

static void test_grows_and_finds(void **state)
{
    (void)state;
    run(1, UINT64_MAX);
    run(2, UINT64_MAX);
}

static void test_long_runs(void **state)
{
    (void)state;
    run(3, 0x3fff0); /* one home in 16 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_finds),
        cmocka_unit_test(test_long_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

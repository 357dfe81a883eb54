/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the ladder is a sorted list of ranks, whatever is put in and taken out.
 * Method: random inserts and removes, near the best and far away, against a plain sorted array; the
 * tree's own rules are checked along the way; capacities are filled to the brim.
 */
#include "engine/book/ladder.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEVELS 3000

struct fixture {
    struct arena arena;
    struct ladder ladder;
    struct ladder_side side;
    int64_t ranks[LEVELS]; /* ascending */
    uint32_t count;
};

static void open_fixture(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    arena_init_measure(&fixture->arena);
    ladder_init(&fixture->ladder, &fixture->arena, LEVELS, 1);
    size_t bytes = fixture->arena.used;
    arena_init(&fixture->arena, aligned_alloc(64, bytes), bytes);
    ladder_init(&fixture->ladder, &fixture->arena, LEVELS, 1);
    ladder_side_init(&fixture->side);
}

static uint32_t place_of(const struct fixture *fixture, int64_t rank)
{
    uint32_t place = 0;
    while (place < fixture->count && fixture->ranks[place] < rank) {
        place++;
    }
    return place;
}

static uint32_t level_of(int64_t rank)
{
    return (uint32_t)((uint64_t)rank * 2654435761u >> 8) & 0xffffff;
}

static void toggle(struct fixture *fixture, int64_t rank)
{
    uint32_t place = place_of(fixture, rank);
    bool there = place < fixture->count && fixture->ranks[place] == rank;
    uint32_t found = ladder_find(&fixture->ladder, &fixture->side, rank);
    assert_int_equal(found, there ? level_of(rank) : POOL_NONE);
    int64_t *at = &fixture->ranks[place];
    if (there) {
        ladder_remove(&fixture->ladder, &fixture->side, rank);
        memmove(at, at + 1, (fixture->count - place - 1) * sizeof *at);
        fixture->count--;
    } else if (fixture->count < LEVELS) {
        struct ladder_place seat = ladder_seek(&fixture->ladder, &fixture->side, rank);
        ladder_insert(&fixture->ladder, &fixture->side, seat, rank, level_of(rank));
        memmove(at + 1, at, (fixture->count - place) * sizeof *at);
        *at = rank;
        fixture->count++;
    }
}

static void compare(const struct fixture *fixture)
{
    ladder_check(&fixture->ladder, &fixture->side);
    assert_int_equal(fixture->side.level_count, fixture->count);
    struct ladder_cursor cursor = ladder_first(&fixture->ladder, &fixture->side);
    for (uint32_t i = fixture->count; i > 0; i--) {
        int64_t rank = fixture->ranks[i - 1];
        assert_int_equal(cursor.level, level_of(rank));
        ladder_next(&fixture->ladder, &cursor);
        uint32_t below = ladder_below(&fixture->ladder, &fixture->side, rank);
        assert_int_equal(below, i > 1 ? level_of(fixture->ranks[i - 2]) : POOL_NONE);
    }
    assert_int_equal(cursor.level, POOL_NONE);
    assert_int_equal(fixture->ladder.node_count == 0, fixture->count == 0);
}

static void wander(uint64_t seed, int64_t width, int steps)
{
    struct fixture fixture;
    open_fixture(&fixture);
    struct prng prng;
    prng_init(&prng, seed);
    int64_t middle = 0;
    for (int i = 0; i < steps; i++) {
        middle += prng_between(&prng, -2, 2);
        int64_t reach = prng_chance(&prng, 1, 10) ? width : width / 20 + 1;
        toggle(&fixture, middle - prng_between(&prng, 0, reach));
        if (i % 997 == 0) {
            compare(&fixture);
        }
    }
    compare(&fixture);
    while (fixture.count > 0) { /* sweep from the best */
        toggle(&fixture, fixture.ranks[fixture.count - 1]);
    }
    compare(&fixture);
    free(fixture.arena.bytes);
}

static void test_random(void **state)
{
    (void)state;
    wander(1, 40, 60000);
    wander(2, 2000, 60000);
    wander(3, 100000, 60000);
}

/* Every level of the pool in use, by rising, falling and random ranks, and then thinned out so that
 * every node wants to merge: the node pool must hold. */
static void test_full(void **state)
{
    (void)state;
    for (int order = 0; order < 3; order++) {
        struct fixture fixture;
        open_fixture(&fixture);
        struct prng prng;
        prng_init(&prng, 7);
        for (int round = 0; round < 4; round++) {
            for (int64_t i = 0; fixture.count < LEVELS; i++) {
                int64_t rank = order == 0 ? i : order == 1 ? -i : (int64_t)(prng_next(&prng) >> 20);
                if (ladder_find(&fixture.ladder, &fixture.side, rank) == POOL_NONE) {
                    toggle(&fixture, rank);
                }
            }
            compare(&fixture);
            for (uint32_t i = 0; i < LEVELS * 3 / 4; i++) {
                toggle(&fixture, fixture.ranks[prng_below(&prng, fixture.count)]);
            }
            compare(&fixture);
        }
        free(fixture.arena.bytes);
    }
}

static void test_extreme_ranks(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    const int64_t ranks[] = {INT64_MAX, INT64_MIN, 0, INT64_MAX - 1, INT64_MIN + 1, -1};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(ranks); i++) {
            toggle(&fixture, ranks[i]);
            compare(&fixture);
        }
    }
    free(fixture.arena.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_extreme_ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

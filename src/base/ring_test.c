/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: slots come out once, whole and in order; a full ring refuses; nothing stays behind a
 * publish. Method: by hand at the edges, then two threads over a small ring.
 */
#include "base/ring.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SLOTS 64
#define ITEMS 2000000u

struct item {
    uint64_t number;
    uint64_t square;
};

static void test_edges(void **state)
{
    (void)state;
    static struct item slots[SLOTS];
    static struct ring ring;
    struct item out[SLOTS];
    ring_init(&ring, slots, SLOTS, sizeof slots[0]);
    struct item item = {1, 1};
    assert_true(ring_push(&ring, &item, sizeof item));
    assert_int_equal(ring_drain(&ring, out, SLOTS), 0); /* not published yet */
    ring_publish(&ring);
    assert_int_equal(ring_drain(&ring, out, SLOTS), 1);
    assert_int_equal(out[0].number, 1);
    for (uint64_t i = 0; i < SLOTS; i++) {
        item.number = i;
        assert_true(ring_push(&ring, &item, sizeof item));
    }
    assert_false(ring_push(&ring, &item, sizeof item)); /* full, and all of it published */
    assert_int_equal(ring_drain(&ring, out, 10), 10);
    assert_true(ring_push(&ring, &item, sizeof item));
    ring_publish(&ring);
    assert_int_equal(ring_drain(&ring, out, SLOTS), SLOTS - 9);
    assert_int_equal(out[0].number, 10);
}

static struct item shared_slots[SLOTS];
static struct ring shared_ring;

static void *produce(void *context)
{
    (void)context;
    for (uint64_t i = 0; i < ITEMS; i++) {
        struct item item = {i, i * i};
        while (!ring_push(&shared_ring, &item, sizeof item)) {
            CPU_PAUSE();
        }
    }
    ring_publish(&shared_ring);
    return NULL;
}

static void test_two_threads(void **state)
{
    (void)state;
    ring_init(&shared_ring, shared_slots, SLOTS, sizeof shared_slots[0]);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, produce, NULL), 0);
    struct item out[16];
    uint64_t next = 0;
    while (next < ITEMS) {
        size_t count = ring_drain(&shared_ring, out, ARRAY_COUNT(out));
        for (size_t i = 0; i < count; i++, next++) {
            if (out[i].number != next || out[i].square != next * next) {
                fail_msg("slot %llu came out as %llu", (unsigned long long)next,
                         (unsigned long long)out[i].number);
            }
        }
    }
    assert_int_equal(ring_drain(&shared_ring, out, ARRAY_COUNT(out)), 0);
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

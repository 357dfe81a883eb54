/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every message is read back, byte for byte, from any sequence on, also while more are
 * appended. Method: messages of every length whose bytes follow from their sequence, over several
 * chunks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "feed/history.h"

#include <string.h>

#define MESSAGES  UINT64_C(120000) /* about 3 MiB: several chunks */
#define BYTES_MAX 50u

static size_t message_of(uint64_t sequence, uint8_t out[BYTES_MAX])
{
    size_t count = 1 + (size_t)(hash_mix64(sequence) % BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        out[i] = (uint8_t)(hash_mix64(sequence) >> (i % 8 * 8));
    }
    return count;
}

static void expect_next(const struct history *history, struct history_cursor *cursor)
{
    uint8_t expected[BYTES_MAX];
    const uint8_t *message;
    size_t count;
    uint64_t sequence = cursor->next;
    size_t expected_count = message_of(sequence, expected);
    assert_true(history_next(history, cursor, &message, &count));
    assert_int_equal(count, expected_count);
    assert_memory_equal(message, expected, count);
    assert_int_equal(cursor->next, sequence + 1);
}

static void an_empty_history_has_an_end(void **state)
{
    (void)state;
    struct history history;
    const uint8_t *message;
    size_t count;
    history_init(&history);
    struct history_cursor cursor = history_seek(&history, 1);
    assert_false(history_next(&history, &cursor, &message, &count));
    uint8_t bytes[BYTES_MAX];
    assert_int_equal(history_append(&history, bytes, message_of(1, bytes)), STATUS_OK);
    expect_next(&history, &cursor); /* what it was waiting for */
    assert_false(history_next(&history, &cursor, &message, &count));
    history_deinit(&history);
}

static void every_message_from_any_sequence(void **state)
{
    (void)state;
    struct history history;
    struct prng prng;
    uint8_t bytes[BYTES_MAX];
    const uint8_t *message;
    size_t count;
    history_init(&history);
    prng_init(&prng, 5);
    struct history_cursor live = history_seek(&history, 1);
    for (uint64_t sequence = 1; sequence <= MESSAGES; sequence++) {
        assert_int_equal(history_append(&history, bytes, message_of(sequence, bytes)), STATUS_OK);
        if (prng_chance(&prng, 1, 50)) { /* a reader close behind */
            while (live.next <= sequence) {
                expect_next(&history, &live);
            }
            assert_false(history_next(&history, &live, &message, &count));
        }
    }
    assert_true(history.chunk_count > 2);
    for (unsigned i = 0; i < 2000; i++) {
        struct history_cursor cursor =
            history_seek(&history, (uint64_t)prng_between(&prng, 1, MESSAGES - 200));
        for (unsigned j = 0; j < 100; j++) {
            expect_next(&history, &cursor);
        }
    }
    struct history_cursor end = history_seek(&history, MESSAGES + 1);
    assert_false(history_next(&history, &end, &message, &count));
    history_deinit(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_history_has_an_end),
        cmocka_unit_test(every_message_from_any_sequence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

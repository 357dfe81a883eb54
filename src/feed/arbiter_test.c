/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: each message once, in order, whatever the network does. Method: packets by hand for each
 * rule; then two lines that lose, double and shuffle packets by a seed, with every gap asked for
 * until it is filled.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "feed/arbiter.h"

#include <string.h>

#define MESSAGE_BYTES 12u /* a system event, its sequence in the header's time */

struct seen {
    uint64_t next;
    uint64_t count;
    uint64_t stop_at; /* 0 = never */
};

static enum status on_message(void *context, uint64_t sequence, const uint8_t *message,
                              size_t count)
{
    struct seen *seen = context;
    assert_int_equal(count, MESSAGE_BYTES);
    assert_int_equal(sequence, seen->next);
    assert_int_equal(bytes_load_be48(message + 5), sequence);
    seen->next++;
    seen->count++;
    return sequence == seen->stop_at ? STATUS_IO : STATUS_OK;
}

/* Returns the packet's bytes. */
static size_t packet_of(uint8_t *out, const char *session, uint64_t sequence, uint16_t count)
{
    struct moldudp64_header header = {.sequence = sequence, .count = count};
    memcpy(header.session, session, sizeof header.session);
    moldudp64_encode(&header, out);
    size_t at = MOLDUDP64_HEADER_BYTES;
    for (unsigned i = 0; count != MOLDUDP64_END_OF_SESSION && i < count; i++) {
        bytes_store_be16(out + at, MESSAGE_BYTES);
        at += 2;
        at += itch_encode_system_event(
            &(struct itch_system_event){.header = {.time_ns = sequence + i}, .event_code = 'O'},
            out + at);
    }
    return at;
}

static enum status take(struct arbiter *arbiter, struct seen *seen, uint64_t sequence,
                        uint16_t count)
{
    uint8_t packet[1500];
    size_t bytes = packet_of(packet, "DOJIMA0001", sequence, count);
    return arbiter_take(arbiter, packet, bytes, on_message, seen);
}

static void two_lines_give_one_stream(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 1};
    uint64_t from;
    uint64_t count;
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 1, 3), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 1, 3), STATUS_OK);
    assert_int_equal(seen.next, 4);
    assert_int_equal(arbiter.counts.again, 3);
    assert_false(arbiter_gap(&arbiter, &from, &count));
    assert_int_equal(take(&arbiter, &seen, 3, 4), STATUS_OK); /* overlaps */
    assert_int_equal(seen.next, 7);
    arbiter_deinit(&arbiter);
}

static void a_gap_is_held_told_and_filled(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 5};
    uint64_t from;
    uint64_t count;
    assert_int_equal(arbiter_init(&arbiter, 5), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 8, 2), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 12, 0), STATUS_OK); /* heartbeat: 11 exists */
    assert_true(arbiter_gap(&arbiter, &from, &count));
    assert_int_equal(from, 5);
    assert_int_equal(count, 3);
    assert_int_equal(take(&arbiter, &seen, 5, 3), STATUS_OK);
    assert_int_equal(seen.next, 10);
    assert_true(arbiter_gap(&arbiter, &from, &count));
    assert_int_equal(from, 10);
    assert_int_equal(count, 2);
    assert_int_equal(take(&arbiter, &seen, 10, 2), STATUS_OK);
    assert_false(arbiter_gap(&arbiter, &from, &count));
    assert_int_equal(arbiter.counts.gaps, 1);
    assert_int_equal(arbiter.held_count, 0);
    arbiter_deinit(&arbiter);
}

static void the_end_is_the_end_when_all_is_there(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 1};
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 3, MOLDUDP64_END_OF_SESSION), STATUS_OK);
    assert_false(arbiter_is_over(&arbiter));
    assert_int_equal(take(&arbiter, &seen, 1, 2), STATUS_OK);
    assert_true(arbiter_is_over(&arbiter));
    arbiter_deinit(&arbiter);
}

static void strangers_and_nonsense_are_refused_whole(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 1};
    uint8_t packet[1500];
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 1, 1), STATUS_OK);
    size_t bytes = packet_of(packet, "OTHER     ", 2, 1);
    assert_int_equal(arbiter_take(&arbiter, packet, bytes, on_message, &seen), STATUS_INVALID);
    bytes = packet_of(packet, "DOJIMA0001", 2, 2);
    assert_int_equal(arbiter_take(&arbiter, packet, bytes - 1, on_message, &seen), STATUS_INVALID);
    bytes_store_be16(packet + MOLDUDP64_HEADER_BYTES, 0); /* an empty message */
    assert_int_equal(arbiter_take(&arbiter, packet, bytes, on_message, &seen), STATUS_INVALID);
    assert_int_equal(take(&arbiter, &seen, 0, 1), STATUS_INVALID);
    assert_int_equal(take(&arbiter, &seen, UINT64_MAX, 1), STATUS_INVALID);
    assert_int_equal(seen.next, 2);
    assert_int_equal(arbiter.counts.invalid, 5);
    arbiter_deinit(&arbiter);
}

static void what_is_too_far_ahead_is_asked_for_later(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 1};
    uint64_t from;
    uint64_t count;
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, ARBITER_HELD, 2),
                     STATUS_OK); /* the last slot, and one */
    assert_int_equal(arbiter.counts.too_far, 1);
    assert_int_equal(arbiter.held_count, 1);
    assert_true(arbiter_gap(&arbiter, &from, &count));
    assert_int_equal(from, 1);
    assert_int_equal(count, ARBITER_HELD - 1);
    arbiter_deinit(&arbiter);
}

static void a_snapshot_goes_over_a_gap(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 20};
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 18, 5), STATUS_OK);
    assert_int_equal(arbiter_skip(&arbiter, 20, on_message, &seen), STATUS_OK);
    assert_int_equal(seen.next, 23);
    assert_int_equal(arbiter.held_count, 0);
    assert_int_equal(arbiter_skip(&arbiter, 3, on_message, &seen), STATUS_OK);
    assert_int_equal(arbiter.next, 23);
    arbiter_deinit(&arbiter);
}

static void a_failure_of_the_reader_is_passed_on(void **state)
{
    (void)state;
    struct arbiter arbiter;
    struct seen seen = {.next = 1, .stop_at = 3};
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 4, 2), STATUS_OK);
    assert_int_equal(take(&arbiter, &seen, 1, 3), STATUS_IO);
    assert_int_equal(take(&arbiter, &seen, 4, 1), STATUS_OK); /* goes on with what was held */
    assert_int_equal(seen.next, 6);
    assert_int_equal(arbiter.held_count, 0);
    arbiter_deinit(&arbiter);
}

/* Loss of three tenths on each line, doubles, reordering: all of it arrives once. */
static void a_bad_network(uint64_t seed)
{
    const uint64_t last = 20000;
    struct prng prng;
    struct arbiter arbiter;
    struct seen seen = {.next = 1};
    prng_init(&prng, seed);
    assert_int_equal(arbiter_init(&arbiter, 1), STATUS_OK);
    for (uint64_t at = 1; at <= last;) {
        uint16_t count = (uint16_t)prng_between(&prng, 1, 40);
        count = at + count > last + 1 ? (uint16_t)(last + 1 - at) : count;
        uint64_t late = prng_chance(&prng, 1, 5) && at > 200 ? at - prng_below(&prng, 200) : at;
        for (unsigned line = 0; line < 2; line++) {
            if (!prng_chance(&prng, 3, 10)) {
                assert_int_equal(take(&arbiter, &seen, line == 0 ? at : late, count), STATUS_OK);
            }
        }
        uint64_t from;
        uint64_t missing;
        if (prng_chance(&prng, 1, 4) && arbiter_gap(&arbiter, &from, &missing)) {
            uint16_t answer = (uint16_t)(missing > 40 ? 40 : missing);
            assert_int_equal(take(&arbiter, &seen, from, answer), STATUS_OK);
        }
        at += count;
    }
    assert_int_equal(take(&arbiter, &seen, last + 1, MOLDUDP64_END_OF_SESSION), STATUS_OK);
    uint64_t from;
    uint64_t missing;
    while (arbiter_gap(&arbiter, &from, &missing)) {
        assert_true(missing > 0);
        assert_int_equal(take(&arbiter, &seen, from, (uint16_t)(missing > 40 ? 40 : missing)),
                         STATUS_OK);
    }
    assert_true(arbiter_is_over(&arbiter));
    assert_int_equal(seen.count, last);
    assert_int_equal(arbiter.counts.messages, last);
    assert_true(arbiter.counts.gaps > 0);
    arbiter_deinit(&arbiter);
}

static void bad_networks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        print_message("seed %u\n", (unsigned)seed);
        a_bad_network(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lines_give_one_stream),
        cmocka_unit_test(a_gap_is_held_told_and_filled),
        cmocka_unit_test(the_end_is_the_end_when_all_is_there),
        cmocka_unit_test(strangers_and_nonsense_are_refused_whole),
        cmocka_unit_test(what_is_too_far_ahead_is_asked_for_later),
        cmocka_unit_test(a_snapshot_goes_over_a_gap),
        cmocka_unit_test(a_failure_of_the_reader_is_passed_on),
        cmocka_unit_test(bad_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

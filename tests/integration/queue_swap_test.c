/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: "same order" measures the queue and nothing else: a venue whose queues differ in a few
 * entries scores lower, with the same prices. Method: the importer over an engine whose queues are
 * bent from outside: in the stream of messages, pairs of orders that join one queue one behind the
 * other change places, and nothing else is changed. A generated day, whose executions all hit the
 * head of the queue, must fall below 100%; the recorded morning of AAPL (with DOJIMA_DATA) below
 * its 2,226.
 */
#include "flow/generate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "integration/venue.h"

#define SWAP_ONE_IN 8u /* of the pairs found */
#define LOOK_AHEAD  400u

struct day {
    struct flow_message *messages;
    size_t count;
    size_t capacity;
};

static void day_add(struct day *day, const struct flow_message *message)
{
    if (day->count == day->capacity) {
        day->capacity = day->capacity == 0 ? 4096 : day->capacity * 2;
        day->messages = realloc(day->messages, day->capacity * sizeof *day->messages);
        assert_non_null(day->messages);
    }
    day->messages[day->count] = *message;
    day->messages[day->count].symbol = NULL; /* not needed, and not valid later */
    day->messages[day->count].symbol_length = 0;
    day->count++;
}

static bool same_queue(const struct flow_message *a, const struct flow_message *b)
{
    return a->kind == FLOW_ADD && b->kind == FLOW_ADD && a->instrument == b->instrument &&
           a->side == b->side && a->price == b->price;
}

/* The add that next joins the queue of the add at `first`, unless a message names that one before:
 * the two stand one behind the other then. 0 = none near. */
static size_t next_in_queue(const struct day *day, size_t first)
{
    const struct flow_message *add = &day->messages[first];
    for (size_t i = first + 1; i < day->count && i <= first + LOOK_AHEAD; i++) {
        const struct flow_message *message = &day->messages[i];
        if (message->order_id == add->order_id) {
            return 0;
        }
        if (same_queue(add, message)) {
            return i;
        }
    }
    return 0;
}

/* Swaps who comes first in some pairs; returns how many. */
static unsigned swap_queue_entries(struct day *day)
{
    unsigned found = 0;
    unsigned swapped = 0;
    for (size_t i = 0; i < day->count; i++) {
        size_t next = day->messages[i].kind == FLOW_ADD ? next_in_queue(day, i) : 0;
        if (next == 0 || found++ % SWAP_ONE_IN != 0) {
            continue;
        }
        struct flow_message *a = &day->messages[i];
        struct flow_message *b = &day->messages[next];
        uint64_t order_id = a->order_id;
        uint32_t quantity = a->quantity;
        a->order_id = b->order_id;
        a->quantity = b->quantity;
        b->order_id = order_id;
        b->quantity = quantity;
        swapped++;
    }
    return swapped;
}

static struct importer_counts import(const struct day *day)
{
    struct venue venue = {0};
    venue_open(&venue, (struct importer_options){0});
    for (size_t i = 0; i < day->count; i++) {
        assert_int_equal(importer_apply(venue.importer, &day->messages[i]), STATUS_OK);
    }
    struct importer_counts counts = *importer_count(venue.importer);
    venue_close(&venue);
    return counts;
}

static void compare(struct day *day, const char *name)
{
    struct importer_counts straight = import(day);
    unsigned swapped = swap_queue_entries(day);
    struct importer_counts bent = import(day);
    free(day->messages);
    print_message("  %s: %u pairs swapped; same order %llu of %llu, swapped %llu of %llu\n", name,
                  swapped, (unsigned long long)straight.executions_same_order,
                  (unsigned long long)straight.executions_checked,
                  (unsigned long long)bent.executions_same_order,
                  (unsigned long long)bent.executions_checked);
    assert_true(swapped > 0);
    assert_int_equal(bent.executions_checked, straight.executions_checked);
    assert_int_equal(bent.executions_same_price, straight.executions_same_price);
    assert_true(bent.executions_same_order < straight.executions_same_order);
}

static void a_generated_day_with_swapped_entries_scores_lower(void **state)
{
    (void)state;
    struct generate_options options = {.seed = 3, .messages = 60000, .instruments = 40};
    struct generator *generator;
    assert_int_equal(generate_open(&options, &generator), STATUS_OK);
    struct day day = {0};
    struct flow_message message;
    enum status status;
    while ((status = generate_next(generator, &message)) == STATUS_OK) {
        day_add(&day, &message);
    }
    assert_int_equal(status, STATUS_END);
    generate_close(generator);
    compare(&day, "generated");
}

static void a_recorded_day_with_swapped_entries_scores_lower(void **state)
{
    (void)state;
    const char *data = getenv("DOJIMA_DATA");
    if (data == NULL) {
        print_message("  SKIPPED: needs DOJIMA_DATA\n");
        skip();
    }
    char path[1024];
    snprintf(path, sizeof path, "%s/lobster/AAPL_2012-06-21_message_first45000.csv", data);
    struct flow_error error;
    struct flow_reader *reader;
    assert_int_equal(flow_open(path, &(struct flow_options){0}, &error, &reader), STATUS_OK);
    struct day day = {0};
    struct flow_message message;
    while (flow_next(reader, &message) == STATUS_OK) {
        day_add(&day, &message);
    }
    assert_int_equal(flow_failure(reader)->status, STATUS_OK);
    flow_close(reader);
    assert_int_equal(day.count, 45000);
    assert_int_equal(import(&day).executions_same_order, 2226);
    compare(&day, "AAPL 2012-06-21");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_generated_day_with_swapped_entries_scores_lower),
        cmocka_unit_test(a_recorded_day_with_swapped_entries_scores_lower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: each message becomes the commands of docs/reference/replay-mapping.md and no others, each
 * kind of execution is counted where it belongs, and the book stays the market's. Method: a few
 * messages by hand over an engine in memory; the command records are read back from the log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "integration/venue.h"
#include "wire/native/command_codec.h"

static uint64_t next_message;

static struct flow_message message_of(enum flow_kind kind, uint64_t order_id)
{
    uint64_t index = next_message++;
    return (struct flow_message){
        .source_index = index,
        .position = 100 + index,
        .time_ns = 34200000000001u + index,
        .order_id = order_id,
        .price = FLOW_PRICE_NONE,
        .instrument = 7,
        .kind = (uint8_t)kind,
        .price_scale = 4,
    };
}

static void add(struct venue *venue, uint64_t order_id, enum flow_side side, int64_t price,
                uint32_t quantity)
{
    struct flow_message message = message_of(FLOW_ADD, order_id);
    message.side = (uint8_t)side;
    message.price = price;
    message.quantity = quantity;
    assert_int_equal(importer_apply(venue->importer, &message), STATUS_OK);
}

static void tell(struct venue *venue, enum flow_kind kind, uint64_t order_id, uint32_t quantity,
                 int64_t price)
{
    struct flow_message message = message_of(kind, order_id);
    message.quantity = quantity;
    message.price = price;
    assert_int_equal(importer_apply(venue->importer, &message), STATUS_OK);
}

static void replace(struct venue *venue, uint64_t order_id, uint64_t new_order_id,
                    uint32_t quantity, int64_t price)
{
    struct flow_message message = message_of(FLOW_REPLACE, order_id);
    message.new_order_id = new_order_id;
    message.quantity = quantity;
    message.price = price;
    assert_int_equal(importer_apply(venue->importer, &message), STATUS_OK);
}

/* Open quantity of an order in the engine, 0 = not there. */
static int64_t open_of(const struct venue *venue, uint64_t order_id)
{
    struct text36 name = text36_from_number(order_id);
    struct engine_order order;
    return engine_find(venue->engine, IMPORTER_ACCOUNT, &name, &order) ? order.remaining.lots : 0;
}

static uint64_t head_of(const struct venue *venue, enum side side)
{
    struct engine_order order;
    assert_true(engine_head(venue->engine, 1, side, &order));
    char digits[40] = {0};
    memcpy(digits, order.client_order_id.bytes, order.client_order_id.count);
    return strtoull(digits, NULL, 10);
}

/* The last command of the log. */
static struct command last_command(const struct venue *venue)
{
    struct journal_cursor cursor = journal_cursor_at(venue->commands->next_sequence - 1);
    struct journal_entry entry;
    struct command command = {0};
    size_t count = 0;
    assert_int_equal(journal_poll(venue->commands, &cursor, &entry, 1, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(command_header_decode(entry.body, entry.body_bytes, &command.header),
                     STATUS_OK);
    assert_int_equal(command_body_decode(entry.body + COMMAND_HEADER_BYTES,
                                         entry.body_bytes - COMMAND_HEADER_BYTES, &command),
                     STATUS_OK);
    command.header.time_ns = (uint64_t)entry.time_ns;
    journal_cursor_close(venue->commands, &cursor);
    return command;
}

static int open_venue(void **state)
{
    static struct venue venue;
    next_message = 0;
    venue = (struct venue){0};
    venue_open(&venue, (struct importer_options){.trading_day = 20120621});
    *state = &venue;
    return 0;
}

static int close_venue(void **state)
{
    venue_close(*state);
    return 0;
}

static void an_add_is_a_limit_order_with_the_numbers_of_its_message(void **state)
{
    struct venue *venue = *state;
    add(venue, 41, FLOW_SIDE_BUY, 1000, 30);
    struct command command = last_command(venue);
    assert_int_equal(command.header.id, COMMAND_NEW_ORDER);
    assert_int_equal(command.header.source, IMPORTER_SOURCE);
    assert_int_equal(command.header.source_sequence, 1);
    assert_int_equal(command.header.source_index, 2); /* behind asset and instrument */
    assert_int_equal(command.header.session, IMPORTER_SESSION);
    assert_int_equal(command.header.input_sequence, 1);
    /* 2012-06-21 00:00 UTC is 1,340,236,800 s; the message came at 09:30 and 1 ns. */
    assert_true(command.header.time_ns == 1340236800000000000u + 34200000000001u);
    assert_int_equal(command.new_order.time_in_force, TIME_IN_FORCE_GTC);
    assert_int_equal(command.new_order.price.units, 1000);
    assert_int_equal(command.new_order.quantity.lots, 30);
    assert_int_equal(command.new_order.side, SIDE_BUY);
    assert_memory_equal(command.new_order.client_order_id.bytes, "41", 3);
    add(venue, 42, FLOW_SIDE_SELL, 1001, 5);
    assert_int_equal(last_command(venue).header.source_sequence, 2);
    assert_int_equal(last_command(venue).header.source_index, 0);
    assert_int_equal(importer_instrument_count(venue->importer), 1);
}

static void reductions_and_deletes_follow_the_input(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_BUY, 1000, 30);
    tell(venue, FLOW_REDUCE, 1, 10, FLOW_PRICE_NONE);
    assert_int_equal(last_command(venue).header.id, COMMAND_REDUCE);
    assert_int_equal(last_command(venue).reduce.reason, REASON_REQUESTED);
    assert_int_equal(open_of(venue, 1), 20);
    tell(venue, FLOW_REDUCE, 1, 99, FLOW_PRICE_NONE); /* more than is open: all of it */
    assert_int_equal(open_of(venue, 1), 0);
    assert_int_equal(importer_count(venue->importer)->excess_quantities, 1);
    add(venue, 2, FLOW_SIDE_BUY, 1000, 30);
    tell(venue, FLOW_DELETE, 2, 0, FLOW_PRICE_NONE);
    assert_int_equal(last_command(venue).header.id, COMMAND_CANCEL);
    assert_int_equal(open_of(venue, 2), 0);
    assert_int_equal(importer_count(venue->importer)->rejected, 0);
}

static void unknown_and_gone_orders_make_no_command(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_BUY, 1000, 30);
    tell(venue, FLOW_DELETE, 1, 0, FLOW_PRICE_NONE);
    uint64_t commands = venue->commands->next_sequence;
    for (int twice = 0; twice < 2; twice++) {
        uint64_t order_id = twice == 0 ? 999 : 1;
        tell(venue, FLOW_REDUCE, order_id, 1, FLOW_PRICE_NONE);
        tell(venue, FLOW_DELETE, order_id, 0, FLOW_PRICE_NONE);
        tell(venue, FLOW_EXECUTE, order_id, 1, FLOW_PRICE_NONE);
        replace(venue, order_id, 1000, 10, 1001);
    }
    tell(venue, FLOW_EXECUTE_HIDDEN, 0, 50, 1000);
    tell(venue, FLOW_TRADE_NOTE, 0, 70, 1000);
    tell(venue, FLOW_HALT, 0, 0, FLOW_PRICE_NONE);
    assert_int_equal(venue->commands->next_sequence, commands);
    const struct importer_counts *counts = importer_count(venue->importer);
    assert_int_equal(counts->unknown_references, 4);
    assert_int_equal(counts->gone_references, 4);
    assert_int_equal(counts->hidden_volume, 50);
    assert_int_equal(counts->trade_note_volume, 70);
    assert_int_equal(counts->halts, 1);
    assert_int_equal(counts->executions_checked, 0);
}

static void an_execution_of_the_head_is_a_trade_with_exactly_it(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_SELL, 1000, 30);
    add(venue, 2, FLOW_SIDE_SELL, 1000, 30);
    tell(venue, FLOW_EXECUTE, 1, 10, FLOW_PRICE_NONE);
    struct command command = last_command(venue);
    assert_int_equal(command.header.id, COMMAND_NEW_ORDER);
    assert_int_equal(command.new_order.side, SIDE_BUY);
    assert_int_equal(command.new_order.time_in_force, TIME_IN_FORCE_IOC);
    assert_int_equal(command.new_order.quantity.lots, 10);
    assert_memory_equal(command.new_order.client_order_id.bytes, "x3", 3);
    assert_int_equal(open_of(venue, 1), 20);
    tell(venue, FLOW_EXECUTE_PRICED, 1, 20, 1000); /* said with a price that is its own */
    assert_int_equal(open_of(venue, 1), 0);
    assert_int_equal(open_of(venue, 2), 30);
    const struct importer_counts *counts = importer_count(venue->importer);
    assert_int_equal(counts->executions_checked, 2);
    assert_int_equal(counts->executions_same_order, 2);
    assert_int_equal(counts->executions_same_price, 2);
    assert_int_equal(counts->off_book_executions, 0);
    assert_int_equal(counts->traded_volume, 30);
}

static void an_execution_of_another_order_is_a_difference_and_reconciled(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_SELL, 1000, 30);
    add(venue, 2, FLOW_SIDE_SELL, 1000, 30);
    add(venue, 3, FLOW_SIDE_SELL, 1001, 30);
    tell(venue, FLOW_EXECUTE, 2, 30, FLOW_PRICE_NONE); /* same price, not the head */
    assert_int_equal(last_command(venue).header.id, COMMAND_REDUCE);
    assert_int_equal(last_command(venue).reduce.reason, REASON_REPLAY_RECONCILE);
    assert_int_equal(open_of(venue, 2), 0);
    tell(venue, FLOW_EXECUTE, 3, 10, FLOW_PRICE_NONE); /* not even the best price */
    assert_int_equal(open_of(venue, 3), 20);
    const struct importer_counts *counts = importer_count(venue->importer);
    assert_int_equal(counts->executions_checked, 2);
    assert_int_equal(counts->executions_same_order, 0);
    assert_int_equal(counts->executions_same_price, 1);
    assert_int_equal(counts->trades, 0);
    assert_int_equal(open_of(venue, 1), 30);
}

static void an_execution_at_another_price_is_off_the_book(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_BUY, 1000, 30);
    tell(venue, FLOW_EXECUTE_PRICED, 1, 10, 995);
    assert_int_equal(last_command(venue).reduce.reason, REASON_OFF_BOOK_EXECUTION);
    assert_int_equal(open_of(venue, 1), 20);
    const struct importer_counts *counts = importer_count(venue->importer);
    assert_int_equal(counts->executions_checked, 0);
    assert_int_equal(counts->off_book_executions, 1);
    assert_int_equal(counts->off_book_volume, 10);
}

static void a_replace_counts_what_was_executed_into_the_total(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_SELL, 1000, 30);
    tell(venue, FLOW_EXECUTE, 1, 10, FLOW_PRICE_NONE);
    replace(venue, 1, 2, 25, 1002);
    assert_int_equal(last_command(venue).header.id, COMMAND_REPLACE);
    assert_int_equal(last_command(venue).replace.quantity.lots, 35);
    assert_int_equal(open_of(venue, 2), 25);
    assert_int_equal(open_of(venue, 1), 0);
    tell(venue, FLOW_EXECUTE, 2, 25, FLOW_PRICE_NONE);
    assert_int_equal(importer_count(venue->importer)->executions_same_order, 2);
    tell(venue, FLOW_DELETE, 1, 0, FLOW_PRICE_NONE);
    assert_int_equal(importer_count(venue->importer)->gone_references, 1);
}

static void a_new_number_goes_to_the_back_and_a_kept_one_stays(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_BUY, 1000, 30);
    add(venue, 2, FLOW_SIDE_BUY, 1000, 30);
    replace(venue, 1, 1, 20, 1000); /* DBN: same number, smaller */
    assert_int_equal(head_of(venue, SIDE_BUY), 1);
    replace(venue, 1, 3, 10, 1000); /* ITCH: a new number */
    assert_int_equal(head_of(venue, SIDE_BUY), 2);
    assert_int_equal(open_of(venue, 3), 10);
    assert_int_equal(open_of(venue, 1), 0);
    replace(venue, 3, 4, 10, -5); /* refused: in the market it has left its place all the same */
    assert_int_equal(open_of(venue, 3), 0);
    assert_int_equal(open_of(venue, 4), 0);
    tell(venue, FLOW_DELETE, 4, 0, FLOW_PRICE_NONE);
    assert_int_equal(importer_count(venue->importer)->gone_references, 1);
}

static void a_clear_cancels_in_order_of_entry(void **state)
{
    struct venue *venue = *state;
    for (uint64_t order_id = 50; order_id > 0; order_id--) {
        add(venue, order_id, order_id % 2 == 0 ? FLOW_SIDE_BUY : FLOW_SIDE_SELL,
            order_id % 2 == 0 ? 1000 : 1001, 1);
    }
    struct flow_message other = message_of(FLOW_ADD, 100);
    other.instrument = 8;
    other.side = FLOW_SIDE_BUY;
    other.price = 5;
    other.quantity = 5;
    assert_int_equal(importer_apply(venue->importer, &other), STATUS_OK);
    struct flow_message clear = message_of(FLOW_CLEAR, 0);
    assert_int_equal(importer_apply(venue->importer, &clear), STATUS_OK);
    assert_int_equal(last_command(venue).header.source_index, 49);
    assert_memory_equal(last_command(venue).cancel.client_order_id.bytes, "1", 2);
    assert_int_equal(importer_count(venue->importer)->cleared_orders, 50);
    assert_int_equal(open_of(venue, 100), 5);
    struct engine_counts counts;
    engine_count(venue->engine, &counts);
    assert_int_equal(counts.orders, 1);
}

static void refused_orders_are_not_live(void **state)
{
    struct venue *venue = *state;
    add(venue, 1, FLOW_SIDE_BUY, 0, 30);
    add(venue, 2, FLOW_SIDE_BUY, 1000, 0);
    add(venue, 3, FLOW_SIDE_BUY, 4294967295, 4294967295);
    add(venue, 4, FLOW_SIDE_BUY, 1000, 10);
    add(venue, 4, FLOW_SIDE_BUY, 1000, 20); /* twice */
    const struct importer_counts *counts = importer_count(venue->importer);
    assert_int_equal(counts->by_reject[REJECT_PRICE_OUT_OF_RANGE], 1);
    assert_int_equal(counts->by_reject[REJECT_QUANTITY_NOT_POSITIVE], 1);
    assert_int_equal(counts->by_reject[REJECT_NOTIONAL_OVERFLOW], 1);
    assert_int_equal(counts->by_reject[REJECT_DUPLICATE_ORDER_ID], 1);
    assert_int_equal(open_of(venue, 4), 10);
    tell(venue, FLOW_DELETE, 1, 0, FLOW_PRICE_NONE);
    assert_int_equal(counts->gone_references, 1);
    tell(venue, FLOW_EXECUTE, 4, 0, FLOW_PRICE_NONE);
    assert_int_equal(counts->executions_checked, 0);
    assert_int_equal(counts->by_reject[REJECT_QUANTITY_NOT_POSITIVE], 2);
}

#define WITH_VENUE(test) cmocka_unit_test_setup_teardown(test, open_venue, close_venue)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_VENUE(an_add_is_a_limit_order_with_the_numbers_of_its_message),
        WITH_VENUE(reductions_and_deletes_follow_the_input),
        WITH_VENUE(unknown_and_gone_orders_make_no_command),
        WITH_VENUE(an_execution_of_the_head_is_a_trade_with_exactly_it),
        WITH_VENUE(an_execution_of_another_order_is_a_difference_and_reconciled),
        WITH_VENUE(an_execution_at_another_price_is_off_the_book),
        WITH_VENUE(a_replace_counts_what_was_executed_into_the_total),
        WITH_VENUE(a_new_number_goes_to_the_back_and_a_kept_one_stays),
        WITH_VENUE(a_clear_cancels_in_order_of_entry),
        WITH_VENUE(refused_orders_are_not_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

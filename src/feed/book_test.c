/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the book follows each message as ITCH 5.0 means it, refuses what does not fit without a
 * change, and its hash is that of docs/reference/book-proof.md. Method: the short day of that page
 * as messages; a random book kept twice, here and in a plain list. That it equals the engine's book
 * is tested in tests/feed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "feed/book.h"
#include "stream/book_proof.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN_MAX 4000u

static enum status put(struct feed_book *book, const uint8_t *message, size_t count)
{
    return feed_book_apply(book, message, count);
}

static enum status add(struct feed_book *book, uint64_t reference, char side, uint32_t shares,
                       uint32_t price, uint16_t locate)
{
    uint8_t message[ITCH_LENGTH_MAX];
    return put(book, message,
               itch_encode_add_order(&(struct itch_add_order){.header = {.locate = locate},
                                                              .order = reference,
                                                              .side = (uint8_t)side,
                                                              .shares = shares,
                                                              .price = price},
                                     message));
}

static enum status execute(struct feed_book *book, uint64_t reference, uint32_t shares)
{
    uint8_t message[ITCH_LENGTH_MAX];
    return put(book, message,
               itch_encode_order_executed(
                   &(struct itch_order_executed){.order = reference, .shares = shares}, message));
}

static enum status cancel(struct feed_book *book, uint64_t reference, uint32_t shares)
{
    uint8_t message[ITCH_LENGTH_MAX];
    return put(book, message,
               itch_encode_order_cancel(
                   &(struct itch_order_cancel){.order = reference, .shares = shares}, message));
}

static enum status drop(struct feed_book *book, uint64_t reference)
{
    uint8_t message[ITCH_LENGTH_MAX];
    return put(book, message,
               itch_encode_order_delete(&(struct itch_order_delete){.order = reference}, message));
}

static enum status replace(struct feed_book *book, uint64_t reference, uint64_t new_reference,
                           uint32_t shares, uint32_t price)
{
    uint8_t message[ITCH_LENGTH_MAX];
    return put(book, message,
               itch_encode_order_replace(&(struct itch_order_replace){.order = reference,
                                                                      .new_order = new_reference,
                                                                      .shares = shares,
                                                                      .price = price},
                                         message));
}

static int open_book(void **state)
{
    static struct feed_book book;
    assert_int_equal(feed_book_init(&book), STATUS_OK);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    feed_book_deinit(*state);
    return 0;
}

static void the_short_day_of_the_page(void **state)
{
    struct feed_book *book = *state;
    assert_int_equal(add(book, 3, 'B', 100, 1000, 1), STATUS_OK);
    assert_true(book->hash == UINT64_C(0xd165dccde1a92432));
    assert_int_equal(execute(book, 3, 60), STATUS_OK);
    assert_true(book->hash == UINT64_C(0x4b64c915a1625dda));
    assert_int_equal(replace(book, 3, 8, 40, 1001), STATUS_OK);
    assert_true(book->hash == UINT64_C(0x78243ecb356b2dda));
    assert_int_equal(add(book, 10, 'S', 25, 1002, 1), STATUS_OK);
    assert_true(book->hash == UINT64_C(0x6a140e160e45f34f));
    assert_int_equal(cancel(book, 10, 20), STATUS_OK);
    assert_true(book->hash == UINT64_C(0x2a29479605cfd04a));
    assert_int_equal(drop(book, 8), STATUS_OK);
    assert_true(book->hash == UINT64_C(0xb20508cad064a270));
    assert_int_equal(book->count, 1);
    assert_int_equal(book->stocks[1].executions, 1);
    assert_int_equal(book->stocks[1].shares, 60);
    assert_int_equal(book->stocks[1].last_price, 1000);
}

static void what_does_not_fit_changes_nothing(void **state)
{
    struct feed_book *book = *state;
    assert_int_equal(add(book, 3, 'B', 100, 1000, 1), STATUS_OK);
    assert_int_equal(add(book, 4, 'S', 10, 1001, 1), STATUS_OK);
    uint64_t hash = book->hash;
    uint64_t messages = book->messages;
    assert_int_equal(add(book, 3, 'B', 1, 1, 1), STATUS_INVALID); /* there already */
    assert_int_equal(add(book, 0, 'B', 1, 1, 1), STATUS_INVALID); /* no reference */
    assert_int_equal(add(book, 5, 'X', 1, 1, 1), STATUS_INVALID); /* no side */
    assert_int_equal(add(book, 5, 'B', 0, 1, 1), STATUS_INVALID); /* nothing */
    assert_int_equal(execute(book, 3, 101), STATUS_INVALID);      /* more than there is */
    assert_int_equal(execute(book, 3, 0), STATUS_INVALID);
    assert_int_equal(execute(book, 9, 1), STATUS_INVALID); /* unknown */
    assert_int_equal(cancel(book, 3, 101), STATUS_INVALID);
    assert_int_equal(drop(book, 9), STATUS_INVALID);
    assert_int_equal(drop(book, 0), STATUS_INVALID);
    assert_int_equal(replace(book, 9, 10, 1, 1), STATUS_INVALID);
    assert_int_equal(replace(book, 3, 4, 1, 1), STATUS_INVALID); /* the new one is there */
    assert_int_equal(replace(book, 3, 3, 1, 1), STATUS_INVALID);
    assert_int_equal(replace(book, 3, 10, 0, 1), STATUS_INVALID);
    assert_int_equal(put(book, (const uint8_t *)"D123", 4), STATUS_INVALID);
    assert_int_equal(put(book, (const uint8_t *)"", 0), STATUS_INVALID);
    assert_true(book->hash == hash);
    assert_int_equal(book->messages, messages);
    assert_int_equal(book->count, 2);
}

static void halts_are_of_one_or_of_all(void **state)
{
    struct feed_book *book = *state;
    uint8_t message[ITCH_LENGTH_MAX];
    for (uint16_t locate = 1; locate <= 3; locate++) {
        size_t count = itch_encode_stock_directory(
            &(struct itch_stock_directory){.header = {.locate = locate}, .round_lot_size = 100},
            message);
        assert_int_equal(put(book, message, count), STATUS_OK);
    }
    struct itch_trading_action action = {.header = {.locate = 2}, .trading_state = 'H'};
    assert_int_equal(put(book, message, itch_encode_trading_action(&action, message)), STATUS_OK);
    assert_int_equal(book->stocks[1].trading_state, 'T');
    assert_int_equal(book->stocks[2].trading_state, 'H');
    action.header.locate = 0;
    assert_int_equal(put(book, message, itch_encode_trading_action(&action, message)), STATUS_OK);
    assert_int_equal(book->stocks[1].trading_state, 'H');
    assert_int_equal(book->stocks[3].trading_state, 'H');
    assert_int_equal(book->stocks[4].trading_state, 0); /* not listed */
}

static void orders_come_in_book_order(void **state)
{
    struct feed_book *book = *state;
    static const struct {
        uint64_t reference;
        char side;
        uint32_t price;
        uint16_t locate;
    } in[] = {{9, 'S', 12, 1}, {8, 'B', 11, 1}, {7, 'B', 10, 1}, {5, 'B', 11, 1},
              {4, 'S', 13, 1}, {3, 'B', 99, 2}, {2, 'S', 12, 1}};
    static const uint64_t sorted[] = {5, 8, 7, 2, 9, 4, 3};
    for (size_t i = 0; i < ARRAY_COUNT(in); i++) {
        assert_int_equal(add(book, in[i].reference, in[i].side, 1, in[i].price, in[i].locate),
                         STATUS_OK);
    }
    struct feed_order *orders;
    size_t count;
    assert_int_equal(feed_book_sorted(book, 0, &orders, &count), STATUS_OK);
    assert_int_equal(count, ARRAY_COUNT(sorted));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(orders[i].reference, sorted[i]);
    }
    free(orders);
    assert_int_equal(feed_book_sorted(book, 2, &orders, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(orders[0].reference, 3);
    free(orders);
}

static uint64_t sum_of(const struct feed_order *plain, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += book_proof_order(plain[i].reference, plain[i].side == 'B' ? SIDE_BUY : SIDE_SELL,
                                (struct price){plain[i].price}, (struct quantity){plain[i].shares});
    }
    return sum;
}

/* A plain list beside the table, through growth and many removals. */
static void a_random_book(void **state)
{
    struct feed_book *book = *state;
    static struct feed_order plain[PLAIN_MAX];
    size_t count = 0;
    struct prng prng;
    prng_init(&prng, 11);
    for (uint64_t reference = 1; reference <= 30000; reference++) {
        size_t at = count == 0 ? 0 : (size_t)prng_below(&prng, count);
        unsigned dice = (unsigned)prng_below(&prng, 100);
        if (count < 10 || (dice < 55 && count < PLAIN_MAX)) {
            struct feed_order order = {.reference = reference * 977,
                                       .price = (uint32_t)prng_between(&prng, 1, 100),
                                       .shares = (uint32_t)prng_between(&prng, 1, 50),
                                       .locate = 1,
                                       .side = prng_chance(&prng, 1, 2) ? 'B' : 'S'};
            assert_int_equal(add(book, order.reference, order.side, order.shares, order.price, 1),
                             STATUS_OK);
            plain[count++] = order;
        } else if (dice < 80) {
            uint32_t shares = (uint32_t)prng_between(&prng, 1, plain[at].shares);
            assert_int_equal(dice < 70 ? execute(book, plain[at].reference, shares)
                                       : cancel(book, plain[at].reference, shares),
                             STATUS_OK);
            plain[at].shares -= shares;
            plain[at] = plain[at].shares == 0 ? plain[--count] : plain[at];
        } else if (dice < 90) {
            assert_int_equal(drop(book, plain[at].reference), STATUS_OK);
            plain[at] = plain[--count];
        } else {
            plain[at].price = (uint32_t)prng_between(&prng, 1, 100);
            assert_int_equal(replace(book, plain[at].reference, reference * 977, plain[at].shares,
                                     plain[at].price),
                             STATUS_OK);
            plain[at].reference = reference * 977;
        }
        assert_int_equal(book->count, count);
        if (reference % 500 == 0) {
            assert_true(book->hash == sum_of(plain, count));
            for (size_t i = 0; i < count; i++) {
                const struct feed_order *order = feed_book_find(book, plain[i].reference);
                assert_non_null(order);
                assert_int_equal(order->shares, plain[i].shares);
            }
        }
    }
    assert_true(count > 2048); /* the table has grown */
}

int main(void)
{
#define BOOK_TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_short_day_of_the_page),
        BOOK_TEST(what_does_not_fit_changes_nothing),
        BOOK_TEST(halts_are_of_one_or_of_all),
        BOOK_TEST(orders_come_in_book_order),
        BOOK_TEST(a_random_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

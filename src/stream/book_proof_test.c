/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the proof is what docs/reference/book-proof.md says, and an entry that does not fit is
 * refused and changes nothing. Method: the vectors of that page; a random book kept twice, by the
 * fold and in a plain list that is added up anew. That it equals the engine's book is tested in
 * tests/stream.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "stream/book_proof.h"
#include "wire/native/event_codec.h"

#include <string.h>

#define PAIRS_MAX 3000u

static enum status put(struct book_proof *proof, uint64_t event_sequence, uint64_t replaced,
                       enum event_id id, struct event event)
{
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    event.header.id = (uint8_t)id;
    event_header_encode(bytes, (uint8_t)id, 1, event_sequence);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
    struct stream_entry entry = {
        .key = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC},
        .number = book_proof_number(proof) + 1,
        .event_sequence = event_sequence,
        .bytes = bytes,
        .count = (uint32_t)count,
        .replaced_reference = replaced,
    };
    return book_proof_apply(proof, &entry);
}

static enum status put_rested(struct book_proof *proof, uint64_t reference, uint64_t replaced,
                              enum side side, int64_t price, int64_t quantity)
{
    return put(proof, reference, replaced, EVENT_RESTED,
               (struct event){.rested = {.order_id = reference << 16,
                                         .price.units = price,
                                         .quantity.lots = quantity,
                                         .instrument = 1,
                                         .side = side}});
}

static enum status put_reduced(struct book_proof *proof, uint64_t reference, int64_t quantity,
                               int64_t remaining)
{
    return put(proof, 90, 0, EVENT_REDUCED,
               (struct event){.reduced = {.reference = reference,
                                          .quantity.lots = quantity,
                                          .remaining.lots = remaining}});
}

static enum status put_trade(struct book_proof *proof, uint64_t reference, int64_t quantity,
                             int64_t remaining)
{
    return put(proof, 91, 0, EVENT_TRADE,
               (struct event){.trade = {.maker_reference = reference,
                                        .quantity.lots = quantity,
                                        .maker_remaining.lots = remaining}});
}

static enum status put_removed(struct book_proof *proof, uint64_t reference, int64_t quantity)
{
    return put(proof, 92, 0, EVENT_REMOVED,
               (struct event){.removed = {.reference = reference, .quantity.lots = quantity}});
}

static uint64_t order(uint64_t reference, enum side side, int64_t price, int64_t quantity)
{
    return book_proof_order(reference, side, (struct price){price}, (struct quantity){quantity});
}

static void single_orders_are_mixed_as_the_page_says(void **state)
{
    (void)state;
    assert_true(order(1, SIDE_BUY, 1000, 100) == UINT64_C(0x68138094733f9d43));
    assert_true(order(2, SIDE_SELL, 1001, 60) == UINT64_C(0x227f30c639e218e8));
    assert_true(order(3, SIDE_BUY, -5, 1) == UINT64_C(0x8f3d4943bf8fda81));
    assert_true(order((UINT64_C(1) << 48) - 1, SIDE_SELL, INT64_MAX, INT64_MAX) ==
                UINT64_C(0xa1dd898a9ccad290));
}

static void the_short_day_of_the_page(void **state)
{
    (void)state;
    struct book_proof *proof;
    assert_int_equal(book_proof_open(0, &proof), STATUS_OK);
    assert_true(book_proof_hash(proof) == 0);
    assert_int_equal(put_rested(proof, 3, 0, SIDE_BUY, 1000, 100), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0xd165dccde1a92432));
    assert_int_equal(put_trade(proof, 3, 60, 40), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0x4b64c915a1625dda));
    assert_int_equal(put_rested(proof, 8, 3, SIDE_BUY, 1001, 40), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0x78243ecb356b2dda));
    assert_int_equal(put_rested(proof, 10, 0, SIDE_SELL, 1002, 25), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0x6a140e160e45f34f));
    assert_int_equal(put_reduced(proof, 10, 20, 5), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0x2a29479605cfd04a));
    assert_int_equal(put_removed(proof, 8, 40), STATUS_OK);
    assert_true(book_proof_hash(proof) == UINT64_C(0xb20508cad064a270));
    assert_int_equal(put_trade(proof, 10, 5, 0), STATUS_OK);
    assert_true(book_proof_hash(proof) == 0);
    assert_int_equal(book_proof_count(proof), 0);
    assert_int_equal(book_proof_number(proof), 7);
    book_proof_close(proof);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct book_proof *proof;
    assert_int_equal(book_proof_open(0, &proof), STATUS_OK);
    assert_int_equal(put_rested(proof, 3, 0, SIDE_BUY, 1000, 100), STATUS_OK);
    uint64_t hash = book_proof_hash(proof);
    assert_int_equal(put_rested(proof, 3, 0, SIDE_BUY, 1000, 100), STATUS_INVALID);
    assert_int_equal(put_rested(proof, 4, 2, SIDE_BUY, 1000, 100), STATUS_INVALID);
    assert_int_equal(put_rested(proof, 4, 0, SIDE_BUY, 1000, 0), STATUS_INVALID);
    assert_int_equal(put_reduced(proof, 4, 1, 99), STATUS_INVALID);
    assert_int_equal(put_reduced(proof, 3, 1, 98), STATUS_INVALID);
    assert_int_equal(put_reduced(proof, 3, INT64_MIN, 100), STATUS_INVALID);
    assert_int_equal(put_trade(proof, 3, 101, -1), STATUS_INVALID);
    assert_int_equal(put_trade(proof, 0, 1, 1), STATUS_INVALID);
    assert_int_equal(put_removed(proof, 3, 99), STATUS_INVALID);
    uint8_t bytes[EVENT_HEADER_BYTES] = {250};
    struct stream_entry entry = {.key.kind = STREAM_PUBLIC, .number = 2, .bytes = bytes};
    assert_int_equal(book_proof_apply(proof, &entry), STATUS_INVALID);
    assert_true(book_proof_hash(proof) == hash);
    assert_int_equal(book_proof_number(proof), 1);
    /* One left out. */
    uint8_t day[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX] = {0};
    event_header_encode(day, EVENT_DAY_ENDED, 1, 1);
    entry = (struct stream_entry){.key.kind = STREAM_PUBLIC,
                                  .number = 3,
                                  .bytes = day,
                                  .count = EVENT_HEADER_BYTES + EVENT_DAY_ENDED_FIXED_BYTES};
    assert_int_equal(book_proof_apply(proof, &entry), STATUS_INVALID);
    entry.number = 2;
    assert_int_equal(book_proof_apply(proof, &entry), STATUS_OK);
    assert_true(book_proof_hash(proof) == hash);
    book_proof_close(proof);
}

struct plain {
    uint64_t reference;
    enum side side;
    int64_t price;
    int64_t lots;
};

static uint64_t added_up(const struct plain *orders, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += order(orders[i].reference, orders[i].side, orders[i].price, orders[i].lots);
    }
    return sum;
}

static void a_random_book_adds_up(void **state)
{
    (void)state;
    static struct plain orders[PAIRS_MAX];
    size_t count = 0;
    struct prng prng;
    struct book_proof *proof;
    prng_init(&prng, 11);
    assert_int_equal(book_proof_open(0, &proof), STATUS_OK);
    for (uint64_t reference = 1; reference < 20000; reference++) {
        size_t at = count == 0 ? 0 : (size_t)prng_below(&prng, count);
        struct plain fresh = {.reference = reference,
                              .side = prng_chance(&prng, 1, 2) ? SIDE_BUY : SIDE_SELL,
                              .price = prng_between(&prng, -50, 50),
                              .lots = prng_between(&prng, 1, 9)};
        unsigned dice = (unsigned)prng_below(&prng, 10);
        if (count < 2 || (dice < 5 && count < PAIRS_MAX)) {
            assert_int_equal(put_rested(proof, reference, 0, fresh.side, fresh.price, fresh.lots),
                             STATUS_OK);
            orders[count++] = fresh;
        } else if (dice < 7) {
            assert_int_equal(put_rested(proof, reference, orders[at].reference, fresh.side,
                                        fresh.price, fresh.lots),
                             STATUS_OK);
            orders[at] = fresh;
        } else if (dice < 9) {
            int64_t lots = prng_between(&prng, 1, orders[at].lots);
            orders[at].lots -= lots;
            assert_int_equal(put_trade(proof, orders[at].reference, lots, orders[at].lots),
                             STATUS_OK);
            if (orders[at].lots == 0) {
                orders[at] = orders[--count];
            }
        } else {
            assert_int_equal(put_removed(proof, orders[at].reference, orders[at].lots), STATUS_OK);
            orders[at] = orders[--count];
        }
        if (reference % 16 == 0) {
            assert_true(book_proof_hash(proof) == added_up(orders, count));
        }
    }
    assert_true(count > 1000); /* the table has grown */
    assert_int_equal(book_proof_count(proof), count);
    book_proof_close(proof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_orders_are_mixed_as_the_page_says),
        cmocka_unit_test(the_short_day_of_the_page),
        cmocka_unit_test(what_does_not_fit_is_refused_and_changes_nothing),
        cmocka_unit_test(a_random_book_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

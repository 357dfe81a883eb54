/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the visible book made from ITCH messages alone is the engine's after every batch. Method:
 * order flow through importer, sequencer, engine and stream; each public entry becomes a message,
 * the message goes into a book that knows nothing else; after each batch every level of every
 * instrument, the head of each queue, the number of orders and the L3 hash (that of the stream's
 * own fold) are compared. A generated day, and recorded ones where DOJIMA_DATA has them. A book
 * that misses one message must be found out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/book.h"
#include "feed/itch_out.h"
#include "feed/world.h"
#include "stream/book_proof.h"

#include <stdlib.h>

#define LEVELS_MAX 4096u

struct witness {
    struct world world;
    struct itch_out itch;
    struct feed_book book;
    struct book_proof *proof;
    uint64_t number;  /* of the last entry */
    uint64_t miss;    /* the message with this number is not given to the book; 0 = none */
    uint64_t batches; /* compared */
    uint64_t by_letter[256];
};

static bool on_public(void *context, const struct stream_entry *entry)
{
    struct witness *witness = context;
    uint8_t message[ITCH_LENGTH_MAX];
    size_t count = 0;
    assert_int_equal(entry->number, ++witness->number);
    assert_int_equal(itch_out_encode(&witness->itch, entry, message, &count), STATUS_OK);
    assert_int_equal(count, itch_length(message[0]));
    assert_int_equal(book_proof_apply(witness->proof, entry), STATUS_OK);
    witness->by_letter[message[0]]++;
    if (entry->number == witness->miss) {
        return true;
    }
    enum status status = feed_book_apply(&witness->book, message, count);
    assert_true(status == STATUS_OK || witness->miss != 0);
    return true;
}

static bool same_side(const struct witness *witness, uint32_t instrument, enum side side,
                      const struct feed_order **at, const struct feed_order *end)
{
    static struct engine_level levels[LEVELS_MAX];
    struct engine_order head;
    char letter = side == SIDE_BUY ? 'B' : 'S';
    size_t count = engine_levels(witness->world.engine, instrument, side, levels, LEVELS_MAX);
    assert_true(count < LEVELS_MAX);
    bool any = *at < end && (*at)->locate == instrument && (*at)->side == letter;
    if (engine_head(witness->world.engine, instrument, side, &head) != any ||
        (any && ((*at)->reference != head.reference || (*at)->shares != head.remaining.lots))) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t lots = 0;
        uint32_t orders = 0;
        for (; *at < end && (*at)->locate == instrument && (*at)->side == letter &&
               (*at)->price == levels[i].price.units;
             (*at)++) {
            lots += (*at)->shares;
            orders++;
        }
        if (orders != levels[i].orders || lots != levels[i].quantity.lots) {
            return false;
        }
    }
    return true;
}

static bool same_book(const struct witness *witness)
{
    struct feed_order *orders;
    size_t count;
    assert_int_equal(feed_book_sorted(&witness->book, 0, &orders, &count), STATUS_OK);
    const struct feed_order *at = orders;
    bool same = witness->book.hash == book_proof_hash(witness->proof) &&
                count == book_proof_count(witness->proof);
    for (uint32_t i = 1; i <= witness->world.instruments; i++) {
        same = same && same_side(witness, i, SIDE_BUY, &at, orders + count) &&
               same_side(witness, i, SIDE_SELL, &at, orders + count);
    }
    same = same && at == orders + count;
    free(orders);
    return same;
}

/* Number of the first entry after whose batch the books differ; 0 = never. */
static uint64_t follow(struct witness *witness, const char *path, uint64_t seed, uint64_t messages,
                       unsigned batch)
{
    itch_out_init(&witness->itch);
    assert_int_equal(feed_book_init(&witness->book), STATUS_OK);
    assert_int_equal(book_proof_open(0, &witness->proof), STATUS_OK);
    witness->world.on_public = on_public;
    witness->world.context = witness;
    world_open(&witness->world, path, seed, messages);
    uint64_t wrong = 0;
    for (bool more = true; more && wrong == 0;) {
        more = world_step(&witness->world, batch);
        witness->batches++;
        wrong = same_book(witness) ? 0 : witness->number;
    }
    world_close(&witness->world);
    book_proof_close(witness->proof);
    feed_book_deinit(&witness->book);
    itch_out_deinit(&witness->itch);
    return wrong;
}

static void of_a_generated_day(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct witness witness = {0};
        uint64_t wrong = follow(&witness, NULL, seed, 12000, 8);
        print_message("seed %u: %u messages, %u batches\n", (unsigned)seed,
                      (unsigned)witness.number, (unsigned)witness.batches);
        if (wrong != 0) {
            fail_msg("seed %u: the books differ behind message %u", (unsigned)seed,
                     (unsigned)wrong);
        }
        static const char letters[] = "RAUEXD";
        for (const char *letter = letters; *letter != '\0'; letter++) {
            assert_true(witness.by_letter[(uint8_t)*letter] > 0);
        }
    }
}

static void follow_file(const char *name, uint64_t executions_min)
{
    const char *path = world_data(name);
    if (path == NULL) {
        print_message("no DOJIMA_DATA/%s\n", name);
        skip();
    }
    struct witness witness = {0};
    uint64_t wrong = follow(&witness, path, 0, 0, 1);
    print_message("%u messages, %u batches\n", (unsigned)witness.number, (unsigned)witness.batches);
    assert_int_equal(wrong, 0);
    assert_true(witness.by_letter['E'] >= executions_min);
}

static void of_recorded_files(void **state)
{
    (void)state;
    follow_file("lobster/AAPL_2012-06-21_message_first45000.csv", 2000);
    follow_file("lobster/AAPL_2012-06-21_34200000_57600000_message_10.csv", 10);
    follow_file("lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv", 10);
}

static void a_missed_message_is_found_out(void **state)
{
    (void)state;
    for (uint64_t miss = 200; miss < 2200; miss += 100) {
        struct witness witness = {.miss = miss};
        assert_true(follow(&witness, NULL, 1, 4000, 64) >= miss);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_generated_day),
        cmocka_unit_test(of_recorded_files),
        cmocka_unit_test(a_missed_message_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

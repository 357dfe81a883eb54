/* SPDX-License-Identifier: Apache-2.0
 *
 * Any messages into a book: no crash, and after each one the running hash and count are those of
 * the orders that are really there. Each message is a byte of length and its bytes. The whole input
 * is tried as a line of the side channel too, since a listener reads both.
 */
#include "base/assert.h"
#include "feed/book.h"
#include "feed/proof.h"
#include "stream/book_proof.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void look_at(const struct feed_book *book)
{
    struct feed_order *orders;
    size_t count = 0;
    if (feed_book_sorted(book, 0, &orders, &count) != STATUS_OK) {
        return;
    }
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        ASSERT(orders[i].shares > 0);
        ASSERT(feed_book_find(book, orders[i].reference) != NULL);
        hash +=
            book_proof_order(orders[i].reference, orders[i].side == 'B' ? SIDE_BUY : SIDE_SELL,
                             (struct price){orders[i].price}, (struct quantity){orders[i].shares});
    }
    ASSERT(count == book->count && hash == book->hash);
    free(orders);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct feed_proof proof;
    struct feed_book book;
    char line[FEED_PROOF_BYTES_MAX];
    struct text text;
    if (feed_proof_decode((const char *)bytes, count, &proof) == STATUS_OK) {
        text_init(&text, line, sizeof line);
        feed_proof_encode(&proof, &text);
        ASSERT(!text.truncated);
    }
    if (feed_book_init(&book) != STATUS_OK) {
        return 0;
    }
    while (count > 0) {
        size_t length = bytes[0];
        bytes++;
        count--;
        length = length < count ? length : count;
        enum status status = feed_book_apply(&book, bytes, length);
        ASSERT(status == STATUS_OK || status == STATUS_INVALID || status == STATUS_NO_MEMORY);
        look_at(&book);
        bytes += length;
        count -= length;
    }
    feed_book_deinit(&book);
    return 0;
}

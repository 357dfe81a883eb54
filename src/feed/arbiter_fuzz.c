/* SPDX-License-Identifier: Apache-2.0
 *
 * Any packets in any order through the arbiter into a book: no crash, sequences strictly in order,
 * and the count of what is held is the truth. Each packet is two bytes of length and its bytes;
 * a length with the high bit goes over a gap instead, as a snapshot would.
 */
#include "base/assert.h"
#include "feed/arbiter.h"
#include "feed/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

struct reading {
    struct feed_book book;
    uint64_t next;
};

static enum status on_message(void *context, uint64_t sequence, const uint8_t *message,
                              size_t count)
{
    struct reading *reading = context;
    ASSERT(sequence >= reading->next);
    reading->next = sequence + 1;
    enum status status = feed_book_apply(&reading->book, message, count);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

static void look_at_gap(const struct arbiter *arbiter)
{
    uint64_t from;
    uint64_t missing;
    if (arbiter_gap(arbiter, &from, &missing)) {
        ASSERT(from == arbiter->next && missing > 0 && missing <= ARBITER_HELD);
    } else {
        ASSERT(arbiter->held_count == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct arbiter arbiter;
    struct reading reading = {.next = 1};
    if (feed_book_init(&reading.book) != STATUS_OK) {
        return 0;
    }
    if (arbiter_init(&arbiter, 1) != STATUS_OK) {
        feed_book_deinit(&reading.book);
        return 0;
    }
    while (count >= 2) {
        size_t length = bytes_load_be16(bytes);
        bool skip = (length & 0x8000) != 0;
        length &= 0x7fff;
        bytes += 2;
        count -= 2;
        length = length < count ? length : count;
        enum status status =
            skip ? arbiter_skip(&arbiter, arbiter.next + length, on_message, &reading)
                 : arbiter_take(&arbiter, bytes, length, on_message, &reading);
        ASSERT(status == STATUS_OK || status == STATUS_INVALID || status == STATUS_NO_MEMORY);
        look_at_gap(&arbiter);
        bytes += skip ? 0 : length;
        count -= skip ? 0 : length;
    }
    arbiter_deinit(&arbiter);
    feed_book_deinit(&reading.book);
    return 0;
}

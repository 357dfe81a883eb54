/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/generate_book.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define LEVELS_FIRST  8
#define LINEAR_LEVELS 12 /* looked at one by one from the best before the search halves */

enum status generate_book_init(struct generate_book *book, uint32_t instruments, uint32_t capacity)
{
    *book = (struct generate_book){
        .side_count = instruments * 2, .capacity = capacity, .free_first = BOOK_NONE};
    book->orders = calloc(capacity, sizeof *book->orders);
    book->sides = calloc(book->side_count, sizeof *book->sides);
    if (book->orders == NULL || book->sides == NULL) {
        generate_book_deinit(book);
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void generate_book_deinit(struct generate_book *book)
{
    for (uint32_t i = 0; book->sides != NULL && i < book->side_count; i++) {
        free(book->sides[i].levels);
    }
    free(book->sides);
    free(book->orders);
    *book = (struct generate_book){0};
}

uint32_t generate_book_best(const struct generate_book *book, uint32_t side)
{
    const struct generate_side *of = &book->sides[side];
    return of->count > 0 ? of->levels[of->count - 1].ticks : 0;
}

uint32_t generate_book_head(const struct generate_book *book, uint32_t side)
{
    const struct generate_side *of = &book->sides[side];
    return of->count > 0 ? of->levels[of->count - 1].head : BOOK_NONE;
}

/* True if `a` comes before `b` in the array: further from the touch. */
static bool worse(uint32_t side, uint32_t a, uint32_t b)
{
    return (side & 1) != 0 ? a > b : a < b;
}

/* Index of the first level that is not worse than `ticks`. */
static uint32_t find_level(const struct generate_side *of, uint32_t side, uint32_t ticks)
{
    uint32_t high = of->count;
    for (uint32_t looked = 0; looked < LINEAR_LEVELS && high > 0; looked++, high--) {
        if (worse(side, of->levels[high - 1].ticks, ticks)) {
            return high;
        }
    }
    uint32_t low = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (worse(side, of->levels[middle].ticks, ticks)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum status insert_level(struct generate_side *of, uint32_t at, uint32_t ticks)
{
    if (of->count == of->capacity) {
        uint32_t capacity = of->capacity == 0 ? LEVELS_FIRST : of->capacity * 2;
        struct generate_level *levels = realloc(of->levels, capacity * sizeof *levels);
        if (levels == NULL) {
            return STATUS_NO_MEMORY;
        }
        of->levels = levels;
        of->capacity = capacity;
    }
    memmove(&of->levels[at + 1], &of->levels[at], (of->count - at) * sizeof *of->levels);
    of->levels[at] = (struct generate_level){ticks, BOOK_NONE, BOOK_NONE};
    of->count++;
    return STATUS_OK;
}

static uint32_t take_slot(struct generate_book *book)
{
    uint32_t slot = book->free_first;
    if (slot != BOOK_NONE) {
        book->free_first = book->orders[slot].next;
    } else {
        ASSERT(book->high_water < book->capacity);
        slot = book->high_water++;
    }
    book->live++;
    return slot;
}

enum status generate_book_insert(struct generate_book *book, const struct generate_order *order)
{
    struct generate_side *of = &book->sides[order->side];
    uint32_t at = find_level(of, order->side, order->ticks);
    if (at == of->count || of->levels[at].ticks != order->ticks) {
        enum status status = insert_level(of, at, order->ticks);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct generate_level *level = &of->levels[at];
    uint32_t slot = take_slot(book);
    struct generate_order *placed = &book->orders[slot];
    *placed = *order;
    placed->previous = level->tail;
    placed->next = BOOK_NONE;
    if (level->tail != BOOK_NONE) {
        book->orders[level->tail].next = slot;
    } else {
        level->head = slot;
    }
    level->tail = slot;
    return STATUS_OK;
}

/* The level is looked for only when the order stands at an end of its queue. */
static void unlink_end(struct generate_book *book, const struct generate_order *order)
{
    struct generate_side *of = &book->sides[order->side];
    uint32_t at = find_level(of, order->side, order->ticks);
    ASSERT(at < of->count && of->levels[at].ticks == order->ticks);
    struct generate_level *level = &of->levels[at];
    if (order->previous == BOOK_NONE) {
        level->head = order->next;
    }
    if (order->next == BOOK_NONE) {
        level->tail = order->previous;
    }
    if (level->head == BOOK_NONE) {
        memmove(level, level + 1, (of->count - at - 1) * sizeof *level);
        of->count--;
    }
}

void generate_book_remove(struct generate_book *book, uint32_t slot)
{
    struct generate_order *order = &book->orders[slot];
    ASSERT(order->quantity > 0);
    if (order->previous != BOOK_NONE) {
        book->orders[order->previous].next = order->next;
    }
    if (order->next != BOOK_NONE) {
        book->orders[order->next].previous = order->previous;
    }
    if (order->previous == BOOK_NONE || order->next == BOOK_NONE) {
        unlink_end(book, order);
    }
    order->quantity = 0;
    order->next = book->free_first;
    book->free_first = slot;
    book->live--;
}

/* Slots are drawn among all ever used, and again when one is free: few are, since free slots are
 * used first. Each draw is made BOOK_LOOKAHEAD picks early and its order and neighbours fetched
 * meanwhile. */
uint32_t generate_book_pick(struct generate_book *book, struct prng *prng)
{
    ASSERT(book->live > 0);
    for (;;) {
        uint32_t at = book->pick_at++ % BOOK_LOOKAHEAD;
        uint32_t slot = book->picks[at];
        uint32_t later = (uint32_t)prng_below(prng, book->high_water);
        book->picks[at] = later;
        PREFETCH_WRITE(&book->orders[later]);
        const struct generate_order *half_way =
            &book->orders[book->picks[(at + BOOK_LOOKAHEAD / 2) % BOOK_LOOKAHEAD]];
        if (half_way->quantity > 0) {
            const struct generate_side *of = &book->sides[half_way->side];
            PREFETCH_WRITE(&book->orders[half_way->next != BOOK_NONE ? half_way->next : 0]);
            PREFETCH_WRITE(&book->orders[half_way->previous != BOOK_NONE ? half_way->previous : 0]);
            PREFETCH_WRITE(&of->levels[of->count - 1]);
        }
        if (book->orders[slot].quantity > 0) {
            return slot;
        }
    }
}

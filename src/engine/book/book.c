/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/book/book.h"

#include "base/assert.h"

void book_pool_init(struct book_pool *pool, struct arena *arena, uint32_t max_orders,
                    uint32_t max_levels, uint32_t max_instruments)
{
    uint32_t order_slots = max_orders + 1;
    *pool = (struct book_pool){
        .max_orders = max_orders, .max_levels = max_levels, .max_instruments = max_instruments};
    book_unmark(pool, BOOK_MARK_DAY);
    book_unmark(pool, BOOK_MARK_MASS_CANCEL);
    pool->orders = arena_take(arena, order_slots, sizeof *pool->orders);
    pool->cold = arena_take(arena, order_slots, sizeof *pool->cold);
    pool->levels = arena_take(arena, max_levels, sizeof *pool->levels);
    pool->books = arena_take(arena, max_instruments, sizeof *pool->books);
    ladder_init(&pool->ladder, arena, max_levels, max_instruments * 2);
    if (pool->orders == NULL) {
        return;
    }
    for (uint32_t i = 0; i < order_slots; i++) {
        pool->orders[i].next = i + 1 < order_slots ? i + 1 : POOL_NONE;
    }
    for (uint32_t i = 0; i < max_levels; i++) {
        pool->levels[i].head = i + 1 < max_levels ? i + 1 : POOL_NONE;
    }
    for (uint32_t i = 0; i < max_instruments; i++) {
        ladder_side_init(&pool->books[i].sides[0]);
        ladder_side_init(&pool->books[i].sides[1]);
    }
}

uint32_t book_order_take(struct book_pool *pool)
{
    uint32_t index = pool->free_order;
    ASSERT(index != POOL_NONE);
    uint32_t next = pool->orders[index].next;
    pool->free_order = next;
    if (next != POOL_NONE) { /* given back long ago, most likely: bring it near for the next */
        PREFETCH_WRITE(&pool->orders[next]);
        PREFETCH_WRITE(&pool->cold[next]);
    }
    pool->order_count++;
    if (index >= pool->order_peak) {
        pool->order_peak = index + 1;
    }
    return index;
}

void book_order_give(struct book_pool *pool, uint32_t index)
{
    pool->orders[index].live = 0;
    pool->orders[index].next = pool->free_order;
    pool->free_order = index;
    pool->order_count--;
}

static uint32_t level_take(struct book_pool *pool, uint32_t instrument, enum side side,
                           int64_t price_units)
{
    uint32_t index = pool->free_level;
    ASSERT(index != POOL_NONE);
    struct level *level = &pool->levels[index];
    pool->free_level = level->head;
    pool->level_count++;
    if (index >= pool->level_peak) {
        pool->level_peak = index + 1;
    }
    *level = (struct level){.price_units = price_units,
                            .head = POOL_NONE,
                            .tail = POOL_NONE,
                            .book_side = instrument << 1 | (side == SIDE_SELL ? 1u : 0u)};
    return index;
}

static void level_give(struct book_pool *pool, uint32_t index)
{
    pool->levels[index].head = pool->free_level;
    pool->free_level = index;
    pool->level_count--;
}

void book_rest(struct book_pool *pool, uint32_t instrument, enum side side, int64_t price_units,
               uint32_t index)
{
    struct ladder_side *ladder_side = book_side(pool, instrument, side);
    int64_t rank = ladder_rank(side, price_units);
    struct ladder_place place = ladder_seek(&pool->ladder, ladder_side, rank);
    uint32_t level_index = place.level;
    if (level_index == POOL_NONE) {
        level_index = level_take(pool, instrument, side, price_units);
        ladder_insert(&pool->ladder, ladder_side, place, rank, level_index);
    }
    struct level *level = &pool->levels[level_index];
    struct order *order = &pool->orders[index];
    order->level = level_index;
    order->live = 1;
    order->next = POOL_NONE;
    order->previous = level->tail;
    if (level->tail == POOL_NONE) {
        level->head = index;
    } else {
        pool->orders[level->tail].next = index;
    }
    level->tail = index;
    level->total_lots += order->remaining_lots;
    level->order_count++;
}

static COLD void marks_move(struct book_pool *pool, uint32_t index)
{
    const struct order *order = &pool->orders[index];
    for (enum book_mark_of of = 0; of < BOOK_MARKS; of++) {
        if (pool->marks[of].order != index || pool->marks[of].reference != order->reference) {
            continue; /* or another order has the slot by now */
        }
        if (order->previous == POOL_NONE) {
            book_unmark(pool, of);
        } else {
            book_mark(pool, of, order->previous);
        }
    }
}

void book_remove(struct book_pool *pool, uint32_t index)
{
    struct order *order = &pool->orders[index];
    struct level *level = &pool->levels[order->level];
    ASSERT(order->live == 1);
    if (UNLIKELY(index == pool->marks[BOOK_MARK_DAY].order ||
                 index == pool->marks[BOOK_MARK_MASS_CANCEL].order)) {
        marks_move(pool, index);
    }
    order->live = 0;
    level->total_lots -= order->remaining_lots;
    level->order_count--;
    if (level->order_count == 0) {
        enum side side = level_side(level);
        ladder_remove(&pool->ladder, book_side(pool, level_instrument(level), side),
                      ladder_rank(side, level->price_units));
        level_give(pool, order->level);
        return;
    }
    if (order->previous == POOL_NONE) {
        level->head = order->next;
    } else {
        pool->orders[order->previous].next = order->next;
    }
    if (order->next == POOL_NONE) {
        level->tail = order->previous;
    } else {
        pool->orders[order->next].previous = order->previous;
    }
}

void book_drop_best(struct book_pool *pool, struct ladder_side *side)
{
    uint32_t level_index = side->best_level;
    ladder_remove(&pool->ladder, side, side->best_rank);
    level_give(pool, level_index);
}

static void level_check(const struct book_pool *pool, uint32_t level_index)
{
    const struct level *level = &pool->levels[level_index];
    int64_t lots = 0;
    uint32_t count = 0;
    uint32_t previous = POOL_NONE;
    for (uint32_t i = level->head; i != POOL_NONE; i = pool->orders[i].next) {
        const struct order *order = &pool->orders[i];
        ASSERT(order->live == 1 && order->level == level_index && order->previous == previous);
        ASSERT(order->remaining_lots > 0 && order->remaining_lots <= order->total_lots);
        ASSERT(previous == POOL_NONE || pool->orders[previous].reference < order->reference);
        lots += order->remaining_lots;
        count++;
        previous = i;
    }
    ASSERT(level->tail == previous && level->total_lots == lots && level->order_count == count);
    ASSERT(count > 0);
}

void book_check(const struct book_pool *pool, uint32_t instrument)
{
    const struct book *book = &pool->books[instrument - 1];
    for (unsigned s = 0; s < 2; s++) {
        ladder_check(&pool->ladder, &book->sides[s]);
        struct ladder_cursor cursor = ladder_first(&pool->ladder, &book->sides[s]);
        for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
            level_check(pool, cursor.level);
            ASSERT(pool->levels[cursor.level].book_side == (instrument << 1 | s));
        }
    }
    if (book->sides[0].best_level != POOL_NONE && book->sides[1].best_level != POOL_NONE) {
        ASSERT(book->sides[0].best_rank < ~book->sides[1].best_rank); /* not crossed */
    }
}

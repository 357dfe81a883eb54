/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/book_walk.h"

#include "base/assert.h"

struct book_place book_walk_begin(uint32_t instrument)
{
    return (struct book_place){.instrument = instrument, .side = SIDE_BUY};
}

static uint32_t level_head(const struct book_pool *pool, uint32_t level)
{
    return level == POOL_NONE ? POOL_NONE : pool->levels[level].head;
}

/* The first order of the level behind the place of the walk; it stands at the mark or at the head,
 * so this takes one step (book_walk_check). */
static uint32_t behind_place(const struct book_pool *pool, enum book_mark_of mark, uint32_t level,
                             uint64_t reference)
{
    uint32_t index = book_marked(pool, mark);
    if (index != POOL_NONE) {
        return pool->orders[index].next;
    }
    index = level_head(pool, level);
    while (index != POOL_NONE && pool->orders[index].reference <= reference) {
        index = pool->orders[index].next;
    }
    return index;
}

/* The next order of the side on which the walk stands, or POOL_NONE. */
static uint32_t next_on_side(const struct book_pool *pool, enum book_mark_of mark,
                             const struct book_place *place)
{
    const struct ladder_side *side = book_side(pool, place->instrument, place->side);
    if (place->reference == 0) {
        return level_head(pool, side->best_level);
    }
    int64_t rank = ladder_rank(place->side, place->price_units);
    uint32_t level = ladder_find(&pool->ladder, side, rank);
    if (level != POOL_NONE) {
        uint32_t index = behind_place(pool, mark, level, place->reference);
        if (index != POOL_NONE) {
            return index;
        }
    }
    return level_head(pool, ladder_below(&pool->ladder, side, rank));
}

/* The level below is found by rank, as a removal may reshape the ladder. */
bool book_walk_side(struct apply *apply, struct book_walk *walk)
{
    struct book_place *place = walk->place;
    struct book_pool *pool = &apply->engine->pool;
    const struct ladder_side *side = book_side(pool, place->instrument, place->side);
    uint32_t index = next_on_side(pool, walk->mark, place);
    while (index != POOL_NONE) {
        const struct order *order = &pool->orders[index];
        bool leaves = walk->leaves(apply->engine, index, walk->context);
        if (walk->looks_left == 0 || (leaves && apply->events->count >= walk->event_count_max)) {
            return false;
        }
        walk->looks_left--;
        place->price_units = book_order_level(pool, order)->price_units;
        place->reference = order->reference;
        book_mark(pool, walk->mark, index);
        uint32_t next = order->next; /* read before the slot is given back */
        if (leaves) {
            remove_order(apply, index, walk->reason);
            ++*walk->gone;
        }
        if (next == POOL_NONE) {
            int64_t rank = ladder_rank(place->side, place->price_units);
            next = level_head(pool, ladder_below(&pool->ladder, side, rank));
        }
        index = next;
    }
    return true;
}

void book_walk_next_side(struct engine *engine, enum book_mark_of mark, struct book_place *place)
{
    place->instrument += place->side == SIDE_SELL ? 1 : 0;
    place->side = side_opposite(place->side);
    place->price_units = 0;
    place->reference = 0;
    book_unmark(&engine->pool, mark);
}

void book_walk_check(const struct engine *engine, enum book_mark_of mark,
                     const struct book_place *place)
{
    const struct book_pool *pool = &engine->pool;
    uint32_t marked = book_marked(pool, mark);
    if (place->reference == 0) {
        ASSERT(marked == POOL_NONE);
        return;
    }
    ASSERT(place->instrument >= 1 && place->instrument <= pool->max_instruments);
    uint32_t level = ladder_find(&pool->ladder, book_side(pool, place->instrument, place->side),
                                 ladder_rank(place->side, place->price_units));
    uint32_t behind = level_head(pool, level);
    if (marked != POOL_NONE) {
        ASSERT(pool->orders[marked].level == level);
        ASSERT(pool->orders[marked].reference <= place->reference);
        behind = pool->orders[marked].next;
    }
    ASSERT(behind == POOL_NONE || pool->orders[behind].reference > place->reference);
}

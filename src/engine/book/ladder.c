/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/book/ladder.h"

#include "base/assert.h"

#include <string.h>

#define HEIGHT_MAX 16
/* Two neighbours are merged when together they fill at most this many places: below a full node, so
 * that a merge is not undone by the next insert. */
#define MERGE_COUNT (LADDER_FANOUT - 4)

struct path {
    uint32_t node[HEIGHT_MAX];
    uint32_t place[HEIGHT_MAX]; /* which child was taken */
};

void ladder_init(struct ladder *ladder, struct arena *arena, uint32_t max_levels,
                 uint32_t side_count)
{
    /* Neighbours under one parent hold more than MERGE_COUNT together, so a leaf holds 6 on
     * average; inner nodes add less than a fifth. Each side may have one leaf of its own that is
     * short. */
    size_t count = (size_t)max_levels / 3 + (size_t)side_count + 2u * HEIGHT_MAX;
    if (count > max_levels + (size_t)HEIGHT_MAX) {
        count = max_levels + (size_t)HEIGHT_MAX;
    }
    ladder->nodes = arena_take(arena, count, sizeof *ladder->nodes);
    ladder->node_count = 0;
    ladder->node_peak = 0;
    ladder->free = 0;
    if (ladder->nodes == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ladder->nodes[i].below = i + 1 < count ? (uint32_t)(i + 1) : POOL_NONE;
    }
}

static uint32_t node_take(struct ladder *ladder, bool leaf)
{
    uint32_t index = ladder->free;
    ASSERT(index != POOL_NONE);
    struct ladder_node *node = &ladder->nodes[index];
    ladder->free = node->below;
    ladder->node_count++;
    if (index >= ladder->node_peak) {
        ladder->node_peak = index + 1;
    }
    for (unsigned i = 0; i < LADDER_FANOUT; i++) {
        node->ranks[i] = INT64_MAX;
    }
    node->count = 0;
    node->below = POOL_NONE;
    node->above = POOL_NONE;
    node->leaf = leaf ? 1 : 0;
    return index;
}

static void node_give(struct ladder *ladder, uint32_t index)
{
    ladder->nodes[index].below = ladder->free;
    ladder->free = index;
    ladder->node_count--;
}

/* How many ranks are below `rank`: no branch a row, two compares an instruction. */
static ALWAYS_INLINE uint32_t count_below(const struct ladder_node *node, int64_t rank)
{
    int64_t below = 0;
    for (unsigned i = 0; i < LADDER_FANOUT; i++) {
        below += node->ranks[i] < rank;
    }
    return (uint32_t)below;
}

/* The child whose range holds `rank`: the last whose lowest rank is not above it, or the first. */
static ALWAYS_INLINE uint32_t child_place(const struct ladder_node *node, int64_t rank)
{
    int64_t not_above = 0;
    for (unsigned i = 0; i < LADDER_FANOUT; i++) {
        not_above += node->ranks[i] <= rank;
    }
    uint32_t place = (uint32_t)not_above;
    place = place > node->count ? node->count : place; /* rank INT64_MAX meets the fillers */
    return place == 0 ? 0 : place - 1;
}

static ALWAYS_INLINE bool in_best_leaf(const struct ladder *ladder, const struct ladder_side *side,
                                       int64_t rank)
{
    return rank >= ladder->nodes[side->best_leaf].ranks[0];
}

static uint32_t descend(const struct ladder *ladder, const struct ladder_side *side, int64_t rank,
                        struct path *path)
{
    uint32_t index = side->root;
    for (uint32_t depth = 0; depth < side->height; depth++) {
        const struct ladder_node *node = &ladder->nodes[index];
        uint32_t place = child_place(node, rank);
        path->node[depth] = index;
        path->place[depth] = place;
        index = node->children[place];
    }
    path->node[side->height] = index;
    return index;
}

struct ladder_place ladder_seek(const struct ladder *ladder, const struct ladder_side *side,
                                int64_t rank)
{
    struct ladder_place found = {.leaf = side->best_leaf, .level = POOL_NONE};
    if (side->best_level == POOL_NONE) {
        return found;
    }
    if (UNLIKELY(!in_best_leaf(ladder, side, rank))) {
        struct path path;
        found.leaf = descend(ladder, side, rank, &path);
    }
    const struct ladder_node *leaf = &ladder->nodes[found.leaf];
    found.place = count_below(leaf, rank);
    if (found.place < leaf->count && leaf->ranks[found.place] == rank) {
        found.level = leaf->children[found.place];
    }
    return found;
}

static void node_open_place(struct ladder_node *node, uint32_t place, int64_t rank, uint32_t child)
{
    uint32_t behind = node->count - place;
    memmove(&node->ranks[place + 1], &node->ranks[place], behind * sizeof node->ranks[0]);
    memmove(&node->children[place + 1], &node->children[place], behind * sizeof node->children[0]);
    node->ranks[place] = rank;
    node->children[place] = child;
    node->count++;
}

static void node_close_place(struct ladder_node *node, uint32_t place)
{
    uint32_t behind = node->count - place - 1;
    memmove(&node->ranks[place], &node->ranks[place + 1], behind * sizeof node->ranks[0]);
    memmove(&node->children[place], &node->children[place + 1], behind * sizeof node->children[0]);
    node->count--;
    node->ranks[node->count] = INT64_MAX;
}

/* Moves the upper half of a full node to a new one above it. */
static uint32_t node_split(struct ladder *ladder, struct ladder_side *side, uint32_t index)
{
    uint32_t upper_index = node_take(ladder, ladder->nodes[index].leaf != 0);
    struct ladder_node *node = &ladder->nodes[index];
    struct ladder_node *upper = &ladder->nodes[upper_index];
    uint32_t half = LADDER_FANOUT / 2;
    memcpy(upper->ranks, &node->ranks[half], half * sizeof node->ranks[0]);
    memcpy(upper->children, &node->children[half], half * sizeof node->children[0]);
    upper->count = half;
    node->count = half;
    for (uint32_t i = half; i < LADDER_FANOUT; i++) {
        node->ranks[i] = INT64_MAX;
    }
    if (node->leaf != 0) {
        upper->below = index;
        upper->above = node->above;
        if (node->above != POOL_NONE) {
            ladder->nodes[node->above].below = upper_index;
        } else {
            side->best_leaf = upper_index;
        }
        node->above = upper_index;
    }
    return upper_index;
}

static void grow_root(struct ladder *ladder, struct ladder_side *side, uint32_t lower,
                      uint32_t upper)
{
    uint32_t root = node_take(ladder, false);
    struct ladder_node *node = &ladder->nodes[root];
    node_open_place(node, 0, ladder->nodes[lower].ranks[0], lower);
    node_open_place(node, 1, ladder->nodes[upper].ranks[0], upper);
    side->root = root;
    side->height++;
    ASSERT(side->height < HEIGHT_MAX);
}

/* Splits the full leaf at the end of `path`, and every full node above it. */
static void split_upwards(struct ladder *ladder, struct ladder_side *side, struct path *path)
{
    uint32_t depth = side->height;
    uint32_t lower = path->node[depth];
    uint32_t upper = node_split(ladder, side, lower);
    while (depth > 0) {
        depth--;
        uint32_t parent_index = path->node[depth];
        uint32_t place = path->place[depth];
        uint32_t parent_upper = POOL_NONE;
        if (ladder->nodes[parent_index].count == LADDER_FANOUT) {
            parent_upper = node_split(ladder, side, parent_index);
            if (place >= LADDER_FANOUT / 2) {
                place -= LADDER_FANOUT / 2;
                parent_index = parent_upper;
            }
        }
        node_open_place(&ladder->nodes[parent_index], place + 1, ladder->nodes[upper].ranks[0],
                        upper);
        if (parent_upper == POOL_NONE) {
            return;
        }
        lower = path->node[depth];
        upper = parent_upper;
    }
    grow_root(ladder, side, lower, upper);
}

static void insert_first(struct ladder *ladder, struct ladder_side *side, int64_t rank,
                         uint32_t level)
{
    uint32_t index = node_take(ladder, true);
    node_open_place(&ladder->nodes[index], 0, rank, level);
    side->root = index;
    side->height = 0;
    side->best_leaf = index;
    side->best_rank = rank;
    side->best_level = level;
}

/* The leaf is full, or the rank is below all of a worst leaf, whose bounds above must follow. */
static struct ladder_place make_place(struct ladder *ladder, struct ladder_side *side, int64_t rank)
{
    struct path path;
    uint32_t index = descend(ladder, side, rank, &path);
    if (ladder->nodes[index].count == LADDER_FANOUT) {
        split_upwards(ladder, side, &path);
        index = descend(ladder, side, rank, &path);
    }
    if (rank < ladder->nodes[index].ranks[0]) {
        for (uint32_t depth = 0; depth < side->height; depth++) {
            ladder->nodes[path.node[depth]].ranks[path.place[depth]] = rank;
        }
    }
    return (struct ladder_place){.leaf = index, .place = count_below(&ladder->nodes[index], rank)};
}

void ladder_insert(struct ladder *ladder, struct ladder_side *side, struct ladder_place place,
                   int64_t rank, uint32_t level)
{
    side->level_count++;
    if (place.leaf == POOL_NONE) {
        insert_first(ladder, side, rank, level);
        return;
    }
    if (UNLIKELY(ladder->nodes[place.leaf].count == LADDER_FANOUT || place.place == 0)) {
        place = make_place(ladder, side, rank);
    }
    node_open_place(&ladder->nodes[place.leaf], place.place, rank, level);
    if (rank > side->best_rank) {
        side->best_rank = rank;
        side->best_level = level;
    }
}

static void unlink_leaf(struct ladder *ladder, struct ladder_side *side, uint32_t index)
{
    const struct ladder_node *leaf = &ladder->nodes[index];
    if (leaf->above != POOL_NONE) {
        ladder->nodes[leaf->above].below = leaf->below;
    } else {
        side->best_leaf = leaf->below;
    }
    if (leaf->below != POOL_NONE) {
        ladder->nodes[leaf->below].above = leaf->above;
    }
}

/* Appends all of `upper` to `lower`, its neighbour below, and frees it. */
static void merge(struct ladder *ladder, struct ladder_side *side, uint32_t lower_index,
                  uint32_t upper_index)
{
    struct ladder_node *lower = &ladder->nodes[lower_index];
    const struct ladder_node *upper = &ladder->nodes[upper_index];
    memcpy(&lower->ranks[lower->count], upper->ranks, upper->count * sizeof upper->ranks[0]);
    memcpy(&lower->children[lower->count], upper->children,
           upper->count * sizeof upper->children[0]);
    lower->count += upper->count;
    if (upper->leaf != 0) {
        unlink_leaf(ladder, side, upper_index);
    }
    node_give(ladder, upper_index);
}

/* After a removal: drops an empty node from its parent, or merges it with a neighbour, upwards. */
static void shrink_upwards(struct ladder *ladder, struct ladder_side *side, struct path *path)
{
    for (uint32_t depth = side->height; depth > 0; depth--) {
        uint32_t index = path->node[depth];
        struct ladder_node *parent = &ladder->nodes[path->node[depth - 1]];
        uint32_t place = path->place[depth - 1];
        uint32_t count = ladder->nodes[index].count;
        if (count == 0) {
            if (ladder->nodes[index].leaf != 0) {
                unlink_leaf(ladder, side, index);
            }
            node_give(ladder, index);
            node_close_place(parent, place);
            continue;
        }
        parent->ranks[place] = ladder->nodes[index].ranks[0];
        if (count > MERGE_COUNT / 2) {
            continue;
        }
        if (place + 1 < parent->count &&
            count + ladder->nodes[parent->children[place + 1]].count <= MERGE_COUNT) {
            merge(ladder, side, index, parent->children[place + 1]);
            node_close_place(parent, place + 1);
        } else if (place > 0 &&
                   count + ladder->nodes[parent->children[place - 1]].count <= MERGE_COUNT) {
            merge(ladder, side, parent->children[place - 1], index);
            node_close_place(parent, place);
        }
    }
    while (side->height > 0 && ladder->nodes[side->root].count == 1) {
        uint32_t root = side->root;
        side->root = ladder->nodes[root].children[0];
        side->height--;
        node_give(ladder, root);
    }
}

static void set_best(struct ladder *ladder, struct ladder_side *side)
{
    const struct ladder_node *leaf = &ladder->nodes[side->best_leaf];
    side->best_rank = leaf->ranks[leaf->count - 1];
    side->best_level = leaf->children[leaf->count - 1];
}

void ladder_remove(struct ladder *ladder, struct ladder_side *side, int64_t rank)
{
    side->level_count--;
    if (side->level_count == 0) {
        node_give(ladder, side->root);
        ladder_side_init(side);
        return;
    }
    /* In the finger leaf, with enough left: no descent, nothing above changes. */
    struct ladder_node *leaf = &ladder->nodes[side->best_leaf];
    if (in_best_leaf(ladder, side, rank) && (leaf->count > MERGE_COUNT / 2 || side->height == 0) &&
        (side->height == 0 || rank != leaf->ranks[0])) {
        node_close_place(leaf, count_below(leaf, rank));
    } else {
        struct path path;
        uint32_t index = descend(ladder, side, rank, &path);
        struct ladder_node *node = &ladder->nodes[index];
        uint32_t place = count_below(node, rank);
        ASSERT(place < node->count && node->ranks[place] == rank);
        node_close_place(node, place);
        shrink_upwards(ladder, side, &path);
    }
    if (rank == side->best_rank) {
        set_best(ladder, side);
    }
}

struct ladder_cursor ladder_first(const struct ladder *ladder, const struct ladder_side *side)
{
    if (side->best_level == POOL_NONE) {
        return (struct ladder_cursor){.level = POOL_NONE};
    }
    return (struct ladder_cursor){.leaf = side->best_leaf,
                                  .place = ladder->nodes[side->best_leaf].count - 1,
                                  .level = side->best_level};
}

void ladder_next(const struct ladder *ladder, struct ladder_cursor *cursor)
{
    const struct ladder_node *leaf = &ladder->nodes[cursor->leaf];
    if (cursor->place > 0) {
        cursor->place--;
    } else {
        cursor->leaf = leaf->below;
        if (cursor->leaf == POOL_NONE) {
            cursor->level = POOL_NONE;
            return;
        }
        leaf = &ladder->nodes[cursor->leaf];
        cursor->place = leaf->count - 1;
    }
    cursor->level = leaf->children[cursor->place];
}

uint32_t ladder_below(const struct ladder *ladder, const struct ladder_side *side, int64_t rank)
{
    if (side->best_level == POOL_NONE) {
        return POOL_NONE;
    }
    struct path path;
    const struct ladder_node *leaf = &ladder->nodes[descend(ladder, side, rank, &path)];
    uint32_t place = count_below(leaf, rank);
    if (place > 0) {
        return leaf->children[place - 1];
    }
    if (leaf->below == POOL_NONE) {
        return POOL_NONE;
    }
    leaf = &ladder->nodes[leaf->below];
    return leaf->children[leaf->count - 1];
}

/* Recursion of a check, never of the order path, no deeper than HEIGHT_MAX. */
// NOLINTNEXTLINE(misc-no-recursion)
static uint32_t check_node(const struct ladder *ladder, uint32_t index, uint32_t height,
                           int64_t lowest, int64_t highest)
{
    const struct ladder_node *node = &ladder->nodes[index];
    ASSERT(node->count > 0 && node->count <= LADDER_FANOUT);
    ASSERT((node->leaf != 0) == (height == 0));
    uint32_t levels = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        ASSERT(node->ranks[i] >= lowest && node->ranks[i] <= highest);
        ASSERT(i == 0 || node->ranks[i - 1] < node->ranks[i]);
        if (height > 0) {
            int64_t top = i + 1 < node->count ? node->ranks[i + 1] - 1 : highest;
            levels += check_node(ladder, node->children[i], height - 1, node->ranks[i], top);
        }
    }
    for (uint32_t i = node->count; i < LADDER_FANOUT; i++) {
        ASSERT(node->ranks[i] == INT64_MAX);
    }
    return height == 0 ? node->count : levels;
}

void ladder_check(const struct ladder *ladder, const struct ladder_side *side)
{
    if (side->best_level == POOL_NONE) {
        ASSERT(side->level_count == 0 && side->root == POOL_NONE);
        return;
    }
    ASSERT(check_node(ladder, side->root, side->height, INT64_MIN, INT64_MAX) == side->level_count);
    const struct ladder_node *leaf = &ladder->nodes[side->best_leaf];
    ASSERT(leaf->above == POOL_NONE);
    ASSERT(side->best_rank == leaf->ranks[leaf->count - 1]);
    ASSERT(side->best_level == leaf->children[leaf->count - 1]);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Read-only questions to the engine, its invariant check and its prefetch.
 */
#include "base/assert.h"
#include "engine/state.h"

#define GUESSES_MAX 8u /* name slots in a cache line */

uint64_t engine_command_sequence(const struct engine *engine)
{
    return engine->command_sequence;
}

uint64_t engine_event_sequence(const struct engine *engine)
{
    return engine->event_sequence;
}

uint64_t engine_time_ns(const struct engine *engine)
{
    return engine->time_ns;
}

unsigned engine_logic(const struct engine *engine)
{
    return engine->logic;
}

bool engine_knows_asset(const struct engine *engine, uint32_t asset)
{
    return reference_find_asset(&engine->reference, asset) != NULL;
}

bool engine_knows_account(const struct engine *engine, uint64_t account)
{
    return accounts_find(&engine->accounts, account) != NULL;
}

const struct command_list_instrument *engine_instrument(const struct engine *engine,
                                                        uint32_t instrument)
{
    return reference_find(&engine->reference, instrument);
}

uint32_t engine_day_ended(const struct engine *engine)
{
    return engine->day.last_ended;
}

uint64_t engine_next_due_ns(const struct engine *engine)
{
    uint64_t look_ns = engine->sessions.look_ns;
    uint64_t timer_ns = engine->timers.count > 0 ? engine->timers.heap[0].due_ns : UINT64_MAX;
    return look_ns < timer_ns ? look_ns : timer_ns;
}

void engine_count(const struct engine *engine, struct engine_counts *out_counts)
{
    const struct book_pool *pool = &engine->pool;
    *out_counts = (struct engine_counts){
        .assets = engine->reference.asset_count,
        .instruments = engine->reference.instrument_count,
        .accounts = engine->accounts.count,
        .sessions = engine->sessions.opened,
        .orders = pool->order_count,
        .levels = pool->level_count,
        .hot_bytes = (uint64_t)pool->order_peak * sizeof(struct order) +
                     ((uint64_t)engine->names.now.mask + 1) * sizeof(struct name_slot) +
                     (uint64_t)pool->level_peak * sizeof(struct level) +
                     (uint64_t)pool->ladder.node_peak * sizeof(struct ladder_node) +
                     (uint64_t)engine->reference.instrument_count * sizeof(struct book),
    };
}

void order_copy(const struct engine *engine, uint32_t index, struct engine_order *out_order)
{
    const struct order *order = &engine->pool.orders[index];
    const struct order_cold *cold = &engine->pool.cold[index];
    const struct level *level = book_order_level(&engine->pool, order);
    *out_order = (struct engine_order){
        .order_id = order->order_id,
        .reference = order->reference,
        .account = cold->account,
        .price.units = level->price_units,
        .total.lots = order->total_lots,
        .remaining.lots = order->remaining_lots,
        .expire_time = cold->expire_time,
        .instrument = level_instrument(level),
        .session = cold->session,
        .side = level_side(level),
        .time_in_force = (enum time_in_force)order->time_in_force,
        .client_order_id = cold->client_order_id,
    };
}

static uint32_t best_level(const struct engine *engine, uint32_t instrument, enum side side)
{
    if (instrument == 0 || instrument > engine->pool.max_instruments) {
        return POOL_NONE;
    }
    return book_side(&engine->pool, instrument, side)->best_level;
}

bool engine_head(const struct engine *engine, uint32_t instrument, enum side side,
                 struct engine_order *out_order)
{
    uint32_t level = best_level(engine, instrument, side);
    if (level == POOL_NONE) {
        return false;
    }
    order_copy(engine, engine->pool.levels[level].head, out_order);
    return true;
}

struct price engine_best(const struct engine *engine, uint32_t instrument, enum side side)
{
    uint32_t level = best_level(engine, instrument, side);
    return (struct price){level == POOL_NONE ? PRICE_NONE : engine->pool.levels[level].price_units};
}

bool engine_find(const struct engine *engine, uint64_t account,
                 const struct text36 *client_order_id, struct engine_order *out_order)
{
    uint32_t index =
        names_find(&engine->names, engine->pool.orders, name_key(account, client_order_id));
    if (index == POOL_NONE) {
        return false;
    }
    order_copy(engine, index, out_order);
    return true;
}

size_t engine_levels(const struct engine *engine, uint32_t instrument, enum side side,
                     struct engine_level *out_levels, size_t max)
{
    if (instrument == 0 || instrument > engine->pool.max_instruments) {
        return 0;
    }
    const struct book_pool *pool = &engine->pool;
    struct ladder_cursor cursor = ladder_first(&pool->ladder, book_side(pool, instrument, side));
    size_t count = 0;
    for (; count < max && cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
        const struct level *level = &pool->levels[cursor.level];
        out_levels[count++] = (struct engine_level){.price.units = level->price_units,
                                                    .quantity.lots = level->total_lots,
                                                    .orders = level->order_count};
    }
    return count;
}

/* Looks no further than the slots of one cache line: what it finds is the right one nearly always,
 * and a wrong guess costs one wasted line. POOL_NONE if there is none. */
static uint32_t guess_order(const struct engine *engine, struct hash128 key)
{
    const struct name_table *table = &engine->names.now;
    uint32_t place = (uint32_t)key.low & table->mask;
    for (unsigned i = 0; i < GUESSES_MAX; i++) {
        struct name_slot slot = table->slots[place];
        if (slot.order == 0 || slot.hash == (uint32_t)key.low) {
            return slot.order - 1; /* 0 wraps to POOL_NONE */
        }
        place = (place + 1) & table->mask;
    }
    return POOL_NONE;
}

static void prefetch_node(const struct book_pool *pool, uint32_t node)
{
    const struct ladder_node *at = &pool->ladder.nodes[node];
    PREFETCH_WRITE(&at->ranks[0]);
    PREFETCH_WRITE(&at->ranks[8]);
    PREFETCH_WRITE(&at->children[0]);
    PREFETCH_WRITE(&at->count);
}

static void prefetch_tail(const struct book_pool *pool, uint32_t level)
{
    if (level != POOL_NONE) {
        PREFETCH_WRITE(&pool->orders[pool->levels[level].tail]);
    }
}

/* Name slot, terms and sides; then the leaf of the best prices and the root; then the level; then
 * the last order of its queue. */
static void prefetch_new_order(const struct engine *engine, const struct command_new_order *in,
                               unsigned stage)
{
    const struct book_pool *pool = &engine->pool;
    if (in->instrument - 1 >= pool->max_instruments ||
        (in->side != SIDE_BUY && in->side != SIDE_SELL)) {
        return;
    }
    const struct ladder_side *side = book_side(pool, in->instrument, in->side);
    if (stage == 0) {
        PREFETCH_WRITE(name_home(&engine->names.now, name_key(in->account, &in->client_order_id)));
        PREFETCH_READ(&engine->reference.instruments[in->instrument - 1]);
        PREFETCH_READ(&engine->reference.instruments[in->instrument - 1].terms.lot);
        PREFETCH_WRITE(&pool->books[in->instrument - 1]);
        PREFETCH_WRITE(&pool->books[in->instrument - 1].sides[1].best_leaf);
    } else if (stage == 1 && side->best_level != POOL_NONE) {
        prefetch_node(pool, side->best_leaf);
        if (side->root != side->best_leaf) {
            prefetch_node(pool, side->root);
        }
    } else if (stage > 1 && in->order_type == ORDER_TYPE_LIMIT) {
        uint32_t level = ladder_find(&pool->ladder, side, ladder_rank(in->side, in->price.units));
        if (stage == 3) {
            prefetch_tail(pool, level);
        } else if (level != POOL_NONE) {
            PREFETCH_WRITE(&pool->levels[level]);
        }
    }
}

/* Name slot; then the order; then its level and neighbours; then, where the level will go with it,
 * the ladder, and for a replace the level it goes to. */
static void prefetch_named(const struct engine *engine, struct hash128 key,
                           const struct command *command, unsigned stage)
{
    const struct book_pool *pool = &engine->pool;
    if (stage == 0) {
        PREFETCH_WRITE(name_home(&engine->names.now, key));
        return;
    }
    uint32_t index = guess_order(engine, key);
    if (index == POOL_NONE) {
        return;
    }
    const struct order *order = &pool->orders[index];
    if (stage == 1) {
        PREFETCH_WRITE(order);
        return;
    }
    if (order->live == 0) {
        return;
    }
    const struct level *level = &pool->levels[order->level];
    if (stage == 2) {
        PREFETCH_WRITE(level);
        if (order->previous != POOL_NONE) {
            PREFETCH_WRITE(&pool->orders[order->previous]);
        }
        if (order->next != POOL_NONE) {
            PREFETCH_WRITE(&pool->orders[order->next]);
        }
    } else if (level->order_count == 1 || command->header.id == COMMAND_REPLACE) {
        const struct book *book = &pool->books[level_instrument(level) - 1];
        PREFETCH_WRITE(book);
        PREFETCH_WRITE(&book->sides[1].best_leaf);
        PREFETCH_READ(&engine->reference.instruments[level_instrument(level) - 1]);
    }
}

void engine_prefetch(const struct engine *engine, const struct command *command, unsigned stage)
{
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        prefetch_new_order(engine, &command->new_order, stage);
        break;
    case COMMAND_CANCEL:
        prefetch_named(engine, name_key(command->cancel.account, &command->cancel.client_order_id),
                       command, stage);
        break;
    case COMMAND_REDUCE:
        prefetch_named(engine, name_key(command->reduce.account, &command->reduce.client_order_id),
                       command, stage);
        break;
    case COMMAND_REPLACE:
        prefetch_named(engine,
                       name_key(command->replace.account, &command->replace.client_order_id),
                       command, stage);
        break;
    default:
        break;
    }
}

static void check_recent(const struct engine *engine, struct hash128 key)
{
    const struct recent *recent = &engine->recent;
    if (recent->max != 0) {
        uint32_t index = recent_find(recent, key, engine->time_ns);
        ASSERT(index != RECENT_NONE && recent->names[index].ended_ns == RECENT_LIVES);
    }
}

void engine_check(const struct engine *engine)
{
    const struct book_pool *pool = &engine->pool;
    uint32_t orders = 0;
    uint32_t levels = 0;
    uint32_t timers = 0;
    uint32_t tagged = 0;
    for (uint32_t i = 1; i <= pool->max_instruments; i++) {
        book_check(pool, i);
        for (int s = 0; s < 2; s++) {
            struct ladder_cursor cursor = ladder_first(&pool->ladder, &pool->books[i - 1].sides[s]);
            for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
                levels++;
                for (uint32_t o = pool->levels[cursor.level].head; o != POOL_NONE;
                     o = pool->orders[o].next) {
                    const struct order_cold *cold = &pool->cold[o];
                    struct hash128 key = name_key(cold->account, &cold->client_order_id);
                    ASSERT(names_find(&engine->names, pool->orders, key) == o);
                    check_recent(engine, key);
                    ASSERT((cold->expire_time != 0) == (cold->timer != POOL_NONE));
                    ASSERT((cold->expire_time != 0) ==
                           (pool->orders[o].time_in_force == TIME_IN_FORCE_GTD));
                    timers += cold->timer != POOL_NONE;
                    tagged += pool->orders[o].tagged;
                    orders++;
                }
            }
        }
    }
    ASSERT(orders == pool->order_count && levels == pool->level_count);
    ASSERT(timers == engine->timers.count);
    ASSERT(engine->recent.max == 0 || engine->recent.living == orders);
    ASSERT(tagged == sweep_check(engine));
    day_check(engine);
}

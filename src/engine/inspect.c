/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/inspect.h"

#include "engine/state.h"

static struct engine_rate rate_of(const struct rate *rate)
{
    return (struct engine_rate){rate->full_at_ns, rate->interval_ns, rate->burst};
}

bool engine_session(const struct engine *engine, uint32_t session,
                    struct engine_session *out_session)
{
    const struct session *found = sessions_find(&engine->sessions, session);
    if (found == NULL) {
        return false;
    }
    *out_session = (struct engine_session){
        .last_input_sequence = found->last_input_sequence,
        .dead_man_due_ns = found->dead_man_due_ns,
        .orders = rate_of(&found->orders),
        .cancels = rate_of(&found->cancels),
        .session = session,
        .incarnation = found->incarnation,
        .participant = found->participant,
        .user = found->user,
        .dead_man_ms = found->dead_man_ms,
        .tagged_orders = found->order_count,
        .closed = found->closed != 0,
        .blocked = found->blocked != 0,
        .cancel_on_disconnect = found->cancel_on_disconnect != 0,
        .leaving = found->sweep_until != 0,
    };
    return true;
}

bool engine_account(const struct engine *engine, uint64_t account,
                    struct engine_account *out_account)
{
    const struct account *found = accounts_find(&engine->accounts, account);
    if (found == NULL) {
        return false;
    }
    *out_account = (struct engine_account){
        .account = found->account,
        .participant = found->participant,
        .self_trade_group = found->self_trade_group,
        .unlimited = found->unlimited != 0,
        .blocked = (found->blocks & ACCOUNT_BLOCK_ACCOUNT) != 0,
        .participant_blocked = (found->blocks & ACCOUNT_BLOCK_PARTICIPANT) != 0,
    };
    return true;
}

enum phase engine_phase(const struct engine *engine, uint32_t instrument)
{
    return engine->reference.instruments[instrument - 1].phase;
}

const struct command_genesis *engine_limits(const struct engine *engine)
{
    return &engine->genesis;
}

static struct engine_resting resting_of(const struct engine *engine, uint32_t index)
{
    const struct order *order = &engine->pool.orders[index];
    const struct order_cold *cold = &engine->pool.cold[index];
    struct engine_resting resting = {
        .participant = cold->participant,
        .user = cold->user,
        .post_only = (enum post_only)order->post_only,
        .tagged = order->tagged != 0,
    };
    order_copy(engine, index, &resting.order);
    return resting;
}

static uint32_t find(const struct engine *engine, uint64_t account,
                     const struct text36 *client_order_id)
{
    return names_find(&engine->names, engine->pool.orders, name_key(account, client_order_id));
}

bool engine_find_resting(const struct engine *engine, uint64_t account,
                         const struct text36 *client_order_id, struct engine_resting *out_order)
{
    uint32_t index = find(engine, account, client_order_id);
    if (index != POOL_NONE) {
        *out_order = resting_of(engine, index);
    }
    return index != POOL_NONE;
}

bool engine_queue(const struct engine *engine, uint64_t account,
                  const struct text36 *client_order_id, struct engine_queue *out_queue)
{
    const struct book_pool *pool = &engine->pool;
    uint32_t index = find(engine, account, client_order_id);
    if (index == POOL_NONE) {
        return false;
    }
    struct engine_queue queue = {0};
    const struct order *order = &pool->orders[index];
    const struct level *own = book_order_level(pool, order);
    for (uint32_t at = order->previous; at != POOL_NONE; at = pool->orders[at].previous) {
        queue.orders_ahead++;
        queue.ahead.lots += pool->orders[at].remaining_lots;
    }
    queue.orders_behind = own->order_count - 1 - queue.orders_ahead;
    queue.behind.lots = own->total_lots - queue.ahead.lots - order->remaining_lots;
    struct ladder_cursor cursor =
        ladder_first(&pool->ladder, book_side(pool, level_instrument(own), level_side(own)));
    for (; cursor.level != order->level; ladder_next(&pool->ladder, &cursor)) {
        queue.levels_better++;
        queue.orders_better += pool->levels[cursor.level].order_count;
        queue.lots_better += pool->levels[cursor.level].total_lots;
    }
    *out_queue = queue;
    return true;
}

/* From an order to the back of its queue, or to `end`; false if the caller had enough. */
static bool walk_queue(const struct engine *engine, uint32_t first, uint32_t end,
                       on_engine_order *on_order, void *context)
{
    for (uint32_t at = first; at != end; at = engine->pool.orders[at].next) {
        struct engine_resting resting = resting_of(engine, at);
        if (!on_order(context, &resting)) {
            return false;
        }
    }
    return true;
}

void engine_each_order(const struct engine *engine, uint32_t instrument, enum side side,
                       on_engine_order *on_order, void *context)
{
    const struct book_pool *pool = &engine->pool;
    if (instrument == 0 || instrument > pool->max_instruments) {
        return;
    }
    struct ladder_cursor cursor = ladder_first(&pool->ladder, book_side(pool, instrument, side));
    for (; cursor.level != POOL_NONE; ladder_next(&pool->ladder, &cursor)) {
        if (!walk_queue(engine, pool->levels[cursor.level].head, POOL_NONE, on_order, context)) {
            return;
        }
    }
}

void engine_each_ahead(const struct engine *engine, uint64_t account,
                       const struct text36 *client_order_id, on_engine_order *on_order,
                       void *context)
{
    uint32_t index = find(engine, account, client_order_id);
    if (index != POOL_NONE) {
        uint32_t head = book_order_level(&engine->pool, &engine->pool.orders[index])->head;
        bool whole = walk_queue(engine, head, index, on_order, context);
        (void)whole; /* whether the caller had enough is the caller's to know */
    }
}

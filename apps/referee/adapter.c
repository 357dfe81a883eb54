/* SPDX-License-Identifier: Apache-2.0
 *
 * Dojima's match room behind the benchmark's interface. It holds no book: only the engine's own
 * index, keyed by the message's order id, because ids may be used again and so the duplicate check
 * is left out. One instrument, one thread.
 */
#include "apps/referee/abi.h"
#include "base/assert.h"
#include "base/ring.h"
#include "engine/book/names.h"
#include "engine/match/match.h"
#include "host/memory.h"

#include <stdbool.h>

#define INSTRUMENT     1u
#define ORDERS_MAX     (1u << 20) /* resting at once */
#define LEVELS_MAX     (1u << 19)
#define TRADES_AT_ONCE 256u /* the event buffer stays in the first cache */

static struct adapter {
    struct book_pool pool;
    struct names ids;
    struct events events;
    const struct referee_transport *transport;
    void *queue;
    struct host_block block;
} adapter;

static ALWAYS_INLINE struct hash128 id_key(uint64_t id)
{
    return (struct hash128){.low = hash_mix64(id), .high = id};
}

static ALWAYS_INLINE uint32_t find(uint64_t id)
{
    return names_find(&adapter.ids, adapter.pool.orders, id_key(id));
}

static ALWAYS_INLINE void forget(uint32_t index)
{
    names_remove(&adapter.ids, adapter.pool.orders[index].name_key, index);
    book_order_give(&adapter.pool, index);
}

/* The queue of reports is the venue's own ring; a harness that brings another is served as well. */
struct report_queue {
    struct ring ring;
    struct host_block block;
};

static void *queue_create(uint32_t capacity)
{
    uint32_t slots = RING_PUBLISH_EVERY;
    while (slots < capacity) {
        slots *= 2;
    }
    size_t head = bytes_align_up(sizeof(struct report_queue), 4096);
    size_t bytes = head + (size_t)slots * sizeof(struct referee_report);
    struct host_block block;
    if (host_block_open(bytes, true, &block) != STATUS_OK) {
        return NULL;
    }
    struct report_queue *queue = block.bytes;
    queue->block = block;
    ring_init(&queue->ring, (uint8_t *)block.bytes + head, slots, sizeof(struct referee_report));
    return queue;
}

static int queue_push(void *queue, const struct referee_report *report)
{
    return ring_push(&((struct report_queue *)queue)->ring, report, sizeof *report);
}

static uint32_t queue_drain(void *queue, struct referee_report *out, uint32_t max)
{
    return (uint32_t)ring_drain(&((struct report_queue *)queue)->ring, out, max);
}

static void queue_flush(void *queue)
{
    ring_publish(&((struct report_queue *)queue)->ring);
}

static void queue_destroy(void *queue)
{
    struct host_block block = ((struct report_queue *)queue)->block;
    host_block_close(&block);
}

static const struct referee_transport own_transport = {queue_create, queue_push, queue_drain,
                                                       queue_flush, queue_destroy};

const struct referee_transport *engine_get_transport(void)
{
    return &own_transport;
}

static ALWAYS_INLINE void push(const struct referee_report *report)
{
    if (LIKELY(adapter.transport == &own_transport)) {
        while (UNLIKELY(queue_push(adapter.queue, report) == 0)) {
            CPU_PAUSE();
        }
        return;
    }
    while (UNLIKELY(adapter.transport->push(adapter.queue, report) == 0)) {
        CPU_PAUSE();
    }
}

static ALWAYS_INLINE void report(enum referee_report_type type, uint64_t sequence, uint64_t id,
                                 uint8_t side, int64_t price_ticks, uint32_t quantity)
{
    struct referee_report out = {.type = (uint8_t)type,
                                 .side = side,
                                 .sequence = sequence,
                                 .order_id = id,
                                 .price_ticks = price_ticks,
                                 .quantity = quantity};
    push(&out);
}

static void report_trades(uint64_t sequence)
{
    size_t at = 0;
    struct event_record record;
    while (event_next(&adapter.events, &at, &record)) {
        struct event_trade trade;
        enum status status = event_trade_decode(record.bytes + EVENT_HEADER_BYTES,
                                                record.count - EVENT_HEADER_BYTES, &trade);
        ASSERT(status == STATUS_OK);
        struct referee_report out = {.type = REFEREE_TRADE,
                                     .sequence = sequence,
                                     .order_id = trade.maker_order_id,
                                     .price_ticks = trade.price.units,
                                     .quantity = (uint32_t)trade.quantity.lots,
                                     .maker_order_id = trade.maker_order_id,
                                     .taker_order_id = trade.taker_order_id};
        push(&out);
    }
}

/* Matches what comes in; returns what is left. */
static ALWAYS_INLINE int64_t take(uint64_t sequence, uint64_t id, enum side side,
                                  int64_t price_ticks, uint32_t quantity)
{
    const struct ladder_side *opposite = book_side(&adapter.pool, INSTRUMENT, side_opposite(side));
    struct taker taker = {.order_id = id,
                          .remaining_lots = quantity,
                          .worst_rank = match_worst_rank(side, price_ticks),
                          .instrument = INSTRUMENT,
                          .side = side};
    while (UNLIKELY(taker.remaining_lots > 0 && match_crosses(opposite, taker.worst_rank))) {
        events_clear(&adapter.events);
        uint32_t filled = match_take(&adapter.pool, &taker, TRADES_AT_ONCE, &adapter.events);
        report_trades(sequence);
        while (filled != POOL_NONE) {
            uint32_t next = adapter.pool.orders[filled].next;
            forget(filled);
            filled = next;
        }
    }
    return taker.remaining_lots;
}

static ALWAYS_INLINE void rest(uint32_t index, uint64_t id, enum side side, int64_t price_ticks,
                               int64_t lots)
{
    struct order *order = &adapter.pool.orders[index];
    order->order_id = id;
    order->remaining_lots = lots;
    order->total_lots = lots;
    order->reference = ++adapter.events.sequence;
    book_rest(&adapter.pool, INSTRUMENT, side, price_ticks, index);
}

static ALWAYS_INLINE enum side side_of(uint8_t side)
{
    return side == 0 ? SIDE_BUY : SIDE_SELL;
}

void engine_on_new_order(const struct referee_new_order *message)
{
    enum side side = side_of(message->side);
    report(REFEREE_ORDER_ACK, message->sequence, message->order_id, message->side,
           message->price_ticks, message->quantity);
    int64_t left =
        take(message->sequence, message->order_id, side, message->price_ticks, message->quantity);
    if (left == 0) {
        return;
    }
    if (message->ioc != 0) {
        report(REFEREE_CANCEL_ACK, message->sequence, message->order_id, message->side,
               message->price_ticks, (uint32_t)left);
        return;
    }
    ASSERT(adapter.pool.order_count < ORDERS_MAX);
    uint32_t index = book_order_take(&adapter.pool);
    rest(index, message->order_id, side, message->price_ticks, left);
    adapter.pool.orders[index].name_key = id_key(message->order_id);
    names_add(&adapter.ids, adapter.pool.orders[index].name_key, index);
}

void engine_on_cancel(const struct referee_cancel *message)
{
    uint32_t index = find(message->order_id);
    if (UNLIKELY(index == POOL_NONE)) {
        report(REFEREE_CANCEL_REJECT, message->sequence, message->order_id, 0, 0, 0);
        return;
    }
    const struct order *order = &adapter.pool.orders[index];
    const struct level *level = book_order_level(&adapter.pool, order);
    report(REFEREE_CANCEL_ACK, message->sequence, message->order_id, level_side(level) == SIDE_SELL,
           level->price_units, (uint32_t)order->remaining_lots);
    book_remove(&adapter.pool, index);
    forget(index);
}

void engine_on_modify(const struct referee_modify *message)
{
    uint32_t index = find(message->order_id);
    if (UNLIKELY(index == POOL_NONE)) {
        report(REFEREE_MODIFY_REJECT, message->sequence, message->order_id, 0, 0, 0);
        return;
    }
    enum side side = level_side(book_order_level(&adapter.pool, &adapter.pool.orders[index]));
    report(REFEREE_MODIFY_ACK, message->sequence, message->order_id, side == SIDE_SELL,
           message->price_ticks, message->quantity);
    book_remove(&adapter.pool, index);
    int64_t left =
        take(message->sequence, message->order_id, side, message->price_ticks, message->quantity);
    if (left > 0) {
        rest(index, message->order_id, side, message->price_ticks, left);
    } else {
        forget(index);
    }
}

static void build(struct arena *arena)
{
    book_pool_init(&adapter.pool, arena, ORDERS_MAX, LEVELS_MAX, INSTRUMENT);
    names_init(&adapter.ids, arena, ORDERS_MAX);
    size_t event_bytes = (size_t)TRADES_AT_ONCE * EVENT_RECORD_BYTES_MAX + 8;
    events_init(&adapter.events, arena_take(arena, 1, event_bytes), event_bytes);
}

void engine_init(uint64_t seed, const struct referee_transport *transport, void *queue)
{
    (void)seed;
    struct arena arena;
    arena_init_measure(&arena);
    build(&arena);
    enum status status = host_block_open(arena.used, true, &adapter.block);
    ASSERT(status == STATUS_OK);
    arena_init(&arena, adapter.block.bytes, adapter.block.count);
    build(&arena);
    arena_seal(&arena);
    adapter.transport = transport;
    adapter.queue = queue;
}

void engine_shutdown(void)
{
    host_block_close(&adapter.block);
    adapter = (struct adapter){0};
}

void engine_flush(void)
{
    if (adapter.transport == &own_transport) {
        queue_flush(adapter.queue);
    }
}

int64_t engine_query_best_bid(void)
{
    const struct ladder_side *side = book_side(&adapter.pool, INSTRUMENT, SIDE_BUY);
    return side->best_level == POOL_NONE ? INT64_MIN : side->best_rank;
}

int64_t engine_query_best_ask(void)
{
    const struct ladder_side *side = book_side(&adapter.pool, INSTRUMENT, SIDE_SELL);
    return side->best_level == POOL_NONE ? INT64_MAX : ~side->best_rank;
}

uint64_t engine_query_depth_at(int64_t price_ticks, uint8_t side)
{
    enum side which = side_of(side);
    uint32_t level = ladder_find(&adapter.pool.ladder, book_side(&adapter.pool, INSTRUMENT, which),
                                 ladder_rank(which, price_ticks));
    return level == POOL_NONE ? 0 : (uint64_t)adapter.pool.levels[level].total_lots;
}

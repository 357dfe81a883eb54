/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/ouch/ouch_orders.h"

#include "base/assert.h"
#include "base/hash.h"
#include "wire/native/command.h"

#include <stdlib.h>

#define SLOTS_FIRST 64u
#define MOVES_A_ROW 4u

typedef uint64_t row_key(const struct ouch_order *order);

static uint64_t key_accepted(const struct ouch_order *order)
{
    return order->accepted;
}

static uint64_t key_user_ref_num(const struct ouch_order *order)
{
    return order->user_ref_num;
}

static struct ouch_order *row_at(const struct ouch_orders *orders, uint32_t row)
{
    return &orders->chunks[row / OUCH_CHUNK_ROWS][row % OUCH_CHUNK_ROWS];
}

/* The slot of `key`: the one that holds it, or the empty one where it would go. */
static uint32_t *slot_in(const struct ouch_orders *orders, uint32_t *slots, uint32_t capacity,
                         uint64_t key, row_key *key_of)
{
    uint32_t mask = capacity - 1;
    uint32_t at = (uint32_t)hash_neighbours(key) & mask;
    while (slots[at] != 0 && key_of(row_at(orders, slots[at] - 1)) != key) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

/* The newest row of `key` + 1, or 0. */
static uint32_t find_row(const struct ouch_orders *orders, const struct ouch_table *table,
                         uint64_t key, row_key *key_of)
{
    uint32_t row =
        table->capacity == 0 ? 0 : *slot_in(orders, table->rows, table->capacity, key, key_of);
    if (UNLIKELY(table->old_rows != NULL)) {
        uint32_t old = *slot_in(orders, table->old_rows, table->old_capacity, key, key_of);
        row = old > row ? old : row;
    }
    return row;
}

static struct ouch_order *find(const struct ouch_orders *orders, const struct ouch_table *table,
                               uint64_t key, row_key *key_of)
{
    uint32_t row = find_row(orders, table, key, key_of);
    return row == 0 ? NULL : row_at(orders, row - 1);
}

static void enter(const struct ouch_orders *orders, struct ouch_table *table, uint32_t row,
                  row_key *key_of)
{
    uint64_t key = key_of(row_at(orders, row));
    uint32_t *slot = slot_in(orders, table->rows, table->capacity, key, key_of);
    *slot = *slot > row + 1 ? *slot : row + 1;
}

static void move_some(const struct ouch_orders *orders, struct ouch_table *table, row_key *key_of)
{
    for (unsigned i = 0; i < MOVES_A_ROW && table->moved < table->to_move; i++) {
        enter(orders, table, table->moved++, key_of);
    }
    if (table->moved == table->to_move) {
        free(table->old_rows);
        table->old_rows = NULL;
    }
}

/* Room for one row more; with MOVES_A_ROW the old table is empty long before this one is full. */
static enum status reserve_slot(const struct ouch_orders *orders, struct ouch_table *table,
                                row_key *key_of)
{
    if (table->old_rows != NULL) {
        move_some(orders, table, key_of);
    }
    if (table->capacity >= 2 * (orders->count + 1)) {
        return STATUS_OK;
    }
    ASSERT(table->old_rows == NULL);
    uint32_t capacity = table->capacity == 0 ? SLOTS_FIRST : table->capacity * 2;
    uint32_t *rows = calloc(capacity, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    *table = (struct ouch_table){.rows = rows,
                                 .old_rows = table->rows,
                                 .capacity = capacity,
                                 .old_capacity = table->capacity,
                                 .to_move = orders->count};
    return STATUS_OK;
}

static enum status reserve_row(struct ouch_orders *orders)
{
    if (orders->count < orders->chunk_count * OUCH_CHUNK_ROWS) {
        return STATUS_OK;
    }
    if (orders->chunk_count == orders->chunk_capacity) {
        uint32_t capacity = orders->chunk_capacity == 0 ? 16 : orders->chunk_capacity * 2;
        struct ouch_order **chunks =
            realloc(orders->chunks, capacity * sizeof(struct ouch_order *));
        if (chunks == NULL) {
            return STATUS_NO_MEMORY;
        }
        orders->chunks = chunks;
        orders->chunk_capacity = capacity;
    }
    /* Its pages are taken as they are written: a session of a few orders has a few. */
    struct ouch_order *chunk = malloc(OUCH_CHUNK_ROWS * sizeof *chunk);
    if (chunk == NULL) {
        return STATUS_NO_MEMORY;
    }
    orders->chunks[orders->chunk_count++] = chunk;
    return STATUS_OK;
}

static enum status add_row(struct ouch_orders *orders, const struct ouch_order *order)
{
    enum status status = reserve_row(orders);
    if (status == STATUS_OK) {
        status = reserve_slot(orders, &orders->by_accepted, key_accepted);
    }
    if (status == STATUS_OK) {
        status = reserve_slot(orders, &orders->by_user_ref_num, key_user_ref_num);
    }
    if (status != STATUS_OK) {
        return status;
    }
    uint32_t previous = find_row(orders, &orders->by_accepted, order->accepted, key_accepted);
    if (previous != 0) {
        row_at(orders, previous - 1)->replaced = true;
    }
    struct ouch_order *row = row_at(orders, orders->count);
    *row = *order;
    row->previous = previous;
    row->reducing.lots = 0;
    enter(orders, &orders->by_accepted, orders->count, key_accepted);
    enter(orders, &orders->by_user_ref_num, orders->count, key_user_ref_num);
    orders->count++;
    return STATUS_OK;
}

static void set_name(struct ouch_order *order, const struct text36 *text)
{
    struct order_name name;
    order->user_ref_num = 0;
    memset(order->client_id, ' ', sizeof order->client_id);
    if (order_name_decode(text, &name)) {
        order->user_ref_num = name.user_ref_num;
        memcpy(order->client_id, name.client_id, sizeof order->client_id);
    }
}

static void note_used(struct ouch_orders *orders, uint32_t user_ref_num)
{
    if (user_ref_num > orders->highest_user_ref_num) {
        orders->highest_user_ref_num = user_ref_num;
    }
}

static struct ouch_order *newest(const struct ouch_orders *orders, uint64_t order_id)
{
    return find(orders, &orders->by_accepted, order_id >> 16, key_accepted);
}

static enum status apply_accepted(struct ouch_orders *orders, const struct stream_entry *entry,
                                  const struct event_accepted *accepted)
{
    struct ouch_order order = {
        .accepted = entry->event_sequence,
        .since = entry->number,
        .price = accepted->price,
        .total = accepted->quantity,
        .open = accepted->quantity,
        .instrument = accepted->instrument,
        .side = accepted->side,
        .time_in_force = accepted->time_in_force,
        .order_type = accepted->order_type,
        .post_only = accepted->post_only,
        .capacity = accepted->capacity,
    };
    set_name(&order, &accepted->client_order_id);
    note_used(orders, order.user_ref_num);
    return add_row(orders, &order);
}

static enum status apply_replaced(struct ouch_orders *orders, const struct stream_entry *entry,
                                  const struct event_replaced *replaced)
{
    struct ouch_order *order = newest(orders, replaced->order_id);
    if (order == NULL) {
        return STATUS_OK;
    }
    struct ouch_order next = *order;
    next.price = replaced->price;
    next.total = replaced->quantity;
    next.open = replaced->remaining;
    set_name(&next, &replaced->client_order_id);
    if (next.user_ref_num == order->user_ref_num) {
        *order = next;
        return STATUS_OK;
    }
    next.since = entry->number;
    note_used(orders, next.user_ref_num);
    return add_row(orders, &next);
}

static void set_open(struct ouch_orders *orders, uint64_t order_id, int64_t lots)
{
    struct ouch_order *order = newest(orders, order_id);
    if (order != NULL) {
        order->open.lots = lots;
    }
}

static void apply_reduced(struct ouch_orders *orders, const struct event_reduced *reduced)
{
    struct ouch_order *order = newest(orders, reduced->order_id);
    if (order != NULL) {
        order->open = reduced->remaining;
        order->total.lots -= reduced->quantity.lots;
    }
}

static void apply_trade(struct ouch_orders *orders, const struct stream_entry *entry,
                        const struct event_trade *trade)
{
    if (entry->side == STREAM_MAKER) {
        set_open(orders, trade->maker_order_id, trade->maker_remaining.lots);
    } else {
        set_open(orders, trade->taker_order_id, trade->taker_remaining.lots);
    }
}

static void apply_prevented(struct ouch_orders *orders, const struct stream_entry *entry,
                            const struct event_prevented *prevented)
{
    bool maker = entry->side == STREAM_MAKER;
    struct ouch_order *order =
        newest(orders, maker ? prevented->maker_order_id : prevented->taker_order_id);
    if (order != NULL) {
        order->open = maker ? prevented->maker_remaining : prevented->taker_remaining;
        order->total.lots -=
            maker ? prevented->maker_cancelled.lots : prevented->taker_cancelled.lots;
    }
}

static void apply_rejected(struct ouch_orders *orders, const struct event_rejected *rejected)
{
    struct order_name name;
    const struct text36 *text = &rejected->client_order_id;
    if (rejected->command == COMMAND_REPLACE) {
        text = &rejected->new_client_order_id;
    } else if (rejected->command != COMMAND_NEW_ORDER) {
        return;
    }
    if (order_name_decode(text, &name)) {
        note_used(orders, name.user_ref_num);
    }
}

enum status ouch_orders_apply(struct ouch_orders *orders, const struct stream_entry *entry,
                              const struct event *event)
{
    if (entry->number <= orders->last_number) {
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        status = apply_accepted(orders, entry, &event->accepted);
        break;
    case EVENT_REPLACED:
        status = apply_replaced(orders, entry, &event->replaced);
        break;
    case EVENT_REDUCED:
        apply_reduced(orders, &event->reduced);
        break;
    case EVENT_REMOVED:
        set_open(orders, event->removed.order_id, 0);
        break;
    case EVENT_CANCELLED:
        set_open(orders, event->cancelled.order_id, 0);
        break;
    case EVENT_TRADE:
        apply_trade(orders, entry, &event->trade);
        break;
    case EVENT_PREVENTED:
        apply_prevented(orders, entry, &event->prevented);
        break;
    case EVENT_REJECTED:
        apply_rejected(orders, &event->rejected);
        break;
    case EVENT_MASS_CANCELLED:
        note_used(orders, (uint32_t)event->mass_cancelled.tag);
        break;
    default:
        break;
    }
    if (status == STATUS_OK) {
        orders->last_number = entry->number;
    }
    return status;
}

const struct ouch_order *ouch_orders_find(const struct ouch_orders *orders, uint32_t user_ref_num)
{
    return find(orders, &orders->by_user_ref_num, user_ref_num, key_user_ref_num);
}

bool ouch_orders_reducing(struct ouch_orders *orders, uint32_t user_ref_num, int64_t lots)
{
    struct ouch_order *order =
        find(orders, &orders->by_user_ref_num, user_ref_num, key_user_ref_num);
    if (order == NULL) {
        return false;
    }
    order->reducing.lots += lots;
    return true;
}

const struct ouch_order *ouch_orders_previous(const struct ouch_orders *orders,
                                              const struct ouch_order *order)
{
    return order->previous == 0 ? NULL : row_at(orders, order->previous - 1);
}

const struct ouch_order *ouch_orders_at(const struct ouch_orders *orders, uint64_t order_id,
                                        uint64_t number)
{
    const struct ouch_order *order = newest(orders, order_id);
    while (order != NULL && order->since > number && order->previous != 0) {
        order = ouch_orders_previous(orders, order);
    }
    return order;
}

void ouch_orders_deinit(struct ouch_orders *orders)
{
    for (uint32_t i = 0; i < orders->chunk_count; i++) {
        free(orders->chunks[i]);
    }
    free(orders->chunks);
    free(orders->by_accepted.rows);
    free(orders->by_accepted.old_rows);
    free(orders->by_user_ref_num.rows);
    free(orders->by_user_ref_num.old_rows);
    *orders = (struct ouch_orders){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "client/messages.h"

#include "base/hash.h"
#include "wire/native/sbe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_FIRST 64u

_Static_assert(SBE_COMMAND_BYTES_MAX <= MESSAGES_INTENT_BYTES_MAX, "an intent fits");

/* -- orders by the venue's id --------------------------------------------------------------- */

static size_t slot_of(const struct messages *messages, uint64_t order_id)
{
    size_t slot = (size_t)hash_mix64(order_id) & (messages->row_capacity - 1);
    while (messages->rows[slot].order_id != 0 && messages->rows[slot].order_id != order_id) {
        slot = (slot + 1) & (messages->row_capacity - 1);
    }
    return slot;
}

static enum status grow(struct messages *messages)
{
    size_t capacity = messages->row_capacity == 0 ? ROWS_FIRST : messages->row_capacity * 2;
    struct order_row *old = messages->rows;
    size_t old_capacity = messages->row_capacity;
    struct order_row *rows = calloc(capacity, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    messages->rows = rows;
    messages->row_capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].order_id != 0) {
            rows[slot_of(messages, old[i].order_id)] = old[i];
        }
    }
    free(old);
    return STATUS_OK;
}

static enum status order_put(struct messages *messages, uint64_t order_id, uint32_t reference)
{
    if ((messages->row_count + 1) * 2 > messages->row_capacity) {
        enum status status = grow(messages);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct order_row *row = &messages->rows[slot_of(messages, order_id)];
    messages->row_count += row->order_id == 0;
    *row = (struct order_row){.order_id = order_id, .reference = reference};
    return STATUS_OK;
}

static uint32_t order_find(const struct messages *messages, uint64_t order_id)
{
    return messages->row_capacity == 0 || order_id == 0
               ? 0
               : messages->rows[slot_of(messages, order_id)].reference;
}

/* Takes it out and moves those behind it up, so that no search ends too early. */
static void order_drop(struct messages *messages, uint64_t order_id)
{
    if (order_find(messages, order_id) == 0) {
        return;
    }
    size_t mask = messages->row_capacity - 1;
    size_t hole = slot_of(messages, order_id);
    for (size_t at = (hole + 1) & mask; messages->rows[at].order_id != 0; at = (at + 1) & mask) {
        size_t home = (size_t)hash_mix64(messages->rows[at].order_id) & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            messages->rows[hole] = messages->rows[at];
            hole = at;
        }
    }
    messages->rows[hole] = (struct order_row){0};
    messages->row_count--;
}

void messages_deinit(struct messages *messages)
{
    free(messages->rows);
    *messages = (struct messages){0};
}

/* -- names --------------------------------------------------------------------------------- */

static struct text36 name_of(const struct messages *messages, char mark, uint32_t reference)
{
    char name[TEXT36_BYTES_MAX + 1];
    snprintf(name, sizeof name, "%s%c%" PRIu32, messages->username, mark, reference);
    return text36_from(name);
}

/* 0: not a name that name_of makes with this mark. */
static uint32_t reference_of(const struct messages *messages, char mark, const struct text36 *name)
{
    size_t at = strlen(messages->username);
    uint64_t number = 0;
    if (name->count <= at + 1 || memcmp(name->bytes, messages->username, at) != 0 ||
        name->bytes[at] != mark || name->bytes[at + 1] == '0') {
        return 0;
    }
    for (at++; at < name->count; at++) {
        if (name->bytes[at] < '0' || name->bytes[at] > '9') {
            return 0;
        }
        number = number * 10 + (uint64_t)(name->bytes[at] - '0');
        if (number > UINT32_MAX) {
            return 0;
        }
    }
    return (uint32_t)number;
}

/* -- requests ------------------------------------------------------------------------------ */

static enum status fill_enter(const struct messages *messages, const struct intent *intent,
                              struct command *command)
{
    const struct dojima_order *order = &intent->order;
    bool market = order->price == DOJIMA_PRICE_MARKET;
    if (order->instrument == 0 || order->quantity < 1 ||
        (order->side != DOJIMA_BUY && order->side != DOJIMA_SELL)) {
        return STATUS_INVALID;
    }
    command->new_order = (struct command_new_order){
        .price = {market ? PRICE_NONE : order->price},
        .quantity = {order->quantity},
        .instrument = order->instrument,
        .side = order->side == DOJIMA_BUY ? SIDE_BUY : SIDE_SELL,
        .order_type = market ? ORDER_TYPE_MARKET : ORDER_TYPE_LIMIT,
        .time_in_force = (enum time_in_force)order->time_in_force,
        .post_only = order->post_only ? POST_ONLY_SLIDE : POST_ONLY_OFF,
        .minimum_quantity = {order->minimum},
        .capacity = CAPACITY_AGENCY,
        .on_disconnect = order->cancel_on_disconnect ? ON_DISCONNECT_CANCEL : ON_DISCONNECT_DEFAULT,
        .client_order_id = name_of(messages, '-', intent->reference),
    };
    command->header.id = COMMAND_NEW_ORDER;
    command->header.version = COMMAND_NEW_ORDER_VERSION;
    return STATUS_OK;
}

static enum status fill_replace(const struct messages *messages, const struct intent *intent,
                                struct command *command)
{
    const struct dojima_change *change = &intent->change;
    if (change->quantity < 1) {
        return STATUS_INVALID;
    }
    command->replace = (struct command_replace){
        .price = {change->price},
        .quantity = {change->quantity},
        .client_order_id = name_of(messages, '-', change->original),
        .new_client_order_id = name_of(messages, '-', intent->reference),
    };
    command->header.id = COMMAND_REPLACE;
    command->header.version = COMMAND_REPLACE_VERSION;
    return STATUS_OK;
}

static enum status fill(const struct messages *messages, const struct intent *intent,
                        struct command *command)
{
    switch (intent->kind) {
    case INTENT_ENTER:
        return fill_enter(messages, intent, command);
    case INTENT_REPLACE:
        return fill_replace(messages, intent, command);
    case INTENT_CANCEL:
        command->cancel.client_order_id = name_of(messages, '-', intent->reference);
        command->header.id = COMMAND_CANCEL;
        command->header.version = COMMAND_CANCEL_VERSION;
        return STATUS_OK;
    case INTENT_MASS_CANCEL:
        command->mass_cancel.tag = intent->reference;
        command->mass_cancel.instrument = intent->order.instrument;
        command->mass_cancel.orders_of = messages->session;
        command->header.id = COMMAND_MASS_CANCEL;
        command->header.version = COMMAND_MASS_CANCEL_VERSION;
        return STATUS_OK;
    case INTENT_RESOLVE:
    case INTENT_QUERY:
        command->resolve.client_order_id =
            name_of(messages, intent->kind == INTENT_QUERY ? '?' : '-', intent->reference);
        command->header.id = COMMAND_RESOLVE;
        command->header.version = COMMAND_RESOLVE_VERSION;
        return STATUS_OK;
    }
    return STATUS_INVALID;
}

static enum status encode(const struct messages *messages, const struct intent *intent,
                          uint8_t *out, size_t *out_count)
{
    struct command command = {0};
    enum status status = fill(messages, intent, &command);
    if (status == STATUS_OK) {
        *out_count = sbe_command_encode(out, &command);
    }
    return status;
}

static void number(uint8_t *bytes, uint64_t input_sequence)
{
    bytes_store_le64(bytes + SBE_HEADER_BYTES, input_sequence);
}

/* -- events -------------------------------------------------------------------------------- */

/* An order id without its shard: the sequence of the ACCEPTED event, as OUCH tells it too. */
static uint64_t key_of(uint64_t order_id)
{
    return order_id >> 16;
}

static enum dojima_side side_in(enum side side)
{
    return side == SIDE_BUY ? DOJIMA_BUY : DOJIMA_SELL;
}

static enum status take_accepted(struct messages *messages, const struct event *in,
                                 struct dojima_event *event)
{
    const struct event_accepted *accepted = &in->accepted;
    event->kind = DOJIMA_ACCEPTED;
    event->reference = reference_of(messages, '-', &accepted->client_order_id);
    event->order_id = in->header.sequence;
    event->price = accepted->price.units;
    event->quantity = accepted->quantity.lots;
    event->remaining = accepted->quantity.lots;
    event->instrument = accepted->instrument;
    event->side = side_in(accepted->side);
    return event->reference == 0 ? STATUS_OK
                                 : order_put(messages, event->order_id, event->reference);
}

static void take_rejected(const struct messages *messages, const struct event_rejected *rejected,
                          struct dojima_event *event)
{
    bool replace = rejected->command == COMMAND_REPLACE &&
                   !text36_equal(&rejected->client_order_id, &rejected->new_client_order_id);
    bool change = rejected->command == COMMAND_CANCEL || rejected->command == COMMAND_REDUCE ||
                  (rejected->command == COMMAND_REPLACE && !replace);
    uint32_t query = reference_of(messages, '?', &rejected->client_order_id);
    event->kind = change ? DOJIMA_REFUSED_CHANGE : DOJIMA_REJECTED;
    event->reference = reference_of(messages, '-', &rejected->client_order_id);
    event->instrument = rejected->instrument;
    event->code = rejected->code;
    event->reason = reject_name(rejected->code);
    if (replace) {
        event->original = event->reference;
        event->reference = reference_of(messages, '-', &rejected->new_client_order_id);
    }
    if (query != 0) {
        event->kind = DOJIMA_QUERIED;
        event->reference = query;
    }
}

static enum status take_replaced(struct messages *messages, const struct event_replaced *replaced,
                                 struct dojima_event *event)
{
    event->kind = DOJIMA_REPLACED;
    event->order_id = key_of(replaced->order_id);
    event->original = order_find(messages, event->order_id);
    event->reference = reference_of(messages, '-', &replaced->client_order_id);
    event->price = replaced->price.units;
    event->quantity = replaced->quantity.lots;
    event->remaining = replaced->remaining.lots;
    event->instrument = replaced->instrument;
    event->side = side_in(replaced->side);
    return event->reference == 0 ? STATUS_OK
                                 : order_put(messages, event->order_id, event->reference);
}

/* A trade with oneself comes twice: the maker's side first. */
static void take_trade(struct messages *messages, const struct event *in,
                       struct dojima_event *event)
{
    const struct event_trade *trade = &in->trade;
    bool ours_made = trade->maker_session == messages->session;
    bool again = messages->last_sequence == in->header.sequence;
    event->maker = ours_made && !(again && trade->taker_session == messages->session);
    event->kind = DOJIMA_EXECUTED;
    event->order_id = key_of(event->maker ? trade->maker_order_id : trade->taker_order_id);
    event->remaining = event->maker ? trade->maker_remaining.lots : trade->taker_remaining.lots;
    event->reference = order_find(messages, event->order_id);
    event->price = trade->price.units;
    event->quantity = trade->quantity.lots;
    event->match = in->header.sequence;
    event->instrument = trade->instrument;
    event->side = side_in(trade->taker_side);
    if (event->maker) {
        event->side = event->side == DOJIMA_BUY ? DOJIMA_SELL : DOJIMA_BUY;
    }
    if (event->remaining == 0) {
        order_drop(messages, event->order_id);
    }
}

/* Told for each order that lost quantity; where both are ours, the maker's side first. */
static void take_prevented(struct messages *messages, const struct event *in,
                           struct dojima_event *event)
{
    const struct event_prevented *prevented = &in->prevented;
    bool maker =
        prevented->maker_session == messages->session && prevented->maker_cancelled.lots > 0;
    bool taker =
        prevented->taker_session == messages->session && prevented->taker_cancelled.lots > 0;
    bool again = messages->last_sequence == in->header.sequence;
    maker = maker && !(again && taker);
    event->kind = DOJIMA_CANCELLED;
    event->order_id = key_of(maker ? prevented->maker_order_id : prevented->taker_order_id);
    event->reference = order_find(messages, event->order_id);
    event->quantity = maker ? prevented->maker_cancelled.lots : prevented->taker_cancelled.lots;
    event->remaining = maker ? prevented->maker_remaining.lots : prevented->taker_remaining.lots;
    event->instrument = prevented->instrument;
    event->side = side_in(prevented->taker_side);
    if (maker) {
        event->side = event->side == DOJIMA_BUY ? DOJIMA_SELL : DOJIMA_BUY;
    }
    event->reason = reason_name(REASON_SELF_TRADE);
    if (event->remaining == 0) {
        order_drop(messages, event->order_id);
    }
}

static void take_reduced(const struct messages *messages, const struct event_reduced *reduced,
                         struct dojima_event *event)
{
    event->kind = DOJIMA_CANCELLED;
    event->order_id = key_of(reduced->order_id);
    event->reference = order_find(messages, event->order_id);
    event->quantity = reduced->quantity.lots;
    event->remaining = reduced->remaining.lots;
    event->instrument = reduced->instrument;
    event->side = side_in(reduced->side);
    event->reason = reason_name(reduced->reason);
}

/* Out of the book, or ended without having been in it: the same to its owner. */
static void take_end(struct messages *messages, uint64_t order_id, struct quantity quantity,
                     enum reason reason, struct dojima_event *event)
{
    event->kind = DOJIMA_CANCELLED;
    event->order_id = key_of(order_id);
    event->reference = order_find(messages, event->order_id);
    event->quantity = quantity.lots;
    event->remaining = 0;
    event->reason = reason_name(reason);
    order_drop(messages, event->order_id);
}

static void take_resolved(const struct messages *messages, const struct text36 *name, uint16_t code,
                          struct dojima_event *event)
{
    uint32_t query = reference_of(messages, '?', name);
    event->kind = query != 0 ? DOJIMA_QUERIED : DOJIMA_RESOLVED;
    event->reference = query != 0 ? query : reference_of(messages, '-', name);
    event->code = code;
    event->reason = code == 0 ? NULL : reject_name(code);
}

static enum status take_event(struct messages *messages, const struct event *in,
                              struct dojima_event *event)
{
    switch (in->header.id) {
    case EVENT_ACCEPTED:
        return take_accepted(messages, in, event);
    case EVENT_REPLACED:
        return take_replaced(messages, &in->replaced, event);
    case EVENT_REJECTED:
        take_rejected(messages, &in->rejected, event);
        break;
    case EVENT_TRADE:
        take_trade(messages, in, event);
        break;
    case EVENT_PREVENTED:
        take_prevented(messages, in, event);
        break;
    case EVENT_REDUCED:
        take_reduced(messages, &in->reduced, event);
        break;
    case EVENT_REMOVED:
        take_end(messages, in->removed.order_id, in->removed.quantity, in->removed.reason, event);
        break;
    case EVENT_CANCELLED:
        take_end(messages, in->cancelled.order_id, in->cancelled.quantity, in->cancelled.reason,
                 event);
        break;
    case EVENT_MASS_CANCELLED:
        event->kind = DOJIMA_MASS_CANCELLED;
        event->reference = (uint32_t)in->mass_cancelled.tag;
        event->quantity = in->mass_cancelled.orders;
        break;
    case EVENT_RESOLVED:
        take_resolved(messages, &in->resolved.client_order_id, in->resolved.code, event);
        break;
    case EVENT_SESSION_NOTED:
        event->kind = DOJIMA_NOTED;
        event->reason = session_note_name(in->session_noted.note);
        break;
    case EVENT_REPLAYED:
        take_resolved(messages, &in->replayed.client_order_id, in->replayed.code, event);
        break;
    default:
        event->kind = DOJIMA_OTHER;
        break;
    }
    return STATUS_OK;
}

static enum status decode(struct messages *messages, const uint8_t *bytes, size_t count,
                          struct dojima_event *out_event)
{
    struct event in;
    uint32_t budget;
    enum status status = sbe_event_decode(bytes, count, &in, &budget);
    if (status != STATUS_OK) {
        return status;
    }
    struct dojima_event event = {
        .remaining = -1, .sequence = in.header.sequence, .time_ns = in.header.time_ns};
    status = take_event(messages, &in, &event);
    if (status == STATUS_OK) {
        messages->last_sequence = in.header.sequence;
        *out_event = event;
    }
    return status;
}

static bool refused(const uint8_t *bytes, size_t count, struct refusal *out_refusal)
{
    struct sbe_not_sequenced message;
    if (sbe_not_sequenced_decode(bytes, count, &message) != STATUS_OK) {
        return false;
    }
    *out_refusal = (struct refusal){.input_sequence = message.input_sequence,
                                    .retry_after_us = message.retry_after_us};
    const char *name = message.code == REJECT_NONE ? "OVERLOADED" : reject_name(message.code);
    snprintf(out_refusal->kind, sizeof out_refusal->kind, "%s", name == NULL ? "?" : name);
    return true;
}

const struct messages_ops native_messages = {
    .encode = encode,
    .decode = decode,
    .refused = refused,
    .number = number,
    .reference_rises = false,
};

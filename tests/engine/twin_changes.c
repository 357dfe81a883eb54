/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/twin_steps.h"

#include <string.h>

/* The live order that a command names. */
static struct twin_refusal check_named(const struct twin *twin, uint64_t number,
                                       const struct text36 *name, struct twin_order **out_order)
{
    struct twin_account *account = NULL;
    struct twin_refusal refusal = twin_check_account(twin, number, &account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    struct twin_order *order = twin_find_order(account, name);
    if (order == NULL) {
        return refuse(REJECT_UNKNOWN_ORDER, 0, 0);
    }
    *out_order = order;
    return pass();
}

struct twin_refusal twin_cancel(struct twin *twin)
{
    const struct command_cancel *command = &twin->command->cancel;
    struct twin_order *order = NULL;
    struct twin_refusal refusal =
        check_named(twin, command->account, &command->client_order_id, &order);
    if (refusal.code == REJECT_NONE) {
        twin_remove(twin, order, REASON_REQUESTED);
    }
    return refusal;
}

void twin_emit_reduced(struct twin *twin, const struct twin_order *order, int64_t quantity,
                       enum reason reason)
{
    struct event_reduced *out = &TWIN_EMIT(twin, REDUCED)->reduced;
    out->order_id = order->order_id;
    out->reference = order->reference;
    out->quantity.lots = quantity;
    out->remaining.lots = order->remaining;
    out->instrument = order->instrument;
    out->side = order->side;
    out->reason = reason;
}

struct twin_refusal twin_reduce(struct twin *twin)
{
    const struct command_reduce *command = &twin->command->reduce;
    if (command->reason != REASON_REQUESTED && command->reason != REASON_REPLAY_RECONCILE &&
        command->reason != REASON_OFF_BOOK_EXECUTION) {
        return refuse(REJECT_INVALID_FIELD, 0, 3);
    }
    struct twin_order *order = NULL;
    struct twin_refusal refusal =
        check_named(twin, command->account, &command->client_order_id, &order);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    int64_t quantity = command->quantity.lots;
    int64_t lot = twin_find_instrument(twin, order->instrument)->terms.lot.lots;
    if (quantity < 1) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, quantity);
    }
    if (!twin_is_multiple(quantity, lot)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, lot, quantity);
    }
    if (quantity > order->remaining) {
        return refuse(REJECT_QUANTITY_ABOVE_OPEN, order->remaining, quantity);
    }
    if (quantity == order->remaining) {
        twin_remove(twin, order, command->reason);
        return pass();
    }
    order->remaining -= quantity;
    order->total -= quantity;
    twin_emit_reduced(twin, order, quantity, command->reason);
    return pass();
}

static void emit_replaced(struct twin *twin, const struct twin_order *order, enum place place)
{
    struct event_replaced *out = &TWIN_EMIT(twin, REPLACED)->replaced;
    out->budget = twin->budget;
    out->order_id = order->order_id;
    out->price.units = order->price;
    out->quantity.lots = order->total;
    out->remaining.lots = order->remaining;
    out->instrument = order->instrument;
    out->side = order->side;
    out->place = place;
    out->client_order_id = order->name;
}

/* `in` is the order with its new terms. */
static struct twin_refusal check_replacement(struct twin *twin, const struct twin_order *order,
                                             struct twin_incoming *in)
{
    const struct twin_account *account = twin_find_account(twin, order->account);
    const struct twin_order *namesake = twin_find_order(account, &in->order.name);
    if (namesake != NULL && namesake != order) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)namesake->order_id);
    }
    const struct command_list_instrument *terms = &in->instrument->terms;
    struct twin_refusal refusal = twin_check_quantity(terms, in->order.total);
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_price(terms, in->order.price, in->order.total);
    }
    int64_t executed = order->total - order->remaining;
    if (refusal.code == REJECT_NONE && in->order.total <= executed) {
        refusal = refuse(REJECT_QUANTITY_NOT_ABOVE_EXECUTED, executed, in->order.total);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_risk(account, in, in->order.total);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_post_only(twin, in);
    }
    if (refusal.code == REJECT_NONE) {
        in->order.remaining = in->order.total - executed;
    }
    return refusal;
}

static bool same_name(const struct text36 *a, const struct text36 *b)
{
    return a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
}

/* The order, with its new name, has ended in the course of its replacement. */
static void note_end(struct twin *twin, const struct command_replace *command)
{
    const struct twin_account *account = twin_find_account(twin, command->account);
    if (twin_find_order(account, &command->new_client_order_id) == NULL) {
        twin_name_ends(twin, command->account, &command->new_client_order_id);
    }
}

struct twin_refusal twin_replace(struct twin *twin)
{
    const struct command_replace *command = &twin->command->replace;
    struct twin_order *order = NULL;
    struct twin_account *account = NULL;
    struct twin_refusal refusal = twin_check_account(twin, command->account, &account);
    bool renames = !same_name(&command->client_order_id, &command->new_client_order_id);
    bool done = false;
    if (refusal.code == REJECT_NONE && renames) {
        refusal = twin_check_name(twin, command->account, &command->new_client_order_id, &done);
    }
    if (refusal.code != REJECT_NONE || done) {
        return refusal;
    }
    refusal = check_named(twin, command->account, &command->client_order_id, &order);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    struct twin_incoming in = {*order, twin_find_instrument(twin, order->instrument)};
    refusal = twin_check_blocks(twin, twin_find_account(twin, order->account));
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_phase(in.instrument);
    }
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    in.order.price = command->price.units;
    in.order.total = command->quantity.lots;
    in.order.name = command->new_client_order_id;
    refusal = check_replacement(twin, order, &in);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    bool grows = in.order.remaining > order->remaining;
    bool kept = in.order.price == order->price && !grows;
    if (grows && in.order.price == order->price) {
        kept = twin_makes_fault(twin, TWIN_FAULT_PLACE_KEPT);
    }
    if (kept) {
        int64_t less = order->remaining - in.order.remaining;
        if (renames) {
            twin_name_ends(twin, order->account, &order->name);
        }
        *order = in.order;
        emit_replaced(twin, order, PLACE_KEPT);
        if (renames) {
            twin_note_name(twin, order->account, &order->name, REJECT_NONE);
        }
        if (less > 0) {
            twin_emit_reduced(twin, order, less, REASON_REPLACED);
        }
        return pass();
    }
    refusal = twin_check_level(twin, &in);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    emit_replaced(twin, &in.order, PLACE_LOST);
    if (renames) {
        twin_note_name(twin, command->account, &command->new_client_order_id, REJECT_NONE);
    }
    twin->name_is_kept = !renames;
    twin_remove(twin, order, REASON_REPLACED);
    twin->name_is_kept = false;
    twin_match_and_rest(twin, &in);
    note_end(twin, command);
    return pass();
}

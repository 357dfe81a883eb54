/* SPDX-License-Identifier: Apache-2.0
 *
 * The match: rules 12 to 14 of NEW_ORDER.
 */
#include "base/assert.h"
#include "tests/engine/twin_steps.h"

#include <stdlib.h>

static bool trades_with(const struct twin_order *taker, const struct twin_order *maker)
{
    return (taker->order_type == ORDER_TYPE_MARKET && taker->price == PRICE_NONE) ||
           twin_reaches(taker->side, taker->price, maker->price);
}

/* What a trade and a prevention need, besides the last event of the command. */
#define TRADE_EVENTS      1
#define PREVENTION_EVENTS 2

/* Whether so many more events leave room for the last one. */
static bool fits(const struct twin *twin, size_t events)
{
    return twin->event_count + events <= twin->limits.max_events_per_command - 1;
}

/* What becomes of the two when the taker meets this maker; NONE: they trade. */
static enum self_trade mode_between(const struct twin *twin, const struct twin_order *taker,
                                    const struct twin_order *maker)
{
    uint32_t group = taker->self_trade_group;
    if (group == 0 || group > twin->limits.max_accounts || group != maker->self_trade_group ||
        taker->participant != maker->participant) {
        return SELF_TRADE_NONE;
    }
    return twin->groups[group];
}

static bool has_mode(const struct twin *twin, const struct twin_order *taker)
{
    return mode_between(twin, taker, taker) != SELF_TRADE_NONE;
}

static void emit_cancelled(struct twin *twin, const struct twin_order *order, enum reason reason)
{
    struct event_cancelled *out = &TWIN_EMIT(twin, CANCELLED)->cancelled;
    out->order_id = order->order_id;
    out->quantity.lots = order->remaining;
    out->instrument = order->instrument;
    out->side = order->side;
    out->reason = reason;
}

/* Why an order is cancelled that could not trade all, or its minimum, at once. */
static enum reason not_fillable(const struct twin_order *taker)
{
    return taker->time_in_force == TIME_IN_FORCE_FOK ? REASON_FOK_NOT_FILLABLE
                                                     : REASON_MINIMUM_NOT_FILLABLE;
}

/* Rule 12 for a taker whose group has a mode; the reason counts if it is not filled. */
static enum reason probe_with_mode(const struct twin *twin, const struct twin_order *taker,
                                   const struct twin_list *makers, int64_t missing,
                                   bool *out_filled)
{
    size_t events = 0;
    for (size_t i = 0; i < makers->count && trades_with(taker, makers->at[i]); i++) {
        enum self_trade mode = mode_between(twin, taker, makers->at[i]);
        if (mode != SELF_TRADE_NONE && mode != SELF_TRADE_CANCEL_OLDEST) {
            return not_fillable(taker);
        }
        if (mode == SELF_TRADE_CANCEL_OLDEST) {
            events += PREVENTION_EVENTS;
        } else {
            events += TRADE_EVENTS;
            int64_t offered = makers->at[i]->remaining;
            missing -= offered < missing ? offered : missing;
        }
        if (!fits(twin, events)) {
            return REASON_MATCH_LIMIT;
        }
        if (missing == 0) {
            *out_filled = true;
            break;
        }
    }
    return not_fillable(taker);
}

/* The same for all others. */
static enum reason probe(const struct twin *twin, const struct twin_order *taker,
                         const struct twin_list *makers, int64_t missing, bool *out_filled)
{
    size_t trades = 0;
    while (missing > 0 && trades < makers->count && trades_with(taker, makers->at[trades])) {
        int64_t offered = makers->at[trades]->remaining;
        missing -= offered < missing ? offered : missing;
        trades++;
    }
    *out_filled = missing == 0 && fits(twin, trades * TRADE_EVENTS);
    return missing > 0 ? not_fillable(taker) : REASON_MATCH_LIMIT;
}

/* Rule 12: true if the order may match. */
bool twin_fills(struct twin *twin, const struct twin_incoming *in, int64_t quantity)
{
    const struct twin_order *taker = &in->order;
    const struct twin_list *makers = twin_side(in->instrument, twin_opposite(taker->side));
    bool filled = false;
    enum reason reason = has_mode(twin, taker)
                             ? probe_with_mode(twin, taker, makers, quantity, &filled)
                             : probe(twin, taker, makers, quantity, &filled);
    if (!filled) {
        emit_cancelled(twin, taker, reason);
    }
    return filled;
}

static void trade(struct twin *twin, struct twin_order *taker, struct twin_order *maker)
{
    int64_t quantity = taker->remaining < maker->remaining ? taker->remaining : maker->remaining;
    taker->remaining -= quantity;
    maker->remaining -= quantity;
    struct event_trade *out = &TWIN_EMIT(twin, TRADE)->trade;
    out->maker_order_id = maker->order_id;
    out->maker_reference = maker->reference;
    out->taker_order_id = taker->order_id;
    out->price.units = maker->price;
    out->quantity.lots = quantity;
    out->maker_remaining.lots = maker->remaining;
    out->taker_remaining.lots = taker->remaining;
    out->maker_account = maker->account;
    out->taker_account = taker->account;
    out->maker_session = maker->session;
    out->taker_session = taker->session;
    out->instrument = maker->instrument;
    out->taker_side = taker->side;
    if (maker->remaining == 0) {
        twin_unlink(twin, maker);
        free(maker);
    }
}

/* What each of the two loses. */
static void take_from_both(enum self_trade mode, struct twin_order *taker, struct twin_order *maker,
                           struct event_prevented *out)
{
    int64_t smaller = taker->remaining < maker->remaining ? taker->remaining : maker->remaining;
    out->quantity.lots = smaller;
    if (mode == SELF_TRADE_CANCEL_NEWEST || mode == SELF_TRADE_CANCEL_BOTH) {
        out->taker_cancelled.lots = taker->remaining;
    }
    if (mode == SELF_TRADE_CANCEL_OLDEST || mode == SELF_TRADE_CANCEL_BOTH) {
        out->maker_cancelled.lots = maker->remaining;
    }
    if (mode == SELF_TRADE_DECREMENT) {
        out->taker_cancelled.lots = smaller;
        out->maker_cancelled.lots = smaller;
    }
    out->maker_remaining.lots = maker->remaining - out->maker_cancelled.lots;
    out->taker_remaining.lots = taker->remaining - out->taker_cancelled.lots;
}

static void prevent(struct twin *twin, enum self_trade mode, struct twin_order *taker,
                    struct twin_order *maker)
{
    struct event *event = TWIN_EMIT(twin, PREVENTED);
    struct event_prevented *out = &event->prevented;
    out->maker_order_id = maker->order_id;
    out->maker_reference = maker->reference;
    out->taker_order_id = taker->order_id;
    out->price.units = maker->price;
    out->maker_session = maker->session;
    out->taker_session = taker->session;
    out->instrument = maker->instrument;
    out->self_trade_group = taker->self_trade_group;
    out->taker_side = taker->side;
    out->mode = mode;
    take_from_both(mode, taker, maker, out);
    taker->total -= out->taker_cancelled.lots;
    taker->remaining = out->taker_remaining.lots;
    if (out->maker_remaining.lots == 0) {
        twin_remove(twin, maker, REASON_SELF_TRADE);
    } else if (out->maker_cancelled.lots > 0) {
        maker->total -= out->maker_cancelled.lots;
        maker->remaining = out->maker_remaining.lots;
        twin_emit_reduced(twin, maker, out->maker_cancelled.lots, REASON_SELF_TRADE);
    }
}

static void add_to_queue(struct twin *twin, struct twin_list *side, struct twin_order *order)
{
    size_t index = 0;
    while (index < side->count &&
           (side->at[index]->price == order->price ||
            !twin_reaches(order->side, order->price, side->at[index]->price))) {
        index++;
    }
    twin_list_insert(side, index, order);
    if (index > 0 && side->at[index - 1]->price == order->price &&
        twin_makes_fault(twin, TWIN_FAULT_QUEUE_SWAPPED)) {
        side->at[index] = side->at[index - 1];
        side->at[index - 1] = order;
    }
}

static void add_to_timers(struct twin *twin, struct twin_order *order)
{
    const struct twin_list *timers = &twin->timers;
    size_t index = 0;
    while (index < timers->count && (timers->at[index]->expire_time < order->expire_time ||
                                     (timers->at[index]->expire_time == order->expire_time &&
                                      timers->at[index]->order_id < order->order_id))) {
        index++;
    }
    twin_list_insert(&twin->timers, index, order);
}

/* Into the book at the back of its price. */
static void rest(struct twin *twin, const struct twin_incoming *in)
{
    struct twin_order *order = malloc(sizeof *order);
    ASSERT(order != NULL);
    *order = in->order;
    struct event *event = TWIN_EMIT(twin, RESTED);
    order->reference = event->header.sequence;
    event->rested.order_id = order->order_id;
    event->rested.price.units = order->price;
    event->rested.quantity.lots = order->remaining;
    event->rested.instrument = order->instrument;
    event->rested.side = order->side;
    add_to_queue(twin, twin_side(in->instrument, order->side), order);
    struct twin_account *account = twin_find_account(twin, order->account);
    twin_list_insert(&account->orders, account->orders.count, order);
    if (order->time_in_force == TIME_IN_FORCE_GTD) {
        add_to_timers(twin, order);
    }
}

/* Rules 13 and 14. */
void twin_match_and_rest(struct twin *twin, struct twin_incoming *in)
{
    struct twin_order *taker = &in->order;
    const struct twin_list *makers = twin_side(in->instrument, twin_opposite(taker->side));
    while (taker->remaining > 0 && makers->count > 0 && trades_with(taker, makers->at[0])) {
        enum self_trade mode = mode_between(twin, taker, makers->at[0]);
        if (mode != SELF_TRADE_NONE && twin_makes_fault(twin, TWIN_FAULT_SELF_TRADE)) {
            mode = SELF_TRADE_NONE;
        }
        if (!fits(twin, mode == SELF_TRADE_NONE ? TRADE_EVENTS : PREVENTION_EVENTS)) {
            emit_cancelled(twin, taker, REASON_MATCH_LIMIT);
            return;
        }
        if (mode == SELF_TRADE_NONE) {
            trade(twin, taker, makers->at[0]);
        } else {
            prevent(twin, mode, taker, makers->at[0]);
        }
    }
    if (taker->remaining == 0) {
        return;
    }
    if (taker->order_type == ORDER_TYPE_MARKET) {
        emit_cancelled(twin, taker, REASON_MARKET_REMAINDER);
    } else if (taker->time_in_force == TIME_IN_FORCE_IOC) {
        emit_cancelled(twin, taker, REASON_IOC_REMAINDER);
    } else {
        rest(twin, in);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "tests/engine/twin_steps.h"

#include <stdlib.h>
#include <string.h>

/* An order on its way into the book, with what the events tell of it. */
struct incoming {
    struct twin_order order;
    struct twin_instrument *instrument;
};

static enum side opposite(enum side side)
{
    return side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
}

/* True if an order of `side` with this limit price trades against one at `price`. */
static bool reaches(enum side side, int64_t limit, int64_t price)
{
    return side == SIDE_BUY ? limit >= price : limit <= price;
}

static bool trades_with(const struct twin_order *taker, const struct twin_order *maker)
{
    return taker->order_type == ORDER_TYPE_MARKET ||
           reaches(taker->side, taker->price, maker->price);
}

/* How many more trades of this command may be emitted. */
static size_t trades_that_fit(const struct twin *twin)
{
    size_t most = twin->limits.max_events_per_command - 1;
    return twin->event_count < most ? most - twin->event_count : 0;
}

static bool is_multiple(int64_t value, int64_t unit)
{
    return value % unit == 0;
}

static uint128 magnitude(int64_t value)
{
    return value < 0 ? (uint128)(-(int128)value) : (uint128)value;
}

/* |price| x quantity x multiplier, or anything above 2^63 - 1 if it is above that. */
static uint128 notional(const struct command_list_instrument *terms, int64_t price,
                        int64_t quantity)
{
    uint128 product = magnitude(price) * magnitude(quantity);
    if (product > INT64_MAX) {
        return product;
    }
    return product * magnitude(terms->multiplier);
}

/* Rule 4. */
static struct twin_refusal check_quantity(const struct command_list_instrument *terms,
                                          int64_t quantity)
{
    if (quantity < 1) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, quantity);
    }
    if (!is_multiple(quantity, terms->lot.lots)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, quantity);
    }
    if (quantity > terms->largest_quantity.lots) {
        return refuse(REJECT_QUANTITY_TOO_LARGE, terms->largest_quantity.lots, quantity);
    }
    return pass();
}

/* Rule 5. */
static struct twin_refusal check_price(const struct command_list_instrument *terms, int64_t price,
                                       int64_t quantity)
{
    if (price == PRICE_NONE || price < terms->lowest_price.units) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->lowest_price.units, price);
    }
    if (price > terms->highest_price.units) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->highest_price.units, price);
    }
    if (!is_multiple(price, terms->tick.units)) {
        return refuse(REJECT_PRICE_NOT_ON_TICK, terms->tick.units, price);
    }
    if (notional(terms, price, quantity) > INT64_MAX) {
        return refuse(REJECT_NOTIONAL_OVERFLOW, 0, quantity);
    }
    return pass();
}

/* Rule 8. */
static struct twin_refusal check_risk(const struct twin_account *account, const struct incoming *in,
                                      int64_t quantity)
{
    if (account->terms.unlimited == 1) {
        return pass();
    }
    int64_t value = 0;
    if (in->order.order_type == ORDER_TYPE_LIMIT) {
        value = (int64_t)notional(&in->instrument->terms, in->order.price, quantity);
    }
    return refuse(REJECT_BALANCE_TOO_SMALL, 0, value);
}

/* Rule 9; a slide changes in->order.price. */
static struct twin_refusal check_post_only(struct twin *twin, struct incoming *in)
{
    struct twin_order *order = &in->order;
    const struct twin_list *makers = twin_side(in->instrument, opposite(order->side));
    if (order->post_only == POST_ONLY_OFF || makers->count == 0) {
        return pass();
    }
    int64_t best = makers->at[0]->price;
    if (!reaches(order->side, order->price, best)) {
        return pass();
    }
    if (order->post_only == POST_ONLY_REJECT) {
        return refuse(REJECT_POST_ONLY_WOULD_TRADE, best, order->price);
    }
    const struct command_list_instrument *terms = &in->instrument->terms;
    int128 back = terms->tick.units;
    if (twin_makes_fault(twin, TWIN_FAULT_SLIDE_TWO_TICKS)) {
        back *= 2;
    }
    int128 price = order->side == SIDE_BUY ? best - back : best + back;
    if (price < terms->lowest_price.units || price > terms->highest_price.units) {
        return refuse(REJECT_POST_ONLY_WOULD_TRADE, best, order->price);
    }
    order->price = (int64_t)price;
    return pass();
}

static bool has_level(const struct twin_list *side, int64_t price)
{
    for (size_t i = 0; i < side->count; i++) {
        if (side->at[i]->price == price) {
            return true;
        }
    }
    return false;
}

/* Rule 10. */
static struct twin_refusal check_level(const struct twin *twin, const struct incoming *in)
{
    enum time_in_force time_in_force = in->order.time_in_force;
    if (time_in_force == TIME_IN_FORCE_IOC || time_in_force == TIME_IN_FORCE_FOK ||
        has_level(twin_side(in->instrument, in->order.side), in->order.price)) {
        return pass();
    }
    if (twin_count_levels(twin) == twin->limits.max_levels) {
        return refuse(REJECT_LEVEL_POOL_FULL, twin->limits.max_levels, 0);
    }
    return pass();
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

/* Rule 12: true if the order may match. */
static bool fok_fills(struct twin *twin, const struct incoming *in)
{
    const struct twin_list *makers = twin_side(in->instrument, opposite(in->order.side));
    int64_t missing = in->order.remaining;
    size_t trades = 0;
    while (missing > 0 && trades < makers->count && trades_with(&in->order, makers->at[trades])) {
        int64_t offered = makers->at[trades]->remaining;
        missing -= offered < missing ? offered : missing;
        trades++;
    }
    if (missing > 0) {
        emit_cancelled(twin, &in->order, REASON_FOK_NOT_FILLABLE);
        return false;
    }
    if (trades > trades_that_fit(twin)) {
        emit_cancelled(twin, &in->order, REASON_MATCH_LIMIT);
        return false;
    }
    return true;
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

static void add_to_queue(struct twin *twin, struct twin_list *side, struct twin_order *order)
{
    size_t index = 0;
    while (index < side->count && (side->at[index]->price == order->price ||
                                   !reaches(order->side, order->price, side->at[index]->price))) {
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
static void rest(struct twin *twin, const struct incoming *in)
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
static void match_and_rest(struct twin *twin, struct incoming *in)
{
    struct twin_order *taker = &in->order;
    const struct twin_list *makers = twin_side(in->instrument, opposite(taker->side));
    while (taker->remaining > 0 && makers->count > 0 && trades_with(taker, makers->at[0])) {
        if (trades_that_fit(twin) == 0) {
            emit_cancelled(twin, taker, REASON_MATCH_LIMIT);
            return;
        }
        trade(twin, taker, makers->at[0]);
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

/* The account, and whether the session may use it. */
struct twin_refusal twin_check_account(const struct twin *twin, uint64_t number,
                                       struct twin_account **out_account)
{
    struct twin_account *account = twin_find_account(twin, number);
    if (account == NULL) {
        return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)number);
    }
    uint32_t session = twin->command->header.session;
    if (session != 0) {
        uint32_t participant = twin_find_session(twin, session)->participant;
        if (participant != account->terms.participant) {
            return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, account->terms.participant,
                          participant);
        }
    }
    *out_account = account;
    return pass();
}

/* The kill switches of rule 1. */
static struct twin_refusal check_blocks(const struct twin *twin, const struct twin_account *account)
{
    if (twin_find_session(twin, twin->command->header.session)->blocked) {
        return refuse(REJECT_BLOCKED, 0, 3);
    }
    if (account->participant_blocked) {
        return refuse(REJECT_BLOCKED, 0, 1);
    }
    return account->blocked ? refuse(REJECT_BLOCKED, 0, 2) : pass();
}

/* The phase of rule 2. */
static struct twin_refusal check_phase(const struct twin_instrument *instrument)
{
    switch (instrument->phase) {
    case PHASE_HALTED:
        return refuse(REJECT_INSTRUMENT_HALTED, 0, instrument->terms.instrument);
    case PHASE_CLOSED:
        return refuse(REJECT_INSTRUMENT_CLOSED, 0, instrument->terms.instrument);
    case PHASE_OPEN:
        break;
    }
    return pass();
}

/* Rule 3. */
static struct twin_refusal check_compatible(const struct twin *twin)
{
    const struct command_new_order *in = &twin->command->new_order;
    bool market = in->order_type == ORDER_TYPE_MARKET;
    bool immediate =
        in->time_in_force == TIME_IN_FORCE_IOC || in->time_in_force == TIME_IN_FORCE_FOK;
    bool dated = in->time_in_force == TIME_IN_FORCE_GTD;
    if (market && (in->price.units != PRICE_NONE || !immediate)) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (in->post_only != POST_ONLY_OFF && (immediate || market)) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (dated ? in->expire_time == 0 : in->expire_time != 0) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (dated && in->expire_time <= twin->time_ns) {
        return refuse(REJECT_EXPIRY_NOT_IN_FUTURE, (int64_t)twin->time_ns,
                      (int64_t)in->expire_time);
    }
    return pass();
}

static void emit_accepted(struct twin *twin, struct incoming *in,
                          const struct twin_account *account)
{
    const struct command_new_order *command = &twin->command->new_order;
    uint32_t session = twin->command->header.session;
    struct event *event = TWIN_EMIT(twin, ACCEPTED);
    in->order.order_id = event->header.sequence * 65536 + twin->limits.shard;
    struct event_accepted *out = &event->accepted;
    out->account = command->account;
    out->price.units = in->order.price;
    out->quantity = command->quantity;
    out->expire_time = command->expire_time;
    out->instrument = command->instrument;
    out->session = session;
    out->participant = account->terms.participant;
    out->user = session == 0 ? 0 : twin_find_session(twin, session)->user;
    out->self_trade_group = command->self_trade_group != 0 ? command->self_trade_group
                                                           : account->terms.self_trade_group;
    out->side = command->side;
    out->order_type = command->order_type;
    out->time_in_force = command->time_in_force;
    out->post_only = command->post_only;
    out->capacity = command->capacity;
    out->budget = twin->budget;
    out->cancel_on_disconnect = in->order.tagged ? 1 : 0;
    out->client_order_id = command->client_order_id;
}

/* Rules 6 to 10. */
static struct twin_refusal check_entry(struct twin *twin, struct incoming *in,
                                       const struct twin_account *account)
{
    const struct twin_order *namesake = twin_find_order(account, &in->order.name);
    if (namesake != NULL) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)namesake->order_id);
    }
    if (twin_count_orders(twin) == twin->limits.max_orders) {
        return refuse(REJECT_ORDER_POOL_FULL, twin->limits.max_orders, 0);
    }
    struct twin_refusal refusal = check_risk(account, in, in->order.total);
    if (refusal.code == REJECT_NONE) {
        refusal = check_post_only(twin, in);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = check_level(twin, in);
    }
    return refusal;
}

static struct incoming incoming_from(const struct twin *twin, struct twin_instrument *instrument)
{
    const struct command_new_order *command = &twin->command->new_order;
    const struct twin_session *session = twin_find_session(twin, twin->command->header.session);
    bool wished = command->on_disconnect == ON_DISCONNECT_CANCEL ||
                  (command->on_disconnect == ON_DISCONNECT_DEFAULT && session->tags);
    return (struct incoming){
        .order = {.account = command->account,
                  .expire_time = command->expire_time,
                  .price = command->price.units,
                  .total = command->quantity.lots,
                  .remaining = command->quantity.lots,
                  .instrument = command->instrument,
                  .session = twin->command->header.session,
                  .side = command->side,
                  .order_type = command->order_type,
                  .time_in_force = command->time_in_force,
                  .post_only = command->post_only,
                  .tagged = wished && twin->command->header.session != 0,
                  .name = command->client_order_id},
        .instrument = instrument,
    };
}

struct twin_refusal twin_new_order(struct twin *twin)
{
    const struct command_new_order *command = &twin->command->new_order;
    struct twin_account *account = NULL;
    struct twin_refusal refusal = twin_check_account(twin, command->account, &account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    bool done = false;
    refusal = twin_check_name(twin, command->account, &command->client_order_id, &done);
    if (refusal.code != REJECT_NONE || done) {
        return refusal;
    }
    refusal = check_blocks(twin, account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    struct twin_instrument *instrument = twin_find_instrument(twin, command->instrument);
    if (instrument == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, command->instrument);
    }
    refusal = check_phase(instrument);
    if (refusal.code == REJECT_NONE) {
        refusal = check_compatible(twin);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = check_quantity(&instrument->terms, command->quantity.lots);
    }
    if (refusal.code == REJECT_NONE && command->order_type == ORDER_TYPE_LIMIT) {
        refusal = check_price(&instrument->terms, command->price.units, command->quantity.lots);
    }
    struct incoming in = incoming_from(twin, instrument);
    if (refusal.code == REJECT_NONE) {
        refusal = check_entry(twin, &in, account);
    }
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    emit_accepted(twin, &in, account);
    twin_note_name(twin, command->account, &command->client_order_id, REJECT_NONE);
    if (command->time_in_force != TIME_IN_FORCE_FOK || fok_fills(twin, &in)) {
        match_and_rest(twin, &in);
    }
    if (twin_find_order(account, &command->client_order_id) == NULL) {
        twin_name_ends(twin, command->account, &command->client_order_id);
    }
    return pass();
}

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

static void emit_reduced(struct twin *twin, const struct twin_order *order, int64_t quantity,
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
    if (!is_multiple(quantity, lot)) {
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
    emit_reduced(twin, order, quantity, command->reason);
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
                                             struct incoming *in)
{
    const struct twin_account *account = twin_find_account(twin, order->account);
    const struct twin_order *namesake = twin_find_order(account, &in->order.name);
    if (namesake != NULL && namesake != order) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)namesake->order_id);
    }
    const struct command_list_instrument *terms = &in->instrument->terms;
    struct twin_refusal refusal = check_quantity(terms, in->order.total);
    if (refusal.code == REJECT_NONE) {
        refusal = check_price(terms, in->order.price, in->order.total);
    }
    int64_t executed = order->total - order->remaining;
    if (refusal.code == REJECT_NONE && in->order.total <= executed) {
        refusal = refuse(REJECT_QUANTITY_NOT_ABOVE_EXECUTED, executed, in->order.total);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = check_risk(account, in, in->order.total);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = check_post_only(twin, in);
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
    struct incoming in = {*order, twin_find_instrument(twin, order->instrument)};
    refusal = check_blocks(twin, twin_find_account(twin, order->account));
    if (refusal.code == REJECT_NONE) {
        refusal = check_phase(in.instrument);
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
            emit_reduced(twin, order, less, REASON_REPLACED);
        }
        return pass();
    }
    refusal = check_level(twin, &in);
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
    match_and_rest(twin, &in);
    note_end(twin, command);
    return pass();
}

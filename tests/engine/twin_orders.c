/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/twin_steps.h"

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
struct twin_refusal twin_check_quantity(const struct command_list_instrument *terms,
                                        int64_t quantity)
{
    if (quantity < 1) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, quantity);
    }
    if (!twin_is_multiple(quantity, terms->lot.lots)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, quantity);
    }
    if (quantity > terms->largest_quantity.lots) {
        return refuse(REJECT_QUANTITY_TOO_LARGE, terms->largest_quantity.lots, quantity);
    }
    return pass();
}

/* Rule 5. */
struct twin_refusal twin_check_price(const struct command_list_instrument *terms, int64_t price,
                                     int64_t quantity)
{
    if (price == PRICE_NONE || price < terms->lowest_price.units) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->lowest_price.units, price);
    }
    if (price > terms->highest_price.units) {
        return refuse(REJECT_PRICE_OUT_OF_RANGE, terms->highest_price.units, price);
    }
    if (!twin_is_multiple(price, terms->tick.units)) {
        return refuse(REJECT_PRICE_NOT_ON_TICK, terms->tick.units, price);
    }
    if (notional(terms, price, quantity) > INT64_MAX) {
        return refuse(REJECT_NOTIONAL_OVERFLOW, 0, quantity);
    }
    return pass();
}

/* Rule 8. */
struct twin_refusal twin_check_risk(const struct twin_account *account,
                                    const struct twin_incoming *in, int64_t quantity)
{
    if (account->terms.unlimited == 1) {
        return pass();
    }
    int64_t value = 0;
    if (in->order.price != PRICE_NONE) {
        value = (int64_t)notional(&in->instrument->terms, in->order.price, quantity);
    }
    return refuse(REJECT_BALANCE_TOO_SMALL, 0, value);
}

/* Rule 9; a slide changes in->order.price. */
struct twin_refusal twin_check_post_only(struct twin *twin, struct twin_incoming *in)
{
    struct twin_order *order = &in->order;
    const struct twin_list *makers = twin_side(in->instrument, twin_opposite(order->side));
    if (order->post_only == POST_ONLY_OFF || makers->count == 0) {
        return pass();
    }
    int64_t best = makers->at[0]->price;
    if (!twin_reaches(order->side, order->price, best)) {
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
struct twin_refusal twin_check_level(const struct twin *twin, const struct twin_incoming *in)
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
struct twin_refusal twin_check_blocks(const struct twin *twin, const struct twin_account *account)
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
struct twin_refusal twin_check_phase(const struct twin_instrument *instrument)
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
    if (market && !immediate) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (market && in->price.units != PRICE_NONE && twin->logic == 1) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (in->minimum_quantity.lots != 0 &&
        (twin->logic == 1 || in->time_in_force != TIME_IN_FORCE_IOC)) {
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

static void emit_accepted(struct twin *twin, struct twin_incoming *in,
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
    out->self_trade_group = in->order.self_trade_group;
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
static struct twin_refusal check_entry(struct twin *twin, struct twin_incoming *in,
                                       const struct twin_account *account)
{
    const struct twin_order *namesake = twin_find_order(account, &in->order.name);
    if (namesake != NULL) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)namesake->order_id);
    }
    if (twin_count_orders(twin) == twin->limits.max_orders) {
        return refuse(REJECT_ORDER_POOL_FULL, twin->limits.max_orders, 0);
    }
    struct twin_refusal refusal = twin_check_risk(account, in, in->order.total);
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_post_only(twin, in);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_level(twin, in);
    }
    return refusal;
}

static struct twin_incoming incoming_from(const struct twin *twin,
                                          struct twin_instrument *instrument,
                                          const struct twin_account *account)
{
    const struct command_new_order *command = &twin->command->new_order;
    const struct twin_session *session = twin_find_session(twin, twin->command->header.session);
    bool wished = command->on_disconnect == ON_DISCONNECT_CANCEL ||
                  (command->on_disconnect == ON_DISCONNECT_DEFAULT && session->tags);
    return (struct twin_incoming){
        .order = {.account = command->account,
                  .expire_time = command->expire_time,
                  .price = command->price.units,
                  .total = command->quantity.lots,
                  .remaining = command->quantity.lots,
                  .instrument = command->instrument,
                  .session = twin->command->header.session,
                  .participant = account->terms.participant,
                  .self_trade_group = command->self_trade_group != 0
                                          ? command->self_trade_group
                                          : account->terms.self_trade_group,
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
    refusal = twin_check_blocks(twin, account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    struct twin_instrument *instrument = twin_find_instrument(twin, command->instrument);
    if (instrument == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, command->instrument);
    }
    refusal = twin_check_phase(instrument);
    if (refusal.code == REJECT_NONE) {
        refusal = check_compatible(twin);
    }
    if (refusal.code == REJECT_NONE) {
        refusal = twin_check_quantity(&instrument->terms, command->quantity.lots);
    }
    int64_t minimum = command->minimum_quantity.lots;
    if (refusal.code == REJECT_NONE && minimum != 0) {
        if (minimum < 0 || minimum > command->quantity.lots) {
            refusal = refuse(REJECT_MINIMUM_OUT_OF_RANGE, command->quantity.lots, minimum);
        } else if (!twin_is_multiple(minimum, instrument->terms.lot.lots)) {
            refusal = refuse(REJECT_QUANTITY_NOT_ON_LOT, instrument->terms.lot.lots, minimum);
        }
    }
    bool priced = command->order_type == ORDER_TYPE_LIMIT || command->price.units != PRICE_NONE;
    if (refusal.code == REJECT_NONE && priced) {
        refusal =
            twin_check_price(&instrument->terms, command->price.units, command->quantity.lots);
    }
    struct twin_incoming in = incoming_from(twin, instrument, account);
    if (refusal.code == REJECT_NONE) {
        refusal = check_entry(twin, &in, account);
    }
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    emit_accepted(twin, &in, account);
    twin_note_name(twin, command->account, &command->client_order_id, REJECT_NONE);
    int64_t at_once = command->time_in_force == TIME_IN_FORCE_FOK ? command->quantity.lots
                                                                  : command->minimum_quantity.lots;
    if (at_once == 0 || twin_fills(twin, &in, at_once)) {
        twin_match_and_rest(twin, &in);
    }
    if (twin_find_order(account, &command->client_order_id) == NULL) {
        twin_name_ends(twin, command->account, &command->client_order_id);
    }
    return pass();
}

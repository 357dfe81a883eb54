/* SPDX-License-Identifier: Apache-2.0
 *
 * NEW_ORDER: docs/reference/engine-rules.md, in its order.
 */
#include "base/assert.h"
#include "base/planted.h"
#include "engine/orders.h"

/* Fields that contradict each other, and an expiry that has passed. */
static struct refusal check_compatible(const struct engine *engine,
                                       const struct command_new_order *in)
{
    bool immediate =
        in->time_in_force == TIME_IN_FORCE_IOC || in->time_in_force == TIME_IN_FORCE_FOK;
    bool market = in->order_type == ORDER_TYPE_MARKET;
    bool protected = market && in->price.units != PRICE_NONE;
    if (UNLIKELY((market && !immediate) || (protected && engine->logic < LOGIC_PROTECTION) ||
                 (in->post_only != POST_ONLY_OFF && (immediate || market)) ||
                 (in->time_in_force == TIME_IN_FORCE_GTD) != (in->expire_time != 0))) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (UNLIKELY(in->minimum_quantity.lots != 0 &&
                 (engine->logic < LOGIC_MINIMUM || in->time_in_force != TIME_IN_FORCE_IOC))) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (UNLIKELY(in->expire_time != 0 && in->expire_time <= engine->time_ns)) {
        return refuse(REJECT_EXPIRY_NOT_IN_FUTURE, (int64_t)engine->time_ns,
                      (int64_t)in->expire_time);
    }
    return refusal_none();
}

static COLD struct refusal check_minimum(const struct command_list_instrument *terms,
                                         const struct command_new_order *in)
{
    int64_t minimum = in->minimum_quantity.lots;
    if (minimum < 1 || minimum > in->quantity.lots) {
        return refuse(REJECT_MINIMUM_OUT_OF_RANGE, in->quantity.lots, minimum);
    }
    return minimum % terms->lot.lots == 0
               ? refusal_none()
               : refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, minimum);
}

static struct refusal check_new_order(struct apply *apply, struct hash128 key,
                                      struct order_check *check)
{
    const struct engine *engine = apply->engine;
    const struct command_new_order *in = &apply->command->new_order;
    check->terms = reference_find(&engine->reference, in->instrument);
    if (UNLIKELY(check->terms == NULL || order_is_stopped(engine, check, in->instrument))) {
        return order_check_stops(engine, check, in->instrument);
    }
    TRY(check_compatible(engine, in));
    TRY(reference_check_quantity(check->terms, in->quantity.lots));
    if (UNLIKELY(in->minimum_quantity.lots != 0)) {
        TRY(check_minimum(check->terms, in));
    }
    int64_t notional = 0;
    check->price_units = in->price.units;
    if (in->order_type == ORDER_TYPE_LIMIT || in->price.units != PRICE_NONE) {
        TRY(reference_check_price(check->terms, in->price.units, in->quantity.lots, &notional));
    }
    uint32_t live = names_find(&engine->names, engine->pool.orders, key);
    if (UNLIKELY(live != POOL_NONE)) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)engine->pool.orders[live].order_id);
    }
    if (UNLIKELY(engine->pool.order_count == engine->pool.max_orders)) {
        return refuse(REJECT_ORDER_POOL_FULL, engine->pool.max_orders, 0);
    }
    TRY(risk_check_order(check->account, notional));
    TRY(order_check_post_only(engine, in->side, in->post_only, check));
    if (in->time_in_force != TIME_IN_FORCE_IOC && in->time_in_force != TIME_IN_FORCE_FOK) {
        TRY(order_check_level(engine, in->side, check));
    }
    return refusal_none();
}

static void put_accepted(struct apply *apply, const struct order_check *check)
{
    const struct command_new_order *in = &apply->command->new_order;
    EVENT_PUT(apply->events, ACCEPTED, accepted,
              (&(struct event_accepted){
                  .account = in->account,
                  .price.units = check->price_units,
                  .quantity = in->quantity,
                  .expire_time = in->expire_time,
                  .instrument = in->instrument,
                  .session = apply->command->header.session,
                  .participant = check->account->participant,
                  .user = check->user,
                  .self_trade_group = check->self_trade_group,
                  .budget = apply->budget,
                  .side = in->side,
                  .order_type = in->order_type,
                  .time_in_force = in->time_in_force,
                  .post_only = in->post_only,
                  .capacity = in->capacity,
                  .cancel_on_disconnect = check->tagged,
                  .client_order_id = in->client_order_id,
              }),
              apply->command->header.sequence);
}

static void rest_new_order(struct apply *apply, const struct taker *taker, struct hash128 key,
                           const struct order_check *check)
{
    struct engine *engine = apply->engine;
    const struct command_new_order *in = &apply->command->new_order;
    uint32_t index = book_order_take(&engine->pool);
    struct order *order = &engine->pool.orders[index];
    order->name_key = key;
    order->remaining_lots = taker->remaining_lots;
    order->total_lots = in->quantity.lots - taker->cancelled_lots;
    order->order_id = taker->order_id;
    order->time_in_force = (uint8_t)in->time_in_force;
    order->post_only = (uint8_t)in->post_only;
    order->tagged = check->tagged;
    engine->pool.cold[index] = (struct order_cold){
        .account = in->account,
        .expire_time = in->expire_time,
        .session = taker->session,
        .participant = check->account->participant,
        .user = check->user,
        .self_trade_group = check->self_trade_group,
        .timer = POOL_NONE,
        .order_type = (uint8_t)in->order_type,
        .capacity = (uint8_t)in->capacity,
        .client_order_id = in->client_order_id,
    };
    names_add(&engine->names, key, index);
    if (UNLIKELY(order->tagged != 0)) {
        sweep_link(engine, index);
    }
    if (in->expire_time != 0) {
        timers_add(&engine->timers, in->expire_time, order->order_id, index);
    }
    order_rest(apply, index, in->instrument, in->side, check->price_units);
}

/* What follows ACCEPTED; false if nothing of the order rests. */
static bool enter_order(struct apply *apply, struct hash128 key, const struct order_check *check)
{
    const struct command_new_order *in = &apply->command->new_order;
    struct taker taker = {
        .order_id = (PLANTED(ORDER_ID_AGAIN) ? apply->events->sequence & ~UINT64_C(3)
                                             : apply->events->sequence)
                        << 16 |
                    apply->engine->genesis.shard,
        .account = in->account,
        .cause = apply->command->header.sequence,
        .remaining_lots = in->quantity.lots,
        .worst_rank = check->price_units == PRICE_NONE
                          ? INT64_MIN
                          : match_worst_rank(in->side, check->price_units),
        .session = apply->command->header.session,
        .instrument = in->instrument,
        .participant = check->account->participant,
        .self_trade_group = check->self_trade_group,
        .mode = order_group_mode(apply->engine, check->self_trade_group),
        .side = in->side,
    };
    bool fok = in->time_in_force == TIME_IN_FORCE_FOK;
    if (fok || UNLIKELY(in->minimum_quantity.lots != 0)) {
        int64_t lots = fok ? in->quantity.lots : in->minimum_quantity.lots;
        uint32_t events_max = apply->event_count_max - 1 - apply->events->count;
        enum match_fill fill = match_probe(&apply->engine->pool, &taker, lots, events_max);
        if (fill != MATCH_FILLS) {
            enum reason reason = fok ? REASON_FOK_NOT_FILLABLE : REASON_MINIMUM_NOT_FILLABLE;
            order_put_cancelled(apply, &taker,
                                fill == MATCH_NOT_ENOUGH ? reason : REASON_MATCH_LIMIT);
            return false;
        }
    }
    if (UNLIKELY(!order_trade(apply, &taker))) {
        order_put_cancelled(apply, &taker, REASON_MATCH_LIMIT);
    } else if (taker.remaining_lots > 0) {
        if (in->order_type == ORDER_TYPE_MARKET) {
            order_put_cancelled(apply, &taker, REASON_MARKET_REMAINDER);
        } else if (in->time_in_force == TIME_IN_FORCE_IOC) {
            order_put_cancelled(apply, &taker, REASON_IOC_REMAINDER);
        } else {
            rest_new_order(apply, &taker, key, check);
            return true;
        }
    }
    return false;
}

struct refusal apply_new_order(struct apply *apply)
{
    struct engine *engine = apply->engine;
    const struct command_new_order *in = &apply->command->new_order;
    struct hash128 key = name_key(in->account, &in->client_order_id);
    struct order_check check;
    TRY(order_check_account(apply, in->account, &check));
    if (UNLIKELY(engine->recent.max != 0)) {
        bool replayed;
        TRY(resend_check(apply, key, in->account, &in->client_order_id, &replayed));
        if (replayed) {
            return refusal_none();
        }
    }
    TRY(check_new_order(apply, key, &check));
    if (in->on_disconnect != ON_DISCONNECT_DEFAULT) {
        check.tagged =
            in->on_disconnect == ON_DISCONNECT_CANCEL && apply->command->header.session != 0;
    }
    check.self_trade_group =
        in->self_trade_group != 0 ? in->self_trade_group : check.account->self_trade_group;
    put_accepted(apply, &check);
    ASSERT(apply->events->sequence < EVENT_SEQUENCE_END);
    if (UNLIKELY(apply->name_is_new)) {
        resend_note(apply, REJECT_NONE);
    }
    if (!enter_order(apply, key, &check) && UNLIKELY(engine->recent.max != 0)) {
        recent_end(&engine->recent, key, engine->time_ns);
    }
    return refusal_none();
}

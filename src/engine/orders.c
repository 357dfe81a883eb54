/* SPDX-License-Identifier: Apache-2.0
 *
 * NEW_ORDER, CANCEL, REDUCE, REPLACE: docs/reference/engine-rules.md, in its order.
 */
#include "base/assert.h"
#include "base/planted.h"
#include "engine/match/match.h"
#include "engine/state.h"
#include "wire/native/text36.h"

/* What the checks of an order find out. */
struct order_check {
    const struct account *account;
    const struct command_list_instrument *terms;
    uint32_t user;
    uint8_t session_blocked;
    uint8_t tagged;      /* a new order leaves with its session */
    int64_t price_units; /* as it counts, after a slide */
};

static void forget(struct engine *engine, uint32_t index)
{
    const struct order *order = &engine->pool.orders[index];
    names_remove(&engine->names, order->name_key, index);
    if (UNLIKELY(order->tagged != 0)) {
        sweep_unlink(engine, index);
    }
    if (UNLIKELY(engine->recent.max != 0)) {
        recent_end(&engine->recent, order->name_key, engine->time_ns);
    }
    if (order->time_in_force == TIME_IN_FORCE_GTD) { /* the cold part stays untouched */
        timers_remove(&engine->timers, index);
    }
    book_order_give(&engine->pool, index);
}

void remove_order(struct apply *apply, uint32_t index, enum reason reason)
{
    struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    const struct level *level = book_order_level(pool, order);
    EVENT_PUT(apply->events, REMOVED, removed,
              (&(struct event_removed){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = order->remaining_lots,
                                       .instrument = level_instrument(level),
                                       .side = level_side(level),
                                       .reason = reason}),
              apply->command->header.sequence);
    book_remove(pool, index);
    forget(apply->engine, index);
}

static struct refusal check_account(struct apply *apply, uint64_t number, struct order_check *check)
{
    const struct engine *engine = apply->engine;
    check->account = accounts_find(&engine->accounts, number);
    if (UNLIKELY(check->account == NULL)) {
        return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)number);
    }
    uint32_t session_number = apply->command->header.session;
    if (session_number != 0) {
        const struct session *session = sessions_find(&engine->sessions, session_number);
        ASSERT(session != NULL);
        if (UNLIKELY(session->participant != check->account->participant)) {
            return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, check->account->participant,
                          session->participant);
        }
        check->user = session->user;
        check->session_blocked = session->blocked;
        check->tagged = session->cancel_on_disconnect;
    } else {
        check->user = 0;
        check->session_blocked = 0;
        check->tagged = 0;
    }
    return refusal_none();
}

/* What stops orders that may trade, not what takes back: kill switches, then the phase. */
static COLD struct refusal stops(const struct engine *engine, const struct order_check *check,
                                 uint32_t instrument)
{
    if (check->session_blocked != 0) {
        return refuse(REJECT_BLOCKED, 0, BLOCK_TARGET_SESSION);
    }
    struct refusal refusal = account_check_blocks(check->account);
    if (refusal.code != REJECT_NONE) {
        return refusal;
    }
    if (check->terms == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, instrument);
    }
    return reference_check_phase(&engine->reference, instrument);
}

static ALWAYS_INLINE bool is_stopped(const struct engine *engine, const struct order_check *check,
                                     uint32_t instrument)
{
    return (check->session_blocked | check->account->blocks) != 0 ||
           !reference_is_open(&engine->reference, instrument);
}

/* Post-only: refuses, slides check->price_units, or leaves it. */
static struct refusal check_post_only(const struct engine *engine, enum side side, unsigned mode,
                                      struct order_check *check)
{
    if (mode == POST_ONLY_OFF) {
        return refusal_none();
    }
    const struct ladder_side *opposite =
        book_side(&engine->pool, check->terms->instrument, side_opposite(side));
    int64_t price = check->price_units;
    if (!match_crosses(opposite, match_worst_rank(side, price))) {
        return refusal_none();
    }
    int64_t best = engine->pool.levels[opposite->best_level].price_units;
    int64_t tick = check->terms->tick.units;
    int64_t slid;
    bool outside = side == SIDE_BUY ? __builtin_sub_overflow(best, tick, &slid)
                                    : __builtin_add_overflow(best, tick, &slid);
    outside = outside || slid < check->terms->lowest_price.units ||
              slid > check->terms->highest_price.units;
    if (mode == POST_ONLY_REJECT || outside) {
        return refuse(REJECT_POST_ONLY_WOULD_TRADE, best, price);
    }
    check->price_units = slid;
    return refusal_none();
}

static struct refusal check_level(const struct engine *engine, enum side side,
                                  const struct order_check *check)
{
    const struct book_pool *pool = &engine->pool;
    if (UNLIKELY(pool->level_count == pool->max_levels) &&
        !book_has_level(pool, check->terms->instrument, side, check->price_units)) {
        return refuse(REJECT_LEVEL_POOL_FULL, pool->max_levels, 0);
    }
    return refusal_none();
}

/* Fields that contradict each other, and an expiry that has passed. */
static struct refusal check_compatible(const struct command_new_order *in, uint64_t now_ns)
{
    bool immediate =
        in->time_in_force == TIME_IN_FORCE_IOC || in->time_in_force == TIME_IN_FORCE_FOK;
    bool market = in->order_type == ORDER_TYPE_MARKET;
    if (UNLIKELY((market && (in->price.units != PRICE_NONE || !immediate)) ||
                 (in->post_only != POST_ONLY_OFF && (immediate || market)) ||
                 (in->time_in_force == TIME_IN_FORCE_GTD) != (in->expire_time != 0))) {
        return refuse(REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (UNLIKELY(in->expire_time != 0 && in->expire_time <= now_ns)) {
        return refuse(REJECT_EXPIRY_NOT_IN_FUTURE, (int64_t)now_ns, (int64_t)in->expire_time);
    }
    return refusal_none();
}

#define TRY(check)                                                                                 \
    do {                                                                                           \
        struct refusal try_refusal = (check);                                                      \
        if (UNLIKELY(try_refusal.code != REJECT_NONE)) {                                           \
            return try_refusal;                                                                    \
        }                                                                                          \
    } while (0)

static struct refusal check_new_order(struct apply *apply, struct hash128 key,
                                      struct order_check *check)
{
    const struct engine *engine = apply->engine;
    const struct command_new_order *in = &apply->command->new_order;
    check->terms = reference_find(&engine->reference, in->instrument);
    if (UNLIKELY(check->terms == NULL || is_stopped(engine, check, in->instrument))) {
        return stops(engine, check, in->instrument);
    }
    TRY(check_compatible(in, engine->time_ns));
    TRY(reference_check_quantity(check->terms, in->quantity.lots));
    int64_t notional = 0;
    check->price_units = in->price.units;
    if (in->order_type == ORDER_TYPE_LIMIT) {
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
    TRY(check_post_only(engine, in->side, in->post_only, check));
    if (in->time_in_force != TIME_IN_FORCE_IOC && in->time_in_force != TIME_IN_FORCE_FOK) {
        TRY(check_level(engine, in->side, check));
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
                  .self_trade_group = in->self_trade_group != 0 ? in->self_trade_group
                                                                : check->account->self_trade_group,
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

static void put_cancelled(struct apply *apply, const struct taker *taker, enum reason reason)
{
    EVENT_PUT(apply->events, CANCELLED, cancelled,
              (&(struct event_cancelled){.order_id = taker->order_id,
                                         .quantity.lots = taker->remaining_lots,
                                         .instrument = taker->instrument,
                                         .side = taker->side,
                                         .reason = reason}),
              taker->cause);
}

/* Trades, and forgets the makers that were filled. False if the command's events ran out while
 * there was still a counterpart. */
static bool trade(struct apply *apply, struct taker *taker)
{
    struct engine *engine = apply->engine;
    struct book_pool *pool = &engine->pool;
    const struct ladder_side *opposite =
        book_side(pool, taker->instrument, side_opposite(taker->side));
    if (!match_crosses(opposite, taker->worst_rank)) {
        return true;
    }
    uint32_t filled = match_take(pool, taker, apply->event_count_max - 1, apply->events);
    while (filled != POOL_NONE) {
        uint32_t next = pool->orders[filled].next;
        forget(engine, filled);
        filled = next;
    }
    return taker->remaining_lots == 0 || !match_crosses(opposite, taker->worst_rank);
}

/* Puts an order whose slot is filled in at the back of its price. */
static void rest(struct apply *apply, uint32_t index, uint32_t instrument, enum side side,
                 int64_t price_units)
{
    struct book_pool *pool = &apply->engine->pool;
    struct order *order = &pool->orders[index];
    EVENT_PUT(apply->events, RESTED, rested,
              (&(struct event_rested){.order_id = order->order_id,
                                      .price.units = price_units,
                                      .quantity.lots = order->remaining_lots,
                                      .instrument = instrument,
                                      .side = side}),
              apply->command->header.sequence);
    order->reference = apply->events->sequence;
    book_rest(pool, instrument, side, price_units, index);
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
    order->total_lots = in->quantity.lots;
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
        .self_trade_group =
            in->self_trade_group != 0 ? in->self_trade_group : check->account->self_trade_group,
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
    rest(apply, index, in->instrument, in->side, check->price_units);
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
        .worst_rank = in->order_type == ORDER_TYPE_MARKET
                          ? INT64_MIN
                          : match_worst_rank(in->side, check->price_units),
        .session = apply->command->header.session,
        .instrument = in->instrument,
        .side = in->side,
    };
    if (in->time_in_force == TIME_IN_FORCE_FOK) {
        uint32_t trades_max = apply->event_count_max - 1 - apply->events->count;
        enum match_fill fill = match_probe(&apply->engine->pool, &taker, trades_max);
        if (fill != MATCH_FILLS) {
            put_cancelled(apply, &taker,
                          fill == MATCH_NOT_ENOUGH ? REASON_FOK_NOT_FILLABLE : REASON_MATCH_LIMIT);
            return false;
        }
    }
    if (UNLIKELY(!trade(apply, &taker))) {
        put_cancelled(apply, &taker, REASON_MATCH_LIMIT);
    } else if (taker.remaining_lots > 0) {
        if (in->order_type == ORDER_TYPE_MARKET) {
            put_cancelled(apply, &taker, REASON_MARKET_REMAINDER);
        } else if (in->time_in_force == TIME_IN_FORCE_IOC) {
            put_cancelled(apply, &taker, REASON_IOC_REMAINDER);
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
    TRY(check_account(apply, in->account, &check));
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

/* Finds the live order that a command names. */
static struct refusal find_order(struct apply *apply, uint64_t account, const struct text36 *name,
                                 struct order_check *check, uint32_t *out_index)
{
    TRY(check_account(apply, account, check));
    const struct engine *engine = apply->engine;
    uint32_t index = names_find(&engine->names, engine->pool.orders, name_key(account, name));
    if (UNLIKELY(index == POOL_NONE)) {
        return refuse(REJECT_UNKNOWN_ORDER, 0, 0);
    }
    *out_index = index;
    return refusal_none();
}

struct refusal apply_cancel(struct apply *apply)
{
    const struct command_cancel *in = &apply->command->cancel;
    struct order_check check;
    uint32_t index;
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    remove_order(apply, index, REASON_REQUESTED);
    return refusal_none();
}

static void put_reduced(struct apply *apply, uint32_t index, int64_t lots, enum reason reason)
{
    const struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    const struct level *level = book_order_level(pool, order);
    EVENT_PUT(apply->events, REDUCED, reduced,
              (&(struct event_reduced){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = lots,
                                       .remaining.lots = order->remaining_lots,
                                       .instrument = level_instrument(level),
                                       .side = level_side(level),
                                       .reason = reason}),
              apply->command->header.sequence);
}

struct refusal apply_reduce(struct apply *apply)
{
    struct book_pool *pool = &apply->engine->pool;
    const struct command_reduce *in = &apply->command->reduce;
    /* The other reasons are the engine's own to give. */
    if (UNLIKELY(in->reason != REASON_REQUESTED && in->reason != REASON_REPLAY_RECONCILE &&
                 in->reason != REASON_OFF_BOOK_EXECUTION)) {
        return refuse(REJECT_INVALID_FIELD, 0, 3);
    }
    struct order_check check;
    uint32_t index;
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    struct order *order = &pool->orders[index];
    const struct command_list_instrument *terms =
        reference_find(&apply->engine->reference, level_instrument(book_order_level(pool, order)));
    int64_t lots = in->quantity.lots;
    if (UNLIKELY(lots < 1)) {
        return refuse(REJECT_QUANTITY_NOT_POSITIVE, 0, lots);
    }
    if (UNLIKELY(lots % terms->lot.lots != 0)) {
        return refuse(REJECT_QUANTITY_NOT_ON_LOT, terms->lot.lots, lots);
    }
    if (UNLIKELY(lots > order->remaining_lots)) {
        return refuse(REJECT_QUANTITY_ABOVE_OPEN, order->remaining_lots, lots);
    }
    if (lots == order->remaining_lots) {
        remove_order(apply, index, in->reason);
        return refusal_none();
    }
    book_reduce(pool, index, lots);
    order->total_lots -= lots;
    put_reduced(apply, index, lots, in->reason);
    return refusal_none();
}

static ALWAYS_INLINE bool same_key(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

static struct refusal check_replace(struct apply *apply, uint32_t index, struct hash128 new_key,
                                    struct order_check *check)
{
    const struct engine *engine = apply->engine;
    const struct command_replace *in = &apply->command->replace;
    const struct order *order = &engine->pool.orders[index];
    const struct level *level = book_order_level(&engine->pool, order);
    check->terms = reference_find(&engine->reference, level_instrument(level));
    if (UNLIKELY(is_stopped(engine, check, level_instrument(level)))) {
        return stops(engine, check, level_instrument(level));
    }
    uint32_t named = same_key(new_key, order->name_key)
                         ? index
                         : names_find(&engine->names, engine->pool.orders, new_key);
    if (UNLIKELY(named != POOL_NONE && named != index)) {
        return refuse(REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)engine->pool.orders[named].order_id);
    }
    TRY(reference_check_quantity(check->terms, in->quantity.lots));
    int64_t notional;
    TRY(reference_check_price(check->terms, in->price.units, in->quantity.lots, &notional));
    int64_t executed = order->total_lots - order->remaining_lots;
    if (UNLIKELY(in->quantity.lots <= executed)) {
        return refuse(REJECT_QUANTITY_NOT_ABOVE_EXECUTED, executed, in->quantity.lots);
    }
    TRY(risk_check_order(check->account, notional));
    check->price_units = in->price.units;
    TRY(check_post_only(engine, level_side(level), order->post_only, check));
    return refusal_none();
}

static void put_replaced(struct apply *apply, uint32_t index, const struct order_check *check,
                         int64_t open_lots, enum place place)
{
    const struct command_replace *in = &apply->command->replace;
    const struct book_pool *pool = &apply->engine->pool;
    const struct order *order = &pool->orders[index];
    EVENT_PUT(apply->events, REPLACED, replaced,
              (&(struct event_replaced){.order_id = order->order_id,
                                        .price.units = check->price_units,
                                        .quantity = in->quantity,
                                        .remaining.lots = open_lots,
                                        .instrument = check->terms->instrument,
                                        .budget = apply->budget,
                                        .side = level_side(book_order_level(pool, order)),
                                        .place = place,
                                        .client_order_id = in->new_client_order_id}),
              apply->command->header.sequence);
}

static void rename_order(struct apply *apply, uint32_t index, struct hash128 new_key,
                         const struct text36 *new_name)
{
    struct engine *engine = apply->engine;
    struct order *order = &engine->pool.orders[index];
    if (same_key(order->name_key, new_key)) {
        return;
    }
    names_remove(&engine->names, order->name_key, index);
    if (UNLIKELY(engine->recent.max != 0)) {
        recent_end(&engine->recent, order->name_key, engine->time_ns);
        resend_note(apply, REJECT_NONE);
    }
    order->name_key = new_key;
    names_add(&engine->names, new_key, index);
    engine->pool.cold[index].client_order_id = *new_name;
}

/* The order leaves its place, trades as if it came in anew, and rests with what is left. */
static void move_order(struct apply *apply, uint32_t index, const struct order_check *check,
                       int64_t open_lots)
{
    struct engine *engine = apply->engine;
    struct book_pool *pool = &engine->pool;
    struct order *order = &pool->orders[index];
    enum side side = level_side(book_order_level(pool, order));
    EVENT_PUT(apply->events, REMOVED, removed,
              (&(struct event_removed){.order_id = order->order_id,
                                       .reference = order->reference,
                                       .quantity.lots = order->remaining_lots,
                                       .instrument = check->terms->instrument,
                                       .side = side,
                                       .reason = REASON_REPLACED}),
              apply->command->header.sequence);
    book_remove(pool, index);
    order->total_lots = apply->command->replace.quantity.lots;
    struct taker taker = {
        .order_id = order->order_id,
        .account = check->account->account,
        .cause = apply->command->header.sequence,
        .remaining_lots = open_lots,
        .worst_rank = match_worst_rank(side, check->price_units),
        .session = pool->cold[index].session,
        .instrument = check->terms->instrument,
        .side = side,
    };
    bool complete = trade(apply, &taker);
    order->remaining_lots = taker.remaining_lots;
    if (UNLIKELY(!complete)) {
        put_cancelled(apply, &taker, REASON_MATCH_LIMIT);
    } else if (taker.remaining_lots > 0) {
        rest(apply, index, taker.instrument, side, check->price_units);
        return;
    }
    forget(engine, index);
}

struct refusal apply_replace(struct apply *apply)
{
    struct engine *engine = apply->engine;
    const struct command_replace *in = &apply->command->replace;
    struct order_check check = {.price_units = in->price.units};
    uint32_t index;
    if (UNLIKELY(engine->recent.max != 0) &&
        !text36_equal(&in->client_order_id, &in->new_client_order_id)) {
        bool replayed;
        TRY(check_account(apply, in->account, &check));
        TRY(resend_check(apply, name_key(in->account, &in->new_client_order_id), in->account,
                         &in->new_client_order_id, &replayed));
        if (replayed) {
            return refusal_none();
        }
    }
    TRY(find_order(apply, in->account, &in->client_order_id, &check, &index));
    struct hash128 new_key = text36_equal(&in->client_order_id, &in->new_client_order_id)
                                 ? engine->pool.orders[index].name_key
                                 : name_key(in->account, &in->new_client_order_id);
    TRY(check_replace(apply, index, new_key, &check));
    struct order *order = &engine->pool.orders[index];
    const struct level *level = book_order_level(&engine->pool, order);
    int64_t open_lots = in->quantity.lots - (order->total_lots - order->remaining_lots);
    bool kept = check.price_units == level->price_units &&
                (open_lots <= order->remaining_lots || PLANTED(PLACE_KEPT));
    if (!kept) {
        TRY(check_level(engine, level_side(level), &check));
    }
    put_replaced(apply, index, &check, open_lots, kept ? PLACE_KEPT : PLACE_LOST);
    rename_order(apply, index, new_key, &in->new_client_order_id);
    if (kept) {
        order->total_lots = in->quantity.lots;
        int64_t less = order->remaining_lots - open_lots;
        if (less > 0) {
            book_reduce(&engine->pool, index, less);
            put_reduced(apply, index, less, REASON_REPLACED);
        }
        return refusal_none();
    }
    move_order(apply, index, &check, open_lots);
    return refusal_none();
}

struct refusal apply_resolve(struct apply *apply)
{
    struct order_check check;
    TRY(check_account(apply, apply->command->resolve.account, &check));
    return resend_resolve(apply);
}

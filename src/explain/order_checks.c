/* SPDX-License-Identifier: Apache-2.0
 *
 * NEW_ORDER, CANCEL, REDUCE, REPLACE, RESOLVE: docs/reference/engine-rules.md, in its order.
 */
#include "explain/order_checks.h"

#include "engine/inspect.h"
#include "wire/native/text36.h"

/* A price and a quantity that are asked for. */
struct asked {
    const struct command_list_instrument *terms;
    int64_t price_units;
    int64_t lots;
    enum side side;
    enum post_only post_only;
};

static bool read_account(struct checks *checks, const struct engine *engine,
                         const struct command_header *header, uint64_t number,
                         struct engine_account *out_account)
{
    check_add(checks_pass(checks, CHECK_ACCOUNT), "account", FACT_ID, number);
    if (!engine_account(engine, number, out_account)) {
        return checks_fail(checks, REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)number);
    }
    struct engine_session session;
    if (!engine_session(engine, header->session, &session)) {
        return true; /* the operator */
    }
    struct check *check = checks_pass(checks, CHECK_PARTICIPANT);
    check_add(check, "of_account", FACT_COUNT, out_account->participant);
    check_add(check, "of_session", FACT_COUNT, session.participant);
    return session.participant == out_account->participant ||
           checks_fail(checks, REJECT_ACCOUNT_NOT_OF_PARTICIPANT, out_account->participant,
                       session.participant);
}

/* A name that comes again; checks->replayed: it is answered with its first result. */
static bool read_recall(struct checks *checks, const struct engine *engine,
                        const struct command *command)
{
    struct engine_recall recall = engine_recall(engine, command, checks->now_ns);
    uint32_t max = engine_limits(engine)->max_recent_names;
    if (!recall.on) {
        return true;
    }
    if (!recall.known) {
        struct check *check = checks_pass(checks, CHECK_NEW_NAME);
        check_add(check, "max", FACT_COUNT, max);
        return !recall.full || checks_fail(checks, REJECT_NAME_TABLE_FULL, max, 0);
    }
    struct check *check = checks_pass(checks, CHECK_KNOWN_NAME);
    check_add(check, "first_event", FACT_COUNT, recall.event_sequence);
    if (recall.event_sequence == 0) {
        return checks_fail(checks, REJECT_NAME_FENCED, 0, 0);
    }
    if (!recall.same) {
        return checks_fail(checks, REJECT_DUPLICATE_ORDER_ID, (int64_t)recall.event_sequence, 0);
    }
    checks->replayed = true;
    return false;
}

static bool read_blocks(struct checks *checks, const struct engine *engine, uint32_t number,
                        const struct engine_account *account)
{
    struct engine_session session = {0};
    bool known = engine_session(engine, number, &session);
    bool session_blocked = known && session.blocked;
    struct check *check = checks_pass(checks, CHECK_BLOCKS);
    check_add(check, "session_blocked", FACT_COUNT, session_blocked);
    check_add(check, "participant_blocked", FACT_COUNT, account->participant_blocked);
    check_add(check, "account_blocked", FACT_COUNT, account->blocked);
    if (session_blocked) {
        return checks_fail(checks, REJECT_BLOCKED, 0, BLOCK_TARGET_SESSION);
    }
    if (account->participant_blocked || account->blocked) {
        return checks_fail(checks, REJECT_BLOCKED, 0,
                           account->participant_blocked ? BLOCK_TARGET_PARTICIPANT
                                                        : BLOCK_TARGET_ACCOUNT);
    }
    return true;
}

static bool read_phase(struct checks *checks, const struct engine *engine, uint32_t instrument)
{
    check_add(checks_pass(checks, CHECK_INSTRUMENT), "instrument", FACT_COUNT, instrument);
    if (engine_instrument(engine, instrument) == NULL) {
        return checks_fail(checks, REJECT_UNKNOWN_INSTRUMENT, 0, instrument);
    }
    checks->instrument = instrument;
    enum phase phase = engine_phase(engine, instrument);
    check_add(checks_pass(checks, CHECK_PHASE), "phase", FACT_PHASE, phase);
    return phase == PHASE_OPEN ||
           checks_fail(checks,
                       phase == PHASE_HALTED ? REJECT_INSTRUMENT_HALTED : REJECT_INSTRUMENT_CLOSED,
                       0, instrument);
}

static bool read_combination(struct checks *checks, const struct engine *engine,
                             const struct command_new_order *in)
{
    bool immediate =
        in->time_in_force == TIME_IN_FORCE_IOC || in->time_in_force == TIME_IN_FORCE_FOK;
    bool market = in->order_type == ORDER_TYPE_MARKET;
    bool gtd = in->time_in_force == TIME_IN_FORCE_GTD;
    checks_pass(checks, CHECK_COMBINATION);
    bool protected = market && in->price.units != PRICE_NONE;
    if ((market && !immediate) || (protected && engine_logic(engine) < LOGIC_PROTECTION) ||
        (in->post_only != POST_ONLY_OFF && (immediate || market)) ||
        gtd != (in->expire_time != 0)) {
        return checks_fail(checks, REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (in->minimum_quantity.lots != 0 &&
        (engine_logic(engine) < LOGIC_MINIMUM || in->time_in_force != TIME_IN_FORCE_IOC)) {
        return checks_fail(checks, REJECT_INCOMPATIBLE_FIELDS, 0, 0);
    }
    if (!gtd) {
        return true;
    }
    uint64_t now_ns = checks->now_ns;
    struct check *check = checks_pass(checks, CHECK_EXPIRY);
    check_add(check, "expire_time", FACT_TIME, in->expire_time);
    check_add(check, "engine_time", FACT_TIME, now_ns);
    return in->expire_time > now_ns || checks_fail(checks, REJECT_EXPIRY_NOT_IN_FUTURE,
                                                   (int64_t)now_ns, (int64_t)in->expire_time);
}

static bool read_quantity(struct checks *checks, const struct asked *asked)
{
    int64_t lot = asked->terms->lot.lots;
    int64_t largest = asked->terms->largest_quantity.lots;
    struct check *check = checks_pass(checks, CHECK_QUANTITY);
    check_add(check, "quantity", FACT_QUANTITY, (uint64_t)asked->lots);
    check_add(check, "lot", FACT_QUANTITY, (uint64_t)lot);
    check_add(check, "largest", FACT_QUANTITY, (uint64_t)largest);
    if (asked->lots < 1) {
        return checks_fail(checks, REJECT_QUANTITY_NOT_POSITIVE, 0, asked->lots);
    }
    if (asked->lots % lot != 0) {
        return checks_fail(checks, REJECT_QUANTITY_NOT_ON_LOT, lot, asked->lots);
    }
    return asked->lots <= largest ||
           checks_fail(checks, REJECT_QUANTITY_TOO_LARGE, largest, asked->lots);
}

static bool read_minimum(struct checks *checks, const struct asked *asked, int64_t minimum)
{
    if (minimum == 0) {
        return true;
    }
    int64_t lot = asked->terms->lot.lots;
    struct check *check = checks_pass(checks, CHECK_MINIMUM);
    check_add(check, "minimum", FACT_QUANTITY, (uint64_t)minimum);
    check_add(check, "quantity", FACT_QUANTITY, (uint64_t)asked->lots);
    if (minimum < 1 || minimum > asked->lots) {
        return checks_fail(checks, REJECT_MINIMUM_OUT_OF_RANGE, asked->lots, minimum);
    }
    return minimum % lot == 0 || checks_fail(checks, REJECT_QUANTITY_NOT_ON_LOT, lot, minimum);
}

static bool read_price(struct checks *checks, const struct asked *asked)
{
    const struct command_list_instrument *terms = asked->terms;
    int64_t price = asked->price_units;
    struct check *check = checks_pass(checks, CHECK_PRICE);
    check_add(check, "price", FACT_PRICE, (uint64_t)price);
    check_add(check, "tick", FACT_PRICE, (uint64_t)terms->tick.units);
    check_add(check, "lowest", FACT_PRICE, (uint64_t)terms->lowest_price.units);
    check_add(check, "highest", FACT_PRICE, (uint64_t)terms->highest_price.units);
    if (price == PRICE_NONE || price < terms->lowest_price.units) {
        return checks_fail(checks, REJECT_PRICE_OUT_OF_RANGE, terms->lowest_price.units, price);
    }
    if (price > terms->highest_price.units) {
        return checks_fail(checks, REJECT_PRICE_OUT_OF_RANGE, terms->highest_price.units, price);
    }
    if (price % terms->tick.units != 0) {
        return checks_fail(checks, REJECT_PRICE_NOT_ON_TICK, terms->tick.units, price);
    }
    int128 notional = (int128)(price < 0 ? -price : price) * asked->lots;
    bool fits = notional <= INT64_MAX && notional * terms->multiplier <= INT64_MAX;
    check = checks_pass(checks, CHECK_NOTIONAL);
    check_add(check, "multiplier", FACT_SIGNED, (uint64_t)terms->multiplier);
    if (!fits) {
        return checks_fail(checks, REJECT_NOTIONAL_OVERFLOW, 0, asked->lots);
    }
    check_add(check, "notional", FACT_SIGNED, (uint64_t)(notional * terms->multiplier));
    return true;
}

static bool read_free_name(struct checks *checks, const struct engine *engine, uint64_t account,
                           const struct text36 *name)
{
    struct engine_order live;
    struct check *check = checks_pass(checks, CHECK_FREE_NAME);
    if (!engine_find(engine, account, name, &live)) {
        return true;
    }
    check_add(check, "order_id", FACT_ID, live.order_id);
    return checks_fail(checks, REJECT_DUPLICATE_ORDER_ID, 0, (int64_t)live.order_id);
}

static bool read_balance(struct checks *checks, const struct engine_account *account,
                         int64_t notional)
{
    struct check *check = checks_pass(checks, CHECK_BALANCE);
    if (account->unlimited) {
        return true;
    }
    check_add(check, "balance", FACT_SIGNED, 0);
    check_add(check, "notional", FACT_SIGNED, (uint64_t)notional);
    return checks_fail(checks, REJECT_BALANCE_TOO_SMALL, 0, notional);
}

static int64_t notional_of(const struct asked *asked)
{
    int64_t price = asked->price_units < 0 ? -asked->price_units : asked->price_units;
    return price * asked->lots * asked->terms->multiplier; /* read_price: it fits */
}

/* Slides asked->price_units where the order asks for it. */
static bool read_post_only(struct checks *checks, const struct engine *engine, struct asked *asked)
{
    if (asked->post_only == POST_ONLY_OFF) {
        return true;
    }
    bool buys = asked->side == SIDE_BUY;
    int64_t given = asked->price_units;
    int64_t best = engine_best(engine, asked->terms->instrument, buys ? SIDE_SELL : SIDE_BUY).units;
    bool crosses = best != PRICE_NONE && (buys ? given >= best : given <= best);
    int128 slid = (int128)best + (buys ? -1 : 1) * (int128)asked->terms->tick.units;
    bool inside =
        slid >= asked->terms->lowest_price.units && slid <= asked->terms->highest_price.units;
    bool refused = crosses && (asked->post_only == POST_ONLY_REJECT || !inside);
    if (crosses && !refused) {
        asked->price_units = (int64_t)slid;
    }
    struct check *check = checks_pass(checks, CHECK_POST_ONLY);
    check_add(check, "best_opposite", FACT_PRICE, (uint64_t)best);
    check_add(check, "price", FACT_PRICE, (uint64_t)asked->price_units);
    return !refused || checks_fail(checks, REJECT_POST_ONLY_WOULD_TRADE, best, given);
}

/* Whether a level stands at a price. */
struct level_search {
    int64_t price_units;
    bool found;
};

static bool on_order(void *context, const struct engine_resting *order)
{
    struct level_search *search = context;
    search->found = order->order.price.units == search->price_units;
    return !search->found;
}

static void read_levels(struct checks *checks, const struct engine *engine,
                        const struct asked *asked)
{
    struct engine_counts counts;
    uint32_t max = engine_limits(engine)->max_levels;
    engine_count(engine, &counts);
    struct check *check = checks_pass(checks, CHECK_ROOM_FOR_LEVELS);
    check_add(check, "levels", FACT_COUNT, counts.levels);
    check_add(check, "max", FACT_COUNT, max);
    if (counts.levels == max) {
        struct level_search search = {.price_units = asked->price_units};
        engine_each_order(engine, asked->terms->instrument, asked->side, on_order, &search);
        if (!search.found) {
            checks_fail(checks, REJECT_LEVEL_POOL_FULL, max, 0);
        }
    }
}

void order_checks_new(struct checks *checks, const struct engine *engine,
                      const struct command *command)
{
    const struct command_new_order *in = &command->new_order;
    struct engine_account account;
    if (!read_account(checks, engine, &command->header, in->account, &account) ||
        !read_recall(checks, engine, command) ||
        !read_blocks(checks, engine, command->header.session, &account) ||
        !read_phase(checks, engine, in->instrument) || !read_combination(checks, engine, in)) {
        return;
    }
    struct asked asked = {.terms = engine_instrument(engine, in->instrument),
                          .price_units = in->price.units,
                          .lots = in->quantity.lots,
                          .side = in->side,
                          .post_only = in->post_only};
    bool priced = in->order_type == ORDER_TYPE_LIMIT || in->price.units != PRICE_NONE;
    if (!read_quantity(checks, &asked) ||
        !read_minimum(checks, &asked, in->minimum_quantity.lots) ||
        (priced && !read_price(checks, &asked)) ||
        !read_free_name(checks, engine, in->account, &in->client_order_id)) {
        return;
    }
    struct engine_counts counts;
    uint32_t max = engine_limits(engine)->max_orders;
    engine_count(engine, &counts);
    struct check *check = checks_pass(checks, CHECK_ROOM_FOR_ORDERS);
    check_add(check, "live", FACT_COUNT, counts.orders);
    check_add(check, "max", FACT_COUNT, max);
    if (counts.orders == max) {
        checks_fail(checks, REJECT_ORDER_POOL_FULL, max, 0);
        return;
    }
    if (read_balance(checks, &account, priced ? notional_of(&asked) : 0) &&
        read_post_only(checks, engine, &asked) && in->time_in_force != TIME_IN_FORCE_IOC &&
        in->time_in_force != TIME_IN_FORCE_FOK) {
        read_levels(checks, engine, &asked);
    }
}

static bool read_live_order(struct checks *checks, const struct engine *engine, uint64_t account,
                            const struct text36 *name, struct engine_resting *out_order)
{
    struct check *check = checks_pass(checks, CHECK_LIVE_ORDER);
    if (!engine_find_resting(engine, account, name, out_order)) {
        return checks_fail(checks, REJECT_UNKNOWN_ORDER, 0, 0);
    }
    checks->instrument = out_order->order.instrument;
    check_add(check, "order_id", FACT_ID, out_order->order.order_id);
    check_add(check, "open", FACT_QUANTITY, (uint64_t)out_order->order.remaining.lots);
    return true;
}

void order_checks_cancel(struct checks *checks, const struct engine *engine,
                         const struct command *command)
{
    const struct command_cancel *in = &command->cancel;
    struct engine_account account;
    struct engine_resting live;
    if (read_account(checks, engine, &command->header, in->account, &account)) {
        (void)read_live_order(checks, engine, in->account, &in->client_order_id, &live);
    }
}

void order_checks_reduce(struct checks *checks, const struct engine *engine,
                         const struct command *command)
{
    const struct command_reduce *in = &command->reduce;
    struct engine_account account;
    struct engine_resting live;
    if (!read_account(checks, engine, &command->header, in->account, &account) ||
        !read_live_order(checks, engine, in->account, &in->client_order_id, &live)) {
        return;
    }
    int64_t lots = in->quantity.lots;
    int64_t lot = engine_instrument(engine, live.order.instrument)->lot.lots;
    int64_t open = live.order.remaining.lots;
    struct check *check = checks_pass(checks, CHECK_REDUCTION);
    check_add(check, "quantity", FACT_QUANTITY, (uint64_t)lots);
    check_add(check, "lot", FACT_QUANTITY, (uint64_t)lot);
    check_add(check, "open", FACT_QUANTITY, (uint64_t)open);
    if (lots < 1) {
        checks_fail(checks, REJECT_QUANTITY_NOT_POSITIVE, 0, lots);
    } else if (lots % lot != 0) {
        checks_fail(checks, REJECT_QUANTITY_NOT_ON_LOT, lot, lots);
    } else if (lots > open) {
        checks_fail(checks, REJECT_QUANTITY_ABOVE_OPEN, open, lots);
    }
}

/* Quantity, price, what was executed, balance, post-only; then what becomes of the place. */
static void read_new_terms(struct checks *checks, const struct engine *engine, struct asked *asked,
                           const struct engine_account *account, const struct engine_order *order)
{
    if (!read_quantity(checks, asked) || !read_price(checks, asked)) {
        return;
    }
    int64_t executed = order->total.lots - order->remaining.lots;
    struct check *check = checks_pass(checks, CHECK_EXECUTED);
    check_add(check, "quantity", FACT_QUANTITY, (uint64_t)asked->lots);
    check_add(check, "executed", FACT_QUANTITY, (uint64_t)executed);
    if (asked->lots <= executed) {
        checks_fail(checks, REJECT_QUANTITY_NOT_ABOVE_EXECUTED, executed, asked->lots);
        return;
    }
    if (!read_balance(checks, account, notional_of(asked)) ||
        !read_post_only(checks, engine, asked)) {
        return;
    }
    int64_t open = asked->lots - executed;
    bool kept = asked->price_units == order->price.units && open <= order->remaining.lots;
    check = checks_pass(checks, CHECK_PLACE);
    check_add(check, "price", FACT_PRICE, (uint64_t)asked->price_units);
    check_add(check, "price_before", FACT_PRICE, (uint64_t)order->price.units);
    check_add(check, "open", FACT_QUANTITY, (uint64_t)open);
    check_add(check, "open_before", FACT_QUANTITY, (uint64_t)order->remaining.lots);
    check_add(check, "place", FACT_PLACE, kept ? PLACE_KEPT : PLACE_LOST);
    if (!kept) {
        read_levels(checks, engine, asked);
    }
}

void order_checks_replace(struct checks *checks, const struct engine *engine,
                          const struct command *command)
{
    const struct command_replace *in = &command->replace;
    bool renamed = !text36_equal(&in->client_order_id, &in->new_client_order_id);
    struct engine_account account;
    struct engine_resting live;
    if (!read_account(checks, engine, &command->header, in->account, &account) ||
        (renamed && !read_recall(checks, engine, command)) ||
        !read_live_order(checks, engine, in->account, &in->client_order_id, &live) ||
        !read_blocks(checks, engine, command->header.session, &account) ||
        !read_phase(checks, engine, live.order.instrument) ||
        (renamed && !read_free_name(checks, engine, in->account, &in->new_client_order_id))) {
        return;
    }
    struct asked asked = {.terms = engine_instrument(engine, live.order.instrument),
                          .price_units = in->price.units,
                          .lots = in->quantity.lots,
                          .side = live.order.side,
                          .post_only = live.post_only};
    read_new_terms(checks, engine, &asked, &account, &live.order);
}

void order_checks_resolve(struct checks *checks, const struct engine *engine,
                          const struct command *command)
{
    struct engine_account account;
    if (!read_account(checks, engine, &command->header, command->resolve.account, &account)) {
        return;
    }
    struct engine_recall recall = engine_recall(engine, command, checks->now_ns);
    uint32_t max = engine_limits(engine)->max_recent_names;
    struct check *check = checks_pass(checks, recall.known ? CHECK_RESOLVED_NAME : CHECK_NEW_NAME);
    if (recall.known) {
        check_add(check, "first_event", FACT_COUNT, recall.event_sequence);
        return;
    }
    check_add(check, "max", FACT_COUNT, max);
    if (!recall.on) {
        checks_fail(checks, REJECT_RESEND_OFF, 0, 0);
    } else if (recall.full) {
        checks_fail(checks, REJECT_NAME_TABLE_FULL, max, 0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/workload.h"

#include "tests/engine/workload_parts.h"
#include "wire/native/text36.h"

#include <string.h>

#define TIME_AT_START_NS UINT64_C(1700000000000000000)
#define MILLISECOND_NS   UINT64_C(1000000)
#define NAMES_AGAIN      3000 /* names that come again and again */

#define LIMITS(logic, orders, levels, events, timers, names)                                       \
    {                                                                                              \
        .shard = 7, .logic_version = (logic), .max_assets = 5, .max_instruments = 12,              \
        .max_accounts = 16, .max_sessions = 8, .max_orders = (orders), .max_levels = (levels),     \
        .max_events_per_command = (events), .max_timers_per_command = (timers),                    \
        .max_recent_names = (names), .resend_window_s = (names) == 0 ? 0 : 60                      \
    }

const struct workload_profile workload_profiles[WORKLOAD_PROFILE_COUNT] = {
    {"roomy", LIMITS(1, 2000, 1500, 256, 16, 0), 400, 25, 30, 3},
    {"deep", LIMITS(2, 1200, 1000, 64, 4, 9000), 700, 600, 90, 3},
    {"small", LIMITS(1, 50, 24, 9, 2, 1400), 50, 8, 55, 10},
    {"crowded", LIMITS(1, 300, 44, 12, 2, 1800), 190, 3, 60, 40},
};

/* Where trading begins: in ticks, one row an instrument; later ones take the last. */
static const int64_t middle_ticks[WORKLOAD_INSTRUMENTS + 1] = {
    10000, 2000, -3, 1000, 500000, 3000000000, 2500, 1000, 150, 0, 0, 100,
};

const struct workload_profile *workload_profile_of(uint64_t seed)
{
    return &workload_profiles[seed % WORKLOAD_PROFILE_COUNT];
}

void workload_init(struct workload *workload, uint64_t seed, const struct twin *twin)
{
    *workload = (struct workload){.profile = workload_profile_of(seed),
                                  .twin = twin,
                                  .time_ns = TIME_AT_START_NS,
                                  .day = 20000100,
                                  .filling = true,
                                  .spoiling = true};
    prng_init(&workload->prng, seed);
}

struct text36 workload_name(struct workload *workload)
{
    struct text36 name = text36_from_number(prng_below(&workload->prng, NAMES_AGAIN));
    if (workload_chance(workload, 70)) {
        workload->names++;
        name = text36_from_number(NAMES_AGAIN + workload->names);
    }
    if (workload_chance(workload, 20)) {
        /* As long as a name can be; only the last bytes tell such names apart. */
        struct text36 longest = {.count = TEXT36_BYTES_MAX};
        memset(longest.bytes, '~', TEXT36_BYTES_MAX);
        memcpy(longest.bytes + TEXT36_BYTES_MAX - name.count, name.bytes, name.count);
        return longest;
    }
    return name;
}

const struct twin_order *workload_pick_order(struct workload *workload)
{
    const struct twin *twin = workload->twin;
    for (unsigned attempt = 0; attempt < 12; attempt++) {
        const struct twin_account *account =
            &twin->accounts[prng_below(&workload->prng, twin->account_count)];
        if (account->orders.count > 0) {
            return account->orders.at[prng_below(&workload->prng, account->orders.count)];
        }
    }
    return NULL;
}

void workload_address(struct workload *workload, uint64_t account, struct command_header *out)
{
    const struct twin *twin = workload->twin;
    const struct twin_account *of = twin_find_account(twin, account);
    uint32_t number = (uint32_t)prng_between(&workload->prng, 1, twin->limits.max_sessions);
    const struct twin_session *session = &twin->sessions[number];
    if (of == NULL || session->incarnation == 0 || session->closed ||
        session->participant != of->terms.participant) {
        out->session = 0;
        out->incarnation = (uint32_t)prng_below(&workload->prng, 3);
        return;
    }
    out->session = number;
    out->incarnation = session->incarnation;
    out->input_sequence = session->input_sequence + 1 + prng_below(&workload->prng, 2);
}

/* A multiple of the tick, towards zero, inside 64 bits. */
static int64_t on_tick(int128 price, int64_t tick)
{
    if (price > INT64_MAX) {
        price = INT64_MAX;
    }
    if (price < -INT64_MAX) {
        price = -INT64_MAX;
    }
    return (int64_t)(price - price % tick);
}

static int64_t pick_price(struct workload *workload, struct twin_instrument *instrument,
                          enum side side, bool aggressive)
{
    struct prng *prng = &workload->prng;
    const struct command_list_instrument *terms = &instrument->terms;
    int64_t tick = terms->tick.units;
    int128 away = side == SIDE_BUY ? -1 : 1;
    const struct twin_list *other = twin_side(instrument, side == SIDE_BUY ? SIDE_SELL : SIDE_BUY);
    if (aggressive && other->count > 0) {
        int128 through = (int128)prng_below(prng, 4) * tick;
        return on_tick(other->at[0]->price - away * through, tick);
    }
    if (terms->highest_price.units == INT64_MAX && workload_chance(workload, 5)) {
        uint64_t below = prng_next(prng) >> 1;
        return INT64_MAX - (int64_t)(below >> prng_below(prng, 40));
    }
    uint32_t row =
        terms->instrument <= WORKLOAD_INSTRUMENTS ? terms->instrument - 1 : WORKLOAD_INSTRUMENTS;
    /* The middle wanders, so that what was passive comes to trade. */
    int128 wander = (int128)((workload->sequence / 512) % 7) - 3;
    int64_t depth = workload->profile->depth_ticks;
    int128 distance = workload_chance(workload, 50) ? prng_between(prng, 0, depth)
                                                    : prng_between(prng, 0, depth / 8 + 1);
    return on_tick((middle_ticks[row] + wander + away * distance) * tick, tick);
}

/* While the books fill, what comes to trade takes bites of what rests. */
static int64_t pick_quantity(struct workload *workload, const struct command_list_instrument *terms,
                             bool aggressive)
{
    int64_t lots = prng_between(&workload->prng, 1, workload->filling && !aggressive ? 40 : 12);
    if (aggressive && prng_chance(&workload->prng, workload->profile->sweeps_permille, 1000)) {
        lots = prng_between(&workload->prng, 60, 600);
    }
    int64_t largest = terms->largest_quantity.lots / terms->lot.lots;
    return (lots < largest ? lots : largest) * terms->lot.lots;
}

/* A whole number of milliseconds, so that many orders expire at one stamp. */
static uint64_t pick_expiry(struct workload *workload)
{
    uint64_t from = workload->twin->time_ns / MILLISECOND_NS;
    return (from + 1 + prng_below(&workload->prng, 15)) * MILLISECOND_NS;
}

static void pick_resting_time(struct workload *workload, struct command_new_order *order)
{
    order->time_in_force =
        (enum time_in_force)prng_between(&workload->prng, TIME_IN_FORCE_DAY, TIME_IN_FORCE_GTD);
    if (workload_chance(workload, 40)) { /* the others leave many at a time */
        order->time_in_force = TIME_IN_FORCE_GTC;
    }
    if (order->time_in_force == TIME_IN_FORCE_GTD) {
        order->expire_time = pick_expiry(workload);
    }
}

static struct twin_instrument *pick_instrument(struct workload *workload)
{
    uint32_t number = 1;
    if (!workload_chance(workload, workload->profile->busy_percent)) {
        number =
            (uint32_t)prng_between(&workload->prng, 1, workload->profile->limits.max_instruments);
    }
    struct twin_instrument *instrument = twin_find_instrument(workload->twin, number);
    return instrument != NULL ? instrument : twin_find_instrument(workload->twin, 1);
}

/* How an order meets the book: the kind of order, and whether its price reaches over. */
static bool pick_manner(struct workload *workload, struct command_new_order *order)
{
    struct prng *prng = &workload->prng;
    int64_t manner = prng_between(prng, workload->filling ? 6 : 0, workload->filling ? 114 : 99);
    order->order_type = ORDER_TYPE_LIMIT;
    order->time_in_force = workload_chance(workload, 50) ? TIME_IN_FORCE_IOC : TIME_IN_FORCE_FOK;
    if (manner < 18) {
        order->order_type = ORDER_TYPE_MARKET;
        return true;
    }
    if (manner < 40) {
        return workload_chance(workload, 93);
    }
    pick_resting_time(workload, order);
    if (manner < 56) {
        order->post_only = workload_chance(workload, 50) ? POST_ONLY_REJECT : POST_ONLY_SLIDE;
        return workload_chance(workload, 15);
    }
    uint64_t filling = workload->profile->live_target > 500 ? 16 : 40;
    return workload_chance(workload, workload->filling ? filling : 84);
}

/* Mostly one that may trade. */
static uint64_t pick_account(struct workload *workload)
{
    const struct twin *twin = workload->twin;
    const struct twin_account *account = NULL;
    do {
        account = &twin->accounts[prng_below(&workload->prng, twin->account_count)];
    } while (account->terms.unlimited == 0 && workload_chance(workload, 98));
    return account->terms.account;
}

static void next_new_order(struct workload *workload, struct command *out)
{
    struct prng *prng = &workload->prng;
    struct command_new_order *order = &out->new_order;
    struct twin_instrument *instrument = pick_instrument(workload);
    out->header.id = COMMAND_NEW_ORDER;
    order->account = pick_account(workload);
    order->instrument = instrument->terms.instrument;
    order->side = (enum side)prng_between(prng, SIDE_BUY, SIDE_SELL);
    order->capacity =
        (enum capacity)prng_between(prng, CAPACITY_AGENCY, CAPACITY_RISKLESS_PRINCIPAL);
    order->self_trade_group = (uint32_t)prng_below(prng, 3);
    if (workload_chance(workload, 65)) { /* a group without a mode, or the books would not trade */
        order->self_trade_group += prng_chance(prng, 1, 2) ? 4 : UINT32_MAX - 2;
    }
    order->on_disconnect = ON_DISCONNECT_DEFAULT;
    if (workload_chance(workload, 40)) {
        order->on_disconnect =
            workload_chance(workload, 70) ? ON_DISCONNECT_KEEP : ON_DISCONNECT_CANCEL;
    }
    order->client_order_id = workload_name(workload);
    bool aggressive = pick_manner(workload, order);
    order->quantity.lots = pick_quantity(workload, &instrument->terms, aggressive);
    if (order->time_in_force == TIME_IN_FORCE_IOC && workload->twin->logic >= 2 &&
        workload_chance(workload, 40)) {
        int64_t lot = instrument->terms.lot.lots;
        order->minimum_quantity.lots =
            lot * prng_between(prng, 1, order->quantity.lots / lot + workload_chance(workload, 4));
        order->minimum_quantity.lots += workload_chance(workload, 2);
    }
    bool protected = workload->twin->logic >= 2 && workload_chance(workload, 40);
    order->price.units = order->order_type == ORDER_TYPE_MARKET && !protected
                             ? PRICE_NONE
                             : pick_price(workload, instrument, order->side, aggressive);
    workload_address(workload, order->account, &out->header);
}

static void fill_replace(struct workload *workload, const struct twin_order *order,
                         struct command_replace *out)
{
    struct prng *prng = &workload->prng;
    struct twin_instrument *instrument = twin_find_instrument(workload->twin, order->instrument);
    int64_t lot = instrument->terms.lot.lots;
    int64_t open_lots = order->remaining / lot;
    if (open_lots > INT64_C(1) << 32) {
        open_lots = INT64_C(1) << 32; /* the rare giant shrinks */
    }
    int64_t manner = prng_between(prng, 0, 99);
    out->account = order->account;
    out->client_order_id = order->name;
    out->new_client_order_id =
        workload_chance(workload, 50) ? order->name : workload_name(workload);
    out->price.units = order->price;
    if (manner < 35) { /* no more than now */
        open_lots = prng_between(prng, 1, open_lots);
    } else if (manner < 55) {
        open_lots += prng_between(prng, 1, 10);
    } else {
        bool aggressive = manner >= 80;
        out->price.units = pick_price(workload, instrument, order->side, aggressive);
        open_lots = prng_between(prng, 1, open_lots + 3);
    }
    out->quantity.lots = order->total - order->remaining + open_lots * lot;
}

static void next_change(struct workload *workload, uint64_t dice, struct command *out)
{
    const struct twin_order *order = workload_pick_order(workload);
    if (order == NULL) {
        next_new_order(workload, out);
        return;
    }
    if (dice < 11) {
        out->header.id = COMMAND_CANCEL;
        out->cancel.account = order->account;
        out->cancel.client_order_id = order->name;
    } else if (dice < 22) {
        const struct twin_instrument *instrument =
            twin_find_instrument(workload->twin, order->instrument);
        int64_t lot = instrument->terms.lot.lots;
        out->header.id = COMMAND_REDUCE;
        out->reduce.account = order->account;
        out->reduce.client_order_id = order->name;
        out->reduce.quantity.lots = prng_between(&workload->prng, 1, order->remaining / lot) * lot;
        static const enum reason senders[] = {REASON_REQUESTED, REASON_REPLAY_RECONCILE,
                                              REASON_OFF_BOOK_EXECUTION};
        out->reduce.reason = workload_chance(workload, 5)
                                 ? (enum reason)prng_between(&workload->prng, REASON_REQUESTED,
                                                             REASON_OFF_BOOK_EXECUTION)
                                 : senders[prng_below(&workload->prng, ARRAY_COUNT(senders))];
    } else {
        out->header.id = COMMAND_REPLACE;
        fill_replace(workload, order, &out->replace);
    }
    workload_address(workload, order->account, &out->header);
}

/* Any month has 31 days here, as in the rules. */
static uint32_t day_after(uint32_t day)
{
    uint32_t year = day / 10000;
    uint32_t month = day / 100 % 100;
    uint32_t of_month = day % 100 + 1;
    if (of_month > 31) {
        of_month = 1;
        month++;
    }
    if (month > 12) {
        month = 1;
        year++;
    }
    return year * 10000 + month * 100 + of_month;
}

static void next_end_of_day(struct workload *workload, struct command *out)
{
    static const uint32_t wrong[] = {0,        20000001, 20001301,  30000100,  30000132,
                                     99999999, 9991231,  100000101, 4294961231};
    out->header.id = COMMAND_END_OF_DAY;
    if (workload_chance(workload, 20)) {
        out->end_of_day.trading_day = wrong[prng_below(&workload->prng, ARRAY_COUNT(wrong))];
        return;
    }
    if (workload_chance(workload, 80)) {
        workload->day = day_after(workload->day);
    }
    out->end_of_day.trading_day = workload->day;
}

static void next_time(struct workload *workload, struct command_header *out)
{
    struct prng *prng = &workload->prng;
    uint64_t dice = prng_below(prng, 100);
    if (dice < 60) {
        workload->time_ns += prng_below(prng, 2000);
    } else if (dice < 61) {
        workload->time_ns += prng_below(prng, 2 * MILLISECOND_NS);
    }
    if (prng_chance(prng, 1, 2500)) { /* silence: dead man's timers fire */
        workload->time_ns += prng_below(prng, 40 * MILLISECOND_NS);
    }
    out->time_ns = workload->time_ns;
    if (prng_chance(prng, 1,
                    500 + workload->profile->limits.max_recent_names /
                              5)) { /* names are forgotten, a part of them at a time */
        workload->time_ns += prng_below(prng, 100000 * MILLISECOND_NS);
    }
    if (dice >= 97) {
        out->time_ns -= prng_below(prng, 5000);
    }
    if (workload_chance(workload, 15)) {
        out->valid_for_us = (uint32_t)prng_between(prng, 1, 50);
    }
}

static bool day_is_ending(const struct twin *twin)
{
    return twin->walk.instrument > 1 || twin->walk.reference != 0;
}

void workload_next(struct workload *workload, struct command *out)
{
    memset(out, 0, sizeof *out);
    workload->sequence++;
    out->header.sequence = workload->sequence;
    out->header.version = 1;
    if (workload_opening(workload, workload->sequence, out)) {
        out->header.time_ns = workload->time_ns;
        return;
    }
    next_time(workload, &out->header);
    size_t live = twin_count_orders(workload->twin);
    if (live < workload->profile->live_target / 2) {
        workload->filling = true;
    } else if (live >= workload->profile->live_target && workload_chance(workload, 4)) {
        workload->filling = false;
    }
    uint64_t dice = prng_below(&workload->prng, 1000);
    bool cancels = workload->twin->mass_cancel_count > 0 && workload_chance(workload, 70);
    if (!cancels && prng_chance(&workload->prng, day_is_ending(workload->twin) ? 400 : 3, 1000)) {
        next_end_of_day(workload, out);
    } else if (!cancels && dice < (workload->filling ? 215 : 280)) {
        next_change(workload, dice % 34, out);
    } else if (!cancels && dice < 325) {
        out->header.id = COMMAND_TICK;
    } else if (!cancels && dice < 333) {
        workload_admin(workload, out);
    } else if (!cancels && dice < 358) {
        workload_reference(workload, out);
    } else if (cancels || dice < 387 || workload_wants_control(workload)) {
        workload_control(workload, out);
    } else if (dice < 432 && workload_again(workload, out)) {
        return; /* as it was: a name is known by its whole body */
    } else {
        next_new_order(workload, out);
    }
    if (workload->spoiling && workload_chance(workload, 6)) {
        workload_spoil(workload, out);
    }
    workload_keep(workload, out);
}

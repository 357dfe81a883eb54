/* SPDX-License-Identifier: Apache-2.0
 *
 * What a seat does when nothing keeps it from trading: orders around one price, so that many meet,
 * and everything else that may be asked about an order.
 */
#include "sim/seat.h"
#include "sim/setup.h"
#include "wire/native/command_codec.h"

#define MIDDLE      INT64_C(1000000) /* price units */
#define TICK        INT64_C(100)
#define DEPTH_TICKS 8
#define LOTS_MOST   40

static struct command begin(uint8_t id, uint8_t version)
{
    return (struct command){.header = {.id = id, .version = version}};
}

static int64_t price(struct seat *seat)
{
    return MIDDLE + TICK * prng_between(&seat->prng, -DEPTH_TICKS, DEPTH_TICKS);
}

/* Now and then a name that RESOLVE has closed: who forgot it tries again. Empty: none. */
static struct text36 closed_name(struct seat *seat)
{
    uint64_t number = prng_below(&seat->prng, seat->name_count + 1);
    bool closed = number > 0 && seat->names[number - 1].fate == NAME_CLOSED;
    return closed ? seat_name_text(seat, number) : (struct text36){0};
}

static void enter(struct seat *seat, int64_t now_ns)
{
    static const enum time_in_force forces[] = {TIME_IN_FORCE_GTC, TIME_IN_FORCE_GTC,
                                                TIME_IN_FORCE_DAY, TIME_IN_FORCE_DAY,
                                                TIME_IN_FORCE_IOC, TIME_IN_FORCE_FOK};
    struct command command = begin(COMMAND_NEW_ORDER, COMMAND_NEW_ORDER_VERSION);
    enum time_in_force force = forces[prng_below(&seat->prng, ARRAY_COUNT(forces))];
    bool rests = force == TIME_IN_FORCE_GTC || force == TIME_IN_FORCE_DAY;
    bool market = !rests && prng_chance(&seat->prng, 1, 3);
    bool unprotected = market && prng_chance(&seat->prng, 1, 2);
    command.new_order = (struct command_new_order){
        .account = seat->account,
        .price = {unprotected ? PRICE_NONE : price(seat)},
        .quantity = {prng_between(&seat->prng, 1, LOTS_MOST)},
        .self_trade_group = prng_chance(&seat->prng, 1, 2) ? seat->participant : 0,
        .instrument = (uint32_t)prng_between(&seat->prng, 1, SETUP_INSTRUMENTS),
        .side = prng_chance(&seat->prng, 1, 2) ? SIDE_BUY : SIDE_SELL,
        .order_type = market ? ORDER_TYPE_MARKET : ORDER_TYPE_LIMIT,
        .time_in_force = force,
        .post_only = rests && prng_chance(&seat->prng, 1, 8) ? POST_ONLY_SLIDE : POST_ONLY_OFF,
        .capacity = CAPACITY_AGENCY,
        .client_order_id = closed_name(seat),
    };
    if (seat->newest_rules && force == TIME_IN_FORCE_IOC && prng_chance(&seat->prng, 1, 3)) {
        command.new_order.minimum_quantity.lots =
            prng_between(&seat->prng, 1, command.new_order.quantity.lots);
    }
    if (command.new_order.client_order_id.count == 0) {
        command.new_order.client_order_id = seat_new_name(seat);
    }
    seat_ask(seat, &command, now_ns);
}

static void change(struct seat *seat, int64_t now_ns)
{
    const struct seat_order *order = &seat->live[prng_below(&seat->prng, seat->live_count)];
    uint64_t dice = prng_below(&seat->prng, 10);
    struct command command;
    if (dice < 5) {
        command = begin(COMMAND_CANCEL, COMMAND_CANCEL_VERSION);
        command.cancel =
            (struct command_cancel){.account = seat->account, .client_order_id = order->name};
    } else if (dice < 7) {
        command = begin(COMMAND_REDUCE, COMMAND_REDUCE_VERSION);
        command.reduce = (struct command_reduce){.account = seat->account,
                                                 .quantity = {prng_between(&seat->prng, 1, 5)},
                                                 .reason = REASON_REQUESTED,
                                                 .client_order_id = order->name};
    } else {
        command = begin(COMMAND_REPLACE, COMMAND_REPLACE_VERSION);
        command.replace = (struct command_replace){
            .account = seat->account,
            .price = {price(seat)},
            .quantity = {prng_between(&seat->prng, 1, LOTS_MOST)},
            .client_order_id = order->name,
            .new_client_order_id = seat_new_name(seat),
        };
    }
    seat_ask(seat, &command, now_ns);
}

/* Once in a while all of them: orders that leave many at a time. */
static void sweep(struct seat *seat, int64_t now_ns)
{
    struct command command = begin(COMMAND_MASS_CANCEL, COMMAND_MASS_CANCEL_VERSION);
    command.mass_cancel =
        (struct command_mass_cancel){.tag = seat->counts.sent + 1, .orders_of = seat->session};
    seat_ask(seat, &command, now_ns);
}

void seat_act(struct seat *seat, int64_t now_ns)
{
    if (seat->pending_count > SEAT_PENDING_MAX / 2 ||
        !prng_chance(&seat->prng, 1, seat->weather.eagerness)) {
        return;
    }
    uint64_t dice = prng_below(&seat->prng, 200);
    if (dice == 0) {
        sweep(seat, now_ns);
    } else if (dice < 130 || seat->live_count == 0) {
        enter(seat, now_ns);
    } else {
        change(seat, now_ns);
    }
}

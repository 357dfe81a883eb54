/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/crypto_pair.h"

#include "base/assert.h"
#include "base/prng.h"
#include "bench/venue.h"

#include <math.h>
#include <string.h>

#define OLDEST           512u
#define LIVE_MAX         65536u
#define NO_PLACE         UINT32_MAX
#define MOVE_SHARE       0.01
#define DEVIATION_SHARE  0.05
#define DEVIATION_MAX    10000.0
#define WHOLE_ONE_IN     32u
#define DRAWS_STEADY     40u /* of which 2 enter, 1 cancels, 1 reduces */
#define DRAWS_REFILLING  10u
#define PRICE_SPAN_TIMES 5

struct resting {
    uint64_t order_id; /* the engine's */
    int64_t price_units;
    int64_t open_lots;
    int64_t total_lots;
    uint32_t order;
    uint32_t account;
    enum side side;
};

struct pair {
    const struct crypto_pair_options *options;
    struct crypto_pair_mix *mix;
    struct workload *workload;
    struct venue venue;
    struct prng prng;
    struct resting *resting; /* oldest first */
    uint32_t resting_count;
    uint32_t side_counts[2];
    uint32_t last_order;
    int64_t last_price;
    int64_t lowest_price;
    int64_t highest_price;
    int64_t deviation;
};

static uint32_t *count_of(struct pair *pair, enum side side)
{
    return &pair->side_counts[side == SIDE_SELL];
}

static uint32_t place_of(const struct pair *pair, uint64_t order_id)
{
    for (uint32_t i = 0; i < pair->resting_count; i++) {
        if (pair->resting[i].order_id == order_id) {
            return i;
        }
    }
    return NO_PLACE;
}

static void drop(struct pair *pair, uint32_t place)
{
    (*count_of(pair, pair->resting[place].side))--;
    pair->resting_count--;
    memmove(&pair->resting[place], &pair->resting[place + 1],
            (pair->resting_count - place) * sizeof *pair->resting);
}

static void take_lots(struct pair *pair, uint64_t order_id, int64_t remaining)
{
    uint32_t place = place_of(pair, order_id);
    if (place == NO_PLACE) {
        return; /* a taker that never rested */
    }
    pair->resting[place].open_lots = remaining;
    if (remaining == 0) {
        drop(pair, place);
    }
}

static void see_trade(struct pair *pair, const struct event_record *record)
{
    struct event_trade trade;
    enum status status = event_trade_decode(record->bytes + EVENT_HEADER_BYTES,
                                            record->count - EVENT_HEADER_BYTES, &trade);
    ASSERT(status == STATUS_OK);
    pair->last_price = trade.price.units;
    take_lots(pair, trade.maker_order_id, trade.maker_remaining.lots);
    take_lots(pair, trade.taker_order_id, trade.taker_remaining.lots);
}

static void see_rested(struct pair *pair, const struct step *step,
                       const struct event_record *record)
{
    struct event_rested rested;
    enum status status = event_rested_decode(record->bytes + EVENT_HEADER_BYTES,
                                             record->count - EVENT_HEADER_BYTES, &rested);
    ASSERT(status == STATUS_OK);
    if (step->command == COMMAND_REPLACE) {
        uint32_t place = place_of(pair, rested.order_id);
        ASSERT(place != NO_PLACE);
        pair->resting[place].price_units = rested.price.units;
        return;
    }
    ASSERT(pair->resting_count < LIVE_MAX);
    pair->resting[pair->resting_count++] = (struct resting){
        .order_id = rested.order_id,
        .price_units = rested.price.units,
        .open_lots = rested.quantity.lots,
        .total_lots = step->lots,
        .order = step->order,
        .account = step->account,
        .side = rested.side,
    };
    (*count_of(pair, rested.side))++;
}

/* Appends the step and lets the private engine do it; what happened is remembered. */
static void put(struct pair *pair, const struct step *step)
{
    bool added = workload_add(pair->workload, step);
    ASSERT(added);
    venue_step(&pair->venue);
    struct event_record record;
    size_t at = 0;
    while (event_next(&pair->venue.events, &at, &record)) {
        ASSERT(record.bytes[0] != EVENT_REJECTED);
        if (record.bytes[0] == EVENT_TRADE) {
            see_trade(pair, &record);
        } else if (record.bytes[0] == EVENT_RESTED) {
            see_rested(pair, step, &record);
        }
    }
}

static uint32_t draw_lots(struct prng *prng)
{
    uint64_t volume = prng_below(prng, 6) * prng_below(prng, 6) * prng_below(prng, 6);
    return 1 + (uint32_t)volume;
}

static struct step new_order(struct pair *pair, enum side side, enum time_in_force time_in_force)
{
    return (struct step){
        .order = ++pair->last_order,
        .account = 1 + (uint32_t)prng_below(&pair->prng, pair->options->accounts),
        .instrument = 1,
        .lots = draw_lots(&pair->prng),
        .command = COMMAND_NEW_ORDER,
        .side = (uint8_t)side,
        .time_in_force = (uint8_t)time_in_force,
    };
}

/* On its own side of the last price, most often near: the mean of four draws below a width that is
 * itself small most of the time. */
static void put_resting(struct pair *pair, enum side side)
{
    struct prng *prng = &pair->prng;
    double unit = prng_unit(prng);
    int64_t width = 1 + (int64_t)(unit * unit * (double)pair->deviation);
    int64_t sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += prng_between(prng, 0, width - 1);
    }
    int64_t distance = sum / 4 * 2 - width;
    distance = distance < 0 ? -distance : distance;
    struct step step = new_order(pair, side, TIME_IN_FORCE_GTC);
    step.price_units = side == SIDE_BUY ? pair->last_price - distance : pair->last_price + distance;
    step.price_units =
        step.price_units < pair->lowest_price ? pair->lowest_price : step.price_units;
    step.price_units =
        step.price_units > pair->highest_price ? pair->highest_price : step.price_units;
    put(pair, &step);
}

static void put_immediate(struct pair *pair, enum side side)
{
    bool whole = prng_chance(&pair->prng, 1, WHOLE_ONE_IN) != 0;
    struct step step = new_order(pair, side, whole ? TIME_IN_FORCE_FOK : TIME_IN_FORCE_IOC);
    step.price_units = side == SIDE_BUY ? pair->highest_price : pair->lowest_price;
    pair->mix->whole += whole;
    pair->mix->immediate += !whole;
    put(pair, &step);
}

static struct step step_on(const struct resting *resting, enum command_id id)
{
    return (struct step){.order = resting->order,
                         .new_order = resting->order,
                         .account = resting->account,
                         .command = (uint8_t)id,
                         .side = (uint8_t)resting->side};
}

static void put_cancel(struct pair *pair, uint32_t place)
{
    struct step step = step_on(&pair->resting[place], COMMAND_CANCEL);
    drop(pair, place);
    put(pair, &step);
}

static void put_reduce(struct pair *pair, uint32_t place)
{
    struct resting *resting = &pair->resting[place];
    struct step step = step_on(resting, COMMAND_REDUCE);
    step.lots = 1 + (uint32_t)prng_below(&pair->prng, (uint64_t)resting->open_lots);
    resting->open_lots -= step.lots;
    resting->total_lots -= step.lots;
    if (resting->open_lots == 0) {
        drop(pair, place);
    }
    put(pair, &step);
}

static void put_move(struct pair *pair, uint32_t place)
{
    const struct resting *resting = &pair->resting[place];
    double way = (double)(pair->last_price - resting->price_units) * MOVE_SHARE;
    int64_t move = (int64_t)(way < 0 ? floor(way) : ceil(way));
    if (move == 0) {
        move = prng_chance(&pair->prng, 1, 2) ? 1 : -1;
    }
    struct step step = step_on(resting, COMMAND_REPLACE);
    step.price_units = resting->price_units + move;
    if (step.price_units < pair->lowest_price || step.price_units > pair->highest_price) {
        step.price_units = resting->price_units - move;
    }
    step.lots = (uint32_t)resting->total_lots;
    put(pair, &step);
}

static void put_one(struct pair *pair)
{
    struct prng *prng = &pair->prng;
    enum side side = prng_chance(prng, 1, 2) ? SIDE_BUY : SIDE_SELL;
    bool refilling = *count_of(pair, side) < pair->options->orders / 2;
    struct crypto_pair_shares *shares = refilling ? &pair->mix->refilling : &pair->mix->steady;
    uint64_t draw = prng_below(prng, refilling ? DRAWS_REFILLING : DRAWS_STEADY);
    shares->commands++;
    if (draw < 2 || pair->resting_count == 0) {
        shares->entered++;
        if (refilling) {
            put_resting(pair, side);
        } else {
            put_immediate(pair, side);
        }
        return;
    }
    uint32_t oldest = pair->resting_count < OLDEST ? pair->resting_count : OLDEST;
    uint32_t place = (uint32_t)prng_below(prng, oldest);
    if (draw == 2) {
        shares->cancelled++;
        put_cancel(pair, place);
    } else if (draw == 3) {
        shares->reduced++;
        put_reduce(pair, place);
    } else {
        shares->moved++;
        put_move(pair, place);
    }
}

static void draw_prices(struct pair *pair)
{
    double power = 3.3 + 1.5 * prng_unit(&pair->prng) + 1.5 * prng_unit(&pair->prng);
    double price = pow(10, power);
    double deviation = price * DEVIATION_SHARE;
    pair->last_price = (int64_t)price;
    pair->deviation = (int64_t)(deviation < DEVIATION_MAX ? deviation : DEVIATION_MAX);
    pair->lowest_price = pair->last_price - PRICE_SPAN_TIMES * pair->deviation;
    pair->highest_price = pair->last_price + PRICE_SPAN_TIMES * pair->deviation;
}

static void generate(struct pair *pair)
{
    const struct crypto_pair_options *options = pair->options;
    prng_init(&pair->prng, options->seed);
    draw_prices(pair);
    venue_restart(&pair->venue);
    while (pair->venue.next < workload_setup_count(pair->workload)) {
        venue_step(&pair->venue);
    }
    for (uint32_t i = 0; i < options->orders; i++) {
        put_resting(pair, i % 2 == 0 ? SIDE_BUY : SIDE_SELL);
    }
    pair->workload->timed_from = pair->workload->count;
    for (uint32_t i = 0; i < options->commands; i++) {
        put_one(pair);
    }
}

enum status crypto_pair_open(const struct crypto_pair_options *options,
                             struct crypto_pair_mix *out_mix, struct workload *out_workload)
{
    struct workload workload = {0};
    struct crypto_pair_mix mix = {0};
    struct pair pair = {.options = options, .mix = &mix, .workload = &workload};
    struct host_block resting = {0};
    enum status status = workload_open((size_t)options->commands + options->orders, &workload);
    if (status == STATUS_OK) {
        workload.instrument_count = 1;
        workload.account_count = options->accounts;
        workload.max_orders = LIVE_MAX;
        workload.max_levels = LIVE_MAX;
        workload.tick_units = 1;
        workload.price_highest = INT64_C(1) << 40;
        status = host_block_open(LIVE_MAX * sizeof *pair.resting, false, &resting);
    }
    if (status == STATUS_OK) {
        pair.resting = resting.bytes;
        status = venue_open(&pair.venue, &workload, 0);
    }
    if (status == STATUS_OK) {
        generate(&pair);
    }
    venue_close(&pair.venue);
    host_block_close(&resting);
    if (status != STATUS_OK) {
        workload_close(&workload);
        return status;
    }
    *out_mix = mix;
    *out_workload = workload;
    return STATUS_OK;
}

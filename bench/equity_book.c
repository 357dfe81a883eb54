/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/equity_book.h"

#include "base/assert.h"
#include "base/prng.h"

#include <math.h>
#include <stdlib.h>

#define MIDDLE_TICKS     33504.0
#define DEPTH_MAX        45
#define DEPTH_POWER      2.23
#define HUMP_TICKS       8.0
#define HUMP_WIDTH       3.0
#define HUMP_HEIGHT      0.5
#define LOTS_MAX         100u
#define DAY_NS           23400e9
#define DAY_ORDERS       1e6
#define LIFE_MEDIAN_NS   431000.0
#define LIFE_DEPTH_TICKS 16.0
#define LATE_NS          20000.0
#define PERCENT          100u
#define IMMEDIATE        15u
#define MODIFIED         20u
#define REPRICED         80u
#define CANCELLED        95u
#define AGAIN            2u

const struct equity_book_scenario equity_book_scenarios[EQUITY_BOOK_SCENARIOS] = {
    {"static", 0}, {"normal", 0.02}, {"swing-25", 0.25}, {"swing-40", 0.40}, {"crash", 0.60}};

struct arrival {
    int64_t price_ticks;
    uint32_t depth_ticks;
    enum side side;
};

/* A step and when it comes. */
struct timed_step {
    double time_ns;
    uint64_t number; /* ties keep the order in which they were made */
    struct step step;
};

struct maker {
    struct prng prng;
    double depths[DEPTH_MAX]; /* cumulative */
    struct arrival *arrivals;
    struct timed_step *steps;
    size_t step_count;
    struct equity_book_mix *mix;
};

static double draw_normal(struct prng *prng)
{
    static const double turn = 6.283185307179586;
    double radius = sqrt(-2 * log(1 - prng_unit(prng)));
    return radius * cos(turn * prng_unit(prng));
}

static void make_depths(struct maker *maker)
{
    double sum = 0;
    for (int i = 0; i < DEPTH_MAX; i++) {
        double away = (i + 1 - HUMP_TICKS) / HUMP_WIDTH;
        sum += pow(i + 1, -DEPTH_POWER) + HUMP_HEIGHT * exp(-away * away / 2);
        maker->depths[i] = sum;
    }
}

static uint32_t draw_depth(struct maker *maker)
{
    double want = prng_unit(&maker->prng) * maker->depths[DEPTH_MAX - 1];
    uint32_t depth = 0;
    while (depth < DEPTH_MAX - 1 && maker->depths[depth] <= want) {
        depth++;
    }
    return depth + 1;
}

static void make_arrivals(struct maker *maker, double swing, uint32_t count)
{
    double step = swing / sqrt(count);
    double middle = MIDDLE_TICKS;
    for (uint32_t i = 0; i < count; i++) {
        struct arrival *arrival = &maker->arrivals[i];
        arrival->side = i < count / 2 ? SIDE_BUY : SIDE_SELL;
        arrival->depth_ticks = draw_depth(maker);
        int64_t depth = arrival->side == SIDE_BUY ? -(int64_t)arrival->depth_ticks
                                                  : (int64_t)arrival->depth_ticks;
        int64_t ticks = (int64_t)llround(middle) + depth;
        arrival->price_ticks = ticks < 1 ? 1 : ticks;
        middle *= exp(step * draw_normal(&maker->prng) - step * step / 2);
    }
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = (uint32_t)prng_below(&maker->prng, i);
        struct arrival moved = maker->arrivals[i - 1];
        maker->arrivals[i - 1] = maker->arrivals[other];
        maker->arrivals[other] = moved;
    }
}

static void put(struct maker *maker, double time_ns, const struct step *step)
{
    maker->steps[maker->step_count] =
        (struct timed_step){.time_ns = time_ns, .number = maker->step_count, .step = *step};
    maker->step_count++;
}

static bool chance(struct maker *maker, uint32_t percent)
{
    return prng_chance(&maker->prng, percent, PERCENT) != 0;
}

/* Everything that happens to a resting order: modify, cancel, and what comes too late. */
static void put_life(struct maker *maker, const struct arrival *arrival, double time_ns,
                     const struct step *entered)
{
    struct prng *prng = &maker->prng;
    double scale = LIFE_MEDIAN_NS / log(2) * (1 + arrival->depth_ticks / LIFE_DEPTH_TICKS);
    double life_ns = -log(1 - prng_unit(prng)) * scale;
    struct step modify = *entered;
    modify.command = COMMAND_REPLACE;
    modify.new_order = entered->order;
    modify.lots = entered->lots + 1;
    if (chance(maker, REPRICED)) {
        modify.price_units += prng_chance(prng, 1, 2) ? 1 : -1;
        modify.price_units = modify.price_units < 1 ? 1 : modify.price_units;
    }
    bool modified = chance(maker, MODIFIED);
    if (modified) {
        put(maker, time_ns + life_ns * prng_unit(prng), &modify);
        maker->mix->modifies++;
    }
    if (!chance(maker, CANCELLED)) {
        return;
    }
    struct step cancel = *entered;
    cancel.command = COMMAND_CANCEL;
    double end_ns = time_ns + life_ns;
    put(maker, end_ns, &cancel);
    maker->mix->cancels++;
    if (chance(maker, AGAIN)) {
        put(maker, end_ns + LATE_NS * prng_unit(prng), &cancel);
        maker->mix->cancels++;
    }
    if (modified && chance(maker, AGAIN)) {
        put(maker, end_ns + LATE_NS * prng_unit(prng), &modify);
        maker->mix->modifies++;
    }
}

static int compare_times(const void *a, const void *b)
{
    const struct timed_step *left = a;
    const struct timed_step *right = b;
    if (left->time_ns != right->time_ns) {
        return left->time_ns < right->time_ns ? -1 : 1;
    }
    return left->number < right->number ? -1 : left->number > right->number;
}

static void make_steps(struct maker *maker, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct arrival *arrival = &maker->arrivals[i];
        double time_ns = i * (DAY_NS / DAY_ORDERS);
        bool immediate = chance(maker, IMMEDIATE);
        struct step step = {
            .price_units = arrival->price_ticks,
            .order = i + 1,
            .account = 1,
            .instrument = 1,
            .lots = 1 + (uint32_t)prng_below(&maker->prng, LOTS_MAX),
            .command = COMMAND_NEW_ORDER,
            .side = (uint8_t)arrival->side,
            .time_in_force = immediate ? TIME_IN_FORCE_IOC : TIME_IN_FORCE_GTC,
        };
        put(maker, time_ns, &step);
        maker->mix->new_orders++;
        if (immediate) {
            maker->mix->immediate++;
        } else {
            put_life(maker, arrival, time_ns, &step);
        }
    }
    qsort(maker->steps, maker->step_count, sizeof *maker->steps, compare_times);
}

enum status equity_book_open(const struct equity_book_scenario *scenario, uint64_t seed,
                             uint32_t new_orders, struct equity_book_mix *out_mix,
                             struct workload *out_workload)
{
    struct equity_book_mix mix = {0};
    struct maker maker = {.mix = &mix};
    /* An order is entered, modified twice at most and cancelled twice at most. */
    size_t steps_max = (size_t)new_orders * 5;
    maker.arrivals = calloc(new_orders, sizeof *maker.arrivals);
    maker.steps = calloc(steps_max, sizeof *maker.steps);
    enum status status = STATUS_NO_MEMORY;
    if (maker.arrivals != NULL && maker.steps != NULL) {
        prng_init(&maker.prng, seed);
        make_depths(&maker);
        make_arrivals(&maker, scenario->swing, new_orders);
        make_steps(&maker, new_orders);
        status = workload_open(maker.step_count, out_workload);
    }
    for (size_t i = 0; i < maker.step_count && status == STATUS_OK; i++) {
        bool added = workload_add(out_workload, &maker.steps[i].step);
        ASSERT(added);
    }
    free(maker.arrivals);
    free(maker.steps);
    if (status == STATUS_OK) {
        out_workload->instrument_count = 1;
        out_workload->account_count = 1;
        out_workload->max_orders = new_orders / 8 + 4096;
        out_workload->max_levels = out_workload->max_orders;
        out_workload->tick_units = 1;
        out_workload->price_highest = INT64_C(1) << 40;
        *out_mix = mix;
    }
    return status;
}

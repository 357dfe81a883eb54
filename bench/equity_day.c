/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/equity_day.h"

#include "base/assert.h"

#include <stdlib.h>

#define TICK_UNITS     100 /* one cent in 10^-4 dollars */
#define IOC_NAMES_FROM UINT32_C(0x80000000)

/* What is known of an order by its number in the feed. */
struct fed_order {
    uint32_t price_units;
    uint32_t open;
    uint32_t executed; /* a replacement's total counts it in */
    uint32_t side_index;
};

struct day {
    struct workload *workload;
    struct fed_order *orders;
    size_t order_count; /* entries */
    uint32_t executions;
    uint64_t entered_anew;
};

static enum side side_of(const struct fed_order *order)
{
    return (order->side_index & 1) != 0 ? SIDE_SELL : SIDE_BUY;
}

static struct fed_order *order_of(const struct day *day, uint64_t order_id)
{
    ASSERT(order_id < day->order_count);
    return &day->orders[order_id];
}

static void begin_order(const struct day *day, const struct flow_message *message,
                        struct step *step)
{
    bool sell = message->side == FLOW_SIDE_SELL;
    *order_of(day, message->order_id) =
        (struct fed_order){.price_units = (uint32_t)message->price,
                           .open = message->quantity,
                           .side_index = message->instrument * 2 + sell};
    step->command = COMMAND_NEW_ORDER;
    step->price_units = message->price;
    step->side = sell ? SIDE_SELL : SIDE_BUY;
    step->time_in_force = TIME_IN_FORCE_GTC;
}

static void put(struct day *day, const struct step *step)
{
    bool added = workload_add(day->workload, step);
    ASSERT(added);
}

/* A replaced order of the feed always goes to the back. The engine lets it keep its place when only
 * the quantity gets smaller: then the same is said by a cancel and a new order. */
static void replace_order(struct day *day, const struct flow_message *message, struct step *step)
{
    const struct fed_order *old = order_of(day, message->order_id);
    struct fed_order *order = order_of(day, message->new_order_id);
    *order = *old;
    order->price_units = (uint32_t)message->price;
    order->open = message->quantity;
    step->price_units = message->price;
    step->side = (uint8_t)side_of(order);
    if (old->price_units == order->price_units && order->open <= old->open) {
        step->command = COMMAND_CANCEL;
        put(day, step);
        day->entered_anew++;
        order->executed = 0;
        step->command = COMMAND_NEW_ORDER;
        step->order = (uint32_t)message->new_order_id;
        step->instrument = order->side_index / 2;
        step->time_in_force = TIME_IN_FORCE_GTC;
        return;
    }
    step->command = COMMAND_REPLACE;
    step->new_order = (uint32_t)message->new_order_id;
    step->lots = message->quantity + order->executed;
}

static void execute_order(struct day *day, const struct flow_message *message, struct step *step)
{
    struct fed_order *order = order_of(day, message->order_id);
    order->executed += message->quantity;
    order->open -= message->quantity;
    step->command = COMMAND_NEW_ORDER;
    step->order = IOC_NAMES_FROM + day->executions++;
    step->price_units = order->price_units;
    step->side = side_of(order) == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
    step->time_in_force = TIME_IN_FORCE_IOC;
}

/* False for what makes no command. */
static bool step_of(struct day *day, const struct flow_message *message, struct step *step)
{
    *step = (struct step){.order = (uint32_t)message->order_id,
                          .account = 1,
                          .instrument = message->instrument,
                          .lots = message->quantity};
    switch ((enum flow_kind)message->kind) {
    case FLOW_ADD:
        begin_order(day, message, step);
        return true;
    case FLOW_DELETE:
        step->command = COMMAND_CANCEL;
        step->side = (uint8_t)side_of(order_of(day, message->order_id));
        return true;
    case FLOW_REDUCE:
        order_of(day, message->order_id)->open -= message->quantity;
        step->command = COMMAND_REDUCE;
        step->side = (uint8_t)side_of(order_of(day, message->order_id));
        return true;
    case FLOW_REPLACE:
        replace_order(day, message, step);
        return true;
    case FLOW_EXECUTE:
        execute_order(day, message, step);
        return true;
    case FLOW_INSTRUMENT:
    case FLOW_SYSTEM:
        return false;
    case FLOW_EXECUTE_PRICED:
    case FLOW_EXECUTE_HIDDEN:
    case FLOW_TRADE_NOTE:
    case FLOW_HALT:
    case FLOW_CLEAR:
    case FLOW_IGNORED:
        break;
    }
    bool made_by_the_generator = false;
    ASSERT(made_by_the_generator);
    return false;
}

static enum status run_generator(struct day *day, struct generator *generator)
{
    struct flow_message message;
    enum status status = generate_next(generator, &message);
    for (; status == STATUS_OK; status = generate_next(generator, &message)) {
        struct step step;
        if (step_of(day, &message, &step)) {
            put(day, &step);
        }
    }
    return status == STATUS_END ? STATUS_OK : status;
}

enum status equity_day_open(const struct equity_day_options *options,
                            struct equity_day_mix *out_mix, struct workload *out_workload)
{
    struct generator *generator;
    struct generate_options choose = {.seed = options->seed,
                                      .messages = options->messages,
                                      .instruments = options->instruments,
                                      .live_target = options->live_target};
    enum status status = generate_open(&choose, &generator);
    if (status != STATUS_OK) {
        return status;
    }
    struct workload workload = {0};
    /* Adds and replaces number orders, one each at most. */
    struct day day = {.workload = &workload, .order_count = (size_t)options->messages + 1};
    struct host_block orders = {0};
    status = host_block_open(day.order_count * sizeof *day.orders, false, &orders);
    if (status == STATUS_OK) {
        day.orders = orders.bytes;
        /* Pages that are not written cost nothing: room for two commands a message. */
        status = workload_open((size_t)options->messages * 2, &workload);
    }
    if (status == STATUS_OK) {
        status = run_generator(&day, generator);
    }
    struct generate_mix mix = generate_mix(generator);
    host_block_close(&orders);
    generate_close(generator);
    if (status != STATUS_OK) {
        workload_close(&workload);
        return status;
    }
    workload.instrument_count = options->instruments;
    workload.account_count = 1;
    workload.max_orders = (uint32_t)mix.live_peak + 1;
    workload.max_levels = workload.max_orders;
    workload.tick_units = TICK_UNITS;
    workload.price_highest = UINT32_MAX;
    *out_mix = (struct equity_day_mix){.feed = mix, .entered_anew = day.entered_anew};
    *out_workload = workload;
    return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a generated day is a possible one and has the mix it promises. Method: a naive book (one
 * list an order, looked through from the front) follows the messages and checks each; quantiles of
 * sizes and distances are measured; bytes written are read back as the same messages; a seed gives
 * one day.
 */
#include "base/hash.h"
#include "flow/generate.h"
#include "flow/itch_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORDERS_MAX 200000

/* Orders in the order they arrived; `shares` 0 = gone. Queue order is arrival order: a replace
 * arrives anew. */
struct naive_order {
    uint64_t id;
    int64_t price;
    uint32_t shares;
    uint32_t instrument;
    uint8_t side;
};

struct naive {
    struct naive_order *orders;
    size_t count;
};

static struct naive_order *find(const struct naive *naive, uint64_t id)
{
    /* Ids are given in rising order, so the place is found by halving. */
    size_t low = 0;
    size_t high = naive->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (naive->orders[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    assert_true(low < naive->count && naive->orders[low].id == id);
    assert_true(naive->orders[low].shares > 0);
    return &naive->orders[low];
}

/* First in the queue at the best price of that side, or null. */
static const struct naive_order *best(const struct naive *naive, uint32_t instrument, uint8_t side)
{
    const struct naive_order *found = NULL;
    for (size_t i = 0; i < naive->count; i++) {
        const struct naive_order *order = &naive->orders[i];
        if (order->shares == 0 || order->instrument != instrument || order->side != side) {
            continue;
        }
        if (found == NULL ||
            (side == FLOW_SIDE_BUY ? order->price > found->price : order->price < found->price)) {
            found = order;
        }
    }
    return found;
}

static void place(struct naive *naive, const struct naive_order *order)
{
    uint8_t opposite = order->side == FLOW_SIDE_BUY ? FLOW_SIDE_SELL : FLOW_SIDE_BUY;
    const struct naive_order *against = best(naive, order->instrument, opposite);
    if (against != NULL) {
        assert_true(order->side == FLOW_SIDE_BUY ? order->price < against->price
                                                 : order->price > against->price);
    }
    assert_true(order->price > 0 && order->price % 100 == 0);
    assert_true(order->shares > 0);
    assert_true(naive->count == 0 || naive->orders[naive->count - 1].id < order->id);
    assert_true(naive->count < ORDERS_MAX);
    naive->orders[naive->count++] = *order;
}

static void follow(struct naive *naive, const struct flow_message *message)
{
    struct naive_order *order = NULL;
    if (message->kind != FLOW_ADD) {
        order = find(naive, message->order_id);
        assert_int_equal(order->instrument, message->instrument);
    }
    struct naive_order fresh = {message->order_id, message->price, message->quantity,
                                message->instrument, message->side};
    switch ((enum flow_kind)message->kind) {
    case FLOW_ADD:
        place(naive, &fresh);
        break;
    case FLOW_DELETE:
        order->shares = 0;
        break;
    case FLOW_REDUCE:
        assert_true(message->quantity > 0 && message->quantity < order->shares);
        order->shares -= message->quantity;
        break;
    case FLOW_REPLACE:
        fresh.id = message->new_order_id;
        fresh.side = order->side;
        order->shares = 0;
        place(naive, &fresh);
        break;
    case FLOW_EXECUTE:
        assert_ptr_equal(best(naive, order->instrument, order->side), order);
        assert_true(message->quantity > 0 && message->quantity <= order->shares);
        order->shares -= message->quantity;
        break;
    case FLOW_EXECUTE_PRICED:
    case FLOW_EXECUTE_HIDDEN:
    case FLOW_TRADE_NOTE:
    case FLOW_HALT:
    case FLOW_INSTRUMENT:
    case FLOW_CLEAR:
    case FLOW_SYSTEM:
    case FLOW_IGNORED:
        fail();
    }
}

static void a_day_is_possible(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct generate_options options = {
            .seed = seed, .messages = 12000, .instruments = seed == 3 ? 1 : 7};
        struct naive naive = {calloc(ORDERS_MAX, sizeof(struct naive_order)), 0};
        assert_non_null(naive.orders);
        struct generator *generator = NULL;
        assert_int_equal(generate_open(&options, &generator), STATUS_OK);
        struct flow_message message;
        uint64_t last_time = 0;
        uint64_t index = 0;
        uint64_t followed = 0;
        enum status status;
        while ((status = generate_next(generator, &message)) == STATUS_OK) {
            assert_true(message.time_ns >= last_time);
            last_time = message.time_ns;
            assert_int_equal(message.source_index, index++);
            if (message.kind != FLOW_SYSTEM && message.kind != FLOW_INSTRUMENT) {
                follow(&naive, &message);
                followed++;
            }
        }
        assert_int_equal(status, STATUS_END);
        assert_int_equal(followed, 12000);
        uint64_t live = 0;
        for (size_t i = 0; i < naive.count; i++) {
            live += naive.orders[i].shares > 0;
        }
        assert_int_equal(live, generate_mix(generator).live);
        generate_close(generator);
        free(naive.orders);
    }
}

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a;
    const int64_t *right = b;
    return (*left > *right) - (*left < *right);
}

static void within(int64_t value, int64_t low, int64_t high)
{
    if (value < low || value > high) {
        print_error("%lld is not in %lld .. %lld\n", (long long)value, (long long)low,
                    (long long)high);
    }
    assert_true(value >= low && value <= high);
}

static void the_mix_is_the_specification(void **state)
{
    (void)state;
    struct generate_options options = {.seed = 11, .messages = 600000};
    struct generator *generator = NULL;
    assert_int_equal(generate_open(&options, &generator), STATUS_OK);
    int64_t *sizes = calloc(600000, sizeof *sizes);
    int64_t *distances = calloc(600000, sizeof *distances);
    assert_non_null(sizes);
    assert_non_null(distances);
    size_t bids = 0;
    size_t adds = 0;
    int64_t shares = 0;
    struct flow_message message;
    while (generate_next(generator, &message) == STATUS_OK) {
        if (message.kind != FLOW_ADD) {
            continue;
        }
        sizes[adds++] = message.quantity;
        shares += message.quantity;
        if (message.side == FLOW_SIDE_SELL) {
            /* Offers: bids cannot be a hundred dollars below a price of forty. */
            distances[bids++] =
                message.price - (int64_t)generate_middle(generator, message.instrument);
        }
    }
    struct generate_mix mix = generate_mix(generator);
    generate_close(generator);
    within(generate_mix_deviation(&mix), 0, 50);
    within((int64_t)mix.live, 35500, 36500); /* 6% */
    within((int64_t)mix.live_peak, 35500, 37000);
    qsort(sizes, adds, sizeof *sizes, by_value);
    qsort(distances, bids, sizeof *distances, by_value);
    assert_int_equal(sizes[adds / 2], 100);
    assert_int_equal(sizes[adds * 89 / 100], 100);
    within(sizes[adds * 99 / 100], 300, 600);
    within(shares / (int64_t)adds, 90, 110);
    within(distances[bids / 2], 400, 520);
    within(distances[bids * 75 / 100], 1000, 1250);
    within(distances[bids * 90 / 100], 12000, 15500);
    within(distances[bids * 99 / 100], 1000000, 1180000);
    free(sizes);
    free(distances);
}

static void arrivals_are_calm_or_bursts(void **state)
{
    (void)state;
    struct generate_options options = {.seed = 5, .messages = 200000, .instruments = 100};
    struct generator *generator = NULL;
    assert_int_equal(generate_open(&options, &generator), STATUS_OK);
    struct flow_message message;
    uint64_t last = 0;
    uint64_t mean_ns = UINT64_C(23400) * 1000000000 / 200000;
    uint64_t close = 0;
    uint64_t end = 0;
    while (generate_next(generator, &message) == STATUS_OK) {
        if (message.kind == FLOW_SYSTEM || message.kind == FLOW_INSTRUMENT) {
            continue;
        }
        close += last != 0 && message.time_ns - last < mean_ns / 5;
        last = end = message.time_ns;
    }
    generate_close(generator);
    /* One Poisson process would have 18% of its gaps below a fifth of the mean. */
    within((int64_t)close, 200000 * 55 / 100, 200000 * 75 / 100);
    within((int64_t)(end / 1000000000), 34200 + 21000, 57600);
}

/* Everything but the symbol's address. */
static uint64_t hash_of(const struct flow_message *message, uint64_t hash)
{
    const uint64_t fields[] = {
        message->source_index,   message->position,     message->time_ns,
        message->order_id,       message->new_order_id, (uint64_t)message->price,
        (uint64_t)message->tick, message->match_number, message->quantity,
        message->instrument,     message->kind,         message->side,
        message->price_scale,    message->raw_type,     message->code,
        message->printable,      message->symbol_length};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        hash = hash_mix64(hash ^ fields[i]) + i;
    }
    for (size_t i = 0; i < message->symbol_length; i++) {
        hash = hash_mix64(hash ^ (uint8_t)message->symbol[i]);
    }
    return hash;
}

/* The value is fixed: a change of it is a change of every generated day, and of published figures.
 */
static void a_seed_is_one_day_for_ever(void **state)
{
    (void)state;
    struct generate_options options = {.seed = 42, .messages = 20000};
    uint64_t hashes[2] = {0, 0};
    size_t bytes = 0;
    uint8_t *file = calloc(1, (size_t)40 << 15);
    assert_non_null(file);
    for (int run = 0; run < 2; run++) {
        struct generator *generator = NULL;
        assert_int_equal(generate_open(&options, &generator), STATUS_OK);
        struct flow_message message;
        while (generate_next(generator, &message) == STATUS_OK) {
            hashes[run] = hash_of(&message, hashes[run]);
            size_t count = 0;
            if (run == 0) {
                assert_int_equal(itch_write(&message, file + bytes, &count), STATUS_OK);
                assert_int_equal(message.position, bytes + 2);
            }
            bytes += count;
        }
        generate_close(generator);
    }
    assert_int_equal(hashes[0], hashes[1]);
    struct flow_reader *reader = NULL;
    struct flow_error error;
    assert_int_equal(flow_open_memory("day.itch50", file, bytes, NULL, &error, &reader), STATUS_OK);
    assert_string_equal(flow_describe(reader)->format_name, "itch");
    struct flow_message message;
    uint64_t read = 0;
    enum status status;
    while ((status = flow_next(reader, &message)) == STATUS_OK) {
        read = hash_of(&message, read);
    }
    assert_int_equal(status, STATUS_END);
    assert_int_equal(read, hashes[0]);
    flow_close(reader);
    free(file);
    assert_int_equal(hashes[0], UINT64_C(0x6ee8ed0beb336c09));
}

static void options_are_checked(void **state)
{
    (void)state;
    struct generator *generator = NULL;
    struct generate_options none = {.seed = 1};
    assert_int_equal(generate_open(&none, &generator), STATUS_INVALID);
    struct generate_options wide = {.messages = 1, .instruments = 65536};
    assert_int_equal(generate_open(&wide, &generator), STATUS_INVALID);
    struct generate_mix mix = {.adds = 1};
    assert_true(generate_mix_deviation(&mix) > 200);
    assert_null(generator);
}

static void what_itch_cannot_say_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[ITCH_WRITE_BYTES_MAX];
    size_t count = 0;
    struct flow_message message = {.kind = FLOW_CLEAR, .price = FLOW_PRICE_NONE};
    assert_int_equal(itch_write(&message, bytes, &count), STATUS_UNSUPPORTED);
    message = (struct flow_message){.kind = FLOW_ADD, .price_scale = 4, .price = INT64_C(1) << 32};
    assert_int_equal(itch_write(&message, bytes, &count), STATUS_OVERFLOW);
    message.price = -1;
    assert_int_equal(itch_write(&message, bytes, &count), STATUS_OVERFLOW);
    message = (struct flow_message){.kind = FLOW_DELETE, .instrument = 65536};
    assert_int_equal(itch_write(&message, bytes, &count), STATUS_OVERFLOW);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_possible),
        cmocka_unit_test(the_mix_is_the_specification),
        cmocka_unit_test(arrivals_are_calm_or_bursts),
        cmocka_unit_test(a_seed_is_one_day_for_ever),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(what_itch_cannot_say_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

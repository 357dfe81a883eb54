/* SPDX-License-Identifier: Apache-2.0
 *
 * The fold of a session's orders against an array that is searched from its end, while its tables
 * grow: 100,000 rows from new orders and replaces in random order, each asked for now and then.
 */
#include "gateway/ouch/ouch_orders.h"

#include "base/prng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS 100000u

struct naive {
    uint64_t order_id;
    uint64_t since;
    uint32_t user_ref_num;
    int64_t open;
};

static struct naive all[ROWS];
static uint32_t count;

static struct text36 name_of(uint32_t user_ref_num)
{
    struct order_name name = {.session = 1, .user_ref_num = user_ref_num};
    memset(name.client_id, ' ', sizeof name.client_id);
    return order_name_encode(&name);
}

/* From the newest on. */
static const struct naive *last_of(uint64_t order_id)
{
    for (uint32_t i = count; i > 0; i--) {
        if (all[i - 1].order_id == order_id) {
            return &all[i - 1];
        }
    }
    return NULL;
}

static void accept(struct ouch_orders *orders, uint64_t number)
{
    struct naive row = {.order_id = (number * 3) << 16,
                        .since = number,
                        .user_ref_num = (uint32_t)number,
                        .open = 100};
    struct event event = {
        .header = {.id = EVENT_ACCEPTED},
        .accepted = {.quantity.lots = row.open, .client_order_id = name_of(row.user_ref_num)}};
    struct stream_entry entry = {.number = number, .event_sequence = number * 3};
    assert_int_equal(ouch_orders_apply(orders, &entry, &event), STATUS_OK);
    all[count++] = row;
}

static void replace(struct ouch_orders *orders, uint64_t number, const struct naive *old)
{
    struct naive row = *old;
    row.since = number;
    row.user_ref_num = (uint32_t)number;
    row.open = (int64_t)(number % 1000) + 1;
    struct event event = {.header = {.id = EVENT_REPLACED},
                          .replaced = {.order_id = row.order_id,
                                       .quantity.lots = row.open,
                                       .remaining.lots = row.open,
                                       .client_order_id = name_of(row.user_ref_num)}};
    struct stream_entry entry = {.number = number, .event_sequence = number * 3};
    assert_int_equal(ouch_orders_apply(orders, &entry, &event), STATUS_OK);
    all[count++] = row;
}

static void compare(const struct ouch_orders *orders, const struct naive *naive)
{
    const struct ouch_order *order = ouch_orders_find(orders, naive->user_ref_num);
    assert_non_null(order);
    assert_int_equal(order->since, naive->since);
    assert_int_equal(order->accepted, naive->order_id >> 16);
    assert_int_equal(order->open.lots, naive->open);
    /* Then that one stood; now the newest of the order does. */
    assert_ptr_equal(ouch_orders_at(orders, naive->order_id, naive->since), order);
    const struct ouch_order *now = ouch_orders_at(orders, naive->order_id, UINT64_MAX);
    const struct naive *newest = last_of(naive->order_id);
    assert_int_equal(now->since, newest->since);
    assert_int_equal(order->replaced, now != order);
}

static void every_row_is_found_while_tables_grow(void **state)
{
    (void)state;
    struct ouch_orders orders = {0};
    struct prng prng;
    prng_init(&prng, 1);
    count = 0;
    for (uint64_t number = 1; number <= ROWS; number++) {
        if (count == 0 || prng_chance(&prng, 2, 3)) {
            accept(&orders, number);
        } else { /* one of the last thousand */
            uint32_t back = (uint32_t)prng_below(&prng, count < 1000 ? count : 1000);
            replace(&orders, number, last_of(all[count - 1 - back].order_id));
        }
        if (number % 37 == 0) {
            compare(&orders, &all[prng_below(&prng, count)]);
        }
    }
    for (uint32_t i = 0; i < count; i += 97) {
        compare(&orders, &all[i]);
    }
    assert_null(ouch_orders_find(&orders, ROWS + 1));
    assert_int_equal(orders.highest_user_ref_num, ROWS);
    ouch_orders_deinit(&orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_while_tables_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

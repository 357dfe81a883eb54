/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/workload_parts.h"
#include "wire/native/text36.h"

#include <string.h>

static void spoil_name(struct workload *workload, struct text36 *name)
{
    switch (prng_below(&workload->prng, 5)) {
    case 0:
        *name = (struct text36){0};
        break;
    case 1:
        name->bytes[prng_below(&workload->prng, name->count)] = ' ';
        break;
    case 2:
        name->bytes[0] = 0x7f;
        break;
    case 3:
        name->bytes[name->count - 1] = (char)0xc3;
        break;
    default:
        /* No decoder gives so long a name; a caller of the engine may. */
        memset(name->bytes, 'x', sizeof name->bytes);
        name->count = sizeof name->bytes;
        break;
    }
}

static void spoil_header(struct workload *workload, struct command_header *header)
{
    struct prng *prng = &workload->prng;
    uint32_t sessions = workload->profile->limits.max_sessions;
    uint32_t number = (uint32_t)prng_between(prng, 1, sessions);
    const struct twin_session *session = &workload->twin->sessions[number];
    switch (prng_below(prng, 5)) {
    case 0:
        header->session = workload_chance(workload, 50) ? sessions + 1 : UINT32_MAX;
        break;
    case 1: /* may be one that was never opened */
        header->session = number;
        header->incarnation = (uint32_t)prng_below(prng, (uint64_t)session->incarnation + 2);
        break;
    case 2:
        header->session = number;
        header->incarnation = session->incarnation;
        header->input_sequence = prng_below(prng, session->input_sequence + 1);
        break;
    case 3: /* whatever the account: often another participant's */
        header->session = number;
        header->incarnation = session->incarnation;
        header->input_sequence = session->input_sequence + 1;
        break;
    default:
        if (workload_chance(workload, 20)) {
            header->valid_for_us = 60000000 + (uint32_t)prng_below(prng, 3);
            break;
        }
        header->valid_for_us = (uint32_t)prng_between(prng, 1, 5);
        header->time_ns = workload->twin->time_ns - prng_below(prng, 8000);
        break;
    }
}

/* Fields that contradict each other. */
static void spoil_pairs(struct workload *workload, struct command_new_order *order)
{
    switch (prng_below(&workload->prng, 7)) {
    case 0:
        order->order_type = ORDER_TYPE_MARKET;
        order->price.units = 100;
        break;
    case 5:
        order->minimum_quantity.lots = prng_between(&workload->prng, -1, 1);
        break;
    case 1:
        order->order_type = ORDER_TYPE_MARKET;
        order->price.units = PRICE_NONE;
        order->time_in_force = TIME_IN_FORCE_GTC;
        break;
    case 2:
        order->post_only = POST_ONLY_SLIDE;
        order->time_in_force = TIME_IN_FORCE_FOK;
        break;
    case 3:
        order->time_in_force = TIME_IN_FORCE_GTD;
        order->expire_time = 0;
        break;
    case 4:
        order->time_in_force = TIME_IN_FORCE_DAY;
        order->expire_time = workload->twin->time_ns + 1;
        break;
    default:
        order->time_in_force = TIME_IN_FORCE_GTD;
        order->expire_time = workload->twin->time_ns - prng_below(&workload->prng, 2);
        break;
    }
}

static void spoil_sets(struct workload *workload, struct command_new_order *order)
{
    switch (prng_below(&workload->prng, 8)) {
    case 6:
        order->on_disconnect = (enum on_disconnect)3;
        break;
    case 0:
        order->side = (enum side)3;
        break;
    case 1:
        order->order_type = (enum order_type)0;
        break;
    case 2:
        order->time_in_force = (enum time_in_force)6;
        break;
    case 3:
        order->post_only = (enum post_only)255;
        break;
    case 4:
        order->capacity = (enum capacity)100;
        break;
    case 5:
        order->side = (enum side)0;
        order->capacity = (enum capacity)0;
        break;
    default:
        spoil_name(workload, &order->client_order_id);
        break;
    }
}

static void spoil_quantity(struct workload *workload, const struct command_list_instrument *terms,
                           struct quantity *quantity)
{
    switch (prng_below(&workload->prng, 6)) {
    case 0:
        quantity->lots = 0;
        break;
    case 1:
        quantity->lots = workload_chance(workload, 50) ? -terms->lot.lots : INT64_MIN;
        break;
    case 2:
        quantity->lots += quantity->lots < INT64_MAX; /* off the lot, where that is above 1 */
        break;
    case 3: /* as large as can be: no fault */
        quantity->lots = (terms->largest_quantity.lots / terms->lot.lots) * terms->lot.lots;
        break;
    case 4:
        quantity->lots = (terms->largest_quantity.lots / terms->lot.lots) * terms->lot.lots;
        if (quantity->lots <= INT64_MAX - terms->lot.lots) {
            quantity->lots += terms->lot.lots;
        }
        break;
    default:
        quantity->lots = INT64_MAX - INT64_MAX % terms->lot.lots;
        break;
    }
}

static void spoil_price(struct workload *workload, const struct command_list_instrument *terms,
                        struct price *price)
{
    switch (prng_below(&workload->prng, 7)) {
    case 0:
        price->units = PRICE_NONE;
        break;
    case 1:
        price->units = terms->lowest_price.units - 1;
        break;
    case 2:
        price->units = INT64_MAX;
        break;
    case 3:
        price->units = price->units == PRICE_NONE ? 0 : -price->units;
        break;
    case 4:
    case 5:
        price->units += price->units < INT64_MAX;
        break;
    default:
        if (terms->highest_price.units < INT64_MAX) {
            price->units = terms->highest_price.units + 1;
        }
        break;
    }
}

/* Inside every single limit, but the product does not fit. */
static void spoil_notional(struct command_new_order *order)
{
    order->instrument = 6;
    order->order_type = ORDER_TYPE_LIMIT;
    order->time_in_force = TIME_IN_FORCE_GTC;
    order->post_only = POST_ONLY_OFF;
    order->expire_time = 0;
    order->price.units = INT64_C(1) << 40;
    order->quantity.lots = INT64_C(1) << 23;
}

static void spoil_account(struct workload *workload, uint64_t *account)
{
    *account = workload_chance(workload, 50) ? 0 : UINT64_MAX - prng_below(&workload->prng, 3);
}

static void spoil_new_order(struct workload *workload, struct command *command)
{
    struct command_new_order *order = &command->new_order;
    const struct command_list_instrument *terms =
        &twin_find_instrument(workload->twin, order->instrument)->terms;
    const struct twin_order *other = workload_pick_order(workload);
    switch (prng_below(&workload->prng, 8)) {
    case 0:
        spoil_pairs(workload, order);
        break;
    case 1:
        spoil_sets(workload, order);
        break;
    case 2:
        spoil_quantity(workload, terms, &order->quantity);
        break;
    case 3:
        spoil_price(workload, terms, &order->price);
        break;
    case 4:
        spoil_notional(order);
        order->price.units -= (int64_t)prng_below(&workload->prng, 2);
        break;
    case 5:
        spoil_account(workload, &order->account);
        break;
    case 6:
        order->instrument = (uint32_t)prng_below(&workload->prng, 3) * UINT32_C(0x7fffffff);
        break;
    default:
        if (other != NULL) {
            order->account = other->account;
            order->client_order_id = other->name;
            command->header.session = 0;
        }
        break;
    }
}

/* An order of the account that has traded, else `order`. */
static const struct twin_order *partly_executed(const struct twin_account *account,
                                                const struct twin_order *order)
{
    for (size_t i = 0; i < account->orders.count; i++) {
        if (account->orders.at[i]->total > account->orders.at[i]->remaining) {
            return account->orders.at[i];
        }
    }
    return order;
}

static void spoil_replace(struct workload *workload, struct command *command)
{
    struct command_replace *replace = &command->replace;
    const struct twin_account *account = twin_find_account(workload->twin, replace->account);
    const struct twin_order *order = twin_find_order(account, &replace->client_order_id);
    const struct command_list_instrument *terms =
        &twin_find_instrument(workload->twin, order->instrument)->terms;
    switch (prng_below(&workload->prng, 8)) {
    case 0:
        spoil_price(workload, terms, &replace->price);
        break;
    case 1:
        spoil_quantity(workload, terms, &replace->quantity);
        break;
    case 2:
        spoil_account(workload, &replace->account);
        break;
    case 3:
        spoil_name(workload, &replace->client_order_id);
        break;
    case 4:
        spoil_name(workload, &replace->new_client_order_id);
        break;
    case 5:
        replace->new_client_order_id =
            account->orders.at[prng_below(&workload->prng, account->orders.count)]->name;
        break;
    case 6:
        replace->client_order_id = workload_name(workload);
        break;
    default:
        order = partly_executed(account, order);
        replace->client_order_id = order->name;
        replace->new_client_order_id = order->name;
        replace->price.units = order->price;
        replace->quantity.lots = order->total - order->remaining;
        break;
    }
}

static void spoil_reduce(struct workload *workload, struct command *command)
{
    struct command_reduce *reduce = &command->reduce;
    switch (prng_below(&workload->prng, 7)) {
    case 0:
        reduce->quantity.lots = workload_chance(workload, 50) ? 0 : -7;
        break;
    case 1:
        reduce->quantity.lots +=
            reduce->quantity.lots < INT64_MAX; /* off the lot, or more than is open */
        break;
    case 2:
        reduce->quantity.lots = INT64_MAX / 2520 * 2520; /* a multiple of every lot in use */
        break;
    case 3:
        reduce->reason = (enum reason)(workload_chance(workload, 50) ? 0 : 14);
        break;
    case 4:
        spoil_name(workload, &reduce->client_order_id);
        break;
    case 5:
        reduce->client_order_id = workload_name(workload);
        break;
    default:
        spoil_account(workload, &reduce->account);
        break;
    }
}

static void spoil_cancel(struct workload *workload, struct command *command)
{
    switch (prng_below(&workload->prng, 3)) {
    case 0:
        spoil_name(workload, &command->cancel.client_order_id);
        break;
    case 1:
        command->cancel.client_order_id = workload_name(workload);
        break;
    default:
        spoil_account(workload, &command->cancel.account);
        break;
    }
}

void workload_spoil(struct workload *workload, struct command *command)
{
    if (command->header.id == COMMAND_LOGON || command->header.id == COMMAND_GENESIS) {
        return;
    }
    if (workload_chance(workload, 30)) {
        spoil_header(workload, &command->header);
        if (!workload_chance(workload, 20)) {
            return; /* else a second fault: the first in the order of the rules counts */
        }
    }
    if (command->header.id == COMMAND_NEW_ORDER) {
        spoil_new_order(workload, command);
    } else if (command->header.id == COMMAND_REPLACE) {
        spoil_replace(workload, command);
    } else if (command->header.id == COMMAND_REDUCE) {
        spoil_reduce(workload, command);
    } else if (command->header.id == COMMAND_CANCEL) {
        spoil_cancel(workload, command);
    } else {
        spoil_header(workload, &command->header);
    }
}

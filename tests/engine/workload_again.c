/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/workload_parts.h"
#include "wire/native/text36.h"

void workload_keep(struct workload *workload, const struct command *command)
{
    if (command->header.id == COMMAND_NEW_ORDER || command->header.id == COMMAND_REPLACE) {
        workload->kept[workload->kept_count % WORKLOAD_KEPT] = *command;
        workload->kept_count++;
    }
}

static uint64_t kept_account(const struct command *command)
{
    return command->header.id == COMMAND_NEW_ORDER ? command->new_order.account
                                                   : command->replace.account;
}

static void ask(struct workload *workload, const struct command *kept, struct command *out)
{
    struct command_resolve *in = &out->resolve;
    out->header.id = COMMAND_RESOLVE;
    in->account = kept_account(kept);
    in->client_order_id = kept->header.id == COMMAND_NEW_ORDER ? kept->new_order.client_order_id
                                                               : kept->replace.new_client_order_id;
    if (workload_chance(workload, 70)) {
        in->client_order_id = workload_name(workload);
        if (kept->header.id == COMMAND_NEW_ORDER) { /* who was asked about comes late */
            struct command late = *kept;
            late.new_order.client_order_id = in->client_order_id;
            workload_keep(workload, &late);
        }
    }
    if (workload_chance(workload, 4)) {
        in->client_order_id.bytes[0] = ' ';
    } else if (workload_chance(workload, 4)) {
        in->account = 0;
    }
    workload_address(workload, in->account, &out->header);
}

/* The same but for one field. */
static void change(struct workload *workload, struct command *out)
{
    switch (prng_below(&workload->prng, 3)) {
    case 0:
        if (out->header.id == COMMAND_NEW_ORDER) {
            out->new_order.quantity.lots ^= 1;
        } else {
            out->replace.quantity.lots ^= 1;
        }
        return;
    case 1:
        if (out->header.id == COMMAND_NEW_ORDER) {
            out->new_order.self_trade_group++;
        } else {
            out->replace.price.units ^= 1;
        }
        return;
    default: /* the other kind, with all that the first one said left out */
        if (out->header.id == COMMAND_REPLACE) {
            struct command_replace first = out->replace;
            out->header.id = COMMAND_NEW_ORDER;
            out->new_order = (struct command_new_order){
                .account = first.account,
                .price = first.price,
                .quantity = first.quantity,
                .instrument = 1,
                .side = SIDE_BUY,
                .order_type = ORDER_TYPE_LIMIT,
                .time_in_force = TIME_IN_FORCE_GTC,
                .capacity = CAPACITY_AGENCY,
                .client_order_id = first.new_client_order_id,
            };
        }
        return;
    }
}

bool workload_again(struct workload *workload, struct command *out)
{
    uint64_t kept = workload->kept_count < WORKLOAD_KEPT ? workload->kept_count : WORKLOAD_KEPT;
    if (kept == 0) {
        return false;
    }
    const struct command *first = &workload->kept[prng_below(&workload->prng, kept)];
    if (workload_chance(workload, 45)) {
        ask(workload, first, out);
        return true;
    }
    struct command_header header = out->header;
    *out = *first;
    header.id = first->header.id;
    out->header = header;
    if (workload_chance(workload, 25)) {
        change(workload, out);
    }
    workload_address(workload, kept_account(out), &out->header);
    return true;
}

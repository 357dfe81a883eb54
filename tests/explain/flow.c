/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/explain/flow.h"

#include <string.h>

/* The workload makes names that are too long for any record. */
static void shorten(struct text36 *name)
{
    if (name->count > TEXT36_BYTES_MAX) {
        name->count = TEXT36_BYTES_MAX;
        memset(name->bytes + TEXT36_BYTES_MAX, 0, sizeof name->bytes - TEXT36_BYTES_MAX);
    }
}

static void shorten_names(struct command *command)
{
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        shorten(&command->new_order.client_order_id);
        break;
    case COMMAND_CANCEL:
        shorten(&command->cancel.client_order_id);
        break;
    case COMMAND_REDUCE:
        shorten(&command->reduce.client_order_id);
        break;
    case COMMAND_REPLACE:
        shorten(&command->replace.client_order_id);
        shorten(&command->replace.new_client_order_id);
        break;
    case COMMAND_RESOLVE:
        shorten(&command->resolve.client_order_id);
        break;
    default:
        break;
    }
}

void flow_open(struct flow *flow, uint64_t seed)
{
    *flow = (struct flow){.time_ns = 0};
    twin_init(&flow->twin, &workload_profile_of(seed)->limits);
    workload_init(&flow->workload, seed, &flow->twin);
}

void flow_close(struct flow *flow)
{
    twin_deinit(&flow->twin);
}

void flow_next(struct flow *flow, struct command *out_command)
{
    workload_next(&flow->workload, out_command);
    shorten_names(out_command);
    if (out_command->header.time_ns < flow->time_ns) {
        out_command->header.time_ns = flow->time_ns;
    }
    flow->time_ns = out_command->header.time_ns;
    twin_apply(&flow->twin, out_command);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/gate.h"

#include "base/assert.h"
#include "host/clock.h"
#include "sim/desk.h"
#include "sim/seam.h"

#define CHECKS_NS 50000000 /* longer than a check of a logon is under way */

static int64_t clock_of(void *context)
{
    (void)context;
    return host_clock_monotonic_ns();
}

void gate_open(struct gate *gate, struct hub *hub, struct identity *identity)
{
    static const struct port_handler none;
    struct gateway_options options = {
        .identity = identity, .clock = clock_of, .limits = {.connections_max = 16}};
    *gate = (struct gate){.identity = identity};
    ASSERT(net_loop_open(&gate->loop) == STATUS_OK);
    options.loop = gate->loop;
    ASSERT(hub_port_open(hub, &none, NULL, &options.port) == STATUS_OK);
    ASSERT(gateway_open(&options, &gate->gateway) == STATUS_OK);
    ASSERT(gateway_listen(gate->gateway, GATEWAY_OUCH, DESK_OUCH_DOOR, NULL, NULL) == STATUS_OK);
    ASSERT(gateway_listen(gate->gateway, GATEWAY_NATIVE, DESK_NATIVE_DOOR, NULL, NULL) ==
           STATUS_OK);
}

enum status gate_tick(struct gate *gate)
{
    net_loop_tick(gate->loop, 0);
    return gateway_tick(gate->gateway);
}

void gate_flush(struct gate *gate)
{
    net_loop_flush(gate->loop);
}

/* The store outlives the process here: what the dead one had asked it is not for the next. */
static void forget_checks(struct gate *gate)
{
    struct identity_result result;
    sim_clock_advance(CHECKS_NS);
    sim_workers_run();
    while (identity_verify_poll(gate->identity, host_clock_monotonic_ns(), &result)) {
        sim_clock_advance(CHECKS_NS);
        sim_workers_run();
    }
}

void gate_close(struct gate *gate)
{
    if (gate->loop == NULL) {
        return;
    }
    gateway_close(gate->gateway);
    net_loop_close(gate->loop);
    forget_checks(gate);
    *gate = (struct gate){0};
}

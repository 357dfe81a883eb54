/* SPDX-License-Identifier: Apache-2.0
 *
 * The gateway beside the simulated venue, in the same process as `dojima run` has it: its two doors
 * on the simulated network, its port at the venue's hub.
 *
 * Owner: the run. Threads: one. Memory: the gateway's. Errors: those of the gateway.
 * Order of calls: gate_open once the venue is, gate_tick often, gate_close before the venue's end.
 */
#ifndef DOJIMA_SIM_GATE_H
#define DOJIMA_SIM_GATE_H

#include "gateway/gateway.h"
#include "identity/identity.h"
#include "link/hub.h"
#include "net/net.h"

struct gate {
    struct net_loop *loop; /* null: closed */
    struct gateway *gateway;
    struct identity *identity;
};

void gate_open(struct gate *gate, struct hub *hub, struct identity *identity);
/* Before the venue's own turn; what it returns is the port's. */
MUST_USE enum status gate_tick(struct gate *gate);
/* Behind the venue's turn: what was released leaves. */
void gate_flush(struct gate *gate);
/* Without a word, as a process that dies. */
void gate_close(struct gate *gate);

#endif

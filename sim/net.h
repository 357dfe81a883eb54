/* SPDX-License-Identifier: Apache-2.0
 *
 * The network of the simulated world, at link time: this library defines net/net.h, so gateway and
 * clients are those that ship, and their bytes cross a wire of the seed's making: some time under
 * way, in pieces of any length, and cut at any byte.
 *
 *     net_commit ──► out ──(tick, flush)──► pieces on the wire ──(due)──► on_bytes of the peer
 *
 * Owner: the run under way; one a process. Threads: one. Memory: malloc. Errors: those of net.h.
 * Order of calls: sim_net_begin before the first loop.
 */
#ifndef DOJIMA_SIM_NET_H
#define DOJIMA_SIM_NET_H

#include "net/net.h"

/* Pieces take up to `latency_most_ns`; of 100,000 pieces, so many are the last of their connection,
 * and only a part of them arrives. */
void sim_net_begin(uint64_t seed, int64_t latency_most_ns, uint32_t cuts);
/* From here on nothing is cut. */
void sim_net_calm(void);
/* Connections that the wire has cut. */
uint64_t sim_net_cuts(void);

#endif

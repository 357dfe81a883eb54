/* SPDX-License-Identifier: Apache-2.0
 *
 * Drives libdojima_referee.so as the public benchmark's harness does: one call a message, reports
 * pushed into a ring. The ring here is written over and over and nobody drains it.
 *
 * Owner: the caller. Threads: one. Memory: the ring, and the library's own. Errors: NOT_FOUND when
 * the library is not there. Order of calls: referee_open, referee_run..., referee_close.
 */
#ifndef DOJIMA_BENCH_REFEREE_H
#define DOJIMA_BENCH_REFEREE_H

#include "bench/measure.h"
#include "bench/workload.h"

/* apps/referee/abi.h; not included here, because the names of its functions are the engine's too.
 */
struct referee_transport;
struct referee_new_order;
struct referee_cancel;
struct referee_modify;

struct referee {
    void *library;
    void (*init)(uint64_t seed, const struct referee_transport *transport, void *queue);
    void (*shutdown)(void);
    void (*on_new_order)(const struct referee_new_order *message);
    void (*on_cancel)(const struct referee_cancel *message);
    void (*on_modify)(const struct referee_modify *message);
    void (*flush)(void);
    uint64_t reports; /* of the run before; every run must give as many */
};

MUST_USE enum status referee_open(struct referee *referee);

/* A fresh book, then every step of the workload in one window. */
struct window referee_run(struct referee *referee, const struct workload *workload);

void referee_close(struct referee *referee);

#endif

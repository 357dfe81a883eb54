/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's random workload as commands that a log can hold.
 *
 * Owner: a test. Threads: one. Memory: the twin's. Errors: none.
 * Order of calls: flow_open, flow_next with the result given to flow_applied, flow_close.
 */
#ifndef DOJIMA_TESTS_EXPLAIN_FLOW_H
#define DOJIMA_TESTS_EXPLAIN_FLOW_H

#include "tests/engine/workload.h"

struct flow {
    struct twin twin;
    struct workload workload;
    uint64_t time_ns; /* of the last command */
};

void flow_open(struct flow *flow, uint64_t seed);
void flow_close(struct flow *flow);

/* The next command with the time that a log would give it, applied to the twin. */
void flow_next(struct flow *flow, struct command *out_command);

#endif

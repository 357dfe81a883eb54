/* SPDX-License-Identifier: Apache-2.0
 *
 * Seeded commands that make every event a stream has to route: orders of several sessions of a
 * few participants on few prices, replaces, cancels, resends, sessions that are lost and come
 * back, zombies, mass cancels, ends of day. What is refused is part of it.
 *
 * Owner: a test. Threads: one. Memory: in place. Errors: none.
 * Order of calls: flow_init, then flow_next; each command is submitted.
 */
#ifndef DOJIMA_TESTS_STREAM_FLOW_H
#define DOJIMA_TESTS_STREAM_FLOW_H

#include "base/prng.h"
#include "wire/native/command.h"

#include <stdbool.h>

#define FLOW_SESSIONS    6u
#define FLOW_ACCOUNTS    6u
#define FLOW_INSTRUMENTS 3u
#define FLOW_NAMES       24u /* of the last orders, to be named again */

struct flow_name {
    uint64_t account;
    uint32_t session;
    struct text36 name;
};

struct flow {
    struct prng prng;
    struct command_genesis limits;
    uint64_t number; /* commands given */
    uint64_t time_ns;
    uint64_t name_count;
    uint32_t day;
    uint32_t incarnation[FLOW_SESSIONS + 1];
    uint64_t input_sequence[FLOW_SESSIONS + 1];
    bool closed[FLOW_SESSIONS + 1]; /* a logon comes next, usually */
    struct flow_name names[FLOW_NAMES];
    struct command_new_order last; /* entered, to be sent again */
    uint32_t last_session;
};

void flow_init(struct flow *flow, uint64_t seed, const struct command_genesis *limits);
void flow_next(struct flow *flow, struct command *out);

/* Participant of an account or a session: two of each. */
static inline uint32_t flow_participant(uint32_t number)
{
    return (number + 1) / 2;
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The limits of the engine for one input: what the user said, else as large as an input of that
 * size can need and memory allows. They follow from the input alone, so the same file gives the
 * same GENESIS.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_APPS_REPLAY_LIMITS_H
#define DOJIMA_APPS_REPLAY_LIMITS_H

#include "wire/native/command.h"

struct replay_limits {
    uint32_t max_orders; /* 0 = not said, as the others */
    uint32_t max_levels;
    uint32_t max_instruments;
};

struct command_genesis replay_limits_genesis(const struct replay_limits *limits,
                                             uint64_t input_bytes, bool compressed);

/* A segment of the log is written whole before it is used: small inputs get small ones. */
uint32_t replay_limits_segment_bytes(uint64_t input_bytes);

#endif

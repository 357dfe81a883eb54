/* SPDX-License-Identifier: Apache-2.0
 *
 * A workload: reference data, then a long row of steps, made once and applied many times. A step is
 * 32 bytes, so that 20 million of them fit; the command it stands for is written out a chunk at a
 * time, outside what is timed.
 *
 *   command 0 GENESIS | assets | instruments | accounts | LOGON | step 0 | step 1 | ...
 *                                                                ^ setup_count
 *
 * Owner: the caller. Threads: one. Memory: the steps, in one block. Errors: NO_MEMORY.
 * Order of calls: workload_open, workload_add..., then workload_command in any order,
 * workload_close.
 */
#ifndef DOJIMA_BENCH_WORKLOAD_H
#define DOJIMA_BENCH_WORKLOAD_H

#include "host/memory.h"
#include "wire/native/command.h"

#define WORKLOAD_SESSION 1u

struct step {
    int64_t price_units;
    uint32_t order;     /* its name is this number in decimal */
    uint32_t new_order; /* REPLACE: the new one */
    uint32_t account;
    uint32_t instrument; /* NEW_ORDER */
    uint32_t lots;
    uint8_t command;       /* enum command_id */
    uint8_t side;          /* enum side; of a CANCEL, REDUCE or REPLACE: what the order has */
    uint8_t time_in_force; /* NEW_ORDER */
    uint8_t zero;
};
_Static_assert(sizeof(struct step) == 32, "two steps a cache line");

struct workload {
    struct host_block block;
    struct step *steps;
    size_t count;
    size_t capacity;
    size_t timed_from; /* steps before this one only build the book */
    uint32_t instrument_count;
    uint32_t account_count;
    uint32_t max_orders;
    uint32_t max_levels;
    int64_t tick_units;
    int64_t price_highest;
};

/* Room for `capacity` steps; the fields from instrument_count on are the caller's to fill. */
MUST_USE enum status workload_open(size_t capacity, struct workload *out_workload);
void workload_close(struct workload *workload);

/* False when it is full. */
bool workload_add(struct workload *workload, const struct step *step);

struct command_genesis workload_genesis(const struct workload *workload);

/* Commands before the first step. */
size_t workload_setup_count(const struct workload *workload);

/* Command `index` from 0, with sequence index + 1. */
void workload_command(const struct workload *workload, size_t index, struct command *out_command);

#endif

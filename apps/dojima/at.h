/* SPDX-License-Identifier: Apache-2.0
 *
 * A state as text and as JSON (docs/reference/why.md).
 *
 * Owner: `dojima at`. Threads: one. Memory: the open orders, for as long as they are printed.
 * Errors: those of standard output, which main looks at. Order of calls: any.
 */
#ifndef DOJIMA_APPS_AT_H
#define DOJIMA_APPS_AT_H

#include "apps/dojima/shard.h"
#include "engine/inspect.h"

#define AT_DEPTH_MAX 1000u

struct at_job {
    const char *directory;
    const struct engine *engine;
    uint64_t account;    /* 0 = all */
    uint32_t instrument; /* 0 = all */
    size_t depth;
    bool json;
    char state_hash[SHARD_HASH_DIGITS + 1];
    struct engine_resting *orders; /* open, by account and order id */
    size_t order_count;
};

void at_print_text(const struct at_job *job);
void at_print_json(const struct at_job *job);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose a live order is: order id to session, account and participant, open addressing.
 *
 * Owner: the stream. Threads: one. Memory: malloc; doubles when half full. Errors: NO_MEMORY.
 * Order of calls: owners_init, any, owners_deinit.
 */
#ifndef DOJIMA_STREAM_OWNERS_H
#define DOJIMA_STREAM_OWNERS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct owner {
    uint64_t order_id; /* 0 = an empty slot */
    uint64_t account;
    uint32_t session; /* 0 = the operator */
    uint32_t participant;
};

struct owners {
    struct owner *slots;
    size_t mask;
    size_t count;
};

MUST_USE enum status owners_init(struct owners *owners, uint64_t expected);
void owners_deinit(struct owners *owners);

/* An order that is there already gets the new owner. */
MUST_USE enum status owners_add(struct owners *owners, const struct owner *owner);
/* Asks for the memory that a later add of this order will need. */
void owners_prefetch(const struct owners *owners, uint64_t order_id);
/* Null if the order is not known. Valid until the next add or remove. */
const struct owner *owners_find(const struct owners *owners, uint64_t order_id);
/* An order that is not known is passed over. */
void owners_remove(struct owners *owners, uint64_t order_id);

#endif

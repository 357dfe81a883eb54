/* SPDX-License-Identifier: Apache-2.0
 *
 * The instruments of one DBN file: what its header, definition records and the definition file
 * beside it say, and where each stands in its present event.
 *
 * Owner: struct dbn. Threads: one. Memory: a hash table that doubles, at most DBN_INSTRUMENTS_MAX
 * entries; pointers into it hold until the next put. Errors: FULL, NO_MEMORY.
 * Order of calls: zeroed is empty; put, find, deinit.
 */
#ifndef DOJIMA_FLOW_DBN_INSTRUMENTS_H
#define DOJIMA_FLOW_DBN_INSTRUMENTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define DBN_INSTRUMENTS_MAX ((size_t)1 << 20)
#define DBN_SYMBOL_MAX      71

struct dbn_instrument {
    int64_t tick; /* 10^-9; 0 = not known */
    uint32_t id;
    uint32_t event;      /* events ended so far: fills belong to the one they were seen in */
    uint32_t generation; /* times the book was cleared */
    uint32_t unbooked;   /* orders with a fill of this event that no C or M has booked yet */
    bool used;
    bool announced; /* a FLOW_INSTRUMENT has been given out */
    uint8_t symbol_length;
    char symbol[DBN_SYMBOL_MAX];
};

struct dbn_instruments {
    struct dbn_instrument *slots; /* a power of two of them, at most half used */
    size_t slot_count;
    size_t count;
};

/* Null if `id` was never put. */
struct dbn_instrument *dbn_instruments_find(const struct dbn_instruments *instruments, uint32_t id);

/* The entry of `id`, made empty if there was none. */
MUST_USE enum status dbn_instruments_put(struct dbn_instruments *instruments, uint32_t id,
                                         struct dbn_instrument **out_instrument);

void dbn_instrument_set_symbol(struct dbn_instrument *instrument, const char *text, size_t length);

void dbn_instruments_deinit(struct dbn_instruments *instruments);

#endif

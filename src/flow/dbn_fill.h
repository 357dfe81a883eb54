/* SPDX-License-Identifier: Apache-2.0
 *
 * Which C and M records of a DBN file say something new. A trade comes as T (the aggressor), F
 * (each resting order filled) and then the C or M that books the fill; only the F becomes a
 * message:
 *
 *   T 1 @ 5214.25            no message
 *   F order 7872, 1          EXECUTE 7872, 1            open 10 -> 9, 1 to be booked
 *   C order 7573, 1          REDUCE 7573, 1             no fill of it in this event: a cancel
 *   M order 7872, size 9     consumed                   same price, its size books the 1
 *
 * To tell, the open quantity and price of every live order are kept, and what was filled in the
 * present event of its instrument (an event ends with F_LAST). A C is consumed as far as a fill
 * waits, an M when its price is the order's and its size lies in [open, open + waiting).
 *
 * Owner: struct dbn. Threads: one. Memory: a hash table of 48-byte entries that doubles, at most
 * half used, up to `live_max` orders. Errors: FULL, NO_MEMORY. Order of calls: init, then one
 * function a record, deinit.
 */
#ifndef DOJIMA_FLOW_DBN_FILL_H
#define DOJIMA_FLOW_DBN_FILL_H

#include "flow/dbn_instruments.h"

struct dbn_order {
    uint64_t id;
    int64_t price;
    uint32_t instrument;
    uint32_t open;
    uint32_t waiting;    /* filled in `event` and not booked yet */
    uint32_t event;      /* of the instrument, when `waiting` was written */
    uint32_t generation; /* of the instrument's book: older entries are gone */
    bool used;
    bool known; /* an A was seen: price and open mean something */
};

struct dbn_fill {
    const struct dbn_instruments *instruments;
    struct dbn_order *slots;
    size_t slot_count;
    size_t count;
    size_t live_max;
};

struct dbn_change {
    uint64_t order;
    int64_t price;
    uint32_t quantity;
};

/* `instruments` has every instrument that a record is passed with, and outlives this. */
void dbn_fill_init(struct dbn_fill *fill, const struct dbn_instruments *instruments,
                   size_t live_max);
void dbn_fill_deinit(struct dbn_fill *fill);

MUST_USE enum status dbn_fill_add(struct dbn_fill *fill, const struct dbn_instrument *instrument,
                                  const struct dbn_change *add);

/* An F. *out_own_price is false if the order is known to rest at another price. */
MUST_USE enum status dbn_fill_execute(struct dbn_fill *fill, struct dbn_instrument *instrument,
                                      const struct dbn_change *executed, bool *out_own_price);

/* A C: how much of it is a cancel; 0 = consumed. */
uint32_t dbn_fill_cancel(struct dbn_fill *fill, struct dbn_instrument *instrument,
                         const struct dbn_change *cancel);

/* An M: true if it says something new, false if it is consumed. */
bool dbn_fill_modify(struct dbn_fill *fill, struct dbn_instrument *instrument,
                     const struct dbn_change *modify);

/* F_LAST: returns the orders whose fill nothing booked. */
uint32_t dbn_fill_end_event(struct dbn_instrument *instrument);

/* R. */
void dbn_fill_clear(struct dbn_instrument *instrument);

#endif

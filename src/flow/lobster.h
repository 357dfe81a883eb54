/* SPDX-License-Identifier: Apache-2.0
 *
 * LOBSTER message files (LOBSTER sample files readme, 2013): one line a message,
 *   time,type,order id,size,price,direction
 * seconds after midnight with up to nine decimals, prices in 10^-4 dollars, no header line. A
 * seventh field, which newer files have, is passed over.
 *
 * Owner: the reader. Threads: one. Memory: none. Errors: line and field are named.
 * Order of calls: lobster_next until END.
 */
#ifndef DOJIMA_FLOW_LOBSTER_H
#define DOJIMA_FLOW_LOBSTER_H

#include "flow/source.h"

struct lobster {
    uint64_t lines; /* read so far */
};

MUST_USE enum status lobster_next(struct lobster *lobster, struct flow_source *source,
                                  struct flow_message *out_message);

/* True if the first line has the six fields of a message. */
bool lobster_looks_like(const uint8_t *bytes, size_t count);

/* Symbol (letters, digits, '.', '-' before the first '_') and day from a file name such as
 * AAPL_2012-06-21_34200000_57600000_message_10.csv. */
void lobster_describe(const char *name, struct flow_description *description);

#endif

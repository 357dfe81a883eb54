/* SPDX-License-Identifier: Apache-2.0
 *
 * From an entry of the public ITCH group to its message: one entry is one ITCH 5.0 message, so
 * stream numbers are ITCH sequence numbers.
 *
 *   INSTRUMENT_LISTED R   PHASE H   DAY_ENDED S ('C')   RESTED A, or U where it replaces a place
 *   TRADE E               REDUCED X                     REMOVED D
 *
 * Stock locate = instrument number; order reference = public order reference; match number = trade
 * event sequence; time = log time since midnight UTC. An H with locate 0 and a blank stock is for
 * all instruments. The instruments' terms are a fold of the R messages, so entries are encoded from
 * the first on.
 *
 * Owner: the feed. Threads: one. Memory: a table by instrument number, grown as they are listed.
 * Errors: INVALID: no event of the group, or one that does not fit ITCH (the engine lists no such
 * instrument in it); NO_MEMORY. Order of calls: itch_out_init, itch_out_encode..., itch_out_deinit.
 */
#ifndef DOJIMA_FEED_ITCH_OUT_H
#define DOJIMA_FEED_ITCH_OUT_H

#include "stream/stream.h"
#include "wire/itch/itch.h"

struct itch_terms {
    char stock[8];
    int64_t price_factor;    /* ITCH price = units x factor */
    int64_t quantity_factor; /* shares = lots / factor */
    bool listed;
};

struct itch_out {
    struct itch_terms *terms; /* by instrument number */
    size_t terms_count;
};

void itch_out_init(struct itch_out *out);
void itch_out_deinit(struct itch_out *out);

/* Writes at most ITCH_LENGTH_MAX bytes; *out_count of them. */
MUST_USE enum status itch_out_encode(struct itch_out *out, const struct stream_entry *entry,
                                     uint8_t *out_message, size_t *out_count);

/* The stock directory message, as the stream and the snapshots have it; returns its bytes. */
size_t itch_out_stock(struct itch_header header, const char stock[8], uint32_t round_lot,
                      uint8_t *out_message);

#endif

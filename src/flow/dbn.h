/* SPDX-License-Identifier: Apache-2.0
 *
 * Databento Binary Encoding, versions 1 to 3 (databento.com/docs/standards-and-conventions/
 * databento-binary-encoding, schemas "mbo", "instrument definition", "status"): a header, then
 * records that begin with their length in words of four bytes, little-endian throughout.
 *
 *   "DBN" version | length u32 | dataset 16 | schema u16 | start u64 | end u64 | limit u64 | ...
 *   length/4 u8 | rtype u8 | publisher u16 | instrument u32 | ts_event u64 | body
 *
 * Market-by-order records become messages by the rules of dbn_fill.h. An instrument is given out as
 * FLOW_INSTRUMENT before its first record, with the source_index of that record; its tick is that
 * of the options, else of the definition file beside the input, else the file is refused.
 *
 * Owner: the reader. Threads: one. Memory: the two tables of dbn_instruments.h and dbn_fill.h.
 * Errors: UNSUPPORTED (version, schema, several publishers), INVALID, TRUNCATED, NOT_FOUND (no
 * tick). Order of calls: dbn_init, dbn_load_definitions if there are, dbn_open, dbn_next until END,
 * dbn_deinit.
 */
#ifndef DOJIMA_FLOW_DBN_H
#define DOJIMA_FLOW_DBN_H

#include "flow/dbn_fill.h"
#include "flow/source.h"

struct dbn {
    struct dbn_instruments instruments;
    struct dbn_fill fill;
    int64_t tick; /* of the options, 0 = none */
    uint64_t last_time_ns;
    uint16_t publisher; /* 0 = none seen */
    uint8_t version;
    uint8_t trailer_bytes; /* 8 when every record ends with the time it was sent */
};

void dbn_init(struct dbn *dbn, const struct flow_options *options);
void dbn_deinit(struct dbn *dbn);

/* Takes every definition record of the file at `path`. */
MUST_USE enum status dbn_load_definitions(struct dbn *dbn, const char *path,
                                          struct flow_error *error);

/* Reads the header. */
MUST_USE enum status dbn_open(struct dbn *dbn, struct flow_source *source);

MUST_USE enum status dbn_next(struct dbn *dbn, struct flow_source *source,
                              struct flow_message *out_message);

bool dbn_looks_like(const uint8_t *bytes, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The header (metadata) of a DBN file and its definition records: shared by the market-by-order
 * reader and by flow_dbn_read_definition.
 *
 * Owner: the caller. Threads: one. Memory: none. Errors: as flow/dbn.h. Order of calls: any.
 */
#ifndef DOJIMA_FLOW_DBN_HEADER_H
#define DOJIMA_FLOW_DBN_HEADER_H

#include "flow/dbn_instruments.h"
#include "flow/definition.h"
#include "flow/source.h"

#define DBN_SCHEMA_MBO        0
#define DBN_SCHEMA_DEFINITION 9
#define DBN_SCHEMA_MIXED      0xffff
#define DBN_RTYPE_STATUS      0x12
#define DBN_RTYPE_DEFINITION  0x13
#define DBN_RTYPE_MBO         0xa0
#define DBN_RECORD_HEADER     16

struct dbn_header {
    uint16_t schema;
    uint8_t version;
    bool sent_times; /* every record has eight bytes more: the time it was sent */
};

/* Reads and steps over the header; the symbols it maps to instrument numbers are put into the
 * table, which may be null. */
MUST_USE enum status dbn_header_read(struct flow_source *source,
                                     struct dbn_instruments *instruments,
                                     struct dbn_header *out_header);

/* Makes the next record readable at input_at. *out_length is 0 at the end of the file. */
MUST_USE enum status dbn_record_want(struct flow_source *source, size_t *out_length);

/* `at` is a definition record of `length` bytes, the sent time included. */
MUST_USE enum status dbn_definition_decode(struct flow_source *source, size_t length,
                                           const struct dbn_header *header,
                                           struct flow_definition *out_definition);

const char *dbn_schema_name(uint16_t schema);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Instrument definitions of a DBN file (.dbn or .dbn.zst, versions 1 to 3).
 *
 * Owner: the caller. Threads: one a call. Memory: a window of 1 MiB while it runs.
 * Errors: as flow/reader.h; the reason is in struct flow_error. Order of calls: any.
 */
#ifndef DOJIMA_FLOW_DEFINITION_H
#define DOJIMA_FLOW_DEFINITION_H

#include "flow/reader.h"

struct flow_definition {
    uint32_t instrument;
    int64_t tick;           /* smallest step of the price in 10^-9; 0 = not said */
    int64_t display_factor; /* multiplies prices to those of the screen, in 10^-9; 0 = not said */
    uint8_t class_letter;   /* 'F' future, 'K' stock, 'C' call, 'P' put... as the file has it */
    char symbol[72];
    char currency[8];
    char exchange[8];
    char asset[16];
};

/* Returns a failure to stop the reading with it. */
typedef enum status (*flow_on_definition)(void *context, const struct flow_definition *definition);

/* Calls `on_definition` for each definition record, in the file's order. */
MUST_USE enum status flow_dbn_read_definition(const char *path, flow_on_definition on_definition,
                                              void *context, struct flow_error *error);

#endif

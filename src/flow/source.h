/* SPDX-License-Identifier: Apache-2.0
 *
 * What the decoders of the room share: the input, the count of messages, the one failure. A decoder
 * takes bytes from `input`, begins each message here and refuses through here.
 *
 * Owner: the reader. Threads: one. Memory: the input's. Errors: flow_refuse keeps the first.
 * Order of calls: the reader fills it in; then source_begin a message, source_refuse at most once.
 */
#ifndef DOJIMA_FLOW_SOURCE_H
#define DOJIMA_FLOW_SOURCE_H

#include "flow/input.h"
#include "flow/reader.h"

struct flow_source {
    struct input input;
    struct flow_error error;
    struct flow_progress progress;
    struct flow_description description;
};

enum source_place {
    SOURCE_BYTE,
    SOURCE_LINE,
};

/* Counts one message of the file and starts its normalised form. */
static inline void source_begin(struct flow_source *source, uint64_t position, uint8_t raw_type,
                                struct flow_message *out_message)
{
    *out_message = (struct flow_message){
        .source_index = source->progress.messages_read,
        .position = position,
        .price = FLOW_PRICE_NONE,
        .raw_type = raw_type,
        .kind = FLOW_IGNORED,
    };
    source->progress.messages_read++;
    source->progress.by_type[raw_type]++;
}

/* Remembers the failure and returns its status. */
COLD enum status source_refuse(struct flow_source *source, enum status status,
                               enum source_place place, uint64_t position, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* For a decoder that wanted more bytes than there are: the input's own failure, or TRUNCATED. */
COLD enum status source_cut_off(struct flow_source *source, enum source_place place,
                                uint64_t position, const char *unit);

#endif

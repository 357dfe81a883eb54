/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets of the room share: bytes read to their end through the whole reader, and
 * what must hold whatever they are.
 *
 * Owner: the target. Threads: one. Memory: the reader's, given back. Errors: abort.
 * Order of calls: any.
 */
#ifndef DOJIMA_FLOW_FUZZ_DRAIN_H
#define DOJIMA_FLOW_FUZZ_DRAIN_H

#include "base/assert.h"
#include "flow/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static inline void fuzz_check(const struct flow_message *message, uint64_t last_index)
{
    ASSERT(message->kind < FLOW_KIND_COUNT);
    ASSERT(message->source_index >= last_index);
    ASSERT(message->symbol_length == 0 || message->symbol != NULL);
    for (size_t i = 0; i < message->symbol_length; i++) {
        ASSERT(message->symbol[i] >= ' ' && message->symbol[i] < 0x7f);
    }
    if (message->kind == FLOW_ADD) {
        ASSERT(message->side != FLOW_SIDE_NONE);
    }
}

static inline void fuzz_drain(const uint8_t *bytes, size_t count,
                              const struct flow_options *options)
{
    struct flow_reader *reader = NULL;
    struct flow_error error = {0};
    struct flow_message message;
    char text[64];
    enum status status =
        flow_open_memory("AAPL_2012-06-21_message.csv", bytes, count, options, &error, &reader);
    if (status != STATUS_OK) {
        ASSERT(error.status == status && error.reason[0] != '\0');
        flow_error_describe(&error, text, sizeof text);
        return;
    }
    uint64_t last_index = 0;
    /* Compressed bytes can stand for very many messages: a bound keeps one input short. */
    for (int i = 0; i < 1000000; i++) {
        status = flow_next(reader, &message);
        if (status != STATUS_OK) {
            break;
        }
        fuzz_check(&message, last_index);
        last_index = message.source_index;
    }
    if (status != STATUS_OK && status != STATUS_END) {
        ASSERT(flow_failure(reader)->status == status);
        ASSERT(flow_failure(reader)->reason[0] != '\0');
        ASSERT(flow_next(reader, &message) == status);
    }
    ASSERT(flow_progress(reader)->bytes_read <= count);
    flow_close(reader);
}

#endif

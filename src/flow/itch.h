/* SPDX-License-Identifier: Apache-2.0
 *
 * ITCH 5.0 messages made into flow messages, and the two framings of files: two-byte big-endian
 * length before each message (Nasdaq's day files), and the same with the two bytes zero, where the
 * length follows from the letter. Layouts: wire/itch.
 *
 * Owner: the reader. Threads: one. Memory: none; the symbol of a message points into the input's
 * window. Errors: INVALID for a length that is not the letter's, a side or symbol that is none.
 * Order of calls: itch_next until END.
 */
#ifndef DOJIMA_FLOW_ITCH_H
#define DOJIMA_FLOW_ITCH_H

#include "flow/source.h"

/* Decodes one message of `length` bytes that stands at `offset` of the input; letters that
 * version 5.0 does not know are FLOW_IGNORED. */
MUST_USE enum status itch_decode(struct flow_source *source, const uint8_t *at, size_t length,
                                 uint64_t offset, struct flow_message *out_message);

MUST_USE enum status itch_next(struct flow_source *source, bool prefixed,
                               struct flow_message *out_message);

enum itch_likeness {
    ITCH_UNLIKE,
    ITCH_PREFIXED,
    ITCH_UNPREFIXED,
};

enum itch_likeness itch_looks_like(const uint8_t *bytes, size_t count);

/* The day of names such as 01302020.NASDAQ_ITCH50 and S013020-v50.txt.gz. */
void itch_describe_file(const char *name, struct flow_description *description);

#endif

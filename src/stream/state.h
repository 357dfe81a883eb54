/* SPDX-License-Identifier: Apache-2.0
 *
 * What a stream keeps, for the files that work on it: stream.c applies events, range.c reads them
 * back. Private to stream/.
 *
 * Owner: stream.c. Threads: one. Memory: stream.h. Errors: none. Order of calls: none.
 */
#ifndef DOJIMA_STREAM_STATE_H
#define DOJIMA_STREAM_STATE_H

#include "stream/numbers.h"
#include "stream/owners.h"

#define STREAM_POLL_ENTRIES 64u

/* One reader of the events log. */
struct range_reader {
    struct journal_cursor cursor;
    struct journal_entry entries[STREAM_POLL_ENTRIES];
    size_t count;
    uint64_t batch_first_sequence; /* of the log when it was polled: a commit moves bodies */
};

struct stream {
    struct stream_options options;
    struct numbers numbers;
    struct owners orders;
    struct owners accounts; /* account to participant */
    struct owners sessions; /* session to participant */
    struct owners groups;   /* instrument to public group, as participant */
    struct range_reader reader;
    bool telling; /* a callback is being made */
    uint64_t event_sequence;
    uint64_t cause; /* of what is kept back */
    uint8_t *pending;
    size_t pending_used;
    size_t pending_capacity;
    size_t pending_last;        /* offset of the last one, when pending_used > 0 */
    struct stream_image image;  /* what it was loaded from: words of the numbers */
    struct number_list *loaded; /* the lists that came with it */
};

/* Header and body; INVALID for whatever is none. */
MUST_USE enum status stream_event_decode(const uint8_t *bytes, size_t count,
                                         struct event *out_event);

#endif

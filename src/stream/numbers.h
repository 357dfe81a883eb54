/* SPDX-License-Identifier: Apache-2.0
 *
 * The index of every stream: for each number, the event it is and the side it is seen from. Numbers
 * are kept in chunks, so that growing never moves what is there.
 *
 * Owner: the stream. Threads: one. Memory: malloc, 8 bytes an entry and a chunk of 4 KiB at a time.
 * Errors: NO_MEMORY. Order of calls: numbers_init, any, numbers_deinit.
 */
#ifndef DOJIMA_STREAM_NUMBERS_H
#define DOJIMA_STREAM_NUMBERS_H

#include "stream/stream.h"

/* What one number is. */
struct number {
    uint64_t event_sequence;
    enum stream_side side;
    bool replaces; /* a RESTED whose order left another place with the event before */
};

struct number_list {
    struct stream_key key; /* kind 0: an empty slot */
    uint64_t last;
    uint64_t **chunks;
    size_t chunk_count;
    /* The SESSION_OPENED that stands last in a session's stream; 0 = none. */
    uint64_t opened_event;
    uint64_t opened_after; /* the number given out before it */
};

struct numbers {
    struct number_list **slots; /* open addressing; lists stay where they are */
    size_t mask;
    size_t count;
};

MUST_USE enum status numbers_init(struct numbers *numbers);
void numbers_deinit(struct numbers *numbers);

/* Null if the stream has no list yet. */
struct number_list *numbers_find(const struct numbers *numbers, struct stream_key key);
/* The stream's list, made when it is not there. */
MUST_USE enum status numbers_get(struct numbers *numbers, struct stream_key key,
                                 struct number_list **out_list);
/* The next number is `number`. */
MUST_USE enum status numbers_append(struct number_list *list, struct number number);
/* What number `at` is; it must be from 1 to `last`. */
struct number numbers_at(const struct number_list *list, uint64_t at);

#endif

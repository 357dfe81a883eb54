/* SPDX-License-Identifier: Apache-2.0
 *
 * The index of every stream: for each number, the event it is and the side it is seen from. Numbers
 * are kept in chunks; only the first grows by moving, so that a stream of a few entries is small.
 * In front of the chunks may stand words that a snapshot gave (`base`): they stay where they are.
 *
 * Owner: the stream. Threads: one. Memory: malloc, 8 bytes an entry and at most 4 KiB ahead.
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
    const uint8_t *base; /* words of the first numbers, as a snapshot holds them; or null */
    uint64_t base_count;
    uint64_t **chunks; /* of the numbers behind them */
    size_t chunk_count;
    /* The SESSION_OPENED that stands last in a session's stream; 0 = none. */
    uint64_t opened_event;
    uint64_t opened_after; /* the number given out before it */
};

struct numbers {
    struct number_list **slots; /* open addressing; lists stay where they are */
    size_t mask;
    size_t count;
    struct number_list *loaded; /* one block of lists, for those that a snapshot gave; or null */
    size_t loaded_count;
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
/* Lists as a snapshot gave them, each with its `base`; there are none yet, and no two have the same
 * key (INVALID). The lists and the words behind them stay the caller's while `numbers` is used. */
MUST_USE enum status numbers_load(struct numbers *numbers, struct number_list *lists, size_t count);
/* What number `at` is; it must be from 1 to `last`. */
struct number numbers_at(const struct number_list *list, uint64_t at);
/* The same as one word: what a snapshot holds. */
uint64_t numbers_word(const struct number_list *list, uint64_t at);
/* A word's event sequence. */
static inline uint64_t numbers_word_event(uint64_t word)
{
    return word >> 3;
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests: records whose time and body follow from their sequence, so that a log needs no copy to
 * be compared with.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_JOURNAL_PATTERN_H
#define DOJIMA_JOURNAL_PATTERN_H

#include "base/hash.h"
#include "journal/journal.h"

/* Mostly short, now and then empty or as long as a record can be. */
static inline uint32_t pattern_bytes(uint64_t sequence)
{
    uint64_t dice = hash_mix64(sequence);
    if (dice % 64 == 0) {
        return JOURNAL_BODY_BYTES_MAX - (uint32_t)(dice >> 32) % 8;
    }
    return (uint32_t)(dice >> 32) % 200;
}

/* Not monotonic on purpose, and negative at times: the log must not care. */
static inline int64_t pattern_time_ns(uint64_t sequence)
{
    return (int64_t)hash_mix64(sequence ^ 0x7157);
}

static inline uint8_t pattern_byte(uint64_t sequence, uint32_t at)
{
    return (uint8_t)(sequence * 31 + at * 7 + (at >> 8));
}

static inline bool pattern_matches(const struct journal_entry *entry)
{
    if (entry->body_bytes != pattern_bytes(entry->sequence) ||
        entry->time_ns != pattern_time_ns(entry->sequence)) {
        return false;
    }
    for (uint32_t i = 0; i < entry->body_bytes; i++) {
        if (entry->body[i] != pattern_byte(entry->sequence, i)) {
            return false;
        }
    }
    return true;
}

/* Appends the next record; false when the batch is full. */
static inline bool pattern_append(struct journal *journal)
{
    uint64_t sequence = journal->next_sequence;
    uint32_t bytes = pattern_bytes(sequence);
    uint8_t *body = journal_reserve(journal, bytes);
    if (body == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < bytes; i++) {
        body[i] = pattern_byte(sequence, i);
    }
    return journal_append(journal, pattern_time_ns(sequence), bytes) == sequence;
}

/* The note of a batch that ends with `last_sequence`. */
static inline struct journal_note pattern_note(uint64_t last_sequence)
{
    return (struct journal_note){hash_mix64(last_sequence ^ 0x4072), last_sequence / 2};
}

/* Commits what is appended, under its note. */
MUST_USE static inline enum status pattern_commit(struct journal *journal)
{
    struct journal_note note = pattern_note(journal->next_sequence - 1);
    return journal_commit(journal, &note);
}

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * An entry is one word: event sequence (at most 2^48) << 3 | replaces << 2 | side.
 */
#include "stream/numbers.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

#include <stdlib.h>

#define CHUNK_NUMBERS 512u
#define CHUNK_FIRST   8u /* the first chunk's first size; it grows eightfold */
#define SLOTS_FIRST   256u
#define AHEAD         16u /* lists: where a later one goes is asked for now */

enum status numbers_init(struct numbers *numbers)
{
    *numbers = (struct numbers){.slots = calloc(SLOTS_FIRST, sizeof(struct number_list *)),
                                .mask = SLOTS_FIRST - 1};
    return numbers->slots == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static bool is_loaded(const struct numbers *numbers, const struct number_list *list)
{
    return (uintptr_t)list - (uintptr_t)numbers->loaded <
           numbers->loaded_count * sizeof *numbers->loaded;
}

void numbers_deinit(struct numbers *numbers)
{
    for (size_t i = 0; numbers->slots != NULL && i <= numbers->mask; i++) {
        struct number_list *list = numbers->slots[i];
        if (list != NULL) {
            uint64_t here = list->last - list->base_count;
            for (uint64_t chunk = 0; chunk * CHUNK_NUMBERS < here; chunk++) {
                free(list->chunks[chunk]);
            }
            free(list->chunks);
            if (!is_loaded(numbers, list)) {
                free(list);
            }
        }
    }
    free(numbers->slots);
    *numbers = (struct numbers){0};
}

static struct number_list **slot_of(struct number_list **slots, size_t mask, struct stream_key key)
{
    size_t at = (size_t)hash_mix64(key.id * 8 + key.kind) & mask;
    while (slots[at] != NULL && (slots[at]->key.id != key.id || slots[at]->key.kind != key.kind)) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

struct number_list *numbers_find(const struct numbers *numbers, struct stream_key key)
{
    return *slot_of(numbers->slots, numbers->mask, key);
}

static enum status grow(struct numbers *numbers)
{
    size_t mask = numbers->mask * 2 + 1;
    struct number_list **slots = calloc(mask + 1, sizeof(struct number_list *));
    if (slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i <= numbers->mask; i++) {
        if (numbers->slots[i] != NULL) {
            *slot_of(slots, mask, numbers->slots[i]->key) = numbers->slots[i];
        }
    }
    free(numbers->slots);
    numbers->slots = slots;
    numbers->mask = mask;
    return STATUS_OK;
}

enum status numbers_get(struct numbers *numbers, struct stream_key key,
                        struct number_list **out_list)
{
    struct number_list **slot = slot_of(numbers->slots, numbers->mask, key);
    if (*slot == NULL) {
        if (numbers->count * 2 > numbers->mask) {
            enum status status = grow(numbers);
            if (status != STATUS_OK) {
                return status;
            }
            slot = slot_of(numbers->slots, numbers->mask, key);
        }
        struct number_list *list = calloc(1, sizeof *list);
        if (list == NULL) {
            return STATUS_NO_MEMORY;
        }
        list->key = key;
        *slot = list;
        numbers->count++;
    }
    *out_list = *slot;
    return STATUS_OK;
}

static enum status add_chunk(struct number_list *list, size_t chunk)
{
    if (chunk >= list->chunk_count) {
        size_t count = list->chunk_count == 0 ? 1 : list->chunk_count * 2;
        uint64_t **chunks = realloc(list->chunks, count * sizeof *chunks);
        if (chunks == NULL) {
            return STATUS_NO_MEMORY;
        }
        list->chunks = chunks;
        list->chunk_count = count;
    }
    size_t numbers = chunk == 0 ? CHUNK_FIRST : CHUNK_NUMBERS;
    list->chunks[chunk] = malloc(numbers * sizeof(uint64_t));
    return list->chunks[chunk] == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* Room for the number that is `here` behind the base. Most streams have a few entries for ever. */
static enum status reserve(struct number_list *list, uint64_t here)
{
    if (here % CHUNK_NUMBERS == 0) {
        return add_chunk(list, (size_t)(here / CHUNK_NUMBERS));
    }
    if (here != CHUNK_FIRST && here != CHUNK_FIRST * 8) {
        return STATUS_OK;
    }
    uint64_t *larger = realloc(list->chunks[0], (size_t)here * 8 * sizeof *larger);
    if (larger == NULL) {
        return STATUS_NO_MEMORY;
    }
    list->chunks[0] = larger;
    return STATUS_OK;
}

enum status numbers_append(struct number_list *list, struct number number)
{
    uint64_t here = list->last - list->base_count;
    enum status status = reserve(list, here);
    if (status == STATUS_OK) {
        list->chunks[here / CHUNK_NUMBERS][here % CHUNK_NUMBERS] =
            number.event_sequence << 3 | (number.replaces ? 4u : 0u) | (uint64_t)number.side;
        list->last++;
    }
    return status;
}

enum status numbers_load(struct numbers *numbers, struct number_list *lists, size_t count)
{
    ASSERT(numbers->count == 0);
    size_t mask = numbers->mask;
    while (count * 2 > mask) {
        mask = mask * 2 + 1;
    }
    struct number_list **slots = calloc(mask + 1, sizeof(struct number_list *));
    if (slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    free(numbers->slots);
    numbers->slots = slots;
    numbers->mask = mask;
    numbers->loaded = lists;
    numbers->loaded_count = count;
    for (size_t i = 0; i < count; i++) {
        if (count - i > AHEAD) {
            struct stream_key later = lists[i + AHEAD].key;
            PREFETCH_WRITE(&slots[hash_mix64(later.id * 8 + later.kind) & mask]);
        }
        struct number_list **slot = slot_of(slots, mask, lists[i].key);
        if (*slot != NULL) {
            return STATUS_INVALID;
        }
        *slot = &lists[i];
        numbers->count++;
    }
    return STATUS_OK;
}

uint64_t numbers_word(const struct number_list *list, uint64_t at)
{
    ASSERT(at >= 1 && at <= list->last);
    if (at <= list->base_count) {
        return bytes_load_le64(list->base + (at - 1) * 8);
    }
    uint64_t here = at - 1 - list->base_count;
    return list->chunks[here / CHUNK_NUMBERS][here % CHUNK_NUMBERS];
}

struct number numbers_at(const struct number_list *list, uint64_t at)
{
    uint64_t word = numbers_word(list, at);
    return (struct number){.event_sequence = numbers_word_event(word),
                           .side = (enum stream_side)(word & 3),
                           .replaces = (word & 4) != 0};
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The streams as bytes, and back: docs/reference/snapshot-format.md. All numbers are little-endian,
 * every part a multiple of 8 bytes:
 *
 *     head      counts of what follows, 72 bytes
 *     owners    of live orders, accounts, sessions, instruments' groups: 24 bytes each
 *     lists     one for each stream: 48 bytes
 *     words     of all lists, one after the other: 8 bytes a number
 *
 * Loading checks every field and trusts none: whoever wrote the file, a stream comes out of it
 * whose reads stay inside the log. The words are used where they stand.
 */
#include "base/assert.h"
#include "base/bytes.h"
#include "stream/state.h"

#include <stdlib.h>

#define TAG         UINT64_C(0x31304d4145525453) /* "STREAM01" */
#define HEAD_BYTES  72u
#define OWNER_BYTES 24u
#define LIST_BYTES  48u
#define TABLES      4u
#define AHEAD       16u /* records: what is added later is asked for now */

/* The order in which the tables stand. */
static const struct owners *table_of(const struct stream *stream, unsigned table)
{
    const struct owners *tables[TABLES] = {&stream->orders, &stream->accounts, &stream->sessions,
                                           &stream->groups};
    return tables[table];
}

struct sink {
    on_stream_bytes *on_bytes;
    void *context;
};

static void save_owners(const struct owners *owners, const struct sink *sink)
{
    for (size_t i = 0; i <= owners->mask; i++) {
        const struct owner *owner = &owners->slots[i];
        if (owner->order_id != 0) {
            uint8_t bytes[OWNER_BYTES];
            bytes_store_le64(bytes, owner->order_id);
            bytes_store_le64(bytes + 8, owner->account);
            bytes_store_le32(bytes + 16, owner->session);
            bytes_store_le32(bytes + 20, owner->participant);
            sink->on_bytes(sink->context, bytes, sizeof bytes);
        }
    }
}

static void save_list(const struct number_list *list, const struct sink *sink)
{
    uint8_t bytes[LIST_BYTES] = {0};
    bytes_store_le64(bytes, list->key.id);
    bytes_store_le64(bytes + 8, list->key.kind);
    bytes_store_le64(bytes + 16, list->last);
    bytes_store_le64(bytes + 24, list->opened_event);
    bytes_store_le64(bytes + 32, list->opened_after);
    sink->on_bytes(sink->context, bytes, sizeof bytes);
}

static void save_words(const struct number_list *list, const struct sink *sink)
{
    uint8_t bytes[512 * 8];
    size_t used = 0;
    for (uint64_t at = 1; at <= list->last; at++) {
        bytes_store_le64(bytes + used, numbers_word(list, at));
        used += 8;
        if (used == sizeof bytes || at == list->last) {
            sink->on_bytes(sink->context, bytes, used);
            used = 0;
        }
    }
}

void stream_save(const struct stream *stream, on_stream_bytes *on_bytes, void *context)
{
    ASSERT(stream->pending_used == 0);
    const struct sink sink = {on_bytes, context};
    const struct numbers *numbers = &stream->numbers;
    uint64_t words = 0;
    for (size_t i = 0; i <= numbers->mask; i++) {
        words += numbers->slots[i] == NULL ? 0 : numbers->slots[i]->last;
    }
    uint8_t head[HEAD_BYTES];
    bytes_store_le64(head, TAG);
    bytes_store_le64(head + 8, stream->event_sequence);
    bytes_store_le64(head + 16, stream->cause);
    for (unsigned table = 0; table < TABLES; table++) {
        bytes_store_le64(head + 24 + 8 * (size_t)table, table_of(stream, table)->count);
    }
    bytes_store_le64(head + 56, numbers->count);
    bytes_store_le64(head + 64, words);
    on_bytes(context, head, sizeof head);
    for (unsigned table = 0; table < TABLES; table++) {
        save_owners(table_of(stream, table), &sink);
    }
    for (size_t i = 0; i <= numbers->mask; i++) {
        if (numbers->slots[i] != NULL) {
            save_list(numbers->slots[i], &sink);
        }
    }
    for (size_t i = 0; i <= numbers->mask; i++) {
        if (numbers->slots[i] != NULL) {
            save_words(numbers->slots[i], &sink);
        }
    }
}

/* How many of each there are; false: they do not fill the bytes. */
static bool read_head(const struct stream_image *image, uint64_t counts[TABLES + 2])
{
    if (image->count < HEAD_BYTES || bytes_load_le64(image->bytes) != TAG) {
        return false;
    }
    uint64_t left = image->count - HEAD_BYTES;
    for (unsigned i = 0; i < TABLES + 2; i++) {
        uint64_t each = i < TABLES ? OWNER_BYTES : i == TABLES ? LIST_BYTES : 8;
        counts[i] = bytes_load_le64(image->bytes + 24 + 8 * (size_t)i);
        if (counts[i] > left / each) {
            return false;
        }
        left -= counts[i] * each;
    }
    return left == 0;
}

static enum status load_owners(struct owners *owners, const uint8_t *bytes, uint64_t count)
{
    enum status status = STATUS_OK;
    if (count * 2 > owners->mask) {
        owners_deinit(owners);
        status = owners_init(owners, count);
    }
    for (uint64_t i = 0; i < count && status == STATUS_OK; i++, bytes += OWNER_BYTES) {
        struct owner owner = {.order_id = bytes_load_le64(bytes),
                              .account = bytes_load_le64(bytes + 8),
                              .session = bytes_load_le32(bytes + 16),
                              .participant = bytes_load_le32(bytes + 20)};
        if (count - i > AHEAD) {
            owners_prefetch(owners, bytes_load_le64(bytes + (size_t)AHEAD * OWNER_BYTES));
        }
        status = owner.order_id == 0 ? STATUS_INVALID : owners_add(owners, &owner);
    }
    return status == STATUS_OK && owners->count != count ? STATUS_INVALID : status;
}

/* Rising event sequences up to the last one that was applied; a TRADE may stand twice. */
static bool words_sound(const uint8_t *words, uint64_t count, uint64_t event_sequence)
{
    uint64_t before = 1;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t event = numbers_word_event(bytes_load_le64(words + i * 8));
        if (event < before || event > event_sequence) {
            return false;
        }
        before = event;
    }
    return true;
}

static enum status load_lists(struct stream *stream, const uint8_t *bytes, uint64_t count,
                              uint64_t words)
{
    if (count == 0) {
        return words == 0 ? STATUS_OK : STATUS_INVALID;
    }
    struct number_list *lists = calloc((size_t)count, sizeof *lists);
    if (lists == NULL) {
        return STATUS_NO_MEMORY;
    }
    stream->loaded = lists;
    const uint8_t *word = bytes + count * LIST_BYTES;
    for (uint64_t i = 0; i < count; i++, bytes += LIST_BYTES) {
        struct number_list *list = &lists[i];
        uint64_t kind = bytes_load_le64(bytes + 8);
        *list = (struct number_list){.key = {.id = bytes_load_le64(bytes)},
                                     .last = bytes_load_le64(bytes + 16),
                                     .base = word,
                                     .base_count = bytes_load_le64(bytes + 16),
                                     .opened_event = bytes_load_le64(bytes + 24),
                                     .opened_after = bytes_load_le64(bytes + 32)};
        bool sound = kind >= STREAM_PUBLIC && kind <= STREAM_PARTICIPANT && list->key.id != 0 &&
                     list->last <= words && list->opened_after <= list->last &&
                     list->opened_event <= stream->event_sequence &&
                     bytes_load_le64(bytes + 40) == 0 &&
                     words_sound(word, list->last, stream->event_sequence);
        if (!sound) {
            return STATUS_INVALID;
        }
        list->key.kind = (enum stream_kind)kind;
        word += list->last * 8;
        words -= list->last;
    }
    return words == 0 ? numbers_load(&stream->numbers, lists, (size_t)count) : STATUS_INVALID;
}

enum status stream_load(struct stream *stream, const struct stream_image *image)
{
    ASSERT(stream->event_sequence == 0 && stream->image.bytes == NULL);
    stream->image = *image;
    uint64_t counts[TABLES + 2];
    if (!read_head(image, counts)) {
        return STATUS_INVALID;
    }
    stream->event_sequence = bytes_load_le64(image->bytes + 8);
    stream->cause = bytes_load_le64(image->bytes + 16);
    struct owners *tables[TABLES] = {&stream->orders, &stream->accounts, &stream->sessions,
                                     &stream->groups};
    const uint8_t *at = image->bytes + HEAD_BYTES;
    for (unsigned table = 0; table < TABLES; table++) {
        enum status status = load_owners(tables[table], at, counts[table]);
        if (status != STATUS_OK) {
            return status;
        }
        at += counts[table] * OWNER_BYTES;
    }
    return load_lists(stream, at, counts[TABLES], counts[TABLES + 1]);
}

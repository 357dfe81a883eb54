/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/memory/memory.h"

#include "journal/frame.h"

#include <stdlib.h>

struct memory_journal {
    struct journal base;
    struct journal_memory_store *store;
    bool read_only;
    uint64_t batches;
};

static struct memory_journal *memory_of(struct journal *journal)
{
    return (struct memory_journal *)(void *)journal;
}

static uint64_t store_next_sequence(const struct journal_memory_store *store)
{
    if (store->count == 0) {
        return store->first_sequence == 0 ? 1 : store->first_sequence;
    }
    const struct journal_batch *last = &store->batches[store->count - 1].header;
    return last->first_sequence + last->count;
}

static enum status memory_fail(struct memory_journal *memory, enum status status)
{
    memory->base.batch_capacity = 0;
    memory->base.batch_used = 0;
    atomic_store(&memory->base.failure, (int)status);
    return status;
}

static enum status memory_commit(struct journal *journal, const struct journal_note *note)
{
    struct memory_journal *memory = memory_of(journal);
    struct journal_memory_store *store = memory->store;
    if (journal_failure(journal) != STATUS_OK || journal_uncommitted(journal) == 0) {
        return journal_failure(journal);
    }
    if (store->count == store->capacity) {
        size_t capacity = store->capacity == 0 ? 64 : store->capacity * 2;
        struct journal_memory_batch *batches =
            realloc(store->batches, capacity * sizeof *store->batches);
        if (batches == NULL) {
            return memory_fail(memory, STATUS_NO_MEMORY);
        }
        store->batches = batches;
        store->capacity = capacity;
    }
    uint8_t *bytes = malloc(journal->batch_used);
    if (bytes == NULL) {
        return memory_fail(memory, STATUS_NO_MEMORY);
    }
    memcpy(bytes, journal->batch_bytes, journal->batch_used);
    store->batches[store->count] = (struct journal_memory_batch){
        .bytes = bytes,
        .used = journal->batch_used,
        .header = {.first_sequence = journal->batch_first_sequence,
                   .count = (uint32_t)journal_uncommitted(journal),
                   .records_bytes = (uint32_t)journal->batch_used,
                   .segment = (uint32_t)store->count + 1,
                   .note = *note,
                   .durable_sequence = journal_durable(journal)},
    };
    store->count++;
    store->note = *note;
    store->sealed = false;
    if (store->first_sequence == 0) {
        store->first_sequence = 1;
    }
    memory->batches++;
    journal->batch_used = 0;
    journal->batch_first_sequence = journal->next_sequence;
    atomic_store(&journal->durable_sequence, journal->next_sequence - 1);
    return STATUS_OK;
}

static enum status memory_sync(struct journal *journal)
{
    return journal_failure(journal);
}

/* Index of the batch that holds `sequence`, which the store holds. */
static size_t store_find(const struct journal_memory_store *store, uint64_t sequence)
{
    size_t low = 0;
    size_t high = store->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (store->batches[middle].header.first_sequence <= sequence) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The batch that holds `sequence`, which the log holds. */
static struct frame_batch memory_batch(const struct memory_journal *memory, uint64_t sequence)
{
    const struct journal *base = &memory->base;
    if (sequence >= base->batch_first_sequence) {
        return (struct frame_batch){base->batch_bytes, base->batch_used, base->batch_first_sequence,
                                    journal_uncommitted(base)};
    }
    const struct journal_memory_batch *batch =
        &memory->store->batches[store_find(memory->store, sequence)];
    return (struct frame_batch){batch->bytes, batch->used, batch->header.first_sequence,
                                batch->header.count};
}

static enum status memory_poll(struct journal *journal, struct journal_cursor *cursor,
                               struct journal_entry *out_entries, size_t max, size_t *out_count)
{
    struct memory_journal *memory = memory_of(journal);
    if (journal_failure(journal) != STATUS_OK) {
        return journal_failure(journal);
    }
    if (cursor->next_sequence < memory->store->first_sequence || cursor->next_sequence == 0) {
        return STATUS_NOT_FOUND;
    }
    if (cursor->next_sequence >= journal->next_sequence) {
        *out_count = 0;
        return STATUS_OK;
    }
    if (cursor->reader == NULL) {
        cursor->reader = calloc(1, sizeof(struct frame_place));
        if (cursor->reader == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    struct frame_batch batch = memory_batch(memory, cursor->next_sequence);
    enum status status =
        frame_read(&batch, cursor->reader, cursor->next_sequence, out_entries, max, out_count);
    if (status == STATUS_OK) {
        cursor->next_sequence += *out_count;
    }
    return status;
}

static enum status memory_poll_batch(struct journal *journal, struct journal_cursor *cursor,
                                     struct journal_batch *out_batch)
{
    struct memory_journal *memory = memory_of(journal);
    if (journal_failure(journal) != STATUS_OK) {
        return journal_failure(journal);
    }
    if (cursor->next_sequence < memory->store->first_sequence || cursor->next_sequence == 0) {
        return STATUS_NOT_FOUND;
    }
    if (cursor->next_sequence >= journal->batch_first_sequence) {
        return STATUS_END;
    }
    *out_batch = memory->store->batches[store_find(memory->store, cursor->next_sequence)].header;
    cursor->next_sequence = out_batch->first_sequence + out_batch->count;
    return STATUS_OK;
}

static void memory_cursor_close(struct journal *journal, struct journal_cursor *cursor)
{
    (void)journal;
    free(cursor->reader);
    cursor->reader = NULL;
}

/* Here a segment is a batch. */
static enum status memory_truncate_before(struct journal *journal, uint64_t sequence)
{
    struct memory_journal *memory = memory_of(journal);
    struct journal_memory_store *store = memory->store;
    if (memory->read_only) {
        return STATUS_DENIED;
    }
    size_t dropped = 0;
    while (dropped < store->count &&
           store->batches[dropped].header.first_sequence + store->batches[dropped].header.count <=
               sequence) {
        free(store->batches[dropped].bytes);
        dropped++;
    }
    if (dropped > 0) {
        const struct journal_batch *last = &store->batches[dropped - 1].header;
        store->first_sequence = last->first_sequence + last->count;
        memmove(store->batches, store->batches + dropped,
                (store->count - dropped) * sizeof *store->batches);
        store->count -= dropped;
    }
    return STATUS_OK;
}

static void memory_stat(struct journal *journal, struct journal_stat *out_stat)
{
    struct memory_journal *memory = memory_of(journal);
    const struct journal_memory_store *store = memory->store;
    struct journal_stat stat = {
        .first_sequence = store->first_sequence == 0 ? 1 : store->first_sequence,
        .next_sequence = journal->next_sequence,
        .durable_sequence = journal_durable(journal),
        .batches = memory->batches,
        .segments = (uint32_t)store->count,
        .note = store->note,
    };
    for (size_t i = 0; i < store->count; i++) {
        stat.record_bytes += store->batches[i].used;
    }
    stat.used_bytes = stat.record_bytes;
    *out_stat = stat;
}

static enum status memory_close(struct journal *journal, bool seal, const struct journal_note *note)
{
    struct memory_journal *memory = memory_of(journal);
    enum status status = journal_failure(journal);
    if (!memory->read_only) {
        memory->store->open = false;
        bool clean = seal && status == STATUS_OK;
        memory->store->sealed = memory->store->sealed || clean;
        memory->store->note = clean && note != NULL ? *note : memory->store->note;
        free(journal->batch_bytes);
    }
    free(memory);
    return status;
}

static const struct journal_ops memory_ops = {
    .commit = memory_commit,
    .sync = memory_sync,
    .poll = memory_poll,
    .poll_batch = memory_poll_batch,
    .cursor_close = memory_cursor_close,
    .truncate_before = memory_truncate_before,
    .stat = memory_stat,
    .close = memory_close,
};

enum status journal_memory_open(struct journal_memory_store *store,
                                const struct journal_options *options,
                                struct journal_report *report, struct journal **out_journal)
{
    uint64_t next_sequence = store_next_sequence(store);
    *report = (struct journal_report){
        .first_sequence = store->first_sequence == 0 ? 1 : store->first_sequence,
        .next_sequence = next_sequence,
        .proven_sequence = next_sequence - 1,
        .sealed = store->sealed,
    };
    if (store->open && !options->read_only) {
        return STATUS_BUSY;
    }
    if (store->count > 0 && (store->kind != options->kind || store->shard != options->shard)) {
        return STATUS_MISMATCH;
    }
    if (options->proven_sequence >= next_sequence) {
        report->found = STATUS_DAMAGED;
        report->reason = "the other log proves records that this log does not hold";
        report->bad_sequence = next_sequence;
        report->missing_last_sequence = options->proven_sequence;
        return STATUS_DAMAGED;
    }
    struct memory_journal *memory = calloc(1, sizeof *memory);
    size_t capacity = options->batch_bytes == 0 ? JOURNAL_BATCH_BYTES_MAX : options->batch_bytes;
    uint8_t *batch_bytes = options->read_only ? NULL : malloc(capacity + 8);
    if (memory == NULL || (batch_bytes == NULL && !options->read_only)) {
        free(memory);
        free(batch_bytes);
        return STATUS_NO_MEMORY;
    }
    memory->base.ops = &memory_ops;
    memory->base.batch_bytes = batch_bytes;
    memory->base.batch_capacity = options->read_only ? 0 : capacity;
    memory->base.batch_first_sequence = next_sequence;
    memory->base.next_sequence = next_sequence;
    atomic_store(&memory->base.durable_sequence, next_sequence - 1);
    memory->store = store;
    memory->read_only = options->read_only;
    if (!options->read_only) {
        store->open = true;
        store->kind = options->kind;
        store->shard = options->shard;
    }
    *out_journal = &memory->base;
    return STATUS_OK;
}

void journal_memory_store_deinit(struct journal_memory_store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        free(store->batches[i].bytes);
    }
    free(store->batches);
    *store = (struct journal_memory_store){0};
}

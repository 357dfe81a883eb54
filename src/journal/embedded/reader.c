/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/log.h"

#include <stdlib.h>

/* Read-ahead: whole batches when their records are wanted, little when only headers are. After a
 * jump no more than from one place of the catalogue to the next: most who jump want one record. */
#define RECORDS_AHEAD_BYTES ((size_t)1 << 20)
#define JUMP_AHEAD_BYTES    ((size_t)256 << 10)
#define HEADERS_AHEAD_BYTES ((size_t)64 << 10)

/* A cursor's place on disk: the batch after the one loaded last. */
struct log_reader {
    struct pages pages;
    uint32_t segment;                /* open in pages; 0 = none */
    uint64_t segment_bytes;          /* of its file, as its header said */
    uint64_t next_offset;            /* of the next batch in it */
    uint64_t next_sequence;          /* that batch's first */
    size_t ahead_bytes;              /* grows while it reads on */
    struct frame_batch loaded;       /* in the pages' buffer; count 0 = none */
    struct frame_place place;        /* in `loaded` */
    struct frame_place memory_place; /* in a batch still in memory */
};

static enum status reader_of(struct journal_cursor *cursor, struct log_reader **out_reader)
{
    if (cursor->reader == NULL) {
        struct log_reader *reader = calloc(1, sizeof *reader);
        if (reader == NULL) {
            return STATUS_NO_MEMORY;
        }
        enum status status = pages_init(&reader->pages);
        if (status != STATUS_OK) {
            free(reader);
            return status;
        }
        cursor->reader = reader;
    }
    *out_reader = cursor->reader;
    return STATUS_OK;
}

/* Bytes of the reader's segment that may be read: all of a finished one; of the one being written,
 * what lies below the batches in flight. Readers never buffer bytes that may still change. */
static uint64_t readable_bytes(const struct log *log, const struct log_reader *reader)
{
    uint32_t last = log->segment;
    uint64_t end = (uint64_t)log->slot * FORMAT_PAGE_BYTES;
    uint64_t told = atomic_load(&log->told);
    if (told < log->ticket) {
        const struct batch_header *in_flight =
            &log->writers[(told + 1) % log->writer_count].job.header;
        last = in_flight->segment;
        end = (uint64_t)in_flight->slot * FORMAT_PAGE_BYTES;
    }
    return reader->segment >= last && end < reader->segment_bytes ? end : reader->segment_bytes;
}

static enum status enter_segment(struct log *log, struct log_reader *reader, uint32_t number)
{
    const struct catalog_segment *segment = catalog_segment(&log->catalog, number);
    if (segment == NULL) {
        return STATUS_DAMAGED;
    }
    reader->loaded.count = 0;
    reader->segment = 0;
    /* A finished segment was synced and does not change: the page cache may be used for it. */
    bool direct = log->direct && number == log->segment;
    enum status status = pages_open(&reader->pages, &log->place, number, direct);
    if (status == STATUS_OK) {
        reader->segment = number;
        reader->segment_bytes = segment->segment_bytes;
        reader->next_offset = FORMAT_PAGE_BYTES;
        reader->next_sequence = segment->first_sequence;
    }
    return status;
}

/* Moves to the best known place at or before `sequence`, unless reading on is no further. */
static enum status seek(struct log *log, struct log_reader *reader, uint64_t sequence)
{
    if (reader->segment != 0 && reader->next_sequence == sequence) {
        return STATUS_OK;
    }
    const struct catalog_place *place = catalog_find(&log->catalog, sequence);
    if (place == NULL) {
        return STATUS_DAMAGED;
    }
    bool ahead = reader->segment != 0 && reader->next_sequence <= sequence &&
                 reader->next_sequence >= place->first_sequence;
    if (ahead) {
        return STATUS_OK;
    }
    enum status status = enter_segment(log, reader, place->segment);
    if (status == STATUS_OK) {
        reader->next_offset = (uint64_t)place->slot * FORMAT_PAGE_BYTES;
        reader->next_sequence = place->first_sequence;
        reader->ahead_bytes = JUMP_AHEAD_BYTES;
    }
    return status;
}

/* The header of the batch at the reader's place; END when the segment ends there. */
static enum status next_header(struct log *log, struct log_reader *reader, size_t ahead,
                               struct batch_header *out_header)
{
    reader->loaded.count = 0; /* the get below may move the buffer under it */
    reader->pages.limit = readable_bytes(log, reader);
    if (reader->next_offset + FORMAT_PAGE_BYTES > reader->pages.limit) {
        return STATUS_END;
    }
    const uint8_t *page = NULL;
    struct batch_header header;
    enum status status =
        pages_get(&reader->pages, reader->next_offset, FORMAT_PAGE_BYTES, ahead, &page);
    if (status != STATUS_OK) {
        return status == STATUS_TRUNCATED ? STATUS_DAMAGED : status;
    }
    if (batch_header_decode(page, &header) != STATUS_OK) {
        return format_is_zero(page, FORMAT_PAGE_BYTES) ? STATUS_END : STATUS_DAMAGED;
    }
    bool ours = header.segment == reader->segment &&
                header.slot == reader->next_offset / FORMAT_PAGE_BYTES &&
                header.first_sequence == reader->next_sequence &&
                header.kind == (uint8_t)log->options.kind && header.shard == log->options.shard &&
                batch_disk_bytes(header.records_bytes) <= reader->pages.limit - reader->next_offset;
    if (!ours) {
        return STATUS_DAMAGED;
    }
    *out_header = header;
    return STATUS_OK;
}

/* What the scan at open did not read of this segment. */
static void learn(struct log *log, const struct batch_header *header)
{
    const struct catalog_segment *segment = catalog_segment(&log->catalog, header->segment);
    if (segment != NULL && segment->unread && !header->seal) {
        struct catalog_place place = {header->first_sequence, header->segment, header->slot};
        enum status learned = catalog_learn(&log->catalog, &place);
        (void)learned; /* without memory for it the next search is as long as this one */
    }
}

/* Finds the batch on disk that holds `sequence`; afterwards the reader stands behind it. */
static enum status find_batch(struct log *log, struct log_reader *reader, uint64_t sequence,
                              size_t ahead, struct batch_header *out_header)
{
    enum status status = seek(log, reader, sequence);
    ahead = ahead < reader->ahead_bytes ? ahead : reader->ahead_bytes;
    while (status == STATUS_OK) {
        struct batch_header header;
        status = next_header(log, reader, ahead, &header);
        if (status == STATUS_END) {
            status = reader->segment < log->segment
                         ? enter_segment(log, reader, reader->segment + 1)
                         : STATUS_DAMAGED;
            if (status == STATUS_OK && reader->next_sequence > sequence) {
                status = STATUS_DAMAGED;
            }
            continue;
        }
        if (status != STATUS_OK) {
            break;
        }
        learn(log, &header);
        reader->next_offset += batch_disk_bytes(header.records_bytes);
        reader->next_sequence += header.count;
        if (reader->next_sequence > sequence) {
            *out_header = header;
            return STATUS_OK;
        }
    }
    reader->segment = 0; /* the place is not to be trusted any more */
    return status;
}

static enum status load_batch(struct log *log, struct log_reader *reader, uint64_t sequence)
{
    const struct frame_batch *loaded = &reader->loaded;
    if (loaded->count > 0 && sequence >= loaded->first_sequence &&
        sequence < loaded->first_sequence + loaded->count) {
        return STATUS_OK;
    }
    struct batch_header header;
    enum status status = find_batch(log, reader, sequence, RECORDS_AHEAD_BYTES, &header);
    if (status != STATUS_OK) {
        return status;
    }
    const uint8_t *bytes = NULL;
    status = pages_get(&reader->pages, (uint64_t)header.slot * FORMAT_PAGE_BYTES,
                       batch_disk_bytes(header.records_bytes), reader->ahead_bytes, &bytes);
    if (status == STATUS_OK) {
        status = batch_body_check(&header, bytes);
    }
    if (reader->ahead_bytes < RECORDS_AHEAD_BYTES) {
        reader->ahead_bytes *= 2;
    }
    if (status != STATUS_OK) {
        reader->segment = 0;
        return status == STATUS_TRUNCATED ? STATUS_DAMAGED : status;
    }
    reader->loaded = (struct frame_batch){bytes + FORMAT_BATCH_HEADER_BYTES, header.records_bytes,
                                          header.first_sequence, header.count};
    reader->place = (struct frame_place){0};
    return STATUS_OK;
}

/* OK when `sequence` can be looked for; *out_end: there is nothing at it yet. */
static enum status check_sequence(const struct log *log, uint64_t sequence, uint64_t end,
                                  bool *out_end)
{
    if (journal_failure(&log->base) != STATUS_OK) {
        return journal_failure(&log->base);
    }
    bool damaged = log->report.found == STATUS_DAMAGED;
    if (damaged && log->catalog.segment_count == 0) {
        return STATUS_DAMAGED; /* where it begins is lost with its first file */
    }
    if (sequence == 0 || sequence < log->report.first_sequence) {
        return STATUS_NOT_FOUND;
    }
    if (sequence >= end && damaged) {
        return STATUS_DAMAGED;
    }
    *out_end = sequence >= end;
    return STATUS_OK;
}

/* The batch with `sequence` if a writer still has it in memory; count 0: it is on disk alone. */
static struct frame_batch handed_over(const struct log *log, uint64_t sequence)
{
    for (uint32_t i = 0; i < log->writer_count; i++) {
        const struct log_job *job = &log->writers[i].job;
        const struct batch_header *header = &job->header;
        if (job->buffer != NULL && sequence >= header->first_sequence &&
            sequence - header->first_sequence < header->count) {
            return (struct frame_batch){job->buffer + FORMAT_BATCH_HEADER_BYTES,
                                        header->records_bytes, header->first_sequence,
                                        header->count};
        }
    }
    return (struct frame_batch){0};
}

enum status log_poll(struct journal *journal, struct journal_cursor *cursor,
                     struct journal_entry *out_entries, size_t max, size_t *out_count)
{
    struct log *log = log_of(journal);
    uint64_t sequence = cursor->next_sequence;
    struct log_reader *reader = NULL;
    bool end = false;
    enum status status = check_sequence(log, sequence, journal->next_sequence, &end);
    if (status == STATUS_OK && !end) {
        status = reader_of(cursor, &reader);
    }
    if (status != STATUS_OK || end) {
        if (status == STATUS_OK) {
            *out_count = 0;
        }
        return status;
    }
    struct frame_batch memory = {0};
    if (sequence >= journal->batch_first_sequence) {
        memory = (struct frame_batch){journal->batch_bytes, journal->batch_used,
                                      journal->batch_first_sequence, journal_uncommitted(journal)};
    } else {
        memory = handed_over(log, sequence);
    }
    if (memory.count > 0) {
        status = frame_read(&memory, &reader->memory_place, sequence, out_entries, max, out_count);
    } else {
        status = load_batch(log, reader, sequence);
        if (status == STATUS_OK) {
            status =
                frame_read(&reader->loaded, &reader->place, sequence, out_entries, max, out_count);
        }
    }
    if (status == STATUS_OK) {
        cursor->next_sequence += *out_count;
    }
    return status;
}

enum status log_poll_batch(struct journal *journal, struct journal_cursor *cursor,
                           struct journal_batch *out_batch)
{
    struct log *log = log_of(journal);
    struct log_reader *reader = NULL;
    bool end = false;
    enum status status = journal_sync(journal);
    if (status == STATUS_OK) {
        status = check_sequence(log, cursor->next_sequence, journal->batch_first_sequence, &end);
    }
    if (status == STATUS_OK) {
        status = end ? STATUS_END : reader_of(cursor, &reader);
    }
    struct batch_header header;
    if (status == STATUS_OK) {
        status = find_batch(log, reader, cursor->next_sequence, HEADERS_AHEAD_BYTES, &header);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out_batch = (struct journal_batch){
        .first_sequence = header.first_sequence,
        .count = header.count,
        .records_bytes = header.records_bytes,
        .segment = header.segment,
        .offset = (uint64_t)header.slot * FORMAT_PAGE_BYTES,
        .note = header.note,
        .durable_sequence = header.durable_sequence,
    };
    memcpy(out_batch->chain, header.chain, JOURNAL_CHAIN_BYTES);
    cursor->next_sequence = header.first_sequence + header.count;
    return STATUS_OK;
}

void log_cursor_close(struct journal *journal, struct journal_cursor *cursor)
{
    (void)journal;
    struct log_reader *reader = cursor->reader;
    if (reader != NULL) {
        pages_deinit(&reader->pages);
        free(reader);
    }
    cursor->reader = NULL;
}

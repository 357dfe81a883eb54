/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/log.h"

#include "base/crc32c.h"
#include "base/planted.h"

enum status log_fail(struct log *log, enum status status)
{
    int expected = STATUS_OK;
    atomic_compare_exchange_strong(&log->base.failure, &expected, (int)status);
    return journal_failure(&log->base);
}

static struct segment_birth birth_of(const struct log *log, uint32_t number)
{
    bool fsync = log->options.ack == JOURNAL_ACK_FSYNC;
    return (struct segment_birth){
        .header = {.number = number,
                   .segment_bytes = log->options.segment_bytes,
                   .shard = log->options.shard,
                   .kind = (uint8_t)log->options.kind},
        .write_zeros = fsync || log->options.segments_ahead,
        /* The first file always: a log whose beginning is not sound is never taken for torn. */
        .sync = fsync || number == 1,
        .direct = fsync,
        .map = !fsync && log->options.segments_ahead,
    };
}

void log_close_retired(struct log_spare *spare)
{
    if (spare->retired != NULL) {
        spare->retired->ops->close(spare->retired);
        spare->retired = NULL;
    }
}

/* A complete segment in the page cache (ack = memory) is written back here, by the maker: the
 * kernel would do it at a time of its own, and never give the memory to the next segment. */
static enum status let_go_of_retired(struct log_spare *spare)
{
    struct host_file *file = spare->retired;
    if (file == NULL || file->direct || file->ops->let_go == NULL) {
        return STATUS_OK;
    }
    return file->ops->let_go(file);
}

void log_make_spare(void *context)
{
    struct log_spare *spare = context;
    spare->status = let_go_of_retired(spare);
    log_close_retired(spare);
    if (spare->status == STATUS_OK) {
        spare->status = segment_prepare(&spare->place, &spare->birth, &spare->file);
    }
}

/* Once the segment is half full and the next is not yet asked for. */
static void ask_for_spare(struct log *log, const struct batch_header *header)
{
    uint64_t used = (uint64_t)header->slot * FORMAT_PAGE_BYTES;
    uint32_t number = header->segment + 1;
    if (log->maker != NULL && !header->seal && log->spare_number != number &&
        used > log->options.segment_bytes / 2) {
        log->spare_number = number;
        log->spare.place = log->place;
        log->spare.birth = birth_of(log, number);
        log->spare.birth.hurry = &log->spare.hurry;
        atomic_store_explicit(&log->spare.hurry, false, memory_order_relaxed);
        log->spare.file = NULL;
        host_worker_kick(log->maker);
    }
}

/* The spare if it is the one wanted, else a file made now. */
static enum status take_prepared(struct log *log, const struct segment_birth *birth,
                                 struct host_file **out_file)
{
    if (log->spare_number != birth->header.number) {
        return segment_prepare(&log->place, birth, out_file);
    }
    atomic_store_explicit(&log->spare.hurry, true, memory_order_relaxed);
    host_worker_wait(log->maker);
    log->spare_number = 0;
    if (log->spare.status == STATUS_OK) {
        *out_file = log->spare.file;
        log->spare.file = NULL;
    }
    return log->spare.status;
}

void log_drop_spare(struct log *log)
{
    if (log->spare_number == 0) {
        return;
    }
    atomic_store_explicit(&log->spare.hurry, true, memory_order_relaxed);
    host_worker_wait(log->maker);
    if (log->spare.file != NULL) {
        log->spare.file->ops->close(log->spare.file);
        /* Should that fail, the next start does it. */
        enum status removed = segment_remove_new(&log->place, log->spare_number);
        (void)removed;
    }
    log->spare_number = 0;
}

enum status log_begin_segment(struct log *log, uint32_t number, uint64_t first_sequence)
{
    struct segment_birth birth = birth_of(log, number);
    birth.header.first_sequence = first_sequence;
    birth.header.durable_sequence = log->synced_sequence;
    memcpy(birth.header.chain, log->chain, JOURNAL_CHAIN_BYTES);
    struct host_file *file = NULL;
    enum status status = take_prepared(log, &birth, &file);
    if (status != STATUS_OK) {
        return status;
    }
    status = segment_finish(&log->place, &birth, file);
    if (status != STATUS_OK) {
        file->ops->close(file);
        return status;
    }
    /* Nobody waits for the end of the old one: the maker takes it away before it makes the next. */
    log_close_retired(&log->spare);
    log->spare.retired = log->file;
    if (log->maker == NULL) {
        log_close_retired(&log->spare);
    }
    log->file = file;
    log->syncs += birth.sync ? 2 : 0;
    return STATUS_OK;
}

enum status log_place_batch(struct log *log, uint32_t count, uint32_t records_bytes, bool seal)
{
    size_t bytes = batch_disk_bytes(records_bytes);
    uint64_t offset = (uint64_t)log->slot * FORMAT_PAGE_BYTES;
    bool roll = offset + bytes > log->segment_bytes;
    enum status status = STATUS_OK;
    if (roll) {
        struct catalog_segment segment = {log->base.batch_first_sequence, log->segment + 1,
                                          log->options.segment_bytes, false};
        status = catalog_add_segment(&log->catalog, &segment);
        if (status != STATUS_OK) {
            return status;
        }
        log->segment++;
        log->slot = 1;
        log->segment_bytes = log->options.segment_bytes;
        log->used_bytes += FORMAT_PAGE_BYTES;
    }
    struct catalog_place place = {log->base.batch_first_sequence, log->segment, log->slot};
    if (!seal) {
        status = catalog_add_batch(&log->catalog, &place);
    }
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t *buffer = log_building(log);
    struct log_writer *writer = log_next_writer(log);
    writer->ticket = ++log->ticket;
    writer->last_sequence = log->base.batch_first_sequence + count - 1;
    writer->job = (struct log_job){
        .buffer = buffer,
        .header = {.first_sequence = log->base.batch_first_sequence,
                   .note = log->note,
                   .count = count,
                   .records_bytes = records_bytes,
                   .segment = log->segment,
                   .slot = log->slot,
                   .shard = log->options.shard,
                   .kind = (uint8_t)log->options.kind,
                   .seal = seal},
        .roll = roll,
    };
    log->slot += (uint32_t)(bytes / FORMAT_PAGE_BYTES);
    log->used_bytes += bytes;
    log->record_bytes += records_bytes;
    log->sealed = seal;
    return STATUS_OK;
}

/* Header, hashes and padding of the job's buffer. */
static void finish_batch(struct log *log, struct log_job *job)
{
    struct batch_header *header = &job->header;
    uint8_t *buffer = job->buffer;
    size_t used = FORMAT_BATCH_HEADER_BYTES + header->records_bytes;
    memset(buffer + used, 0, batch_disk_bytes(header->records_bytes) - used);
    header->body_crc = crc32c(0, buffer + FORMAT_BATCH_HEADER_BYTES, header->records_bytes);
    header->durable_sequence = log->synced_sequence;
    batch_header_encode(header, buffer);
    batch_chain(log->digest, log->chain, buffer, header->records_bytes, header->chain);
    memcpy(log->chain, header->chain, JOURNAL_CHAIN_BYTES);
    batch_header_encode(header, buffer);
}

/* Until the ticket is reached, or the log has failed. The job before is at most at its hashes, or
 * at the first write of a segment, which is seldom; a worker that sleeps takes longer to wake. */
static bool wait_for(const struct log *log, const _Atomic uint64_t *reached, uint64_t ticket)
{
    while (atomic_load_explicit(reached, memory_order_acquire) < ticket) {
        if (journal_failure(&log->base) != STATUS_OK) {
            return false;
        }
        for (int i = 0; i < 64 && atomic_load_explicit(reached, memory_order_relaxed) < ticket;
             i++) {
            CPU_PAUSE();
        }
        host_worker_yield();
    }
    return true;
}

static void advance(_Atomic uint64_t *value, uint64_t to)
{
    uint64_t seen = atomic_load_explicit(value, memory_order_relaxed);
    while (seen < to && !atomic_compare_exchange_weak_explicit(
                            value, &seen, to, memory_order_release, memory_order_relaxed)) {
    }
}

/* Tells every batch that is written and behind which none is missing. Who writes last tells both:
 * `written` is stored before `told` is read, in one order for all, so one of the two writers sees
 * that the other is done. A writer gets its next job only when this one is told. */
static void tell_written(struct log *log, bool synced)
{
    while (journal_failure(&log->base) == STATUS_OK) {
        uint64_t told = atomic_load(&log->told);
        struct log_writer *writer = &log->writers[(told + 1) % log->writer_count];
        if (atomic_load(&writer->written) != told + 1) {
            return;
        }
        uint64_t last_sequence = atomic_load(&writer->last_sequence);
        if (atomic_compare_exchange_strong(&log->told, &told, told + 1)) {
            if (synced) {
                advance(&log->synced_sequence, last_sequence);
            }
            advance(&log->base.durable_sequence, last_sequence);
        }
    }
}

/* The part for which the jobs take turns. */
static enum status take_turn(struct log *log, struct log_writer *writer)
{
    const struct batch_header *header = &writer->job.header;
    enum status status = STATUS_OK;
    if (!wait_for(log, &log->hashed, writer->ticket - 1)) {
        return journal_failure(&log->base);
    }
    if (writer->job.roll) {
        /* The new file's header and its first batch say what is durable, and the old file may still
         * be written to. Not `told`, which is raised before what it speaks of. */
        status = wait_for(log, &log->base.durable_sequence, header->first_sequence - 1)
                     ? log_begin_segment(log, header->segment, header->first_sequence)
                     : journal_failure(&log->base);
    }
    if (status == STATUS_OK) {
        finish_batch(log, &writer->job);
        ask_for_spare(log, header);
    }
    return status;
}

void log_run_job(void *context)
{
    struct log_writer *writer = context;
    struct log *log = writer->log;
    const struct batch_header *header = &writer->job.header;
    enum status status = take_turn(log, writer);
    if (status == STATUS_OK) {
        struct host_file *file = log->file;
        bool sync = (log->options.ack == JOURNAL_ACK_FSYNC || header->seal) && !PLANTED(SKIP_SYNC);
        atomic_store_explicit(&log->hashed, writer->ticket, memory_order_release);
        status = file->ops->write_at(file, (uint64_t)header->slot * FORMAT_PAGE_BYTES,
                                     writer->job.buffer, batch_disk_bytes(header->records_bytes));
        if (PLANTED(ACK_BEFORE_SYNC) && status == STATUS_OK) {
            atomic_store(&writer->written, writer->ticket);
            tell_written(log, sync);
        }
        if (status == STATUS_OK && sync) {
            status = file->ops->sync(file);
            status = PLANTED(FAILED_SYNC_PASSES) ? STATUS_OK : status;
            atomic_fetch_add_explicit(&log->syncs, 1, memory_order_relaxed);
        }
        if (status == STATUS_OK) {
            atomic_store(&writer->written, writer->ticket);
            tell_written(log, sync);
        }
    }
    if (status != STATUS_OK) {
        (void)log_fail(log, status);
    }
}

enum status log_sync_above(struct log *log, uint64_t sequence)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i + 1 < log->catalog.segment_count && status == STATUS_OK; i++) {
        if (log->catalog.segments[i + 1].first_sequence - 1 <= sequence) {
            continue;
        }
        char path[HOST_PATH_BYTES_MAX];
        struct host_file *file = NULL;
        status = segment_path(&log->place, log->catalog.segments[i].number, false, path);
        if (status == STATUS_OK) {
            unsigned flags = log->options.read_only ? HOST_OPEN_READ : HOST_OPEN_WRITE;
            status = log->place.disk->ops->open(log->place.disk, path, flags, &file);
        }
        if (status == STATUS_OK) {
            status = file->ops->sync(file);
            file->ops->close(file);
            log->syncs++;
        }
    }
    if (status == STATUS_OK) {
        status = log->file->ops->sync(log->file);
        log->syncs++;
    }
    /* Names too: with ack = memory a new segment's is not synced when it is made. */
    if (status == STATUS_OK) {
        status = log->place.disk->ops->sync_directory(log->place.disk, log->place.directory);
    }
    return status;
}

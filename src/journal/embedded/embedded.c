/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/embedded.h"

#include "base/planted.h"
#include "journal/embedded/log.h"
#include "journal/embedded/scan.h"

#include <stdio.h>
#include <stdlib.h>

#define SEGMENT_BYTES_DEFAULT ((uint32_t)64 << 20)
#define BATCH_BYTES_MIN       (2 * FORMAT_PAGE_BYTES)
#define LOCK_NAME             "LOCK"

static enum status log_commit(struct journal *journal, const struct journal_note *note)
{
    struct log *log = log_of(journal);
    if (journal_failure(journal) == STATUS_OK && journal_uncommitted(journal) > 0) {
        struct log_writer *writer = log_next_writer(log);
        if (writer->worker != NULL) {
            host_worker_wait(writer->worker);
        }
        log->note = *note;
        enum status status = journal_failure(journal);
        if (status == STATUS_OK) {
            status = log_place_batch(log, (uint32_t)journal_uncommitted(journal),
                                     (uint32_t)journal->batch_used, false);
        }
        if (status != STATUS_OK) {
            (void)log_fail(log, status);
        } else {
            log->batches++;
            journal->batch_bytes = log_building(log) + FORMAT_BATCH_HEADER_BYTES;
            journal->batch_used = 0;
            journal->batch_first_sequence = journal->next_sequence;
            if (writer->worker != NULL) {
                host_worker_kick(writer->worker);
            } else {
                log_run_job(writer);
            }
            journal->waits_for = log_next_writer(log)->last_sequence;
        }
    }
    if (journal_failure(journal) != STATUS_OK) {
        journal->batch_used = 0;
        journal->batch_capacity = 0; /* reserve says no from here on */
    }
    return journal_failure(journal);
}

static void wait_for_writers(struct log *log)
{
    for (uint32_t i = 0; i < log->writer_count; i++) {
        if (log->writers[i].worker != NULL) {
            host_worker_wait(log->writers[i].worker);
        }
    }
}

static enum status log_sync(struct journal *journal)
{
    wait_for_writers(log_of(journal));
    return journal_failure(journal);
}

static enum status log_truncate_before(struct journal *journal, uint64_t sequence)
{
    struct log *log = log_of(journal);
    enum status status = log->options.read_only ? STATUS_DENIED : log_sync(journal);
    size_t drop = 0;
    while (status == STATUS_OK && drop + 1 < log->catalog.segment_count &&
           log->catalog.segments[drop + 1].first_sequence <= sequence) {
        drop++;
    }
    /* Lowest first: whatever a crash leaves is a log that begins later. */
    size_t removed = 0;
    while (status == STATUS_OK && removed < drop) {
        status = segment_remove(&log->place, log->catalog.segments[removed].number);
        removed += status == STATUS_OK;
    }
    if (removed > 0) {
        catalog_drop(&log->catalog, removed);
        log->report.first_sequence = log->catalog.segments[0].first_sequence;
        enum status synced = log->place.disk->ops->sync_directory(log->place.disk, log->directory);
        status = status == STATUS_OK ? synced : status;
    }
    return status;
}

static void log_stat(struct journal *journal, struct journal_stat *out_stat)
{
    struct log *log = log_of(journal);
    wait_for_writers(log); /* the chain is theirs */
    *out_stat = (struct journal_stat){
        .first_sequence = log->report.first_sequence,
        .next_sequence = journal->next_sequence,
        .durable_sequence = journal_durable(journal),
        .batches = log->batches,
        .syncs = log->syncs,
        .used_bytes = log->used_bytes,
        .record_bytes = log->record_bytes,
        .segments = (uint32_t)log->catalog.segment_count,
        .segments_unread = log->segments_unread,
        .direct = log->direct,
        .note = log->note,
    };
    memcpy(out_stat->chain, log->chain, JOURNAL_CHAIN_BYTES);
}

/* Accepts a half-opened log. */
static void log_free(struct log *log)
{
    for (uint32_t i = 0; i < LOG_WRITERS_MAX; i++) {
        host_worker_close(log->writers[i].worker);
    }
    log_drop_spare(log);
    host_worker_close(log->maker);
    log_close_retired(&log->spare);
    host_digest_close(log->digest);
    if (log->file != NULL) {
        log->file->ops->close(log->file);
    }
    if (log->lock != NULL) {
        log->lock->ops->close(log->lock);
    }
    catalog_deinit(&log->catalog);
    for (uint32_t i = 0; i <= LOG_WRITERS_MAX; i++) {
        free(log->buffers[i]);
    }
    free(log->directory);
    free(log);
}

/* The seal says that everything before it is on stable storage, so that is made true first. */
static enum status write_seal(struct log *log)
{
    enum status status = STATUS_OK;
    uint64_t last_sequence = log->base.batch_first_sequence - 1;
    if (log->synced_sequence < last_sequence) {
        status = log_sync_above(log, log->synced_sequence);
    }
    if (status == STATUS_OK) {
        log->synced_sequence = last_sequence;
        status = log_place_batch(log, 0, 0, true);
    }
    if (status == STATUS_OK) {
        log_run_job(&log->writers[log->ticket % log->writer_count]);
        status = journal_failure(&log->base);
    }
    return status;
}

static bool same_note(const struct journal_note *a, const struct journal_note *b)
{
    return a->running_hash == b->running_hash && a->proven_sequence == b->proven_sequence;
}

static enum status log_close(struct journal *journal, bool seal, const struct journal_note *note)
{
    struct log *log = log_of(journal);
    enum status status = log_sync(journal);
    bool sealed = log->sealed && (note == NULL || same_note(note, &log->note));
    if (status == STATUS_OK && seal && !sealed && !log->options.read_only) {
        if (note != NULL) {
            log->note = *note;
        }
        /* What was appended and not committed is dropped; its buffer takes the seal. */
        status = write_seal(log);
    }
    log_free(log);
    return status;
}

static const struct journal_ops log_ops = {
    .commit = log_commit,
    .sync = log_sync,
    .poll = log_poll,
    .poll_batch = log_poll_batch,
    .cursor_close = log_cursor_close,
    .truncate_before = log_truncate_before,
    .stat = log_stat,
    .close = log_close,
};

static enum status settle_options(const struct journal_options *options,
                                  struct journal_options *out_options)
{
    struct journal_options settled = *options;
    settled.segment_bytes =
        settled.segment_bytes == 0 ? SEGMENT_BYTES_DEFAULT : settled.segment_bytes;
    if (settled.batch_bytes == 0) {
        uint32_t most = settled.segment_bytes - FORMAT_PAGE_BYTES;
        settled.batch_bytes =
            most < JOURNAL_BATCH_BYTES_MAX ? most : (uint32_t)JOURNAL_BATCH_BYTES_MAX;
    }
    bool sound = (settled.kind == JOURNAL_COMMANDS || settled.kind == JOURNAL_EVENTS) &&
                 settled.segment_bytes % FORMAT_PAGE_BYTES == 0 &&
                 settled.segment_bytes >= FORMAT_SEGMENT_BYTES_MIN &&
                 settled.segment_bytes <= FORMAT_SEGMENT_BYTES_MAX &&
                 settled.batch_bytes % FORMAT_PAGE_BYTES == 0 &&
                 settled.batch_bytes >= BATCH_BYTES_MIN &&
                 settled.batch_bytes <= JOURNAL_BATCH_BYTES_MAX &&
                 settled.batch_bytes <= settled.segment_bytes - FORMAT_PAGE_BYTES &&
                 settled.writer_threads <= LOG_WRITERS_MAX;
    if (!sound) {
        return STATUS_INVALID;
    }
    *out_options = settled;
    return STATUS_OK;
}

/* Makes the directory, and its name durable in its parent. */
static enum status prepare_directory(struct log *log)
{
    struct host_disk *disk = log->place.disk;
    enum status status = disk->ops->make_directory(disk, log->directory);
    char parent[HOST_PATH_BYTES_MAX];
    const char *slash = strrchr(log->directory, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - log->directory);
    if (status == STATUS_OK && length + 2 > sizeof parent) {
        status = STATUS_OVERFLOW;
    }
    if (status == STATUS_OK) {
        memcpy(parent, log->directory, length);
        memcpy(parent + length, slash == NULL ? "." : length == 0 ? "/" : "", 2 - (length > 0));
        parent[length + (length == 0)] = '\0';
        status = disk->ops->sync_directory(disk, parent);
    }
    return status;
}

static enum status take_lock(struct log *log)
{
    char path[HOST_PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/" LOCK_NAME, log->directory);
    if (length < 0 || (size_t)length >= sizeof path) {
        return STATUS_OVERFLOW;
    }
    return log->place.disk->ops->lock(log->place.disk, path, &log->lock);
}

/* Files that a crash left half made, under their .new names. */
static enum status remove_new_files(struct log *log)
{
    uint32_t *numbers = NULL;
    size_t count = 0;
    enum status status = segment_list(&log->place, true, &numbers, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = segment_remove_new(&log->place, numbers[i]);
    }
    free(numbers);
    return status;
}

/* Takes away what lies behind the end, highest first, so that a crash in between leaves a shorter
 * tail and never a hole. */
static enum status cut_tail(struct log *log, const struct scan_result *found)
{
    uint32_t *numbers = NULL;
    size_t count = 0;
    enum status status = segment_list(&log->place, false, &numbers, &count);
    while (status == STATUS_OK && count > 0 && numbers[count - 1] > found->end_segment) {
        status = segment_remove(&log->place, numbers[--count]);
    }
    free(numbers);
    if (status == STATUS_OK) {
        status = log->place.disk->ops->sync_directory(log->place.disk, log->directory);
    }
    const struct journal_report *report = &found->report;
    if (status == STATUS_OK && report->bad_segment == found->end_segment) {
        uint64_t from = (uint64_t)found->end_slot * FORMAT_PAGE_BYTES;
        uint64_t to = bytes_align_up(report->bad_end_offset, FORMAT_PAGE_BYTES);
        to = to < log->segment_bytes ? to : log->segment_bytes;
        status = to > from ? segment_zero(log->file, from, to, NULL) : STATUS_OK;
    }
    return status;
}

/* Makes the scanned log one that can be appended to. */
static enum status continue_log(struct log *log, const struct scan_result *found)
{
    char path[HOST_PATH_BYTES_MAX];
    bool direct = log->options.ack == JOURNAL_ACK_FSYNC;
    enum status status = segment_path(&log->place, log->segment, false, path);
    if (status == STATUS_OK) {
        unsigned flags = HOST_OPEN_WRITE | (direct ? HOST_OPEN_DIRECT : 0u);
        status = log->place.disk->ops->open(log->place.disk, path, flags, &log->file);
    }
    if (status != STATUS_OK) {
        return status;
    }
    log->direct = log->file->direct;
    if (found->report.found == STATUS_TRUNCATED && !PLANTED(TAIL_STAYS)) {
        status = cut_tail(log, found);
    }
    uint64_t bytes = 0;
    if (status == STATUS_OK) {
        status = log->file->ops->size(log->file, &bytes);
    }
    if (status == STATUS_OK && bytes != log->segment_bytes) {
        status = log->file->ops->resize(log->file, log->segment_bytes);
    }
    /* After kill -9 sound batches may be in the page cache only; they are about to be proven. */
    if (status == STATUS_OK && !PLANTED(CACHE_BELIEVED)) {
        status = log_sync_above(log, found->watermark);
    }
    if (status == STATUS_OK && !direct && log->options.segments_ahead) {
        segment_map(log->file);
    }
    return status;
}

static enum status begin_log(struct log *log)
{
    struct catalog_segment segment = {1, 1, log->options.segment_bytes, false};
    enum status status = catalog_add_segment(&log->catalog, &segment);
    log->segment = 1;
    log->slot = 1;
    log->segment_bytes = log->options.segment_bytes;
    log->used_bytes = FORMAT_PAGE_BYTES;
    if (status == STATUS_OK) {
        status = log_begin_segment(log, 1, 1);
    }
    log->direct = status == STATUS_OK && log->file->direct;
    return status;
}

/* Takes over what the scan learned; the catalog changes hands. */
static void adopt(struct log *log, struct scan_result *found)
{
    uint64_t next_sequence = found->report.next_sequence;
    log->report = found->report;
    log->catalog = found->catalog;
    found->catalog = (struct catalog){0};
    log->note = found->note;
    memcpy(log->chain, found->chain, JOURNAL_CHAIN_BYTES);
    log->used_bytes = found->used_bytes;
    log->record_bytes = found->record_bytes;
    log->segments_unread = found->segments_unread;
    log->sealed = found->report.sealed;
    log->segment = found->end_segment;
    log->slot = found->end_slot;
    const struct catalog_segment *segment = catalog_segment(&log->catalog, log->segment);
    log->segment_bytes = segment == NULL ? 0 : segment->segment_bytes;
    log->synced_sequence = next_sequence - 1;
    log->base.next_sequence = next_sequence;
    log->base.batch_first_sequence = next_sequence;
    atomic_store(&log->base.durable_sequence, next_sequence - 1);
}

static enum status take_buffers(struct log *log)
{
    for (uint32_t i = 0; i <= log->writer_count; i++) {
        /* One page more than the batch: journal_append stores eight bytes behind the capacity. */
        log->buffers[i] =
            aligned_alloc(FORMAT_PAGE_BYTES, log->options.batch_bytes + FORMAT_PAGE_BYTES);
        if (log->buffers[i] == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    log->base.batch_bytes = log_building(log) + FORMAT_BATCH_HEADER_BYTES;
    log->base.batch_capacity = log->options.batch_bytes - FORMAT_BATCH_HEADER_BYTES;
    return STATUS_OK;
}

/* Two writers in the page cache could tell a lie: its failed write back is reported to one sync of
 * the file, which may be that of the other batch. A direct write fails in the write itself. */
static enum status open_writers(struct log *log)
{
    bool two = log->options.writer_threads == 2 && log->direct;
    log->writer_count = two ? 2 : 1;
    enum status status = take_buffers(log);
    for (uint32_t i = 0; i < log->writer_count && status == STATUS_OK; i++) {
        log->writers[i].log = log;
        if (log->options.writer_threads > 0) {
            status = host_worker_open(log_run_job, &log->writers[i], &log->writers[i].worker);
        }
    }
    return status;
}

static enum status open_for_writing(struct log *log, struct scan_result *found)
{
    if (found->report.found == STATUS_DAMAGED) {
        return STATUS_DAMAGED;
    }
    enum status status = remove_new_files(log);
    adopt(log, found);
    if (status == STATUS_OK) {
        status = host_digest_open(&log->digest);
    }
    if (status == STATUS_OK) {
        status = found->end_segment == 0 ? begin_log(log) : continue_log(log, found);
    }
    if (status == STATUS_OK) {
        status = open_writers(log);
    }
    if (status == STATUS_OK && log->options.segments_ahead) {
        status = host_worker_open(log_make_spare, &log->spare, &log->maker);
    }
    return status;
}

static enum status open_for_reading(struct log *log, struct scan_result *found)
{
    if (found->segments_on_disk == 0) {
        return STATUS_NOT_FOUND;
    }
    adopt(log, found);
    return STATUS_OK;
}

enum status journal_embedded_open(struct host_disk *disk, const char *directory,
                                  const struct journal_options *options,
                                  struct journal_report *report, struct journal **out_journal)
{
    *report = (struct journal_report){0};
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return STATUS_NO_MEMORY;
    }
    log->base.ops = &log_ops;
    log->directory = strdup(directory);
    log->place = (struct segment_place){disk, log->directory};
    log->writer_count = 1;
    enum status status =
        log->directory == NULL ? STATUS_NO_MEMORY : settle_options(options, &log->options);
    if (status == STATUS_OK && !options->read_only) {
        status = prepare_directory(log);
        status = status == STATUS_OK ? take_lock(log) : status;
    }
    struct scan_result found = {0};
    if (status == STATUS_OK) {
        struct scan_options scan = {
            .place = log->place,
            .kind = (uint8_t)options->kind,
            .shard = options->shard,
            .proven_sequence = options->proven_sequence,
            .trusted_sequence = options->trusted_sequence,
            .past_cache = !options->read_only,
        };
        status = scan_log(&scan, &found);
        *report = found.report;
    }
    if (status == STATUS_OK) {
        status = options->read_only ? open_for_reading(log, &found) : open_for_writing(log, &found);
    }
    scan_result_deinit(&found);
    if (status != STATUS_OK) {
        log_free(log);
        return status;
    }
    *out_journal = &log->base;
    return STATUS_OK;
}

enum status journal_embedded_make_durable(struct journal *journal)
{
    struct log *log = log_of(journal);
    ASSERT(log->options.read_only);
    struct host_disk *disk = log->place.disk;
    char path[HOST_PATH_BYTES_MAX];
    enum status status = segment_path(&log->place, log->segment, false, path);
    if (status == STATUS_OK && log->file == NULL) {
        status = disk->ops->open(disk, path, HOST_OPEN_READ, &log->file);
    }
    return status == STATUS_OK ? log_sync_above(log, log->report.proven_sequence) : status;
}

enum status journal_embedded_verify(struct host_disk *disk, const char *directory,
                                    uint64_t proven_sequence, struct journal_report *report)
{
    struct scan_options scan = {
        .place = {disk, directory}, .proven_sequence = proven_sequence, .deep = true};
    struct scan_result found = {0};
    enum status status = scan_log(&scan, &found);
    *report = found.report;
    if (status == STATUS_OK && found.segments_on_disk == 0) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && found.end_file_short && report->found == STATUS_OK) {
        report->found = STATUS_TRUNCATED;
        report->reason = "the last file is shorter than its header says";
        report->bad_sequence = report->next_sequence;
        report->bad_segment = found.end_segment;
        report->bad_offset = (uint64_t)found.end_slot * FORMAT_PAGE_BYTES;
    }
    if (status == STATUS_OK && report->found != STATUS_OK) {
        status = STATUS_DAMAGED;
    }
    scan_result_deinit(&found);
    return status;
}

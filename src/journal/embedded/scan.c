/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/scan.h"

#include "base/planted.h"
#include "journal/frame.h"

#include <stdlib.h>

#define AHEAD_BYTES ((size_t)1 << 20)

struct scan {
    const struct scan_options *options;
    struct scan_result *result;
    struct pages pages;
    struct host_digest *digest; /* deep only */
    uint32_t *numbers;
    size_t count;
    uint64_t next_sequence; /* 0 = not known yet */
    uint8_t kind;
    uint16_t shard;
    bool stopped; /* the report says why */
};

static enum status scan_segment(struct scan *scan, size_t index);
static enum status stop_at(struct scan *scan, size_t index, uint64_t offset, const char *reason);
static enum status spoil(struct scan *scan, size_t index, enum status status, const char *reason);

enum status scan_log(const struct scan_options *options, struct scan_result *result)
{
    *result = (struct scan_result){0};
    struct scan scan = {
        .options = options, .result = result, .kind = options->kind, .shard = options->shard};
    enum status status = segment_list(&options->place, false, &scan.numbers, &scan.count);
    if (status == STATUS_OK) {
        status = pages_init(&scan.pages);
    }
    if (status == STATUS_OK && options->deep) {
        status = host_digest_open(&scan.digest);
    }
    if (status == STATUS_OK) {
        result->segments_on_disk = scan.count;
    }
    for (size_t i = 0; i < scan.count && status == STATUS_OK && !scan.stopped; i++) {
        status = scan_segment(&scan, i);
        if (status == STATUS_DAMAGED && result->report.found == STATUS_OK) {
            status = spoil(&scan, i, status, "a block of a compacted segment is damaged");
        }
    }
    pages_deinit(&scan.pages);
    host_digest_close(scan.digest);
    free(scan.numbers);
    struct journal_report *report = &result->report;
    report->next_sequence = scan.next_sequence == 0 ? 1 : scan.next_sequence;
    report->first_sequence = result->catalog.segment_count == 0
                                 ? report->next_sequence
                                 : result->catalog.segments[0].first_sequence;
    if (report->proven_sequence < options->proven_sequence) {
        report->proven_sequence = options->proven_sequence;
    }
    if (report->proven_sequence < result->watermark) {
        report->proven_sequence = result->watermark;
    }
    if (status == STATUS_OK && report->found == STATUS_OK &&
        options->proven_sequence >= report->next_sequence) {
        report->found = STATUS_DAMAGED;
        report->reason = "records that are proven durable elsewhere are not in this log";
        report->missing_last_sequence = options->proven_sequence;
        report->bad_sequence = report->next_sequence;
        report->bad_segment = result->end_segment;
        report->bad_offset = (uint64_t)result->end_slot * FORMAT_PAGE_BYTES;
    }
    return status;
}

void scan_result_deinit(struct scan_result *result)
{
    catalog_deinit(&result->catalog);
}

/* Ends the walk at a file that is none of this log's; returns `status`. */
static enum status spoil(struct scan *scan, size_t index, enum status status, const char *reason)
{
    struct journal_report *report = &scan->result->report;
    report->found = STATUS_DAMAGED;
    report->reason = reason;
    report->bad_sequence = scan->next_sequence == 0 ? 1 : scan->next_sequence;
    report->bad_segment = scan->numbers[index];
    return status;
}

static void raise_watermark(struct scan *scan, uint64_t durable_sequence)
{
    if (scan->result->watermark < durable_sequence) {
        scan->result->watermark = durable_sequence;
    }
}

/* Null when the file header fits its place in the log, else the reason why not. */
static const char *header_fault(const struct scan *scan, size_t index,
                                const struct segment_header *header)
{
    if (header->number != scan->numbers[index]) {
        return "the file header names another segment";
    }
    if (index == 0) {
        return NULL;
    }
    if (header->number != scan->numbers[index - 1] + 1) {
        return "a segment file is missing before this one";
    }
    if (header->first_sequence != scan->next_sequence ||
        memcmp(header->chain, scan->result->chain, JOURNAL_CHAIN_BYTES) != 0) {
        return "the segment does not continue the one before it";
    }
    return NULL;
}

/* Whether, by the next one's header, all of a segment is trusted: little of it will be read. */
static bool is_spared(struct scan *scan, size_t index)
{
    const struct scan_options *options = scan->options;
    const uint8_t *page = NULL;
    struct segment_header next;
    return options->trusted_sequence > 0 && !options->deep && index + 2 < scan->count &&
           pages_open(&scan->pages, &options->place, scan->numbers[index + 1], false) ==
               STATUS_OK &&
           pages_get(&scan->pages, 0, FORMAT_PAGE_BYTES, 0, &page) == STATUS_OK &&
           segment_header_decode(page, &next) == STATUS_OK &&
           next.first_sequence - 1 <= options->trusted_sequence;
}

/* Takes a segment out of the page cache; one that cannot be opened is told by who reads it. */
static enum status forget_cached(const struct scan *scan, size_t index)
{
    const struct segment_place *place = &scan->options->place;
    struct host_file *file = NULL;
    char path[HOST_PATH_BYTES_MAX];
    enum status status = segment_path(place, scan->numbers[index], false, path);
    if (status != STATUS_OK || place->disk->ops->open(place->disk, path, 0, &file) != STATUS_OK) {
        return status;
    }
    status = file->ops->let_go == NULL ? STATUS_OK : file->ops->let_go(file);
    file->ops->close(file);
    return status;
}

/* Opens a segment of the list. Whatever has its name and cannot be read as a file is damage as much
 * as one with wrong bytes; what another try may overcome is a failure. Named in both cases. */
static enum status open_segment(struct scan *scan, size_t index)
{
    bool last = index + 1 == scan->count;
    enum status status = STATUS_OK;
    if (scan->options->past_cache && !is_spared(scan, index)) {
        status = forget_cached(scan, index);
    }
    if (status == STATUS_OK) {
        status = pages_open(&scan->pages, &scan->options->place, scan->numbers[index],
                            scan->options->past_cache && last);
    }
    if (status == STATUS_INVALID || status == STATUS_NOT_FOUND) {
        return spoil(scan, index, STATUS_DAMAGED, "what has the name of a segment is no file");
    }
    if (status == STATUS_OK && last && scan->pages.dense != NULL) {
        return spoil(scan, index, STATUS_DAMAGED,
                     "the last segment is a compacted one: those behind it are missing");
    }
    return status == STATUS_OK ? STATUS_OK
                               : spoil(scan, index, status, "the segment cannot be opened");
}

/* Reads and judges page 0; `*out_header` is meaningful when the scan was not stopped. */
static enum status begin_segment(struct scan *scan, size_t index, struct segment_header *out_header)
{
    const uint8_t *page = NULL;
    enum status status = open_segment(scan, index);
    if (status != STATUS_OK) {
        return status;
    }
    size_t ahead = scan->options->trusted_sequence == 0 ? AHEAD_BYTES : 0;
    status = pages_get(&scan->pages, 0, FORMAT_PAGE_BYTES, ahead, &page);
    if (status == STATUS_TRUNCATED) {
        return stop_at(scan, index, 0, "the file is too short to be a segment");
    }
    if (status == STATUS_OK) {
        status = segment_header_decode(page, out_header);
    }
    if (status == STATUS_DAMAGED) {
        return stop_at(scan, index, 0, "the file header is damaged, or the file is no segment");
    }
    if (status == STATUS_UNSUPPORTED) {
        return spoil(scan, index, status, "it is a segment of another version of the log format");
    }
    if (status != STATUS_OK) {
        return spoil(scan, index, status, "the segment cannot be read");
    }
    if (scan->kind == 0) {
        scan->kind = out_header->kind;
        scan->shard = out_header->shard;
    }
    if (out_header->kind != scan->kind) {
        return spoil(scan, index, STATUS_MISMATCH,
                     out_header->kind == JOURNAL_COMMANDS ? "it is a segment of a commands log"
                                                          : "it is a segment of an events log");
    }
    if (out_header->shard != scan->shard) {
        return spoil(scan, index, STATUS_MISMATCH, "it is a segment of another shard");
    }
    const char *fault = header_fault(scan, index, out_header);
    if (fault != NULL) {
        bool gap = index > 0 && out_header->number == scan->numbers[index] &&
                   scan->numbers[index] != scan->numbers[index - 1] + 1;
        if (gap && out_header->first_sequence > scan->next_sequence) {
            scan->result->report.missing_last_sequence = out_header->first_sequence - 1;
        }
        return stop_at(scan, index, 0, fault);
    }
    if (index == 0) {
        scan->next_sequence = out_header->first_sequence;
        memcpy(scan->result->chain, out_header->chain, JOURNAL_CHAIN_BYTES);
    }
    raise_watermark(scan, out_header->durable_sequence);
    scan->result->used_bytes += FORMAT_PAGE_BYTES;
    scan->result->end_segment = out_header->number;
    scan->result->end_slot = 1;
    struct catalog_segment segment = {.first_sequence = out_header->first_sequence,
                                      .number = out_header->number,
                                      .segment_bytes = out_header->segment_bytes};
    return catalog_add_segment(&scan->result->catalog, &segment);
}

/* Null when the batch at `offset` is sound; else the reason. *out_header is set when sound. */
static enum status judge_batch(struct scan *scan, const struct segment_header *segment,
                               uint64_t offset, struct batch_header *out_header,
                               const char **out_fault)
{
    const uint8_t *bytes = NULL;
    struct batch_header header;
    enum status status = pages_get(&scan->pages, offset, FORMAT_PAGE_BYTES, AHEAD_BYTES, &bytes);
    if (status != STATUS_OK) {
        return status;
    }
    if (batch_header_decode(bytes, &header) != STATUS_OK) {
        *out_fault = "the batch header is damaged";
        return STATUS_OK;
    }
    if (header.segment != segment->number || header.slot != offset / FORMAT_PAGE_BYTES ||
        header.kind != scan->kind || header.shard != scan->shard ||
        header.first_sequence != scan->next_sequence) {
        *out_fault = "the batch belongs to another place";
        return STATUS_OK;
    }
    size_t count = batch_disk_bytes(header.records_bytes);
    if (count > segment->segment_bytes - offset) {
        *out_fault = "the batch is longer than its segment";
        return STATUS_OK;
    }
    status = pages_get(&scan->pages, offset, count, AHEAD_BYTES, &bytes);
    if (status == STATUS_TRUNCATED) {
        *out_fault = "the file ends inside a batch";
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out_fault = NULL;
    if (batch_body_check(&header, bytes) != STATUS_OK) {
        *out_fault = "the records or the padding of a batch are damaged";
    } else if (scan->options->deep) {
        uint8_t chain[JOURNAL_CHAIN_BYTES];
        batch_chain(scan->digest, scan->result->chain, bytes, header.records_bytes, chain);
        struct frame_batch frames = {bytes + FORMAT_BATCH_HEADER_BYTES, header.records_bytes,
                                     header.first_sequence, header.count};
        if (memcmp(chain, header.chain, JOURNAL_CHAIN_BYTES) != 0 && !PLANTED(SKIP_CHAIN)) {
            *out_fault = "the SHA-256 chain is broken";
        } else if (frame_check(&frames) != STATUS_OK) {
            *out_fault = "the frames of a batch do not fill it";
        }
    }
    *out_header = header;
    return STATUS_OK;
}

static enum status accept_batch(struct scan *scan, const struct batch_header *header)
{
    struct scan_result *result = scan->result;
    raise_watermark(scan, header->durable_sequence);
    memcpy(result->chain, header->chain, JOURNAL_CHAIN_BYTES);
    result->note = header->note;
    result->used_bytes += batch_disk_bytes(header->records_bytes);
    result->record_bytes += header->records_bytes;
    result->batches += !header->seal;
    result->report.sealed = header->seal;
    result->end_slot =
        header->slot + (uint32_t)(batch_disk_bytes(header->records_bytes) / FORMAT_PAGE_BYTES);
    scan->next_sequence += header->count;
    struct catalog_place place = {header->first_sequence, header->segment, header->slot};
    return header->seal ? STATUS_OK : catalog_add_batch(&result->catalog, &place);
}

/* From `offset` to the end of the open file: the first page that is not zero, or the file's end. */
static enum status find_nonzero(struct scan *scan, uint64_t offset, uint64_t *out_offset)
{
    enum status status = STATUS_OK;
    for (; offset < scan->pages.limit && status == STATUS_OK; offset += FORMAT_PAGE_BYTES) {
        uint64_t left = scan->pages.limit - offset;
        size_t count = left < FORMAT_PAGE_BYTES ? (size_t)left : FORMAT_PAGE_BYTES;
        const uint8_t *bytes = NULL;
        status = pages_get(&scan->pages, offset, count, AHEAD_BYTES, &bytes);
        if (status == STATUS_OK && !format_is_zero(bytes, count)) {
            break;
        }
    }
    if (status == STATUS_OK) {
        *out_offset = offset < scan->pages.limit ? offset : scan->pages.limit;
    }
    return status;
}

/* The header of the next segment, if it is sound and says that all before it is to be trusted. */
static bool next_is_trusted(struct scan *scan, size_t index, const struct segment_header *segment,
                            struct segment_header *out_next)
{
    const struct scan_options *options = scan->options;
    const uint8_t *page = NULL;
    struct segment_header next;
    if (pages_open(&scan->pages, &options->place, scan->numbers[index + 1], false) != STATUS_OK ||
        pages_get(&scan->pages, 0, FORMAT_PAGE_BYTES, 0, &page) != STATUS_OK ||
        segment_header_decode(page, &next) != STATUS_OK) {
        return false;
    }
    bool trusted = next.number == segment->number + 1 && next.number == scan->numbers[index + 1] &&
                   next.kind == scan->kind && next.shard == scan->shard &&
                   next.first_sequence > segment->first_sequence &&
                   next.first_sequence - 1 <= options->trusted_sequence;
    if (trusted) {
        *out_next = next;
    }
    return trusted;
}

/* Passes over the open segment if all of it is trusted. */
static enum status pass_over(struct scan *scan, size_t index, const struct segment_header *segment,
                             bool *out_passed)
{
    struct scan_result *result = scan->result;
    struct segment_header next;
    *out_passed = false;
    if (scan->options->trusted_sequence < segment->first_sequence || scan->options->deep ||
        index + 2 >= scan->count || scan->pages.limit != segment->segment_bytes) {
        return STATUS_OK;
    }
    if (!next_is_trusted(scan, index, segment, &next)) {
        return open_segment(scan, index);
    }
    *out_passed = true;
    scan->next_sequence = next.first_sequence;
    memcpy(result->chain, next.chain, JOURNAL_CHAIN_BYTES);
    result->used_bytes += segment->segment_bytes - FORMAT_PAGE_BYTES;
    result->segments_unread++;
    result->end_slot = segment->segment_bytes / FORMAT_PAGE_BYTES;
    result->catalog.segments[result->catalog.segment_count - 1].unread = true;
    struct catalog_place place = {segment->first_sequence, segment->number, 1};
    return catalog_add_batch(&result->catalog, &place);
}

static enum status scan_segment(struct scan *scan, size_t index)
{
    struct segment_header segment;
    enum status status = begin_segment(scan, index, &segment);
    if (status != STATUS_OK || scan->stopped) {
        return status;
    }
    bool passed = false;
    status = pass_over(scan, index, &segment, &passed);
    if (status != STATUS_OK || passed) {
        return status;
    }
    uint64_t file_bytes = scan->pages.limit;
    uint64_t readable = file_bytes < segment.segment_bytes ? file_bytes : segment.segment_bytes;
    uint64_t offset = FORMAT_PAGE_BYTES;
    const char *fault = NULL;
    while (offset + FORMAT_PAGE_BYTES <= readable) {
        struct batch_header header;
        status = judge_batch(scan, &segment, offset, &header, &fault);
        if (status == STATUS_OK && fault == NULL) {
            status = accept_batch(scan, &header);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (fault != NULL) {
            break;
        }
        offset = (uint64_t)scan->result->end_slot * FORMAT_PAGE_BYTES;
    }
    /* A zero page is no fault: it is the end, if all behind it is zero too. */
    uint64_t nonzero = 0;
    status = find_nonzero(scan, offset, &nonzero);
    if (status != STATUS_OK) {
        return status;
    }
    if (nonzero < file_bytes) {
        bool here = nonzero == offset && fault != NULL;
        return stop_at(scan, index, nonzero, here ? fault : "bytes behind the end are not zero");
    }
    if (file_bytes != segment.segment_bytes) {
        if (index + 1 < scan->count || file_bytes > segment.segment_bytes) {
            return stop_at(scan, index, file_bytes, "the file is not as long as its header says");
        }
        scan->result->end_file_short = true;
    }
    return STATUS_OK;
}

/* What the bytes behind the stop prove. */
struct survey {
    uint64_t durable_sequence; /* highest durable_sequence of a sound header */
    uint64_t first_sequence;   /* lowest first sequence of a sound batch header; 0 = none */
    uint64_t last_sequence;    /* highest last sequence of a sound batch header */
    uint64_t nonzero_bytes;
    uint64_t end_offset; /* of the non-zero bytes in the segment of the stop */
    bool header_proven;  /* a batch that was built on its predecessors being durable */
    bool continued;      /* the next segment continues exactly where the stop is */
};

static void survey_batch(struct survey *survey, const struct batch_header *header)
{
    if (survey->durable_sequence < header->durable_sequence) {
        survey->durable_sequence = header->durable_sequence;
    }
    if (header->durable_sequence + 1 == header->first_sequence) {
        survey->header_proven = true;
    }
    if (survey->first_sequence == 0 || survey->first_sequence > header->first_sequence) {
        survey->first_sequence = header->first_sequence;
    }
    if (header->count > 0 && survey->last_sequence < header->first_sequence + header->count - 1) {
        survey->last_sequence = header->first_sequence + header->count - 1;
    }
}

static void survey_page(struct scan *scan, uint32_t number, uint64_t offset, const uint8_t *page,
                        struct survey *survey)
{
    struct segment_header segment;
    struct batch_header batch;
    if (offset == 0 && segment_header_decode(page, &segment) == STATUS_OK &&
        segment.number == number && segment.kind == scan->kind && segment.shard == scan->shard) {
        if (survey->durable_sequence < segment.durable_sequence) {
            survey->durable_sequence = segment.durable_sequence;
        }
        survey->continued = survey->continued ||
                            (segment.first_sequence == scan->next_sequence &&
                             memcmp(segment.chain, scan->result->chain, JOURNAL_CHAIN_BYTES) == 0);
    }
    if (offset > 0 && batch_header_decode(page, &batch) == STATUS_OK && batch.segment == number &&
        batch.slot == offset / FORMAT_PAGE_BYTES && (scan->kind == 0 || batch.kind == scan->kind)) {
        survey_batch(survey, &batch);
    }
}

static enum status survey_segment(struct scan *scan, size_t index, uint64_t offset, bool stop_here,
                                  struct survey *survey)
{
    uint64_t at = offset - offset % FORMAT_PAGE_BYTES;
    while (at < scan->pages.limit) {
        uint64_t left = scan->pages.limit - at;
        size_t count = left < FORMAT_PAGE_BYTES ? (size_t)left : FORMAT_PAGE_BYTES;
        const uint8_t *page = NULL;
        enum status status = pages_get(&scan->pages, at, count, AHEAD_BYTES, &page);
        if (status != STATUS_OK) {
            return status;
        }
        if (!format_is_zero(page, count)) {
            size_t end = 0;
            survey->nonzero_bytes += format_count_nonzero(page, count, &end);
            if (stop_here) {
                survey->end_offset = at + end;
            }
            if (count == FORMAT_PAGE_BYTES) {
                survey_page(scan, scan->numbers[index], at, page, survey);
            }
        }
        at += count;
    }
    return STATUS_OK;
}

/* Ends the walk at `offset` of segment `index`: looks at everything behind, decides, reports. */
static enum status stop_at(struct scan *scan, size_t index, uint64_t offset, const char *reason)
{
    struct survey survey = {0};
    enum status status = survey_segment(scan, index, offset, true, &survey);
    for (size_t i = index + 1; i < scan->count && status == STATUS_OK; i++) {
        status = open_segment(scan, i);
        if (status == STATUS_OK) {
            status = survey_segment(scan, i, 0, false, &survey);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (scan->next_sequence == 0) {
        /* The first file of all begins at 1; of a log whose beginning was dropped, who knows. */
        bool first = scan->numbers[0] == 1 || survey.first_sequence == 0;
        scan->next_sequence = first ? 1 : survey.first_sequence;
    }
    uint64_t proven = survey.durable_sequence > scan->options->proven_sequence
                          ? survey.durable_sequence
                          : scan->options->proven_sequence;
    /* A file header is on stable storage before its file gets its name (the first one always, the
     * others with ack = fsync), so a damaged one under a batch that says so was not torn. */
    bool header_lost = offset == 0 && (index == 0 || survey.header_proven);
    bool damaged = proven >= scan->next_sequence || survey.continued || header_lost;
    damaged = damaged && !PLANTED(CUT_PROVEN);
    struct journal_report *report = &scan->result->report;
    report->found = damaged ? STATUS_DAMAGED : STATUS_TRUNCATED;
    report->reason = reason;
    report->bad_sequence = scan->next_sequence;
    report->bad_segment = scan->numbers[index];
    report->bad_offset = offset;
    report->bad_end_offset = survey.end_offset;
    report->nonzero_bytes = survey.nonzero_bytes;
    report->cut_last_sequence =
        survey.last_sequence >= scan->next_sequence ? survey.last_sequence : 0;
    report->proven_sequence = survey.durable_sequence;
    scan->stopped = true;
    return STATUS_OK;
}

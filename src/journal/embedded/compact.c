/* SPDX-License-Identifier: Apache-2.0
 *
 * One finished segment becomes a dense one. Nothing is lost by a crash: the new file is complete,
 * read back and on stable storage before it is renamed over the old one.
 */
#include "journal/embedded/dense.h"
#include "journal/embedded/embedded.h"
#include "journal/frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOCK_NAME   "COMPACT"
#define AHEAD_BYTES ((size_t)1 << 19)

struct compacting {
    struct journal_compaction *compaction;
    struct segment_place place;
    struct pages pages;  /* of the old file */
    struct pages second; /* of the next one's header, then of the new file */
    struct host_digest *digest;
    struct segment_header segment;
    struct segment_header next;
};

static enum status damaged(struct compacting *compacting, const char *reason)
{
    compacting->compaction->reason = reason;
    return STATUS_DAMAGED;
}

static enum status read_header(struct pages *pages, struct segment_header *out_header)
{
    const uint8_t *page = NULL;
    enum status status = pages_get(pages, 0, FORMAT_PAGE_BYTES, 0, &page);
    return status == STATUS_OK ? segment_header_decode(page, out_header) : status;
}

/* One batch: its place, its records, the chain. */
static enum status check_batch(struct compacting *compacting, uint64_t offset,
                               uint64_t *next_sequence, uint8_t chain[JOURNAL_CHAIN_BYTES],
                               uint64_t *out_offset)
{
    struct pages *pages = &compacting->pages;
    const struct segment_header *segment = &compacting->segment;
    const uint8_t *bytes = NULL;
    struct batch_header header;
    enum status status = pages_get(pages, offset, FORMAT_PAGE_BYTES, AHEAD_BYTES, &bytes);
    if (status != STATUS_OK) {
        return status;
    }
    if (batch_header_decode(bytes, &header) != STATUS_OK) {
        return format_is_zero(bytes, FORMAT_PAGE_BYTES)
                   ? STATUS_END
                   : damaged(compacting, "a batch header is damaged");
    }
    size_t count = batch_disk_bytes(header.records_bytes);
    bool here = header.segment == segment->number && header.slot == offset / FORMAT_PAGE_BYTES &&
                header.kind == segment->kind && header.shard == segment->shard &&
                header.first_sequence == *next_sequence && count <= pages->limit - offset;
    if (!here) {
        return damaged(compacting, "a batch belongs to another place");
    }
    status = pages_get(pages, offset, count, AHEAD_BYTES, &bytes);
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t made[JOURNAL_CHAIN_BYTES];
    batch_chain(compacting->digest, chain, bytes, header.records_bytes, made);
    if (batch_body_check(&header, bytes) != STATUS_OK ||
        memcmp(made, header.chain, JOURNAL_CHAIN_BYTES) != 0) {
        return damaged(compacting, "the records of a batch, or the chain, are damaged");
    }
    memcpy(chain, made, JOURNAL_CHAIN_BYTES);
    *next_sequence += header.count;
    *out_offset = offset + count;
    return STATUS_OK;
}

/* All of the old file is what the next one's header says it is: damage is not to be made dense. */
static enum status check_segment(struct compacting *compacting)
{
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    uint64_t next_sequence = compacting->segment.first_sequence;
    uint64_t offset = FORMAT_PAGE_BYTES;
    memcpy(chain, compacting->segment.chain, JOURNAL_CHAIN_BYTES);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && offset < compacting->pages.limit) {
        status = check_batch(compacting, offset, &next_sequence, chain, &offset);
    }
    while (status == STATUS_END && offset < compacting->pages.limit) {
        const uint8_t *bytes = NULL;
        status = pages_get(&compacting->pages, offset, FORMAT_PAGE_BYTES, AHEAD_BYTES, &bytes);
        if (status == STATUS_OK) {
            status = format_is_zero(bytes, FORMAT_PAGE_BYTES)
                         ? STATUS_END
                         : damaged(compacting, "bytes behind the end are not zero");
        }
        offset += FORMAT_PAGE_BYTES;
    }
    if (status != STATUS_OK && status != STATUS_END) {
        return status;
    }
    bool continued = next_sequence == compacting->next.first_sequence &&
                     memcmp(chain, compacting->next.chain, JOURNAL_CHAIN_BYTES) == 0;
    return continued ? STATUS_OK : damaged(compacting, "the next segment does not continue it");
}

/* The new file gives, byte for byte, what the old one does. */
static enum status compare(struct compacting *compacting)
{
    struct pages *old = &compacting->pages;
    struct pages *new = &compacting->second;
    if (new->dense == NULL || new->limit != old->limit) {
        return STATUS_MISMATCH;
    }
    for (uint64_t offset = 0; offset < old->limit; offset += FORMAT_PAGE_BYTES) {
        const uint8_t *a = NULL;
        const uint8_t *b = NULL;
        enum status status = pages_get(old, offset, FORMAT_PAGE_BYTES, AHEAD_BYTES, &a);
        if (status == STATUS_OK) {
            status = pages_get(new, offset, FORMAT_PAGE_BYTES, AHEAD_BYTES, &b);
        }
        if (status == STATUS_OK && memcmp(a, b, FORMAT_PAGE_BYTES) != 0) {
            status = STATUS_MISMATCH;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status replace(struct compacting *compacting, const char *path, const char *new_path)
{
    struct journal_compaction *compaction = compacting->compaction;
    struct host_disk *disk = compaction->disk;
    struct host_file *file = NULL;
    uint64_t file_bytes = 0;
    enum status status = disk->ops->remove(disk, new_path);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        status = disk->ops->open(disk, new_path, HOST_OPEN_WRITE | HOST_OPEN_CREATE, &file);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = dense_write(&compacting->pages, file, &file_bytes);
    file->ops->close(file);
    if (status == STATUS_OK) {
        status = pages_open_file(&compacting->second, disk, new_path, false);
    }
    if (status == STATUS_OK) {
        status = compare(compacting);
    }
    if (status == STATUS_OK && file_bytes < compacting->pages.limit) {
        status = disk->ops->rename(disk, new_path, path);
        compaction->segments++;
        compaction->bytes_before += compacting->pages.limit;
        compaction->bytes_after += file_bytes;
    } else {
        enum status removed = disk->ops->remove(disk, new_path);
        status = status == STATUS_OK ? removed : status;
    }
    return status == STATUS_OK ? disk->ops->sync_directory(disk, compaction->directory) : status;
}

/* `number` is followed by two more. OK: it was compacted, or is; END: it is not to be yet. */
static enum status compact_one(struct compacting *compacting, uint32_t number)
{
    char path[HOST_PATH_BYTES_MAX];
    char new_path[HOST_PATH_BYTES_MAX];
    enum status status = pages_open(&compacting->pages, &compacting->place, number, false);
    if (status != STATUS_OK || compacting->pages.dense != NULL) {
        return status;
    }
    status = read_header(&compacting->pages, &compacting->segment);
    if (status == STATUS_OK) {
        status = pages_open(&compacting->second, &compacting->place, number + 1, false);
    }
    if (status == STATUS_OK) {
        status = read_header(&compacting->second, &compacting->next);
    }
    if (status != STATUS_OK) {
        return status == STATUS_DAMAGED ? damaged(compacting, "a file header is damaged") : status;
    }
    if (compacting->next.first_sequence - 1 > compacting->compaction->through_sequence) {
        return STATUS_END;
    }
    bool fits = compacting->segment.number == number && compacting->next.number == number + 1 &&
                compacting->pages.limit == compacting->segment.segment_bytes;
    status = fits ? check_segment(compacting) : damaged(compacting, "the file header is another's");
    if (status == STATUS_OK) {
        status = segment_path(&compacting->place, number, false, path);
    }
    int length = snprintf(new_path, sizeof new_path, "%s/%08" PRIu32 ".compacting",
                          compacting->place.directory, number);
    if (status == STATUS_OK && (length < 0 || (size_t)length >= sizeof new_path)) {
        status = STATUS_OVERFLOW;
    }
    return status == STATUS_OK ? replace(compacting, path, new_path) : status;
}

/* The first number from `from` on that two more follow; 0: none. */
static enum status find_number(const struct segment_place *place, uint32_t from,
                               uint32_t *out_number)
{
    uint32_t *numbers = NULL;
    size_t count = 0;
    enum status status = segment_list(place, false, &numbers, &count);
    *out_number = 0;
    for (size_t i = 0; status == STATUS_OK && i + 2 < count && *out_number == 0; i++) {
        *out_number = numbers[i] >= from ? numbers[i] : 0;
    }
    free(numbers);
    return status;
}

static enum status compact_next(struct compacting *compacting)
{
    struct journal_compaction *compaction = compacting->compaction;
    uint32_t before = compaction->segments;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && compaction->segments == before) {
        uint32_t number = 0;
        status = find_number(&compacting->place, compaction->next_number, &number);
        if (status == STATUS_OK && number == 0) {
            status = STATUS_END;
        }
        if (status == STATUS_OK) {
            compaction->next_number = number;
            status = compact_one(compacting, number);
        }
        if (status == STATUS_OK) {
            compaction->next_number = number + 1;
        }
    }
    return status;
}

enum status journal_embedded_compact(struct journal_compaction *compaction)
{
    struct compacting compacting = {.compaction = compaction,
                                    .place = {compaction->disk, compaction->directory}};
    struct host_file *lock = NULL;
    char path[HOST_PATH_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/" LOCK_NAME, compaction->directory);
    if (length < 0 || (size_t)length >= sizeof path) {
        return STATUS_OVERFLOW;
    }
    enum status status = compaction->disk->ops->lock(compaction->disk, path, &lock);
    if (status != STATUS_OK) {
        return status;
    }
    status = pages_init(&compacting.pages);
    if (status == STATUS_OK) {
        status = pages_init(&compacting.second);
    }
    if (status == STATUS_OK) {
        status = host_digest_open(&compacting.digest);
    }
    if (status == STATUS_OK) {
        status = compact_next(&compacting);
    }
    host_digest_close(compacting.digest);
    pages_deinit(&compacting.pages);
    pages_deinit(&compacting.second);
    lock->ops->close(lock);
    return status;
}

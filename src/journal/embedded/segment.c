/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/segment.h"

#include "base/planted.h"
#include "host/clock.h"
#include "journal/embedded/dense.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ZERO_CHUNK_BYTES ((size_t)512 << 10) /* some 0.1 ms of a processor */
#define ZERO_PAUSE_NS    200000
#define PAGES_CAPACITY   (2 * JOURNAL_BATCH_BYTES_MAX)
#define SUFFIX_DIGITS    8
#define SUFFIX           ".segment"
#define SUFFIX_NEW       ".segment.new"

enum status segment_path(const struct segment_place *place, uint32_t number, bool new_file,
                         char out_path[HOST_PATH_BYTES_MAX])
{
    int length = snprintf(out_path, HOST_PATH_BYTES_MAX, "%s/%08" PRIu32 "%s", place->directory,
                          number, new_file ? SUFFIX_NEW : SUFFIX);
    return length > 0 && (size_t)length < HOST_PATH_BYTES_MAX ? STATUS_OK : STATUS_OVERFLOW;
}

struct listing {
    uint32_t *numbers;
    size_t count;
    size_t capacity;
    const char *suffix;
    enum status status;
};

/* Eight digits and a suffix; anything else in the directory is not ours. 0 = not a segment. */
static uint32_t number_of_name(const char *name, const char *suffix)
{
    uint64_t number = 0;
    for (int i = 0; i < SUFFIX_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10 + (uint64_t)(name[i] - '0');
    }
    return strcmp(name + SUFFIX_DIGITS, suffix) == 0 ? (uint32_t)number : 0;
}

static bool on_name(void *context, const char *name)
{
    struct listing *listing = context;
    uint32_t number = number_of_name(name, listing->suffix);
    if (number == 0) {
        return true;
    }
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity == 0 ? 64 : listing->capacity * 2;
        uint32_t *numbers = realloc(listing->numbers, capacity * sizeof *numbers);
        if (numbers == NULL) {
            listing->status = STATUS_NO_MEMORY;
            return false;
        }
        listing->numbers = numbers;
        listing->capacity = capacity;
    }
    listing->numbers[listing->count++] = number;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

enum status segment_list(const struct segment_place *place, bool new_files, uint32_t **out_numbers,
                         size_t *out_count)
{
    struct listing listing = {.suffix = new_files ? SUFFIX_NEW : SUFFIX};
    enum status status = place->disk->ops->list(place->disk, place->directory, on_name, &listing);
    if (status == STATUS_OK) {
        status = listing.status;
    }
    if (status != STATUS_OK) {
        free(listing.numbers);
        return status;
    }
    if (listing.count > 1) {
        qsort(listing.numbers, listing.count, sizeof *listing.numbers, by_number);
    }
    *out_numbers = listing.numbers;
    *out_count = listing.count;
    return STATUS_OK;
}

enum status segment_zero(struct host_file *file, uint64_t from, uint64_t to,
                         const _Atomic bool *hurry)
{
    uint64_t left = to - from;
    size_t chunk = left < ZERO_CHUNK_BYTES ? (size_t)left : ZERO_CHUNK_BYTES;
    if (chunk == 0) {
        return STATUS_OK;
    }
    uint8_t *zeros = aligned_alloc(FORMAT_PAGE_BYTES, bytes_align_up(chunk, FORMAT_PAGE_BYTES));
    if (zeros == NULL) {
        return STATUS_NO_MEMORY;
    }
    memset(zeros, 0, chunk);
    enum status status = STATUS_OK;
    for (uint64_t at = from; at < to && status == STATUS_OK; at += chunk) {
        size_t count = to - at < chunk ? (size_t)(to - at) : chunk;
        status = file->ops->write_at(file, at, zeros, count);
        if (hurry != NULL && !atomic_load_explicit(hurry, memory_order_relaxed)) {
            host_clock_sleep_until(host_clock_monotonic_ns() + ZERO_PAUSE_NS);
        }
    }
    free(zeros);
    return status;
}

static enum status write_header(struct host_file *file, const struct segment_header *header)
{
    uint8_t *page = aligned_alloc(FORMAT_PAGE_BYTES, FORMAT_PAGE_BYTES);
    if (page == NULL) {
        return STATUS_NO_MEMORY;
    }
    segment_header_encode(header, page);
    enum status status = file->ops->write_at(file, 0, page, FORMAT_PAGE_BYTES);
    free(page);
    return status;
}

void segment_map(struct host_file *file)
{
    if (file->ops->map != NULL) {
        enum status status = file->ops->map(file);
        (void)status; /* writes are calls then, and nothing is wrong */
    }
}

enum status segment_prepare(const struct segment_place *place, const struct segment_birth *birth,
                            struct host_file **out_file)
{
    char path[HOST_PATH_BYTES_MAX];
    struct host_file *file = NULL;
    uint64_t bytes = birth->header.segment_bytes;
    unsigned flags = HOST_OPEN_WRITE | HOST_OPEN_CREATE | (birth->direct ? HOST_OPEN_DIRECT : 0u);
    enum status status = segment_path(place, birth->header.number, true, path);
    if (status == STATUS_OK) {
        status = place->disk->ops->open(place->disk, path, flags, &file);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = birth->write_zeros ? segment_zero(file, 0, bytes, birth->hurry)
                                : file->ops->resize(file, bytes);
    if (status == STATUS_OK && birth->write_zeros && birth->sync) {
        status = file->ops->sync(file);
    }
    if (status != STATUS_OK) {
        file->ops->close(file);
        return status;
    }
    if (birth->map) {
        segment_map(file);
    }
    *out_file = file;
    return STATUS_OK;
}

enum status segment_finish(const struct segment_place *place, const struct segment_birth *birth,
                           struct host_file *file)
{
    struct host_disk *disk = place->disk;
    char new_path[HOST_PATH_BYTES_MAX];
    char path[HOST_PATH_BYTES_MAX];
    enum status status = write_header(file, &birth->header);
    if (status == STATUS_OK && birth->sync) {
        status = file->ops->sync(file);
    }
    if (status == STATUS_OK) {
        status = segment_path(place, birth->header.number, true, new_path);
    }
    if (status == STATUS_OK) {
        status = segment_path(place, birth->header.number, false, path);
    }
    if (status == STATUS_OK) {
        status = disk->ops->rename(disk, new_path, path);
    }
    if (status == STATUS_OK && birth->sync && !PLANTED(NAME_NOT_SYNCED)) {
        status = disk->ops->sync_directory(disk, place->directory);
    }
    return status;
}

enum status segment_remove_new(const struct segment_place *place, uint32_t number)
{
    char path[HOST_PATH_BYTES_MAX];
    enum status status = segment_path(place, number, true, path);
    if (status == STATUS_OK) {
        status = place->disk->ops->remove(place->disk, path);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status segment_remove(const struct segment_place *place, uint32_t number)
{
    char path[HOST_PATH_BYTES_MAX];
    enum status status = segment_path(place, number, false, path);
    return status == STATUS_OK ? place->disk->ops->remove(place->disk, path) : status;
}

enum status pages_init(struct pages *pages)
{
    *pages = (struct pages){.capacity = PAGES_CAPACITY};
    pages->buffer = aligned_alloc(FORMAT_PAGE_BYTES, PAGES_CAPACITY);
    return pages->buffer == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status pages_open(struct pages *pages, const struct segment_place *place, uint32_t number,
                       bool direct)
{
    pages_close(pages);
    char path[HOST_PATH_BYTES_MAX];
    enum status status = segment_path(place, number, false, path);
    return status == STATUS_OK ? pages_open_file(pages, place->disk, path, direct) : status;
}

enum status pages_open_file(struct pages *pages, struct host_disk *disk, const char *path,
                            bool direct)
{
    pages_close(pages);
    struct host_file *file = NULL;
    enum status status = disk->ops->open(disk, path, direct ? HOST_OPEN_DIRECT : 0u, &file);
    uint64_t bytes = 0;
    if (status == STATUS_OK) {
        status = file->ops->size(file, &bytes);
        if (status != STATUS_OK) {
            file->ops->close(file);
        }
    }
    if (status == STATUS_OK) {
        pages->file = file;
        pages->limit = bytes;
        status = dense_open(file, bytes, &pages->dense);
    }
    if (status != STATUS_OK) {
        pages_close(pages);
    } else if (pages->dense != NULL) {
        pages->limit = dense_segment_bytes(pages->dense);
    }
    return status;
}

/* The blocks that hold [offset, offset + wanted), unpacked into the buffer. */
static enum status get_dense(struct pages *pages, uint64_t offset, size_t wanted,
                             const uint8_t **out_bytes)
{
    uint64_t from = offset - offset % DENSE_BLOCK_BYTES;
    size_t most = pages->capacity - DENSE_BLOCK_BYTES;
    uint64_t to = offset + (wanted < most ? wanted : most);
    size_t count = 0;
    pages->count = 0;
    enum status status = dense_read(pages->dense, from, to, pages->buffer, pages->capacity, &count);
    if (status == STATUS_OK) {
        pages->offset = from;
        pages->count = count;
        *out_bytes = pages->buffer + (offset - from);
    }
    return status;
}

enum status pages_get(struct pages *pages, uint64_t offset, size_t count, size_t ahead,
                      const uint8_t **out_bytes)
{
    if (offset > pages->limit || count > pages->limit - offset) {
        return STATUS_TRUNCATED;
    }
    ASSERT(count <= pages->capacity);
    uint64_t end = pages->offset + pages->count;
    if (offset < pages->offset || offset + count > end) {
        uint64_t left = pages->limit - offset;
        size_t wanted = count + ahead < pages->capacity ? count + ahead : pages->capacity;
        wanted = left < wanted ? (size_t)left : wanted;
        if (pages->dense != NULL) {
            return get_dense(pages, offset, wanted, out_bytes);
        }
        size_t got = 0;
        pages->count = 0;
        enum status status = pages->file->ops->read_at(
            pages->file, offset, pages->buffer, bytes_align_up(wanted, FORMAT_PAGE_BYTES), &got);
        if (status != STATUS_OK) {
            return status;
        }
        pages->offset = offset;
        /* The read was rounded up to a page; what lies above the limit is not to be seen. */
        pages->count = got < wanted ? got : wanted;
        if (pages->count < count) {
            return STATUS_TRUNCATED;
        }
    }
    *out_bytes = pages->buffer + (offset - pages->offset);
    return STATUS_OK;
}

void pages_close(struct pages *pages)
{
    if (pages->file != NULL) {
        pages->file->ops->close(pages->file);
    }
    dense_close(pages->dense);
    pages->dense = NULL;
    pages->file = NULL;
    pages->count = 0;
    pages->limit = 0;
}

void pages_deinit(struct pages *pages)
{
    pages_close(pages);
    free(pages->buffer);
    *pages = (struct pages){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/dense.h"

#include "base/assert.h"
#include "base/crc32c.h"
#include "host/zstd.h"

#include <stdlib.h>

#define MAGIC         UINT64_C(0x5a474c414d494a44) /* "DJIMALGZ" */
#define VERSION       1u
#define AT_CRC        8u /* over 12 to 4095 */
#define AT_VERSION    12u
#define AT_SEGMENT    16u
#define AT_BLOCK      20u
#define AT_COUNT      24u
#define AT_TABLE_CRC  28u
#define AT_FILE_BYTES 32u
#define AT_REST       40u
#define ENTRY_BYTES   8u
#define LEVEL         3 /* of zstd: its default */

struct dense {
    struct host_file *file;
    struct host_unzstd *unzstd;
    uint8_t *table;    /* as in the file */
    uint64_t *offsets; /* of each frame, and the end */
    uint8_t *packed;
    size_t packed_capacity;
    uint32_t segment_bytes;
    uint32_t count;
};

struct head {
    uint64_t file_bytes;
    uint32_t segment_bytes;
    uint32_t count;
    uint32_t table_crc;
};

static uint32_t blocks_of(uint32_t segment_bytes)
{
    return (segment_bytes + DENSE_BLOCK_BYTES - 1) / DENSE_BLOCK_BYTES;
}

static size_t table_bytes_of(uint32_t count)
{
    return bytes_align_up((size_t)count * ENTRY_BYTES, FORMAT_PAGE_BYTES);
}

static size_t block_bytes_of(uint32_t segment_bytes, uint32_t block)
{
    uint32_t left = segment_bytes - block * DENSE_BLOCK_BYTES;
    return left < DENSE_BLOCK_BYTES ? left : DENSE_BLOCK_BYTES;
}

static void head_encode(const struct head *head, uint8_t page[FORMAT_PAGE_BYTES])
{
    memset(page, 0, FORMAT_PAGE_BYTES);
    bytes_store_le64(page, MAGIC);
    bytes_store_le32(page + AT_VERSION, VERSION);
    bytes_store_le32(page + AT_SEGMENT, head->segment_bytes);
    bytes_store_le32(page + AT_BLOCK, DENSE_BLOCK_BYTES);
    bytes_store_le32(page + AT_COUNT, head->count);
    bytes_store_le32(page + AT_TABLE_CRC, head->table_crc);
    bytes_store_le64(page + AT_FILE_BYTES, head->file_bytes);
    bytes_store_le32(page + AT_CRC, crc32c(0, page + AT_VERSION, FORMAT_PAGE_BYTES - AT_VERSION));
}

static enum status head_decode(const uint8_t page[FORMAT_PAGE_BYTES], uint64_t file_bytes,
                               struct head *out_head)
{
    if (bytes_load_le32(page + AT_CRC) !=
        crc32c(0, page + AT_VERSION, FORMAT_PAGE_BYTES - AT_VERSION)) {
        return STATUS_DAMAGED;
    }
    if (bytes_load_le32(page + AT_VERSION) != VERSION) {
        return STATUS_UNSUPPORTED;
    }
    struct head head = {.file_bytes = bytes_load_le64(page + AT_FILE_BYTES),
                        .segment_bytes = bytes_load_le32(page + AT_SEGMENT),
                        .count = bytes_load_le32(page + AT_COUNT),
                        .table_crc = bytes_load_le32(page + AT_TABLE_CRC)};
    bool sound = head.segment_bytes >= FORMAT_SEGMENT_BYTES_MIN &&
                 head.segment_bytes <= FORMAT_SEGMENT_BYTES_MAX &&
                 head.segment_bytes % FORMAT_PAGE_BYTES == 0 &&
                 bytes_load_le32(page + AT_BLOCK) == DENSE_BLOCK_BYTES &&
                 head.count == blocks_of(head.segment_bytes) && head.file_bytes == file_bytes &&
                 format_is_zero(page + AT_REST, FORMAT_PAGE_BYTES - AT_REST);
    if (!sound) {
        return STATUS_DAMAGED;
    }
    *out_head = head;
    return STATUS_OK;
}

static enum status read_exactly(struct host_file *file, uint64_t offset, void *bytes, size_t count)
{
    size_t got = 0;
    enum status status = file->ops->read_at(file, offset, bytes, count, &got);
    return status == STATUS_OK && got != count ? STATUS_DAMAGED : status;
}

/* Where each frame is; they fill the file to its end. */
static enum status place_frames(struct dense *dense, uint64_t file_bytes)
{
    uint64_t at = FORMAT_PAGE_BYTES + table_bytes_of(dense->count);
    size_t most = host_zstd_most(DENSE_BLOCK_BYTES);
    for (uint32_t i = 0; i < dense->count; i++) {
        uint32_t bytes = bytes_load_le32(dense->table + (size_t)i * ENTRY_BYTES);
        if (bytes == 0 || bytes > most) {
            return STATUS_DAMAGED;
        }
        dense->offsets[i] = at;
        at += bytes;
    }
    dense->offsets[dense->count] = at;
    size_t used = (size_t)dense->count * ENTRY_BYTES;
    bool sound = at == file_bytes &&
                 format_is_zero(dense->table + used, table_bytes_of(dense->count) - used);
    return sound ? STATUS_OK : STATUS_DAMAGED;
}

static enum status read_table(struct dense *dense, const struct head *head)
{
    size_t bytes = table_bytes_of(head->count);
    dense->segment_bytes = head->segment_bytes;
    dense->count = head->count;
    dense->packed_capacity = host_zstd_most(DENSE_BLOCK_BYTES);
    dense->table = aligned_alloc(FORMAT_PAGE_BYTES, bytes);
    dense->offsets = calloc((size_t)head->count + 1, sizeof *dense->offsets);
    dense->packed = malloc(dense->packed_capacity);
    if (dense->table == NULL || dense->offsets == NULL || dense->packed == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = read_exactly(dense->file, FORMAT_PAGE_BYTES, dense->table, bytes);
    if (status == STATUS_OK && crc32c(0, dense->table, bytes) != head->table_crc) {
        status = STATUS_DAMAGED;
    }
    if (status == STATUS_OK) {
        status = place_frames(dense, head->file_bytes);
    }
    return status == STATUS_OK ? host_unzstd_open(&dense->unzstd) : status;
}

enum status dense_open(struct host_file *file, uint64_t file_bytes, struct dense **out_dense)
{
    *out_dense = NULL;
    if (file->direct || file_bytes < FORMAT_PAGE_BYTES) {
        return STATUS_OK; /* what is written to is never compacted */
    }
    uint8_t magic[8];
    enum status status = read_exactly(file, 0, magic, sizeof magic);
    if (status != STATUS_OK || bytes_load_le64(magic) != MAGIC) {
        return status == STATUS_DAMAGED ? STATUS_OK : status;
    }
    uint8_t *page = aligned_alloc(FORMAT_PAGE_BYTES, FORMAT_PAGE_BYTES);
    struct dense *dense = calloc(1, sizeof *dense);
    struct head head;
    status = page == NULL || dense == NULL ? STATUS_NO_MEMORY
                                           : read_exactly(file, 0, page, FORMAT_PAGE_BYTES);
    if (status == STATUS_OK) {
        status = head_decode(page, file_bytes, &head);
    }
    if (status == STATUS_OK) {
        dense->file = file;
        status = read_table(dense, &head);
    }
    free(page);
    if (status != STATUS_OK) {
        dense_close(dense);
        return status;
    }
    *out_dense = dense;
    return STATUS_OK;
}

uint32_t dense_segment_bytes(const struct dense *dense)
{
    return dense->segment_bytes;
}

static enum status read_block(struct dense *dense, uint32_t block, uint8_t *out_bytes)
{
    uint64_t offset = dense->offsets[block];
    size_t packed = (size_t)(dense->offsets[block + 1] - offset);
    uint32_t crc = bytes_load_le32(dense->table + (size_t)block * ENTRY_BYTES + 4);
    enum status status = read_exactly(dense->file, offset, dense->packed, packed);
    if (status == STATUS_OK && crc32c(0, dense->packed, packed) != crc) {
        status = STATUS_DAMAGED;
    }
    return status == STATUS_OK ? host_unzstd_frame(dense->unzstd, dense->packed, packed, out_bytes,
                                                   block_bytes_of(dense->segment_bytes, block))
                               : status;
}

enum status dense_read(struct dense *dense, uint64_t from, uint64_t to, uint8_t *out_bytes,
                       size_t capacity, size_t *out_count)
{
    ASSERT(from % DENSE_BLOCK_BYTES == 0);
    if (to > dense->segment_bytes) {
        return STATUS_DAMAGED; /* the header inside names another size */
    }
    size_t count = 0;
    uint32_t block = (uint32_t)(from / DENSE_BLOCK_BYTES);
    while (from + count < to) {
        size_t bytes = block_bytes_of(dense->segment_bytes, block);
        if (bytes > capacity - count) {
            break;
        }
        enum status status = read_block(dense, block, out_bytes + count);
        if (status != STATUS_OK) {
            return status;
        }
        count += bytes;
        block++;
    }
    *out_count = count;
    return STATUS_OK;
}

void dense_close(struct dense *dense)
{
    if (dense != NULL) {
        host_unzstd_close(dense->unzstd);
        free(dense->table);
        free(dense->offsets);
        free(dense->packed);
        free(dense);
    }
}

/* What dense_write needs all the time. */
struct writing {
    struct pages *pages;
    struct host_file *file;
    struct host_zstd *zstd;
    uint8_t *table;
    uint8_t *packed;
    size_t packed_capacity;
    struct head head;
};

static enum status write_blocks(struct writing *writing)
{
    uint64_t at = FORMAT_PAGE_BYTES + table_bytes_of(writing->head.count);
    for (uint32_t i = 0; i < writing->head.count; i++) {
        const uint8_t *bytes = NULL;
        size_t count = block_bytes_of(writing->head.segment_bytes, i);
        size_t packed = 0;
        enum status status = pages_get(writing->pages, (uint64_t)i * DENSE_BLOCK_BYTES, count,
                                       DENSE_BLOCK_BYTES * 8, &bytes);
        if (status == STATUS_OK) {
            status = host_zstd_frame(writing->zstd, bytes, count, writing->packed,
                                     writing->packed_capacity, &packed);
        }
        if (status == STATUS_OK) {
            status = writing->file->ops->write_at(writing->file, at, writing->packed, packed);
        }
        if (status != STATUS_OK) {
            return status;
        }
        uint8_t *entry = writing->table + (size_t)i * ENTRY_BYTES;
        bytes_store_le32(entry, (uint32_t)packed);
        bytes_store_le32(entry + 4, crc32c(0, writing->packed, packed));
        at += packed;
    }
    writing->head.file_bytes = at;
    return STATUS_OK;
}

static enum status write_all(struct writing *writing)
{
    uint8_t page[FORMAT_PAGE_BYTES];
    size_t table_bytes = table_bytes_of(writing->head.count);
    struct host_file *file = writing->file;
    enum status status = write_blocks(writing);
    if (status == STATUS_OK) {
        writing->head.table_crc = crc32c(0, writing->table, table_bytes);
        head_encode(&writing->head, page);
        status = file->ops->write_at(file, FORMAT_PAGE_BYTES, writing->table, table_bytes);
    }
    if (status == STATUS_OK) {
        status = file->ops->write_at(file, 0, page, sizeof page);
    }
    return status == STATUS_OK ? file->ops->sync(file) : status;
}

enum status dense_write(struct pages *pages, struct host_file *file, uint64_t *out_file_bytes)
{
    struct writing writing = {.pages = pages,
                              .file = file,
                              .packed_capacity = host_zstd_most(DENSE_BLOCK_BYTES),
                              .head.segment_bytes = (uint32_t)pages->limit};
    writing.head.count = blocks_of(writing.head.segment_bytes);
    writing.table = calloc(1, table_bytes_of(writing.head.count));
    writing.packed = malloc(writing.packed_capacity);
    enum status status = writing.table == NULL || writing.packed == NULL
                             ? STATUS_NO_MEMORY
                             : host_zstd_open(LEVEL, &writing.zstd);
    if (status == STATUS_OK) {
        status = write_all(&writing);
    }
    if (status == STATUS_OK) {
        *out_file_bytes = writing.head.file_bytes;
    }
    host_zstd_close(writing.zstd);
    free(writing.table);
    free(writing.packed);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a compacted segment: opening and reading it never crash, and no read gives more than
 * the segment's size.
 *
 * The input: one byte of switches, then the file; with switch 1 instead two bytes (pages of the
 * segment), then for each block two bytes of length and the frame, around which head, table and
 * CRCs are made to fit, so that mutations reach the unpacking.
 */
#include "base/assert.h"
#include "base/crc32c.h"
#include "host/sim/disk.h"
#include "journal/embedded/dense.h"

#include <stdlib.h>

#define FILE_MOST  ((size_t)1 << 20)
#define SWITCH_FIT 1u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns the bytes of the file; the fields are where log-format.md says. */
static size_t fit(const uint8_t *data, size_t size, uint8_t *file)
{
    uint32_t pages = size >= 2 ? bytes_load_le16(data) % 128u : 0;
    uint32_t segment_bytes = (pages + 4) * FORMAT_PAGE_BYTES;
    uint32_t count = (segment_bytes + DENSE_BLOCK_BYTES - 1) / DENSE_BLOCK_BYTES;
    size_t at = (size_t)2 * FORMAT_PAGE_BYTES;
    size_t in = size >= 2 ? 2 : size;
    for (uint32_t i = 0; i < count; i++) {
        size_t wanted = size - in >= 2 ? bytes_load_le16(data + in) : 0;
        in += size - in >= 2 ? 2 : 0;
        size_t given = wanted < size - in ? wanted : size - in;
        memcpy(file + at, data + in, given);
        uint8_t *entry = file + FORMAT_PAGE_BYTES + (size_t)i * 8;
        bytes_store_le32(entry, (uint32_t)given);
        bytes_store_le32(entry + 4, crc32c(0, file + at, given));
        at += given;
        in += given;
    }
    memcpy(file, "DJIMALGZ", 8);
    bytes_store_le32(file + 12, 1);
    bytes_store_le32(file + 16, segment_bytes);
    bytes_store_le32(file + 20, DENSE_BLOCK_BYTES);
    bytes_store_le32(file + 24, count);
    bytes_store_le32(file + 28, crc32c(0, file + FORMAT_PAGE_BYTES, FORMAT_PAGE_BYTES));
    bytes_store_le64(file + 32, at);
    bytes_store_le32(file + 8, crc32c(0, file + 12, FORMAT_PAGE_BYTES - 12));
    return at;
}

static void read_all(struct host_disk *disk)
{
    struct pages pages;
    const uint8_t *bytes = NULL;
    enum status status = pages_init(&pages);
    ASSERT(status == STATUS_OK);
    status = pages_open_file(&pages, disk, "d/a", false);
    if (status == STATUS_OK) {
        uint64_t limit = pages.limit;
        for (uint64_t offset = 0; offset + FORMAT_PAGE_BYTES <= limit;
             offset += FORMAT_PAGE_BYTES * 7) {
            size_t ahead = (size_t)(offset % 3) * 100000;
            if (pages_get(&pages, offset, FORMAT_PAGE_BYTES, ahead, &bytes) == STATUS_OK) {
                ASSERT(bytes >= pages.buffer &&
                       bytes + FORMAT_PAGE_BYTES <= pages.buffer + pages.capacity);
            }
        }
    }
    pages_deinit(&pages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[FILE_MOST + 65536];
    if (size < 1 || size > FILE_MOST / 2) {
        return 0;
    }
    memset(file, 0, sizeof file);
    size_t bytes = size - 1;
    if ((data[0] & SWITCH_FIT) != 0) {
        bytes = fit(data + 1, size - 1, file);
    } else {
        memcpy(file, data + 1, size - 1);
    }
    struct sim_disk disk;
    sim_disk_init(&disk, 1);
    enum status status = disk.base.ops->make_directory(&disk.base, "d");
    ASSERT(status == STATUS_OK);
    status = sim_disk_put(&disk, "d/a", file, bytes);
    ASSERT(status == STATUS_OK);
    read_all(&disk.base);
    sim_disk_deinit(&disk);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a snapshot file: it is refused, or its head and both runs of bytes are read.
 *
 * The input is a file without its emptiness: one byte of switches, 320 bytes of the head's page,
 * and the rest of the file from byte 4096 on. Switches: 1 = make the CRCs fit, so that mutations
 * reach the code behind them; 2 = fill the file with zeros up to the length its head asks for.
 */
#include "base/assert.h"
#include "base/crc32c.h"
#include "host/sim/disk.h"
#include "snapshot/format.h"

#include <stdlib.h>

#define HEAD_PART   320u
#define FILE_MOST   ((size_t)1 << 18)
#define SWITCH_CRC  1u
#define SWITCH_FILL 2u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The CRC fields are where snapshot-format.md says. */
static void fit_crcs(uint8_t *file, const struct snapshot_layout *layout)
{
    uint64_t blocks = layout->state_blocks + layout->streams_blocks;
    for (uint64_t i = 0; i < blocks; i++) {
        const uint8_t *block = file + SNAPSHOT_PAGE_BYTES + i * SNAPSHOT_BLOCK_BYTES;
        bytes_store_le32(file + layout->table_offset + i * 4,
                         crc32c(0, block, SNAPSHOT_BLOCK_BYTES));
    }
    bytes_store_le32(file + 240,
                     crc32c(0, file + layout->table_offset, (size_t)layout->table_bytes));
}

static void read_all(struct sim_disk *disk, uint64_t number)
{
    struct snapshot_folder folder = {&disk->base, "data"};
    struct snapshot_head head;
    struct snapshot_image image;
    enum status of_head = snapshot_read_head(&folder, number, &head);
    for (unsigned hashes = 0; hashes < 2; hashes++) {
        if (snapshot_read(&folder, number, hashes != 0, &image) == STATUS_OK) {
            ASSERT(of_head == STATUS_OK && image.head.commands.sequence == number);
            ASSERT(image.head.state_bytes <= image.state.count &&
                   image.head.streams_bytes <= image.streams.count);
            snapshot_image_close(&image);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[FILE_MOST];
    if (size < 1 + HEAD_PART || size > FILE_MOST - SNAPSHOT_PAGE_BYTES) {
        return 0;
    }
    memset(file, 0, sizeof file);
    memcpy(file, data + 1, HEAD_PART);
    size_t behind = size - 1 - HEAD_PART;
    memcpy(file + SNAPSHOT_PAGE_BYTES, data + 1 + HEAD_PART, behind);
    size_t bytes = SNAPSHOT_PAGE_BYTES + behind;
    uint64_t state_bytes = bytes_load_le64(file + 160);
    uint64_t streams_bytes = bytes_load_le64(file + 168);
    bool small = state_bytes < FILE_MOST / 2 && streams_bytes < FILE_MOST / 2;
    struct snapshot_layout layout = {0};
    if (small) {
        layout = snapshot_layout_of(state_bytes, streams_bytes);
    }
    if (small && layout.file_bytes <= FILE_MOST && (data[0] & SWITCH_FILL) != 0) {
        bytes = (size_t)layout.file_bytes;
    }
    if (small && layout.file_bytes <= bytes && (data[0] & SWITCH_CRC) != 0) {
        fit_crcs(file, &layout);
    }
    if ((data[0] & SWITCH_CRC) != 0) {
        bytes_store_le32(file + 8, crc32c(0, file + 12, SNAPSHOT_PAGE_BYTES - 12));
    }
    struct sim_disk disk;
    sim_disk_init(&disk, 1);
    uint64_t number = bytes_load_le64(file + 48);
    struct snapshot_folder folder = {&disk.base, "data"};
    char path[HOST_PATH_BYTES_MAX];
    enum status status = snapshot_path(&folder, number, false, path);
    ASSERT(status == STATUS_OK);
    status = disk.base.ops->make_directory(&disk.base, "data");
    ASSERT(status == STATUS_OK);
    status = disk.base.ops->make_directory(&disk.base, "data/snapshots");
    ASSERT(status == STATUS_OK);
    status = sim_disk_put(&disk, path, file, bytes);
    ASSERT(status == STATUS_OK);
    read_all(&disk, number);
    sim_disk_deinit(&disk);
    return 0;
}

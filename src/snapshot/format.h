/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of a snapshot file, drawn in docs/reference/snapshot-format.md:
 *
 *     0        4096
 *     +--------+----------------------+----------------------+-----------------+
 *     | head   | state, in blocks     | streams, in blocks   | CRC of each     |
 *     | 4096   | of 16 KiB            | of 16 KiB            | block, u32      |
 *     +--------+----------------------+----------------------+-----------------+
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: DAMAGED, UNSUPPORTED.
 * Order of calls: any.
 */
#ifndef DOJIMA_SNAPSHOT_FORMAT_H
#define DOJIMA_SNAPSHOT_FORMAT_H

#include "base/bytes.h"
#include "snapshot/snapshot.h"

#define SNAPSHOT_PAGE_BYTES  HOST_DISK_PAGE_BYTES
#define SNAPSHOT_BLOCK_BYTES 16384u

/* What stands in the head's page besides the head. */
struct snapshot_page {
    struct snapshot_head head;
    uint32_t table_crc; /* of the table with its padding */
};

/* Sizes and offsets that follow from the lengths of the two runs of bytes. */
struct snapshot_layout {
    uint64_t state_blocks;
    uint64_t streams_blocks;
    uint64_t table_offset;
    uint64_t table_bytes; /* with padding */
    uint64_t file_bytes;
};

struct snapshot_layout snapshot_layout_of(uint64_t state_bytes, uint64_t streams_bytes);

void snapshot_page_encode(const struct snapshot_page *page, uint8_t bytes[SNAPSHOT_PAGE_BYTES]);
MUST_USE enum status snapshot_page_decode(const uint8_t bytes[SNAPSHOT_PAGE_BYTES],
                                          struct snapshot_page *out_page);

/* "DIRECTORY/snapshots/00000000000000001234.snapshot", or ".new" while it is being made. */
MUST_USE enum status snapshot_path(const struct snapshot_folder *folder, uint64_t sequence,
                                   bool new_file, char out_path[HOST_PATH_BYTES_MAX]);

/* The number in a file's name; 0: it is none of ours. */
uint64_t snapshot_number_of(const char *name, bool new_file);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A compacted segment: the bytes of a finished segment file in blocks of 64 KiB, each a zstd frame.
 * It has the name of the segment that it stands for and reads as the same bytes, padding and all,
 * so batch headers, places and the chain are what they were. docs/reference/log-format.md draws it.
 *
 *     0        4096
 *     +--------+---------------------------+---------+---------+-----
 *     | head   | bytes and CRC of each     | frame   | frame   | ...
 *     |        | frame, zeros to 4096n     |         |         |
 *     +--------+---------------------------+---------+---------+-----
 *
 * Owner: the pages that read it; the compactor. Threads: one. Memory: the table, one packed block.
 * Errors: DAMAGED, UNSUPPORTED (a version above ours), NO_MEMORY, those of the disk.
 * Order of calls: dense_open, dense_read..., dense_close; dense_write alone.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_DENSE_H
#define DOJIMA_JOURNAL_EMBEDDED_DENSE_H

#include "journal/embedded/segment.h"

#define DENSE_BLOCK_BYTES 65536u

/* Null in *out_dense: the file is a plain segment, or nothing at all. */
MUST_USE enum status dense_open(struct host_file *file, uint64_t file_bytes,
                                struct dense **out_dense);

/* Of the segment that it stands for. */
uint32_t dense_segment_bytes(const struct dense *dense);

/* Unpacks whole blocks from `from`, a multiple of a block, until `to` is reached or `capacity` is
 * filled; *out_count bytes. */
MUST_USE enum status dense_read(struct dense *dense, uint64_t from, uint64_t to, uint8_t *out_bytes,
                                size_t capacity, size_t *out_count);

/* Null is accepted. */
void dense_close(struct dense *dense);

/* Writes what `pages` reads, a plain segment from its first byte to its end, into an empty file,
 * and syncs it. */
MUST_USE enum status dense_write(struct pages *pages, struct host_file *file,
                                 uint64_t *out_file_bytes);

#endif

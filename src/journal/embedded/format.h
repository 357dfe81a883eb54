/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of the embedded log: docs/reference/log-format.md draws them. A segment file is a
 * header page, then batches, each beginning on a page, then zeros to the end of the file.
 *
 *     page 0          page 1 ...
 *     +--------------+--------+---------------+-------+--------+---------+-----+---------------+
 *     | file header  | batch  | frames        | zeros | batch  | frames  | 0   | 0 0 0 0 0 ... |
 *     | 4096         | header |               |       | header |         |     |               |
 *     +--------------+--------+---------------+-------+--------+---------+-----+---------------+
 *                    slot 1                           slot n
 *
 * Owner: nobody. Threads: any. Memory: the caller's.
 * Errors: DAMAGED, UNSUPPORTED (a version above ours). Order of calls: any.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_FORMAT_H
#define DOJIMA_JOURNAL_EMBEDDED_FORMAT_H

#include "host/digest.h"
#include "host/disk.h"
#include "journal/journal.h"

#define FORMAT_VERSION            1u
#define FORMAT_PAGE_BYTES         HOST_DISK_PAGE_BYTES
#define FORMAT_BATCH_HEADER_BYTES 128u
#define FORMAT_SEGMENT_BYTES_MIN  (16u * 1024)
#define FORMAT_SEGMENT_BYTES_MAX  (256u * 1024 * 1024)
#define FORMAT_FRAME_BYTES_MIN    16u

struct segment_header {
    uint64_t first_sequence;
    uint64_t durable_sequence; /* on stable storage when the file was made */
    uint32_t number;
    uint32_t segment_bytes;
    uint16_t shard;
    uint8_t kind;                       /* enum journal_kind */
    uint8_t chain[JOURNAL_CHAIN_BYTES]; /* of the batch before */
};

struct batch_header {
    uint64_t first_sequence;
    uint64_t durable_sequence; /* on stable storage when the batch was built */
    struct journal_note note;
    uint32_t count;
    uint32_t records_bytes;
    uint32_t body_crc; /* of the records */
    uint32_t segment;
    uint32_t slot; /* page of the segment file */
    uint16_t shard;
    uint8_t kind;
    bool seal; /* the closing batch of a clean stop: no records */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
};

void segment_header_encode(const struct segment_header *header, uint8_t page[FORMAT_PAGE_BYTES]);
MUST_USE enum status segment_header_decode(const uint8_t page[FORMAT_PAGE_BYTES],
                                           struct segment_header *out_header);

void batch_header_encode(const struct batch_header *header,
                         uint8_t bytes[FORMAT_BATCH_HEADER_BYTES]);
MUST_USE enum status batch_header_decode(const uint8_t bytes[FORMAT_BATCH_HEADER_BYTES],
                                         struct batch_header *out_header);

/* What a batch with that many bytes of records takes on disk. */
static inline size_t batch_disk_bytes(size_t records_bytes)
{
    return bytes_align_up(FORMAT_BATCH_HEADER_BYTES + records_bytes, FORMAT_PAGE_BYTES);
}

/* The records match the header's CRC and the rest of the last page is zero. `batch` holds
 * batch_disk_bytes(header->records_bytes). */
MUST_USE enum status batch_body_check(const struct batch_header *header, const uint8_t *batch);

/* The chain value of a batch: SHA-256 over the value before, the header's bytes 64 to 127 and the
 * records. `batch` holds the encoded header (its chain may still be open) and the records. */
void batch_chain(struct host_digest *digest, const uint8_t previous[JOURNAL_CHAIN_BYTES],
                 const uint8_t *batch, uint32_t records_bytes,
                 uint8_t out_chain[JOURNAL_CHAIN_BYTES]);

/* Number of non-zero bytes; *out_end is one above the last of them, untouched when there is none.
 */
size_t format_count_nonzero(const uint8_t *bytes, size_t count, size_t *out_end);

bool format_is_zero(const uint8_t *bytes, size_t count);

#endif

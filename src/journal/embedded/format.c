/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/embedded/format.h"

#include "base/crc32c.h"
#include "base/planted.h"

#define SEGMENT_MAGIC 0x474f4c414d494a44u /* "DJIMALOG" */
#define BATCH_MAGIC   0x31424a44u         /* "DJB1" */
#define FLAG_SEAL     1u
#define SEQUENCE_MAX  (UINT64_MAX / 2)
#define CHAIN_FROM    64u /* the chain covers the header from here on */
#define RECORDS_MAX   (JOURNAL_BATCH_BYTES_MAX - FORMAT_BATCH_HEADER_BYTES)

/* Offsets in the segment header; the rest of the page is zero. */
enum {
    SEGMENT_AT_MAGIC = 0,
    SEGMENT_AT_CRC = 8, /* over everything from 12 to the end of the page */
    SEGMENT_AT_VERSION = 12,
    SEGMENT_AT_NUMBER = 16,
    SEGMENT_AT_BYTES = 20,
    SEGMENT_AT_FIRST = 24,
    SEGMENT_AT_CHAIN = 32,
    SEGMENT_AT_DURABLE = 64,
    SEGMENT_AT_KIND = 72,
    SEGMENT_AT_SHARD = 74,
    SEGMENT_AT_REST = 76,
};

/* Offsets in the batch header. */
enum {
    BATCH_AT_MAGIC = 0,
    BATCH_AT_CRC = 4, /* over 8 to 127 */
    BATCH_AT_BODY_CRC = 8,
    BATCH_AT_SEGMENT = 12,
    BATCH_AT_SLOT = 16,
    BATCH_AT_SHARD = 20,
    BATCH_AT_KIND = 22,
    BATCH_AT_FLAGS = 23,
    BATCH_AT_DURABLE = 24,
    BATCH_AT_CHAIN = 32,
    BATCH_AT_FIRST = 64,
    BATCH_AT_COUNT = 72,
    BATCH_AT_RECORDS_BYTES = 76,
    BATCH_AT_RUNNING_HASH = 80,
    BATCH_AT_PROVEN = 88,
    BATCH_AT_REST = 96,
};

void segment_header_encode(const struct segment_header *header, uint8_t page[FORMAT_PAGE_BYTES])
{
    memset(page, 0, FORMAT_PAGE_BYTES);
    bytes_store_le64(page + SEGMENT_AT_MAGIC, SEGMENT_MAGIC);
    bytes_store_le32(page + SEGMENT_AT_VERSION, FORMAT_VERSION);
    bytes_store_le32(page + SEGMENT_AT_NUMBER, header->number);
    bytes_store_le32(page + SEGMENT_AT_BYTES, header->segment_bytes);
    bytes_store_le64(page + SEGMENT_AT_FIRST, header->first_sequence);
    memcpy(page + SEGMENT_AT_CHAIN, header->chain, JOURNAL_CHAIN_BYTES);
    bytes_store_le64(page + SEGMENT_AT_DURABLE, header->durable_sequence);
    page[SEGMENT_AT_KIND] = header->kind;
    bytes_store_le16(page + SEGMENT_AT_SHARD, header->shard);
    bytes_store_le32(page + SEGMENT_AT_CRC,
                     crc32c(0, page + SEGMENT_AT_VERSION, FORMAT_PAGE_BYTES - SEGMENT_AT_VERSION));
}

enum status segment_header_decode(const uint8_t page[FORMAT_PAGE_BYTES],
                                  struct segment_header *out_header)
{
    if (bytes_load_le64(page + SEGMENT_AT_MAGIC) != SEGMENT_MAGIC ||
        bytes_load_le32(page + SEGMENT_AT_CRC) !=
            crc32c(0, page + SEGMENT_AT_VERSION, FORMAT_PAGE_BYTES - SEGMENT_AT_VERSION)) {
        return STATUS_DAMAGED;
    }
    if (bytes_load_le32(page + SEGMENT_AT_VERSION) != FORMAT_VERSION) {
        return STATUS_UNSUPPORTED;
    }
    struct segment_header header = {
        .first_sequence = bytes_load_le64(page + SEGMENT_AT_FIRST),
        .durable_sequence = bytes_load_le64(page + SEGMENT_AT_DURABLE),
        .number = bytes_load_le32(page + SEGMENT_AT_NUMBER),
        .segment_bytes = bytes_load_le32(page + SEGMENT_AT_BYTES),
        .shard = bytes_load_le16(page + SEGMENT_AT_SHARD),
        .kind = page[SEGMENT_AT_KIND],
    };
    memcpy(header.chain, page + SEGMENT_AT_CHAIN, JOURNAL_CHAIN_BYTES);
    bool sound = header.number > 0 && header.first_sequence > 0 &&
                 header.first_sequence <= SEQUENCE_MAX &&
                 header.durable_sequence < header.first_sequence &&
                 header.segment_bytes >= FORMAT_SEGMENT_BYTES_MIN &&
                 header.segment_bytes <= FORMAT_SEGMENT_BYTES_MAX &&
                 header.segment_bytes % FORMAT_PAGE_BYTES == 0 &&
                 (header.kind == JOURNAL_COMMANDS || header.kind == JOURNAL_EVENTS) &&
                 page[SEGMENT_AT_KIND + 1] == 0 &&
                 format_is_zero(page + SEGMENT_AT_REST, FORMAT_PAGE_BYTES - SEGMENT_AT_REST);
    if (!sound) {
        return STATUS_DAMAGED;
    }
    *out_header = header;
    return STATUS_OK;
}

void batch_header_encode(const struct batch_header *header,
                         uint8_t bytes[FORMAT_BATCH_HEADER_BYTES])
{
    memset(bytes, 0, FORMAT_BATCH_HEADER_BYTES);
    bytes_store_le32(bytes + BATCH_AT_MAGIC, BATCH_MAGIC);
    bytes_store_le32(bytes + BATCH_AT_BODY_CRC, header->body_crc);
    bytes_store_le32(bytes + BATCH_AT_SEGMENT, header->segment);
    bytes_store_le32(bytes + BATCH_AT_SLOT, header->slot);
    bytes_store_le16(bytes + BATCH_AT_SHARD, header->shard);
    bytes[BATCH_AT_KIND] = header->kind;
    bytes[BATCH_AT_FLAGS] = header->seal ? FLAG_SEAL : 0;
    bytes_store_le64(bytes + BATCH_AT_DURABLE, header->durable_sequence);
    memcpy(bytes + BATCH_AT_CHAIN, header->chain, JOURNAL_CHAIN_BYTES);
    bytes_store_le64(bytes + BATCH_AT_FIRST, header->first_sequence);
    bytes_store_le32(bytes + BATCH_AT_COUNT, header->count);
    bytes_store_le32(bytes + BATCH_AT_RECORDS_BYTES, header->records_bytes);
    bytes_store_le64(bytes + BATCH_AT_RUNNING_HASH, header->note.running_hash);
    bytes_store_le64(bytes + BATCH_AT_PROVEN, header->note.proven_sequence);
    bytes_store_le32(bytes + BATCH_AT_CRC, crc32c(0, bytes + BATCH_AT_BODY_CRC,
                                                  FORMAT_BATCH_HEADER_BYTES - BATCH_AT_BODY_CRC));
}

enum status batch_header_decode(const uint8_t bytes[FORMAT_BATCH_HEADER_BYTES],
                                struct batch_header *out_header)
{
    if (bytes_load_le32(bytes + BATCH_AT_MAGIC) != BATCH_MAGIC ||
        bytes_load_le32(bytes + BATCH_AT_CRC) !=
            crc32c(0, bytes + BATCH_AT_BODY_CRC, FORMAT_BATCH_HEADER_BYTES - BATCH_AT_BODY_CRC)) {
        return STATUS_DAMAGED;
    }
    struct batch_header header = {
        .first_sequence = bytes_load_le64(bytes + BATCH_AT_FIRST),
        .durable_sequence = bytes_load_le64(bytes + BATCH_AT_DURABLE),
        .note = {.running_hash = bytes_load_le64(bytes + BATCH_AT_RUNNING_HASH),
                 .proven_sequence = bytes_load_le64(bytes + BATCH_AT_PROVEN)},
        .count = bytes_load_le32(bytes + BATCH_AT_COUNT),
        .records_bytes = bytes_load_le32(bytes + BATCH_AT_RECORDS_BYTES),
        .body_crc = bytes_load_le32(bytes + BATCH_AT_BODY_CRC),
        .segment = bytes_load_le32(bytes + BATCH_AT_SEGMENT),
        .slot = bytes_load_le32(bytes + BATCH_AT_SLOT),
        .shard = bytes_load_le16(bytes + BATCH_AT_SHARD),
        .kind = bytes[BATCH_AT_KIND],
        .seal = bytes[BATCH_AT_FLAGS] == FLAG_SEAL,
    };
    memcpy(header.chain, bytes + BATCH_AT_CHAIN, JOURNAL_CHAIN_BYTES);
    bool counts = header.seal ? header.count == 0 && header.records_bytes == 0
                              : header.count > 0 && header.records_bytes % 8 == 0 &&
                                    header.records_bytes <= RECORDS_MAX &&
                                    header.count <= header.records_bytes / FORMAT_FRAME_BYTES_MIN;
    bool sound = counts && bytes[BATCH_AT_FLAGS] <= FLAG_SEAL && header.first_sequence > 0 &&
                 header.first_sequence <= SEQUENCE_MAX &&
                 header.durable_sequence < header.first_sequence &&
                 format_is_zero(bytes + BATCH_AT_REST, FORMAT_BATCH_HEADER_BYTES - BATCH_AT_REST);
    if (!sound) {
        return STATUS_DAMAGED;
    }
    *out_header = header;
    return STATUS_OK;
}

enum status batch_body_check(const struct batch_header *header, const uint8_t *batch)
{
    const uint8_t *records = batch + FORMAT_BATCH_HEADER_BYTES;
    size_t used = FORMAT_BATCH_HEADER_BYTES + header->records_bytes;
    bool sound = crc32c(0, records, header->records_bytes) == header->body_crc &&
                 format_is_zero(batch + used, batch_disk_bytes(header->records_bytes) - used);
    return sound || PLANTED(BAD_CRC) ? STATUS_OK : STATUS_DAMAGED;
}

void batch_chain(struct host_digest *digest, const uint8_t previous[JOURNAL_CHAIN_BYTES],
                 const uint8_t *batch, uint32_t records_bytes,
                 uint8_t out_chain[JOURNAL_CHAIN_BYTES])
{
    host_digest_begin(digest);
    host_digest_add(digest, previous, JOURNAL_CHAIN_BYTES);
    /* The last half of the header and the records behind it are one run of bytes. */
    host_digest_add(digest, batch + CHAIN_FROM,
                    FORMAT_BATCH_HEADER_BYTES - CHAIN_FROM + records_bytes);
    host_digest_end(digest, out_chain);
}

bool format_is_zero(const uint8_t *bytes, size_t count)
{
    uint64_t any = 0;
    size_t at = 0;
    for (; at + 64 <= count; at += 64) {
        for (size_t i = 0; i < 64; i += 8) {
            any |= bytes_load_le64(bytes + at + i);
        }
        if (any != 0) {
            return false;
        }
    }
    for (; at < count; at++) {
        any |= bytes[at];
    }
    return any == 0;
}

size_t format_count_nonzero(const uint8_t *bytes, size_t count, size_t *out_end)
{
    size_t nonzero = 0;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0) {
            nonzero++;
            *out_end = i + 1;
        }
    }
    return nonzero;
}

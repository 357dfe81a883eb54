/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a log: scanning, verifying, reading and repairing never crash, and what opening for
 * writing accepts it can go on with and reopen.
 *
 * The input is a log without its emptiness: one byte of switches, then 128 bytes for each file
 * header page and 256 for each further page, the rest of the page zero. Switches: 1 = make the CRCs
 * fit, so that mutations reach the code behind them; 2 = the second half of the pages is a second
 * segment.
 */
#include "base/crc32c.h"
#include "host/sim/disk.h"
#include "journal/embedded/embedded.h"
#include "journal/embedded/format.h"

#define PAGES_MAX    16u
#define HEADER_PART  128u
#define PAGE_PART    256u
#define SWITCH_CRC   1u
#define SWITCH_SPLIT 2u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Spreads the input over whole pages; returns how many. */
static size_t lay_out(const uint8_t *bytes, size_t count, uint8_t *out_pages)
{
    size_t pages = 0;
    while (count > 0 && pages < PAGES_MAX) {
        size_t part = pages == 0 ? HEADER_PART : PAGE_PART;
        part = part < count ? part : count;
        memcpy(out_pages + pages * FORMAT_PAGE_BYTES, bytes, part);
        bytes += part;
        count -= part;
        pages++;
    }
    return pages;
}

/* The CRC fields are where log-format.md says. */
static void fit_crcs(uint8_t *segment, size_t pages)
{
    if (pages == 0) {
        return;
    }
    bytes_store_le32(segment + 8, crc32c(0, segment + 12, FORMAT_PAGE_BYTES - 12));
    for (size_t i = 1; i < pages; i++) {
        uint8_t *batch = segment + i * FORMAT_PAGE_BYTES;
        size_t records_bytes = bytes_load_le32(batch + 76);
        if (records_bytes <= (pages - i) * FORMAT_PAGE_BYTES - FORMAT_BATCH_HEADER_BYTES) {
            bytes_store_le32(batch + 8,
                             crc32c(0, batch + FORMAT_BATCH_HEADER_BYTES, records_bytes));
        }
        bytes_store_le32(batch + 4, crc32c(0, batch + 8, FORMAT_BATCH_HEADER_BYTES - 8));
    }
}

static void read_all(struct journal *journal)
{
    struct journal_cursor records = journal_cursor_at(1);
    struct journal_cursor headers = journal_cursor_at(1);
    struct journal_stat stat;
    journal_stat(journal, &stat);
    records.next_sequence = headers.next_sequence = stat.first_sequence;
    struct journal_entry entries[64];
    size_t read = 1;
    uint8_t sum = 0;
    while (journal_poll(journal, &records, entries, ARRAY_COUNT(entries), &read) == STATUS_OK &&
           read > 0) {
        for (size_t i = 0; i < read; i++) {
            for (uint32_t k = 0; k < entries[i].body_bytes; k++) {
                sum ^= entries[i].body[k];
            }
        }
    }
    volatile uint8_t sink = sum; /* so that the bytes are really read */
    (void)sink;
    struct journal_batch batch;
    while (journal_poll_batch(journal, &headers, &batch) == STATUS_OK) {
    }
    journal_cursor_close(journal, &records);
    journal_cursor_close(journal, &headers);
}

static void write_on(struct sim_disk *disk, uint8_t kind, uint16_t shard)
{
    struct journal_options options = {
        .kind = kind, .shard = shard, .segment_bytes = 16 * 1024, .batch_bytes = 8 * 1024};
    struct journal_report report;
    struct journal *journal = NULL;
    if (journal_embedded_open(&disk->base, "log", &options, &report, &journal) != STATUS_OK) {
        return;
    }
    uint64_t sequence = journal->next_sequence;
    for (int i = 0; i < 12; i++) {
        uint8_t *body = journal_reserve(journal, 1000);
        ASSERT(body != NULL);
        memset(body, 0xa5, 1000);
        ASSERT(journal_append(journal, i, 1000) == sequence + (uint64_t)i);
        struct journal_note note = {0};
        ASSERT(journal_commit(journal, &note) == STATUS_OK);
    }
    read_all(journal);
    ASSERT(journal_close(journal, true) == STATUS_OK);
    ASSERT(journal_embedded_open(&disk->base, "log", &options, &report, &journal) == STATUS_OK);
    ASSERT(report.found == STATUS_OK && report.sealed && report.next_sequence == sequence + 12);
    ASSERT(journal_close(journal, true) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static uint8_t segment[PAGES_MAX * FORMAT_PAGE_BYTES];
    if (count == 0) {
        return 0;
    }
    memset(segment, 0, sizeof segment);
    uint8_t switches = bytes[0];
    size_t pages = lay_out(bytes + 1, count - 1, segment);
    size_t first = (switches & SWITCH_SPLIT) != 0 ? pages / 2 : pages;
    uint8_t *second = segment + first * FORMAT_PAGE_BYTES;
    if ((switches & SWITCH_CRC) != 0) {
        fit_crcs(segment, first);
        fit_crcs(second, pages - first);
    }
    struct sim_disk disk;
    sim_disk_init(&disk, 1);
    ASSERT(sim_disk_put(&disk, "log/00000001.segment", segment, first * FORMAT_PAGE_BYTES) ==
           STATUS_OK);
    if (first < pages) {
        ASSERT(sim_disk_put(&disk, "log/00000002.segment", second,
                            (pages - first) * FORMAT_PAGE_BYTES) == STATUS_OK);
    }
    struct journal_report report;
    enum status verified = journal_embedded_verify(&disk.base, "log", 0, &report);
    ASSERT(verified != STATUS_OK || report.found == STATUS_OK);
    uint8_t kind = segment[72] == JOURNAL_EVENTS ? JOURNAL_EVENTS : JOURNAL_COMMANDS;
    uint16_t shard = bytes_load_le16(segment + 74);
    struct journal_options options = {.kind = kind, .shard = shard, .read_only = true};
    struct journal *journal = NULL;
    if (journal_embedded_open(&disk.base, "log", &options, &report, &journal) == STATUS_OK) {
        read_all(journal);
        ASSERT(journal_close(journal, false) == STATUS_OK);
    }
    write_on(&disk, kind, shard);
    sim_disk_deinit(&disk);
    return 0;
}

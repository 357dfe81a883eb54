/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a compacted log is the log it was: same records, batches, chain and end, for readers,
 * verify and a writer that goes on; damage is never compacted, every bit of a compacted file is
 * under a check, and a crash or an error while it is made costs nothing. Method: logs of many small
 * segments on the simulated disk; every bit of a compacted one turned over; a crash and an error at
 * each disk call.
 */
#include "host/sim/disk.h"
#include "journal/embedded/dense.h"
#include "journal/embedded/embedded.h"
#include "journal/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIRECTORY     "log"
#define SEGMENT_BYTES (192u * 1024) /* three blocks */

static void write_log(struct sim_disk *disk, unsigned batches, bool seal)
{
    struct journal_options options = {
        .kind = JOURNAL_EVENTS, .shard = 3, .segment_bytes = SEGMENT_BYTES};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal),
                     STATUS_OK);
    for (unsigned i = 0; i < batches; i++) {
        for (unsigned k = 0; k < 60 && pattern_append(journal); k++) {
        }
        assert_int_equal(pattern_commit(journal), STATUS_OK);
    }
    assert_int_equal(journal_close(journal, seal), STATUS_OK);
}

static struct journal *open_log(struct sim_disk *disk)
{
    struct journal_options options = {.kind = JOURNAL_EVENTS, .shard = 3, .read_only = true};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal),
                     STATUS_OK);
    assert_int_equal(report.found, STATUS_OK);
    return journal;
}

static enum status compact(struct sim_disk *disk, uint64_t through,
                           struct journal_compaction *out_compaction)
{
    *out_compaction = (struct journal_compaction){
        .disk = &disk->base, .directory = DIRECTORY, .through_sequence = through};
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = journal_embedded_compact(out_compaction);
    }
    return status == STATUS_END ? STATUS_OK : status;
}

/* One number for the whole log: records, batch headers, end. */
static uint64_t hash_of(struct sim_disk *disk)
{
    struct journal *journal = open_log(disk);
    struct journal_cursor records = journal_cursor_at(1);
    struct journal_cursor headers = journal_cursor_at(1);
    struct journal_entry entries[64];
    struct journal_batch batch;
    struct journal_stat stat;
    size_t count = 1;
    journal_stat(journal, &stat);
    uint64_t hash = stat.next_sequence;
    while (count > 0) {
        assert_int_equal(journal_poll(journal, &records, entries, ARRAY_COUNT(entries), &count),
                         STATUS_OK);
        for (size_t i = 0; i < count; i++) {
            assert_true(pattern_matches(&entries[i]));
        }
    }
    assert_int_equal(records.next_sequence, stat.next_sequence);
    while (journal_poll_batch(journal, &headers, &batch) == STATUS_OK) {
        hash = hash_mix64(hash ^ batch.first_sequence) + batch.offset + batch.segment;
        hash = hash_mix64(hash ^ bytes_load_le64(batch.chain)) + batch.count;
    }
    assert_int_equal(headers.next_sequence, stat.next_sequence);
    hash = hash_mix64(hash ^ bytes_load_le64(stat.chain)) + stat.note.running_hash;
    journal_cursor_close(journal, &records);
    journal_cursor_close(journal, &headers);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    return hash;
}

static void a_compacted_log_is_the_log_it_was(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_compaction compaction;
    struct journal_report report;
    sim_disk_init(&disk, 3);
    write_log(&disk, 120, true);
    uint64_t before = hash_of(&disk);
    struct journal *journal = open_log(&disk);
    uint64_t last = journal->next_sequence - 1;
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    /* Step by step: nothing above what is known durable. */
    uint32_t done = 0;
    for (uint64_t through = 0; through < last + 1000; through += 500) {
        assert_int_equal(compact(&disk, through, &compaction), STATUS_OK);
        done += compaction.segments;
        assert_true(compaction.segments == 0 || compaction.bytes_after < compaction.bytes_before);
        assert_int_equal(hash_of(&disk), before);
        assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, last, &report), STATUS_OK);
        assert_true(report.sealed);
    }
    assert_true(done >= 4);
    assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
    assert_int_equal(compaction.segments, 0);
    /* It goes on, and what becomes old then is compacted too. */
    write_log(&disk, 60, false);
    before = hash_of(&disk);
    assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
    assert_true(compaction.segments > 0);
    assert_int_equal(hash_of(&disk), before);
    assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, last, &report), STATUS_OK);
    sim_disk_deinit(&disk);
}

static void scattered_reads_are_right(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_compaction compaction;
    sim_disk_init(&disk, 3);
    write_log(&disk, 120, true);
    assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
    struct journal *journal = open_log(&disk);
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[4];
    for (uint64_t i = 0; i < 2000; i++) {
        size_t count = 0;
        cursor.next_sequence = hash_mix64(i) % (journal->next_sequence - 1) + 1;
        assert_int_equal(journal_poll(journal, &cursor, entries, 4, &count), STATUS_OK);
        assert_true(count > 0 && pattern_matches(&entries[0]) &&
                    pattern_matches(&entries[count - 1]));
    }
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    sim_disk_deinit(&disk);
}

static void every_bit_of_a_compacted_segment_counts(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_compaction compaction;
    struct journal_report report;
    sim_disk_init(&disk, 3);
    write_log(&disk, 40, true);
    assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
    assert_true(compaction.segments >= 1);
    const char *path = DIRECTORY "/00000001.segment";
    uint64_t bits = sim_disk_file_bytes(&disk, path) * 8;
    for (uint64_t bit = 0; bit < bits; bit += bit < 80 * 8 ? 1 : 17) {
        sim_disk_flip(&disk, path, bit);
        enum status status = journal_embedded_verify(&disk.base, DIRECTORY, 0, &report);
        if (status != STATUS_DAMAGED && status != STATUS_UNSUPPORTED) {
            fail_msg("bit %llu was not found", (unsigned long long)bit);
        }
        assert_int_equal(report.bad_segment, 1);
        assert_non_null(report.reason);
        sim_disk_flip(&disk, path, bit);
    }
    assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, 0, &report), STATUS_OK);
    sim_disk_deinit(&disk);
}

static void damage_is_not_compacted(void **state)
{
    (void)state;
    for (uint64_t byte = 8; byte < SEGMENT_BYTES; byte += 4093) {
        struct sim_disk disk;
        struct journal_compaction compaction;
        struct journal_report report;
        sim_disk_init(&disk, 3);
        write_log(&disk, 40, true);
        sim_disk_flip(&disk, DIRECTORY "/00000001.segment", byte * 8);
        assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_DAMAGED);
        assert_int_equal(compaction.segments, 0);
        assert_int_equal(compaction.next_number, 1);
        assert_non_null(compaction.reason);
        assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, 0, &report),
                         STATUS_DAMAGED);
        sim_disk_flip(&disk, DIRECTORY "/00000001.segment", byte * 8);
        assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, 0, &report), STATUS_OK);
        sim_disk_deinit(&disk);
    }
}

static void a_compacted_segment_is_never_the_last(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_compaction compaction;
    struct journal_report report;
    struct journal *journal = NULL;
    sim_disk_init(&disk, 3);
    write_log(&disk, 40, false);
    assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
    for (uint32_t number = compaction.next_number; number < compaction.next_number + 2; number++) {
        char path[64];
        snprintf(path, sizeof path, DIRECTORY "/%08u.segment", number);
        assert_int_equal(disk.base.ops->remove(&disk.base, path), STATUS_OK);
    }
    for (unsigned ack = 0; ack < 2; ack++) {
        struct journal_options options = {.kind = JOURNAL_EVENTS,
                                          .shard = 3,
                                          .segment_bytes = SEGMENT_BYTES,
                                          .ack = (enum journal_ack)ack};
        assert_int_equal(journal_embedded_open(&disk.base, DIRECTORY, &options, &report, &journal),
                         STATUS_DAMAGED);
    }
    sim_disk_deinit(&disk);
}

static void a_crash_or_an_error_at_any_call_costs_nothing(void **state)
{
    (void)state;
    unsigned stops = 0;
    for (int fate = -1; fate < SIM_CRASH_COUNT; fate++) {
        bool finished = false;
        for (uint64_t call = 1; !finished; call++) {
            struct sim_disk disk;
            struct journal_compaction compaction;
            struct journal_report report;
            sim_disk_init(&disk, 3);
            write_log(&disk, 40, true);
            uint64_t before = hash_of(&disk);
            disk.error = STATUS_NO_SPACE;
            disk.error_at_call = fate < 0 ? disk.calls + call : 0;
            disk.crash = (enum sim_crash)(fate < 0 ? 0 : fate);
            disk.crash_at_call = fate < 0 ? 0 : disk.calls + call;
            finished = compact(&disk, UINT64_MAX, &compaction) == STATUS_OK && !disk.down;
            stops += !finished;
            if (disk.down) {
                sim_disk_restart(&disk);
            }
            disk.error_at_call = 0;
            disk.crash_at_call = 0;
            assert_int_equal(hash_of(&disk), before);
            assert_int_equal(compact(&disk, UINT64_MAX, &compaction), STATUS_OK);
            assert_int_equal(hash_of(&disk), before);
            assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, 0, &report), STATUS_OK);
            sim_disk_deinit(&disk);
        }
    }
    assert_true(stops > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compacted_log_is_the_log_it_was),
        cmocka_unit_test(scattered_reads_are_right),
        cmocka_unit_test(every_bit_of_a_compacted_segment_counts),
        cmocka_unit_test(damage_is_not_compacted),
        cmocka_unit_test(a_compacted_segment_is_never_the_last),
        cmocka_unit_test(a_crash_or_an_error_at_any_call_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a log opened with a trusted sequence is the log that a full opening gives: same end, chain
 * and note, every record from every place, and it goes on; only what is trusted is not read at
 * open, and damage there is found when it is read. Method: logs of many small segments on the
 * simulated disk, opened with trust at every sequence; one bit of every batch turned over, in a
 * segment that is trusted and in one that is not; each kind of damage to files and their headers.
 */
#include "host/sim/disk.h"
#include "journal/embedded/embedded.h"
#include "journal/embedded/format.h"
#include "journal/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIRECTORY "log"

static void init(struct sim_disk *disk, unsigned batches, bool seal)
{
    sim_disk_init(disk, 3);
    struct journal_options options = {.kind = JOURNAL_EVENTS, .shard = 3, .segment_bytes = 65536};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal),
                     STATUS_OK);
    for (unsigned i = 0; i < batches; i++) {
        for (unsigned k = 0; k < 30 && pattern_append(journal); k++) {
        }
        assert_int_equal(pattern_commit(journal), STATUS_OK);
    }
    assert_int_equal(journal_close(journal, seal), STATUS_OK);
}

static enum status open_trusting(struct sim_disk *disk, uint64_t trusted, bool read_only,
                                 struct journal_report *report, struct journal **out_journal)
{
    struct journal_options options = {.kind = JOURNAL_EVENTS,
                                      .shard = 3,
                                      .segment_bytes = 65536,
                                      .read_only = read_only,
                                      .trusted_sequence = trusted};
    return journal_embedded_open(&disk->base, DIRECTORY, &options, report, out_journal);
}

static struct journal_stat stat_of(struct journal *journal)
{
    struct journal_stat stat;
    journal_stat(journal, &stat);
    return stat;
}

/* From `from` to the end; the sequence at which it stops. */
static uint64_t read_from(struct journal *journal, uint64_t from, enum status *out_status)
{
    struct journal_cursor cursor = journal_cursor_at(from);
    struct journal_entry entries[64];
    size_t count = 1;
    *out_status = STATUS_OK;
    while (*out_status == STATUS_OK && count > 0) {
        *out_status = journal_poll(journal, &cursor, entries, ARRAY_COUNT(entries), &count);
        for (size_t i = 0; *out_status == STATUS_OK && i < count; i++) {
            assert_true(pattern_matches(&entries[i]));
        }
    }
    journal_cursor_close(journal, &cursor);
    return cursor.next_sequence;
}

static void expect_whole(struct journal *journal, uint64_t from, uint64_t next)
{
    enum status status;
    assert_int_equal(read_from(journal, from, &status), next);
    assert_int_equal(status, STATUS_OK);
}

static void a_trusting_open_gives_the_same_log(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_report full_report;
    struct journal_report report;
    struct journal *journal;
    init(&disk, 60, true);
    assert_int_equal(open_trusting(&disk, 0, true, &full_report, &journal), STATUS_OK);
    struct journal_stat full = stat_of(journal);
    assert_int_equal(full.segments_unread, 0);
    assert_true(full.segments >= 6);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    uint32_t unread_most = 0;
    for (uint64_t trusted = 1; trusted < full.next_sequence + 9; trusted++) {
        assert_int_equal(open_trusting(&disk, trusted, true, &report, &journal), STATUS_OK);
        struct journal_stat stat = stat_of(journal);
        assert_int_equal(report.found, full_report.found);
        assert_int_equal(report.sealed, full_report.sealed);
        assert_int_equal(report.next_sequence, full_report.next_sequence);
        assert_int_equal(report.first_sequence, full_report.first_sequence);
        assert_int_equal(report.proven_sequence, full_report.proven_sequence);
        assert_int_equal(stat.segments, full.segments);
        assert_true(stat.segments_unread >= unread_most);
        unread_most = stat.segments_unread;
        assert_memory_equal(stat.chain, full.chain, sizeof full.chain);
        assert_memory_equal(&stat.note, &full.note, sizeof full.note);
        if (trusted % 7 == 0) {
            expect_whole(journal, trusted * 31 % (full.next_sequence - 1) + 1, full.next_sequence);
            expect_whole(journal, 1, full.next_sequence); /* some places are learned by now */
        }
        assert_int_equal(journal_close(journal, false), STATUS_OK);
    }
    assert_int_equal(unread_most, full.segments - 2);
    sim_disk_deinit(&disk);
}

static void a_trusting_open_goes_on(void **state)
{
    (void)state;
    for (unsigned seal = 0; seal < 2; seal++) {
        struct sim_disk disk;
        struct journal_report report;
        struct journal *journal;
        init(&disk, 60, seal != 0);
        for (uint64_t trusted = 100; trusted < 1800; trusted += 400) {
            assert_int_equal(open_trusting(&disk, trusted, false, &report, &journal), STATUS_OK);
            for (unsigned i = 0; i < 12; i++) {
                assert_true(pattern_append(journal));
            }
            assert_int_equal(pattern_commit(journal), STATUS_OK);
            expect_whole(journal, 1, journal->next_sequence);
            assert_int_equal(journal_close(journal, trusted % 800 == 100), STATUS_OK);
        }
        assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, 0, &report), STATUS_OK);
        sim_disk_deinit(&disk);
    }
}

/* A place in each segment: what a full open calls damaged, a trusting one finds at open or at the
 * latest when it is read. */
static void damage_is_found_at_open_or_when_it_is_read(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct journal_report report;
    struct journal *journal;
    init(&disk, 60, true);
    assert_int_equal(open_trusting(&disk, 0, true, &report, &journal), STATUS_OK);
    uint64_t next = report.next_sequence;
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_batch batches[64];
    size_t count = 0;
    while (journal_poll_batch(journal, &cursor, &batches[count]) == STATUS_OK) {
        count++;
    }
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    unsigned at_open = 0;
    unsigned at_read = 0;
    for (size_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, DIRECTORY "/%08u.segment", batches[i].segment);
        uint64_t bit = (batches[i].offset + (i % 2 == 0 ? 140 : 70)) * 8;
        uint64_t trusted = batches[count / 2].first_sequence;
        sim_disk_flip(&disk, name, bit);
        assert_int_equal(open_trusting(&disk, trusted, true, &report, &journal), STATUS_OK);
        enum status status;
        assert_int_equal(read_from(journal, 1, &status), batches[i].first_sequence);
        assert_int_equal(status, STATUS_DAMAGED);
        if (report.found == STATUS_DAMAGED) {
            assert_int_equal(report.bad_sequence, batches[i].first_sequence);
            at_open++;
        } else {
            at_read++;
            assert_true(batches[i].first_sequence <= trusted);
            expect_whole(journal, trusted + 1, next);
        }
        assert_int_equal(journal_close(journal, false), STATUS_OK);
        sim_disk_flip(&disk, name, bit);
    }
    assert_true(at_open > count / 4 && at_read > count / 4);
    sim_disk_deinit(&disk);
}

static void damaged_and_missing_files_are_found_at_open(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 3; which++) {
        struct sim_disk disk;
        struct journal_report report;
        struct journal *journal;
        init(&disk, 60, true);
        if (which == 0) {
            sim_disk_flip(&disk, DIRECTORY "/00000002.segment", 30 * 8); /* its first sequence */
        } else if (which == 1) {
            assert_int_equal(disk.base.ops->remove(&disk.base, DIRECTORY "/00000002.segment"),
                             STATUS_OK);
        } else {
            struct host_file *file;
            assert_int_equal(disk.base.ops->open(&disk.base, DIRECTORY "/00000002.segment",
                                                 HOST_OPEN_WRITE, &file),
                             STATUS_OK);
            assert_int_equal(file->ops->resize(file, 40000), STATUS_OK);
            file->ops->close(file);
        }
        assert_int_equal(open_trusting(&disk, 5000, false, &report, &journal), STATUS_DAMAGED);
        assert_int_equal(report.found, STATUS_DAMAGED);
        assert_true(report.bad_segment == 2 || report.bad_segment == 3);
        sim_disk_deinit(&disk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trusting_open_gives_the_same_log),
        cmocka_unit_test(a_trusting_open_goes_on),
        cmocka_unit_test(damage_is_found_at_open_or_when_it_is_read),
        cmocka_unit_test(damaged_and_missing_files_are_found_at_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

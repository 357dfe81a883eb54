/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every backend of the journal behaves alike, as journal.h says.
 * Method: one list of tests, run on each backend: memory; embedded on the real disk with ack =
 * fsync (commit inline, and with the writer thread) and ack = memory; embedded on the simulated
 * disk. The records follow from their sequence (pattern.h), segments and batches are small so that
 * every run crosses many of both.
 */
#include "base/prng.h"
#include "host/sim/disk.h"
#include "journal/embedded/embedded.h"
#include "journal/memory/memory.h"
#include "journal/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum world {
    WORLD_MEMORY,
    WORLD_POSIX,
    WORLD_POSIX_THREAD,
    WORLD_POSIX_ACK_MEMORY,
    WORLD_SIM,
};

static const char *const world_names[] = {"memory", "posix", "posix, writer thread",
                                          "posix, ack = memory", "sim"};

struct fixture {
    enum world world;
    struct journal_memory_store store;
    struct sim_disk sim;
    struct host_disk *disk; /* null: memory */
    char root[64];
    char directory[80];
    struct journal_options options;
    struct journal_report report; /* of the last open */
};

static bool remove_name(void *context, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    unlink(path);
    return true;
}

static void fixture_begin(struct fixture *fixture, enum world world)
{
    *fixture = (struct fixture){.world = world};
    fixture->options = (struct journal_options){
        .kind = JOURNAL_COMMANDS,
        .ack = world == WORLD_POSIX_ACK_MEMORY ? JOURNAL_ACK_MEMORY : JOURNAL_ACK_FSYNC,
        .shard = 7,
        .writer_threads = world == WORLD_POSIX_THREAD ? 2 : 0,
        .segments_ahead = world == WORLD_POSIX_THREAD || world == WORLD_POSIX_ACK_MEMORY,
        .segment_bytes = 64 * 1024,
        .batch_bytes = 16 * 1024,
    };
    snprintf(fixture->directory, sizeof fixture->directory, "log");
    if (world == WORLD_SIM) {
        sim_disk_init(&fixture->sim, 1);
        fixture->disk = &fixture->sim.base;
    } else if (world != WORLD_MEMORY) {
        snprintf(fixture->root, sizeof fixture->root, "/tmp/dojima-conformance-XXXXXX");
        assert_non_null(mkdtemp(fixture->root));
        snprintf(fixture->directory, sizeof fixture->directory, "%s/log", fixture->root);
        fixture->disk = host_disk_posix();
    }
}

static void fixture_end(struct fixture *fixture)
{
    journal_memory_store_deinit(&fixture->store);
    if (fixture->world == WORLD_SIM) {
        sim_disk_deinit(&fixture->sim);
    } else if (fixture->world != WORLD_MEMORY) {
        (void)fixture->disk->ops->list(fixture->disk, fixture->directory, remove_name,
                                       fixture->directory);
        assert_int_equal(rmdir(fixture->directory), 0);
        assert_int_equal(rmdir(fixture->root), 0);
    }
}

static enum status try_open(struct fixture *fixture, const struct journal_options *options,
                            struct journal **out_journal)
{
    if (fixture->world == WORLD_MEMORY) {
        return journal_memory_open(&fixture->store, options, &fixture->report, out_journal);
    }
    return journal_embedded_open(fixture->disk, fixture->directory, options, &fixture->report,
                                 out_journal);
}

static struct journal *open_journal(struct fixture *fixture)
{
    struct journal *journal = NULL;
    assert_int_equal(try_open(fixture, &fixture->options, &journal), STATUS_OK);
    assert_int_equal(fixture->report.found, STATUS_OK);
    return journal;
}

/* Appends `count` records, committing about every `every` and whenever a batch is full. */
static void write_records(struct journal *journal, uint64_t count, uint64_t every)
{
    for (uint64_t i = 0; i < count; i++) {
        if (!pattern_append(journal)) {
            assert_int_equal(pattern_commit(journal), STATUS_OK);
            assert_true(pattern_append(journal));
        }
        if (journal_uncommitted(journal) >= every) {
            assert_int_equal(pattern_commit(journal), STATUS_OK);
        }
    }
    assert_int_equal(pattern_commit(journal), STATUS_OK);
    assert_int_equal(journal_sync(journal), STATUS_OK);
    assert_int_equal(journal_durable(journal), journal->next_sequence - 1);
}

/* Reads with `cursor` up to the end and compares; returns how many. */
static uint64_t read_records(struct journal *journal, struct journal_cursor *cursor)
{
    struct journal_entry entries[32];
    uint64_t read = 0;
    for (;;) {
        uint64_t expected = cursor->next_sequence;
        size_t count = 99;
        assert_int_equal(journal_poll(journal, cursor, entries, ARRAY_COUNT(entries), &count),
                         STATUS_OK);
        assert_true(count <= ARRAY_COUNT(entries));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(entries[i].sequence, expected + i);
            assert_true(pattern_matches(&entries[i]));
        }
        assert_int_equal(cursor->next_sequence, expected + count);
        read += count;
        if (count == 0) {
            return read;
        }
    }
}

static uint64_t read_from(struct journal *journal, uint64_t sequence)
{
    struct journal_cursor cursor = journal_cursor_at(sequence);
    uint64_t read = read_records(journal, &cursor);
    journal_cursor_close(journal, &cursor);
    return read;
}

static void reads_back_what_was_appended(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    assert_int_equal(journal_durable(journal), 0);
    assert_int_equal(read_from(journal, 1), 0);
    write_records(journal, 3000, 40);
    assert_int_equal(read_from(journal, 1), 3000);
    assert_int_equal(read_from(journal, 2990), 11);
    assert_int_equal(read_from(journal, 3001), 0);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

static void refuses_the_sequence_before_the_first(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 5, 2);
    struct journal_cursor cursor = journal_cursor_at(0);
    struct journal_entry entry;
    struct journal_batch batch;
    size_t count = 77;
    assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), STATUS_NOT_FOUND);
    assert_int_equal(count, 77);
    assert_int_equal(journal_poll_batch(journal, &cursor, &batch), STATUS_NOT_FOUND);
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void poll_runs_ahead_of_durable(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    struct journal_cursor cursor = journal_cursor_at(1);
    uint64_t read = 0;
    for (uint64_t i = 1; i <= 200; i++) {
        assert_true(pattern_append(journal));
        assert_int_equal(journal_uncommitted(journal), (i - 1) % 20 + 1);
        assert_true(journal_durable(journal) < i);
        read += read_records(journal, &cursor);
        assert_int_equal(read, i);
        if (i % 20 == 0) {
            assert_int_equal(pattern_commit(journal), STATUS_OK);
            assert_int_equal(read_records(journal, &cursor), 0);
            assert_int_equal(journal_sync(journal), STATUS_OK);
            assert_true(journal_idle(journal));
        }
    }
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void reopening_goes_on_with_the_next_sequence(struct fixture *fixture)
{
    uint64_t total = 0;
    for (int round = 0; round < 6; round++) {
        bool seal = round % 2 == 0;
        struct journal *journal = open_journal(fixture);
        assert_int_equal(fixture->report.next_sequence, total + 1);
        assert_int_equal(fixture->report.sealed, round > 0 && round % 2 == 1);
        assert_int_equal(journal->next_sequence, total + 1);
        assert_int_equal(journal_durable(journal), total);
        assert_int_equal(read_from(journal, 1), total);
        write_records(journal, 150, 7);
        total += 150;
        assert_int_equal(journal_close(journal, seal), STATUS_OK);
    }
    /* A clean stop of a log that was only opened leaves the seal it found. */
    struct journal *journal = open_journal(fixture);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_true(fixture->report.sealed);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_true(fixture->report.sealed);
    assert_int_equal(read_from(journal, 1), total);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

static struct journal_note note_found(struct fixture *fixture)
{
    struct journal_options options = fixture->options;
    options.read_only = true;
    struct journal *journal = NULL;
    assert_int_equal(try_open(fixture, &options, &journal), STATUS_OK);
    assert_true(fixture->report.sealed);
    struct journal_stat stat;
    journal_stat(journal, &stat);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    return stat.note;
}

static void a_seal_may_say_more_than_the_last_batch(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 10, 4);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(note_found(fixture).running_hash, pattern_note(10).running_hash);
    assert_int_equal(note_found(fixture).proven_sequence, 5);
    struct journal_note note = {4711, 1812};
    uint64_t used_bytes = 0;
    for (int round = 0; round < 3; round++) {
        journal = open_journal(fixture);
        struct journal_stat stat;
        journal_stat(journal, &stat);
        assert_true(round < 2 || stat.used_bytes == used_bytes); /* it is not written again */
        used_bytes = stat.used_bytes;
        assert_int_equal(journal_close_sealed(journal, &note), STATUS_OK);
        assert_int_equal(note_found(fixture).running_hash, 4711);
        assert_int_equal(note_found(fixture).proven_sequence, 1812);
    }
    journal = open_journal(fixture);
    assert_int_equal(journal->next_sequence, 11);
    write_records(journal, 10, 4);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(note_found(fixture).proven_sequence, 10);
}

static void what_was_not_committed_is_dropped_at_close(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 10, 4);
    assert_true(pattern_append(journal));
    assert_true(pattern_append(journal));
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_int_equal(journal->next_sequence, 11);
    assert_int_equal(read_from(journal, 1), 10);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

static void a_full_batch_says_so(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    uint64_t appended = 0;
    for (;;) {
        uint8_t *body = journal_reserve(journal, JOURNAL_BODY_BYTES_MAX);
        if (body == NULL) {
            break;
        }
        memset(body, 0xff, JOURNAL_BODY_BYTES_MAX);
        (void)journal_append(journal, 1, JOURNAL_BODY_BYTES_MAX);
        appended++;
    }
    assert_in_range(appended, 3, 4); /* of 4 KiB each in 16 KiB, the header taken off */
    struct journal_note note = {1, 2};
    assert_int_equal(journal_commit(journal, &note), STATUS_OK);
    assert_non_null(journal_reserve(journal, JOURNAL_BODY_BYTES_MAX));
    /* An empty commit writes nothing. */
    assert_int_equal(journal_commit(journal, &note), STATUS_OK);
    struct journal_stat stat;
    journal_stat(journal, &stat);
    assert_int_equal(stat.batches, 1);
    assert_int_equal(stat.next_sequence, appended + 1);
    assert_int_equal(stat.record_bytes, appended * JOURNAL_RECORD_BYTES_MAX);
    assert_int_equal(stat.note.running_hash, 1);
    assert_int_equal(stat.note.proven_sequence, 2);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void cursors_seek_anywhere(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 2500, 11);
    for (int i = 0; i < 5; i++) {
        assert_true(pattern_append(journal));
    }
    struct prng prng;
    prng_init(&prng, 42);
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[8];
    for (int i = 0; i < 3000; i++) {
        uint64_t sequence = 1 + prng_below(&prng, 2505);
        size_t count = 0;
        cursor.next_sequence = sequence;
        assert_int_equal(journal_poll(journal, &cursor, entries, 1 + prng_below(&prng, 8), &count),
                         STATUS_OK);
        assert_true(count > 0);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(entries[k].sequence, sequence + k);
            assert_true(pattern_matches(&entries[k]));
        }
    }
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void batches_carry_their_notes(struct fixture *fixture)
{
    for (int round = 0; round < 2; round++) {
        struct journal *journal = open_journal(fixture);
        write_records(journal, 400, 13);
        struct journal_cursor cursor = journal_cursor_at(1);
        struct journal_batch batch;
        enum status status = journal_poll_batch(journal, &cursor, &batch);
        uint64_t expected = 1;
        while (status == STATUS_OK) {
            assert_int_equal(batch.first_sequence, expected);
            assert_in_range(batch.count, 1, 13);
            expected += batch.count;
            assert_int_equal(cursor.next_sequence, expected);
            struct journal_note note = pattern_note(expected - 1);
            assert_int_equal(batch.note.running_hash, note.running_hash);
            assert_int_equal(batch.note.proven_sequence, note.proven_sequence);
            assert_true(batch.durable_sequence < batch.first_sequence);
            status = journal_poll_batch(journal, &cursor, &batch);
        }
        assert_int_equal(status, STATUS_END);
        assert_int_equal(expected, 400 * (round + 1) + 1);
        /* From the middle of a batch: that batch. */
        cursor.next_sequence = 14 + 3;
        assert_int_equal(journal_poll_batch(journal, &cursor, &batch), STATUS_OK);
        assert_true(batch.first_sequence <= 17 && batch.first_sequence + batch.count > 17);
        journal_cursor_close(journal, &cursor);
        assert_int_equal(journal_close(journal, true), STATUS_OK);
    }
}

static void one_writer_at_a_time(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    struct journal *second = NULL;
    assert_int_equal(try_open(fixture, &fixture->options, &second), STATUS_BUSY);
    assert_null(second);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    journal = open_journal(fixture);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void read_only_reads_and_changes_nothing(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 300, 9);
    struct journal_options options = fixture->options;
    options.read_only = true;
    struct journal *reader = NULL;
    assert_int_equal(try_open(fixture, &options, &reader), STATUS_OK); /* beside the writer */
    assert_int_equal(read_from(reader, 1), 300);
    assert_null(journal_reserve(reader, 0));
    assert_int_equal(journal_truncate_before(reader, 200), STATUS_DENIED);
    assert_int_equal(journal_close(reader, true), STATUS_OK);
    write_records(journal, 10, 9);
    assert_int_equal(read_from(journal, 1), 310);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    assert_int_equal(try_open(fixture, &options, &reader), STATUS_OK);
    assert_false(fixture->report.sealed);
    assert_int_equal(read_from(reader, 1), 310);
    assert_int_equal(journal_close(reader, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_false(fixture->report.sealed);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

static void truncating_drops_the_oldest(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 2000, 10);
    assert_int_equal(journal_truncate_before(journal, 1), STATUS_OK);
    assert_int_equal(read_from(journal, 1), 2000);
    assert_int_equal(journal_truncate_before(journal, 1500), STATUS_OK);
    struct journal_stat stat;
    journal_stat(journal, &stat);
    assert_in_range(stat.first_sequence, 2, 1500);
    struct journal_cursor cursor = journal_cursor_at(stat.first_sequence - 1);
    struct journal_entry entry;
    size_t count = 0;
    assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), STATUS_NOT_FOUND);
    journal_cursor_close(journal, &cursor);
    assert_int_equal(read_from(journal, stat.first_sequence), 2001 - stat.first_sequence);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_int_equal(fixture->report.first_sequence, stat.first_sequence);
    write_records(journal, 100, 10);
    assert_int_equal(read_from(journal, stat.first_sequence), 2101 - stat.first_sequence);
    assert_int_equal(journal_truncate_before(journal, UINT64_MAX / 4), STATUS_OK);
    journal_stat(journal, &stat);
    assert_int_equal(stat.next_sequence, 2101);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    journal = open_journal(fixture);
    assert_int_equal(journal->next_sequence, 2101);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

static void another_kind_of_log_is_refused(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 5, 5);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    struct journal_options options = fixture->options;
    options.kind = JOURNAL_EVENTS;
    assert_int_equal(try_open(fixture, &options, &journal), STATUS_MISMATCH);
    options = fixture->options;
    options.shard++;
    assert_int_equal(try_open(fixture, &options, &journal), STATUS_MISMATCH);
}

static void a_log_shorter_than_proven_is_damaged(struct fixture *fixture)
{
    struct journal *journal = open_journal(fixture);
    write_records(journal, 20, 5);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    struct journal_options options = fixture->options;
    options.proven_sequence = 21;
    assert_int_equal(try_open(fixture, &options, &journal), STATUS_DAMAGED);
    assert_int_equal(fixture->report.found, STATUS_DAMAGED);
    assert_int_equal(fixture->report.bad_sequence, 21);
    assert_int_equal(fixture->report.missing_last_sequence, 21);
    options.proven_sequence = 20;
    assert_int_equal(try_open(fixture, &options, &journal), STATUS_OK);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

/* Everything at once: random batches, several cursors that lag by different amounts, reopenings. */
static void a_random_run_agrees_with_the_pattern(struct fixture *fixture)
{
    struct prng prng;
    prng_init(&prng, 7);
    uint64_t total = 0;
    for (int round = 0; round < 4; round++) {
        struct journal *journal = open_journal(fixture);
        struct journal_cursor near = journal_cursor_at(total + 1);
        struct journal_cursor far = journal_cursor_at(1);
        for (int step = 0; step < 150; step++) {
            uint64_t wanted = prng_below(&prng, 30);
            for (uint64_t i = 0; i < wanted && pattern_append(journal); i++) {
                total++;
            }
            if (prng_chance(&prng, 3, 4)) {
                (void)read_records(journal, &near);
                assert_int_equal(near.next_sequence, total + 1);
            }
            if (prng_chance(&prng, 1, 10)) {
                (void)read_records(journal, &far);
                assert_int_equal(far.next_sequence, total + 1);
            }
            assert_int_equal(pattern_commit(journal), STATUS_OK);
        }
        assert_int_equal(journal_sync(journal), STATUS_OK);
        assert_int_equal(journal->next_sequence, total + 1);
        journal_cursor_close(journal, &near);
        journal_cursor_close(journal, &far);
        assert_int_equal(read_from(journal, 1), total);
        assert_int_equal(journal_close(journal, prng_chance(&prng, 1, 2)), STATUS_OK);
    }
}

static void a_log_that_is_not_there_is_not_made_by_readers(struct fixture *fixture)
{
    struct journal *journal = NULL;
    struct journal_options options = fixture->options;
    options.read_only = true;
    enum status status = try_open(fixture, &options, &journal);
    if (fixture->world == WORLD_MEMORY) {
        assert_int_equal(status, STATUS_OK); /* an empty store is a log */
        assert_int_equal(journal_close(journal, false), STATUS_OK);
    } else {
        assert_int_equal(status, STATUS_NOT_FOUND);
    }
    journal = open_journal(fixture);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
}

struct conformance_test {
    const char *name;
    void (*run)(struct fixture *fixture);
};

#define TEST(function)                                                                             \
    {                                                                                              \
#function, function                                                                        \
    }
static const struct conformance_test conformance_tests[] = {
    TEST(reads_back_what_was_appended),
    TEST(refuses_the_sequence_before_the_first),
    TEST(poll_runs_ahead_of_durable),
    TEST(reopening_goes_on_with_the_next_sequence),
    TEST(a_seal_may_say_more_than_the_last_batch),
    TEST(what_was_not_committed_is_dropped_at_close),
    TEST(a_full_batch_says_so),
    TEST(cursors_seek_anywhere),
    TEST(batches_carry_their_notes),
    TEST(one_writer_at_a_time),
    TEST(read_only_reads_and_changes_nothing),
    TEST(truncating_drops_the_oldest),
    TEST(another_kind_of_log_is_refused),
    TEST(a_log_shorter_than_proven_is_damaged),
    TEST(a_random_run_agrees_with_the_pattern),
    TEST(a_log_that_is_not_there_is_not_made_by_readers),
};
#undef TEST

static void run_suite(enum world world)
{
    for (size_t i = 0; i < ARRAY_COUNT(conformance_tests); i++) {
        print_message("  %s: %s\n", world_names[world], conformance_tests[i].name);
        struct fixture fixture;
        fixture_begin(&fixture, world);
        conformance_tests[i].run(&fixture);
        fixture_end(&fixture);
    }
}

static void memory(void **state)
{
    (void)state;
    run_suite(WORLD_MEMORY);
}

static void embedded_on_posix(void **state)
{
    (void)state;
    run_suite(WORLD_POSIX);
}

static void embedded_on_posix_with_writer_thread(void **state)
{
    (void)state;
    run_suite(WORLD_POSIX_THREAD);
}

static void embedded_on_posix_with_ack_memory(void **state)
{
    (void)state;
    run_suite(WORLD_POSIX_ACK_MEMORY);
}

static void embedded_on_sim(void **state)
{
    (void)state;
    run_suite(WORLD_SIM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory),
        cmocka_unit_test(embedded_on_sim),
        cmocka_unit_test(embedded_on_posix),
        cmocka_unit_test(embedded_on_posix_with_writer_thread),
        cmocka_unit_test(embedded_on_posix_with_ack_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: whatever the moment of a crash and whatever the disk did with what was not synced, no
 * durable record is lost, none is altered, none is invented; and after a failed write or sync the
 * journal refuses to go on. Method: one script of 100 appended records (commits of one to four) on
 * the simulated disk, over segments of 32 KiB. A run without a crash counts the calls that change
 * or sync something; then the script is run again for each of them and for each fate of unsynced
 * data, crashed there, reopened, compared, continued, and verified. The same with a second crash at
 * every call of the recovery, and with an error instead of a crash. A failure prints call and fate.
 * Two batches on their way at once: the same script by two writers on a disk that answers them in
 * either order, crashed at calls drawn from a seed; and a first batch held back until the second is
 * on stable storage.
 */
#include "host/sim/disk.h"
#include "journal/embedded/busy_disk.h"
#include "journal/embedded/embedded.h"
#include "journal/pattern.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SCRIPT_RECORDS  100u
#define DIRECTORY       "log"
#define TWO_WRITER_RUNS 400u

static const char *const crash_names[SIM_CRASH_COUNT] = {"lost", "kept", "reordered", "torn"};

struct outcome {
    uint64_t appended; /* last sequence given to the journal */
    uint64_t durable;  /* highest that the journal called durable */
    enum status status;
};

static struct journal_options script_options(enum journal_ack ack)
{
    return (struct journal_options){
        .kind = JOURNAL_EVENTS, .ack = ack, .segment_bytes = 32 * 1024, .batch_bytes = 16 * 1024};
}

/* Ends early with the first failure. */
static struct outcome run_script_on(struct host_disk *disk, const struct journal_options *options,
                                    bool seal)
{
    struct journal_report report;
    struct journal *journal = NULL;
    struct outcome outcome = {0};
    outcome.status = journal_embedded_open(disk, DIRECTORY, options, &report, &journal);
    if (outcome.status != STATUS_OK) {
        return outcome;
    }
    while (outcome.status == STATUS_OK && outcome.appended < SCRIPT_RECORDS) {
        uint64_t wanted = 1 + hash_mix64(outcome.appended) % 4;
        for (uint64_t i = 0; i < wanted && outcome.appended < SCRIPT_RECORDS; i++) {
            if (!pattern_append(journal)) {
                break;
            }
            outcome.appended = journal->next_sequence - 1;
        }
        outcome.status = pattern_commit(journal);
        outcome.durable = journal_durable(journal);
        assert_true(outcome.durable <= outcome.appended);
        assert_true(outcome.status != STATUS_OK || outcome.durable == outcome.appended ||
                    options->writer_threads > 0);
    }
    if (outcome.status == STATUS_OK) {
        outcome.status = journal_sync(journal);
        outcome.durable = journal_durable(journal);
        assert_true(outcome.status != STATUS_OK || outcome.durable == outcome.appended);
    }
    if (outcome.status != STATUS_OK) {
        /* Fatal: it refuses everything afterwards. */
        struct journal_cursor cursor = journal_cursor_at(1);
        struct journal_entry entry;
        size_t count = 0;
        assert_null(journal_reserve(journal, 0));
        assert_int_equal(pattern_commit(journal), outcome.status);
        assert_int_equal(journal_sync(journal), outcome.status);
        outcome.durable = journal_durable(journal);
        assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), outcome.status);
        assert_int_equal(journal_durable(journal), outcome.durable);
        journal_cursor_close(journal, &cursor);
    }
    enum status closed = journal_close(journal, seal);
    outcome.status = outcome.status == STATUS_OK ? closed : outcome.status;
    return outcome;
}

static struct outcome run_script(struct sim_disk *disk, enum journal_ack ack, bool seal)
{
    struct journal_options options = script_options(ack);
    return run_script_on(&disk->base, &options, seal);
}

/* What is there: at least what was durable, at most what was appended, each record as written. */
static void check_records(struct journal *journal, const struct outcome *outcome)
{
    uint64_t last = journal->next_sequence - 1;
    assert_true(last >= outcome->durable);
    assert_true(last <= outcome->appended);
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[16];
    for (;;) {
        size_t count = 0;
        assert_int_equal(journal_poll(journal, &cursor, entries, ARRAY_COUNT(entries), &count),
                         STATUS_OK);
        for (size_t i = 0; i < count; i++) {
            assert_true(pattern_matches(&entries[i]));
        }
        if (count == 0) {
            break;
        }
    }
    assert_int_equal(cursor.next_sequence, last + 1);
    journal_cursor_close(journal, &cursor);
}

/* Reopens, compares, goes on, stops cleanly, verifies. */
static void check_recovery(struct sim_disk *disk, enum journal_ack ack,
                           const struct outcome *outcome)
{
    struct journal_options options = script_options(ack);
    options.proven_sequence = ack == JOURNAL_ACK_FSYNC ? outcome->durable : 0;
    struct journal_report report;
    struct journal *journal = NULL;
    assert_int_equal(journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal),
                     STATUS_OK);
    assert_int_not_equal(report.found, STATUS_DAMAGED);
    assert_int_equal(report.next_sequence, journal->next_sequence);
    if (report.found == STATUS_TRUNCATED) {
        assert_int_equal(report.bad_sequence, report.next_sequence);
        assert_non_null(report.reason);
    }
    check_records(journal, outcome);
    for (int i = 0; i < 20; i++) {
        assert_true(pattern_append(journal));
        if (i % 3 == 0) {
            assert_int_equal(pattern_commit(journal), STATUS_OK);
        }
    }
    assert_int_equal(pattern_commit(journal), STATUS_OK);
    struct outcome continued = {.appended = journal->next_sequence - 1,
                                .durable = journal->next_sequence - 1};
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(journal_embedded_verify(&disk->base, DIRECTORY, continued.durable, &report),
                     STATUS_OK);
    assert_true(report.sealed);
    assert_int_equal(journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal),
                     STATUS_OK);
    check_records(journal, &continued);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
}

static uint64_t count_calls(enum journal_ack ack, bool seal)
{
    struct sim_disk disk;
    sim_disk_init(&disk, 0);
    struct outcome outcome = run_script(&disk, ack, seal);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_int_equal(outcome.durable, SCRIPT_RECORDS);
    uint64_t calls = disk.calls;
    sim_disk_deinit(&disk);
    return calls;
}

static void sweep(enum journal_ack ack)
{
    uint64_t calls = count_calls(ack, true);
    assert_true(calls > 50);
    uint64_t cuts = 0;
    for (uint64_t call = 1; call <= calls; call++) {
        for (int crash = 0; crash < SIM_CRASH_COUNT; crash++) {
            struct sim_disk disk;
            sim_disk_init(&disk, call * SIM_CRASH_COUNT + (uint64_t)crash);
            disk.crash_at_call = call;
            disk.crash = (enum sim_crash)crash;
            struct outcome outcome = run_script(&disk, ack, true);
            assert_true(disk.down);
            assert_int_equal(outcome.status, STATUS_IO);
            sim_disk_restart(&disk);
            if (ack == JOURNAL_ACK_MEMORY) {
                outcome.durable = 0; /* a power cut: nothing was promised */
            }
            struct journal_report report = {0};
            enum status verified = journal_embedded_verify(&disk.base, DIRECTORY, 0, &report);
            cuts += verified == STATUS_DAMAGED && report.found == STATUS_TRUNCATED;
            if (report.found == STATUS_DAMAGED) {
                print_error("crash at call %" PRIu64 ", unsynced data %s: %s\n", call,
                            crash_names[crash], report.reason);
            }
            check_recovery(&disk, ack, &outcome);
            sim_disk_deinit(&disk);
        }
    }
    print_message("  %" PRIu64 " calls, %d fates each, %" PRIu64 " torn tails cut\n", calls,
                  SIM_CRASH_COUNT, cuts);
    assert_true(cuts > 0);
}

static void a_crash_at_every_call_loses_nothing_durable(void **state)
{
    (void)state;
    sweep(JOURNAL_ACK_FSYNC);
}

static void with_ack_memory_a_crash_leaves_a_beginning(void **state)
{
    (void)state;
    sweep(JOURNAL_ACK_MEMORY);
}

/* The machine fails again while the log is being repaired. */
static void a_crash_during_recovery_loses_nothing_durable(void **state)
{
    (void)state;
    uint64_t calls = count_calls(JOURNAL_ACK_FSYNC, false);
    uint64_t runs = 0;
    for (uint64_t call = calls > 60 ? calls - 60 : 1; call <= calls; call++) {
        for (uint64_t second = 1; second <= 40; second++) {
            struct sim_disk disk;
            sim_disk_init(&disk, call * 1000 + second);
            disk.crash_at_call = call;
            disk.crash = second % 2 == 0 ? SIM_CRASH_TORN : SIM_CRASH_REORDERED;
            struct outcome outcome = run_script(&disk, JOURNAL_ACK_FSYNC, false);
            sim_disk_restart(&disk);
            disk.crash_at_call = disk.calls + second;
            disk.crash = (enum sim_crash)(second % SIM_CRASH_COUNT);
            struct journal_options options = script_options(JOURNAL_ACK_FSYNC);
            struct journal_report report;
            struct journal *journal = NULL;
            enum status status =
                journal_embedded_open(&disk.base, DIRECTORY, &options, &report, &journal);
            if (status == STATUS_OK) {
                assert_int_equal(journal_close(journal, false), STATUS_OK);
            }
            bool crashed = disk.down;
            disk.crash_at_call = 0;
            sim_disk_restart(&disk);
            check_recovery(&disk, JOURNAL_ACK_FSYNC, &outcome);
            sim_disk_deinit(&disk);
            runs++;
            if (!crashed) {
                break; /* recovery makes fewer calls than this */
            }
        }
    }
    print_message("  %" PRIu64 " double crashes\n", runs);
    assert_true(runs > 120);
}

/* An error of the disk is not a crash: the process sees it, stops, and is started again. */
static void an_error_at_every_call_is_fatal_and_loses_nothing_durable(void **state)
{
    (void)state;
    uint64_t calls = count_calls(JOURNAL_ACK_FSYNC, true);
    static const enum status errors[] = {STATUS_IO, STATUS_NO_SPACE};
    for (uint64_t call = 1; call <= calls; call++) {
        struct sim_disk disk;
        sim_disk_init(&disk, call);
        disk.error_at_call = call;
        disk.error = errors[call % ARRAY_COUNT(errors)];
        struct outcome outcome = run_script(&disk, JOURNAL_ACK_FSYNC, true);
        assert_int_equal(outcome.status, disk.error);
        disk.error_at_call = 0;
        /* A failed sync may have dropped what the cache still shows: only a reboot tells. */
        sim_disk_crash(&disk, SIM_CRASH_LOST);
        sim_disk_restart(&disk);
        check_recovery(&disk, JOURNAL_ACK_FSYNC, &outcome);
        sim_disk_deinit(&disk);
    }
}

/* What ack = memory left in the page cache is made safe by whoever calls it durable next: the seal
 * of a clean stop, or the next start with ack = fsync (as after kill -9). */
static void what_is_called_durable_later_is_made_so(void **state)
{
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        struct sim_disk disk;
        sim_disk_init(&disk, 1);
        struct outcome outcome = run_script(&disk, JOURNAL_ACK_MEMORY, sealed == 1);
        assert_int_equal(outcome.status, STATUS_OK);
        if (sealed == 0) {
            struct journal_options options = script_options(JOURNAL_ACK_FSYNC);
            struct journal_report report;
            struct journal *journal = NULL;
            assert_int_equal(
                journal_embedded_open(&disk.base, DIRECTORY, &options, &report, &journal),
                STATUS_OK);
            assert_int_equal(journal_durable(journal), SCRIPT_RECORDS);
            assert_int_equal(journal_close(journal, false), STATUS_OK);
        }
        sim_disk_crash(&disk, SIM_CRASH_LOST);
        sim_disk_restart(&disk);
        struct journal_report report;
        assert_int_equal(journal_embedded_verify(&disk.base, DIRECTORY, SCRIPT_RECORDS, &report),
                         STATUS_OK);
        assert_int_equal(report.sealed, sealed == 1);
        check_recovery(&disk, JOURNAL_ACK_FSYNC, &outcome);
        sim_disk_deinit(&disk);
    }
}

static void two_writers_lose_nothing_durable_at_a_crash(void **state)
{
    (void)state;
    uint64_t cuts = 0;
    uint64_t told = 0;
    for (uint64_t seed = 1; seed <= TWO_WRITER_RUNS; seed++) {
        struct sim_disk disk;
        struct busy_disk busy;
        sim_disk_init(&disk, seed);
        busy_disk_init(&busy, &disk, seed);
        /* A script makes about 110 calls: some seeds crash after its end. */
        disk.crash_at_call = 5 + hash_mix64(seed) % 110;
        disk.crash = (enum sim_crash)(seed % SIM_CRASH_COUNT);
        struct journal_options options = script_options(JOURNAL_ACK_FSYNC);
        options.writer_threads = 2;
        options.segments_ahead = true;
        struct outcome outcome = run_script_on(&busy.base, &options, true);
        assert_int_equal(outcome.status, disk.down ? STATUS_IO : STATUS_OK);
        disk.crash_at_call = 0;
        sim_disk_restart(&disk);
        struct journal_report report = {0};
        (void)!journal_embedded_verify(&disk.base, DIRECTORY, outcome.durable, &report);
        if (report.found == STATUS_DAMAGED) {
            print_error("seed %" PRIu64 ": %s\n", seed, report.reason);
        }
        cuts += report.found == STATUS_TRUNCATED;
        told += outcome.durable;
        check_recovery(&disk, JOURNAL_ACK_FSYNC, &outcome);
        sim_disk_deinit(&disk);
    }
    print_message("  %u runs, %" PRIu64 " torn tails cut, %" PRIu64 " records were durable\n",
                  TWO_WRITER_RUNS, cuts, told);
    assert_true(cuts > TWO_WRITER_RUNS / 20);
}

/* The second of two batches is on stable storage, the first is not even written. */
static void a_batch_is_not_told_before_the_one_in_front(void **state)
{
    (void)state;
    enum { CRASH, REFUSE, GO_ON };
    for (int then = CRASH; then <= GO_ON; then++) {
        struct sim_disk disk;
        struct busy_disk busy;
        sim_disk_init(&disk, 1);
        busy_disk_init(&busy, &disk, 1);
        struct journal_options options = script_options(JOURNAL_ACK_FSYNC);
        options.writer_threads = 2;
        options.segments_ahead = true;
        struct journal_report report;
        struct journal *journal = NULL;
        assert_int_equal(journal_embedded_open(&busy.base, DIRECTORY, &options, &report, &journal),
                         STATUS_OK);
        atomic_store(&busy.held_offset, HOST_DISK_PAGE_BYTES); /* the first batch's place */
        uint64_t syncs = atomic_load(&busy.syncs);
        for (int i = 0; i < 5; i++) {
            assert_true(pattern_append(journal));
            if (i == 2 || i == 4) {
                assert_true(journal_can_commit(journal));
                assert_int_equal(pattern_commit(journal), STATUS_OK);
            }
        }
        while (atomic_load(&busy.syncs) == syncs) {
            host_clock_sleep_until(host_clock_monotonic_ns() + 100000);
        }
        assert_false(journal_can_commit(journal));
        assert_int_equal(journal_durable(journal), 0);
        struct outcome outcome = {.appended = 5};
        check_records(journal, &outcome); /* to be read from memory already */
        if (then == CRASH) {
            busy_disk_crash(&busy, SIM_CRASH_LOST);
        } else if (then == REFUSE) {
            atomic_store(&busy.held_status, STATUS_NO_SPACE);
        }
        atomic_store(&busy.held_offset, 0);
        enum status expected[] = {STATUS_IO, STATUS_NO_SPACE, STATUS_OK};
        assert_int_equal(journal_sync(journal), expected[then]);
        outcome.durable = then == GO_ON ? 5 : 0;
        assert_int_equal(journal_durable(journal), outcome.durable);
        assert_int_equal(journal_close(journal, false), expected[then]);
        sim_disk_restart(&disk);
        (void)!journal_embedded_verify(&disk.base, DIRECTORY, 0, &report);
        assert_int_equal(report.found, then == GO_ON ? STATUS_OK : STATUS_TRUNCATED);
        assert_int_equal(report.next_sequence, then == GO_ON ? 6 : 1);
        assert_int_equal(report.cut_last_sequence, then == GO_ON ? 0 : 5);
        check_recovery(&disk, JOURNAL_ACK_FSYNC, &outcome);
        sim_disk_deinit(&disk);
    }
}

/* Opens the log, as a start does; what it calls durable, 0 when it does not open. */
static uint64_t start_and_end(struct sim_disk *disk, enum journal_ack ack, enum status *out_status)
{
    struct journal_options options = script_options(ack);
    struct journal_report report;
    struct journal *journal = NULL;
    *out_status = journal_embedded_open(&disk->base, DIRECTORY, &options, &report, &journal);
    uint64_t durable = *out_status == STATUS_OK ? journal_durable(journal) : 0;
    if (*out_status == STATUS_OK) {
        (void)!journal_close(journal, false);
    }
    sim_disk_kill(disk);
    sim_disk_restart(disk);
    return durable;
}

/* A sync fails, in the script or in the start after it; the next start opens the log and calls what
 * it finds durable; then the power goes. The page cache has what the failed sync dropped. */
static void a_start_believes_the_disk_after_a_failed_sync(void **state)
{
    (void)state;
    for (int ack = JOURNAL_ACK_FSYNC; ack <= JOURNAL_ACK_MEMORY; ack++) {
        bool failed = true;
        unsigned opened = 0;
        for (uint64_t call = 1; failed; call++) {
            struct sim_disk disk;
            sim_disk_init(&disk, call);
            disk.error_at_call = call;
            disk.error = STATUS_IO;
            struct journal_options options = script_options((enum journal_ack)ack);
            (void)run_script_on(&disk.base, &options, false);
            sim_disk_kill(&disk);
            sim_disk_restart(&disk);
            enum status status;
            (void)start_and_end(&disk, (enum journal_ack)ack, &status);
            failed = disk.calls >= call;
            disk.error_at_call = 0;
            uint64_t durable = start_and_end(&disk, (enum journal_ack)ack, &status);
            assert_int_equal(status, STATUS_OK);
            opened += durable > 0;
            sim_disk_crash(&disk, SIM_CRASH_LOST);
            sim_disk_restart(&disk);
            struct journal_report report;
            (void)!journal_embedded_verify(&disk.base, DIRECTORY, durable, &report);
            if (report.found != STATUS_OK) {
                print_error("call %" PRIu64 ", ack %d: %s\n", call, ack, report.reason);
            }
            assert_int_equal(report.found, STATUS_OK);
            assert_int_equal(report.next_sequence, durable + 1);
            sim_disk_deinit(&disk);
        }
        assert_true(opened > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_at_every_call_loses_nothing_durable),
        cmocka_unit_test(with_ack_memory_a_crash_leaves_a_beginning),
        cmocka_unit_test(a_crash_during_recovery_loses_nothing_durable),
        cmocka_unit_test(an_error_at_every_call_is_fatal_and_loses_nothing_durable),
        cmocka_unit_test(what_is_called_durable_later_is_made_so),
        cmocka_unit_test(a_start_believes_the_disk_after_a_failed_sync),
        cmocka_unit_test(two_writers_lose_nothing_durable_at_a_crash),
        cmocka_unit_test(a_batch_is_not_told_before_the_one_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

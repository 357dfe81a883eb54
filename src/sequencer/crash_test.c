/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: whatever the moment of a crash and whatever the disk did with what was not synced, no
 * durable command is lost, none is altered, none is invented; no event is there without its cause;
 * after recovery both logs are those of an undisturbed run. Method: a script of 100 commands over
 * two logs on the simulated disk, made durable every one to four commands, two times of three
 * without their events. It is crashed at every call that changes or syncs something, with each fate
 * of unsynced data; then recovered, compared with the undisturbed run at that command, continued to
 * the end and compared again. Every fifth time the recovery is crashed too. A failure prints call
 * and fate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/sim/disk.h"
#include "journal/embedded/embedded.h"
#include "sequencer/script.h"

/* After each command of the undisturbed run. */
static uint64_t expected_state[SCRIPT_COMMANDS + 1];
static uint64_t expected_events[SCRIPT_COMMANDS + 1];
static uint64_t expected_hash[SCRIPT_COMMANDS + 1];

struct outcome {
    uint64_t submitted;
    uint64_t durable;
    enum status status;
};

static enum status open_log(struct sim_disk *disk, enum journal_kind kind, uint64_t proven,
                            bool read_only, struct journal **out_journal)
{
    struct journal_options options = {.kind = kind,
                                      .segment_bytes = 32 * 1024,
                                      .batch_bytes = 8 * 1024,
                                      .read_only = read_only,
                                      .proven_sequence = proven};
    struct journal_report report;
    return journal_embedded_open(&disk->base, kind == JOURNAL_COMMANDS ? "commands" : "events",
                                 &options, &report, out_journal);
}

/* The order of apps/dojima/shard.c: each log says what of the other one is proven durable. */
static enum status open_both(struct sim_disk *disk, struct stage *stage, bool full)
{
    struct journal *events = NULL;
    struct journal_stat stat = {0};
    if (open_log(disk, JOURNAL_EVENTS, 0, true, &events) == STATUS_OK) {
        journal_stat(events, &stat);
        assert_int_equal(journal_close(events, false), STATUS_OK);
    }
    struct sequencer_options options = {.full = full};
    enum status status =
        open_log(disk, JOURNAL_COMMANDS, stat.note.proven_sequence, false, &options.commands);
    if (status != STATUS_OK) {
        return status;
    }
    journal_stat(options.commands, &stat);
    status = open_log(disk, JOURNAL_EVENTS, stat.note.proven_sequence, false, &options.events);
    if (status != STATUS_OK) {
        assert_int_equal(journal_close(options.commands, false), STATUS_OK);
        return status;
    }
    status = stage_open(stage, options);
    return status == STATUS_OK ? sequencer_recover(stage->sequencer) : status;
}

/* From the next command to the end of the script, or to the first failure. */
static void run_script(struct stage *stage, struct outcome *outcome)
{
    struct sequencer_counts counts;
    sequencer_count(stage->sequencer, &counts);
    outcome->submitted = counts.commands;
    outcome->durable = counts.commands;
    while (outcome->status == STATUS_OK && outcome->submitted < SCRIPT_COMMANDS) {
        uint64_t wanted = 1 + hash_mix64(outcome->submitted) % 4;
        for (uint64_t i = 0; i < wanted && outcome->submitted < SCRIPT_COMMANDS; i++) {
            outcome->status = stage_submit(stage, outcome->submitted + 1);
            if (outcome->status != STATUS_OK) {
                return;
            }
            outcome->submitted++;
        }
        /* The commands alone, now and then: their events are shown and not logged yet. */
        bool flush = hash_mix64(outcome->submitted) % 3 == 0;
        outcome->status =
            flush ? sequencer_flush(stage->sequencer) : sequencer_tick(stage->sequencer, 0);
        if (outcome->status == STATUS_OK) {
            outcome->durable = outcome->submitted;
        }
    }
}

static struct outcome open_and_run(struct sim_disk *disk)
{
    struct stage stage = {0};
    struct outcome outcome = {0};
    outcome.status = open_both(disk, &stage, false);
    if (outcome.status == STATUS_OK) {
        run_script(&stage, &outcome);
    }
    enum status closed = stage_close(&stage, true);
    outcome.status = outcome.status == STATUS_OK ? closed : outcome.status;
    return outcome;
}

static void compare(const struct stage *stage, uint64_t commands)
{
    struct sequencer_counts counts;
    sequencer_count(stage->sequencer, &counts);
    assert_int_equal(counts.commands, commands);
    assert_int_equal(counts.events, expected_events[commands]);
    assert_int_equal(counts.event_hash, expected_hash[commands]);
    assert_int_equal(stage_hash(stage), expected_state[commands]);
}

/* Recovers, compares, goes on to the end, compares, and does so once more byte by byte. */
static void check_recovery(struct sim_disk *disk, const struct outcome *outcome)
{
    struct stage stage = {0};
    enum status opened = open_both(disk, &stage, true);
    if (opened != STATUS_OK && stage.fault.reason != NULL) {
        print_error("  %s: command %llu, event %llu\n", stage.fault.reason,
                    (unsigned long long)stage.fault.command_sequence,
                    (unsigned long long)stage.fault.event_sequence);
    }
    assert_int_equal(opened, STATUS_OK);
    struct sequencer_counts counts;
    sequencer_count(stage.sequencer, &counts);
    assert_true(counts.commands >= outcome->durable);
    assert_true(counts.commands <= outcome->submitted);
    compare(&stage, counts.commands);
    struct outcome rest = {0};
    run_script(&stage, &rest);
    assert_int_equal(rest.status, STATUS_OK);
    compare(&stage, SCRIPT_COMMANDS);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(open_both(disk, &stage, true), STATUS_OK);
    compare(&stage, SCRIPT_COMMANDS);
    sequencer_count(stage.sequencer, &counts);
    assert_int_equal(counts.events_compared, expected_events[SCRIPT_COMMANDS]);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
}

/* The undisturbed run; returns the calls it made to the disk. */
static uint64_t measure(void)
{
    struct sim_disk disk;
    sim_disk_init(&disk, 0);
    struct stage stage = {0};
    assert_int_equal(open_both(&disk, &stage, false), STATUS_OK);
    expected_state[0] = stage_hash(&stage);
    for (uint64_t number = 1; number <= SCRIPT_COMMANDS; number++) {
        assert_int_equal(stage_submit(&stage, number), STATUS_OK);
        struct sequencer_counts counts;
        sequencer_count(stage.sequencer, &counts);
        expected_state[number] = stage_hash(&stage);
        expected_events[number] = counts.events;
        expected_hash[number] = counts.event_hash;
    }
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    sim_disk_deinit(&disk);
    sim_disk_init(&disk, 0);
    struct outcome outcome = open_and_run(&disk);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_int_equal(outcome.durable, SCRIPT_COMMANDS);
    uint64_t calls = disk.calls;
    sim_disk_deinit(&disk);
    return calls;
}

/* What is being tried, for the message of a failure; call 0 = done. */
static uint64_t tried_call;
static enum sim_crash tried_crash;

static int tell_failure(void **state)
{
    (void)state;
    if (tried_call != 0) {
        print_error("  crash at call %llu, fate %d\n", (unsigned long long)tried_call,
                    (int)tried_crash);
    }
    return 0;
}

static void crash_and_recover(uint64_t call, enum sim_crash crash)
{
    tried_call = call;
    tried_crash = crash;
    struct sim_disk disk;
    uint64_t seed = call * SIM_CRASH_COUNT + (uint64_t)crash;
    sim_disk_init(&disk, seed);
    disk.crash_at_call = call;
    disk.crash = crash;
    struct outcome outcome = open_and_run(&disk);
    assert_true(disk.down);
    assert_int_equal(outcome.status, STATUS_IO);
    sim_disk_restart(&disk);
    if (seed % 5 == 0) {
        disk.crash_at_call = disk.calls + 1 + hash_mix64(seed) % 12;
        struct outcome again = open_and_run(&disk);
        assert_true(disk.down);
        sim_disk_restart(&disk);
        if (again.durable > outcome.durable) {
            outcome.durable = again.durable;
        }
        if (again.submitted > outcome.submitted) {
            outcome.submitted = again.submitted;
        }
    }
    disk.crash_at_call = 0;
    check_recovery(&disk, &outcome);
    sim_disk_deinit(&disk);
}

static void a_crash_at_every_call_loses_and_invents_nothing(void **state)
{
    (void)state;
    uint64_t calls = measure();
    assert_true(calls > 100);
    for (uint64_t call = 1; call <= calls; call++) {
        for (int crash = 0; crash < SIM_CRASH_COUNT; crash++) {
            crash_and_recover(call, (enum sim_crash)crash);
        }
    }
    tried_call = 0;
    print_message("  %llu calls, %d fates each\n", (unsigned long long)calls, SIM_CRASH_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_crash_at_every_call_loses_and_invents_nothing, tell_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

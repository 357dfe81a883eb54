/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a restart gives the state, the events and the counts of a run that never stopped; an
 * importer that starts over is held to what it said before; every difference is named. Method: a
 * script of 100 commands over memory journals whose stores outlive the sequencer, as disks do;
 * stores with a changed event, with a missing tail, without their last commands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/memory/memory.h"
#include "sequencer/script.h"

struct stores {
    struct journal_memory_store commands;
    struct journal_memory_store events;
};

static void stores_deinit(struct stores *stores)
{
    journal_memory_store_deinit(&stores->commands);
    journal_memory_store_deinit(&stores->events);
}

static struct journal *open_log(struct journal_memory_store *store, enum journal_kind kind,
                                bool read_only)
{
    struct journal_options options = {.kind = kind, .batch_bytes = 8192, .read_only = read_only};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_memory_open(store, &options, &report, &journal), STATUS_OK);
    return journal;
}

static enum status open_stage_at(struct stage *stage, struct stores *stores,
                                 struct sequencer_options options, const struct stage_state *from)
{
    options.commands = open_log(&stores->commands, JOURNAL_COMMANDS, options.read_only);
    options.events = open_log(&stores->events, JOURNAL_EVENTS, options.read_only);
    enum status status = stage_open_at(stage, options, from);
    if (status != STATUS_OK) {
        assert_int_equal(journal_close(options.commands, false), STATUS_OK);
        assert_int_equal(journal_close(options.events, false), STATUS_OK);
        stage->sequencer = NULL;
    }
    return status;
}

static enum status open_stage(struct stage *stage, struct stores *stores,
                              struct sequencer_options options)
{
    return open_stage_at(stage, stores, options, &(struct stage_state){0});
}

/* Submits first..last and makes them durable; returns the state. */
static uint64_t run(struct stage *stage, uint64_t first, uint64_t last)
{
    for (uint64_t number = first; number <= last; number++) {
        assert_int_equal(stage_submit(stage, number), STATUS_OK);
        if (number % 17 == 0) {
            assert_int_equal(sequencer_tick(stage->sequencer, UINT64_MAX), STATUS_OK);
        }
    }
    assert_int_equal(sequencer_flush(stage->sequencer), STATUS_OK);
    return stage_hash(stage);
}

static struct sequencer_counts counts_of(const struct stage *stage)
{
    struct sequencer_counts counts;
    sequencer_count(stage->sequencer, &counts);
    return counts;
}

static void a_restart_equals_the_run_that_never_stopped(void **state)
{
    (void)state;
    struct stores whole = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &whole, (struct sequencer_options){0}), STATUS_OK);
    uint64_t expected = run(&stage, 1, SCRIPT_COMMANDS);
    struct sequencer_counts unbroken = counts_of(&stage);
    assert_int_equal(unbroken.released, SCRIPT_COMMANDS);
    assert_true(unbroken.events > SCRIPT_COMMANDS);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    for (uint64_t stop = 0; stop <= SCRIPT_COMMANDS; stop++) {
        struct stores stores = {0};
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
        run(&stage, 1, stop);
        assert_int_equal(stage_close(&stage, stop % 2 == 0), STATUS_OK);
        assert_int_equal(
            open_stage(&stage, &stores, (struct sequencer_options){.full = stop % 3 == 0}),
            STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
        assert_int_equal(counts_of(&stage).events_compared, counts_of(&stage).events_logged);
        assert_int_equal(counts_of(&stage).events_recovered, 0);
        assert_int_equal(run(&stage, stop + 1, SCRIPT_COMMANDS), expected);
        assert_int_equal(counts_of(&stage).commands, unbroken.commands);
        assert_int_equal(counts_of(&stage).events, unbroken.events);
        assert_int_equal(counts_of(&stage).event_hash, unbroken.event_hash);
        assert_int_equal(stage_close(&stage, true), STATUS_OK);
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.full = true}),
                         STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
        assert_int_equal(counts_of(&stage).events_compared, unbroken.events);
        assert_int_equal(stage_close(&stage, true), STATUS_OK);
        stores_deinit(&stores);
    }
    stores_deinit(&whole);
}

/* A state of every command, and behind it a log that ends at once, later, or at the end. */
static void a_start_from_a_state_equals_one_from_the_beginning(void **state)
{
    (void)state;
    struct stores whole = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &whole, (struct sequencer_options){0}), STATUS_OK);
    uint64_t expected = run(&stage, 1, SCRIPT_COMMANDS);
    struct sequencer_counts unbroken = counts_of(&stage);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    for (uint64_t at = 1; at <= SCRIPT_COMMANDS; at++) {
        struct stores stores = {0};
        uint64_t stop = at % 3 == 0 ? at : at + (SCRIPT_COMMANDS - at) / (at % 3);
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
        run(&stage, 1, at);
        struct stage_state from = stage_save(&stage);
        uint64_t events = counts_of(&stage).events;
        run(&stage, at + 1, stop);
        assert_int_equal(stage_close(&stage, at % 2 == 0), STATUS_OK);
        assert_int_equal(
            open_stage_at(&stage, &stores, (struct sequencer_options){.full = at % 3 == 0}, &from),
            STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
        assert_int_equal(counts_of(&stage).commands, stop);
        assert_int_equal(counts_of(&stage).events_compared,
                         counts_of(&stage).events_logged - events);
        assert_int_equal(run(&stage, stop + 1, SCRIPT_COMMANDS), expected);
        assert_int_equal(counts_of(&stage).events, unbroken.events);
        assert_int_equal(counts_of(&stage).event_hash, unbroken.event_hash);
        assert_int_equal(stage_close(&stage, true), STATUS_OK);
        free(from.bytes);
        stores_deinit(&stores);
    }
    stores_deinit(&whole);
}

static void a_state_of_another_log_or_ahead_of_it_is_refused(void **state)
{
    (void)state;
    struct stores longer = {0};
    struct stores shorter = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &longer, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 60);
    struct stage_state from = stage_save(&stage);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(open_stage(&stage, &shorter, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 59);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(open_stage_at(&stage, &shorter, (struct sequencer_options){0}, &from),
                     STATUS_DAMAGED);
    assert_int_equal(stage.fault.command_sequence, 60);
    free(stage.engine_bytes);
    free(stage.sequencer_bytes);
    /* The running hash says so at the first batch behind it. */
    assert_int_equal(open_stage(&stage, &longer, (struct sequencer_options){0}), STATUS_OK);
    assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
    run(&stage, 61, 80);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    from.event_hash++;
    assert_int_equal(open_stage_at(&stage, &longer, (struct sequencer_options){0}, &from),
                     STATUS_OK);
    assert_int_equal(sequencer_recover(stage.sequencer), STATUS_MISMATCH);
    enum status closed = stage_close(&stage, false);
    assert_int_equal(closed, STATUS_MISMATCH);
    free(from.bytes);
    stores_deinit(&longer);
    stores_deinit(&shorter);
}

static void an_importer_that_starts_over_goes_on_where_the_log_ends(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 60);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.follow = true}),
                     STATUS_OK);
    for (uint64_t number = 1; number <= 60; number++) {
        assert_true(sequencer_following(stage.sequencer));
        assert_int_equal(stage_submit(&stage, number), STATUS_OK);
        struct events outcome = sequencer_outcome(stage.sequencer);
        assert_true(outcome.used > 0);
    }
    assert_false(sequencer_following(stage.sequencer));
    uint64_t resumed = run(&stage, 61, SCRIPT_COMMANDS);
    assert_int_equal(counts_of(&stage).commands_logged, 60);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.full = true}),
                     STATUS_OK);
    assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    struct stores whole = {0};
    assert_int_equal(open_stage(&stage, &whole, (struct sequencer_options){0}), STATUS_OK);
    assert_int_equal(run(&stage, 1, SCRIPT_COMMANDS), resumed);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    stores_deinit(&whole);
    stores_deinit(&stores);
}

static void an_importer_that_says_something_else_is_stopped(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 60);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    for (int changed = 0; changed < 3; changed++) {
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.follow = true}),
                         STATUS_OK);
        for (uint64_t number = 1; number < 40; number++) {
            assert_int_equal(stage_submit(&stage, number), STATUS_OK);
        }
        struct command command = script_command(40);
        command.header.time_ns += changed == 0;
        command.header.source_index += changed == 1;
        command.cancel.account += changed == 2; /* the first field of every kind of order command */
        assert_int_equal(sequencer_submit(stage.sequencer, &command), STATUS_MISMATCH);
        assert_int_equal(stage.fault.command_sequence, 40);
        assert_int_equal(stage_submit(&stage, 40), STATUS_MISMATCH); /* for good */
        assert_int_equal(stage_close(&stage, true), STATUS_MISMATCH);
    }
    stores_deinit(&stores);
}

/* Turns one bit of the body of event `sequence` over, in the store. */
static void change_event(struct journal_memory_store *store, uint64_t sequence)
{
    for (size_t i = 0; i < store->count; i++) {
        struct journal_memory_batch *batch = &store->batches[i];
        uint64_t at = batch->header.first_sequence;
        size_t offset = 0;
        for (uint32_t n = 0; n < batch->header.count; n++, at++) {
            size_t bytes = bytes_load_le32(batch->bytes + offset + 8);
            if (at == sequence) {
                batch->bytes[offset + JOURNAL_FRAME_BYTES + bytes - 1] ^= 4;
                return;
            }
            offset += journal_frame_bytes(bytes);
        }
    }
    fail();
}

static void a_changed_event_is_found(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, SCRIPT_COMMANDS);
    uint64_t events = counts_of(&stage).events;
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    for (uint64_t sequence = 1; sequence <= events; sequence++) {
        change_event(&stores.events, sequence);
        assert_int_equal(open_stage(&stage, &stores,
                                    (struct sequencer_options){.full = true, .read_only = true}),
                         STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_MISMATCH);
        assert_int_equal(stage.fault.event_sequence, sequence);
        assert_int_equal(stage_close(&stage, false), STATUS_MISMATCH);
        change_event(&stores.events, sequence);
    }
    stores_deinit(&stores);
}

/* What an engine with other logic would have logged: another running hash. */
static void a_changed_running_hash_is_found(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, SCRIPT_COMMANDS);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_true(stores.events.count > 3);
    for (size_t i = 0; i < stores.events.count; i++) {
        struct journal_batch *batch = &stores.events.batches[i].header;
        batch->note.running_hash ^= 1;
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.read_only = true}),
                         STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_MISMATCH);
        assert_int_equal(stage.fault.event_sequence, batch->first_sequence);
        assert_int_equal(stage.fault.event_last, batch->first_sequence + batch->count - 1);
        assert_int_equal(stage_close(&stage, false), STATUS_MISMATCH);
        batch->note.running_hash ^= 1;
    }
    stores_deinit(&stores);
}

static void drop_last_batch(struct journal_memory_store *store)
{
    free(store->batches[--store->count].bytes);
    store->sealed = false;
}

static void missing_events_are_made_again_and_missing_commands_refused(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    uint64_t expected = run(&stage, 1, SCRIPT_COMMANDS);
    uint64_t events = counts_of(&stage).events;
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    while (stores.events.count > 0) {
        drop_last_batch(&stores.events);
        size_t left = stores.events.count;
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.full = true}),
                         STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
        assert_int_equal(counts_of(&stage).events_recovered,
                         events - counts_of(&stage).events_logged);
        assert_int_equal(stage_hash(&stage), expected);
        assert_int_equal(stage_close(&stage, false), STATUS_OK);
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.full = true}),
                         STATUS_OK);
        assert_int_equal(sequencer_recover(stage.sequencer), STATUS_OK);
        assert_int_equal(counts_of(&stage).events_compared, events);
        assert_int_equal(stage_close(&stage, false), STATUS_OK);
        while (stores.events.count > left) {
            drop_last_batch(&stores.events);
        }
    }
    stores_deinit(&stores);
    stores = (struct stores){0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, SCRIPT_COMMANDS);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    drop_last_batch(&stores.commands);
    uint64_t kept = stores.commands.batches[stores.commands.count - 1].header.first_sequence +
                    stores.commands.batches[stores.commands.count - 1].header.count - 1;
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_DAMAGED);
    assert_int_equal(stage.fault.command_sequence, kept + 1);
    free(stage.engine_bytes);
    free(stage.sequencer_bytes);
    stores_deinit(&stores);
}

/* A stop right after the first commit: no later batch could say that the events are there. */
static void a_clean_stop_proves_each_log_in_the_other(void **state)
{
    (void)state;
    static const uint64_t stops[] = {0, 1, SCRIPT_OPENING, 40, SCRIPT_COMMANDS};
    for (size_t i = 0; i < ARRAY_COUNT(stops); i++) {
        struct stores stores = {0};
        struct stage stage = {0};
        assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
        run(&stage, 1, stops[i]);
        struct sequencer_counts counts = counts_of(&stage);
        assert_int_equal(stage_close(&stage, true), STATUS_OK);
        assert_int_equal(stores.commands.note.proven_sequence, counts.events);
        assert_int_equal(stores.commands.note.running_hash, counts.event_hash);
        assert_int_equal(stores.events.note.proven_sequence, counts.commands);
        assert_int_equal(stores.events.note.running_hash, counts.event_hash);
        stores_deinit(&stores);
    }
}

/* Stopped by a signal while the importer reads again what it had said: nothing is forgotten. */
static void a_stop_while_following_proves_what_is_there(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 60);
    struct sequencer_counts counts = counts_of(&stage);
    assert_int_equal(stage_close(&stage, false), STATUS_OK);
    uint64_t proven = stores.commands.note.proven_sequence;
    assert_true(proven < counts.events);
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){.follow = true}),
                     STATUS_OK);
    assert_int_equal(stage_submit(&stage, 1), STATUS_OK);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(stores.commands.note.proven_sequence, counts.events);
    assert_int_equal(stores.commands.note.running_hash, counts.event_hash);
    assert_int_equal(stores.events.note.proven_sequence, 60);
    stores_deinit(&stores);
}

/* What on_event showed, against the events log. */
struct shown {
    uint64_t last;
    uint64_t hash;
    uint64_t time_ns;
};

static void on_event(void *context, uint64_t event_sequence, uint64_t time_ns, const uint8_t *bytes,
                     size_t count)
{
    struct shown *shown = context;
    assert_int_equal(event_sequence, shown->last + 1);
    assert_true(time_ns >= shown->time_ns);
    shown->last = event_sequence;
    shown->time_ns = time_ns;
    shown->hash = hash_running(shown->hash, bytes, bytes_align_up(count, 8));
}

static void every_event_is_shown_once_and_in_order(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    struct shown shown = {0};
    struct sequencer_options options = {.on_event = on_event, .context = &shown};
    assert_int_equal(open_stage(&stage, &stores, options), STATUS_OK);
    run(&stage, 1, SCRIPT_COMMANDS);
    struct sequencer_counts counts = counts_of(&stage);
    assert_int_equal(shown.last, counts.events);
    assert_int_equal(shown.hash, counts.event_hash);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    stores_deinit(&stores);
}

static void log_time_never_goes_back(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    uint64_t last = 0;
    for (uint64_t number = 1; number <= SCRIPT_COMMANDS; number++) {
        struct command command = script_command(number);
        uint64_t asked = command.header.time_ns;
        assert_int_equal(sequencer_submit(stage.sequencer, &command), STATUS_OK);
        assert_int_equal(command.header.sequence, number);
        assert_int_equal(command.header.time_ns, asked > last ? asked : last);
        last = command.header.time_ns;
    }
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    stores_deinit(&stores);
}

static void events_wait_for_company_but_not_for_long(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    struct sequencer_options options = {
        .commands = open_log(&stores.commands, JOURNAL_COMMANDS, false),
        .events = open_log(&stores.events, JOURNAL_EVENTS, false),
    };
    assert_int_equal(stage_open(&stage, options), STATUS_OK);
    for (uint64_t number = 1; number <= 30; number++) {
        assert_int_equal(stage_submit(&stage, number), STATUS_OK);
    }
    assert_int_equal(sequencer_tick(stage.sequencer, 30000), STATUS_OK);
    assert_true(counts_of(&stage).released == 30);
    assert_true(journal_durable(options.commands) == 30);
    assert_true(journal_durable(options.events) == 0);
    assert_true(journal_uncommitted(options.events) == counts_of(&stage).events);
    assert_int_equal(sequencer_tick(stage.sequencer, 3000000), STATUS_OK);
    assert_true(journal_durable(options.events) == 0);
    /* A clock that went back is no reason either. */
    assert_int_equal(sequencer_tick(stage.sequencer, 1), STATUS_OK);
    assert_true(journal_durable(options.events) == 0);
    assert_int_equal(sequencer_tick(stage.sequencer, 5030000), STATUS_OK);
    assert_true(journal_durable(options.events) == counts_of(&stage).events);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    stores_deinit(&stores);
}

/* Version of the record of a command or an event in its log. */
static unsigned logged_version(struct stores *stores, enum journal_kind kind, uint64_t sequence,
                               unsigned id)
{
    struct journal *journal =
        open_log(kind == JOURNAL_EVENTS ? &stores->events : &stores->commands, kind, true);
    struct journal_cursor cursor = journal_cursor_at(sequence);
    struct journal_entry entry;
    size_t count = 0;
    assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entry.body[0], id);
    unsigned version = entry.body[1];
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    return version;
}

/* The first NEW_ORDER of the script from a command on, that uses what rules 2 brought or does not.
 */
static uint64_t order_from(uint64_t number, bool later)
{
    for (;; number++) {
        struct command command = script_command(number);
        if (command.header.id == COMMAND_NEW_ORDER &&
            (command.new_order.minimum_quantity.lots != 0) == later) {
            return number;
        }
    }
}

static void older_rules_write_older_records(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, SCRIPT_UPGRADE - 1);
    uint64_t upgrade = counts_of(&stage).events + 1;
    assert_int_equal(engine_logic(stage.engine), LOGIC_OLDEST);
    run(&stage, SCRIPT_UPGRADE, SCRIPT_COMMANDS);
    assert_int_equal(engine_logic(stage.engine), LOGIC_NEWEST);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    assert_int_equal(logged_version(&stores, JOURNAL_EVENTS, SCRIPT_OPENING, EVENT_ACCOUNT_OPENED),
                     1);
    /* A command has the oldest layout that says all of it, under any rules. */
    uint64_t before = order_from(1, false);
    uint64_t plain = order_from(SCRIPT_UPGRADE, false);
    uint64_t later = order_from(SCRIPT_UPGRADE, true);
    assert_true(before < SCRIPT_UPGRADE && plain <= SCRIPT_COMMANDS && later <= SCRIPT_COMMANDS);
    assert_int_equal(logged_version(&stores, JOURNAL_COMMANDS, before, COMMAND_NEW_ORDER), 1);
    assert_int_equal(logged_version(&stores, JOURNAL_COMMANDS, plain, COMMAND_NEW_ORDER), 1);
    assert_int_equal(logged_version(&stores, JOURNAL_COMMANDS, later, COMMAND_NEW_ORDER), 2);
    assert_int_equal(logged_version(&stores, JOURNAL_EVENTS, upgrade, EVENT_LOGIC_CHANGED), 1);
    assert_int_equal(logged_version(&stores, JOURNAL_EVENTS, upgrade + 1, EVENT_ACCOUNT_OPENED), 2);
    stores_deinit(&stores);
}

/* What only a later release can have written. */
static void rules_of_a_later_release_are_no_damage(void **state)
{
    (void)state;
    struct stores stores = {0};
    struct stage stage = {0};
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    run(&stage, 1, 10);
    assert_int_equal(stage_close(&stage, true), STATUS_OK);
    struct journal *journal = open_log(&stores.commands, JOURNAL_COMMANDS, false);
    struct command command = {.header = {.id = COMMAND_LOGIC_VERSION, .version = 1}};
    command.logic_version.logic_version = LOGIC_NEWEST + 1;
    assert_false(engine_understands(&command));
    uint8_t *at = journal_reserve(journal, COMMAND_HEADER_BYTES + COMMAND_BODY_BYTES_MAX);
    assert_non_null(at);
    command_header_encode(at, &command.header);
    size_t count = COMMAND_HEADER_BYTES + command_body_encode(at + COMMAND_HEADER_BYTES, &command);
    assert_int_equal(journal_append(journal, 20000, count), 11);
    struct journal_note note = {0};
    assert_int_equal(journal_commit(journal, &note), STATUS_OK);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(open_stage(&stage, &stores, (struct sequencer_options){0}), STATUS_OK);
    assert_int_equal(sequencer_recover(stage.sequencer), STATUS_UNSUPPORTED);
    assert_int_equal(stage.fault.command_sequence, 11);
    assert_non_null(strstr(stage.fault.reason, "later release"));
    enum status closed = stage_close(&stage, false);
    assert_int_equal(closed, STATUS_UNSUPPORTED);
    stores_deinit(&stores);
}

/* A writer thread fails while nobody submits: the next duty cycle says so. */
static void a_log_that_failed_is_noticed_without_a_submit(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        struct stores stores = {0};
        struct stage stage = {0};
        struct sequencer_options options = {
            .commands = open_log(&stores.commands, JOURNAL_COMMANDS, false),
            .events = open_log(&stores.events, JOURNAL_EVENTS, false),
        };
        assert_int_equal(stage_open(&stage, options), STATUS_OK);
        run(&stage, 1, 20);
        struct journal *failed = which == 0 ? options.commands : options.events;
        atomic_store(&failed->durable_sequence, failed->batch_first_sequence - 2);
        atomic_store(&failed->failure, (int)STATUS_IO);
        assert_int_equal(sequencer_tick(stage.sequencer, 0), STATUS_IO);
        assert_string_equal(stage.fault.reason,
                            which == 0 ? "the commands log failed" : "the events log failed");
        enum status closed = stage_close(&stage, true);
        assert_int_equal(closed, STATUS_IO);
        stores_deinit(&stores);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_equals_the_run_that_never_stopped),
        cmocka_unit_test(a_start_from_a_state_equals_one_from_the_beginning),
        cmocka_unit_test(a_state_of_another_log_or_ahead_of_it_is_refused),
        cmocka_unit_test(an_importer_that_starts_over_goes_on_where_the_log_ends),
        cmocka_unit_test(an_importer_that_says_something_else_is_stopped),
        cmocka_unit_test(a_changed_event_is_found),
        cmocka_unit_test(a_changed_running_hash_is_found),
        cmocka_unit_test(missing_events_are_made_again_and_missing_commands_refused),
        cmocka_unit_test(a_clean_stop_proves_each_log_in_the_other),
        cmocka_unit_test(a_stop_while_following_proves_what_is_there),
        cmocka_unit_test(every_event_is_shown_once_and_in_order),
        cmocka_unit_test(log_time_never_goes_back),
        cmocka_unit_test(older_rules_write_older_records),
        cmocka_unit_test(rules_of_a_later_release_are_no_damage),
        cmocka_unit_test(events_wait_for_company_but_not_for_long),
        cmocka_unit_test(a_log_that_failed_is_noticed_without_a_submit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

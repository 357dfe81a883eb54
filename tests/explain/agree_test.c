/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the checks that are told lead to what the engine does: the same refusal with the same limit
 * and value, or none. Method: seeded random commands of all kinds in a memory journal; for each
 * one the checks are read in the state of past_moment and compared with the events that follow.
 * What must be met is counted; that the comparison can fail is shown with changed refusals.
 */
#include "base/assert.h"
#include "explain/checks.h"
#include "explain/past.h"
#include "journal/memory/memory.h"
#include "tests/explain/flow.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COMMANDS     8000
#define SEEDS        4
#define CODES_WANTED 26 /* reject codes that the lists must come to by themselves */

struct met {
    uint64_t codes[REJECT_COUNT + 1];
    uint64_t replayed;
    uint64_t moments; /* where something was due before a command */
};

static void put(struct journal *journal, const struct command *command)
{
    uint8_t *body = journal_reserve(journal, JOURNAL_BODY_BYTES_MAX);
    struct journal_note note = {0};
    if (body == NULL) {
        assert_int_equal(journal_commit(journal, &note), STATUS_OK);
        body = journal_reserve(journal, JOURNAL_BODY_BYTES_MAX);
    }
    command_header_encode(body, &command->header);
    size_t bytes = command_body_encode(body + COMMAND_HEADER_BYTES, command);
    journal_append(journal, (int64_t)command->header.time_ns, COMMAND_HEADER_BYTES + bytes);
}

static void fill(struct journal *journal, uint64_t seed)
{
    struct flow flow;
    struct journal_note note = {0};
    flow_open(&flow, seed);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command;
        flow_next(&flow, &command);
        command.header.version = (uint8_t)command_version_at(command.header.id, LOGIC_NEWEST);
        put(journal, &command);
    }
    assert_int_equal(journal_commit(journal, &note), STATUS_OK);
    flow_close(&flow);
}

/* The refusal of the command just applied; false: there is none. */
static bool refusal_of(const struct past *past, struct event *out_event)
{
    struct event_record record;
    bool found = false;
    for (size_t at = 0; event_next(&past->now.events, &at, &record);) {
        if (record.bytes[0] == EVENT_REJECTED) {
            assert_int_equal(event_header_decode(record.bytes, record.count, &out_event->header),
                             STATUS_OK);
            assert_int_equal(event_body_decode(record.bytes + EVENT_HEADER_BYTES,
                                               record.count - EVENT_HEADER_BYTES, out_event),
                             STATUS_OK);
            found = true;
        }
    }
    return found;
}

static bool came_again(const struct past *past)
{
    struct event_record record;
    bool found = false;
    for (size_t at = 0; event_next(&past->now.events, &at, &record);) {
        found = found || record.bytes[0] == EVENT_REPLAYED;
    }
    return found;
}

/* One command: what is told, against what happens. */
static void step(struct past *past, uint64_t seed, struct met *met)
{
    const struct engine *moment;
    struct checks checks;
    struct event event = {0};
    assert_int_equal(past_moment(past, &moment), STATUS_OK);
    met->moments += moment != past->now.engine;
    checks_read(moment, &past->command, &checks);
    past_apply(past);
    bool refused = refusal_of(past, &event);
    enum reject told = checks.code;
    if (!checks_conclude(&checks, refused ? &event.rejected : NULL)) {
        fail_msg("seed %" PRIu64 ", command %" PRIu64 " (%s): told %s limit %" PRId64
                 " value %" PRId64 ", the engine %s limit %" PRId64 " value %" PRId64,
                 seed, past->sequence, command_name(past->command.header.id),
                 reject_name(checks.code), checks.limit, checks.value,
                 refused ? reject_name(event.rejected.code) : "takes it", event.rejected.limit,
                 event.rejected.value);
    }
    assert_int_equal(checks.replayed, came_again(past));
    met->replayed += checks.replayed;
    met->codes[told]++;
}

static void checks_lead_to_what_happens(void **state)
{
    (void)state;
    struct met met = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct journal_memory_store store = {0};
        struct journal_options options = {.kind = JOURNAL_COMMANDS};
        struct journal_report report;
        struct journal *journal;
        struct past past;
        assert_int_equal(journal_memory_open(&store, &options, &report, &journal), STATUS_OK);
        fill(journal, seed);
        assert_int_equal(past_open(&past, journal), STATUS_OK);
        while (past_next(&past) == STATUS_OK) {
            step(&past, seed, &met);
        }
        assert_int_equal(past.sequence, COMMANDS);
        past_close(&past);
        assert_int_equal(journal_close(journal, false), STATUS_OK);
        journal_memory_store_deinit(&store);
    }
    unsigned codes = 0;
    for (unsigned i = 1; i <= REJECT_COUNT; i++) {
        codes += met.codes[i] > 0;
    }
    printf("%u reject codes told, %" PRIu64 " resends, %" PRIu64 " moments behind timers\n", codes,
           met.replayed, met.moments);
    assert_true(codes >= CODES_WANTED);
    assert_true(met.replayed > 0 && met.moments > 100);
}

/* What is behind it cannot be told, what is before it can. */
static void rules_of_a_later_release_are_the_end(void **state)
{
    (void)state;
    struct journal_memory_store store = {0};
    struct journal_options options = {.kind = JOURNAL_COMMANDS};
    struct journal_report report;
    struct journal_note note = {0};
    struct journal *journal;
    struct past past;
    assert_int_equal(journal_memory_open(&store, &options, &report, &journal), STATUS_OK);
    fill(journal, 0);
    struct command later = {.header = {.id = COMMAND_LOGIC_VERSION, .version = 1}};
    later.logic_version.logic_version = LOGIC_NEWEST + 1;
    put(journal, &later);
    assert_int_equal(journal_commit(journal, &note), STATUS_OK);
    assert_int_equal(past_open(&past, journal), STATUS_OK);
    enum status status;
    while ((status = past_next(&past)) == STATUS_OK) {
        past_apply(&past);
    }
    assert_int_equal(status, STATUS_UNSUPPORTED);
    assert_int_equal(past.sequence, COMMANDS + 1);
    past_close(&past);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    journal_memory_store_deinit(&store);
}

static void another_outcome_is_a_contradiction(void **state)
{
    (void)state;
    struct checks refused = {.code = REJECT_UNKNOWN_ACCOUNT, .value = 7, .complete = true};
    struct event_rejected same = {.code = REJECT_UNKNOWN_ACCOUNT, .value = 7};
    struct event_rejected other_value = {.code = REJECT_UNKNOWN_ACCOUNT, .value = 8};
    struct event_rejected other_limit = {.code = REJECT_UNKNOWN_ACCOUNT, .limit = 1, .value = 7};
    struct event_rejected other_code = {.code = REJECT_UNKNOWN_ORDER, .value = 7};
    assert_true(checks_conclude(&refused, &same));
    assert_false(checks_conclude(&refused, &other_value));
    assert_false(checks_conclude(&refused, &other_limit));
    assert_false(checks_conclude(&refused, &other_code));
    assert_false(checks_conclude(&refused, NULL));
    struct checks passed = {.complete = true};
    assert_true(checks_conclude(&passed, NULL));
    assert_false(checks_conclude(&passed, &same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_lead_to_what_happens),
        cmocka_unit_test(rules_of_a_later_release_are_the_end),
        cmocka_unit_test(another_outcome_is_a_contradiction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the engine does what docs/reference/engine-rules.md says, for every command and whatever
 * stood before. Method: seeded random commands go to the engine and to its naive twin; the records
 * of every command must be equal byte for byte, and the books, names and counts now and then. Half
 * way each run goes on in a second engine, loaded from the canonical bytes of the first. A table
 * of what was met must hold. That the comparison can fail is shown by a twin that makes one
 * deliberate mistake.
 *
 *   engine.random_test [--commands N] [--seed S]
 *
 * Without --seed: 10^6 commands (divided by DOJIMA_TEST_SCALE) in runs of 25,000, seeds from 1.
 * With --seed: one run.
 */
#include "base/assert.h"
#include "tests/engine/coverage.h"
#include "tests/engine/subject.h"
#include "tests/engine/workload.h"
#include "wire/native/command_codec.h"
#include "wire/native/text36.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COMMANDS_DEFAULT      1000000
#define COMMANDS_PER_RUN      25000
#define COMMANDS_PER_LOOK     500 /* between two comparisons of whole states */
#define COMMANDS_FOR_A_FAULT  20000
#define LEVELS_LOOKED_AT      2048
#define DESCRIPTION_BYTES_MAX 200000

static uint64_t commands_wanted = COMMANDS_DEFAULT;
static uint64_t only_seed;
static bool has_only_seed;

struct run {
    uint64_t seed;
    uint64_t commands;
    bool quiet; /* a difference is expected */
    struct twin twin;
    struct subject subject;
    struct workload workload;
    struct command command;
    struct coverage *coverage; /* may be null */
};

static void print_difference(const struct run *run, const char *what)
{
    static char bytes[DESCRIPTION_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "seed %" PRIu64 " (%s), command %" PRIu64 ": %s\n  ", run->seed,
                run->workload.profile->name, run->command.header.sequence, what);
    command_describe_text(&run->command, &text);
    text_add(&text, "\n  engine:\n");
    subject_describe(&run->subject, &text);
    text_add(&text, "  twin:\n");
    events_describe(run->twin.events, run->twin.event_count, &text);
    text_format(&text, "repeat: engine.random_test --seed %" PRIu64 " --commands %" PRIu64 "\n",
                run->seed, run->commands);
    fputs(bytes, stderr);
}

static bool same_order(const struct engine_order *engine, const struct twin_order *twin)
{
    return engine->order_id == twin->order_id && engine->reference == twin->reference &&
           engine->account == twin->account && engine->price.units == twin->price &&
           engine->total.lots == twin->total && engine->remaining.lots == twin->remaining &&
           engine->expire_time == twin->expire_time && engine->instrument == twin->instrument &&
           engine->session == twin->session && engine->side == twin->side &&
           engine->time_in_force == twin->time_in_force &&
           text36_equal(&engine->client_order_id, &twin->name);
}

/* Levels, best price and head of one side. */
static bool same_side(const struct engine *engine, uint32_t instrument, enum side side,
                      const struct twin_list *orders)
{
    static struct engine_level levels[LEVELS_LOOKED_AT];
    struct engine_order head;
    size_t count = engine_levels(engine, instrument, side, levels, LEVELS_LOOKED_AT);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t quantity = 0;
        uint32_t in_level = 0;
        for (; at < orders->count && orders->at[at]->price == levels[i].price.units; at++) {
            quantity += orders->at[at]->remaining;
            in_level++;
        }
        if (in_level == 0 || in_level != levels[i].orders || quantity != levels[i].quantity.lots) {
            return false;
        }
    }
    int64_t best = orders->count > 0 ? orders->at[0]->price : PRICE_NONE;
    bool has_head = engine_head(engine, instrument, side, &head);
    return at == orders->count && engine_best(engine, instrument, side).units == best &&
           has_head == (orders->count > 0) && (!has_head || same_order(&head, orders->at[0]));
}

static bool same_names(const struct engine *engine, const struct twin_account *account)
{
    struct engine_order found;
    for (size_t i = 0; i < account->orders.count; i++) {
        const struct twin_order *order = account->orders.at[i];
        if (!engine_find(engine, order->account, &order->name, &found) ||
            !same_order(&found, order)) {
            return false;
        }
    }
    struct text36 never = text36_from("never");
    return !engine_find(engine, account->terms.account, &never, &found);
}

/* Null if engine and twin are in the same state, as far as the queries show. */
static const char *compare_states(struct run *run)
{
    const struct engine *engine = run->subject.engine;
    struct twin *twin = &run->twin;
    struct engine_counts counts;
    size_t assets = 0;
    size_t instruments = 0;
    size_t sessions = 0;
    for (uint32_t i = 1; i <= twin->limits.max_assets; i++) {
        assets += twin->assets[i].listed;
    }
    for (uint32_t i = 1; i <= twin->limits.max_sessions; i++) {
        sessions += twin->sessions[i].incarnation > 0;
    }
    for (uint32_t i = 1; i <= twin->limits.max_instruments; i++) {
        struct twin_instrument *instrument = &twin->instruments[i];
        instruments += instrument->listed;
        if (instrument->listed && (!same_side(engine, i, SIDE_BUY, &instrument->buys) ||
                                   !same_side(engine, i, SIDE_SELL, &instrument->sells))) {
            return "a book differs";
        }
    }
    for (size_t i = 0; i < twin->account_count; i++) {
        if (!same_names(engine, &twin->accounts[i])) {
            return "an order is not found under its name, or another one is";
        }
    }
    engine_count(engine, &counts);
    if (counts.assets != assets || counts.instruments != instruments ||
        counts.accounts != twin->account_count || counts.sessions != sessions ||
        counts.orders != twin_count_orders(twin) || counts.levels != twin_count_levels(twin)) {
        return "a count differs";
    }
    if (engine_command_sequence(engine) != run->workload.sequence ||
        engine_event_sequence(engine) != twin->event_sequence ||
        engine_time_ns(engine) != twin->time_ns) {
        return "a sequence or the time differs";
    }
    engine_check(engine);
    return NULL;
}

/* Goes on in another engine, built from the bytes of this one. */
static const char *change_engines(struct run *run)
{
    struct state_bytes before = {0};
    struct state_bytes after = {0};
    struct subject loaded;
    const char *difference = NULL;
    subject_walk(&run->subject, &before);
    subject_open(&loaded, &run->workload.profile->limits);
    if (engine_load(loaded.engine, before.bytes, before.count, &loaded.events) != STATUS_OK) {
        difference = "the engine does not load its own state";
    } else {
        subject_walk(&loaded, &after);
        if (after.count != before.count || memcmp(after.bytes, before.bytes, before.count) != 0) {
            difference = "a loaded state has other bytes";
        }
    }
    state_bytes_free(&before);
    state_bytes_free(&after);
    subject_close(&run->subject);
    run->subject = loaded;
    return difference;
}

/* Null if the command had the same effect on both. */
static const char *step(struct run *run)
{
    workload_next(&run->workload, &run->command);
    twin_apply(&run->twin, &run->command);
    subject_apply(&run->subject, &run->command);
    const char *difference =
        subject_compare(&run->subject, run->twin.events, run->twin.event_count);
    if (difference != NULL) {
        return difference;
    }
    if (run->coverage != NULL) {
        coverage_note(run->coverage, &run->twin);
    }
    if (run->workload.sequence % COMMANDS_PER_LOOK == 0 ||
        run->workload.sequence == run->commands) {
        difference = compare_states(run);
        if (run->coverage != NULL) {
            coverage_note_books(run->coverage, &run->twin);
        }
    }
    if (difference == NULL && run->workload.sequence == run->commands / 2) {
        difference = change_engines(run);
    }
    return difference;
}

static bool run_seed(struct run *run, uint64_t seed, uint64_t commands, enum twin_fault fault)
{
    const struct command_genesis *limits = &workload_profile_of(seed)->limits;
    run->seed = seed;
    run->commands = commands;
    twin_init(&run->twin, limits);
    run->twin.fault = fault;
    subject_open(&run->subject, limits);
    workload_init(&run->workload, seed, &run->twin);
    const char *difference = NULL;
    while (difference == NULL && run->workload.sequence < commands) {
        difference = step(run);
    }
    if (difference != NULL && !run->quiet) {
        print_difference(run, difference);
    }
    subject_close(&run->subject);
    twin_deinit(&run->twin);
    return difference == NULL;
}

static uint64_t scaled(uint64_t commands)
{
    const char *scale = getenv("DOJIMA_TEST_SCALE");
    uint64_t divisor = scale == NULL ? 1 : strtoull(scale, NULL, 10);
    return divisor > 1 ? commands / divisor : commands;
}

static void engine_and_twin_agree(void **state)
{
    (void)state;
    static struct coverage coverage;
    uint64_t commands = commands_wanted;
    if (has_only_seed) {
        struct run run = {.coverage = &coverage};
        assert_true(run_seed(&run, only_seed, commands, TWIN_FAULT_NONE));
        coverage_print(&coverage);
        return;
    }
    uint64_t seed = 1;
    for (uint64_t done = 0; done < commands; seed++) {
        uint64_t count = commands - done < COMMANDS_PER_RUN ? commands - done : COMMANDS_PER_RUN;
        struct run run = {.coverage = &coverage};
        assert_true(run_seed(&run, seed, count, TWIN_FAULT_NONE));
        done += count;
    }
    printf("%" PRIu64 " seeds, no difference\n", seed - 1);
    assert_true(coverage_print(&coverage));
}

static void every_fault_of_the_twin_is_noticed(void **state)
{
    (void)state;
    for (enum twin_fault fault = TWIN_FAULT_NONE + 1; fault < TWIN_FAULT_COUNT; fault++) {
        bool noticed = false;
        for (uint64_t seed = 0; seed < WORKLOAD_PROFILE_COUNT * 2 && !noticed; seed++) {
            struct run run = {.quiet = true};
            noticed = !run_seed(&run, seed, COMMANDS_FOR_A_FAULT, fault);
        }
        if (!noticed) {
            fail_msg("fault %d went unnoticed", (int)fault);
        }
    }
}

static bool read_number(const char *text, uint64_t *out)
{
    char *end = NULL;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == 0;
}

int main(int argc, char **argv)
{
    commands_wanted = scaled(COMMANDS_DEFAULT);
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 < argc && strcmp(argv[i], "--commands") == 0 &&
            read_number(argv[i + 1], &commands_wanted)) {
            continue;
        }
        if (i + 1 < argc && strcmp(argv[i], "--seed") == 0 &&
            read_number(argv[i + 1], &only_seed)) {
            has_only_seed = true;
            continue;
        }
        fprintf(stderr, "usage: %s [--commands N] [--seed S]\n", argv[0]);
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_and_twin_agree),
        cmocka_unit_test(every_fault_of_the_twin_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

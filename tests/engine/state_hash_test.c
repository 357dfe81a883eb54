/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the canonical bytes of the state hold every fact and nothing else. Method:
 *  - two worlds that differ in one fact alone have other bytes, and only in the place of that fact;
 *  - bytes loaded with the order records shuffled give the same bytes and the same future;
 *  - no bytes that are cut off are taken;
 *  - fixed seeded runs end in one hash, printed as "state-hash <hex>", whatever the compiler.
 */
#include "base/assert.h"
#include "base/prng.h"
#include "tests/engine/state_world.h"
#include "tests/engine/subject.h"
#include "tests/engine/workload.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUN_COMMANDS   20000
#define AFTER_COMMANDS 2000
#define SHUFFLES       6
#define ORDERS_LEAST   30 /* to be shuffled */
#define PIECES_MAX     8192
#define GOLDEN_HASH    UINT64_C(0x8189fd86bb53afb9)
#define FACT_BYTES_MAX 40 /* a name and its count */

/* One seeded run: twin and workload give the commands, the subject takes them. */
struct seeded {
    struct twin twin;
    struct subject subject;
    struct workload workload;
    uint64_t events_hash;
};

static void seeded_open(struct seeded *run, uint64_t seed)
{
    const struct command_genesis *limits = &workload_profile_of(seed)->limits;
    run->events_hash = 0;
    twin_init(&run->twin, limits);
    subject_open(&run->subject, limits);
    workload_init(&run->workload, seed, &run->twin);
}

static void seeded_close(struct seeded *run)
{
    subject_close(&run->subject);
    twin_deinit(&run->twin);
}

static void seeded_step(struct seeded *run, struct command *out_command)
{
    workload_next(&run->workload, out_command);
    twin_apply(&run->twin, out_command);
    subject_apply(&run->subject, out_command);
    if (run->subject.events.used > 0) {
        run->events_hash =
            hash_running(run->events_hash, run->subject.events.bytes, run->subject.events.used);
    }
}

static void world_bytes(const struct world *world, struct state_bytes *out)
{
    struct subject subject;
    static struct script script;
    world_script(world, &script);
    subject_open(&subject, &world->genesis);
    for (size_t i = 0; i < script.count; i++) {
        subject_apply(&subject, &script.commands[i]);
    }
    subject_walk(&subject, out);
    subject_close(&subject);
}

/* How many bytes lie from the first difference to the last. */
static size_t difference_span(const struct state_bytes *a, const struct state_bytes *b)
{
    size_t first = 0;
    while (first < a->count && a->bytes[first] == b->bytes[first]) {
        first++;
    }
    size_t last = a->count;
    while (last > first && a->bytes[last - 1] == b->bytes[last - 1]) {
        last--;
    }
    return last - first;
}

static void every_fact_is_in_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < world_change_count; i++) {
        const struct world_change *change = &world_changes[i];
        struct world one = world_plain();
        struct world other = world_plain();
        struct state_bytes a = {0};
        struct state_bytes b = {0};
        struct state_bytes again = {0};
        change->prepare(&one);
        change->prepare(&other);
        change->change(&other);
        world_bytes(&one, &a);
        world_bytes(&one, &again);
        world_bytes(&other, &b);
        bool alone = a.count == b.count && difference_span(&a, &b) <= FACT_BYTES_MAX;
        if (state_bytes_hash(&a) != state_bytes_hash(&again)) {
            fail_msg("%s: the same commands give other bytes", change->fact);
        }
        if (state_bytes_hash(&a) == state_bytes_hash(&b)) {
            fail_msg("%s is not in the bytes", change->fact);
        }
        if (change->alone && !alone) {
            fail_msg("%s: more than this fact differs: the world is wrong", change->fact);
        }
        state_bytes_free(&a);
        state_bytes_free(&b);
        state_bytes_free(&again);
    }
    printf("%zu facts, each in the bytes\n", world_change_count);
}

struct piece {
    size_t at;
    size_t count;
};

/* The bytes as the walk gave them, and where each piece stands. */
struct pieces {
    struct state_bytes state;
    struct piece at[PIECES_MAX];
    size_t count;
};

static void on_piece(void *context, const uint8_t *bytes, size_t count)
{
    struct pieces *pieces = context;
    ASSERT(pieces->count < PIECES_MAX);
    pieces->at[pieces->count] = (struct piece){pieces->state.count, count};
    pieces->count++;
    state_bytes_add(&pieces->state, bytes, count);
}

/* The same records, those of orders ('O') among themselves in another order. */
static void shuffle_orders(const struct pieces *pieces, struct prng *prng, struct state_bytes *out)
{
    static struct piece order[PIECES_MAX];
    memcpy(order, pieces->at, pieces->count * sizeof order[0]);
    for (size_t i = pieces->count; i-- > 1;) {
        size_t j = prng_below(prng, i + 1);
        if (pieces->state.bytes[order[i].at] == 'O' && pieces->state.bytes[order[j].at] == 'O') {
            struct piece kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
    for (size_t i = 0; i < pieces->count; i++) {
        state_bytes_add(out, pieces->state.bytes + order[i].at, order[i].count);
    }
}

/* An engine from these bytes; aborts if they are refused. */
static void load(struct subject *subject, const struct command_genesis *limits,
                 const struct state_bytes *state)
{
    subject_open(subject, limits);
    ASSERT(engine_load(subject->engine, state->bytes, state->count, &subject->events) == STATUS_OK);
    engine_check(subject->engine);
}

static void assert_same_state(const struct subject *a, const struct subject *b)
{
    struct state_bytes one = {0};
    struct state_bytes other = {0};
    subject_walk(a, &one);
    subject_walk(b, &other);
    assert_int_equal(one.count, other.count);
    assert_memory_equal(one.bytes, other.bytes, one.count);
    state_bytes_free(&one);
    state_bytes_free(&other);
}

static void load_shuffled(uint64_t seed)
{
    struct seeded run;
    struct subject loaded[SHUFFLES];
    struct command command;
    struct prng prng;
    static struct pieces pieces;
    const struct command_genesis *limits = &workload_profile_of(seed)->limits;
    prng_init(&prng, seed);
    seeded_open(&run, seed);
    while (run.workload.sequence < RUN_COMMANDS || twin_count_orders(&run.twin) < ORDERS_LEAST) {
        seeded_step(&run, &command);
    }
    uint64_t until = run.workload.sequence + AFTER_COMMANDS;
    memset(&pieces, 0, sizeof pieces);
    engine_walk(run.subject.engine, on_piece, &pieces);
    for (size_t i = 0; i < SHUFFLES; i++) {
        struct state_bytes shuffled = {0};
        shuffle_orders(&pieces, &prng, &shuffled);
        assert_int_equal(shuffled.count, pieces.state.count);
        assert_memory_not_equal(shuffled.bytes, pieces.state.bytes, shuffled.count);
        load(&loaded[i], limits, &shuffled);
        assert_same_state(&run.subject, &loaded[i]);
        state_bytes_free(&shuffled);
    }
    while (run.workload.sequence < until) {
        seeded_step(&run, &command);
        for (size_t i = 0; i < SHUFFLES; i++) {
            subject_apply(&loaded[i], &command);
            assert_int_equal(loaded[i].events.used, run.subject.events.used);
            assert_memory_equal(loaded[i].events.bytes, run.subject.events.bytes,
                                run.subject.events.used);
        }
    }
    for (size_t i = 0; i < SHUFFLES; i++) {
        assert_same_state(&run.subject, &loaded[i]);
        subject_close(&loaded[i]);
    }
    state_bytes_free(&pieces.state);
    seeded_close(&run);
}

static void orders_may_be_loaded_in_any_order(void **state)
{
    (void)state;
    for (uint64_t seed = 200; seed < 200 + WORKLOAD_PROFILE_COUNT; seed++) {
        load_shuffled(seed);
    }
}

static void bytes_that_end_early_are_refused(void **state)
{
    (void)state;
    struct world world = world_plain();
    world.walk = WORLD_WALK_STOPS_EARLY; /* one record of every kind */
    world_add(&world, COMMAND_SET_GROUP, true)->set_group =
        (struct command_set_group){.self_trade_group = 2, .mode = SELF_TRADE_DECREMENT};
    struct state_bytes bytes = {0};
    world_bytes(&world, &bytes);
    for (size_t count = 0; count <= bytes.count; count++) {
        struct subject subject;
        subject_open(&subject, &world.genesis);
        /* In a block of its own size, so that a sanitizer sees a read behind it. */
        uint8_t *cut = malloc(count + 1);
        assert_non_null(cut);
        memcpy(cut + 1, bytes.bytes, count);
        enum status status = engine_load(subject.engine, cut + 1, count, &subject.events);
        assert_int_equal(status == STATUS_OK, count == bytes.count);
        free(cut);
        subject_close(&subject);
    }
    state_bytes_free(&bytes);
}

static enum status load_bytes(const struct world *world, const struct state_bytes *bytes)
{
    struct subject subject;
    subject_open(&subject, &world->genesis);
    enum status status = engine_load(subject.engine, bytes->bytes, bytes->count, &subject.events);
    subject_close(&subject);
    return status;
}

/* The records of groups 3 and 4: tag, mode, number. */
static void groups_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {
        {1, SELF_TRADE_NONE}, {1, SELF_TRADE_DECREMENT + 1}, {2, 0}, {2, 9}, {2, 4}, {5, 1}};
    struct world world = world_plain(); /* at most 8 groups */
    for (uint32_t group = 3; group <= 4; group++) {
        world_add(&world, COMMAND_SET_GROUP, true)->set_group =
            (struct command_set_group){.self_trade_group = group, .mode = SELF_TRADE_CANCEL_OLDEST};
    }
    struct state_bytes bytes = {0};
    world_bytes(&world, &bytes);
    static const uint8_t record[] = {'P', SELF_TRADE_CANCEL_OLDEST, 3, 0, 0, 0};
    uint8_t *first = memmem(bytes.bytes, bytes.count, record, sizeof record);
    assert_non_null(first);
    assert_int_equal(load_bytes(&world, &bytes), STATUS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        uint8_t right = first[wrong[i].at];
        first[wrong[i].at] = wrong[i].value;
        assert_int_equal(load_bytes(&world, &bytes), STATUS_INVALID);
        first[wrong[i].at] = right;
    }
    state_bytes_free(&bytes);
}

static void a_seeded_run_ends_in_one_hash(void **state)
{
    (void)state;
    uint64_t hash = 0;
    for (uint64_t seed = 0; seed < WORKLOAD_PROFILE_COUNT; seed++) {
        struct seeded run;
        struct command command;
        struct state_bytes bytes = {0};
        seeded_open(&run, seed);
        while (run.workload.sequence < RUN_COMMANDS) {
            seeded_step(&run, &command);
        }
        subject_walk(&run.subject, &bytes);
        hash = hash_fold(hash ^ state_bytes_hash(&bytes), run.events_hash | 1);
        state_bytes_free(&bytes);
        seeded_close(&run);
    }
    printf("state-hash %016" PRIx64 "\n", hash);
    if (hash != GOLDEN_HASH) {
        fail_msg("not the hash that is written in this test: rules, workload or bytes changed");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_in_the_bytes),
        cmocka_unit_test(orders_may_be_loaded_in_any_order),
        cmocka_unit_test(bytes_that_end_early_are_refused),
        cmocka_unit_test(groups_that_cannot_be_are_refused),
        cmocka_unit_test(a_seeded_run_ends_in_one_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

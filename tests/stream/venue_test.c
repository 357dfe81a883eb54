/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what a venue's streams give is what the table of src/stream/README.md says of its events
 * log, entry by entry and number by number; ranges read back are what was live; a rebuild, and a
 * stream that joins in the middle, give the same; the book proof is the hash of the engine's own
 * book. Method: seeded flow through sequencer and engine over memory journals; a naive model of the
 * table; the engine's book added up from its canonical bytes.
 */
#include "base/assert.h"
#include "journal/memory/memory.h"
#include "sequencer/sequencer.h"
#include "stream/book_proof.h"
#include "tests/stream/flow.h"
#include "tests/stream/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHARD        7u
#define POLL_ENTRIES 64u

/* One stream and everything it gave out. */
struct witness {
    struct stream *stream;
    struct model_list live;
    struct book_proof *proofs[STREAM_OTHERS_GROUP + 1]; /* by public group */
};

struct venue {
    struct journal_memory_store command_store;
    struct journal_memory_store event_store;
    struct journal *events;
    void *engine_bytes;
    void *sequencer_bytes;
    struct engine *engine;
    struct sequencer *sequencer;
    struct sequencer_fault fault;
    struct witness first;
    struct witness late; /* its stream is null until it joins */
    struct flow flow;
};

static bool on_entry(void *context, const struct stream_entry *entry)
{
    struct witness *witness = context;
    struct model_entry seen = model_entry_of(entry);
    model_list_add(&witness->live, &seen);
    if (entry->key.kind == STREAM_PUBLIC) {
        assert_int_equal(book_proof_apply(witness->proofs[entry->key.id], entry), STATUS_OK);
    }
    return true;
}

static void witness_open(struct witness *witness, struct journal *events)
{
    *witness = (struct witness){0};
    struct stream_options options = {
        .events = events, .on_entry = on_entry, .context = witness, .shard = SHARD};
    assert_int_equal(stream_open(&options, &witness->stream), STATUS_OK);
    for (uint32_t group = STREAM_PUBLIC_GROUP; group <= STREAM_OTHERS_GROUP; group++) {
        assert_int_equal(book_proof_open(0, &witness->proofs[group]), STATUS_OK);
    }
}

static void witness_close(struct witness *witness)
{
    stream_close(witness->stream);
    for (uint32_t group = STREAM_PUBLIC_GROUP; group <= STREAM_OTHERS_GROUP; group++) {
        book_proof_close(witness->proofs[group]);
    }
    free(witness->live.at);
    *witness = (struct witness){0};
}

static void on_event(void *context, uint64_t event_sequence, uint64_t time_ns, const uint8_t *bytes,
                     size_t count)
{
    struct venue *venue = context;
    assert_int_equal(stream_apply(venue->first.stream, event_sequence, time_ns, bytes, count),
                     STATUS_OK);
    if (venue->late.stream != NULL) {
        assert_int_equal(stream_apply(venue->late.stream, event_sequence, time_ns, bytes, count),
                         STATUS_OK);
    }
}

static void on_released(void *context, uint64_t sequence, int64_t oldest_ns)
{
    struct venue *venue = context;
    (void)sequence;
    (void)oldest_ns;
    assert_int_equal(stream_settle(venue->first.stream), STATUS_OK);
    if (venue->late.stream != NULL) {
        assert_int_equal(stream_settle(venue->late.stream), STATUS_OK);
    }
}

static struct journal *open_log(struct journal_memory_store *store, enum journal_kind kind)
{
    struct journal_options options = {.kind = kind, .shard = SHARD};
    struct journal_report report;
    struct journal *journal;
    assert_int_equal(journal_memory_open(store, &options, &report, &journal), STATUS_OK);
    return journal;
}

static void venue_open(struct venue *venue, uint64_t seed)
{
    *venue = (struct venue){0};
    struct command_genesis limits = engine_limits_small();
    limits.shard = SHARD;
    limits.max_orders = 512;
    limits.max_levels = 256;
    limits.max_events_per_command = 64;
    limits.max_timers_per_command = 8;
    limits.max_recent_names = 16384;
    limits.resend_window_s = 60;
    flow_init(&venue->flow, seed, &limits);
    venue->events = open_log(&venue->event_store, JOURNAL_EVENTS);
    struct arena arena;
    arena_init_measure(&arena);
    assert_int_equal(engine_init(&arena, &limits, &venue->engine), STATUS_OK);
    venue->engine_bytes = aligned_alloc(64, bytes_align_up(arena.used, 64));
    arena_init(&arena, venue->engine_bytes, arena.used);
    assert_int_equal(engine_init(&arena, &limits, &venue->engine), STATUS_OK);
    struct sequencer_options options = {
        .commands = open_log(&venue->command_store, JOURNAL_COMMANDS),
        .events = venue->events,
        .engine = venue->engine,
        .on_event = on_event,
        .on_released = on_released,
        .context = venue,
    };
    arena_init_measure(&arena);
    assert_int_equal(sequencer_open(&arena, &options, &venue->fault, &venue->sequencer), STATUS_OK);
    venue->sequencer_bytes = aligned_alloc(64, bytes_align_up(arena.used, 64));
    arena_init(&arena, venue->sequencer_bytes, arena.used);
    assert_int_equal(sequencer_open(&arena, &options, &venue->fault, &venue->sequencer), STATUS_OK);
    assert_int_equal(sequencer_recover(venue->sequencer), STATUS_OK);
    witness_open(&venue->first, venue->events);
}

static void venue_close(struct venue *venue)
{
    witness_close(&venue->first);
    witness_close(&venue->late);
    assert_int_equal(sequencer_close(venue->sequencer, true), STATUS_OK);
    journal_memory_store_deinit(&venue->command_store);
    journal_memory_store_deinit(&venue->event_store);
    free(venue->engine_bytes);
    free(venue->sequencer_bytes);
}

struct book_sum {
    const struct engine *engine;
    uint64_t hash[STREAM_OTHERS_GROUP + 1]; /* by public group */
    uint64_t orders[STREAM_OTHERS_GROUP + 1];
};

/* An order record of the canonical bytes, as src/engine/snapshot/walk.c lays it out. */
static void on_state(void *context, const uint8_t *bytes, size_t count)
{
    struct book_sum *sum = context;
    if (bytes[0] != 'O') {
        return;
    }
    assert_true(count > 61);
    uint32_t book_side = bytes_load_le32(bytes + 57);
    const struct command_list_instrument *terms = engine_instrument(sum->engine, book_side >> 1);
    assert_non_null(terms);
    uint32_t group = terms->itch != 0 ? STREAM_PUBLIC_GROUP : STREAM_OTHERS_GROUP;
    sum->orders[group]++;
    sum->hash[group] +=
        book_proof_order(bytes_load_le64(bytes + 9), (book_side & 1) != 0 ? SIDE_SELL : SIDE_BUY,
                         (struct price){(int64_t)bytes_load_le64(bytes + 33)},
                         (struct quantity){(int64_t)bytes_load_le64(bytes + 17)});
}

static void check_proofs(const struct venue *venue, const struct witness *witness)
{
    struct book_sum sum = {.engine = venue->engine};
    engine_walk(venue->engine, on_state, &sum);
    for (uint32_t group = STREAM_PUBLIC_GROUP; group <= STREAM_OTHERS_GROUP; group++) {
        const struct book_proof *proof = witness->proofs[group];
        struct stream_key key = {.id = group, .kind = STREAM_PUBLIC};
        assert_int_equal(book_proof_count(proof), sum.orders[group]);
        assert_true(book_proof_hash(proof) == sum.hash[group]);
        assert_int_equal(book_proof_number(proof), stream_last(witness->stream, key));
    }
}

/* `commands` through the venue, made durable after one in `batch`, and then every book compared. */
static void run(struct venue *venue, uint64_t commands, uint64_t batch)
{
    for (uint64_t i = 0; i < commands; i++) {
        struct command command;
        flow_next(&venue->flow, &command);
        assert_int_equal(sequencer_submit(venue->sequencer, &command), STATUS_OK);
        if (prng_chance(&venue->flow.prng, 1, batch) || i + 1 == commands) {
            assert_int_equal(sequencer_flush(venue->sequencer), STATUS_OK);
            check_proofs(venue, &venue->first);
        }
        if (i == commands / 2) {
            assert_int_equal(sequencer_flush(venue->sequencer), STATUS_OK);
            witness_open(&venue->late, venue->events);
            assert_int_equal(stream_catch_up(venue->late.stream), STATUS_OK);
        }
    }
}

static void fill_model(struct model *model, struct journal *events)
{
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry records[POLL_ENTRIES];
    size_t count = 0;
    do {
        assert_int_equal(journal_poll(events, &cursor, records, POLL_ENTRIES, &count), STATUS_OK);
        for (size_t i = 0; i < count; i++) {
            model_event(model, &records[i]);
        }
    } while (count > 0);
    journal_cursor_close(events, &cursor);
    model_end(model);
}

static void assert_same(const struct model_list *given, const struct model_list *expected)
{
    size_t both = given->count < expected->count ? given->count : expected->count;
    for (size_t i = 0; i < both; i++) {
        if (memcmp(&given->at[i], &expected->at[i], sizeof given->at[i]) != 0) {
            const struct model_entry *entry = &expected->at[i];
            fail_msg("entry %zu: expected kind %u id %u number %u of event %u", i, entry->kind,
                     (unsigned)entry->id, (unsigned)entry->number, (unsigned)entry->event_sequence);
        }
    }
    assert_int_equal(given->count, expected->count);
}

struct range {
    const struct model_list *expected;
    struct stream_key key;
    size_t at;
    uint64_t next;
    uint64_t stop; /* the reader has enough after this number */
};

static bool on_read(void *context, const struct stream_entry *entry)
{
    struct range *range = context;
    struct model_entry given = model_entry_of(entry);
    if (entry->number == 0) {
        assert_int_equal(entry->key.kind, STREAM_SESSION);
        assert_int_equal(entry->bytes[0], EVENT_SESSION_OPENED);
        return true;
    }
    assert_int_equal(entry->number, range->next);
    const struct model_entry *expected = NULL;
    do {
        assert_true(range->at < range->expected->count);
        expected = &range->expected->at[range->at++];
    } while (expected->kind != range->key.kind || expected->id != range->key.id ||
             expected->number != entry->number);
    assert_memory_equal(&given, expected, sizeof given);
    range->next++;
    return entry->number != range->stop;
}

static void read_ranges(struct stream *stream, const struct model *model, struct prng *prng)
{
    for (unsigned i = 0; i < 150; i++) {
        struct stream_key key = {.kind = (enum stream_kind)prng_between(prng, 1, 4),
                                 .id = (uint64_t)prng_between(prng, 1, 7)};
        uint64_t last = model->last[key.kind][key.id];
        uint64_t from = (uint64_t)prng_between(prng, 1, (int64_t)last + 2);
        uint64_t max = prng_chance(prng, 1, 8) ? UINT64_MAX : prng_below(prng, 200);
        uint64_t there = from > last ? 0 : last - from + 1;
        uint64_t count = there < max ? there : max;
        struct range range = {.expected = &model->entries, .key = key, .next = from};
        if (count > 1 && prng_chance(prng, 1, 4)) {
            count = prng_below(prng, count) + 1;
            range.stop = from + count - 1;
        }
        uint64_t next = 0;
        assert_int_equal(stream_last(stream, key), last);
        assert_int_equal(
            stream_read(stream, &(struct stream_range){key, from, max}, on_read, &range, &next),
            STATUS_OK);
        assert_int_equal(next, from + count);
        assert_int_equal(range.next, next);
    }
}

static void check_run(uint64_t seed, uint64_t commands, uint64_t batch, uint64_t *events)
{
    struct venue venue;
    struct model model = {0};
    struct prng prng;
    venue_open(&venue, seed);
    run(&venue, commands, batch);
    fill_model(&model, venue.events);
    assert_same(&venue.first.live, &model.entries);
    assert_same(&venue.late.live, &model.entries);
    check_proofs(&venue, &venue.late);
    prng_init(&prng, seed);
    read_ranges(venue.first.stream, &model, &prng);
    struct witness again;
    witness_open(&again, venue.events);
    assert_int_equal(stream_catch_up(again.stream), STATUS_OK);
    assert_same(&again.live, &model.entries);
    read_ranges(again.stream, &model, &prng);
    witness_close(&again);
    for (unsigned id = 0; id < 256; id++) {
        events[id] += model.events[id];
    }
    assert_true(model.moved > 20 && model.both_sides > 5 && model.by_stranger > 5);
    model_deinit(&model);
    venue_close(&venue);
}

/* The test would prove little of an event that never came. */
static void check_coverage(const uint64_t *events)
{
    static const struct {
        enum event_id id;
        uint64_t least;
    } wanted[] = {
        {EVENT_ACCEPTED, 2000},       {EVENT_REJECTED, 1000},
        {EVENT_TRADE, 1000},          {EVENT_RESTED, 2000},
        {EVENT_REDUCED, 60},          {EVENT_REMOVED, 500},
        {EVENT_REPLACED, 200},        {EVENT_CANCELLED, 200},
        {EVENT_SESSION_OPENED, 50},   {EVENT_PHASE, 50},
        {EVENT_SESSION_CLOSED, 20},   {EVENT_MASS_CANCELLED, 20},
        {EVENT_DEAD_MAN_SET, 20},     {EVENT_REPLAYED, 20},
        {EVENT_RESOLVED, 50},         {EVENT_DAY_ENDED, 10},
        {EVENT_BLOCK_SET, 10},        {EVENT_SESSION_NOTED, 50},
        {EVENT_SESSION_RESERVED, 50}, {EVENT_SESSION_FILLED, 10},
        {EVENT_GROUP_SET, 20},        {EVENT_PREVENTED, 50},
    };
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++) {
        if (events[wanted[i].id] < wanted[i].least) {
            fail_msg("event %d came %u times", (int)wanted[i].id, (unsigned)events[wanted[i].id]);
        }
    }
}

static void streams_say_what_the_log_says_after_every_command(void **state)
{
    (void)state;
    uint64_t events[256] = {0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        check_run(seed, 4000, 1, events);
    }
    check_coverage(events);
}

static void streams_say_what_the_log_says_batch_by_batch(void **state)
{
    (void)state;
    uint64_t events[256] = {0};
    for (uint64_t seed = 11; seed <= 13; seed++) {
        check_run(seed, 8000, 40, events);
    }
    check_coverage(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_say_what_the_log_says_after_every_command),
        cmocka_unit_test(streams_say_what_the_log_says_batch_by_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

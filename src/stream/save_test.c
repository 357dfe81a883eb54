/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: streams saved after any command and loaded again are the streams they were: every range
 * reads the same, whatever comes later gets the same numbers, and saving again gives the same bytes
 * as far as they do not depend on the places of tables. Bytes that stream_save did not give are
 * refused and never crash. Method: seeded orders, trades and removals of many accounts over a
 * memory journal; a save at every 37th command; every bit of a small save turned over, every
 * shorter length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"
#include "journal/memory/memory.h"
#include "stream/stream.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>
#include <string.h>

#define SHARD    7u
#define ACCOUNTS 300 /* most of them with a few entries, some with thousands */
#define LIVE_MAX 64

struct bytes {
    uint8_t *at;
    size_t count;
    size_t capacity;
};

static void on_bytes(void *context, const uint8_t *bytes, size_t count)
{
    struct bytes *to = context;
    if (to->capacity - to->count < count) {
        to->capacity = to->capacity * 2 + count;
        to->at = realloc(to->at, to->capacity);
        assert_non_null(to->at);
    }
    memcpy(to->at + to->count, bytes, count);
    to->count += count;
}

struct stage {
    struct journal_memory_store store;
    struct journal *events;
    struct stream *stream;
    struct prng prng;
    uint64_t live[LIVE_MAX];
    size_t live_count;
    uint64_t sequence;
    uint64_t cause;
};

static struct stream *open_stream(struct journal *events)
{
    struct stream *stream;
    struct stream_options options = {.events = events, .shard = SHARD};
    assert_int_equal(stream_open(&options, &stream), STATUS_OK);
    return stream;
}

static void put(struct stage *stage, enum event_id id, struct event event)
{
    static const struct journal_note note;
    uint8_t *at = journal_reserve(stage->events, JOURNAL_BODY_BYTES_MAX);
    if (at == NULL) {
        assert_int_equal(journal_commit(stage->events, &note), STATUS_OK);
        at = journal_reserve(stage->events, JOURNAL_BODY_BYTES_MAX);
    }
    event.header.id = (uint8_t)id;
    event.header.version = (uint8_t)event_version_at(id, LOGIC_NEWEST);
    event_header_encode(at, event.header.id, event.header.version, stage->cause);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(at + EVENT_HEADER_BYTES, &event);
    stage->sequence = journal_append(stage->events, (int64_t)stage->cause * 10, count);
    assert_int_equal(stream_apply(stage->stream, stage->sequence, stage->cause * 10, at, count),
                     STATUS_OK);
}

static void step(struct stage *stage)
{
    struct prng *prng = &stage->prng;
    stage->cause++;
    uint64_t account = (uint64_t)prng_between(prng, 1, prng_chance(prng, 1, 2) ? 2 : ACCOUNTS);
    uint32_t session = (uint32_t)(account % 5 + 1);
    if (stage->cause <= ACCOUNTS) {
        put(stage, EVENT_ACCOUNT_OPENED,
            (struct event){.account_opened = {.account = stage->cause << 20,
                                              .participant = (uint32_t)stage->cause % 9 + 1}});
    } else if (prng_chance(prng, 1, 40)) {
        put(stage, EVENT_SESSION_OPENED,
            (struct event){.session_opened = {.session = session,
                                              .incarnation = 1,
                                              .participant = (uint32_t)account % 9 + 1}});
    } else if (stage->live_count < LIVE_MAX && prng_chance(prng, 2, 3)) {
        put(stage, EVENT_ACCEPTED,
            (struct event){.accepted = {.account = account << 20,
                                        .session = session,
                                        .participant = (uint32_t)account % 9 + 1,
                                        .client_order_id = text36_from("c")}});
        uint64_t order = stage->sequence << 16 | SHARD;
        put(stage, EVENT_RESTED, (struct event){.rested.order_id = order});
        stage->live[stage->live_count++] = order;
    } else if (stage->live_count > 0) {
        size_t which = (size_t)prng_between(prng, 0, (int64_t)stage->live_count - 1);
        put(stage, EVENT_REMOVED,
            (struct event){
                .removed = {.order_id = stage->live[which], .reason = REASON_REQUESTED}});
        stage->live[which] = stage->live[--stage->live_count];
    }
}

static void stage_open(struct stage *stage, uint64_t seed)
{
    struct journal_options options = {.kind = JOURNAL_EVENTS, .shard = SHARD};
    struct journal_report report;
    *stage = (struct stage){.sequence = 0};
    prng_init(&stage->prng, seed);
    assert_int_equal(journal_memory_open(&stage->store, &options, &report, &stage->events),
                     STATUS_OK);
    stage->stream = open_stream(stage->events);
}

static void stage_close(struct stage *stage)
{
    stream_close(stage->stream);
    assert_int_equal(journal_close(stage->events, false), STATUS_OK);
    journal_memory_store_deinit(&stage->store);
}

static struct bytes save(struct stage *stage)
{
    struct bytes saved = {0};
    assert_int_equal(stream_settle(stage->stream), STATUS_OK);
    stream_save(stage->stream, on_bytes, &saved);
    return saved;
}

/* Of one range, one number for all that can be seen. */
static bool on_read(void *context, const struct stream_entry *entry)
{
    uint64_t *hash = context;
    *hash = *hash * 31 + entry->number;
    *hash = *hash * 31 + entry->event_sequence;
    *hash = *hash * 31 + entry->replaced_reference;
    *hash = *hash * 31 + (uint64_t)entry->side;
    for (uint32_t i = 0; i < entry->count; i++) {
        *hash = *hash * 31 + entry->bytes[i];
    }
    return true;
}

static uint64_t hash_of(struct stream *stream, struct stream_key key)
{
    uint64_t hash = stream_last(stream, key);
    uint64_t next = 0;
    struct stream_range range = {.key = key, .from = 1, .max = UINT64_MAX};
    assert_int_equal(stream_read(stream, &range, on_read, &hash, &next), STATUS_OK);
    return hash * 31 + next;
}

static void expect_same(struct stream *a, struct stream *b)
{
    assert_int_equal(stream_event_sequence(a), stream_event_sequence(b));
    for (enum stream_kind kind = STREAM_PUBLIC; kind <= STREAM_PARTICIPANT; kind++) {
        for (uint64_t id = 1; id <= ACCOUNTS; id++) {
            struct stream_key key = {.kind = kind, .id = kind == STREAM_ACCOUNT ? id << 20 : id};
            assert_int_equal(hash_of(a, key), hash_of(b, key));
        }
    }
}

static void loaded_streams_are_those_that_were_saved(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct stage stage;
        stage_open(&stage, seed);
        for (unsigned i = 0; i < 4000; i++) {
            step(&stage);
            if (i % 997 != 0) {
                continue;
            }
            struct bytes saved = save(&stage);
            struct stream *loaded = open_stream(stage.events);
            assert_int_equal(
                stream_load(loaded, &(struct stream_image){saved.at, saved.count, free, saved.at}),
                STATUS_OK);
            for (unsigned more = 0; more < 300; more++) {
                step(&stage);
            }
            assert_int_equal(stream_settle(stage.stream), STATUS_OK);
            assert_int_equal(stream_catch_up(loaded), STATUS_OK);
            expect_same(stage.stream, loaded);
            struct bytes again = {0};
            stream_save(loaded, on_bytes, &again);
            struct stream *third = open_stream(stage.events);
            assert_int_equal(
                stream_load(third, &(struct stream_image){again.at, again.count, free, again.at}),
                STATUS_OK);
            expect_same(stage.stream, third);
            stream_close(third);
            stream_close(loaded);
        }
        stage_close(&stage);
    }
}

static void catching_up_stops_where_it_is_told(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, 9);
    for (unsigned i = 0; i < 400; i++) {
        step(&stage);
    }
    uint64_t middle = stage.sequence;
    struct bytes saved = save(&stage);
    for (unsigned i = 0; i < 200; i++) {
        step(&stage);
    }
    struct stream *later = open_stream(stage.events);
    assert_int_equal(stream_catch_up_to(later, middle), STATUS_OK);
    assert_int_equal(stream_event_sequence(later), middle);
    struct stream *loaded = open_stream(stage.events);
    assert_int_equal(
        stream_load(loaded, &(struct stream_image){saved.at, saved.count, free, saved.at}),
        STATUS_OK);
    expect_same(later, loaded);
    stream_close(later);
    stream_close(loaded);
    stage_close(&stage);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, 5);
    for (unsigned i = 0; i < 330; i++) {
        step(&stage);
    }
    struct bytes saved = save(&stage);
    uint8_t *copy = malloc(saved.count);
    assert_non_null(copy);
    uint64_t refused = 0;
    for (size_t count = 0; count < saved.count; count++) {
        struct stream *stream = open_stream(stage.events);
        memcpy(copy, saved.at, count);
        assert_int_equal(stream_load(stream, &(struct stream_image){.bytes = copy, .count = count}),
                         STATUS_INVALID);
        stream_close(stream);
        count += count > 200 ? 96 : 0;
    }
    for (size_t bit = 0; bit < saved.count * 8; bit += bit < 1024 ? 1 : 11) {
        memcpy(copy, saved.at, saved.count);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct stream *stream = open_stream(stage.events);
        enum status status =
            stream_load(stream, &(struct stream_image){.bytes = copy, .count = saved.count});
        refused += status != STATUS_OK;
        /* What was taken can be read: inside the log, whatever it says. */
        for (uint64_t id = 1; id <= 2 && status == STATUS_OK; id++) {
            uint64_t hash = 0;
            uint64_t next = 0;
            struct stream_range range = {{.id = id, .kind = STREAM_PUBLIC}, 1, 1000};
            enum status read = stream_read(stream, &range, on_read, &hash, &next);
            assert_true(read == STATUS_OK || read == STATUS_DAMAGED || read == STATUS_NOT_FOUND ||
                        read == STATUS_INVALID);
        }
        stream_close(stream);
    }
    assert_true(refused > 1000);
    free(copy);
    free(saved.at);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loaded_streams_are_those_that_were_saved),
        cmocka_unit_test(catching_up_stops_where_it_is_told),
        cmocka_unit_test(other_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

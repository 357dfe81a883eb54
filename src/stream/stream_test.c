/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: each event goes where README.md says, in that order, with dense numbers, and a range read
 * gives what was given live. Method: a log of hand-made events in a memory journal with the exact
 * entries expected, one character a stream; random logs whose live entries are compared with ranges
 * read back and with a rebuild.
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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHARD       7u
#define ENTRIES_MAX 60000u

/* Without padding: compared as bytes. */
struct seen {
    uint64_t id;
    uint64_t number;
    uint64_t event_sequence;
    uint64_t replaced_reference;
    uint64_t hash;
    uint32_t kind; /* enum stream_kind */
    uint32_t side; /* enum stream_side */
};

struct stage {
    struct journal_memory_store store;
    struct journal *events;
    struct stream *stream;
    struct seen *seen;
    size_t count;
    uint64_t sequence;
    uint64_t cause;
};

static struct seen seen_of(const struct stream_entry *entry)
{
    struct seen seen = {
        .id = entry->key.id,
        .number = entry->number,
        .event_sequence = entry->event_sequence,
        .replaced_reference = entry->replaced_reference,
        .kind = entry->key.kind,
        .side = entry->side,
        .hash = entry->time_ns,
    };
    for (uint32_t i = 0; i < entry->count; i++) {
        seen.hash = seen.hash * 31 + entry->bytes[i];
    }
    return seen;
}

static bool on_entry(void *context, const struct stream_entry *entry)
{
    struct stage *stage = context;
    assert_true(stage->count < ENTRIES_MAX);
    stage->seen[stage->count++] = seen_of(entry);
    return true;
}

static void stage_open(struct stage *stage)
{
    struct journal_options options = {.kind = JOURNAL_EVENTS, .shard = SHARD};
    struct journal_report report;
    *stage = (struct stage){.seen = calloc(ENTRIES_MAX, sizeof *stage->seen)};
    assert_non_null(stage->seen);
    assert_int_equal(journal_memory_open(&stage->store, &options, &report, &stage->events),
                     STATUS_OK);
    struct stream_options streams = {
        .events = stage->events, .on_entry = on_entry, .context = stage, .shard = SHARD};
    assert_int_equal(stream_open(&streams, &stage->stream), STATUS_OK);
}

static void stage_close(struct stage *stage)
{
    stream_close(stage->stream);
    assert_int_equal(journal_close(stage->events, false), STATUS_OK);
    journal_memory_store_deinit(&stage->store);
    free(stage->seen);
}

static void stage_commit(struct stage *stage)
{
    struct journal_note note = {0};
    assert_int_equal(journal_commit(stage->events, &note), STATUS_OK);
}

/* Appends an event to the log and gives it to the stream; returns its sequence. */
static uint64_t put(struct stage *stage, uint8_t id, struct event event)
{
    uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
    event.header.id = id;
    event.header.version = (uint8_t)event_version_at(id, LOGIC_NEWEST);
    event_header_encode(bytes, id, event.header.version, stage->cause);
    size_t count = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
    uint8_t *at = journal_reserve(stage->events, count);
    if (at == NULL) {
        stage_commit(stage);
        at = journal_reserve(stage->events, count);
    }
    memcpy(at, bytes, count);
    stage->sequence = journal_append(stage->events, (int64_t)(1000 * stage->cause), count);
    assert_int_equal(
        stream_apply(stage->stream, stage->sequence, 1000 * stage->cause, bytes, count), STATUS_OK);
    return stage->sequence;
}

static uint64_t order_of(uint64_t sequence)
{
    return sequence << 16 | SHARD;
}

static void next_command(struct stage *stage)
{
    stage->cause++;
}

static void open_world(struct stage *stage)
{
    next_command(stage);
    for (uint32_t i = 1; i <= 4; i++) { /* accounts 1, 2 of participant 1; 3, 4 of 2 */
        put(stage, EVENT_ACCOUNT_OPENED,
            (struct event){.account_opened = {.account = i, .participant = (i + 1) / 2}});
    }
    for (uint32_t i = 1; i <= 4; i++) {
        put(stage, EVENT_SESSION_OPENED,
            (struct event){
                .session_opened = {.session = i, .incarnation = 1, .participant = (i + 1) / 2}});
    }
}

static uint64_t accept(struct stage *stage, uint32_t session, uint64_t account)
{
    return order_of(put(stage, EVENT_ACCEPTED,
                        (struct event){.accepted = {.account = account,
                                                    .session = session,
                                                    .participant = (uint32_t)(account + 1) / 2,
                                                    .client_order_id = text36_from("a")}}));
}

/* The entries since `from` as text: "s7#3m@12" = session 7, number 3, maker, event 12; "^9" = it
 * replaces reference 9. */
static void expect(const struct stage *stage, size_t from, const char *expected)
{
    char text[2048] = "";
    size_t used = 0;
    for (size_t i = from; i < stage->count; i++) {
        const struct seen *seen = &stage->seen[i];
        static const char kinds[] = "?psaf";
        static const char *const sides[] = {"", "m", "t"};
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%c%d#%d%s@%d",
                                 used == 0 ? "" : " ", kinds[seen->kind], (int)seen->id,
                                 (int)seen->number, sides[seen->side], (int)seen->event_sequence);
        if (seen->replaced_reference != 0) {
            used += (size_t)snprintf(text + used, sizeof text - used, "^%d",
                                     (int)seen->replaced_reference);
        }
    }
    assert_string_equal(text, expected);
}

static void put_trade(struct stage *stage, uint64_t maker, uint64_t taker, int64_t maker_left,
                      int64_t taker_left)
{
    put(stage, EVENT_TRADE,
        (struct event){.trade = {.maker_order_id = maker,
                                 .taker_order_id = taker,
                                 .maker_remaining.lots = maker_left,
                                 .taker_remaining.lots = taker_left}});
}

/* Attack 48. */
static void an_order_and_its_trade_reach_their_owners_before_the_public(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage); /* events 1 to 8 */
    expect(&stage, 0, "s1#0@5 s2#0@6 s3#0@7 s4#0@8");
    size_t from = stage.count;
    next_command(&stage);
    uint64_t maker = accept(&stage, 1, 1); /* 9 */
    put(&stage, EVENT_RESTED, (struct event){.rested.order_id = maker});
    next_command(&stage);
    uint64_t taker = accept(&stage, 3, 3); /* 11 */
    put_trade(&stage, maker, taker, 5, 0); /* 12 */
    next_command(&stage);
    uint64_t self = accept(&stage, 1, 2); /* 13: same session, other account of participant 1 */
    put_trade(&stage, maker, self, 0, 1);
    put(&stage, EVENT_CANCELLED, (struct event){.cancelled.order_id = self});
    assert_int_equal(stream_settle(stage.stream), STATUS_OK);
    expect(&stage, from,
           "s1#1@9 a1#1@9 f1#1@9 p1#1@10 "
           "s3#1@11 a3#1@11 f2#1@11 s1#2m@12 a1#2m@12 f1#2m@12 s3#2t@12 a3#2t@12 f2#2t@12 p1#2@12 "
           "s1#3@13 a2#1@13 f1#3@13 s1#4m@14 a1#3m@14 f1#4m@14 s1#5t@14 a2#2t@14 f1#5t@14 "
           "s1#6@15 a2#3@15 f1#6@15 p1#3@14");
    /* All three are gone: nothing is told of them any more. */
    from = stage.count;
    next_command(&stage);
    put(&stage, EVENT_REDUCED, (struct event){.reduced = {.order_id = maker, .reason = 1}});
    put(&stage, EVENT_CANCELLED, (struct event){.cancelled.order_id = taker});
    assert_int_equal(stream_settle(stage.stream), STATUS_OK);
    expect(&stage, from, "p1#4@16");
    stage_close(&stage);
}

static void a_replace_is_one_entry_for_everyone(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage);
    next_command(&stage);
    uint64_t order = accept(&stage, 2, 1); /* 9 */
    put(&stage, EVENT_RESTED, (struct event){.rested.order_id = order});
    size_t from = stage.count;
    struct event moved = {
        .removed = {.order_id = order, .reference = 10, .reason = REASON_REPLACED}};
    struct event replaced = {.replaced = {.order_id = order, .client_order_id = text36_from("b")}};
    next_command(&stage);
    put(&stage, EVENT_REPLACED, replaced);                               /* 11 */
    put(&stage, EVENT_REMOVED, moved);                                   /* 12 */
    put(&stage, EVENT_RESTED, (struct event){.rested.order_id = order}); /* 13 */
    next_command(&stage);
    put(&stage, EVENT_REPLACED, replaced); /* 14: place kept */
    put(&stage, EVENT_REDUCED,
        (struct event){.reduced = {.order_id = order, .reason = REASON_REPLACED}});
    next_command(&stage);
    moved.removed.reference = 13;
    put(&stage, EVENT_REPLACED, replaced); /* 16: trades on its way */
    put(&stage, EVENT_REMOVED, moved);     /* 17 */
    uint64_t other = order_of(1);
    put_trade(&stage, other, order, 3, 2);                               /* 18 */
    put(&stage, EVENT_RESTED, (struct event){.rested.order_id = order}); /* 19 */
    assert_int_equal(stream_settle(stage.stream), STATUS_OK);
    expect(&stage, from,
           "p1#1@10 s2#2@11 a1#2@11 f1#2@11 p1#2@13^10 s2#3@14 a1#3@14 f1#3@14 p1#3@15 "
           "s2#4@16 a1#4@16 f1#4@16 s2#5t@18 a1#5t@18 f1#5t@18 p1#4@17 p1#5@18 p1#6@19");
    stage_close(&stage);
}

static void refusals_are_told_to_who_may_know(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage);
    size_t from = stage.count;
    struct event rejected = {
        .rejected = {.session = 1, .account = 2, .code = REJECT_UNKNOWN_ORDER}};
    next_command(&stage);
    put(&stage, EVENT_REJECTED, rejected); /* 9: own account */
    rejected.rejected.account = 3;
    put(&stage, EVENT_REJECTED, rejected); /* 10: a stranger's account */
    rejected.rejected.account = 99;
    put(&stage, EVENT_REJECTED, rejected); /* 11: nobody's */
    rejected.rejected.code = REJECT_STALE_INCARNATION;
    put(&stage, EVENT_REJECTED, rejected); /* 12: a zombie */
    rejected.rejected = (struct event_rejected){.account = 3, .code = REJECT_UNKNOWN_ORDER};
    put(&stage, EVENT_REJECTED, rejected); /* 13: the operator, for an account */
    put(&stage, EVENT_SESSION_CLOSED, (struct event){.session_closed.session = 4});
    expect(&stage, from,
           "s1#1@9 a2#1@9 f1#1@9 s1#2@10 f1#2@10 s1#3@11 f1#3@11 a3#1@13 f2#1@13 s4#0@14");
    stage_close(&stage);
}

static void instruments_that_fit_no_itch_are_another_group(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage); /* events 1 to 8 */
    size_t from = stage.count;
    next_command(&stage);
    for (uint32_t i = 1; i <= 2; i++) {
        put(&stage, EVENT_INSTRUMENT_LISTED,
            (struct event){.instrument_listed = {.instrument = i, .itch = i == 1}});
    }
    next_command(&stage);
    put(&stage, EVENT_RESTED, (struct event){.rested = {.order_id = 1, .instrument = 2}});
    put(&stage, EVENT_RESTED, (struct event){.rested = {.order_id = 2, .instrument = 1}});
    put(&stage, EVENT_PHASE, (struct event){.phase = {.phase = PHASE_HALTED}});
    put(&stage, EVENT_DAY_ENDED, (struct event){.day_ended.trading_day = 20260102});
    assert_int_equal(stream_settle(stage.stream), STATUS_OK);
    expect(&stage, from, "p1#1@9 p2#1@10 p2#2@11 p1#2@12 p1#3@13 p2#3@13 p1#4@14 p2#4@14");
    stage_close(&stage);
}

static bool on_place(void *context, const struct stream_entry *entry)
{
    char *text = context;
    size_t used = strlen(text);
    (void)snprintf(text + used, 64 - used, "%s%u@%u", used == 0 ? "" : " ", (unsigned)entry->number,
                   (unsigned)entry->event_sequence);
    return true;
}

static void expect_range(const struct stage *stage, uint64_t from, uint64_t max,
                         const char *expected)
{
    char text[64] = "";
    uint64_t next = 0;
    struct stream_range range = {.key = {1, STREAM_SESSION}, .from = from, .max = max};
    assert_int_equal(stream_read(stage->stream, &range, on_place, text, &next), STATUS_OK);
    assert_string_equal(text, expected);
}

static void a_logon_is_read_where_it_stood(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage); /* events 1 to 8; session 1 is opened with 5 */
    for (unsigned i = 0; i < 5; i++) {
        next_command(&stage);
        if (i == 3) {
            put(&stage, EVENT_SESSION_OPENED,
                (struct event){.session_opened = {.session = 1, .incarnation = 2}}); /* 12 */
        } else {
            accept(&stage, 1, 1); /* 9, 10, 11, 13 */
        }
    }
    stage_commit(&stage);
    expect_range(&stage, 1, 10, "1@9 2@10 3@11 0@12 4@13");
    expect_range(&stage, 1, 2, "1@9 2@10");
    expect_range(&stage, 3, 1, "3@11 0@12");
    expect_range(&stage, 4, 1, "0@12 4@13");
    expect_range(&stage, 5, 1, "0@12");
    expect_range(&stage, 3, 0, "");
    stage_close(&stage);
}

struct committing {
    struct stage *stage;
    size_t next; /* among what was live */
};

/* A reader that makes the log go on: as a gateway may that answers an entry with a command. */
static bool on_committing(void *context, const struct stream_entry *entry)
{
    struct committing *committing = context;
    struct stage *stage = committing->stage;
    if (entry->number == 0) {
        return true;
    }
    const struct seen *live = &stage->seen[committing->next];
    for (; live->kind != STREAM_SESSION || live->id != 1 || live->number == 0; live++) {
    }
    struct seen now = seen_of(entry);
    assert_memory_equal(&now, live, sizeof now);
    committing->next = (size_t)(live - stage->seen) + 1;
    stage_commit(stage);
    uint8_t *at = journal_reserve(stage->events, 2048);
    memset(at, 0xee, 2048);
    stage->sequence = journal_append(stage->events, 1, 2048);
    return true;
}

static void the_log_may_go_on_while_it_is_read(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    open_world(&stage);
    stage_commit(&stage);
    for (unsigned i = 0; i < 20; i++) {
        next_command(&stage);
        accept(&stage, 1, 1);
    }
    struct committing committing = {.stage = &stage};
    struct stream_range range = {.key = {1, STREAM_SESSION}, .from = 1, .max = 100};
    uint64_t next = 0;
    assert_int_equal(stream_read(stage.stream, &range, on_committing, &committing, &next),
                     STATUS_OK);
    assert_int_equal(next, 21);
    stage_close(&stage);
}

struct live {
    uint64_t ids[64];
    size_t count;
};

static void random_command(struct stage *stage, struct prng *prng, struct live *live)
{
    next_command(stage);
    uint32_t account = (uint32_t)prng_between(prng, 1, 4);
    uint32_t session = (account + 1) / 2 * 2 - (prng_chance(prng, 1, 2) ? 1 : 0);
    if (live->count < 2 || (live->count < 60 && prng_chance(prng, 1, 2))) {
        uint64_t order = accept(stage, session, account);
        put(stage, EVENT_RESTED, (struct event){.rested.order_id = order});
        live->ids[live->count++] = order;
        return;
    }
    size_t a = (size_t)prng_between(prng, 0, (int64_t)live->count - 1);
    size_t b = (size_t)prng_between(prng, 0, (int64_t)live->count - 1);
    if (prng_chance(prng, 1, 3)) {
        put(stage, EVENT_REPLACED,
            (struct event){
                .replaced = {.order_id = live->ids[a], .client_order_id = text36_from("c")}});
        put(stage, EVENT_REMOVED,
            (struct event){.removed = {.order_id = live->ids[a],
                                       .reference = stage->sequence,
                                       .reason = REASON_REPLACED}});
        put(stage, EVENT_RESTED, (struct event){.rested.order_id = live->ids[a]});
    } else if (a != b) {
        int64_t left = prng_between(prng, 0, 1);
        put_trade(stage, live->ids[a], live->ids[b], left, 1);
        if (left == 0) {
            live->ids[a] = live->ids[--live->count];
        }
    } else {
        put(stage, EVENT_REMOVED,
            (struct event){.removed = {.order_id = live->ids[a], .reason = REASON_REQUESTED}});
        live->ids[a] = live->ids[--live->count];
    }
}

struct compare {
    const struct stage *stage;
    struct stream_key key;
    size_t at;
    uint64_t next;
    uint64_t count;
};

/* An entry read back is the live one of that stream with its number. */
static bool on_read(void *context, const struct stream_entry *entry)
{
    struct compare *compare = context;
    if (entry->number == 0) {
        assert_int_equal(entry->key.kind, STREAM_SESSION);
        return true;
    }
    assert_int_equal(entry->number, compare->next);
    struct seen now = seen_of(entry);
    for (;; compare->at++) {
        assert_true(compare->at < compare->stage->count);
        const struct seen *live = &compare->stage->seen[compare->at];
        if (live->kind == compare->key.kind && live->id == compare->key.id &&
            live->number == entry->number) {
            assert_memory_equal(&now, live, sizeof now);
            break;
        }
    }
    compare->next++;
    compare->count++;
    return true;
}

static void ranges_are_what_was_live_and_a_rebuild_is_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;
        struct prng prng;
        struct live live = {.count = 0};
        stage_open(&stage);
        prng_init(&prng, seed);
        open_world(&stage);
        for (unsigned i = 0; i < 1500; i++) {
            random_command(&stage, &prng, &live);
            if (prng_chance(&prng, 1, 20)) {
                stage_commit(&stage);
            }
        }
        assert_int_equal(stream_settle(stage.stream), STATUS_OK);
        stage_commit(&stage);
        for (unsigned i = 0; i < 200; i++) {
            struct stream_key key = {.kind = (enum stream_kind)prng_between(&prng, 1, 4),
                                     .id = (uint64_t)prng_between(&prng, 1, 4)};
            uint64_t last = stream_last(stage.stream, key);
            uint64_t from = (uint64_t)prng_between(&prng, 1, (int64_t)last + 2);
            uint64_t max = (uint64_t)prng_between(&prng, 0, 300);
            struct compare compare = {.stage = &stage, .key = key, .next = from};
            uint64_t next;
            assert_int_equal(stream_read(stage.stream, &(struct stream_range){key, from, max},
                                         on_read, &compare, &next),
                             STATUS_OK);
            uint64_t there = from > last ? 0 : last - from + 1;
            assert_int_equal(compare.count, there < max ? there : max);
            assert_int_equal(next, from + compare.count);
        }
        struct stage again = {.seen = calloc(ENTRIES_MAX, sizeof *again.seen)};
        struct stream_options options = {
            .events = stage.events, .on_entry = on_entry, .context = &again, .shard = SHARD};
        assert_int_equal(stream_open(&options, &again.stream), STATUS_OK);
        assert_int_equal(stream_catch_up(again.stream), STATUS_OK);
        assert_int_equal(again.count, stage.count);
        assert_memory_equal(again.seen, stage.seen, stage.count * sizeof *stage.seen);
        assert_int_equal(stream_event_sequence(again.stream), stage.sequence);
        stream_close(again.stream);
        free(again.seen);
        stage_close(&stage);
    }
}

static void bytes_that_are_no_event_are_refused(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    uint8_t bytes[64] = {EVENT_TRADE, 1};
    assert_int_equal(stream_apply(stage.stream, 1, 0, bytes, 11), STATUS_INVALID);
    assert_int_equal(stream_apply(stage.stream, 1, 0, bytes, 40), STATUS_INVALID);
    bytes[0] = 250;
    assert_int_equal(stream_apply(stage.stream, 1, 0, bytes, sizeof bytes), STATUS_INVALID);
    open_world(&stage);
    event_header_encode(bytes, EVENT_DAY_ENDED, 1, 9);
    assert_int_equal(stream_apply(stage.stream, stage.sequence, 0, bytes, EVENT_HEADER_BYTES + 8),
                     STATUS_INVALID); /* it was there already */
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_and_its_trade_reach_their_owners_before_the_public),
        cmocka_unit_test(a_replace_is_one_entry_for_everyone),
        cmocka_unit_test(refusals_are_told_to_who_may_know),
        cmocka_unit_test(instruments_that_fit_no_itch_are_another_group),
        cmocka_unit_test(a_logon_is_read_where_it_stood),
        cmocka_unit_test(the_log_may_go_on_while_it_is_read),
        cmocka_unit_test(ranges_are_what_was_live_and_a_rebuild_is_the_same),
        cmocka_unit_test(bytes_that_are_no_event_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

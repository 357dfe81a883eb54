/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a port in this process and one over a Unix socket see the same: every entry of what they
 * subscribed to, once and in order, whether they came early or late; commands arrive as sent; a
 * refusal and the shard's end are told. Method: a stream over a memory journal fed by hand, a hub,
 * one loop for both ends of the socket; frames of every kind through encode and decode, and cut
 * short at every byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/memory/memory.h"
#include "link/frame.h"
#include "link/hub.h"
#include "link/remote.h"
#include "link/server.h"
#include "wire/native/event_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES_MAX 4096u

/* What one port was told. */
struct reader {
    struct port *port;
    uint64_t numbers[ENTRIES_MAX];
    uint64_t events[ENTRIES_MAX];
    size_t count;
    uint64_t live_at;
    unsigned lives, refusals, losses;
};

struct stage {
    struct journal_memory_store store;
    struct journal *events;
    struct stream *stream;
    struct hub *hub;
    struct net_loop *loop;
    struct link_server *server;
    char address[120];
    uint64_t cause;
    struct command last;
    unsigned submitted;
    bool refuse;
};

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct reader *reader = context;
    if (entry->number != 0) {
        assert_true(reader->count < ENTRIES_MAX);
        reader->numbers[reader->count] = entry->number;
        reader->events[reader->count++] = entry->event_sequence;
    }
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    struct reader *reader = context;
    assert_int_equal(key.kind, STREAM_PUBLIC);
    reader->live_at = last_number;
    reader->lives++;
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    struct reader *reader = context;
    assert_int_equal(session, 5);
    assert_int_equal(input_sequence, 77);
    assert_int_equal(refusal.retry_after_us, 123);
    assert_int_equal(refusal.code, REJECT_LOG_NEARLY_FULL);
    reader->refusals++;
}

static void on_lost(void *context)
{
    struct reader *reader = context;
    reader->losses++;
}

static const struct port_handler handler = {
    .on_entry = on_entry, .on_live = on_live, .on_refused = on_refused, .on_lost = on_lost};

static bool on_stream(void *context, const struct stream_entry *entry)
{
    const struct stage *stage = context;
    if (stage->hub != NULL) {
        hub_entry(stage->hub, entry);
    }
    return true;
}

static enum status on_submit(void *context, const struct command *command,
                             struct port_refusal *out_refusal)
{
    struct stage *stage = context;
    stage->submitted++;
    stage->last = *command;
    *out_refusal = (struct port_refusal){123, REJECT_LOG_NEARLY_FULL};
    return stage->refuse ? STATUS_FULL : STATUS_OK;
}

static void stage_open(struct stage *stage)
{
    struct journal_options options = {.kind = JOURNAL_EVENTS};
    struct journal_report report;
    *stage = (struct stage){.cause = 0};
    assert_int_equal(journal_memory_open(&stage->store, &options, &report, &stage->events),
                     STATUS_OK);
    struct stream_options streams = {
        .events = stage->events, .on_entry = on_stream, .context = stage};
    assert_int_equal(stream_open(&streams, &stage->stream), STATUS_OK);
    assert_int_equal(hub_open(stage->stream, on_submit, stage, &stage->hub), STATUS_OK);
    assert_int_equal(net_loop_open(&stage->loop), STATUS_OK);
    snprintf(stage->address, sizeof stage->address, "unix:/tmp/dojima-link-test.%d", (int)getpid());
    assert_int_equal(link_server_open(stage->hub, stage->loop, stage->address, 9, &stage->server),
                     STATUS_OK);
}

static void stage_close(struct stage *stage)
{
    link_server_close(stage->server);
    hub_close(stage->hub);
    stage->hub = NULL;
    net_loop_close(stage->loop);
    stream_close(stage->stream);
    assert_int_equal(journal_close(stage->events, false), STATUS_OK);
    journal_memory_store_deinit(&stage->store);
    (void)unlink(stage->address + strlen("unix:"));
}

/* `count` commands, each with one public event. */
static void publish(struct stage *stage, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t bytes[EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX];
        struct event event = {.day_ended.trading_day = 20260101 + i};
        event.header.id = EVENT_DAY_ENDED;
        event.header.version = 1;
        event_header_encode(bytes, EVENT_DAY_ENDED, 1, ++stage->cause);
        size_t size = EVENT_HEADER_BYTES + event_body_encode(bytes + EVENT_HEADER_BYTES, &event);
        uint8_t *at = journal_reserve(stage->events, size);
        assert_non_null(at);
        memcpy(at, bytes, size);
        uint64_t sequence = journal_append(stage->events, 1, size);
        assert_int_equal(stream_apply(stage->stream, sequence, 1, bytes, size), STATUS_OK);
    }
    struct journal_note note = {0};
    assert_int_equal(journal_commit(stage->events, &note), STATUS_OK);
    assert_int_equal(stream_settle(stage->stream), STATUS_OK);
}

static void turn(struct stage *stage, unsigned ticks)
{
    for (unsigned i = 0; i < ticks; i++) {
        assert_int_equal(hub_tick(stage->hub), STATUS_OK);
        net_loop_tick(stage->loop, 0);
    }
}

static void expect_dense(const struct reader *reader, uint64_t from, uint64_t last)
{
    assert_int_equal(reader->count, last - from + 1);
    for (size_t i = 0; i < reader->count; i++) {
        assert_int_equal(reader->numbers[i], from + i);
        assert_int_equal(reader->events[i], from + i);
    }
}

static void early_and_late_readers_see_the_same(void **state)
{
    (void)state;
    struct stage stage;
    struct reader *readers = calloc(4, sizeof *readers);
    struct stream_key key = {.kind = STREAM_PUBLIC, .id = STREAM_PUBLIC_GROUP};
    stage_open(&stage);
    assert_int_equal(hub_port_open(stage.hub, &handler, &readers[0], &readers[0].port), STATUS_OK);
    assert_int_equal(
        port_remote_open(stage.loop, stage.address, &handler, &readers[1], &readers[1].port),
        STATUS_OK);
    assert_int_equal(port_remote_shard(readers[1].port), 9);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(port_subscribe(readers[i].port, key, 1), STATUS_OK);
    }
    turn(&stage, 4);
    assert_int_equal(readers[0].lives, 1);
    publish(&stage, 1000);
    turn(&stage, 4);
    assert_int_equal(hub_port_open(stage.hub, &handler, &readers[2], &readers[2].port), STATUS_OK);
    assert_int_equal(
        port_remote_open(stage.loop, stage.address, &handler, &readers[3], &readers[3].port),
        STATUS_OK);
    for (unsigned i = 2; i < 4; i++) {
        assert_int_equal(port_subscribe(readers[i].port, key, 301), STATUS_OK);
    }
    turn(&stage, 2); /* catching up, a bounded number a tick, while more comes */
    assert_true(hub_behind(stage.hub));
    publish(&stage, 500);
    turn(&stage, 20);
    assert_false(hub_behind(stage.hub));
    publish(&stage, 10);
    turn(&stage, 10);
    expect_dense(&readers[0], 1, 1510);
    expect_dense(&readers[1], 1, 1510);
    expect_dense(&readers[2], 301, 1510);
    expect_dense(&readers[3], 301, 1510);
    port_unsubscribe(readers[2].port, key);
    port_close(readers[1].port);
    publish(&stage, 3);
    turn(&stage, 10);
    expect_dense(&readers[0], 1, 1513);
    expect_dense(&readers[2], 301, 1510);
    expect_dense(&readers[3], 301, 1513);
    port_close(readers[0].port);
    port_close(readers[2].port);
    port_close(readers[3].port);
    free(readers);
    stage_close(&stage);
}

/* Nothing that was there, the last number, and all that comes; of an empty stream too. */
static void a_reader_from_the_end_gets_what_comes(void **state)
{
    (void)state;
    struct stream_key key = {.kind = STREAM_PUBLIC, .id = STREAM_PUBLIC_GROUP};
    for (unsigned past = 0; past <= 1000; past += 1000) {
        struct stage stage;
        struct reader *readers = calloc(2, sizeof *readers);
        stage_open(&stage);
        if (past > 0) {
            publish(&stage, past);
        }
        assert_int_equal(hub_port_open(stage.hub, &handler, &readers[0], &readers[0].port),
                         STATUS_OK);
        assert_int_equal(
            port_remote_open(stage.loop, stage.address, &handler, &readers[1], &readers[1].port),
            STATUS_OK);
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(port_subscribe(readers[i].port, key, PORT_FROM_END), STATUS_OK);
        }
        turn(&stage, 4);
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(readers[i].lives, 1);
            assert_int_equal(readers[i].live_at, past);
            assert_int_equal(readers[i].count, 0);
        }
        publish(&stage, 10);
        turn(&stage, 4);
        for (unsigned i = 0; i < 2; i++) {
            expect_dense(&readers[i], past + 1, past + 10);
            port_close(readers[i].port);
        }
        free(readers);
        stage_close(&stage);
    }
}

static struct command a_command(void)
{
    return (struct command){
        .header = {.id = COMMAND_CANCEL,
                   .version = COMMAND_CANCEL_VERSION,
                   .session = 5,
                   .incarnation = 2,
                   .input_sequence = 77},
        .cancel = {.account = 3, .client_order_id = text36_from("abc")},
    };
}

static void commands_arrive_and_refusals_come_back(void **state)
{
    (void)state;
    struct stage stage;
    struct reader *readers = calloc(2, sizeof *readers);
    struct command command = a_command();
    stage_open(&stage);
    assert_int_equal(hub_port_open(stage.hub, &handler, &readers[0], &readers[0].port), STATUS_OK);
    assert_int_equal(
        port_remote_open(stage.loop, stage.address, &handler, &readers[1], &readers[1].port),
        STATUS_OK);
    for (unsigned i = 0; i < 2; i++) {
        stage.refuse = i == 1;
        for (unsigned k = 0; k < 2; k++) {
            assert_int_equal(port_submit(readers[k].port, &command), STATUS_OK);
            turn(&stage, 4);
            assert_int_equal(stage.submitted, 2 * i + k + 1);
            assert_memory_equal(&stage.last.header, &command.header, sizeof command.header);
            assert_true(
                text36_equal(&stage.last.cancel.client_order_id, &command.cancel.client_order_id));
            assert_int_equal(readers[k].refusals, i);
        }
    }
    hub_lost(stage.hub);
    turn(&stage, 4);
    for (unsigned k = 0; k < 2; k++) {
        assert_int_equal(readers[k].losses, 1);
        assert_int_equal(port_submit(readers[k].port, &command), STATUS_IO);
        assert_int_equal(port_tick(readers[k].port), STATUS_IO);
        port_close(readers[k].port);
    }
    free(readers);
    stage_close(&stage);
}

/* What was published before it is read first; then the port says that this was the end. */
static void an_orderly_stop_is_told_from_a_lost_one(void **state)
{
    (void)state;
    struct stream_key key = {.kind = STREAM_PUBLIC, .id = STREAM_PUBLIC_GROUP};
    for (unsigned orderly = 0; orderly < 2; orderly++) {
        struct stage stage;
        struct reader *reader = calloc(1, sizeof *reader);
        stage_open(&stage);
        assert_int_equal(
            port_remote_open(stage.loop, stage.address, &handler, reader, &reader->port),
            STATUS_OK);
        assert_int_equal(port_subscribe(reader->port, key, 1), STATUS_OK);
        turn(&stage, 4);
        publish(&stage, 100);
        if (orderly == 1) {
            link_server_end(stage.server);
        }
        link_server_close(stage.server);
        stage.server = NULL;
        turn(&stage, 4);
        assert_int_equal(reader->losses, 1);
        assert_int_equal(port_tick(reader->port), orderly == 1 ? STATUS_END : STATUS_IO);
        if (orderly == 1) {
            expect_dense(reader, 1, 100);
        }
        port_close(reader->port);
        free(reader);
        stage_close(&stage);
    }
}

static void a_shard_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct net_loop *loop;
    struct reader reader = {0};
    assert_int_equal(net_loop_open(&loop), STATUS_OK);
    assert_int_not_equal(port_remote_open(loop, "unix:/tmp/dojima-nobody-listens-here", &handler,
                                          &reader, &reader.port),
                         STATUS_OK);
    assert_int_equal(reader.losses, 0);
    net_loop_close(loop);
}

static void every_frame_survives_and_no_part_of_it_passes(void **state)
{
    (void)state;
    uint8_t event[EVENT_HEADER_BYTES + 8] = {EVENT_DAY_ENDED, 1};
    const struct frame frames[] = {
        {.kind = FRAME_HELLO, .version = 1, .shard = 3},
        {.kind = FRAME_SUBMIT, .command = a_command()},
        {.kind = FRAME_SUBSCRIBE, .key = {.kind = STREAM_ACCOUNT, .id = 7}, .number = 1},
        {.kind = FRAME_UNSUBSCRIBE, .key = {.kind = STREAM_SESSION, .id = 7}},
        {.kind = FRAME_ENTRY,
         .entry = {.key = {.kind = STREAM_PUBLIC, .id = 1},
                   .number = 2,
                   .event_sequence = 3,
                   .time_ns = 4,
                   .side = STREAM_TAKER,
                   .replaced_reference = 5,
                   .bytes = event,
                   .count = sizeof event}},
        {.kind = FRAME_LIVE, .key = {.kind = STREAM_PARTICIPANT, .id = 1}, .number = 0},
        {.kind = FRAME_REFUSED,
         .session = 1,
         .input_sequence = 2,
         .retry_after_us = 3,
         .code = REJECT_LOG_NEARLY_FULL},
        {.kind = FRAME_ENDED},
    };
    for (size_t i = 0; i < ARRAY_COUNT(frames); i++) {
        uint8_t bytes[FRAME_BYTES_MAX];
        uint8_t again[FRAME_BYTES_MAX];
        size_t count = frame_encode(bytes, &frames[i]);
        struct frame out;
        size_t used = 0;
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(frame_decode(bytes, k, &out, &used), STATUS_AGAIN);
        }
        assert_int_equal(frame_decode(bytes, count, &out, &used), STATUS_OK);
        assert_int_equal(used, count);
        assert_int_equal(frame_encode(again, &out), count);
        assert_memory_equal(again, bytes, count);
        bytes[0]--; /* a body one byte short */
        if (frames[i].kind != FRAME_ENTRY) {
            assert_int_equal(frame_decode(bytes, count, &out, &used), STATUS_INVALID);
        }
    }
    const uint8_t garbage[] = {0, 0, 0, 0, 1, 9, 9, 9, 9};
    struct frame out;
    size_t used;
    assert_int_equal(frame_decode(garbage, sizeof garbage, &out, &used), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_and_late_readers_see_the_same),
        cmocka_unit_test(a_reader_from_the_end_gets_what_comes),
        cmocka_unit_test(commands_arrive_and_refusals_come_back),
        cmocka_unit_test(an_orderly_stop_is_told_from_a_lost_one),
        cmocka_unit_test(a_shard_that_is_not_there_is_told),
        cmocka_unit_test(every_frame_survives_and_no_part_of_it_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every command and event travels in its SBE frame and comes back, whole messages only, and a
 * frame put around an event of the log is the one that its decoded form gives. Method: the samples
 * of tests/golden/messages.txt, each cut at every byte and with each field of its header changed.
 */
#include "wire/native/sbe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOLDEN_PATH    "tests/golden/messages.txt"
#define LINE_BYTES_MAX 4096
#define ROOM           1024

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* Pairs of hex digits up to anything else. */
static size_t hex_decode(const char *hex, uint8_t *out)
{
    size_t count = 0;
    for (; hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2) {
        out[count++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
    }
    return count;
}

static void refuse_what_is_not_whole(const uint8_t *bytes, size_t count, bool is_command)
{
    uint8_t changed[ROOM];
    for (size_t cut = 0; cut <= count + 1; cut++) {
        struct command command;
        struct event event;
        uint32_t budget;
        memset(changed, 0, sizeof changed);
        memcpy(changed, bytes, cut < count ? cut : count);
        enum status status = is_command ? sbe_command_decode(changed, cut, &command)
                                        : sbe_event_decode(changed, cut, &event, &budget);
        enum status expected = cut < count    ? STATUS_TRUNCATED
                               : cut == count ? STATUS_OK
                                              : STATUS_INVALID;
        assert_int_equal(status, expected);
    }
    /* block length, template, schema, version */
    static const enum status expected[4] = {STATUS_INVALID, STATUS_UNSUPPORTED, STATUS_UNSUPPORTED,
                                            STATUS_UNSUPPORTED};
    for (size_t field = 0; field < 4; field++) {
        memcpy(changed, bytes, count);
        changed[2 * field + 1] ^= 0x40;
        struct sbe_header header;
        assert_int_equal(sbe_header_decode(changed, count, &header), expected[field]);
    }
}

/* A client of an older release sends its own layout: `newest` is the same command in ours. */
static void old_command_is_read(const uint8_t *newest, const uint8_t *record, size_t count,
                                const struct command *expected)
{
    uint8_t bytes[ROOM];
    size_t fixed_bytes;
    struct command out;
    assert_true(command_fixed_bytes(record[0], record[1], &fixed_bytes));
    memcpy(bytes, newest, SBE_COMMAND_AT);
    bytes_store_le16(bytes, (uint16_t)(SBE_COMMAND_PREFIX_BYTES + fixed_bytes));
    bytes_store_le16(bytes + 6, record[1]);
    memcpy(bytes + SBE_COMMAND_AT, record + COMMAND_HEADER_BYTES, count - COMMAND_HEADER_BYTES);
    size_t written = SBE_COMMAND_AT + count - COMMAND_HEADER_BYTES;
    assert_int_equal(sbe_command_decode(bytes, written, &out), STATUS_OK);
    assert_int_equal(out.header.version, expected->header.version);
    uint8_t body[2][COMMAND_BODY_BYTES_MAX];
    size_t bodies = command_body_encode(body[0], expected);
    assert_int_equal(command_body_encode(body[1], &out), bodies);
    assert_memory_equal(body[0], body[1], bodies);
    refuse_what_is_not_whole(bytes, written, true);
}

static void try_command(const uint8_t *record, size_t count)
{
    struct command in = {0};
    struct command out;
    uint8_t bytes[ROOM];
    assert_int_equal(command_header_decode(record, count, &in.header), STATUS_OK);
    assert_int_equal(
        command_body_decode(record + COMMAND_HEADER_BYTES, count - COMMAND_HEADER_BYTES, &in),
        STATUS_OK);
    size_t written = sbe_command_encode(bytes, &in);
    size_t before = SBE_HEADER_BYTES + SBE_COMMAND_PREFIX_BYTES + count - COMMAND_HEADER_BYTES;
    if (record[1] == in.header.version) {
        assert_int_equal(written, before);
    } else {
        old_command_is_read(bytes, record, count, &in);
    }
    assert_true(written <= SBE_COMMAND_BYTES_MAX);
    assert_int_equal(bytes_load_le16(bytes + 2), in.header.id);
    assert_int_equal(sbe_command_decode(bytes, written, &out), STATUS_OK);
    assert_int_equal(out.header.id, in.header.id);
    assert_true(out.header.input_sequence == in.header.input_sequence);
    assert_int_equal(out.header.valid_for_us, in.header.valid_for_us);
    assert_int_equal(out.header.session, 0);
    uint8_t body[COMMAND_BODY_BYTES_MAX];
    assert_int_equal(command_body_encode_as(body, &out, record[1]), count - COMMAND_HEADER_BYTES);
    assert_memory_equal(body, record + COMMAND_HEADER_BYTES, count - COMMAND_HEADER_BYTES);
    refuse_what_is_not_whole(bytes, written, true);
    struct event event;
    uint32_t budget;
    assert_int_equal(sbe_event_decode(bytes, written, &event, &budget), STATUS_UNSUPPORTED);
}

static void try_event(const uint8_t *record, size_t count)
{
    struct event in = {0};
    struct event out;
    uint32_t budget = 0;
    uint8_t bytes[ROOM];
    uint8_t wrapped[ROOM];
    assert_int_equal(event_header_decode(record, count, &in.header), STATUS_OK);
    in.header.sequence = 0x0102030405060708;
    in.header.time_ns = 0x1112131415161718;
    assert_int_equal(
        event_body_decode(record + EVENT_HEADER_BYTES, count - EVENT_HEADER_BYTES, &in), STATUS_OK);
    size_t wrapped_bytes = SBE_HEADER_BYTES + SBE_EVENT_PREFIX_BYTES + count - EVENT_HEADER_BYTES;
    size_t written = sbe_event_encode(bytes, &in, 17);
    assert_true(written <= SBE_EVENT_BYTES_MAX);
    assert_int_equal(bytes_load_le16(bytes + 2), SBE_EVENT_TEMPLATE + in.header.id);
    assert_int_equal(sbe_event_wrap(wrapped, record, count, &in.header, 17), wrapped_bytes);
    if (record[1] == in.header.version) {
        assert_int_equal(written, wrapped_bytes);
        assert_memory_equal(wrapped, bytes, written);
    } else { /* an older version travels as it was logged, and is read as the newest */
        assert_int_equal(bytes_load_le16(wrapped + 6), record[1]);
        assert_int_equal(sbe_event_decode(wrapped, wrapped_bytes, &out, &budget), STATUS_OK);
        uint8_t again[ROOM];
        assert_int_equal(sbe_event_encode(again, &out, 17), written);
        assert_memory_equal(again, bytes, written);
        refuse_what_is_not_whole(wrapped, wrapped_bytes, false);
    }
    assert_int_equal(sbe_event_decode(bytes, written, &out, &budget), STATUS_OK);
    assert_true(out.header.sequence == in.header.sequence);
    assert_true(out.header.time_ns == in.header.time_ns);
    assert_int_equal(budget, 17);
    refuse_what_is_not_whole(bytes, written, false);
    struct command command;
    assert_int_equal(sbe_command_decode(bytes, written, &command), STATUS_UNSUPPORTED);
}

/* A line is family, message, record in hex, JSON. */
static void every_sample_travels(void **state)
{
    (void)state;
    FILE *file = fopen(GOLDEN_PATH, "re");
    assert_non_null(file);
    static char line[LINE_BYTES_MAX];
    size_t commands = 0;
    size_t events = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uint8_t record[ROOM];
        if (line[0] == '#') {
            continue;
        }
        const char *hex = strchr(strchr(line, ' ') + 1, ' ') + 1;
        size_t count = hex_decode(hex, record);
        if (line[0] == 'c') {
            try_command(record, count);
            commands++;
        } else {
            try_event(record, count);
            events++;
        }
    }
    fclose(file);
    size_t bytes;
    unsigned command_layouts = 0;
    unsigned event_layouts = 0;
    for (unsigned id = 0; id < 256; id++) {
        for (unsigned version = 0; version < 256; version++) {
            command_layouts += command_fixed_bytes(id, version, &bytes);
            event_layouts += event_fixed_bytes(id, version, &bytes);
        }
    }
    assert_true(command_layouts >= COMMAND_KIND_COUNT && event_layouts > EVENT_KIND_COUNT);
    assert_int_equal(commands, 2 * command_layouts);
    assert_int_equal(events, 2 * event_layouts);
}

static void a_refusal_at_the_door(void **state)
{
    (void)state;
    const struct sbe_not_sequenced in = {
        .input_sequence = 0x0102030405060708, .retry_after_us = 0x11121314, .code = 0x2122};
    static const uint8_t expected[] = {14, 0, 0xd0, 7, 0xa1, 6,    1,    0,    8,    7,    6,
                                       5,  4, 3,    2, 1,    0x14, 0x13, 0x12, 0x11, 0x22, 0x21};
    uint8_t bytes[SBE_NOT_SEQUENCED_BYTES + 1] = {0};
    assert_int_equal(sbe_not_sequenced_encode(bytes, &in), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    struct sbe_not_sequenced out;
    assert_int_equal(sbe_not_sequenced_decode(bytes, sizeof expected, &out), STATUS_OK);
    assert_memory_equal(&in, &out, sizeof in.input_sequence);
    assert_int_equal(out.retry_after_us, in.retry_after_us);
    assert_int_equal(out.code, in.code);
    assert_int_equal(sbe_not_sequenced_decode(bytes, sizeof bytes, &out), STATUS_INVALID);
    assert_int_equal(sbe_not_sequenced_decode(bytes, 21, &out), STATUS_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_travels),
        cmocka_unit_test(a_refusal_at_the_door),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

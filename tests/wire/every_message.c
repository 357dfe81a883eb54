/* SPDX-License-Identifier: Apache-2.0
 *
 * every_message CAPTURE GOLDEN [--spoil|--plain]: writes a capture with every packet of SoupBinTCP,
 * every OUCH message with every value of its sets and every appendage field, every ITCH message
 * over SoupBinTCP and MoldUDP64 and every native message of GOLDEN (tests/golden/messages.txt), and
 * tells them on standard output, one line each, "ouch|itch|native JSON", in the order of the
 * capture. With --spoil one value is outside its set, one tag unknown, one message too long and one
 * template unknown.
 */
#include "wire/capture.h"
#include "wire/hex.h"

#include "base/assert.h"
#include "wire/blank.h"
#include "wire/itch/describe.h"
#include "wire/itch/itch.h"
#include "wire/itch/moldudp64.h"
#include "wire/native/sbe.h"
#include "wire/ouch/describe.h"
#include "wire/soup/soup.h"

#include <stdlib.h>

#define OUCH_PORT     8003
#define NATIVE_PORT   8004
#define ITCH_PORT     8005
#define MOLD_PORT     26477
#define ROUNDS        52 /* of OUCH messages: the largest set has 51 values */
#define SEGMENT_BYTES 211
#define LINE_BYTES    8192

/* Where values come from: each differs from the one before. */
struct sample {
    uint64_t next;
    unsigned round;
    unsigned tags; /* taken so far */
    bool plain;    /* no appendage fields, a segment for each message */
};

struct writer {
    struct capture capture;
    struct capture_flow flow;
    struct sample sample;
    enum soup_type type; /* of data packets */
};

static uint64_t number(struct sample *sample, unsigned bits)
{
    sample->next = sample->next * 6364136223846793005u + 1442695040888963407u;
    return bits == 8 ? 'A' + sample->next % 26 : sample->next >> (64 - bits);
}

/* The value of `set` whose turn it is. */
static unsigned code(const struct sample *sample, enum ouch_set set)
{
    unsigned count = 0;
    unsigned found[256];
    for (unsigned value = 0; value < 256; value++) {
        if (ouch_value_meaning(set, value) != NULL) {
            found[count++] = value;
        }
    }
    return found[sample->round % count];
}

static void letters(struct sample *sample, char *out_text, size_t bytes)
{
    char text[16];
    size_t length = 1 + number(sample, 16) % bytes;
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)number(sample, 8);
    }
    blank_set(out_text, bytes, text, length);
}

static const enum ouch_tag all_tags[] = {
#define OUCH_TAG(NAME, number, kind, bytes, meaning) OUCH_TAG_##NAME,
#include "src/wire/ouch/codes.def"
};

/* Three elements, each time the next three. */
static struct ouch_appendage appendage(struct sample *sample, enum ouch_rule rule,
                                       struct ouch_appendage_writer *writer)
{
    writer->count = 0;
    if (rule == OUCH_APPENDAGE_NONE || sample->plain ||
        (rule == OUCH_APPENDAGE_OPTIONAL && sample->round % 3 == 0)) {
        return (struct ouch_appendage){0};
    }
    for (unsigned i = 0; i < 3; i++) {
        enum ouch_tag tag = all_tags[sample->tags++ % ARRAY_COUNT(all_tags)];
        uint64_t value = 0;
        for (size_t j = 0; j < ouch_tag_bytes((uint8_t)tag); j++) {
            value = value << 8 | number(sample, 8);
        }
        ouch_appendage_add_number(writer, tag, value);
    }
    return ouch_appendage_view(writer);
}

#define OUCH_MESSAGE(name, direction, letter, bytes, appendage_rule, meaning)                      \
    static size_t ouch_sample_##name(struct sample *sample, uint8_t *out)                          \
    {                                                                                              \
        enum { rule = OUCH_APPENDAGE_##appendage_rule };                                           \
        struct ouch_appendage_writer elements;                                                     \
        struct ouch_##name message = {0};
#define OUCH_NUMBER(bits, field, offset) message.field = (uint##bits##_t)number(sample, bits);
#define OUCH_CODE(bits, field, offset, set)                                                        \
    message.field = (uint##bits##_t)code(sample, OUCH_SET_##set);
#define OUCH_TEXT(field, offset, length) letters(sample, message.field, length);
#define OUCH_END(name)                                                                             \
    message.appendage = appendage(sample, (enum ouch_rule)rule, &elements);                        \
    return ouch_encode_##name(&message, out);                                                      \
    }
#include "src/wire/ouch/ouch.def"

#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    static size_t itch_sample_##name(struct sample *sample, uint8_t *out)                          \
    {                                                                                              \
        struct itch_##name message = {                                                             \
            .header = {.time_ns = number(sample, 48), .locate = (uint16_t)number(sample, 16)}};
#define ITCH_NUMBER(bits, field, offset) message.field = (uint##bits##_t)number(sample, bits);
#define ITCH_TEXT(field, offset, length) letters(sample, message.field, length);
#define ITCH_END(name)                                                                             \
    return itch_encode_##name(&message, out);                                                      \
    }
#include "src/wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END

static void send(struct writer *writer, const uint8_t *bytes, size_t count)
{
    uint8_t packet[SOUP_PACKET_BYTES_MAX];
    soup_encode_header(writer->type, count, packet);
    memcpy(packet + SOUP_HEADER_BYTES, bytes, count);
    capture_tcp(&writer->capture, &writer->flow, packet, SOUP_HEADER_BYTES + count, SEGMENT_BYTES);
    if (writer->sample.plain) {
        capture_flush(&writer->capture, &writer->flow);
    }
}

/* From here data flows between `port` and a client, one way. */
static void turn(struct writer *writer, uint16_t port, bool from_client)
{
    capture_flush(&writer->capture, &writer->flow);
    uint16_t client = (uint16_t)(40000 + port);
    writer->flow = (struct capture_flow){.sequence = CAPTURE_SEQUENCE_FIRST,
                                         .from_port = from_client ? client : port,
                                         .to_port = from_client ? port : client};
    writer->type = from_client ? SOUP_UNSEQUENCED : SOUP_SEQUENCED;
}

static void tell(const char *protocol, const struct text *json)
{
    ASSERT(!json->truncated);
    printf("%s %s\n", protocol, json->bytes);
}

static void send_ouch(struct writer *writer, enum ouch_direction direction, const uint8_t *bytes,
                      size_t count)
{
    char line[LINE_BYTES];
    struct text json;
    text_init(&json, line, sizeof line);
    if (ouch_describe(direction, bytes, count, FIELDS_FOR_JSON, &json) == STATUS_OK) {
        tell("ouch", &json);
    }
    send(writer, bytes, count);
}

static void every_ouch(struct writer *writer, enum ouch_direction wanted)
{
    uint8_t out[OUCH_LENGTH_MAX];
    for (writer->sample.round = 0; writer->sample.round < ROUNDS; writer->sample.round++) {
#define OUCH_MESSAGE(name, direction, letter, bytes, rule, meaning)                                \
    if (wanted == OUCH_##direction) {                                                              \
        send_ouch(writer, wanted, out, ouch_sample_##name(&writer->sample, out));                  \
    }
#include "src/wire/ouch/ouch.def"
    }
}

static void tell_itch(const uint8_t *bytes, size_t count)
{
    char line[LINE_BYTES];
    struct text json;
    text_init(&json, line, sizeof line);
    ASSERT(itch_describe(bytes, count, FIELDS_FOR_JSON, &json) == STATUS_OK);
    tell("itch", &json);
}

static void every_itch(struct writer *writer, bool mold)
{
    uint8_t packet[1400];
    struct moldudp64_header header = {.session = "0000000001", .sequence = 1};
    size_t at = MOLDUDP64_HEADER_BYTES;
    uint8_t *out;
    size_t count;
#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    out = packet + at + 2;                                                                         \
    count = itch_sample_##name(&writer->sample, out);                                              \
    tell_itch(out, count);                                                                         \
    if (!mold) {                                                                                   \
        send(writer, out, count);                                                                  \
    }                                                                                              \
    bytes_store_be16(packet + at, (uint16_t)count);                                                \
    at += 2 + count;                                                                               \
    header.count++;
#define ITCH_NUMBER(bits, field, offset)
#define ITCH_TEXT(field, offset, length)
#define ITCH_END(name)
#include "src/wire/itch/itch.def"
    ASSERT(at <= sizeof packet);
    if (mold) {
        moldudp64_encode(&header, packet);
        capture_udp(&writer->capture, MOLD_PORT, packet, at);
        header.sequence += header.count;
        header.count = 0;
        moldudp64_encode(&header, packet);
        capture_udp(&writer->capture, MOLD_PORT, packet, MOLDUDP64_HEADER_BYTES);
        header.count = MOLDUDP64_END_OF_SESSION;
        moldudp64_encode(&header, packet);
        capture_udp(&writer->capture, MOLD_PORT, packet, MOLDUDP64_HEADER_BYTES);
    }
}

static void send_command(struct writer *writer, const uint8_t *record, size_t count)
{
    struct command command = {0};
    uint8_t out[SBE_COMMAND_BYTES_MAX];
    char line[LINE_BYTES];
    struct text json;
    text_init(&json, line, sizeof line);
    ASSERT(command_header_decode(record, count, &command.header) == STATUS_OK);
    ASSERT(command_body_decode(record + COMMAND_HEADER_BYTES, count - COMMAND_HEADER_BYTES,
                               &command) == STATUS_OK);
    command_describe_json(&command, &json);
    tell("native", &json);
    send(writer, out, sbe_command_encode(out, &command));
}

static void send_event(struct writer *writer, const uint8_t *record, size_t count)
{
    struct event event = {0};
    uint8_t out[SBE_EVENT_BYTES_MAX];
    char line[LINE_BYTES];
    struct text json;
    text_init(&json, line, sizeof line);
    ASSERT(event_header_decode(record, count, &event.header) == STATUS_OK);
    ASSERT(event_body_decode(record + EVENT_HEADER_BYTES, count - EVENT_HEADER_BYTES, &event) ==
           STATUS_OK);
    event.header.sequence = number(&writer->sample, 64);
    event.header.time_ns = number(&writer->sample, 64);
    if (event.header.id == EVENT_REJECTED) {
        event.rejected.code = REJECT_UNKNOWN_ORDER; /* the sample's is outside the set */
    }
    event_describe_json(&event, &json);
    tell("native", &json);
    send(writer, out, sbe_event_encode(out, &event, 9));
}

/* A line of the file is family, message, record in hex, JSON. */
static void every_native(struct writer *writer, const char *golden, char family)
{
    FILE *file = fopen(golden, "re");
    if (file == NULL) {
        perror(golden);
        exit(1);
    }
    static char line[LINE_BYTES];
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != family) {
            continue;
        }
        uint8_t record[1024];
        size_t count = hex_decode(strchr(strchr(line, ' ') + 1, ' ') + 1, record);
        if (family == 'c') {
            send_command(writer, record, count);
        } else {
            send_event(writer, record, count);
        }
    }
    fclose(file);
}

static void packets_of_client(struct writer *writer)
{
    uint8_t packet[SOUP_PACKET_BYTES_MAX];
    const struct soup_login login = {
        .sequence = 1, .username = "alice", .password = "secret", .session = "S1"};
    struct capture_flow *flow = &writer->flow;
    capture_tcp(&writer->capture, flow, packet, soup_encode_login(&login, packet), SEGMENT_BYTES);
    capture_tcp(&writer->capture, flow, packet, soup_encode_empty(SOUP_CLIENT_HEARTBEAT, packet),
                SEGMENT_BYTES);
    every_ouch(writer, OUCH_IN);
    capture_tcp(&writer->capture, flow, packet, soup_encode_empty(SOUP_LOGOUT, packet),
                SEGMENT_BYTES);
}

static void packets_of_server(struct writer *writer)
{
    uint8_t packet[SOUP_PACKET_BYTES_MAX];
    const struct soup_accepted accepted = {.sequence = 1, .session = "S1"};
    struct capture *capture = &writer->capture;
    struct capture_flow *flow = &writer->flow;
    capture_tcp(capture, flow, packet, soup_encode_rejected(SOUP_NOT_AUTHORIZED, packet),
                SEGMENT_BYTES);
    capture_tcp(capture, flow, packet, soup_encode_accepted(&accepted, packet), SEGMENT_BYTES);
    /* tshark begins a new conversation here and would lose the first half of a packet cut in two */
    capture_flush(capture, flow);
    capture_tcp(capture, flow, packet, soup_encode_empty(SOUP_SERVER_HEARTBEAT, packet),
                SEGMENT_BYTES);
    every_ouch(writer, OUCH_OUT);
    capture_tcp(capture, flow, packet, soup_encode_debug("good bye", packet), SEGMENT_BYTES);
    capture_tcp(capture, flow, packet, soup_encode_empty(SOUP_END_OF_SESSION, packet),
                SEGMENT_BYTES);
}

/* What the dissectors must not let pass. */
static void spoil(struct writer *writer)
{
    uint8_t out[OUCH_LENGTH_MAX];
    turn(writer, OUCH_PORT + 100, true);
    size_t count = ouch_sample_enter_order(&writer->sample, out);
    out[5] = '?'; /* the side */
    send(writer, out, count);
    static const uint8_t unknown_tag[] = {'Q', 0, 3, 2, 200, 1};
    send(writer, unknown_tag, sizeof unknown_tag);
    turn(writer, NATIVE_PORT + 100, true);
    const struct sbe_not_sequenced refusal = {.input_sequence = 1};
    count = sbe_not_sequenced_encode(out, &refusal);
    send(writer, out, count + 1); /* too long */
    bytes_store_le16(out + 2, 999);
    send(writer, out, count); /* no such template */
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: every_message CAPTURE GOLDEN [--spoil|--plain]\n");
        return 2;
    }
    static struct writer writer;
    writer.sample.plain = argc > 3 && strcmp(argv[3], "--plain") == 0;
    capture_open(&writer.capture, argv[1]);
    turn(&writer, OUCH_PORT, true);
    packets_of_client(&writer);
    turn(&writer, OUCH_PORT, false);
    packets_of_server(&writer);
    if (!writer.sample.plain) {
        turn(&writer, ITCH_PORT, false);
        every_itch(&writer, false);
        turn(&writer, NATIVE_PORT, true);
        every_native(&writer, argv[2], 'c');
        turn(&writer, NATIVE_PORT, false);
        every_native(&writer, argv[2], 'e');
    }
    if (argc > 3 && !writer.sample.plain) {
        spoil(&writer);
    }
    capture_flush(&writer.capture, &writer.flow);
    every_itch(&writer, true);
    capture_close(&writer.capture);
    return 0;
}

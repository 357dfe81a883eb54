/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the generated codec, validator and JSON of every message are what the lists of schema/ say.
 * Method: tests/golden/messages.txt, which the generator makes from the lists without the codec;
 * every truncation and every longer form of each sample is refused; every field of every message,
 * walked by the lists expanded here once more, is given values outside its set; seeded random
 * messages come back as they went.
 */
#include "base/prng.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOLDEN_PATH      "tests/golden/messages.txt"
#define LINE_BYTES_MAX   4096
#define SAMPLE_SEQUENCE  UINT64_C(7)
#define SAMPLE_TIME_NS   UINT64_C(1700000000123456789)
#define RECORD_BYTES_MAX 512

enum field_type { U8, U16, U32, U64, I64, PRICE, QUANTITY, TIME, ENUM, CHARS16, BYTES32, TEXT };

/* A field as the lists give it, and where it lies in struct command or struct event. */
struct field {
    const char *message;
    const char *name;
    const char *domain;
    enum field_type type;
    size_t offset;
    unsigned since; /* version */
};

struct message {
    const char *name;
    uint8_t id;
    uint8_t version;
};

static const struct message command_messages[] = {
#define MESSAGE(name, upper, id, version, meaning) {#name, id, version},
#define FIELD(message, type, name, domain, meaning)
#include "schema/commands.def"
#undef MESSAGE
#undef FIELD
};
static const struct field command_fields[] = {
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)                                                \
    {#message, #name, domain, type, offsetof(struct command, message.name), 1},
#define FIELD_SINCE(message, version, before, type, name, domain, meaning)                         \
    {#message, #name, domain, type, offsetof(struct command, message.name), version},
#include "schema/commands.def"
#undef MESSAGE
#undef FIELD
};
static const struct message event_messages[] = {
#define MESSAGE(name, upper, id, version, meaning) {#name, id, version},
#define FIELD(message, type, name, domain, meaning)
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};
static const struct field event_fields[] = {
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)                                                \
    {#message, #name, domain, type, offsetof(struct event, message.name), 1},
#define FIELD_SINCE(message, version, before, type, name, domain, meaning)                         \
    {#message, #name, domain, type, offsetof(struct event, message.name), version},
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};

/* A command or an event: the tests are the same for both. */
union any {
    struct command command;
    struct event event;
};

struct family {
    const char *name;
    const struct message *messages;
    size_t message_count;
    const struct field *fields;
    size_t field_count;
    size_t header_bytes;
    bool is_command;
};

static const struct family families[] = {
    {"command", command_messages, ARRAY_COUNT(command_messages), command_fields,
     ARRAY_COUNT(command_fields), COMMAND_HEADER_BYTES, true},
    {"event", event_messages, ARRAY_COUNT(event_messages), event_fields, ARRAY_COUNT(event_fields),
     EVENT_HEADER_BYTES, false},
};

static enum status decode(const struct family *family, const uint8_t *bytes, size_t count,
                          union any *out)
{
    memset(out, 0, sizeof *out);
    enum status status;
    if (family->is_command) {
        status = command_header_decode(bytes, count, &out->command.header);
        out->command.header.sequence = SAMPLE_SEQUENCE;
        out->command.header.time_ns = SAMPLE_TIME_NS;
    } else {
        status = event_header_decode(bytes, count, &out->event.header);
        out->event.header.sequence = SAMPLE_SEQUENCE;
        out->event.header.time_ns = SAMPLE_TIME_NS;
    }
    if (status != STATUS_OK) {
        return status;
    }
    bytes += family->header_bytes;
    count -= family->header_bytes;
    return family->is_command ? command_body_decode(bytes, count, &out->command)
                              : event_body_decode(bytes, count, &out->event);
}

static size_t encode(const struct family *family, const union any *in, uint8_t *out)
{
    if (family->is_command) {
        command_header_encode(out, &in->command.header);
        return COMMAND_HEADER_BYTES + command_body_encode(out + COMMAND_HEADER_BYTES, &in->command);
    }
    const struct event_header *header = &in->event.header;
    event_header_encode(out, header->id, header->version, header->cause);
    return EVENT_HEADER_BYTES + event_body_encode(out + EVENT_HEADER_BYTES, &in->event);
}

static size_t encode_as(const struct family *family, const union any *in, uint8_t version,
                        uint8_t *out)
{
    union any old = *in;
    if (family->is_command) {
        old.command.header.version = version;
        command_header_encode(out, &old.command.header);
        return COMMAND_HEADER_BYTES +
               command_body_encode_as(out + COMMAND_HEADER_BYTES, &old.command, version);
    }
    event_header_encode(out, old.event.header.id, version, old.event.header.cause);
    return EVENT_HEADER_BYTES + event_body_encode_as(out + EVENT_HEADER_BYTES, &old.event, version);
}

static unsigned validate(const struct family *family, const union any *in)
{
    return family->is_command ? command_validate(&in->command) : event_validate(&in->event);
}

static void describe(const struct family *family, const union any *in, bool json, struct text *out)
{
    if (family->is_command) {
        (json ? command_describe_json : command_describe_text)(&in->command, out);
    } else {
        (json ? event_describe_json : event_describe_text)(&in->event, out);
    }
}

static void set_kind(const struct family *family, uint8_t id, uint8_t version, union any *out)
{
    if (family->is_command) {
        out->command.header.id = id;
        out->command.header.version = version;
    } else {
        out->event.header.id = id;
        out->event.header.version = version;
    }
}

/* One line of the golden file, taken apart. */
struct golden {
    const struct family *family;
    const char *message;
    uint8_t bytes[RECORD_BYTES_MAX];
    size_t count;
    const char *json;
};

static unsigned nibble(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a') + 10;
}

/* Takes `line` apart in place. */
static void parse_golden(char *line, struct golden *out)
{
    char *rest = line;
    const char *family = strsep(&rest, " ");
    out->message = strsep(&rest, " ");
    const char *digits = strsep(&rest, " ");
    assert_non_null(rest);
    out->json = strsep(&rest, "\n");
    out->family = strcmp(family, "command") == 0 ? &families[0] : &families[1];
    assert_string_equal(out->family->name, family);
    out->count = strlen(digits) / 2;
    assert_true(out->count <= sizeof out->bytes);
    for (size_t i = 0; i < out->count; i++) {
        out->bytes[i] = (uint8_t)(nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]));
    }
}

typedef void on_golden(const struct golden *golden);

/* Calls back for each sample; returns how many there are. */
static size_t for_each_golden(on_golden *on_one)
{
    static char line[LINE_BYTES_MAX];
    FILE *file = fopen(GOLDEN_PATH, "r");
    if (file == NULL) {
        fail_msg("%s is missing: run `make generate`", GOLDEN_PATH);
        return 0;
    }
    size_t count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#') {
            static struct golden golden;
            parse_golden(line, &golden);
            on_one(&golden);
            count++;
        }
    }
    assert_int_equal(fclose(file), 0);
    return count;
}

static unsigned newest_version(const struct golden *golden)
{
    for (size_t i = 0; i < golden->family->message_count; i++) {
        if (strcmp(golden->family->messages[i].name, golden->message) == 0) {
            return golden->family->messages[i].version;
        }
    }
    fail_msg("%s: no such message", golden->message);
    return 0;
}

static void check_golden(const struct golden *golden)
{
    union any any;
    assert_int_equal(decode(golden->family, golden->bytes, golden->count, &any), STATUS_OK);
    uint8_t again[RECORD_BYTES_MAX];
    memset(again, 0x5a, sizeof again);
    uint8_t version = golden->bytes[1];
    if (version == newest_version(golden)) {
        assert_int_equal(encode(golden->family, &any, again), golden->count);
    } else { /* an older version, read as the newest */
        assert_int_equal(golden->family->is_command ? any.command.header.version
                                                    : any.event.header.version,
                         newest_version(golden));
        assert_int_equal(encode_as(golden->family, &any, version, again), golden->count);
        union any newer;
        uint8_t newest[RECORD_BYTES_MAX];
        size_t count = encode(golden->family, &any, newest);
        assert_int_equal(decode(golden->family, newest, count, &newer), STATUS_OK);
        assert_memory_equal(&newer, &any, sizeof any);
    }
    assert_memory_equal(again, golden->bytes, golden->count);
    assert_int_equal(validate(golden->family, &any), 0);
    static char bytes[LINE_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    describe(golden->family, &any, true, &text);
    assert_false(text.truncated);
    assert_string_equal(bytes, golden->json);
}

static void samples_match_bytes_and_json(void **state)
{
    (void)state;
    size_t versions = 0;
    for (size_t f = 0; f < ARRAY_COUNT(families); f++) {
        for (size_t i = 0; i < families[f].message_count; i++) {
            versions += families[f].messages[i].version;
        }
    }
    assert_int_equal(for_each_golden(check_golden), 2 * versions);
}

static void check_lengths(const struct golden *golden)
{
    union any any;
    for (size_t count = 0; count < golden->count; count++) {
        /* In a block of its own size, so that a sanitizer sees a read behind it. */
        uint8_t *exact = malloc(count + 1);
        assert_non_null(exact);
        memcpy(exact, golden->bytes, count);
        assert_int_equal(decode(golden->family, exact, count, &any), STATUS_TRUNCATED);
        free(exact);
    }
    uint8_t longer[RECORD_BYTES_MAX + 1] = {0};
    memcpy(longer, golden->bytes, golden->count);
    assert_int_equal(decode(golden->family, longer, golden->count + 1, &any), STATUS_INVALID);
}

static void other_lengths_are_refused(void **state)
{
    (void)state;
    assert_true(for_each_golden(check_lengths) > 0);
}

static void check_kinds(const struct golden *golden)
{
    union any any;
    uint8_t bytes[RECORD_BYTES_MAX];
    memcpy(bytes, golden->bytes, golden->count);
    for (unsigned version = 0; version < 256; version++) {
        bytes[1] = (uint8_t)version;
        enum status status = decode(golden->family, bytes, golden->count, &any);
        if (version == golden->bytes[1]) {
            assert_int_equal(status, STATUS_OK);
        } else if (version >= 1 && version <= newest_version(golden)) {
            assert_int_not_equal(status, STATUS_UNSUPPORTED); /* the same bytes, read otherwise */
        } else {
            assert_int_equal(status, STATUS_UNSUPPORTED);
        }
    }
    bytes[1] = golden->bytes[1];
    static const uint8_t unknown_ids[] = {0, 31, 200, 255};
    for (size_t i = 0; i < sizeof unknown_ids; i++) {
        bytes[0] = unknown_ids[i];
        assert_int_equal(decode(golden->family, bytes, golden->count, &any), STATUS_UNSUPPORTED);
        assert_int_equal(validate(golden->family, &any), 1);
    }
    if (!golden->family->is_command) {
        bytes[0] = golden->bytes[0];
        bytes[2] = 1;
        assert_int_equal(decode(golden->family, bytes, golden->count, &any), STATUS_INVALID);
    }
}

/* The tables of versions agree with the lists: what rules write, and sizes. */
static void versions_follow_the_rules(void **state)
{
    (void)state;
    size_t bytes;
    assert_int_equal(event_version_at(EVENT_ACCOUNT_OPENED, 1), 1);
    assert_int_equal(event_version_at(EVENT_ACCOUNT_OPENED, 2), 2);
    assert_int_equal(event_version_at(0, LOGIC_NEWEST), 0);
    assert_true(event_fixed_bytes(EVENT_ACCOUNT_OPENED, 1, &bytes) && bytes == 12);
    assert_true(event_fixed_bytes(EVENT_ACCOUNT_OPENED, 2, &bytes) && bytes == 16);
    assert_false(event_fixed_bytes(EVENT_ACCOUNT_OPENED, 3, &bytes));
    assert_false(event_fixed_bytes(EVENT_ACCOUNT_OPENED, 256 + 1, &bytes));
    for (size_t i = 0; i < ARRAY_COUNT(event_messages); i++) {
        const struct message *message = &event_messages[i];
        assert_int_equal(event_version_at(message->id, LOGIC_NEWEST), message->version);
        assert_true(event_fixed_bytes(message->id, message->version, &bytes));
    }
    for (size_t i = 0; i < ARRAY_COUNT(command_messages); i++) {
        const struct message *message = &command_messages[i];
        assert_int_equal(command_version_at(message->id, LOGIC_NEWEST), message->version);
        assert_true(command_fixed_bytes(message->id, message->version, &bytes));
    }
}

static void unknown_kinds_and_versions_are_refused(void **state)
{
    (void)state;
    assert_true(for_each_golden(check_kinds) > 0);
}

/* Any legal value, spread by `prng`. */
static void set_random(const struct field *field, uint8_t *at, struct prng *prng)
{
    static const size_t bytes[] = {1, 2, 4, 8, 8, 8, 8, 8};
    if (field->type <= TIME) {
        uint64_t value = prng_next(prng);
        value = strcmp(field->domain, "0 or 1") == 0 ? value & 1 : value;
        memcpy(at, &value, bytes[field->type]);
    } else if (field->type == ENUM) {
        unsigned one = 1; /* every set has it */
        memcpy(at, &one, sizeof one);
    } else if (field->type == BYTES32) {
        for (size_t i = 0; i < 32; i++) {
            at[i] = (uint8_t)prng_next(prng);
        }
    } else {
        size_t room = field->type == CHARS16 ? 16 : TEXT36_BYTES_MAX;
        size_t count = 1 + (size_t)prng_below(prng, room);
        uint8_t *text = field->type == TEXT ? at + 1 : at;
        if (field->type == TEXT) {
            at[0] = (uint8_t)count;
        }
        for (size_t i = 0; i < count; i++) {
            text[i] = (uint8_t)prng_between(prng, 0x21, 0x7e);
        }
    }
}

static void random_message(const struct family *family, const struct message *message,
                           struct prng *prng, union any *out)
{
    memset(out, 0, sizeof *out);
    set_kind(family, message->id, message->version, out);
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (strcmp(field->message, message->name) == 0) {
            set_random(field, (uint8_t *)out + field->offset, prng);
        }
    }
}

static void random_messages_come_back(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 20260202);
    for (size_t f = 0; f < ARRAY_COUNT(families); f++) {
        for (size_t m = 0; m < families[f].message_count; m++) {
            for (int round = 0; round < 200; round++) {
                union any sent;
                union any received;
                uint8_t bytes[RECORD_BYTES_MAX];
                random_message(&families[f], &families[f].messages[m], &prng, &sent);
                size_t count = encode(&families[f], &sent, bytes);
                assert_int_equal(decode(&families[f], bytes, count, &received), STATUS_OK);
                assert_int_equal(validate(&families[f], &received), 0);
                memset(&sent.command.header, 0, sizeof sent.event.header);
                memset(&received.command.header, 0, sizeof sent.event.header);
                size_t body = families[f].is_command ? offsetof(struct command, genesis)
                                                     : offsetof(struct event, venue_opened);
                size_t rest =
                    (families[f].is_command ? sizeof sent.command : sizeof sent.event) - body;
                assert_memory_equal((uint8_t *)&sent + body, (uint8_t *)&received + body, rest);
            }
        }
    }
}

/* Puts a value outside the field's set there; false if every value is legal. */
static bool set_illegal(const struct field *field, unsigned variant, uint8_t *at)
{
    static const unsigned outside[] = {200, 64, 255};
    static const uint8_t bad_chars[][3] = {"", "a b", "a\0b"};
    static const uint8_t bad_texts[][3] = {"", "\3a\x7f", {1, 'a', 'b'}};
    switch (field->type) {
    case ENUM:
        memcpy(at, &outside[variant], sizeof outside[0]);
        return true;
    case U8:
        at[0] = (uint8_t)(2 + variant);
        return strcmp(field->domain, "0 or 1") == 0;
    case CHARS16:
        memset(at, 0, 16);
        memcpy(at, bad_chars[variant], sizeof bad_chars[0]);
        return true;
    case TEXT:
        memset(at, 0, sizeof(struct text36));
        memcpy(at, bad_texts[variant], sizeof bad_texts[0]);
        return true;
    case U16:
    case U32:
    case U64:
    case I64:
    case PRICE:
    case QUANTITY:
    case TIME:
    case BYTES32:
        break;
    }
    return false;
}

/* Fields of later versions have the later numbers, wherever they stand. */
static unsigned place_of(const struct family *family, const struct field *field)
{
    unsigned place = 1;
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *other = &family->fields[i];
        bool before =
            other->since < field->since || (other->since == field->since && other < field);
        place += before && strcmp(other->message, field->message) == 0;
    }
    return place;
}

static void validate_names_the_field(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 20260203);
    size_t tried = 0;
    for (size_t f = 0; f < ARRAY_COUNT(families); f++) {
        for (size_t i = 0; i < families[f].field_count; i++) {
            const struct field *field = &families[f].fields[i];
            const char *message = field->message;
            unsigned place = place_of(&families[f], field);
            size_t m = 0;
            while (strcmp(families[f].messages[m].name, message) != 0) {
                m++;
            }
            for (unsigned variant = 0; variant < 3; variant++) {
                union any any;
                random_message(&families[f], &families[f].messages[m], &prng, &any);
                assert_int_equal(validate(&families[f], &any), 0);
                bool illegal = set_illegal(field, variant, (uint8_t *)&any + field->offset);
                assert_int_equal(validate(&families[f], &any), illegal ? place : 0);
                tried += illegal;
            }
        }
    }
    assert_true(tried > 60);
}

static void check_text(const struct golden *golden)
{
    union any any;
    assert_int_equal(decode(golden->family, golden->bytes, golden->count, &any), STATUS_OK);
    static char bytes[LINE_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    describe(golden->family, &any, false, &text);
    assert_false(text.truncated);
    assert_non_null(strstr(bytes, golden->message));
    for (size_t i = 0; i < golden->family->field_count; i++) {
        const struct field *field = &golden->family->fields[i];
        if (strcmp(field->message, golden->message) == 0) {
            assert_non_null(strstr(bytes, field->name));
        }
    }
    /* A small buffer cuts the line and stays inside. */
    for (size_t capacity = 1; capacity < 40; capacity++) {
        char small[41];
        memset(small, '#', sizeof small);
        text_init(&text, small, capacity);
        describe(golden->family, &any, false, &text);
        assert_true(text.truncated);
        assert_memory_equal(small, bytes, capacity - 1);
        assert_int_equal(small[capacity], '#');
    }
}

static void text_lines_name_every_field(void **state)
{
    (void)state;
    assert_true(for_each_golden(check_text) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_match_bytes_and_json),
        cmocka_unit_test(other_lengths_are_refused),
        cmocka_unit_test(unknown_kinds_and_versions_are_refused),
        cmocka_unit_test(versions_follow_the_rules),
        cmocka_unit_test(random_messages_come_back),
        cmocka_unit_test(validate_names_the_field),
        cmocka_unit_test(text_lines_name_every_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

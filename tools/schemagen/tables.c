/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/schemagen/tables.h"

#include "base/compiler.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES_MAX 36

static const struct message command_messages[] = {
#define MESSAGE(name, upper, id, version, meaning) {#name, #upper, id, version, meaning},
#define FIELD(message, type, name, domain, meaning)
#include "schema/commands.def"
#undef MESSAGE
#undef FIELD
};
static const struct field command_fields[] = {
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)                                                \
    {#message, FIELD_##type, #name, domain, meaning, 1, NULL},
#define FIELD_SINCE(message, version, before, type, name, domain, meaning)                         \
    {#message, FIELD_##type, #name, domain, meaning, version, before},
#include "schema/commands.def"
#undef MESSAGE
#undef FIELD
};
/* One that names no message: C wants an element. */
static const struct layout command_layouts[] = {
    {"", 0, 0},
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)
#define LAYOUT(message, version, logic) {#message, version, logic},
#include "schema/commands.def"
#undef MESSAGE
#undef FIELD
};
static const struct message event_messages[] = {
#define MESSAGE(name, upper, id, version, meaning) {#name, #upper, id, version, meaning},
#define FIELD(message, type, name, domain, meaning)
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};
static const struct field event_fields[] = {
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)                                                \
    {#message, FIELD_##type, #name, domain, meaning, 1, NULL},
#define FIELD_SINCE(message, version, before, type, name, domain, meaning)                         \
    {#message, FIELD_##type, #name, domain, meaning, version, before},
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};
/* One that names no message: C wants an element. */
static const struct layout event_layouts[] = {
    {"", 0, 0},
#define MESSAGE(name, upper, id, version, meaning)
#define FIELD(message, type, name, domain, meaning)
#define LAYOUT(message, version, logic) {#message, version, logic},
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};

const struct family family_command = {
    "command",        "COMMAND",
    command_messages, ARRAY_COUNT(command_messages),
    command_fields,   ARRAY_COUNT(command_fields),
    command_layouts,  ARRAY_COUNT(command_layouts),
};
const struct family family_event = {
    "event",        "EVENT",
    event_messages, ARRAY_COUNT(event_messages),
    event_fields,   ARRAY_COUNT(event_fields),
    event_layouts,  ARRAY_COUNT(event_layouts),
};

const struct logic logics[] = {
#define LOGIC(version, release, meaning) {version, release, meaning},
#include "schema/logic.def"
#undef LOGIC
};
const size_t logic_count = ARRAY_COUNT(logics);

const struct enumeration enumerations[] = {
#define ENUMERATION(name, meaning) {#name, meaning},
#define VALUE(enumeration, name, number, meaning)
#include "schema/enums.def"
#undef ENUMERATION
#undef VALUE
};
const size_t enumeration_count = ARRAY_COUNT(enumerations);

const struct value values[] = {
#define ENUMERATION(name, meaning)
#define VALUE(enumeration, name, number, meaning) {#enumeration, #name, number, meaning},
#include "schema/enums.def"
#undef ENUMERATION
#undef VALUE
};
const size_t value_count = ARRAY_COUNT(values);

const struct reject rejects[] = {
#define REJECT(name, number, cause, remedy) {#name, number, cause, remedy},
#include "schema/rejects.def"
#undef REJECT
};
const size_t reject_count = ARRAY_COUNT(rejects);

const struct number numbers[] = {
#define NUMBER(name, c_type, bits, range, meaning) {#name, #c_type, bits, range, meaning},
#include "schema/numbers.def"
#undef NUMBER
};
const size_t number_count = ARRAY_COUNT(numbers);

const struct status_row status_rows[] = {
#define STATUS(name, number, exit_code, sentence) {#name, number, exit_code, sentence},
#include "schema/status.def"
#undef STATUS
};
const size_t status_row_count = ARRAY_COUNT(status_rows);

const struct config_key config_keys[] = {
#define CONFIG(name, option, type, initial, legal, used_by, meaning)                               \
    {#name, option, #type, initial, legal, used_by, meaning},
#include "schema/config.def"
#undef CONFIG
};
const size_t config_key_count = ARRAY_COUNT(config_keys);

const struct setting settings[] = {
#define SETTING(name, path, type, initial, lowest, highest, words, meaning)                        \
    {path, #type, initial, words, meaning, lowest, highest, false},
#define TABLE(name, path, meaning) {path, "TABLE", "", "", meaning, 0, 0, false},
#define COLUMN(table, name, path, type, initial, lowest, highest, words, meaning)                  \
    {path, #type, initial, words, meaning, lowest, highest, true},
#include "schema/config.def"
};
const size_t setting_count = ARRAY_COUNT(settings);

const struct metric metrics[] = {
#define METRIC(name, type, unit, meaning) {#name, #type, unit, meaning},
#include "schema/metrics.def"
#undef METRIC
};
const size_t metric_count = ARRAY_COUNT(metrics);

NO_RETURN static void stop(const char *what, const char *name)
{
    fprintf(stderr, "schemagen: %s: %s\n", what, name);
    exit(1);
}

bool field_belongs_at(const struct field *field, const struct message *message, unsigned version)
{
    return strcmp(field->message, message->name) == 0 && field->since <= version;
}

bool field_belongs(const struct field *field, const struct message *message)
{
    return field_belongs_at(field, message, message->version);
}

unsigned field_place(const struct family *family, const struct field *field)
{
    unsigned place = 1;
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *other = &family->fields[i];
        if (strcmp(other->message, field->message) == 0) {
            place += other->since < field->since || (other->since == field->since && other < field);
        }
    }
    return place;
}

unsigned layout_logic(const struct family *family, const struct message *message, unsigned version)
{
    for (size_t i = 0; i < family->layout_count; i++) {
        const struct layout *layout = &family->layouts[i];
        if (strcmp(layout->message, message->name) == 0 && layout->version == version) {
            return layout->logic;
        }
    }
    return 1;
}

size_t field_bytes(const struct field *field)
{
    switch (field->type) {
    case FIELD_U8:
    case FIELD_ENUM:
        return 1;
    case FIELD_U16:
        return 2;
    case FIELD_U32:
        return 4;
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
    case FIELD_TIME:
        return 8;
    case FIELD_CHARS16:
        return 16;
    case FIELD_BYTES32:
        return 32;
    case FIELD_TEXT:
        return 0;
    }
    return 0;
}

static size_t message_bytes(const struct family *family, const struct message *message,
                            unsigned version, size_t text)
{
    size_t bytes = 0;
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (field_belongs_at(field, message, version)) {
            bytes += field->type == FIELD_TEXT ? text : field_bytes(field);
        }
    }
    return bytes;
}

size_t message_fixed_bytes_at(const struct family *family, const struct message *message,
                              unsigned version)
{
    return message_bytes(family, message, version, 0);
}

size_t message_fixed_bytes(const struct family *family, const struct message *message)
{
    return message_fixed_bytes_at(family, message, message->version);
}

size_t message_largest_bytes(const struct family *family, const struct message *message)
{
    return message_bytes(family, message, message->version, 1 + TEXT_BYTES_MAX);
}

const char *field_type_name(enum field_type type)
{
    static const char *const names[] = {"U8",       "U16",  "U32",  "U64",     "I64",     "PRICE",
                                        "QUANTITY", "TIME", "ENUM", "CHARS16", "BYTES32", "TEXT"};
    return names[type];
}

const char *field_c_type(const struct field *field, char *buffer, size_t bytes)
{
    static const char *const types[] = {"uint8_t",         "uint16_t",       "uint32_t",
                                        "uint64_t",        "int64_t",        "struct price",
                                        "struct quantity", "uint64_t",       "enum",
                                        "struct chars16",  "struct bytes32", "struct text36"};
    if (field->type == FIELD_ENUM) {
        snprintf(buffer, bytes, "enum %s", field->domain);
    } else {
        snprintf(buffer, bytes, "%s", types[field->type]);
    }
    return buffer;
}

/* Every version of a message has a field of its own and rules it came with. */
static void check_versions(const struct family *family, const struct message *message)
{
    for (size_t i = 0; i < family->layout_count; i++) {
        const struct layout *layout = &family->layouts[i];
        if (strcmp(layout->message, message->name) == 0 &&
            (layout->version == 0 || layout->version > message->version || layout->logic < 2 ||
             layout->logic > logic_count)) {
            stop("LAYOUT of a version or of rules that are not there", message->name);
        }
    }
    for (unsigned version = 2; version <= message->version; version++) {
        bool found = false;
        for (size_t i = 0; i < family->field_count; i++) {
            const struct field *field = &family->fields[i];
            if (field_belongs(field, message) && field->since == version) {
                found = true;
                if (field->type == FIELD_TEXT || field->type == FIELD_CHARS16 ||
                    field->type == FIELD_BYTES32) {
                    stop("a later field may be a number, a price or of a set", field->name);
                }
            }
        }
        unsigned logic = layout_logic(family, message, version);
        if (!found || logic < 2 || logic > logic_count ||
            logic < layout_logic(family, message, version - 1)) {
            stop("a version without a field or a LAYOUT of its own", message->name);
        }
    }
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (strcmp(field->message, message->name) == 0 && field->since > message->version) {
            stop("field of a version that the message does not have", field->name);
        }
    }
}

/* Names of the headers' fields: one JSON object holds both. */
static void check_name(const struct family *family, const struct field *field)
{
    static const char *const taken[] = {
        "sequence",       "time_ns", "command",         "session",      "incarnation",
        "input_sequence", "source",  "source_sequence", "source_index", "valid_for_us"};
    static const char *const taken_by_events[] = {"sequence", "time_ns", "event", "cause"};
    bool commands = strcmp(family->name, "command") == 0;
    const char *const *names = commands ? taken : taken_by_events;
    size_t count = commands ? ARRAY_COUNT(taken) : ARRAY_COUNT(taken_by_events);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(field->name, names[i]) == 0) {
            stop("the header has a field of this name", field->name);
        }
    }
}

static void check_family(const struct family *family)
{
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *message = &family->messages[i];
        for (size_t j = i + 1; j < family->message_count; j++) {
            if (family->messages[j].id == message->id) {
                stop("id used twice", family->messages[j].name);
            }
        }
        check_versions(family, message);
        bool text_seen = false;
        for (size_t j = 0; j < family->field_count; j++) {
            const struct field *field = &family->fields[j];
            if (!field_belongs(field, message)) {
                continue;
            }
            if (text_seen && field->type != FIELD_TEXT) {
                stop("fixed field after TEXT", field->name);
            }
            text_seen = field->type == FIELD_TEXT;
        }
    }
    for (size_t j = 0; j < family->field_count; j++) {
        const struct field *field = &family->fields[j];
        check_name(family, field);
        bool found = false;
        for (size_t i = 0; i < family->message_count; i++) {
            found = found || field_belongs(field, &family->messages[i]);
        }
        if (!found) {
            stop("field of no message", field->name);
        }
        bool domain_found = field->type != FIELD_ENUM;
        for (size_t i = 0; i < enumeration_count; i++) {
            domain_found = domain_found || strcmp(enumerations[i].name, field->domain) == 0;
        }
        if (!domain_found) {
            stop("unknown enumeration", field->domain);
        }
    }
}

void tables_check(void)
{
    for (size_t i = 0; i < logic_count; i++) {
        if (logics[i].version != i + 1) {
            stop("versions of the rules are dense from 1", logics[i].meaning);
        }
    }
    check_family(&family_command);
    check_family(&family_event);
    for (size_t i = 0; i < reject_count; i++) {
        for (size_t j = i + 1; j < reject_count; j++) {
            if (rejects[i].number == rejects[j].number) {
                stop("reject number used twice", rejects[j].name);
            }
        }
    }
}

FILE *generated_open(const char *directory, const char *path, enum generated_kind kind)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", directory, path);
    FILE *file = fopen(full, "w");
    if (file == NULL) {
        perror(full);
        exit(1);
    }
    switch (kind) {
    case GENERATED_C:
        fputs("/* SPDX-License-Identifier: Apache-2.0\n", file);
        break;
    case GENERATED_PAGE:
        fputs("<!-- Written by tools/schemagen from schema/*.def: change those, then "
              "`make generate`. -->\n\n",
              file);
        break;
    case GENERATED_LINES:
        fputs("# Written by tools/schemagen from schema/*.def: change those, then "
              "`make generate`.\n",
              file);
        break;
    case GENERATED_BYTES:
        break;
    }
    return file;
}

void generated_close(FILE *file)
{
    if (ferror(file) != 0 || fclose(file) != 0) {
        perror("schemagen");
        exit(1);
    }
}

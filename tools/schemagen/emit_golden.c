/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes tests/golden/messages.txt, two samples of each message with their bytes and JSON, made
 * from the lists alone and not by the generated codec, which is tested against them; and the fuzz
 * dictionary and corpus of the native messages from the same samples.
 */
#include "tools/schemagen/tables.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#define RECORD_BYTES_MAX 1024
#define SAMPLE_SEQUENCE  UINT64_C(7)
#define SAMPLE_TIME_NS   UINT64_C(1700000000123456789)
#define LARGEST_TEXT     "abcdefghijklmnopqrstuvwxyz0123456789"

enum sample_kind {
    SAMPLE_TYPICAL,
    SAMPLE_LARGEST, /* every number at its end, every text full */
};

/* One sample under construction. */
struct sample {
    enum sample_kind kind;
    uint64_t seed;
    uint8_t bytes[RECORD_BYTES_MAX];
    size_t count;
    char json_bytes[4 * RECORD_BYTES_MAX];
    struct text json;
};

static void put(struct sample *sample, uint64_t value, size_t bytes)
{
    uint8_t all[8];
    bytes_store_le64(all, value);
    memcpy(sample->bytes + sample->count, all, bytes);
    sample->count += bytes;
}

/* A number below 2^bits: scattered, or the largest. */
static uint64_t draw(struct sample *sample, unsigned bits)
{
    uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    sample->seed++;
    return (sample->kind == SAMPLE_LARGEST ? UINT64_MAX : hash_mix64(sample->seed)) & mask;
}

static void label(struct sample *sample, const char *name)
{
    text_format(&sample->json, ",\"%s\":", name);
}

static void put_number(struct sample *sample, const struct field *field)
{
    size_t bytes = field_bytes(field);
    uint64_t value = draw(sample, (unsigned)bytes * 8);
    if (strcmp(field->domain, "0 or 1") == 0) {
        value &= 1;
    } else if (strcmp(field->domain, "reject") == 0) {
        const struct reject *reject = &rejects[value % reject_count];
        text_format(&sample->json, "\"%s\"", reject->name);
        put(sample, reject->number, bytes);
        return;
    } else if (strcmp(field->domain, "command id") == 0) {
        const struct message *m = &family_command.messages[value % family_command.message_count];
        text_format(&sample->json, "\"%s\"", m->name);
        put(sample, m->id, bytes);
        return;
    }
    put(sample, value, bytes);
    text_format(&sample->json,
                bytes == 8 && field->type == FIELD_U64 ? "\"%" PRIu64 "\"" : "%" PRIu64, value);
}

static void put_signed(struct sample *sample, const struct field *field)
{
    int64_t value = (int64_t)draw(sample, 64);
    if (sample->kind == SAMPLE_LARGEST) {
        value = field->type == FIELD_QUANTITY ? INT64_MAX : INT64_MIN;
    }
    put(sample, (uint64_t)value, 8);
    if (field->type == FIELD_PRICE && value == INT64_MIN) {
        text_add(&sample->json, "null");
    } else {
        text_format(&sample->json, "%" PRId64, value);
    }
}

static void put_value(struct sample *sample, const struct field *field)
{
    const struct value *of_set[64];
    size_t count = 0;
    for (size_t i = 0; i < value_count && count < ARRAY_COUNT(of_set); i++) {
        if (strcmp(values[i].enumeration, field->domain) == 0) {
            of_set[count++] = &values[i];
        }
    }
    uint64_t drawn = draw(sample, 16);
    const struct value *chosen =
        of_set[sample->kind == SAMPLE_LARGEST ? count - 1 : (size_t)drawn % count];
    put(sample, chosen->number, 1);
    text_format(&sample->json, "\"%s\"", chosen->name);
}

static void put_text(struct sample *sample, const struct field *field)
{
    char bytes[37] = {0};
    size_t room = field->type == FIELD_CHARS16 ? 16 : 36;
    if (sample->kind == SAMPLE_LARGEST) {
        memcpy(bytes, LARGEST_TEXT, room);
    } else {
        snprintf(bytes, room + 1, "%.8s-%03u", field->name, (unsigned)draw(sample, 9));
    }
    size_t count = strlen(bytes);
    if (field->type == FIELD_TEXT) {
        put(sample, count, 1);
        room = count;
    }
    memcpy(sample->bytes + sample->count, bytes, room);
    sample->count += room;
    text_add_json(&sample->json, bytes, count);
}

static void put_digest(struct sample *sample)
{
    text_add(&sample->json, "\"");
    for (size_t i = 0; i < 32; i++) {
        uint64_t value = draw(sample, 8);
        put(sample, value, 1);
        text_format(&sample->json, "%02x", (unsigned)value);
    }
    text_add(&sample->json, "\"");
}

static void put_field(struct sample *sample, const struct field *field)
{
    label(sample, field->name);
    switch (field->type) {
    case FIELD_U8:
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_U64:
    case FIELD_TIME:
        put_number(sample, field);
        break;
    case FIELD_I64:
    case FIELD_PRICE:
    case FIELD_QUANTITY:
        put_signed(sample, field);
        break;
    case FIELD_ENUM:
        put_value(sample, field);
        break;
    case FIELD_CHARS16:
    case FIELD_TEXT:
        put_text(sample, field);
        break;
    case FIELD_BYTES32:
        put_digest(sample);
        break;
    }
}

/* The layout drawn in src/wire/native/header.h, written down a second time on purpose. */
static void put_command_header(struct sample *sample, const struct message *message,
                               unsigned version)
{
    uint64_t source = draw(sample, 16);
    uint64_t session = draw(sample, 32);
    uint64_t source_sequence = draw(sample, 64);
    uint64_t source_index = draw(sample, 32);
    uint64_t incarnation = draw(sample, 32);
    uint64_t input_sequence = draw(sample, 64);
    uint64_t valid_for_us = draw(sample, 32);
    put(sample, message->id, 1);
    put(sample, version, 1);
    put(sample, source, 2);
    put(sample, session, 4);
    put(sample, source_sequence, 8);
    put(sample, source_index, 4);
    put(sample, incarnation, 4);
    put(sample, input_sequence, 8);
    put(sample, valid_for_us, 4);
    text_format(
        &sample->json,
        "{\"sequence\":%" PRIu64 ",\"time_ns\":%" PRIu64 ",\"command\":\"%s\",\"session\":%" PRIu64
        ",\"incarnation\":%" PRIu64 ",\"input_sequence\":%" PRIu64 ",\"source\":%" PRIu64
        ",\"source_sequence\":%" PRIu64 ",\"source_index\":%" PRIu64 ",\"valid_for_us\":%" PRIu64,
        SAMPLE_SEQUENCE, SAMPLE_TIME_NS, message->name, session, incarnation, input_sequence,
        source, source_sequence, source_index, valid_for_us);
}

static void put_event_header(struct sample *sample, const struct message *message, unsigned version)
{
    uint64_t cause = draw(sample, 48);
    put(sample, message->id, 1);
    put(sample, version, 1);
    put(sample, 0, 2);
    put(sample, cause, 8);
    text_format(&sample->json,
                "{\"sequence\":%" PRIu64 ",\"cause\":%" PRIu64 ",\"time_ns\":%" PRIu64
                ",\"event\":\"%s\"",
                SAMPLE_SEQUENCE, cause, SAMPLE_TIME_NS, message->name);
}

/* What an older record means in a field that it does not have. */
static void put_before(struct sample *sample, const struct field *field)
{
    label(sample, field->name);
    if (field->type == FIELD_PRICE && strcmp(field->before, "none") == 0) {
        text_add(&sample->json, "null");
    } else {
        bool quoted = field->type == FIELD_U64 || field->type == FIELD_ENUM;
        text_format(&sample->json, quoted ? "\"%s\"" : "%s", field->before);
    }
}

static void make_sample(struct sample *sample, const struct family *family,
                        const struct message *message, unsigned version, enum sample_kind kind)
{
    sample->kind = kind;
    sample->seed = (uint64_t)family->name[0] << 32 | message->id << 8;
    sample->count = 0;
    text_init(&sample->json, sample->json_bytes, sizeof sample->json_bytes);
    if (family == &family_command) {
        put_command_header(sample, message, version);
    } else {
        put_event_header(sample, message, version);
    }
    for (size_t i = 0; i < family->field_count; i++) {
        if (field_belongs_at(&family->fields[i], message, version)) {
            put_field(sample, &family->fields[i]);
        } else if (field_belongs(&family->fields[i], message)) {
            put_before(sample, &family->fields[i]);
        }
    }
    text_add(&sample->json, "}");
}

static void emit_corpus_file(const char *directory, const struct family *family,
                             const struct message *message, unsigned version,
                             const struct sample *sample)
{
    char path[160];
    int end =
        snprintf(path, sizeof path, "fuzz/wire_native_native/%s_%s", family->name, message->name);
    if (version != message->version) {
        snprintf(path + end, sizeof path - (size_t)end, "_v%u", version);
    }
    FILE *file = generated_open(directory, path, GENERATED_BYTES);
    /* The fuzz target's first byte chooses the family. */
    fputc(family->name[0], file);
    fwrite(sample->bytes, 1, sample->count, file);
    generated_close(file);
}

static void emit_family(const char *directory, FILE *file, const struct family *family)
{
    static struct sample sample;
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *message = &family->messages[i];
        for (unsigned j = 0; j < 2 * message->version; j++) {
            unsigned version = j / 2 + 1;
            enum sample_kind kind = j % 2 == 0 ? SAMPLE_TYPICAL : SAMPLE_LARGEST;
            make_sample(&sample, family, message, version, kind);
            fprintf(file, "%s %s ", family->name, message->name);
            for (size_t k = 0; k < sample.count; k++) {
                fprintf(file, "%02x", sample.bytes[k]);
            }
            fprintf(file, " %s\n", sample.json_bytes);
            if (kind == SAMPLE_TYPICAL) {
                emit_corpus_file(directory, family, message, version, &sample);
            }
        }
    }
}

static void emit_dictionary(const char *directory)
{
    FILE *file = generated_open(directory, "fuzz/wire_native_native.dict", GENERATED_LINES);
    static const struct family *const families[] = {&family_command, &family_event};
    for (size_t i = 0; i < ARRAY_COUNT(families); i++) {
        for (size_t j = 0; j < families[i]->message_count; j++) {
            const struct message *m = &families[i]->messages[j];
            for (unsigned version = m->version; version > 0; version--) {
                fprintf(file, "%s_%s", families[i]->name, m->name);
                if (version != m->version) {
                    fprintf(file, "_v%u", version);
                }
                fprintf(file, "=\"%c\\x%02x\\x%02x\"\n", families[i]->name[0], m->id, version);
            }
        }
    }
    fputs("price_none=\"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\"\n"
          "text_full=\"\\x24" LARGEST_TEXT "\"\n"
          "text_too_long=\"\\x25" LARGEST_TEXT "A\"\n",
          file);
    generated_close(file);
}

void emit_golden(const char *directory)
{
    FILE *file = generated_open(directory, "tests/golden/messages.txt", GENERATED_LINES);
    fprintf(file,
            "# family, message, header and body in hexadecimal (the second byte is the version), "
            "JSON as the "
            "newest version says it; sequence %" PRIu64 " and time %" PRIu64
            " come from the log.\n",
            SAMPLE_SEQUENCE, SAMPLE_TIME_NS);
    emit_family(directory, file, &family_command);
    emit_family(directory, file, &family_event);
    generated_close(file);
    emit_dictionary(directory);
}

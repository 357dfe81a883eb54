/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes src/wire/native/{command,event}_codec.{h,c}: bytes of each message. Encoders are inline,
 * the engine writes events with them straight into the log's buffer; decoders check bounds and
 * version.
 */
#include "tools/schemagen/tables.h"

#include <ctype.h>
#include <string.h>

static void emit_field_encode(FILE *file, const struct field *field, size_t offset)
{
    const char *name = field->name;
    switch (field->type) {
    case FIELD_U8:
        fprintf(file, "    out[%zu] = in->%s;\n", offset, name);
        break;
    case FIELD_ENUM:
        fprintf(file, "    out[%zu] = (uint8_t)in->%s;\n", offset, name);
        break;
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_U64:
    case FIELD_TIME:
        fprintf(file, "    bytes_store_le%zu(out + %zu, in->%s);\n", field_bytes(field) * 8, offset,
                name);
        break;
    case FIELD_I64:
        fprintf(file, "    bytes_store_le64(out + %zu, (uint64_t)in->%s);\n", offset, name);
        break;
    case FIELD_PRICE:
        fprintf(file, "    bytes_store_le64(out + %zu, (uint64_t)in->%s.units);\n", offset, name);
        break;
    case FIELD_QUANTITY:
        fprintf(file, "    bytes_store_le64(out + %zu, (uint64_t)in->%s.lots);\n", offset, name);
        break;
    case FIELD_CHARS16:
    case FIELD_BYTES32:
        fprintf(file, "    memcpy(out + %zu, in->%s.bytes, %zu);\n", offset, name,
                field_bytes(field));
        break;
    case FIELD_TEXT:
        fprintf(file, "    at += text36_encode(out + at, &in->%s);\n", name);
        break;
    }
}

static void emit_field_decode(FILE *file, const struct field *field, size_t offset)
{
    const char *name = field->name;
    switch (field->type) {
    case FIELD_U8:
        fprintf(file, "    out->%s = in[%zu];\n", name, offset);
        break;
    case FIELD_ENUM:
        fprintf(file, "    out->%s = (enum %s)in[%zu];\n", name, field->domain, offset);
        break;
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_U64:
    case FIELD_TIME:
        fprintf(file, "    out->%s = bytes_load_le%zu(in + %zu);\n", name, field_bytes(field) * 8,
                offset);
        break;
    case FIELD_I64:
        fprintf(file, "    out->%s = (int64_t)bytes_load_le64(in + %zu);\n", name, offset);
        break;
    case FIELD_PRICE:
        fprintf(file, "    out->%s.units = (int64_t)bytes_load_le64(in + %zu);\n", name, offset);
        break;
    case FIELD_QUANTITY:
        fprintf(file, "    out->%s.lots = (int64_t)bytes_load_le64(in + %zu);\n", name, offset);
        break;
    case FIELD_CHARS16:
    case FIELD_BYTES32:
        fprintf(file, "    memcpy(out->%s.bytes, in + %zu, %zu);\n", name, offset,
                field_bytes(field));
        break;
    case FIELD_TEXT:
        fprintf(file,
                "    if (!text36_decode(in, bytes, &at, &out->%s)) {\n        return "
                "STATUS_TRUNCATED;\n    }\n",
                name);
        break;
    }
}

/* "", or of an older version "_v1". */
static const char *version_suffix(const struct message *message, unsigned version)
{
    static char suffix[16];
    suffix[0] = '\0';
    if (version != message->version) {
        snprintf(suffix, sizeof suffix, "_v%u", version);
    }
    return suffix;
}

void emit_encode(FILE *file, const struct family *family, const struct message *message,
                 unsigned version)
{
    size_t fixed = message_fixed_bytes_at(family, message, version);
    bool text = message_largest_bytes(family, message) != message_fixed_bytes(family, message);
    if (version == message->version) {
        fprintf(file, "/* Writes the body, at most %s_%s_BYTES_MAX bytes; returns how many. */\n",
                family->upper, message->upper);
    }
    fprintf(file,
            "static %s size_t %s_%s_encode%s(uint8_t *out, const struct %s_%s "
            "*in)\n{\n",
            version == message->version ? "ALWAYS_INLINE" : "inline", family->name, message->name,
            version_suffix(message, version), family->name, message->name);
    if (text) {
        fprintf(file, "    size_t at = %zu;\n", fixed);
    }
    if (fixed == 0 && !text) {
        fputs("    (void)out;\n    (void)in;\n", file);
    }
    size_t offset = 0;
    for (size_t i = 0; i < family->field_count; i++) {
        if (field_belongs_at(&family->fields[i], message, version)) {
            emit_field_encode(file, &family->fields[i], offset);
            offset += field_bytes(&family->fields[i]);
        }
    }
    if (text) {
        fputs("    return at;\n}\n\n", file);
    } else {
        fprintf(file, "    return %zu;\n}\n\n", fixed);
    }
}

/* `lead` and what a record of an older version means in a field that it does not have. */
void emit_before(FILE *file, const struct field *field, const char *lead, const char *equals,
                 const char *end)
{
    const char *name = field->name;
    if (field->type == FIELD_PRICE) {
        fprintf(file, "%s%s.units %s %s%s", lead, name, equals,
                strcmp(field->before, "none") == 0 ? "PRICE_NONE" : field->before, end);
    } else if (field->type == FIELD_QUANTITY) {
        fprintf(file, "%s%s.lots %s %s%s", lead, name, equals, field->before, end);
    } else if (field->type == FIELD_ENUM) {
        fprintf(file, "%s%s %s ", lead, name, equals);
        for (const char *at = field->domain; *at != '\0'; at++) {
            fputc(toupper((unsigned char)*at), file);
        }
        fprintf(file, "_%s%s", field->before, end);
    } else {
        fprintf(file, "%s%s %s %s%s", lead, name, equals, field->before, end);
    }
}

void emit_decode(FILE *file, const struct family *family, const struct message *message,
                 unsigned version)
{
    size_t fixed = message_fixed_bytes_at(family, message, version);
    bool text = message_largest_bytes(family, message) != message_fixed_bytes(family, message);
    if (version == message->version) {
        fputs("/* TRUNCATED if `bytes` end too early, INVALID if there are more than the message "
              "has. */\n",
              file);
    }
    fprintf(file,
            "MUST_USE static inline enum status %s_%s_decode%s(const uint8_t *in, size_t bytes, "
            "struct %s_%s *out)\n{\n",
            family->name, message->name, version_suffix(message, version), family->name,
            message->name);
    if (fixed > 0) {
        fprintf(file, "    if (bytes < %zu) {\n        return STATUS_TRUNCATED;\n    }\n", fixed);
    } else {
        fputs("    (void)in;\n    (void)out;\n", file);
    }
    if (text) {
        fprintf(file, "    size_t at = %zu;\n", fixed);
    }
    size_t offset = 0;
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (field_belongs_at(field, message, version)) {
            emit_field_decode(file, field, offset);
            offset += field_bytes(field);
        } else if (field_belongs(field, message)) {
            emit_before(file, field, "    out->", "=", ";\n");
        }
    }
    if (text) {
        fputs("    return at == bytes ? STATUS_OK : STATUS_INVALID;\n}\n\n", file);
    } else {
        fprintf(file, "    return bytes == %zu ? STATUS_OK : STATUS_INVALID;\n}\n\n", fixed);
    }
}

static void emit_validate(FILE *file, const struct family *family, const struct message *message)
{
    fprintf(file, "static unsigned validate_%s(const struct %s_%s *in)\n{\n", message->name,
            family->name, message->name);
    fputs("    (void)in;\n", file);
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (!field_belongs(field, message)) {
            continue;
        }
        unsigned place = field_place(family, field);
        const char *check = NULL;
        switch (field->type) {
        case FIELD_ENUM:
            fprintf(file,
                    "    if (UNLIKELY(!%s_valid((unsigned)in->%s))) {\n        return %u;\n    }\n",
                    field->domain, field->name, place);
            break;
        case FIELD_TEXT:
            check = "text36_valid";
            break;
        case FIELD_CHARS16:
            check = "chars16_valid";
            break;
        case FIELD_U8:
            if (strcmp(field->domain, "0 or 1") == 0) {
                fprintf(file, "    if (UNLIKELY(in->%s > 1)) {\n        return %u;\n    }\n",
                        field->name, place);
            }
            break;
        case FIELD_U16:
        case FIELD_U32:
        case FIELD_U64:
        case FIELD_I64:
        case FIELD_PRICE:
        case FIELD_QUANTITY:
        case FIELD_TIME:
        case FIELD_BYTES32:
            break;
        }
        if (check != NULL) {
            fprintf(file, "    if (UNLIKELY(!%s(&in->%s))) {\n        return %u;\n    }\n", check,
                    field->name, place);
        }
    }
    fputs("    return 0;\n}\n\n", file);
}

static void emit_valid_sets(FILE *file)
{
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file,
                "static ALWAYS_INLINE UNUSED bool %s_valid(unsigned value)\n{\n    return value < "
                "64 && ((UINT64_C(0)",
                enumerations[i].name);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, " | UINT64_C(1) << %u", values[j].number);
            }
        }
        fputs(") >> value & 1) != 0;\n}\n\n", file);
    }
}

static void declare_versions(FILE *file, const struct family *family)
{
    const char *n = family->name;
    fprintf(
        file,
        "/* The same as %s_body_encode in a version that the kind has or had; what that cannot\n"
        " * say is left out. */\n"
        "size_t %s_body_encode_as(uint8_t *out, const struct %s *in, unsigned version);\n\n"
        "/* The version in which a kind is written while these rules apply; 0 = they have no such\n"
        " * kind. */\n"
        "unsigned %s_version_at(unsigned id, unsigned logic);\n\n"
        "/* Bytes of the fixed fields; false if there is no such kind or version. */\n"
        "bool %s_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes);\n\n",
        n, n, n, n, n);
    if (family == &family_command) {
        fputs("/* The oldest version that says all of it. */\n"
              "unsigned command_version_least(const struct command *in);\n\n",
              file);
    }
}

static void emit_header(const char *directory, const struct family *family)
{
    char path[128];
    snprintf(path, sizeof path, "src/wire/native/%s_codec.h", family->name);
    FILE *file = generated_open(directory, path, GENERATED_C);
    fprintf(file,
            " *\n"
            " * Written by tools/schemagen from schema/%ss.def: do not edit. The bytes of each %s: "
            "fixed\n"
            " * fields little-endian in the order of the list, then texts, each behind its count "
            "byte.\n"
            " *\n"
            " * Owner: nobody. Threads: any. Memory: the caller's buffers. Errors: TRUNCATED, "
            "INVALID,\n"
            " * UNSUPPORTED. Order of calls: any.\n"
            " */\n"
            "#ifndef DOJIMA_WIRE_NATIVE_%s_CODEC_H\n#define DOJIMA_WIRE_NATIVE_%s_CODEC_H\n\n"
            "#include \"base/bytes.h\"\n#include \"base/status.h\"\n#include \"base/text.h\"\n"
            "#include \"wire/native/%s.h\"\n#include \"wire/native/text36.h\"\n\n",
            family->name, family->name, family->upper, family->upper, family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *message = &family->messages[i];
        emit_encode(file, family, message, message->version);
        emit_decode(file, family, message, message->version);
    }
    const char *n = family->name;
    fprintf(file,
            "/* Body of any kind, by `header.id`. `out` has %s_BODY_BYTES_MAX bytes; returns how "
            "many were used. */\n"
            "size_t %s_body_encode(uint8_t *out, const struct %s *in);\n\n",
            family->upper, n, n);
    fprintf(
        file,
        "/* Body of any kind, by `out->header.id` and version, which the caller has set. One of "
        "an\n"
        " * older version comes out as the newest, and the header says so. */\n"
        "MUST_USE enum status %s_body_decode(const uint8_t *in, size_t bytes, struct %s *out);\n\n",
        n, n);
    declare_versions(file, family);
    fprintf(file,
            "/* 0 if every field is inside its set, else the number of the first that is not, from "
            "1. */\n"
            "unsigned %s_validate(const struct %s *in);\n\n",
            n, n);
    fprintf(file,
            "/* Name of a kind (\"%s\"), or null; number of kinds with ids from 1. */\nconst char "
            "*%s_name(unsigned id);\n\n",
            family->messages[0].name, n);
    fprintf(file,
            "/* One line for people, and one JSON object; ids above 2^53 are strings in JSON. */\n"
            "void %s_describe_text(const struct %s *in, struct text *out);\n"
            "void %s_describe_json(const struct %s *in, struct text *out);\n\n#endif\n",
            n, n, n, n);
    generated_close(file);
}

static void emit_source(const char *directory, const struct family *family)
{
    char path[128];
    snprintf(path, sizeof path, "src/wire/native/%s_codec.c", family->name);
    FILE *file = generated_open(directory, path, GENERATED_C);
    fprintf(file,
            " * Written by tools/schemagen from schema/%ss.def: do not edit. */\n#include "
            "\"wire/native/%s_codec.h\"\n\n",
            family->name, family->name);
    emit_valid_sets(file);
    for (size_t i = 0; i < family->message_count; i++) {
        emit_validate(file, family, &family->messages[i]);
    }
    const char *n = family->name;
    fprintf(file,
            "size_t %s_body_encode(uint8_t *out, const struct %s *in)\n{\n    switch "
            "(in->header.id) {\n",
            n, n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    case %s_%s:\n        return %s_%s_encode(out, &in->%s);\n",
                family->upper, m->upper, n, m->name, m->name);
    }
    fputs("    default:\n        return 0;\n    }\n}\n\n", file);
    fprintf(file, "unsigned %s_validate(const struct %s *in)\n{\n    switch (in->header.id) {\n", n,
            n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    case %s_%s:\n        return validate_%s(&in->%s);\n", family->upper,
                m->upper, m->name, m->name);
    }
    fputs("    default:\n        return 1;\n    }\n}\n\n", file);
    fprintf(file, "const char *%s_name(unsigned id)\n{\n    switch (id) {\n", n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    case %s_%s:\n        return \"%s\";\n", family->upper, m->upper,
                m->name);
    }
    fputs("    default:\n        return NULL;\n    }\n}\n", file);
    generated_close(file);
}

void emit_codec(const char *directory)
{
    emit_header(directory, &family_command);
    emit_source(directory, &family_command);
    emit_header(directory, &family_event);
    emit_source(directory, &family_event);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes src/wire/native/{domain,command_describe,event_describe}.c: names of the closed sets, and
 * one line of text or one JSON object for each message.
 */
#include "tools/schemagen/tables.h"

#include <string.h>

static void emit_names(const char *directory)
{
    FILE *file = generated_open(directory, "src/wire/native/domain.c", GENERATED_C);
    fputs(" * Written by tools/schemagen from schema/: do not edit. */\n#include "
          "\"wire/native/domain.h\"\n\n#include <stddef.h>\n\n",
          file);
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file, "const char *%s_name(unsigned value)\n{\n    switch (value) {\n",
                enumerations[i].name);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, "    case %u:\n        return \"%s\";\n", values[j].number,
                        values[j].name);
            }
        }
        fputs("    default:\n        return NULL;\n    }\n}\n\n", file);
    }
    static const char *const columns[] = {"name", "cause", "remedy"};
    for (size_t column = 0; column < 3; column++) {
        fprintf(file, "const char *reject_%s(unsigned value)\n{\n    switch (value) {\n",
                columns[column]);
        for (size_t i = 0; i < reject_count; i++) {
            const char *texts[] = {rejects[i].name, rejects[i].cause, rejects[i].remedy};
            fprintf(file, "    case %u:\n        return \"%s\";\n", rejects[i].number,
                    texts[column]);
        }
        fprintf(file, "    default:\n        return NULL;\n    }\n}\n%s", column < 2 ? "\n" : "");
    }
    generated_close(file);
}

static void emit_field(FILE *file, const struct field *field, bool json, bool first)
{
    const char *n = field->name;
    const char *lead = first ? "" : (json ? "," : " ");
    char label[96];
    snprintf(label, sizeof label, json ? "%s\\\"%s\\\":" : "%s%s=", lead, n);
    const char *quote = json ? "\\\"" : "";
    switch (field->type) {
    case FIELD_U8:
    case FIELD_U16:
    case FIELD_U32:
        if (strcmp(field->domain, "reject") == 0) {
            fprintf(file,
                    "    text_format(out, \"%s%s%%s%s\", name_or_number(reject_name(m->%s)));\n",
                    label, quote, quote, n);
        } else if (strcmp(field->domain, "command id") == 0) {
            fprintf(file,
                    "    text_format(out, \"%s%s%%s%s\", name_or_number(command_name(m->%s)));\n",
                    label, quote, quote, n);
        } else {
            fprintf(file, "    text_format(out, \"%s%%u\", (unsigned)m->%s);\n", label, n);
        }
        break;
    case FIELD_U64:
        /* ids are strings in JSON: they pass 2^53 */
        fprintf(file, "    text_format(out, \"%s%s%%\" PRIu64 \"%s\", m->%s);\n", label, quote,
                quote, n);
        break;
    case FIELD_TIME:
        fprintf(file, "    text_format(out, \"%s%%\" PRIu64, m->%s);\n", label, n);
        break;
    case FIELD_I64:
        fprintf(file, "    text_format(out, \"%s%%\" PRId64, m->%s);\n", label, n);
        break;
    case FIELD_PRICE:
        fprintf(file, "    text_add(out, \"%s\");\n    describe_price(m->%s, out);\n", label, n);
        break;
    case FIELD_QUANTITY:
        fprintf(file, "    text_format(out, \"%s%%\" PRId64, m->%s.lots);\n", label, n);
        break;
    case FIELD_ENUM:
        fprintf(file,
                "    text_format(out, \"%s%s%%s%s\", name_or_number(%s_name((unsigned)m->%s)));\n",
                label, quote, quote, field->domain, n);
        break;
    case FIELD_CHARS16:
        if (json) {
            fprintf(file,
                    "    text_add(out, \"%s\");\n    text_add_json(out, m->%s.bytes, "
                    "strnlen(m->%s.bytes, sizeof m->%s.bytes));\n",
                    label, n, n, n);
        } else {
            fprintf(file, "    text_format(out, \"%s%%.16s\", m->%s.bytes);\n", label, n);
        }
        break;
    case FIELD_BYTES32:
        fprintf(file,
                "    text_add(out, \"%s%s\");\n    describe_bytes32(&m->%s, out);\n    "
                "text_add(out, \"%s\");\n",
                label, quote, n, quote);
        break;
    case FIELD_TEXT:
        if (json) {
            fprintf(
                file,
                "    text_add(out, \"%s\");\n    text_add_json(out, m->%s.bytes, m->%s.count);\n",
                label, n, n);
        } else {
            fprintf(file, "    text_format(out, \"%s%%.*s\", (int)m->%s.count, m->%s.bytes);\n",
                    label, n, n);
        }
        break;
    }
}

static void emit_family(const char *directory, const struct family *family)
{
    char path[128];
    snprintf(path, sizeof path, "src/wire/native/%s_describe.c", family->name);
    FILE *file = generated_open(directory, path, GENERATED_C);
    fprintf(file,
            " * Written by tools/schemagen from schema/%ss.def: do not edit. */\n#include "
            "\"wire/native/%s_codec.h\"\n%s"
            "#include \"wire/native/describe.h\"\n\n#include <inttypes.h>\n\n",
            family->name, family->name,
            strcmp(family->name, "event") == 0 ? "#include \"wire/native/command_codec.h\"\n" : "");
    for (int json = 0; json < 2; json++) {
        const char *form = json != 0 ? "json" : "text";
        for (size_t i = 0; i < family->message_count; i++) {
            const struct message *message = &family->messages[i];
            fprintf(file, "static void %s_%s(const struct %s_%s *m, struct text *out)\n{\n",
                    message->name, form, family->name, message->name);
            fputs("    (void)m;\n    (void)out;\n", file);
            bool first = true;
            for (size_t j = 0; j < family->field_count; j++) {
                if (field_belongs(&family->fields[j], message)) {
                    emit_field(file, &family->fields[j], json != 0, first && json == 0);
                    first = false;
                }
            }
            fputs("}\n\n", file);
        }
        fprintf(file,
                "void %s_describe_%s(const struct %s *in, struct text *out)\n{\n    "
                "%s_header_describe_%s(&in->header, %s_name(in->header.id), out);\n    switch "
                "(in->header.id) {\n",
                family->name, form, family->name, family->name, form, family->name);
        for (size_t i = 0; i < family->message_count; i++) {
            const struct message *message = &family->messages[i];
            fprintf(file, "    case %s_%s:\n        %s_%s(&in->%s, out);\n        break;\n",
                    family->upper, message->upper, message->name, form, message->name);
        }
        fprintf(file, "    default:\n        break;\n    }\n%s}\n%s",
                json != 0 ? "    text_add(out, \"}\");\n" : "", json != 0 ? "" : "\n");
    }
    generated_close(file);
}

void emit_describe(const char *directory)
{
    emit_names(directory);
    emit_family(directory, &family_command);
    emit_family(directory, &family_event);
}

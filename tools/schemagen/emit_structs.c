/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes src/wire/native/domain.h: scalars, enumerations, reject codes; and the message structs of
 * src/wire/native/{command,event}.h.
 */
#include "tools/schemagen/tables.h"

#include <ctype.h>
#include <string.h>

static void upper_case(const char *name, char *buffer, size_t bytes)
{
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < bytes; i++) {
        buffer[i] = (char)toupper((unsigned char)name[i]);
    }
    buffer[i] = '\0';
}

static void emit_domain_head(FILE *file)
{
    fputs(" *\n"
          " * Written by tools/schemagen from schema/: do not edit. The words of the domain: "
          "scalars that do\n"
          " * not mix, closed sets, reject codes.\n"
          " *\n"
          " * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.\n"
          " */\n"
          "#ifndef DOJIMA_WIRE_NATIVE_DOMAIN_H\n"
          "#define DOJIMA_WIRE_NATIVE_DOMAIN_H\n\n"
          "#include \"base/compiler.h\"\n\n"
          "#include <stdbool.h>\n\n"
          "/* 10^-price_scale of the quote asset; PRICE_NONE = none. */\n"
          "struct price {\n    int64_t units;\n};\n"
          "#define PRICE_NONE INT64_MIN\n\n"
          "/* 10^-quantity_scale of the base asset. */\n"
          "struct quantity {\n    int64_t lots;\n};\n\n"
          "/* Client order ids and other names: `count` printable bytes, the rest zero. */\n"
          "#define TEXT36_BYTES_MAX 36\n"
          "struct text36 {\n    uint8_t count;\n    char bytes[39];\n};\n\n"
          "/* Short names, filled with zeros at the end. */\n"
          "struct chars16 {\n    char bytes[16];\n};\n\n"
          "struct bytes32 {\n    uint8_t bytes[32];\n};\n\n",
          file);
}

static void emit_domain(const char *directory)
{
    FILE *file = generated_open(directory, "src/wire/native/domain.h", GENERATED_C);
    emit_domain_head(file);
    for (size_t i = 0; i < enumeration_count; i++) {
        char upper[64];
        upper_case(enumerations[i].name, upper, sizeof upper);
        fprintf(file, "/* %s */\nenum %s {\n", enumerations[i].meaning, enumerations[i].name);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, "    %s_%s = %u, /* %s */\n", upper, values[j].name, values[j].number,
                        values[j].meaning);
            }
        }
        fprintf(file,
                "};\n/* Null if `value` is not of the set. */\nconst char *%s_name(unsigned "
                "value);\n\n",
                enumerations[i].name);
    }
    fputs("/* Why a command was refused; cause and remedy in docs/reference/rejects.md. */\nenum "
          "reject {\n"
          "    REJECT_NONE = 0,\n",
          file);
    for (size_t i = 0; i < reject_count; i++) {
        fprintf(file, "    REJECT_%s = %u,\n", rejects[i].name, rejects[i].number);
    }
    fprintf(file, "};\n#define REJECT_COUNT %zu\n", reject_count);
    fprintf(file,
            "\n/* Versions of the engine's rules that this release knows: schema/logic.def. */\n"
            "#define LOGIC_OLDEST 1u\n#define LOGIC_NEWEST %zuu\n\n",
            logic_count);
    fputs("const char *reject_name(unsigned value);\n"
          "const char *reject_cause(unsigned value);\n"
          "const char *reject_remedy(unsigned value);\n\n#endif\n",
          file);
    generated_close(file);
}

static void emit_message_struct(FILE *file, const struct family *family,
                                const struct message *message)
{
    fprintf(file, "/* %s */\nstruct %s_%s {\n", message->meaning, family->name, message->name);
    size_t count = 0;
    for (size_t i = 0; i < family->field_count; i++) {
        const struct field *field = &family->fields[i];
        if (field_belongs(field, message)) {
            char type[64];
            fprintf(file, "    %s %s; /* %s; %s */\n", field_c_type(field, type, sizeof type),
                    field->name, field->domain, field->meaning);
            count++;
        }
    }
    if (count == 0) {
        fputs("    uint8_t no_fields; /* C wants one member; never encoded */\n", file);
    }
    fputs("};\n", file);
    fprintf(
        file,
        "#define %s_%s_VERSION %u\n#define %s_%s_FIXED_BYTES %zu\n#define %s_%s_BYTES_MAX %zu\n\n",
        family->upper, message->upper, message->version, family->upper, message->upper,
        message_fixed_bytes(family, message), family->upper, message->upper,
        message_largest_bytes(family, message));
}

static void emit_family(const char *directory, const struct family *family)
{
    char path[128];
    snprintf(path, sizeof path, "src/wire/native/%s.h", family->name);
    FILE *file = generated_open(directory, path, GENERATED_C);
    fprintf(file,
            " *\n"
            " * Written by tools/schemagen from schema/%ss.def: do not edit. The %ss as structs; "
            "their bytes\n"
            " * are in %s_codec.h.\n"
            " *\n"
            " * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.\n"
            " */\n"
            "#ifndef DOJIMA_WIRE_NATIVE_%s_H\n#define DOJIMA_WIRE_NATIVE_%s_H\n\n"
            "#include \"wire/native/domain.h\"\n#include \"wire/native/header.h\"\n\n",
            family->name, family->name, family->name, family->upper, family->upper);
    fprintf(file, "enum %s_id {\n", family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        fprintf(file, "    %s_%s = %u,\n", family->upper, family->messages[i].upper,
                family->messages[i].id);
    }
    fprintf(file, "};\n#define %s_KIND_COUNT %zu\n\n", family->upper, family->message_count);
    size_t largest = 0;
    for (size_t i = 0; i < family->message_count; i++) {
        emit_message_struct(file, family, &family->messages[i]);
        size_t bytes = message_largest_bytes(family, &family->messages[i]);
        largest = bytes > largest ? bytes : largest;
    }
    fprintf(file,
            "/* Largest body of any %s, without its header. */\n#define %s_BODY_BYTES_MAX %zu\n\n",
            family->name, family->upper, largest);
    fprintf(file,
            "/* A decoded %s; `header.id` says which member is meant. */\nstruct %s {\n    struct "
            "%s_header header;\n    union {\n",
            family->name, family->name, family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        fprintf(file, "        struct %s_%s %s;\n", family->name, family->messages[i].name,
                family->messages[i].name);
    }
    fputs("    };\n};\n\n#endif\n", file);
    generated_close(file);
}

void emit_structs(const char *directory)
{
    emit_domain(directory);
    emit_family(directory, &family_command);
    emit_family(directory, &family_event);
}

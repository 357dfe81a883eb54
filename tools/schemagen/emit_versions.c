/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes src/wire/native/{command,event}_versions.c: records of every version, the older ones read
 * as the newest, and which version is written under which rules.
 */
#include "tools/schemagen/tables.h"

static void emit_old(FILE *file, const struct family *family)
{
    for (size_t i = 0; i < family->message_count; i++) {
        for (unsigned version = 1; version < family->messages[i].version; version++) {
            emit_encode(file, family, &family->messages[i], version);
            emit_decode(file, family, &family->messages[i], version);
        }
    }
}

static void emit_body_decode(FILE *file, const struct family *family)
{
    const char *n = family->name;
    fprintf(file,
            "enum status %s_body_decode(const uint8_t *in, size_t bytes, struct %s *out)\n{\n"
            "    unsigned version = out->header.version;\n"
            "    switch (out->header.id) {\n",
            n, n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    case %s_%s:\n", family->upper, m->upper);
        for (unsigned version = 1; version < m->version; version++) {
            fprintf(file,
                    "        if (version == %u) {\n            out->header.version = %u;\n"
                    "            return %s_%s_decode_v%u(in, bytes, &out->%s);\n        }\n",
                    version, m->version, n, m->name, version, m->name);
        }
        fprintf(file,
                "        return version == %u ? %s_%s_decode(in, bytes, &out->%s) : "
                "STATUS_UNSUPPORTED;\n",
                m->version, n, m->name, m->name);
    }
    fputs("    default:\n        return STATUS_UNSUPPORTED;\n    }\n}\n\n", file);
}

static void emit_encode_as(FILE *file, const struct family *family)
{
    const char *n = family->name;
    fprintf(file,
            "size_t %s_body_encode_as(uint8_t *out, const struct %s *in, unsigned version)\n{\n"
            "    switch ((unsigned)in->header.id << 8 | version) {\n",
            n, n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        for (unsigned version = 1; version < m->version; version++) {
            fprintf(file,
                    "    case %s_%s << 8 | %u:\n        return %s_%s_encode_v%u(out, &in->%s);\n",
                    family->upper, m->upper, version, n, m->name, version, m->name);
        }
    }
    fprintf(file, "    default:\n        return %s_body_encode(out, in);\n    }\n}\n\n", n);
}

/* Each version of each kind: its size, and the rules from which on it is written. */
static void emit_layouts(FILE *file, const struct family *family)
{
    unsigned versions = 1;
    for (size_t i = 0; i < family->message_count; i++) {
        unsigned version = family->messages[i].version;
        versions = version > versions ? version : versions;
    }
    fprintf(file,
            "#define VERSIONS %u\n\nstatic const struct {\n    uint16_t fixed_bytes;\n"
            "    uint8_t logic; /* 0 = no such version */\n"
            "} layouts[%s_KIND_COUNT + 1][VERSIONS] = {\n",
            versions, family->upper);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    [%s_%s] = {", family->upper, m->upper);
        for (unsigned version = 1; version <= m->version; version++) {
            fprintf(file, "%s{%zu, %u}", version == 1 ? "" : ", ",
                    message_fixed_bytes_at(family, m, version), layout_logic(family, m, version));
        }
        fputs("},\n", file);
    }
    fputs("};\n\n", file);
}

static void emit_version_at(FILE *file, const struct family *family)
{
    fprintf(file,
            "unsigned %s_version_at(unsigned id, unsigned logic)\n{\n"
            "    unsigned version = id <= %s_KIND_COUNT ? VERSIONS : 0;\n"
            "    while (version > 0 && (layouts[id][version - 1].logic == 0 ||\n"
            "                           layouts[id][version - 1].logic > logic)) {\n"
            "        version--;\n    }\n    return version;\n}\n\n",
            family->name, family->upper);
}

static void emit_version_least(FILE *file, const struct family *family)
{
    const char *n = family->name;
    fprintf(file,
            "unsigned %s_version_least(const struct %s *in)\n{\n    switch (in->header.id) {\n", n,
            n);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        if (m->version == 1) {
            continue;
        }
        fprintf(file, "    case %s_%s:\n", family->upper, m->upper);
        for (unsigned version = m->version; version > 1; version--) {
            char lead[64];
            snprintf(lead, sizeof lead, "in->%s.", m->name);
            const char *between = "        if (";
            for (size_t j = 0; j < family->field_count; j++) {
                const struct field *field = &family->fields[j];
                if (field_belongs(field, m) && field->since == version) {
                    fputs(between, file);
                    emit_before(file, field, lead, "!=", "");
                    between = " || ";
                }
            }
            fprintf(file, ") {\n            return %u;\n        }\n", version);
        }
        fputs("        return 1;\n", file);
    }
    fputs("    default:\n        return 1;\n    }\n}\n\n", file);
}

static void emit_fixed_bytes(FILE *file, const struct family *family)
{
    fprintf(file,
            "bool %s_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)\n{\n"
            "    if (id > %s_KIND_COUNT || version < 1 || version > VERSIONS ||\n"
            "        layouts[id][version - 1].logic == 0) {\n        return false;\n    }\n"
            "    *out_bytes = layouts[id][version - 1].fixed_bytes;\n    return true;\n}\n",
            family->name, family->upper);
}

static void emit_family(const char *directory, const struct family *family)
{
    char path[128];
    snprintf(path, sizeof path, "src/wire/native/%s_versions.c", family->name);
    FILE *file = generated_open(directory, path, GENERATED_C);
    fprintf(file,
            " * Written by tools/schemagen from schema/%ss.def: do not edit. */\n#include "
            "\"wire/native/%s_codec.h\"\n\n",
            family->name, family->name);
    emit_layouts(file, family);
    emit_old(file, family);
    emit_body_decode(file, family);
    emit_encode_as(file, family);
    emit_version_at(file, family);
    if (family == &family_command) {
        emit_version_least(file, family);
    }
    emit_fixed_bytes(file, family);
    generated_close(file);
}

void emit_versions(const char *directory)
{
    emit_family(directory, &family_command);
    emit_family(directory, &family_event);
}

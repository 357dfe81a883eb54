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

static void emit_version_at(FILE *file, const struct family *family)
{
    fprintf(file,
            "unsigned %s_version_at(unsigned id, unsigned logic)\n{\n    (void)logic;\n"
            "    switch (id) {\n",
            family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        fprintf(file, "    case %s_%s:\n        return ", family->upper, m->upper);
        for (unsigned version = m->version; version > 1; version--) {
            fprintf(file, "logic >= %u ? %u : ", layout_logic(family, m, version), version);
        }
        fputs("1;\n", file);
    }
    fputs("    default:\n        return 0;\n    }\n}\n\n", file);
}

static void emit_fixed_bytes(FILE *file, const struct family *family)
{
    fprintf(file,
            "bool %s_fixed_bytes(unsigned id, unsigned version, size_t *out_bytes)\n{\n"
            "    if (version > UINT8_MAX) {\n        return false;\n    }\n"
            "    switch (id << 8 | version) {\n",
            family->name);
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *m = &family->messages[i];
        for (unsigned version = 1; version <= m->version; version++) {
            fprintf(file,
                    "    case %s_%s << 8 | %u:\n        *out_bytes = %zu;\n        return true;\n",
                    family->upper, m->upper, version, message_fixed_bytes_at(family, m, version));
        }
    }
    fputs("    default:\n        return false;\n    }\n}\n", file);
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
    emit_old(file, family);
    emit_body_decode(file, family);
    emit_encode_as(file, family);
    emit_version_at(file, family);
    emit_fixed_bytes(file, family);
    generated_close(file);
}

void emit_versions(const char *directory)
{
    emit_family(directory, &family_command);
    emit_family(directory, &family_event);
}

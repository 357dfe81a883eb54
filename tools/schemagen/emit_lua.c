/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes tools/wireshark/dojima_tables.lua: every layout of OUCH, ITCH and the native protocol as
 * Lua tables, which tools/wireshark/dojima.lua turns into dissectors.
 */
#include "tools/schemagen/tables.h"
#include "tools/schemagen/wire_tables.h"

#include "src/wire/native/sbe_frame.h"

#include <string.h>

/* One letter as a Lua key, or one number. */
static void emit_key(FILE *file, unsigned value)
{
    if (value > ' ' && value < 0x7f) {
        fprintf(file, "[\"%c\"]", (int)value);
    } else {
        fprintf(file, "[%u]", value);
    }
}

/* Messages of one direction of a table of rows. */
static void emit_rows(FILE *file, const struct wire_row *rows, size_t count, const char *direction)
{
    bool wanted = false;
    bool open = false;
    for (size_t i = 0; i < count; i++) {
        const struct wire_row *row = &rows[i];
        if (row->letter != 0) {
            fputs(open ? "    } },\n" : "", file);
            wanted = strcmp(row->direction, direction) == 0;
            open = wanted;
            if (wanted) {
                fprintf(file,
                        "    [\"%c\"] = { name = \"%s\", bytes = %u, appendage = \"%s\", fields = "
                        "{\n",
                        row->letter, row->name, row->bytes, row->rule);
            }
        } else if (wanted) {
            fprintf(file, "      { name = \"%s\", offset = %u, bytes = %u, kind = \"%s\"",
                    row->name, row->offset, row->bytes, row->kind);
            if (row->set != NULL) {
                fprintf(file, ", set = \"%s\"", row->set);
            }
            fputs(" },\n", file);
        }
    }
    fputs(open ? "    } },\n" : "", file);
}

static void emit_sets(FILE *file)
{
    fputs("  sets = {\n", file);
    for (size_t i = 0; i < ouch_set_count; i++) {
        fprintf(file, "    %s = {\n", ouch_sets[i].name);
        bool letters = strcmp(ouch_sets[i].name, "reject") != 0;
        for (size_t j = 0; j < ouch_value_count; j++) {
            if (strcmp(ouch_values[j].set, ouch_sets[i].name) != 0) {
                continue;
            }
            fputs("      ", file);
            if (letters) {
                emit_key(file, ouch_values[j].value);
            } else {
                fprintf(file, "[%u]", ouch_values[j].value);
            }
            fprintf(file, " = \"%s\",\n", ouch_values[j].meaning);
        }
        fputs("    },\n", file);
    }
    fputs("  },\n  tags = {\n", file);
    for (size_t i = 0; i < ouch_tag_count; i++) {
        fprintf(file, "    [%u] = { name = \"%s\", kind = \"%s\", bytes = %u },\n",
                ouch_tags[i].number, ouch_tags[i].name, ouch_tags[i].kind, ouch_tags[i].bytes);
    }
    fputs("  },\n", file);
}

static void emit_family(FILE *file, const struct family *family, unsigned template_base,
                        unsigned prefix_bytes)
{
    for (size_t i = 0; i < family->message_count; i++) {
        const struct message *message = &family->messages[i];
        fprintf(file,
                "    [%u] = { name = \"%s\", family = \"%s\", version = %u, block = %zu, fields = "
                "{\n",
                template_base + message->id, message->name, family->name, message->version,
                prefix_bytes + message_fixed_bytes(family, message));
        for (size_t j = 0; j < family->field_count; j++) {
            const struct field *field = &family->fields[j];
            if (!field_belongs(field, message)) {
                continue;
            }
            fprintf(file, "      { name = \"%s\", kind = \"%s\", bytes = %zu", field->name,
                    field_type_name(field->type), field_bytes(field));
            if (field->type == FIELD_ENUM || strcmp(field->domain, "reject") == 0) {
                fprintf(file, ", set = \"%s\"", field->domain);
            }
            fputs(" },\n", file);
        }
        fputs("    } },\n", file);
    }
}

static void emit_enumerations(FILE *file)
{
    fputs("  enumerations = {\n", file);
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file, "    %s = {", enumerations[i].name);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                fprintf(file, " [%u] = \"%s\",", values[j].number, values[j].name);
            }
        }
        fputs(" },\n", file);
    }
    fputs("    reject = {\n", file);
    for (size_t i = 0; i < reject_count; i++) {
        fprintf(file, "      [%u] = \"%s\",\n", rejects[i].number, rejects[i].name);
    }
    fputs("    },\n  },\n", file);
}

void emit_lua(const char *directory)
{
    FILE *file = generated_open(directory, "tools/wireshark/dojima_tables.lua", GENERATED_BYTES);
    fputs("-- SPDX-License-Identifier: Apache-2.0\n"
          "-- Written by tools/schemagen from schema/*.def and src/wire/*/*.def: do not edit.\n"
          "-- What tools/wireshark/dojima.lua dissects.\n"
          "return {\n  ouch_in = {\n",
          file);
    emit_rows(file, ouch_rows, ouch_row_count, "IN");
    fputs("  },\n  ouch_out = {\n", file);
    emit_rows(file, ouch_rows, ouch_row_count, "OUT");
    fputs("  },\n  itch = {\n", file);
    emit_rows(file, itch_rows, itch_row_count, "");
    fputs("  },\n", file);
    emit_sets(file);
    fprintf(file, "  schema_id = %u,\n  not_sequenced = %u,\n  native = {\n", SBE_SCHEMA_ID,
            SBE_NOT_SEQUENCED_TEMPLATE);
    emit_family(file, &family_command, 0, SBE_COMMAND_PREFIX_BYTES);
    emit_family(file, &family_event, SBE_EVENT_TEMPLATE, SBE_EVENT_PREFIX_BYTES);
    fputs("  },\n", file);
    emit_enumerations(file);
    fputs("}\n", file);
    generated_close(file);
}

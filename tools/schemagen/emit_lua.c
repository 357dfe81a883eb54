/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes tools/wireshark/dojima_tables.lua: every layout of OUCH, ITCH and the native protocol as
 * Lua tables, which tools/wireshark/dojima.lua turns into dissectors.
 */
#include "tools/schemagen/tables.h"
#include "tools/schemagen/wire_tables.h"

#include "base/assert.h"
#include "base/compiler.h"
#include "src/wire/native/sbe_frame.h"

#include <stdarg.h>
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

/* Items behind one another as far as a line goes: the file stays under the limit of every file. */
#define LINE_COLUMNS 100u
#define ITEM_BYTES   160u

struct lua_line {
    FILE *file;
    size_t used; /* 0: the next item begins a line */
};

PRINTF_LIKE(2, 3)
static void put_item(struct lua_line *line, const char *format, ...)
{
    char item[ITEM_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(item, sizeof item, format, arguments);
    va_end(arguments);
    ASSERT(length > 0 && (size_t)length < sizeof item);
    if (line->used != 0 && line->used + 1 + (size_t)length > LINE_COLUMNS) {
        fputc('\n', line->file);
        line->used = 0;
    }
    line->used += (size_t)fprintf(line->file, "%s%s", line->used == 0 ? "      " : " ", item);
}

static void end_line(struct lua_line *line)
{
    fputs(line->used != 0 ? "\n" : "", line->file);
    line->used = 0;
}

/* Messages of one direction of a table of rows. */
static void emit_rows(FILE *file, const struct wire_row *rows, size_t count, const char *direction)
{
    bool wanted = false;
    bool open = false;
    struct lua_line line = {file, 0};
    for (size_t i = 0; i < count; i++) {
        const struct wire_row *row = &rows[i];
        if (row->letter != 0) {
            end_line(&line);
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
            bool closed = row->set != NULL;
            put_item(&line, "at(\"%s\", %u, %u, \"%s\"%s%s%s),", row->name, row->offset, row->bytes,
                     row->kind, closed ? ", \"" : "", closed ? row->set : "", closed ? "\"" : "");
        }
    }
    end_line(&line);
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
        struct lua_line line = {file, 0};
        fprintf(file, "    [%u] = { name = \"%s\", family = \"%s\", blocks = {",
                template_base + message->id, message->name, family->name);
        for (unsigned version = 1; version <= message->version; version++) {
            fprintf(file, "%s%zu", version == 1 ? " " : ", ",
                    prefix_bytes + message_fixed_bytes_at(family, message, version));
        }
        fputs(" }, fields = {\n", file);
        for (size_t j = 0; j < family->field_count; j++) {
            const struct field *field = &family->fields[j];
            if (!field_belongs(field, message)) {
                continue;
            }
            bool closed = field->type == FIELD_ENUM || strcmp(field->domain, "reject") == 0;
            char since[32] = "";
            if (field->since > 1) {
                snprintf(since, sizeof since, "%s, %u", closed ? "" : ", nil", field->since);
            }
            put_item(&line, "of(\"%s\", \"%s\", %zu%s%s%s%s),", field->name,
                     field_type_name(field->type), field_bytes(field), closed ? ", \"" : "",
                     closed ? field->domain : "", closed ? "\"" : "", since);
        }
        end_line(&line);
        fputs("    } },\n", file);
    }
}

static void emit_enumerations(FILE *file)
{
    struct lua_line line = {file, 0};
    fputs("  enumerations = {\n", file);
    for (size_t i = 0; i < enumeration_count; i++) {
        fprintf(file, "    %s = {\n", enumerations[i].name);
        for (size_t j = 0; j < value_count; j++) {
            if (strcmp(values[j].enumeration, enumerations[i].name) == 0) {
                put_item(&line, "[%u] = \"%s\",", values[j].number, values[j].name);
            }
        }
        end_line(&line);
        fputs("    },\n", file);
    }
    fputs("    reject = {\n", file);
    for (size_t i = 0; i < reject_count; i++) {
        put_item(&line, "[%u] = \"%s\",", rejects[i].number, rejects[i].name);
    }
    end_line(&line);
    fputs("    },\n  },\n", file);
}

void emit_lua(const char *directory)
{
    FILE *file = generated_open(directory, "tools/wireshark/dojima_tables.lua", GENERATED_BYTES);
    fputs("-- SPDX-License-Identifier: Apache-2.0\n"
          "-- Written by tools/schemagen from schema/*.def and src/wire/*/*.def: do not edit.\n"
          "-- What tools/wireshark/dojima.lua dissects.\n"
          "local function at(name, offset, bytes, kind, set)\n"
          "  return { name = name, offset = offset, bytes = bytes, kind = kind, set = set }\n"
          "end\n"
          "local function of(name, kind, bytes, set, since)\n"
          "  return { name = name, kind = kind, bytes = bytes, set = set, since = since or 1 }\n"
          "end\n"
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
